/* The tests without confounded events. */
#include <aftershock/study/clean.h>

#include "study_internal.h"

#include <math.h>

#include <aftershock/base/banned.h>

/* Study events with an occurrence in their event window, [n events] owned. */
static bool *mark_confounded(const aft_result *result, const GArray *found) {
  bool *confounded = g_new0(bool, MAX(result->events->n, 1));
  for (guint i = 0; i < found->len; i++) {
    const aft_confounder *c = &g_array_index(found, aft_confounder, i);
    if (!c->in_estimation) confounded[c->event] = true;
  }
  return confounded;
}

static void add_sample(const aft_result *result, size_t s, const bool *confounded, GArray *rows) {
  const aft_config *config = result->config;
  const aft_model_result *model = &result->models[0];
  const aft_sample *whole = &model->samples[s];
  const aft_test_options options = {
      .replicates = config->replicates, .seed = config->seed, .n_threads = 1, .kp_align = config->kp_align};
  g_autofree size_t *member = g_new(size_t, MAX(whole->n, 1));
  aft_sample clean = {.name = whole->name, .member = member};
  for (size_t i = 0; i < whole->n; i++)
    if (!confounded[model->abnormal.event[whole->member[i]]]) member[clean.n++] = whole->member[i];
  g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(aft_test_row));
  if (clean.n > 0) aft_study_test(model, config, &clean, &options, tests);
  for (size_t t = 0; t < model->n_tests; t++) {
    const aft_test_row *all = &model->tests[t];
    if (all->sample != s) continue;
    aft_clean_row row = {.sample = s, .window = all->window, .test = all->test, .all = all->result};
    row.clean = (aft_test_result){.estimate = (double)NAN,
                                  .statistic = (double)NAN,
                                  .df = (double)NAN,
                                  .p_value = (double)NAN,
                                  .note = clean.n == 0 ? "no event is clean" : "does not apply to the clean events"};
    for (guint i = 0; i < tests->len; i++) {
      const aft_test_row *found = &g_array_index(tests, aft_test_row, i);
      if (found->window == all->window && found->test == all->test) row.clean = found->result;
    }
    g_array_append_val(rows, row);
  }
}

GArray *aft_clean_compare(const aft_result *result, const GArray *found) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_clean_row));
  g_autofree bool *confounded = mark_confounded(result, found);
  for (size_t s = 0; s < result->models[0].n_samples; s++)
    if (!result->models[0].samples[s].single_only && result->models[0].samples[s].n > 1)
      add_sample(result, s, confounded, rows);
  return rows;
}
