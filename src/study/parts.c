/* The fits of a study divided among several processes. */
#include <aftershock/study/parts.h>

#include "study_internal.h"

#include <aftershock/study/alignments.h>
#include <aftershock/study/halves.h>

#include <aftershock/base/banned.h>

/* floor(n k / count) without a product that overflows. */
static size_t find_start(size_t n, size_t count, size_t k) { return n / count * k + n % count * k / count; }

void aft_parts_range(size_t n, size_t count, size_t k, size_t *first, size_t *last) {
  *first = find_start(n, count, k);
  *last = find_start(n, count, k + 1);
}

bool aft_study_put_fits(const aft_config *config, const aft_panel *panel, const aft_events *events,
                        const aft_parts *parts, unsigned n_threads, GError **error) {
  aft_result run = {.config = config, .panel = panel, .events = events, .focus = -1, .parts = parts};
  bool ok = true;
  run.models = g_new0(aft_model_result, config->n_models);
  for (size_t m = 0; ok && m < config->n_models; m++) {
    aft_model_result *model = &run.models[m];
    model->spec = &config->models[m];
    model->wants_donors = model->spec->model->regressors == AFT_REGRESSORS_DONORS;
    ok = aft_study_estimate(model, &run, n_threads, error);
  }
  ok = ok && aft_study_split_sessions(&run, n_threads, error) && aft_study_realign(&run, n_threads, error);
  aft_result_clear(&run);
  return ok;
}
