/* The key `keep`: which prices of the files are kept, and how far from an event a run looks at them. */
#include "config_json.h"

#include <aftershock/base/banned.h>

static const char *const keep_names[] = {[AFT_KEEP_ALL] = "all", [AFT_KEEP_WINDOWS] = "windows", NULL};

const char *const *aft_config_keep_names(void) { return keep_names; }

bool config_read_keep(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  int index = 0;
  if (!config_choice(r, value, "keep", keep_names, &index, error)) return false;
  c->keep = (enum aft_keep_prices)index;
  return true;
}

/* What needs prices that are in no event's windows. */
bool config_check_keep(const config_reader *r, const aft_config *c, GError **error) {
  if (c->keep == AFT_KEEP_ALL) return true;
  if (c->size_card > 0)
    return config_fail(r, error, "size_card", "draws from all prices, but \"keep\" is \"windows\" (leave one out)");
  if (c->volume.measure != NULL)
    return config_fail(r, error, "volume",
                       "is measured on whole series and all securities, but \"keep\" is \"windows\" (leave one out)");
  if (c->scan.report)
    return config_fail(r, error, "scan.report",
                       "looks at every day of every security, but \"keep\" is \"windows\" (leave one out; aftershock "
                       "scan reads everything)");
  for (size_t m = 0; m < c->n_models; m++) {
    const aft_model_spec *spec = &c->models[m];
    if (spec->model->regressors != AFT_REGRESSORS_DONORS || spec->options.symbols != NULL) continue;
    return config_fail(r, error, "models",
                       "%s takes all securities for donors, but \"keep\" is \"windows\" (name donors in \"symbols\")",
                       spec->model->name);
  }
  return true;
}

/* A return that covers sessions without trade begins with a price that may lie anywhere before it; candidates may be far from the event. */
static bool needs_whole_series(const aft_config *config) {
  for (size_t m = 0; m < config->n_models; m++)
    if (config->models[m].model->gaps) return true;
  return config->candidates != NULL && config->candidates->len > 0;
}

aft_reach aft_config_get_reach(const aft_config *config) {
  aft_reach reach = {.whole = needs_whole_series(config), .first = config->first_est, .last = config->last_rel};
  for (size_t m = 0; m < config->n_models; m++) {
    const aft_model_spec *spec = &config->models[m];
    if (!aft_model_takes(spec->model, "window")) continue;
    reach.first = MIN(reach.first, spec->options.window[0]);
    reach.last = MAX(reach.last, spec->options.window[1]);
  }
  reach.first--; /* the price before the first return */
  return reach;
}
