/* Lists of models of the study file: names of models, or objects with options and a label. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>
#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

#define MAX_LABEL 60 /* characters */

void config_clear_models(aft_model_spec **models, size_t *n_models) {
  for (size_t i = 0; i < *n_models; i++) {
    aft_model_spec *spec = &(*models)[i];
    g_free(spec->label);
    g_free(spec->title);
    g_strfreev(spec->columns);
    g_strfreev(spec->options.symbols);
    g_free(spec->options.file);
    g_clear_pointer(&spec->matches, g_hash_table_unref);
  }
  g_clear_pointer(models, g_free);
  *n_models = 0;
}

/* Names of the models, NULL-terminated; the array is owned, the names are not. */
static const char **model_names(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  const char **names = g_new0(const char *, n + 1);
  for (size_t i = 0; i < n; i++) names[i] = models[i].name;
  return names;
}

/* Keys that the object of some model may have; owned as above. */
static const char **model_keys(void) {
  static const char *const common[] = {"name", "label", "columns"};
  size_t n, n_common = G_N_ELEMENTS(common);
  const aft_model_option *options = aft_model_option_table(&n);
  const char **keys = g_new0(const char *, n_common + n + 1);
  for (size_t i = 0; i < n_common; i++) keys[i] = common[i];
  for (size_t i = 0; i < n; i++) keys[n_common + i] = options[i].name;
  return keys;
}

static bool fail_untaken(const config_reader *r, const char *key, const aft_model *model, GError **error) {
  if (model->options == NULL) return config_fail(r, error, key, "%s takes no options", model->name);
  g_auto(GStrv) copy = aft_text_copy_list(model->options);
  g_autofree char *list = g_strjoinv(", ", copy);
  return config_fail(r, error, key, "%s does not take this option (it takes %s)", model->name, list);
}

/* Symbols of which none stands twice. */
static bool read_symbols(const config_reader *r, json_t *value, const char *key, char ***out, GError **error) {
  if (!config_texts(r, value, key, out, error)) return false;
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (char **symbol = *out; *symbol != NULL; symbol++)
    if (!g_hash_table_add(seen, *symbol)) return config_fail(r, error, key, "\"%s\" stands twice", *symbol);
  return true;
}

static bool read_option(const config_reader *r, json_t *value, const char *key, const aft_model_option *option,
                        aft_model_options *out, GError **error) {
  void *at = (char *)out + option->offset;
  int *number = at;
  switch (option->kind) {
  case AFT_OPTION_BOOL: return config_boolean(r, value, key, at, error);
  case AFT_OPTION_INTEGER: return config_integer(r, value, key, option->low, option->high, number, error);
  case AFT_OPTION_CHOICE: return config_choice(r, value, key, option->choices, number, error);
  case AFT_OPTION_WINDOW: return config_span(r, value, key, &number[0], &number[1], NULL, error);
  case AFT_OPTION_SYMBOLS: return read_symbols(r, value, key, at, error);
  case AFT_OPTION_PATH: return config_text(r, value, key, at, error);
  case AFT_OPTION_NUMBER: return config_number(r, value, key, option->low, option->high, at, error);
  }
  g_assert_not_reached();
}

static bool read_options(const config_reader *r, json_t *object, const char *prefix, aft_model_spec *spec,
                         GError **error) {
  size_t n;
  const aft_model_option *options = aft_model_option_table(&n);
  for (size_t i = 0; i < n; i++) {
    json_t *value = json_object_get(object, options[i].name);
    g_autofree char *key = g_strconcat(prefix, options[i].name, NULL);
    if (value == NULL) continue;
    if (!aft_model_takes(spec->model, options[i].name)) return fail_untaken(r, key, spec->model, error);
    if (!read_option(r, value, key, &options[i], &spec->options, error)) return false;
  }
  return true;
}

/* A label stands in tables and sentences: plain text, which no spreadsheet takes for a formula. */
static bool check_label(const config_reader *r, const char *key, const aft_model_spec *spec, GError **error) {
  const aft_model *other = aft_model_find(spec->label);
  if (other != NULL && other != spec->model)
    return config_fail(r, error, key, "\"%s\" is the name of another model", spec->label);
  if (!g_unichar_isalnum(g_utf8_get_char(spec->label)))
    return config_fail(r, error, key, "must begin with a letter or a digit");
  if (g_utf8_strlen(spec->label, -1) > MAX_LABEL)
    return config_fail(r, error, key, "is longer than %d characters", MAX_LABEL);
  for (const char *p = spec->label; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
    if (g_unichar_iscntrl(g_utf8_get_char(p))) return config_fail(r, error, key, "must not hold control characters");
  return true;
}

static bool read_columns(const config_reader *r, json_t *columns, const char *key, const char *columns_key,
                         aft_model_spec *spec, GError **error) {
  bool free_columns = spec->model->regressors == AFT_REGRESSORS_FACTORS && spec->model->factors == NULL;
  if (columns != NULL && !free_columns)
    return config_fail(r, error, columns_key, "only the model \"factors\" takes columns");
  if (columns == NULL && free_columns)
    return config_fail(r, error, key,
                       "needs its columns, e.g. {\"name\": \"factors\", \"columns\": [\"mkt_rf\", \"smb\"]}");
  if (!config_texts(r, columns, columns_key, &spec->columns, error)) return false;
  if (spec->columns != NULL && g_strv_length(spec->columns) > AFT_MODEL_MAX_COEF - 1)
    return config_fail(r, error, columns_key, "at most %d columns", AFT_MODEL_MAX_COEF - 1);
  return true;
}

/* What a model cannot do without, and what it cannot have together. */
static bool check_needed(const config_reader *r, json_t *object, const char *key, const aft_model_spec *spec,
                         GError **error) {
  const char *name = spec->model->name;
  json_t *window = json_object_get(object, "window");
  if (strcmp(name, "comparison_mean") == 0 &&
      (json_object_get(window, "first") == NULL || json_object_get(window, "last") == NULL))
    return config_fail(r, error, key,
                       "needs its window, e.g. {\"name\": \"%s\", \"window\": {\"first\": 50, \"last\": 250}}", name);
  if (spec->model->regressors != AFT_REGRESSORS_BENCHMARK) return true;
  bool symbols = json_object_get(object, "symbols") != NULL, file = json_object_get(object, "file") != NULL;
  if (!symbols && !file)
    return config_fail(r, error, key, "needs \"symbols\", a list, or \"file\", a CSV file of matched securities");
  if (symbols && file) return config_fail(r, error, key, "has both \"symbols\" and \"file\": give one of them");
  return true;
}

/* "market_model", or {"name": "market_model", "label": "origin", "alpha": false} */
static bool read_model(const config_reader *r, json_t *value, const char *key, aft_model_spec *spec, GError **error) {
  g_autofree const char **names = model_names(), **keys = model_keys();
  g_autofree char *prefix = g_strconcat(key, ".", NULL);
  g_autofree char *name_key = g_strconcat(prefix, "name", NULL), *label_key = g_strconcat(prefix, "label", NULL);
  g_autofree char *columns_key = g_strconcat(prefix, "columns", NULL);
  size_t n;
  int index = -1;
  bool is_object = json_is_object(value);
  json_t *name = is_object ? json_object_get(value, "name") : value; /* json_object_get gives NULL for anything else */
  if (is_object && !config_check_keys(r, value, prefix, keys, error)) return false;
  if (name == NULL) return config_fail(r, error, key, "an object needs \"name\"");
  if (!config_choice(r, name, is_object ? name_key : key, names, &index, error)) return false;
  spec->model = &aft_models(&n)[index];
  if (!read_columns(r, json_object_get(value, "columns"), key, columns_key, spec, error) ||
      !check_needed(r, value, key, spec, error) || !read_options(r, value, prefix, spec, error) ||
      !config_text(r, json_object_get(value, "label"), label_key, &spec->label, error))
    return false;
  spec->line = aft_json_find_line(r->text, key);
  if (spec->label == NULL) spec->label = g_strdup(spec->model->name);
  if (!check_label(r, label_key, spec, error)) return false;
  spec->title = strcmp(spec->label, spec->model->name) == 0
                    ? g_strdup(spec->model->title)
                    : g_strdup_printf("%s (%s)", spec->model->title, spec->label);
  return true;
}

static bool check_unique(const config_reader *r, const char *key, const aft_model_spec *models, size_t i,
                         GError **error) {
  for (size_t j = 0; j < i; j++) {
    if (strcmp(models[j].label, models[i].label) != 0) continue;
    if (strcmp(models[i].label, models[i].model->name) == 0)
      return config_fail(r, error, key, "\"%s\" stands twice (give one of them a \"label\")", models[i].label);
    return config_fail(r, error, key, "the label \"%s\" stands twice", models[i].label);
  }
  return true;
}

bool config_model_list(const config_reader *r, json_t *list, const char *name, aft_model_spec **models,
                       size_t *n_models, GError **error) {
  size_t i;
  json_t *value;
  if (list == NULL) return true;
  if (!json_is_array(list) || json_array_size(list) == 0)
    return config_fail(r, error, name, "must be a list of names, e.g. [\"market_model\"]");
  *models = g_new0(aft_model_spec, json_array_size(list));
  json_array_foreach(list, i, value) {
    g_autofree char *key = g_strdup_printf("%s.%" G_GSIZE_FORMAT, name, i);
    (*models)[(*n_models)++] = (aft_model_spec){.options = AFT_MODEL_OPTIONS_DEFAULT};
    if (!read_model(r, value, key, &(*models)[i], error) || !check_unique(r, key, *models, i, error)) return false;
  }
  return true;
}

bool config_read_models(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  if (list != NULL) return config_model_list(r, list, "models", &c->models, &c->n_models, error);
  const aft_model *model = aft_model_find("market_model");
  c->models = g_new0(aft_model_spec, 1);
  c->models[c->n_models++] = (aft_model_spec){.model = model,
                                              .label = g_strdup(model->name),
                                              .title = g_strdup(model->title),
                                              .options = AFT_MODEL_OPTIONS_DEFAULT};
  return true;
}

bool config_check_model_list(const config_reader *r, const aft_config *c, const char *name, bool has_market,
                             const aft_model_spec *models, size_t n_models, GError **error) {
  for (size_t i = 0; i < n_models; i++) {
    g_autofree char *key = g_strdup_printf("%s.%" G_GSIZE_FORMAT, name, i);
    g_autofree char *window_key = g_strconcat(key, ".window", NULL);
    const aft_model *model = models[i].model;
    const int *window = models[i].options.window;
    if (model->regressors == AFT_REGRESSORS_MARKET && !has_market)
      return config_fail(r, error, *name != '\0' ? key : "", "%s needs \"market\", the symbol of the benchmark",
                         model->name);
    if (model->regressors == AFT_REGRESSORS_FACTORS && c->factors == NULL)
      return config_fail(r, error, key, "%s needs \"factors\", a CSV file of daily factors", model->name);
    if (!aft_model_takes(model, "window")) continue;
    if (window[0] <= c->last_rel && window[1] >= c->first_rel)
      return config_fail(r, error, window_key, "[%d, %d] overlaps the event window [%d, %d]", window[0], window[1],
                         c->first_rel, c->last_rel);
    if (c->min_obs > window[1] - window[0] + 1)
      return config_fail(r, error, window_key, "estimation.min_obs %d is more than the %d sessions of [%d, %d]",
                         c->min_obs, window[1] - window[0] + 1, window[0], window[1]);
  }
  return true;
}

bool config_check_models(const config_reader *r, bool given, const aft_config *c, GError **error) {
  return config_check_model_list(r, c, given ? "models" : "", c->market != NULL, c->models, c->n_models, error);
}
