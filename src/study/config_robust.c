/* The key `robust` of the study file: the choices of a specification curve. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_PAIRS = 1000, MAX_PLACEBOS = 5000, DEFAULT_PLACEBOS = 999 };

static const char *const return_names[] = {"simple", "log", NULL};
static const char *const alignment_names[] = {"used", "other", "candidates", NULL};

const char *const *aft_config_alignment_names(void) { return alignment_names; }

static int count_sessions(aft_window window) { return window.last - window.first + 1; }

int aft_config_min_obs(const aft_config *config, aft_window estimation) {
  return MIN(config->min_obs, MAX(2, count_sessions(estimation) * 9 / 10));
}

void config_clear_robust(aft_config *config) {
  aft_robust_options *robust = &config->robust;
  g_free(robust->windows);
  g_free(robust->estimation);
  g_strfreev(robust->benchmarks);
  config_clear_models(&robust->models, &robust->n_models);
}

static bool has_window(const aft_window *list, size_t n, aft_window window) {
  for (size_t i = 0; i < n; i++)
    if (list[i].first == window.first && list[i].last == window.last) return true;
  return false;
}

static void add_window(aft_window *list, size_t *n, aft_window window) {
  if (!has_window(list, *n, window)) list[(*n)++] = window;
}

/* The study's windows, and the usual ones inside the event window. */
static void fill_windows(aft_config *c) {
  static const aft_window usual[] = {{0, 0}, {0, 1}, {-1, 1}, {0, 4}};
  aft_robust_options *robust = &c->robust;
  robust->windows = g_new(aft_window, c->n_windows + G_N_ELEMENTS(usual));
  for (size_t i = 0; i < c->n_windows; i++) add_window(robust->windows, &robust->n_windows, c->windows[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
    if (usual[i].first >= c->first_rel && usual[i].last <= c->last_rel)
      add_window(robust->windows, &robust->n_windows, usual[i]);
}

/* The study's, and the usual ones that end before the event window and hold the observations that the study asks for. */
static void fill_estimation(aft_config *c) {
  static const aft_window usual[] = {{-250, -11}, {-120, -11}, {-180, -31}};
  aft_robust_options *robust = &c->robust;
  robust->estimation = g_new(aft_window, 1 + G_N_ELEMENTS(usual));
  add_window(robust->estimation, &robust->n_estimation, (aft_window){c->first_est, c->last_est});
  for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
    if (usual[i].last < c->first_rel && count_sessions(usual[i]) >= c->min_obs)
      add_window(robust->estimation, &robust->n_estimation, usual[i]);
}

/* Two whole numbers in order: a span that may lie anywhere around the event. */
static bool read_pair(const config_reader *r, json_t *pair, const char *key, const aft_config *c, aft_window *out,
                      GError **error) {
  const aft_config anywhere = {.first_rel = -CONFIG_MAX_REL, .last_rel = CONFIG_MAX_REL};
  if (!config_window(r, pair, key, &anywhere, out, error)) return false;
  if (out->last >= c->first_rel)
    return config_fail(r, error, key, "[%d, %d] overlaps the event window [%d, %d]", out->first, out->last,
                       c->first_rel, c->last_rel);
  if (count_sessions(*out) < 3)
    return config_fail(r, error, key, "[%d, %d] is too short to learn from", out->first, out->last);
  return true;
}

typedef bool (*pair_reader)(const config_reader *r, json_t *pair, const char *key, const aft_config *c, aft_window *out,
                            GError **error);

static bool read_pairs(const config_reader *r, json_t *list, const char *name, const aft_config *c, pair_reader read,
                       aft_window **out, size_t *n, GError **error) {
  size_t i;
  json_t *pair;
  if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > MAX_PAIRS)
    return config_fail(r, error, name, "must be a list of pairs, e.g. [[%s]]",
                       read == config_window ? "0, 0], [-1, 1" : "-250, -11], [-120, -11");
  *out = g_new(aft_window, json_array_size(list));
  json_array_foreach(list, i, pair) {
    g_autofree char *key = g_strdup_printf("%s.%" G_GSIZE_FORMAT, name, i);
    aft_window window = {0, 0};
    if (!read(r, pair, key, c, &window, error)) return false;
    if (has_window(*out, *n, window))
      return config_fail(r, error, key, "[%d, %d] stands twice", window.first, window.last);
    (*out)[(*n)++] = window;
  }
  return true;
}

/* A list of names as a set of bits, the first name the lowest; all of them without a list. */
static bool read_set(const config_reader *r, json_t *list, const char *key, const char *const *known, unsigned *set,
                     GError **error) {
  g_auto(GStrv) names = NULL;
  if (!config_names(r, list, key, known, &names, error)) return false;
  *set = 0;
  for (unsigned i = 0; known[i] != NULL; i++)
    if (names == NULL || g_strv_contains((const char *const *)names, known[i])) *set |= 1u << i;
  return true;
}

static bool read_benchmarks(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  aft_robust_options *robust = &c->robust;
  if (!config_texts(r, list, "robust.benchmarks", &robust->benchmarks, error)) return false;
  for (int i = 0; robust->benchmarks != NULL && robust->benchmarks[i] != NULL; i++)
    for (int j = 0; j < i; j++)
      if (strcmp(robust->benchmarks[i], robust->benchmarks[j]) == 0)
        return config_fail(r, error, "robust.benchmarks", "\"%s\" stands twice", robust->benchmarks[i]);
  const char *const own[] = {c->market, NULL};
  if (robust->benchmarks == NULL && c->market != NULL) robust->benchmarks = g_strdupv((char **)(guintptr)own);
  return true;
}

bool config_read_robust(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"windows", "estimation", "models",   "benchmarks",
                                     "returns", "alignments", "placebos", NULL};
  aft_robust_options *robust = &c->robust;
  unsigned returns = 0;
  robust->placebos = DEFAULT_PLACEBOS;
  if (object != NULL) robust->line = aft_json_find_line(r->text, "robust");
  if (object != NULL && !config_check_keys(r, object, "robust.", keys, error)) return false;
  json_t *windows = json_object_get(object, "windows"), *estimation = json_object_get(object, "estimation");
  if (windows == NULL)
    fill_windows(c);
  else if (!read_pairs(r, windows, "robust.windows", c, config_window, &robust->windows, &robust->n_windows, error))
    return false;
  if (estimation == NULL)
    fill_estimation(c);
  else if (!read_pairs(r, estimation, "robust.estimation", c, read_pair, &robust->estimation, &robust->n_estimation,
                       error))
    return false;
  if (!read_benchmarks(r, json_object_get(object, "benchmarks"), c, error) ||
      !config_model_list(r, json_object_get(object, "models"), "robust.models", &robust->models, &robust->n_models,
                         error) ||
      !config_check_model_list(r, c, "robust.models", robust->benchmarks != NULL, robust->models, robust->n_models,
                               error) ||
      !read_set(r, json_object_get(object, "returns"), "robust.returns", return_names, &returns, error) ||
      !read_set(r, json_object_get(object, "alignments"), "robust.alignments", alignment_names, &robust->alignments,
                error))
    return false;
  robust->returns[0] = (returns & 1) != 0;
  robust->returns[1] = (returns & 2) != 0;
  return config_integer(r, json_object_get(object, "placebos"), "robust.placebos", 1, MAX_PLACEBOS, &robust->placebos,
                        error);
}
