/* What one event carries of an average, against leaving out one after the other. */
#include "study/study_internal.h"

#include "support/support.h"

#include <aftershock/stats/describe.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 70000, FEW = 900 };

/* The mean of all but one and its t, from the definition. */
static void leave_out(const double *car, size_t n, size_t skip, double *mean, double *t) {
  long double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++)
    if (i != skip) sum += (long double)car[i];
  long double m = sum / (long double)(n - 1);
  for (size_t i = 0; i < n; i++)
    if (i != skip) squares += ((long double)car[i] - m) * ((long double)car[i] - m);
  *mean = (double)m;
  *t = (double)(m / sqrtl(squares / (long double)(n - 2)) * sqrtl((long double)(n - 1)));
}

typedef struct study {
  aft_model_result model;
  aft_sample sample;
  aft_window_values window;
  aft_config config;
} study;

/* n events of which every other one is a member, some without a CAR, and one far from the others. */
static void study_init(study *s, size_t n) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(3);
  *s = (study){.config = {.n_windows = 1}};
  s->window.car = g_new(double, 2 * n);
  s->sample = (aft_sample){.member = g_new(size_t, n), .n = n};
  for (size_t i = 0; i < 2 * n; i++) {
    s->window.car[i] = i % 91 == 0 ? (double)NAN : 0.01 + 0.05 * (g_rand_double(draws) - 0.5);
    if (i % 2 == 1) s->sample.member[i / 2] = i;
  }
  s->window.car[(2 * n / 3) | 1] = -0.7;
  s->model = (aft_model_result){.samples = &s->sample, .n_samples = 1, .windows = &s->window};
}

static void study_clear(study *s) {
  g_free(s->window.car);
  g_free(s->sample.member);
}

static void test_definition(void) {
  study s;
  study_init(&s, FEW);
  aft_study_measure_influence(&s.model, &s.config, 2);
  g_assert_cmpuint(s.model.n_influence, ==, 1);
  const aft_influence_row *row = s.model.influence;
  double car[FEW], low = (double)INFINITY, high = -(double)INFINITY, t_low = (double)INFINITY,
                   t_high = -(double)INFINITY;
  size_t n = 0;
  for (size_t i = 0; i < FEW; i++)
    if (!isnan(s.window.car[s.sample.member[i]])) car[n++] = s.window.car[s.sample.member[i]];
  for (size_t i = 0; i < n; i++) {
    double mean, t;
    leave_out(car, n, i, &mean, &t);
    low = fmin(low, mean);
    high = fmax(high, mean);
    t_low = fmin(t_low, t);
    t_high = fmax(t_high, t);
  }
  g_assert_cmpuint(row->n, ==, n);
  g_assert_cmpuint(row->row, ==, (2 * FEW / 3) | 1);
  /* Sums of 900 numbers of size 0.05: 1e-12 leaves three digits. */
  assert_close(row->caar_min, low, 1e-12);
  assert_close(row->caar_max, high, 1e-12);
  assert_close(row->caar_without, high, 1e-12); /* without the lowest */
  assert_close(row->t_min, t_low, 1e-12);
  assert_close(row->t_max, t_high, 1e-12);
  g_free(s.model.influence);
  study_clear(&s);
}

/* The same bits on any number of threads; the first of those that lie equally far is named. */
static void test_threads(void) {
  const unsigned threads[] = {1, 2, 7};
  study s;
  study_init(&s, N);
  double mean = 0;
  aft_influence_row first = {.n = 0};
  s.window.car[(4 * N / 3) | 1] = s.window.car[(2 * N / 3) | 1];
  for (size_t k = 0; k < G_N_ELEMENTS(threads); k++) {
    aft_study_measure_influence(&s.model, &s.config, threads[k]);
    const aft_influence_row *row = s.model.influence;
    if (k == 0) first = *row;
    g_assert_cmpuint(row->row, ==, (2 * N / 3) | 1);
    g_assert_true(row->caar_min == first.caar_min && row->caar_max == first.caar_max);
    g_assert_true(row->t_min == first.t_min && row->t_max == first.t_max && row->caar_without == first.caar_without);
    g_free(s.model.influence);
  }
  for (size_t i = 0; i < N; i++)
    if (!isnan(s.window.car[s.sample.member[i]])) mean += s.window.car[s.sample.member[i]] / (double)first.n;
  g_assert_true(first.caar_min < mean && mean < first.caar_max);
  study_clear(&s);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/influence/definition", test_definition);
  g_test_add_func("/influence/threads", test_threads);
  return g_test_run();
}
