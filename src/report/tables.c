/* The folder tables/: every main table as Markdown and as LaTeX. */
#include <aftershock/report/report.h>

#include "latex.h"
#include "markdown.h"
#include "story.h"

#include <aftershock/base/file.h>
#include <errno.h>
#include <glib/gstdio.h>

#include <aftershock/base/banned.h>

static bool write_named(const char *folder, const char *name, const char *ending, const GString *text, GError **error) {
  g_autofree char *file = g_strconcat(name, ending, NULL);
  g_autofree char *path = g_build_filename(folder, "tables", file, NULL);
  return aft_file_write(path, text->str, text->len, error);
}

/* Writes NAME.md and NAME.tex; a table without a row is not written. */
static bool write_grid(const char *folder, const aft_grid *grid, GError **error) {
  if (aft_grid_n_rows(grid) == 0) return true;
  g_autoptr(GString) markdown = g_string_new(NULL), latex = g_string_new(NULL);
  aft_markdown_print_grid(grid, "", markdown);
  aft_latex_print_grid(grid, latex);
  return write_named(folder, grid->name, ".md", markdown, error) &&
         write_named(folder, grid->name, ".tex", latex, error);
}

static bool write_grids(aft_story *story, const char *folder, GError **error) {
  g_autoptr(GPtrArray) grids = g_ptr_array_new_with_free_func((GDestroyNotify)aft_grid_free);
  g_ptr_array_add(grids, aft_story_grid_alignment(story, 0));
  g_ptr_array_add(grids, aft_story_grid_articles(story, 0));
  g_ptr_array_add(grids, aft_story_grid_uncertain(story, 0));
  g_ptr_array_add(grids, aft_story_grid_fits(story));
  if (aft_story_has_focus(story)) g_ptr_array_add(grids, aft_story_grid_focus(story));
  g_ptr_array_add(grids, aft_story_grid_securities(story, 0));
  g_ptr_array_add(grids, aft_story_grid_car(story));
  g_ptr_array_add(grids, aft_story_grid_caar(story));
  if (aft_story_has_pair(story)) g_ptr_array_add(grids, aft_story_grid_pair(story));
  g_ptr_array_add(grids, aft_story_grid_headline_tests(story));
  g_ptr_array_add(grids, aft_story_grid_tests(story));
  g_ptr_array_add(grids, aft_story_grid_groups(story));
  g_ptr_array_add(grids, aft_story_grid_calendar_time(story));
  g_ptr_array_add(grids, aft_story_grid_synthetic(story));
  g_ptr_array_add(grids, aft_story_grid_compat(story));
  g_ptr_array_add(grids, aft_story_grid_regressions(story));
  g_ptr_array_add(grids, aft_story_grid_regression_fits(story));
  g_ptr_array_add(grids, aft_story_grid_volume(story));
  g_ptr_array_add(grids, aft_story_grid_candidates(story, false));
  g_ptr_array_add(grids, aft_story_grid_moves(story));
  g_ptr_array_add(grids, aft_story_grid_size_card(story, false));
  for (guint i = 0; i < grids->len; i++)
    if (!write_grid(folder, g_ptr_array_index(grids, i), error)) return false;
  return true;
}

bool aft_tables_write(const char *folder, GError **error) {
  aft_facts facts = {0};
  if (!aft_facts_read(&facts, folder, error)) return false;
  g_autofree char *tables = g_build_filename(folder, "tables", NULL);
  bool is_written = false;
  if (g_mkdir(tables, 0777) != 0 && errno != EEXIST) { /* not with parents: a folder that Ctrl-C took away stays away */
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: %s", tables, g_strerror(errno));
  } else {
    aft_story story;
    aft_story_init(&story, &facts, folder);
    is_written = write_grids(&story, folder, error);
    aft_story_clear(&story);
  }
  aft_facts_clear(&facts);
  return is_written;
}
