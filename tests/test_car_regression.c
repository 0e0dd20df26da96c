/* study/car_regression: dummies and bases by hand, who enters, clusters and weights, and what is undefined. */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/library.h>
#include <aftershock/study/car_regression.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 6 };

/* Six events of one day, CARs as given, variance 1 but for the events that are said otherwise. */
typedef struct crowd {
  support_sample sample;
  guint32 event[N];
  aft_car_term term;
  char *missing[N];
  aft_car_regression_spec spec;
} crowd;

static void start(crowd *c, const double *car) {
  *c = (crowd){.term = {.name = (char *)(guintptr) "size"}};
  support_sample_init(&c->sample, N, 4, 0, 1);
  aft_abnormal *a = &c->sample.abnormal;
  a->event = c->event;
  for (size_t i = 0; i < N; i++) {
    c->event[i] = (guint32)(N - 1 - i); /* events stand in another order than rows */
    a->abnormal[i] = car[i];
    a->h[i] = 1;
    a->z[2 * i] = a->z[2 * i + 1] = 0;
  }
  size_t n;
  c->spec = (aft_car_regression_spec){.name = (char *)(guintptr) "r",
                                      .terms = &c->term,
                                      .n_terms = 1,
                                      .errors = aft_car_errors_table(&n),
                                      .n_events = N,
                                      .missing = c->missing};
}

static const aft_car_errors *errors_named(const char *name) {
  size_t n;
  const aft_car_errors *table = aft_car_errors_table(&n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  g_assert_not_reached();
}

static aft_car_regression_row fit(crowd *c) {
  aft_car_regression_row row = {.spec = &c->spec};
  aft_car_regression_fit(&c->sample.abnormal, c->sample.member, N, &row);
  return row;
}

static void finish(crowd *c, aft_car_regression_row *row) {
  aft_car_regression_row_clear(row);
  support_sample_clear(&c->sample);
}

/* CAR = 1 + 2 size + e with e = +-1 that is orthogonal to size. */
static void test_line(void) {
  const double car[N] = {1 + 2 * 0 + 1, 1 + 2 * 1 - 1, 1 + 2 * 2 + 0, 1 + 2 * 2 + 0, 1 + 2 * 3 - 1, 1 + 2 * 4 + 1};
  double size[N] = {4, 3, 2, 2, 1, 0}; /* by event: row i is event 5 - i */
  crowd c;
  start(&c, car);
  c.term.value = size;
  c.spec.errors = errors_named("ols");
  aft_car_regression_row row = fit(&c);
  g_assert_cmpuint(row.n, ==, N);
  g_assert_cmpint(row.k, ==, 2);
  g_assert_cmpstr(row.terms[0], ==, "constant");
  g_assert_cmpstr(row.terms[1], ==, "size");
  g_assert_null(row.terms[2]);
  assert_close(row.fit.coefficient[0], 1, 1e-13);
  assert_close(row.fit.coefficient[1], 2, 1e-13);
  assert_close(row.fit.standard_error[1], sqrt(4.0 / 4 / 10), 1e-13); /* s^2 = 4/4, Sxx = 10 */
  assert_close(row.fit.r_squared, 1 - 4.0 / 44, 1e-13);
  assert_close(row.fit.f, 2 * 2 / 0.1, 1e-12);
  finish(&c, &row);
}

/* Means of labels: constant is the base's, dummies are differences; HC2 is Welch's variance. */
static void test_labels(void) {
  const double car[N] = {1, 3, 10, 14, 18, 5};
  char *label[N] = {(char *)(guintptr) "b", (char *)(guintptr) "c", (char *)(guintptr) "c",
                    (char *)(guintptr) "c", (char *)(guintptr) "a", (char *)(guintptr) "a"};
  crowd c; /* rows 0 and 1 are "a", rows 2 to 4 "c", row 5 "b" */
  start(&c, car);
  c.term.categorical = true;
  c.term.label = label;
  c.missing[0] = (char *)(guintptr) "no value"; /* event 0 is row 5: "b" has no event left */
  c.spec.errors = errors_named("hc2");
  aft_car_regression_row row = fit(&c);
  g_assert_cmpuint(row.n, ==, 5);
  g_assert_cmpuint(row.without_covariates, ==, 1);
  g_assert_cmpuint(row.without_car, ==, 0);
  g_assert_cmpint(row.k, ==, 2);
  g_assert_cmpstr(row.terms[1], ==, "size:c");
  assert_close(row.fit.coefficient[0], 2, 1e-13);
  assert_close(row.fit.coefficient[1], 12, 1e-13);
  assert_close(row.fit.standard_error[1], sqrt(2.0 / 2 + 16.0 / 3), 1e-12);
  aft_car_regression_row_clear(&row);
  c.term.base = (char *)(guintptr) "c";
  row = fit(&c);
  g_assert_cmpstr(row.terms[1], ==, "size:a");
  assert_close(row.fit.coefficient[0], 14, 1e-13);
  assert_close(row.fit.coefficient[1], -12, 1e-13);
  aft_car_regression_row_clear(&row);
  c.term.base = (char *)(guintptr) "b";
  row = fit(&c);
  g_assert_cmpint(row.k, ==, 0);
  g_assert_cmpstr(row.fit.note, ==, "no event has the base of a categorical term");
  finish(&c, &row);
}

/* A CAR that is missing leaves; with weights, so does one without a variance; 1/Var weighs the rest. */
static void test_weights(void) {
  const double car[N] = {2, 4, (double)NAN, 9, 1, 7};
  double size[N] = {1, 0, 1, 0, 1, 0}; /* rows 1, 3, 5 have 1; rows 0, 2, 4 have 0 */
  crowd c;
  start(&c, car);
  double *h = c.sample.abnormal.h;
  c.term.value = size;
  h[0] = 0.5;
  h[3] = 0;
  h[1] = 4;
  c.spec.by_variance = true;
  aft_car_regression_row row = fit(&c);
  g_assert_cmpuint(row.n, ==, 4);
  g_assert_cmpuint(row.without_car, ==, 2);
  assert_close(row.fit.coefficient[0], (2 * 2.0 + 1) / 3, 1e-13);
  assert_close(row.fit.coefficient[1], (4 / 4.0 + 7) / 1.25 - 5.0 / 3, 1e-13);
  aft_car_regression_row_clear(&row);
  c.spec.by_variance = false;
  row = fit(&c);
  g_assert_cmpuint(row.n, ==, 5);
  finish(&c, &row);
}

/* Three dates of two events, two firms: as many clusters. */
static void test_clusters(void) {
  const double car[N] = {1, 3, 2, 7, 4, 8};
  double size[N] = {3, 1, 4, 1, 5, 9};
  crowd c;
  start(&c, car);
  for (int i = 0; i < N; i++) {
    c.sample.abnormal.session[i] = i / 2;
    c.sample.abnormal.security[i] = i % 2;
  }
  c.term.value = size;
  c.spec.errors = errors_named("cluster_date");
  aft_car_regression_row row = fit(&c);
  g_assert_cmpfloat(row.fit.df, ==, 2);
  aft_car_regression_row_clear(&row);
  c.spec.errors = errors_named("cluster_firm");
  row = fit(&c);
  g_assert_cmpfloat(row.fit.df, ==, 1);
  aft_car_regression_row_clear(&row);
  for (int i = 0; i < N; i++) c.sample.abnormal.session[i] = 5;
  c.spec.errors = errors_named("cluster_date");
  row = fit(&c);
  g_assert_cmpstr(row.fit.note, ==, "fewer than 2 clusters");
  g_assert_false(isnan(row.fit.coefficient[1]));
  finish(&c, &row);
}

static void test_too_many_labels(void) {
  enum { MANY = AFT_OLS_MAX_COEF + 5 };
  support_sample sample;
  guint32 event[MANY];
  size_t n;
  char *label[MANY], *missing[MANY] = {NULL};
  support_sample_init(&sample, MANY, 4, 0, 1);
  for (size_t i = 0; i < MANY; i++) {
    event[i] = (guint32)i;
    label[i] = g_strdup_printf("l%zu", i);
    sample.abnormal.abnormal[i] = (double)(i * i % 7);
    sample.abnormal.h[i] = 1;
    sample.abnormal.z[2 * i] = sample.abnormal.z[2 * i + 1] = 0;
  }
  sample.abnormal.event = event;
  aft_car_term term = {.name = (char *)(guintptr) "firm", .categorical = true, .label = label};
  aft_car_regression_spec spec = {.terms = &term, .n_terms = 1, .errors = aft_car_errors_table(&n), .missing = missing};
  aft_car_regression_row row = {.spec = &spec};
  aft_car_regression_fit(&sample.abnormal, sample.member, MANY, &row);
  g_assert_cmpstr(row.fit.note, ==, "a categorical term has too many labels");
  aft_car_regression_row_clear(&row);
  for (size_t i = 0; i < MANY; i++) g_free(label[i]);
  support_sample_clear(&sample);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/car-regression/line", test_line);
  g_test_add_func("/car-regression/labels", test_labels);
  g_test_add_func("/car-regression/weights", test_weights);
  g_test_add_func("/car-regression/clusters", test_clusters);
  g_test_add_func("/car-regression/too-many-labels", test_too_many_labels);
  return g_test_run();
}
