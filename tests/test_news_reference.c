/* stats/correlate, stats/moves: the numbers of reference/news, which another program computed. */
#include "support/support.h"

#include <aftershock/stats/adjust.h>
#include <aftershock/stats/correlate.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/moves.h>

#include <glib.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST = 200 };

/* Statistics 1e-9, p-values of continuous distributions 1e-8, shares of shifts 1e-12: they are counts. */
static const double statistic = 1e-9, continuous = 1e-8, counted = 1e-12;

static json_t *read_json(const char *name) {
  g_autofree char *path = support_source(name);
  json_error_t problem;
  json_t *root = json_load_file(path, 0, &problem);
  g_assert_nonnull(root);
  return root;
}

/* null is NaN. */
static size_t read_series(const json_t *list, double *out) {
  size_t n = json_array_size(list);
  g_assert_cmpuint(n, <=, MOST);
  for (size_t i = 0; i < n; i++) {
    const json_t *value = json_array_get(list, i);
    out[i] = json_is_null(value) ? (double)NAN : json_number_value(value);
  }
  return n;
}

static double number(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  g_assert_nonnull(value);
  return json_is_null(value) ? (double)NAN : json_number_value(value);
}

static void check_series(const json_t *expected, const double *actual, double tolerance) {
  double values[MOST];
  size_t n = read_series(expected, values);
  g_assert_cmpuint(n, >, 0);
  for (size_t i = 0; i < n; i++) assert_close(actual[i], values[i], tolerance);
}

static enum aft_correlation find_kind(const char *name) {
  for (int kind = 0; kind < AFT_CORRELATION_N_KINDS; kind++)
    if (strcmp(aft_correlation_name((enum aft_correlation)kind), name) == 0) return (enum aft_correlation)kind;
  g_assert_not_reached();
}

static void check_correlation(const json_t *input, const json_t *expected) {
  double x[MOST], y[MOST];
  aft_correlation_row rows[2 * MOST];
  size_t n = read_series(json_object_get(input, "x"), x);
  g_assert_cmpuint(read_series(json_object_get(input, "y"), y), ==, n);
  int max_lag = (int)json_integer_value(json_object_get(input, "max_lag"));
  aft_correlate_lags(find_kind(json_string_value(json_object_get(input, "kind"))), x, y, n, max_lag, rows);
  const json_t *list = json_object_get(expected, "rows"), *row;
  size_t i;
  g_assert_cmpuint(json_array_size(list), ==, 2 * (size_t)max_lag + 1);
  json_array_foreach(list, i, row) {
    g_assert_cmpint(rows[i].lag, ==, json_integer_value(json_object_get(row, "lag")));
    g_assert_cmpint((gint64)rows[i].n, ==, json_integer_value(json_object_get(row, "n")));
    assert_close(rows[i].r, number(row, "r"), statistic);
    assert_close(rows[i].p_naive, number(row, "p_naive"), continuous);
    assert_close(rows[i].n_eff, number(row, "n_eff"), statistic);
    assert_close(rows[i].p_eff, number(row, "p_eff"), continuous);
    assert_close(rows[i].p_shift, number(row, "p_shift"), counted);
    assert_close(rows[i].p_max, number(row, "p_max"), counted);
  }
}

static void test_correlations(void) {
  json_t *input = read_json("reference/news/input.json"), *expected = read_json("reference/news/expected.json"), *item;
  size_t i;
  g_assert_cmpuint(json_array_size(json_object_get(input, "correlate")), ==, 3);
  json_array_foreach(json_object_get(input, "correlate"), i, item)
      check_correlation(item, json_array_get(json_object_get(expected, "correlate"), i));
  json_decref(input);
  json_decref(expected);
}

static void test_granger(void) {
  json_t *input = read_json("reference/news/input.json"), *expected = read_json("reference/news/expected.json");
  const json_t *in = json_array_get(json_object_get(input, "granger"), 0),
               *out = json_array_get(json_object_get(expected, "granger"), 0);
  double x[MOST], y[MOST];
  size_t n = read_series(json_object_get(in, "x"), x);
  g_assert_cmpuint(read_series(json_object_get(in, "y"), y), ==, n);
  aft_granger granger;
  aft_granger_compute(y, x, n, (int)json_integer_value(json_object_get(in, "p")), &granger);
  g_assert_cmpint((gint64)granger.n, ==, json_integer_value(json_object_get(out, "n")));
  assert_close(granger.f, number(out, "stat"), statistic);
  assert_close(granger.df1, json_number_value(json_array_get(json_object_get(out, "df"), 0)), 0);
  assert_close(granger.df2, json_number_value(json_array_get(json_object_get(out, "df"), 1)), 0);
  assert_close(granger.p_value, number(out, "p"), continuous);
  json_decref(input);
  json_decref(expected);
}

static void check_mad(const double *x, size_t n, const json_t *expected) {
  double work[2 * 60], z[MOST];
  aft_moves_mad(x, n, 60, 30, work, z);
  check_series(json_object_get(expected, "z"), z, statistic);
}

static void check_lee_mykland(const double *x, size_t n, const json_t *expected) {
  double l[MOST], value[MOST], p[MOST], centre, scale;
  size_t defined = aft_moves_lee_mykland(x, n, 16, l);
  g_assert_cmpint((gint64)defined, ==, json_integer_value(json_object_get(expected, "n")));
  aft_moves_gumbel(defined, &centre, &scale);
  assert_close(centre, number(expected, "C"), statistic);
  assert_close(scale, number(expected, "S"), statistic);
  for (size_t i = 0; i < n; i++) {
    value[i] = (fabs(l[i]) - centre) / scale;
    p[i] = aft_moves_gumbel_p_value(l[i], centre, scale);
    bool flagged = value[i] > number(expected, "threshold");
    g_assert_cmpint(flagged, ==, json_is_true(json_array_get(json_object_get(expected, "flag"), i)));
  }
  check_series(json_object_get(expected, "L"), l, statistic);
  check_series(json_object_get(expected, "x"), value, statistic);
  check_series(json_object_get(expected, "p"), p, continuous);
}

static void check_studentized(const json_t *data, const json_t *expected) {
  double x[2 * MOST], y[MOST], work[3 * MOST], coef[2], residual[MOST], t[MOST], p[MOST], adjusted[MOST];
  const json_t *returns = json_object_get(data, "returns");
  size_t n = read_series(json_object_get(returns, "F"), y);
  for (size_t i = 0; i < n; i++) x[i] = 1;
  g_assert_cmpuint(read_series(json_object_get(returns, "M"), x + n), ==, n);
  double df = aft_moves_studentized(x, y, n, 2, work, coef, residual, t);
  for (size_t i = 0; i < n; i++) p[i] = aft_t_p_value(t[i], df);
  check_series(json_object_get(expected, "t"), t, statistic);
  check_series(json_object_get(expected, "p"), p, continuous);
  aft_adjust_bonferroni(p, n, adjusted);
  check_series(json_object_get(expected, "p_bonferroni"), adjusted, continuous);
  aft_adjust_bh(p, n, adjusted);
  check_series(json_object_get(expected, "p_bh"), adjusted, continuous);
}

static void test_moves(void) {
  json_t *input = read_json("reference/news/input.json"), *expected = read_json("reference/news/expected.json");
  const json_t *in = json_object_get(input, "moves"), *out = json_object_get(expected, "moves");
  double x[MOST];
  size_t n = read_series(json_object_get(json_array_get(in, 0), "series"), x);
  check_mad(x, n, json_array_get(out, 0));
  check_studentized(json_object_get(input, "data"), json_array_get(out, 1));
  n = read_series(json_object_get(json_array_get(in, 2), "series"), x);
  check_lee_mykland(x, n, json_array_get(out, 2));
  json_decref(input);
  json_decref(expected);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/news-reference/correlations", test_correlations);
  g_test_add_func("/news-reference/granger", test_granger);
  g_test_add_func("/news-reference/moves", test_moves);
  return g_test_run();
}
