/* Abnormal returns of made-up events, fitted with the textbook's formulas. */
#include "sample.h"

#include "draws.h"

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { N_Z = 2 };

static double *missing(size_t n) {
  double *values = g_new(double, n);
  for (size_t i = 0; i < n; i++) values[i] = (double)NAN;
  return values;
}

void support_sample_init(support_sample *sample, size_t n_events, int n_est, int first_rel, int n_rel) {
  size_t n = n_events, est = (size_t)n_est, rel = (size_t)n_rel;
  *sample = (support_sample){.n = n, .options = {.replicates = 99, .seed = 1, .n_threads = 1}};
  sample->abnormal = (aft_abnormal){.n_events = n,
                                    .first_est = first_rel - n_est,
                                    .n_est = n_est,
                                    .first_rel = first_rel,
                                    .n_rel = n_rel,
                                    .n_z = N_Z,
                                    .estimates_mean = true,
                                    .security = g_new(int, n),
                                    .session = g_new(int, n),
                                    .fit = g_new0(aft_event_fit, n),
                                    .residual = missing(n * est),
                                    .abnormal = missing(n * rel),
                                    .h = missing(n * rel),
                                    .z = missing(n * rel * N_Z)};
  sample->window = (aft_window_values){.car = g_new(double, n), .variance = g_new(double, n), .scar = g_new(double, n)};
  sample->member = g_new(size_t, n);
  for (size_t i = 0; i < n; i++) {
    sample->member[i] = i;
    sample->abnormal.security[i] = (int)i;
    sample->abnormal.session[i] = n_est + (int)i;
  }
}

void support_sample_clear(support_sample *sample) {
  aft_abnormal *a = &sample->abnormal;
  void *const owned[] = {a->security,
                         a->session,
                         a->fit,
                         a->residual,
                         a->abnormal,
                         a->h,
                         a->z,
                         sample->window.car,
                         sample->window.variance,
                         sample->window.scar,
                         sample->member};
  for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) g_free(owned[i]);
  aft_test_cache_free(sample->cache);
}

void support_sample_fit(support_sample *sample, size_t i, const double *y, const double *x) {
  aft_abnormal *a = &sample->abnormal;
  size_t est = (size_t)a->n_est, rel = (size_t)a->n_rel;
  double n = 0, mean_x = 0, mean_y = 0, xx = 0, xy = 0, rss = 0;
  for (size_t t = 0; t < est; t++) {
    if (isnan(y[t])) continue;
    n++;
    mean_x += x[t];
    mean_y += y[t];
  }
  mean_x /= n;
  mean_y /= n;
  for (size_t t = 0; t < est; t++) {
    if (isnan(y[t])) continue;
    xx += (x[t] - mean_x) * (x[t] - mean_x);
    xy += (x[t] - mean_x) * (y[t] - mean_y);
  }
  for (size_t t = 0; t < est; t++) {
    double residual = y[t] - mean_y - xy / xx * (x[t] - mean_x);
    a->residual[i * est + t] = residual;
    rss += isnan(residual) ? 0 : residual * residual;
  }
  a->fit[i].n_obs = (int)n;
  a->fit[i].n_coef = 2;
  a->fit[i].df = n - 2;
  a->fit[i].sigma = sqrt(rss / (n - 2));
  for (size_t j = 0; j < rel; j++) {
    double distance = x[est + j] - mean_x, *z = a->z + (i * rel + j) * N_Z;
    a->abnormal[i * rel + j] = y[est + j] - mean_y - xy / xx * distance;
    a->h[i * rel + j] = a->fit[i].sigma * a->fit[i].sigma;
    z[0] = a->fit[i].sigma / sqrt(n);
    z[1] = a->fit[i].sigma * distance / sqrt(xx);
  }
}

void support_sample_crowd(support_sample *sample, unsigned seed, size_t n_events, int n_est, int first_rel, int n_rel,
                          bool gaps, bool ties) {
  GRand *draws = g_rand_new_with_seed(seed);
  size_t days = (size_t)n_est + (size_t)n_rel, est = (size_t)n_est;
  g_autofree double *common = g_new(double, days + 4);
  g_autofree double *x = g_new(double, days);
  g_autofree double *y = g_new(double, days);
  support_sample_init(sample, n_events, n_est, first_rel, n_rel);
  for (size_t t = 0; t < days + 4; t++) common[t] = 0.006 * draw_normal(draws);
  for (size_t i = 0; i < n_events; i++) {
    size_t late = i * i % 5;
    for (size_t t = 0; t < days; t++) {
      x[t] = 0.01 * draw_normal(draws);
      y[t] = common[t + late] + 0.01 * draw_heavy(draws);
      if (gaps && i % 3 != 1 && (t * 7 + i * 5) % 11 == 0 && t < est) y[t] = (double)NAN;
    }
    support_sample_fit(sample, i, y, x);
    sample->abnormal.session[i] = 400 + (int)late;
    sample->abnormal.security[i] = (int)(i % 9);
    for (size_t t = 0; ties && t < days; t++) {
      double *cell =
          t < est ? &sample->abnormal.residual[i * est + t] : &sample->abnormal.abnormal[i * (days - est) + t - est];
      *cell = rint(*cell * 500) / 500;
    }
  }
  g_rand_free(draws);
}

void support_sample_window(support_sample *sample, int first, int last) {
  aft_window_values_fill(&sample->abnormal, first, last, &sample->window);
  aft_test_cache_free(sample->cache);
  sample->cache = aft_test_cache_new(&sample->abnormal, sample->member, sample->n);
}

aft_test_result support_sample_test(support_sample *sample, const char *name) {
  const aft_test *test = aft_test_find(name);
  g_assert_nonnull(test);
  aft_test_input input = {&sample->abnormal, &sample->window,  sample->member,
                          sample->n,         &sample->options, sample->cache};
  aft_test_result result = {.n = 12345, .statistic = 1e300, .p_value = -1};
  test->compute(&input, test->variant, &result);
  return result;
}
