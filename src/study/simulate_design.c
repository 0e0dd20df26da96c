/* The designs of a simulation, from the words of a command line. */
#include "simulate_internal.h"

#include <aftershock/base/text.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define MAX_VARIANCE 1000
enum { MAX_DESIGNS = 100 };

static const char *const terms[] = {"null", "clustered", "variance", "shift", NULL};

static void clear_design(void *data) { g_free(((aft_design *)data)->name); }

GArray *simulate_designs_new(void) {
  GArray *designs = g_array_new(FALSE, TRUE, sizeof(aft_design));
  g_array_set_clear_func(designs, clear_design);
  return designs;
}

static bool fail(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool fail(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG, message);
  return false;
}

static bool fail_term(const char *term, GError **error) {
  const char *closest = aft_text_find_closest(term, terms);
  if (closest != NULL) return fail(error, "\"%s\" is not a design (did you mean \"%s\"?)", term, closest);
  return fail(
      error, "\"%s\" is not a design (known: null, clustered, variance:C, shift:D, and sums like clustered+variance:2)",
      term);
}

/* One term of a design: "clustered", "variance:2", "shift:0.01". */
static bool read_term(aft_design *design, const char *term, GError **error) {
  const char *colon = strchr(term, ':');
  g_autofree char *word = colon == NULL ? g_strdup(term) : g_strndup(term, (gsize)(colon - term));
  double value = (double)NAN;
  bool has_value = colon != NULL && aft_number_parse(colon + 1, strlen(colon + 1), &value);
  if (strcmp(term, "null") == 0) return true;
  if (strcmp(term, "clustered") == 0) {
    design->one_date = true;
    return true;
  }
  if (strcmp(word, "variance") == 0) {
    if (!has_value || !(value > 0 && value <= MAX_VARIANCE))
      return fail(error, "\"%s\": say by what factor the variance grows, above 0 and at most %d, e.g. variance:2", term,
                  MAX_VARIANCE);
    design->variance *= value;
    return true;
  }
  if (strcmp(word, "shift") == 0) {
    if (!has_value || !(fabs(value) <= 1))
      return fail(error,
                  "\"%s\": say how large the abnormal return of day 0 is, as a fraction from -1 to 1, e.g. shift:0.01",
                  term);
    design->shift += value;
    return true;
  }
  return fail_term(term, error);
}

static bool add_design(GArray *designs, const char *text, GError **error) {
  aft_design design = {.variance = 1};
  g_auto(GStrv) parts = g_strsplit(text, "+", -1);
  for (char **part = parts; *part != NULL; part++)
    if (!read_term(&design, *part, error)) return false;
  if (parts[0] == NULL) return fail_term(text, error);
  for (guint i = 0; i < designs->len; i++)
    if (strcmp(g_array_index(designs, aft_design, i).name, text) == 0)
      return fail(error, "the design \"%s\" stands twice", text);
  if (designs->len == MAX_DESIGNS) return fail(error, "more than %d designs", MAX_DESIGNS);
  g_array_append_val(designs, design);
  g_array_index(designs, aft_design, designs->len - 1).name = g_strdup(text);
  return true;
}

GArray *aft_designs_parse(const char *list, GError **error) {
  static const char *const shifts[] = {"shift:0.005", "shift:0.01", "shift:0.02"};
  g_autoptr(GArray) designs = simulate_designs_new();
  g_auto(GStrv) items = g_strsplit(list, ",", -1);
  bool ok = true;
  for (char **item = items; ok && *item != NULL; item++) {
    const char *text = g_strstrip(*item);
    if (strcmp(text, "shift") == 0)
      for (size_t i = 0; ok && i < G_N_ELEMENTS(shifts); i++) ok = add_design(designs, shifts[i], error);
    else
      ok = add_design(designs, strcmp(text, "variance") == 0 ? "variance:2" : text, error);
  }
  if (ok && designs->len == 0) ok = fail_term(list, error);
  return ok ? g_steal_pointer(&designs) : NULL;
}
