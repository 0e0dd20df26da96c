/* The study's cross-sectional regressions: every sample of several events, every window. */
#include "study_internal.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* A sample that a categorical `group` would not vary in. */
static bool is_one_group(const aft_sample *sample) {
  return strcmp(sample->name, "all") != 0 &&
         (!g_str_has_prefix(sample->name, "event:") || strchr(sample->name, '/') != NULL);
}

static bool compares_groups(const aft_car_regression_spec *spec) {
  for (size_t t = 0; t < spec->n_terms; t++)
    if (spec->terms[t].categorical && strcmp(spec->terms[t].name, "group") == 0) return true;
  return false;
}

void aft_study_regress(aft_model_result *model, const aft_result *study) {
  const aft_config *config = study->config;
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_car_regression_row));
  for (size_t r = 0; r < config->n_regressions; r++) {
    const aft_car_regression_spec *spec = &config->regressions[r];
    const aft_window *windows = spec->n_windows > 0 ? spec->windows : config->windows;
    size_t n_windows = spec->n_windows > 0 ? spec->n_windows : config->n_windows;
    for (size_t s = 0; s < model->n_samples; s++) {
      const aft_sample *sample = &model->samples[s];
      if (sample->single_only || (is_one_group(sample) && compares_groups(spec))) continue;
      for (size_t w = 0; w < n_windows; w++) {
        aft_car_regression_row row = {.spec = spec, .sample = s, .window = windows[w]};
        aft_car_regression_fit(&model->abnormal, sample->member, sample->n, &row);
        g_array_append_val(rows, row);
      }
    }
  }
  model->n_regressions = rows->len;
  model->regressions = (aft_car_regression_row *)(gpointer)g_array_free(rows, FALSE);
}
