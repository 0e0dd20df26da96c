/*
 * Draws the charts of a result folder: one TSV per chart written here, one fixed gnuplot script per chart in plots/.
 * gnuplot runs shell commands found in backquotes and in file names that begin with '<', so it never sees foreign text
 * but in the TSV files: its arguments and scripts are ours, and it works inside the charts folder with fixed file
 * names.
 */
#include "report/chart.h"

#include <glib/gstdio.h>
#include <string.h>

#include <aftershock/base/file.h>
#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/base/process.h>
#include <aftershock/base/resource.h>
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum { TIME_LIMIT_MS = 60000, MAX_IMAGE_BYTES = 256 << 20 };

struct chart_kind {
  const char *name; /* of the files and of plots/NAME.gp */
  chart_builder build;
  bool needs_focus; /* an event that is used */
};

static const struct chart_kind kinds[] = {
    {"price", chart_price_build, true},       {"abnormal", chart_abnormal_build, true},
    {"car", chart_car_build, true},           {"caar", chart_caar_build, true},
    {"fit", chart_fit_build, true},           {"forest", chart_forest_build, true},
    {"timeline", chart_timeline_build, true}, {"moves", chart_moves_build, false},
};

struct image_format {
  const char *name;
  const char *signature;
  size_t signature_bytes;
};

static const struct image_format formats[] = {
    {"png", "\x89PNG\r\n\x1a\n", 8}, {"svg", "<?xml", 5}, {"pdf", "%PDF-", 5}};

/* One image to draw; error is set when that failed. */
struct drawing {
  const char *chart;
  const struct image_format *format;
  const char *scripts, *folder; /* plots/, and where the charts are drafted */
  GError *error;
};

/* Whether a list of the study, or its one text, holds a word; "all" holds every word; without a list: by_default. */
static bool is_asked(const json_t *list, const char *word, bool by_default) {
  if (list == NULL || json_is_null(list)) return by_default;
  if (json_is_string(list))
    return strcmp(json_string_value(list), "all") == 0 || strcmp(json_string_value(list), word) == 0;
  for (size_t i = 0; i < json_array_size(list); i++) {
    const char *item = json_string_value(json_array_get(list, i));
    if (item != NULL && (strcmp(item, word) == 0 || strcmp(item, "all") == 0)) return true;
  }
  return false;
}

/* cairo stamps a PDF with the time of drawing; the same folder must give the same bytes, so the digits become zeros. */
static void fix_pdf_date(char *bytes, size_t size) {
  static const char key[] = "/CreationDate (D:";
  for (size_t at = 0; at + sizeof key - 1 < size; at++) {
    if (bytes[at] != '/' || memcmp(bytes + at, key, sizeof key - 1) != 0) continue;
    static const char date[] = "19700101000000";
    size_t from = at + sizeof key - 1;
    for (size_t i = 0; i < sizeof date - 1 && from + i < size && g_ascii_isdigit(bytes[from + i]); i++)
      bytes[from + i] = date[i];
    return;
  }
}

/* Accepts what gnuplot drew only with the signature of its format, and moves it to its name. */
static bool accept_image(const struct drawing *drawing, const char *partial, const char *final, GError **error) {
  g_autofree char *bytes = NULL;
  size_t size = 0;
  if (!aft_file_read(partial, MAX_IMAGE_BYTES, &bytes, &size, error)) return false;
  const struct image_format *format = drawing->format;
  if (size <= format->signature_bytes || memcmp(bytes, format->signature, format->signature_bytes) != 0)
    return chart_fail(error, "gnuplot wrote %zu bytes that are no %s; is gnuplot-nox complete?", size, format->name);
  if (strcmp(format->name, "pdf") == 0) fix_pdf_date(bytes, size);
  return aft_file_write(final, bytes, size, error);
}

static bool draw(const struct drawing *drawing, GError **error) {
  g_autofree char *choice = g_strdup_printf("format='%s'; name='%s'", drawing->format->name, drawing->chart);
  g_autofree char *style = g_build_filename(drawing->scripts, "style.gp", NULL);
  g_autofree char *script = g_strdup_printf("%s/%s.gp", drawing->scripts, drawing->chart);
  g_autofree char *partial =
      g_strdup_printf("%s/%s.partial.%s", drawing->folder, drawing->chart, drawing->format->name);
  g_autofree char *final = g_strdup_printf("%s/%s.%s", drawing->folder, drawing->chart, drawing->format->name);
  const char *argv[] = {"gnuplot", "-d", "-e", choice, style, script, NULL};
  const char *environment[] = {"LC_ALL=C.UTF-8", "TZ=UTC0", "SOURCE_DATE_EPOCH=0", "GNUPLOT_LIB=", NULL};
  g_remove(partial); /* a link left there must not lead the drawing elsewhere */
  bool done = aft_process_run(argv, drawing->folder, environment, TIME_LIMIT_MS, NULL, error) &&
              accept_image(drawing, partial, final, error);
  g_remove(partial);
  return done;
}

/* What the workers share. */
struct drawing_loop {
  GArray *drawings; /* of struct drawing */
  aft_progress progress;
};

static void draw_range(size_t first, size_t last, unsigned worker, void *data) {
  struct drawing_loop *loop = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    struct drawing *drawing = &g_array_index(loop->drawings, struct drawing, i);
    if (!draw(drawing, &drawing->error)) g_assert(drawing->error != NULL);
    aft_progress_add(&loop->progress, 1);
  }
}

/* Draws all, several at once; the warnings come in the order of the table. */
static void draw_all(GArray *drawings, aft_warnings *warnings) {
  if (drawings->len == 0) return;
  if (!aft_process_exists("gnuplot")) {
    aft_warnings_add(warnings, "charts not drawn: gnuplot is not installed (Debian: apt-get install gnuplot-nox; then: "
                               "aftershock report DIR)");
    return;
  }
  g_autoptr(GError) missing = NULL;
  g_autofree char *found = aft_resource_find("plots", &missing);
  if (found == NULL) {
    aft_warnings_add(warnings, "charts not drawn: %s", missing->message);
    return;
  }
  g_autofree char *scripts = g_canonicalize_filename(found, NULL); /* gnuplot works in another folder */
  for (guint i = 0; i < drawings->len; i++) g_array_index(drawings, struct drawing, i).scripts = scripts;
  struct drawing_loop loop = {.drawings = drawings};
  aft_progress_begin(&loop.progress, "charts", drawings->len);
  aft_parallel_for(drawings->len, 0, draw_range, &loop);
  aft_progress_end(&loop.progress);
  for (guint i = 0; i < drawings->len; i++) {
    struct drawing *drawing = &g_array_index(drawings, struct drawing, i);
    if (drawing->error == NULL) continue;
    aft_warnings_add(warnings, "chart %s.%s not drawn: %s", drawing->chart, drawing->format->name,
                     drawing->error->message);
    g_clear_error(&drawing->error);
  }
}

/* Writes the TSV of one chart and queues its images. */
static bool prepare(const struct chart_kind *kind, const chart_source *source, const char *folder, GArray *drawings,
                    aft_warnings *warnings, GError **error) {
  g_autoptr(GString) tsv = g_string_new(NULL);
  g_autoptr(GError) problem = NULL;
  if (!kind->build(source, tsv, &problem)) {
    if (!g_error_matches(problem, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING))
      aft_warnings_add(warnings, "chart %s left out: %s", kind->name, problem->message);
    return true;
  }
  g_autofree char *path = g_strdup_printf("%s/%s.tsv", folder, kind->name);
  if (!aft_file_write(path, tsv->str, tsv->len, error)) return false;
  const json_t *asked = json_object_get(json_object_get(source->root, "study"), "formats");
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    struct drawing drawing = {.chart = kind->name, .format = &formats[i], .folder = folder};
    if (is_asked(asked, formats[i].name, i == 0)) g_array_append_val(drawings, drawing);
  }
  return true;
}

/* The files of all charts of a table: what an earlier report left is replaced or removed, other files stay. */
static GPtrArray *list_files(const struct chart_kind *table, size_t n) {
  static const char *const endings[] = {"tsv", "png", "svg", "pdf"};
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < G_N_ELEMENTS(endings); k++)
      g_ptr_array_add(names, g_strdup_printf("%s.%s", table[i].name, endings[k]));
  g_ptr_array_add(names, NULL);
  return names;
}

/* Draws in a folder beside charts/ and puts all in place at the end, so that an interrupt leaves what was there. */
static bool write_charts(const struct chart_kind *table, size_t n, const chart_source *source, const json_t *asked,
                         aft_warnings *warnings, GError **error) {
  g_autofree char *charts = g_build_filename(source->folder, "charts", NULL);
  g_autoptr(GPtrArray) names = list_files(table, n);
  const aft_folder_form form = {.names = (const char *const *)names->pdata};
  g_autoptr(GArray) drawings = g_array_new(FALSE, TRUE, sizeof(struct drawing));
  aft_folder_draft draft = {.path = NULL};
  if (!aft_folder_draft_begin(&draft, charts, &form, error)) return false;
  bool ok = true;
  for (size_t i = 0; ok && i < n; i++)
    if (is_asked(asked, table[i].name, true) && (!table[i].needs_focus || chart_source_has_focus(source)))
      ok = prepare(&table[i], source, draft.path, drawings, warnings, error);
  if (ok) draw_all(drawings, warnings);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

/* The charts of a folder that is no result; name: its JSON file. */
static bool write_other(const struct chart_kind *kinds_of, size_t n, const char *folder, const char *name,
                        aft_warnings *warnings, GError **error) {
  chart_source source;
  if (!chart_source_read_other(&source, folder, name, error)) return false;
  bool ok = write_charts(kinds_of, n, &source, NULL, warnings, error);
  chart_source_clear(&source);
  return ok;
}

bool chart_simulation_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind kind = {"size", chart_size_build, false};
  return write_other(&kind, 1, folder, "simulation.json", warnings, error);
}

bool chart_claims_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind kind = {"value", chart_value_build, false};
  return write_other(&kind, 1, folder, "claims.json", warnings, error);
}

bool chart_case_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind kind = {"placebo", chart_placebo_build, false};
  return write_other(&kind, 1, folder, "case.json", warnings, error);
}

bool chart_robust_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind kind = {"specification", chart_specification_build, false};
  return write_other(&kind, 1, folder, "robust.json", warnings, error);
}

bool chart_scan_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind kind = {"moves", chart_moves_build, false};
  return write_other(&kind, 1, folder, "scan.json", warnings, error);
}

bool chart_correlate_write(const char *folder, aft_warnings *warnings, GError **error) {
  static const struct chart_kind both[] = {{"attention", chart_attention_build, false},
                                           {"correlogram", chart_correlogram_build, false}};
  return write_other(both, G_N_ELEMENTS(both), folder, "correlate.json", warnings, error);
}

bool aft_charts_write(const char *folder, aft_warnings *warnings, GError **error) {
  chart_source source;
  if (!chart_source_read(&source, folder, error)) return false;
  const json_t *asked = json_object_get(json_object_get(source.root, "study"), "charts");
  if (!chart_source_has_focus(&source))
    aft_warnings_add(warnings, "charts left out: no event was used, so there is none to tell about; see events.csv");
  bool ok = write_charts(kinds, G_N_ELEMENTS(kinds), &source, asked, warnings, error);
  chart_source_clear(&source);
  return ok;
}
