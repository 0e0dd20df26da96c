/* The keys `markets`, the files of other exchanges, and `firms`, which symbols are one firm. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_MARKETS = 64 };

void config_clear_markets(aft_config *config) {
  for (size_t i = 0; i < config->n_further; i++) {
    aft_market_spec *spec = &config->further[i];
    g_free(spec->calendar);
    g_free(spec->market);
    g_strfreev(spec->prices);
    g_strfreev(spec->returns_files);
    g_free(spec->actions);
    g_free(spec->factors);
    g_free(spec->shares);
  }
  g_clear_pointer(&config->further, g_free);
  config->n_further = 0;
  g_clear_pointer(&config->firms, g_hash_table_unref);
}

aft_market_spec aft_config_get_market(const aft_config *config, size_t i) {
  g_assert(i <= config->n_further);
  if (i > 0) return config->further[i - 1];
  return (aft_market_spec){.calendar = config->calendar,
                           .market = config->market,
                           .calendar_line = config->calendar_line,
                           .market_line = config->market_line,
                           .prices = config->prices,
                           .returns_files = config->returns_files,
                           .files_hold_log = config->files_hold_log,
                           .actions = config->actions,
                           .factors = config->factors,
                           .shares = config->shares};
}

/* What belongs together, or not, in one market. */
static bool check_market(const config_reader *r, const char *key, const aft_market_spec *spec, bool has_kind,
                         GError **error) {
  if (spec->calendar == NULL) return config_fail(r, error, key, "needs \"calendar\", the exchange's MIC");
  if ((spec->prices == NULL) == (spec->returns_files == NULL))
    return config_fail(r, error, key, "needs \"prices\" or \"returns_files\", and not both");
  if (has_kind && spec->returns_files == NULL)
    return config_fail(r, error, key, "returns_kind says what \"returns_files\" hold, but there are none");
  if (spec->actions != NULL && spec->prices == NULL)
    return config_fail(r, error, key, "actions: splits and dividends apply to \"prices\", but there are returns");
  if (spec->shares != NULL && spec->prices == NULL)
    return config_fail(r, error, key, "shares: they count behind the volume of \"prices\", but there are returns");
  return true;
}

static bool read_market(const config_reader *r, json_t *object, const char *key, aft_market_spec *spec,
                        GError **error) {
  enum { CALENDAR, MARKET, PRICES, RETURNS, KIND, ACTIONS, FACTORS, SHARES, N_KEYS };
  static const char *const keys[N_KEYS + 1] = {
      "calendar", "market", "prices", "returns_files", "returns_kind", "actions", "factors", "shares", NULL};
  char name[N_KEYS][64];
  json_t *value[N_KEYS];
  bool is_log = false;
  g_autofree char *prefix = g_strconcat(key, ".", NULL);
  if (!config_check_keys(r, object, prefix, keys, error)) return false;
  for (int i = 0; i < N_KEYS; i++) {
    g_snprintf(name[i], sizeof name[i], "%s%s", prefix, keys[i]);
    value[i] = json_object_get(object, keys[i]);
  }
  spec->calendar_line = aft_json_find_line(r->text, name[CALENDAR]);
  spec->market_line = aft_json_find_line(r->text, name[MARKET]);
  if (!config_text(r, value[CALENDAR], name[CALENDAR], &spec->calendar, error) ||
      !config_text(r, value[MARKET], name[MARKET], &spec->market, error) ||
      !config_texts(r, value[PRICES], name[PRICES], &spec->prices, error) ||
      !config_texts(r, value[RETURNS], name[RETURNS], &spec->returns_files, error) ||
      !config_returns_form(r, value[KIND], name[KIND], &is_log, error) ||
      !config_text(r, value[ACTIONS], name[ACTIONS], &spec->actions, error) ||
      !config_text(r, value[FACTORS], name[FACTORS], &spec->factors, error) ||
      !config_text(r, value[SHARES], name[SHARES], &spec->shares, error))
    return false;
  spec->files_hold_log = is_log;
  return check_market(r, key, spec, value[KIND] != NULL, error);
}

bool config_read_markets(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  size_t i;
  json_t *object;
  if (list == NULL) return true;
  if (!json_is_array(list) || json_array_size(list) > MAX_MARKETS)
    return config_fail(r, error, "markets",
                       "must be a list of objects, e.g. [{\"calendar\": \"XTAI\", \"prices\": [...]}]");
  c->further = g_new0(aft_market_spec, MAX(json_array_size(list), 1));
  json_array_foreach(list, i, object) {
    g_autofree char *key = g_strdup_printf("markets.%" G_GSIZE_FORMAT, i);
    c->n_further++;
    if (!read_market(r, object, key, &c->further[i], error)) return false;
  }
  return true;
}

bool config_read_firms(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  const char *symbol;
  json_t *firm;
  if (object == NULL) return true;
  if (!json_is_object(object))
    return config_fail(r, error, "firms",
                       "must be an object of symbols and firms, e.g. {\"TSM\": \"TSMC\", \"2330\": \"TSMC\"}");
  c->firms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  json_object_foreach(object, symbol, firm) {
    g_autofree char *key = g_strconcat("firms.", symbol, NULL);
    char *name = NULL;
    if (!config_text(r, firm, key, &name, error)) return false;
    g_hash_table_insert(c->firms, g_strdup(symbol), name);
  }
  return true;
}

/* Every market needs what the models need of the study's own. */
bool config_check_markets(const config_reader *r, const aft_config *c, GError **error) {
  for (size_t i = 0; i < c->n_further; i++) {
    g_autofree char *key = g_strdup_printf("markets.%" G_GSIZE_FORMAT, i);
    for (size_t m = 0; m < c->n_models; m++) {
      const aft_model *model = c->models[m].model;
      if (model->regressors == AFT_REGRESSORS_MARKET && c->further[i].market == NULL)
        return config_fail(r, error, key, "%s needs \"market\", the symbol of this exchange's benchmark", model->name);
      if (model->regressors == AFT_REGRESSORS_FACTORS && c->further[i].factors == NULL)
        return config_fail(r, error, key, "%s needs \"factors\", a CSV file of this exchange's daily factors",
                           model->name);
    }
  }
  if (c->n_further > 0 && c->size_card > 0)
    return config_fail(r, error, "size_card", "draws from one exchange, and this study has several (leave it out)");
  return true;
}
