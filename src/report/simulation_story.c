/* simulation.md and simulation.html: what was simulated, how often each test rejected, and how to make it again. */
#include "report/simulation.h"

#include "command_story.h"

#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct story {
  command_story base;
  const json_t *simulation; /* borrowed from its root */
  simulation_design designs[SIMULATION_MAX_DESIGNS];
  size_t n_designs;
  aft_table *rows; /* [n_designs] of size.csv over the first window */
  double level, replications;
  aft_fact_window window;
} story;

static bool read_story(story *s, GError **error) {
  if (!command_story_read(&s->base, "simulation.json", error)) return false;
  s->simulation = json_object_get(s->base.root, "simulation");
  s->level = chart_json_number(s->simulation, "level");
  s->replications = chart_json_number(s->simulation, "replications");
  if (!(s->level > 0 && s->level < 1 && s->replications >= 1)) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER,
                "%s/simulation.json: not a simulation; simulate again", s->base.folder);
    return false;
  }
  simulation_first_window(s->base.root, &s->window.first, &s->window.last);
  s->n_designs = simulation_read_designs(s->base.root, s->designs);
  s->rows = g_new0(aft_table, MAX(s->n_designs, 1));
  for (size_t d = 0; d < s->n_designs; d++)
    if (!simulation_read_rows(&s->rows[d], s->base.folder, s->base.root, s->designs[d].name, error)) return false;
  return true;
}

static void clear_story(story *s) {
  for (size_t d = 0; d < s->n_designs; d++) aft_table_clear(&s->rows[d]);
  g_free(s->rows);
  command_story_clear(&s->base);
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(
      line,
      "How often does each test reject on this study's own data, when nothing happened and when something did? Each of "
      "%s draws events at random from %s and %s of the study, fits its first model to them and makes every test as the study "
      "does. Without an effect a test at the %s level should reject in %s of the replications.",
      aft_words_noun(words, s->replications, "replication", "replications"),
      aft_words_noun(words, chart_json_number(s->simulation, "securities"), "security", "securities"),
      aft_words_noun(words, chart_json_number(s->simulation, "sessions"), "session", "sessions"),
      aft_words_percent(words, s->level), aft_words_percent(words, s->level));
}

static void tell_designs(story *s) {
  aft_block *list = aft_document_add_list(s->base.document);
  for (size_t d = 0; d < s->n_designs; d++) {
    const simulation_design *design = &s->designs[d];
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, design->name);
    aft_line_say(line, ": %s on %s", aft_words_noun(&s->base.words, design->n_events, "event", "events"),
                 design->one_date ? "one session drawn anew in each replication, of different securities"
                                  : "securities and sessions drawn one by one");
    if (design->variance != 1)
      aft_line_say(
          line,
          "; the abnormal returns of the event window are multiplied by %s, so that their variance is %s times as large",
          aft_words_fixed(&s->base.words, sqrt(design->variance), 4),
          aft_words_fixed(&s->base.words, design->variance, 2));
    if (design->shift != 0)
      aft_line_say(line, "; %s is added to the abnormal return of day 0, and what is counted is power",
                   aft_words_signed_percent(&s->base.words, design->shift));
    aft_line_say(line, ".");
  }
}

static void tell_finding(story *s) {
  aft_words *words = &s->base.words;
  for (size_t d = 0; d < s->n_designs; d++) {
    if (s->designs[d].shift != 0) continue;
    const aft_table *rows = &s->rows[d];
    g_autoptr(GPtrArray) high = g_ptr_array_new();
    for (size_t row = 0; row < rows->n_rows; row++)
      if (aft_simulation_is_too_high(aft_facts_number(rows, row, "rate"), s->level))
        g_ptr_array_add(high, (gpointer)(guintptr)aft_facts_text(rows, row, "test"));
    aft_line *line = aft_document_add_paragraph(s->base.document);
    aft_line_say(line, "Over %s, under ", aft_words_window(words, s->window));
    aft_line_code(line, s->designs[d].name);
    aft_line_say(line, ", %s of the %s more than %s of the time%s%s.",
                 high->len == 0 ? "none" : aft_words_count(words, high->len),
                 aft_words_format(words, "%zu tests %s", rows->n_rows, high->len == 1 ? "rejects" : "reject"),
                 aft_words_percent(words, 1.4 * s->level), high->len == 0 ? "" : ": ",
                 high->len == 0 ? "" : aft_words_join(words, high, 40));
  }
}

static void add_rate(story *s, aft_grid *grid, const aft_table *rows, size_t row) {
  if (row == rows->n_rows) {
    aft_grid_add(grid, AFT_NO_VALUE);
    return;
  }
  aft_grid_add(
      grid, aft_words_format(&s->base.words, "%s \xC2\xB1 %s",
                             aft_words_fixed(&s->base.words, 100 * aft_facts_number(rows, row, "rate"), 1),
                             aft_words_fixed(&s->base.words, 100 * aft_facts_number(rows, row, "monte_carlo_se"), 1)));
}

/* Every test that is defined under some design, in the order of the tables. */
static GPtrArray *list_tests(const story *s) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (size_t d = 0; d < s->n_designs; d++)
    for (size_t row = 0; row < s->rows[d].n_rows; row++) {
      int index = chart_names_index(names, aft_facts_text(&s->rows[d], row, "test"));
      g_assert(index >= 0);
    }
  return names;
}

static void tell_rates(story *s) {
  aft_words *words = &s->base.words;
  g_autoptr(GPtrArray) names = list_tests(s);
  aft_grid *grid = aft_grid_new(
      "size",
      aft_words_format(words, "Rejections over %s at the %s level, percent of the replications, with Monte Carlo error",
                       aft_words_window(words, s->window), aft_words_percent(words, s->level)));
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  for (size_t d = 0; d < s->n_designs; d++) {
    g_autofree char *title = simulation_design_title(&s->designs[d], ", ");
    aft_grid_add_column(grid, title, AFT_COLUMN_NUMBER);
  }
  for (guint i = 0; i < names->len; i++) {
    static const char *const columns[] = {"test"};
    const char *values[] = {g_ptr_array_index(names, i)};
    aft_grid_add(grid, values[0]);
    for (size_t d = 0; d < s->n_designs; d++)
      add_rate(s, grid, &s->rows[d], aft_facts_find_row(&s->rows[d], 0, 1, columns, values));
  }
  aft_grid_add_note(
      grid,
      "The error is that of drawing; all replications share one panel, and what is peculiar to it is in every rate. "
      "A replication in which a test was undefined does not count; " AFT_NO_VALUE ": it never was defined.");
  aft_grid_add_note(grid, "Resampling tests used %s replicates.",
                    aft_words_count(words, chart_json_number(s->simulation, "replicates")));
  aft_document_add_grid(s->base.document, grid);
}

static void tell_chart(story *s) {
  g_autofree char *path = g_build_filename(s->base.folder, "charts", "size.png", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_figure(s->base.document, "charts/size.png", CHART_WIDTH, CHART_HEIGHT,
                                           "Rejection rate of each test under each design, against the nominal level");
  aft_line_say(
      line,
      "A dot is a rate with its 95 %% limits; the dashed line is the nominal level, the band what chance alone does around it.");
}

static void tell_again(story *s) {
  aft_words *words = &s->base.words;
  g_autoptr(GString) list = g_string_new(NULL);
  double n_events = 0;
  for (size_t d = 0; d < s->n_designs; d++) {
    g_string_append_printf(list, "%s%s", d > 0 ? "," : "", s->designs[d].name);
    n_events = fmax(n_events, s->designs[d].n_events);
  }
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "All windows are in ");
  aft_line_code(line, "size.csv");
  aft_line_say(line, ". The same command gives the same bytes, with any number of threads:");
  aft_block *commands = aft_document_add_commands(s->base.document);
  const char *path = chart_json_text(json_object_get(s->base.root, "study_file"), "path");
  aft_line_say(
      aft_block_add_item(commands), "aftershock simulate %s --replications %.0f --n %.0f --seed %.0f --design %s",
      aft_words_shell(words, path), s->replications, n_events, chart_json_number(s->simulation, "seed"), list->str);
}

bool aft_simulation_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    command_story_begin(&s.base, "Size and power");
    tell_question(&s);
    tell_designs(&s);
    tell_finding(&s);
    tell_rates(&s);
    tell_chart(&s);
    command_story_tell_warnings(&s.base);
    tell_again(&s);
    ok = command_story_write(&s.base, "simulation", error);
  }
  clear_story(&s);
  return ok;
}
