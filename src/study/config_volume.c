/* The key `volume` of the study file. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>

#include <aftershock/base/banned.h>

static const char *const model_names[] = {"constant_mean", "market_model", NULL};

/* true, false, or {"measure": "log1p_turnover", "model": "constant_mean"} */
bool config_read_volume(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  static const char *const keys[] = {"measure", "model", NULL};
  size_t n;
  const aft_volume_measure *measures = aft_volume_measures(&n);
  g_autofree const char **names = g_new0(const char *, n + 1);
  int measure = 0, model = 0;
  c->volume_line = aft_json_find_line(r->text, "volume");
  for (size_t i = 0; i < n; i++) names[i] = measures[i].name;
  if (value == NULL || json_is_false(value)) return true;
  if (!json_is_true(value)) {
    if (!json_is_object(value))
      return config_fail(r, error, "volume", "must be true, false or {\"measure\": \"%s\"}", names[0]);
    if (!config_check_keys(r, value, "volume.", keys, error) ||
        !config_choice(r, json_object_get(value, "measure"), "volume.measure", names, &measure, error) ||
        !config_choice(r, json_object_get(value, "model"), "volume.model", model_names, &model, error))
      return false;
  }
  c->volume = (aft_volume_options){.measure = &measures[measure], .market_model = model == 1};
  return true;
}

const char *aft_config_volume_model_name(const aft_config *config) {
  return model_names[config->volume.market_model ? 1 : 0];
}

/* What volume needs of the files, as far as the study file says. */
bool config_check_volume(const config_reader *r, const aft_config *c, GError **error) {
  if (c->volume.measure == NULL) return true;
  for (size_t i = 0; i <= c->n_further; i++) {
    aft_market_spec spec = aft_config_get_market(c, i);
    g_autofree char *key = i == 0 ? g_strdup("volume") : g_strdup_printf("markets.%" G_GSIZE_FORMAT, i - 1);
    if (spec.prices == NULL)
      return config_fail(r, error, key, "volume is a column of \"prices\", but there are returns_files");
    if (c->volume.measure->is_turnover && spec.shares == NULL)
      return config_fail(r, error, key,
                         "the measure %s is volume over shares outstanding and needs \"shares\", a CSV file "
                         "date,symbol,shares (or take the measure log1p_volume)",
                         c->volume.measure->name);
  }
  return true;
}
