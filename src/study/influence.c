/* How much one event carries an average: every mean CAR and its t with one event left out. */
#include "study_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/stats/leave_out.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { MIN_EVENTS = 3 }; /* with two, one is left, and one has no t */

/* fmin and fmax pass over NaN: a t that is undefined without some event does not hide the others. */
static void measure(aft_influence_row *row, const double *car, const size_t *member) {
  double n = (double)row->n, mean = aft_mean(car, row->n), sd = aft_sd(car, row->n, mean), farthest = -1;
  row->caar_min = row->caar_max = row->t_min = row->t_max = (double)NAN;
  for (size_t i = 0; i < row->n; i++) {
    double without = aft_leave_out_mean(car, row->n, mean, i);
    double t = sqrt(n - 1) * aft_leave_out_ratio(car, row->n, mean, sd, i);
    row->caar_min = fmin(row->caar_min, without);
    row->caar_max = fmax(row->caar_max, without);
    row->t_min = fmin(row->t_min, t);
    row->t_max = fmax(row->t_max, t);
    if (fabs(car[i] - mean) <= farthest) continue;
    farthest = fabs(car[i] - mean);
    row->row = member[i];
    row->caar_without = without;
  }
}

void aft_study_measure_influence(aft_model_result *model, const aft_config *config) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_influence_row));
  for (size_t s = 0; s < model->n_samples; s++) {
    const aft_sample *sample = &model->samples[s];
    g_autofree double *car = g_new(double, MAX(sample->n, 1));
    g_autofree size_t *member = g_new(size_t, MAX(sample->n, 1));
    for (size_t w = 0; w < config->n_windows; w++) {
      aft_influence_row row = {.sample = s, .window = w};
      for (size_t i = 0; i < sample->n; i++) {
        double value = model->windows[w].car[sample->member[i]];
        if (isnan(value)) continue;
        member[row.n] = sample->member[i];
        car[row.n++] = value;
      }
      if (row.n < MIN_EVENTS) continue;
      measure(&row, car, member);
      g_array_append_val(rows, row);
    }
  }
  model->n_influence = rows->len;
  model->influence = (aft_influence_row *)(gpointer)g_array_free(rows, FALSE);
}
