/*
 * A model fitted to many events at once against each event by itself: whatever events share, and in whichever order and in how many
 * threads they are fitted, each row is that of a plain regression on its own observations.
 */
#include "study/study_internal.h"

#include "support/support.h"

#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SECURITIES = 25, N_SESSIONS = 260, N_FACTORS = 5, N_EVENTS = 900, MOST_COEF = 6 };
enum { FIRST_EST = -90, LAST_EST = -6, FIRST_REL = -3, LAST_REL = 3 };

static const char study_text[] =
    "{\"title\": \"fits\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"M\", \"factors\": \"f.csv\","
    "\"events\": \"e.csv\", \"estimation\": {\"first\": -90, \"last\": -6, \"min_obs\": 40},"
    "\"event_window\": {\"first\": -3, \"last\": 3}, \"windows\": [[-1, 1]],"
    "\"models\": [\"market_model\", \"capm\", \"ff3\", \"ff5\", {\"name\": \"ff5\", \"label\": \"origin\", \"alpha\": false}]}";

static void read_config(aft_config *config) {
  g_autoptr(GError) error = NULL;
  char *folder = support_temp_dir();
  g_autofree char *path = support_write(folder, "study.json", study_text);
  bool ok = aft_config_read(config, path, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  support_remove(folder);
}

/*
 * Row 0 is the market, row 2 never varies. Returns are missing here and there, and on some days a factor; one return in 200 is an outlier,
 * and on one day a factor, which then carries all of its variation: without that day's return a security knows little of it.
 */
static void make_panel(aft_panel *panel, GRand *draws) {
  static const char *const names[] = {"mkt_rf", "smb", "hml", "rmw", "cma", NULL};
  size_t cells = (size_t)N_SECURITIES * N_SESSIONS;
  *panel = (aft_panel){.n_sessions = N_SESSIONS,
                       .n_securities = N_SECURITIES,
                       .symbols = g_new0(char *, N_SECURITIES + 1),
                       .returns = g_new(double, cells),
                       .day = g_new(aft_day, N_SESSIONS),
                       .n_factors = N_FACTORS,
                       .factors = g_new(double, N_FACTORS *N_SESSIONS),
                       .rf = g_new(double, N_SESSIONS)};
  panel->factor_names = g_strdupv((char **)(guintptr)names);
  for (int i = 0; i < N_FACTORS * N_SESSIONS; i++) panel->factors[i] = 0.02 * (g_rand_double(draws) - 0.5);
  panel->factors[2 * N_SESSIONS + 131] = panel->factors[4 * N_SESSIONS + 133] = (double)NAN;
  panel->factors[3 * N_SESSIONS + 190] = 50;
  for (int t = 0; t < N_SESSIONS; t++) panel->day[t] = t;
  for (int t = 0; t < N_SESSIONS; t++) panel->rf[t] = 0.0001 * g_rand_double(draws);
  for (size_t i = 0; i < cells; i++) {
    size_t t = i % N_SESSIONS;
    double own = i < N_SESSIONS ? 0 : 0.05 * (g_rand_double(draws) - 0.5);
    if (g_rand_double(draws) < 0.005) own *= 1e4;
    panel->returns[i] = panel->factors[t] * (double)(1 + i / N_SESSIONS % 3) + own;
    if (i / N_SESSIONS == 2) panel->returns[i] = 0.1;
    if (i / N_SESSIONS % 4 == 1 && t == 190) panel->returns[i] = (double)NAN;
    if (i / N_SESSIONS % 4 == 1 && g_rand_double(draws) < 0.1) panel->returns[i] = (double)NAN;
  }
  for (size_t i = 0; i < N_SECURITIES; i++) panel->symbols[i] = i == 0 ? g_strdup("M") : g_strdup_printf("S%zu", i);
  panel->gap_returns = panel->returns;
  panel->market = panel->returns;
}

static void clear_panel(aft_panel *panel) {
  g_strfreev(panel->symbols);
  g_strfreev(panel->factor_names);
  g_free(panel->returns);
  g_free(panel->day);
  g_free(panel->factors);
  g_free(panel->rf);
}

static void draw_events(aft_event *rows, GRand *draws) {
  for (size_t i = 0; i < N_EVENTS; i++) {
    long session = g_rand_int_range(draws, 20, N_SESSIONS - LAST_REL); /* the first have few observations */
    rows[i] = (aft_event){.event = "", .symbol = "", .group = ""};
    rows[i].security = rows[i].firm = g_rand_int_range(draws, 1, N_SECURITIES);
    rows[i].column = (int32_t)session;
  }
}

/* What the model compares the session with, the constant included; false when something is missing. */
static bool take_row(const aft_panel *panel, const aft_model_spec *spec, long t, double *x, int *k) {
  const char *name = spec->model->name;
  int n_factors = strcmp(name, "ff5") == 0 ? 5 : strcmp(name, "ff3") == 0 ? 3 : 1;
  bool whole = t >= 0;
  *k = 0;
  if (spec->options.alpha) x[(*k)++] = 1;
  for (int j = 0; j < n_factors; j++) {
    double value = t < 0 ? (double)NAN : panel->factors[j * N_SESSIONS + t];
    if (t >= 0 && strcmp(name, "market_model") == 0) value = panel->market[t];
    whole = whole && !isnan(value);
    x[(*k)++] = value;
  }
  return whole;
}

static double take_return(const aft_panel *panel, const aft_model_spec *spec, long security, long t) {
  if (t < 0) return (double)NAN;
  bool excess = strcmp(spec->model->name, "market_model") != 0;
  return panel->returns[security * N_SESSIONS + t] - (excess ? panel->rf[t] : 0);
}

/* Observation by observation into one matrix, and one factorisation for the event alone. */
static void check_event(const aft_model_result *model, const aft_panel *panel, const aft_event *event, size_t row) {
  enum { MOST = LAST_EST - FIRST_EST + 1 };
  const aft_abnormal *a = &model->abnormal;
  double x[MOST * MOST_COEF], y[MOST], line[MOST_COEF], b[MOST_COEF], r[MOST_COEF * MOST_COEF], rows[MOST][MOST_COEF];
  int n = 0, k = 0;
  for (int t = FIRST_EST; t <= LAST_EST; t++) {
    double value = take_return(panel, model->spec, event->security, event->column + t);
    if (!take_row(panel, model->spec, event->column + t, rows[n], &k) || isnan(value)) continue;
    y[n++] = value;
  }
  for (int i = 0; i < n; i++)
    for (int j = 0; j < k; j++) x[j * n + i] = rows[i][j];
  double spread = 0, rss = 0;
  for (int i = 0; i < n; i++) spread = fmax(spread, fabs(y[i]));
  g_assert_cmpint(a->fit[row].n_obs, ==, n);
  g_assert_true(aft_ols_fit(x, y, n, k, b, r));
  for (int i = k; i < n; i++) rss += y[i] * y[i];
  double sigma = sqrt(rss / (n - k));
  assert_close(a->fit[row].sigma, sigma, 1e-10);
  const aft_coefficient *term = model->coefficient + row * (size_t)model->width;
  for (int j = 0; j < k; j++) g_assert_cmpfloat(fabs(term[j].estimate - b[j]), <=, 1e-10 * fmax(fabs(b[j]), spread));
  double car = 0, sum[MOST_COEF] = {0}, z[MOST_COEF], variance = 3 * sigma * sigma;
  bool whole = true;
  for (int t = -1; t <= 1; t++) {
    whole = take_row(panel, model->spec, event->column + t, line, &k) && whole;
    car += take_return(panel, model->spec, event->security, event->column + t);
    for (int j = 0; j < k; j++) {
      car -= b[j] * line[j];
      sum[j] += line[j];
    }
  }
  if (!whole || isnan(car)) {
    g_assert_true(isnan(model->windows[0].car[row]));
    return;
  }
  aft_ols_leverage_row(r, k, sum, z);
  for (int j = 0; j < k; j++) variance += sigma * sigma * z[j] * z[j];
  g_assert_cmpfloat(fabs(model->windows[0].car[row] - car), <=, 1e-10 * fmax(fabs(car), spread));
  assert_close(model->windows[0].variance[row], variance, 1e-10);
}

typedef struct fixture {
  aft_config config;
  aft_panel panel;
  aft_events events;
  aft_event rows[N_EVENTS];
} fixture;

static void set_up(fixture *f, gconstpointer data) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(7);
  (void)data;
  read_config(&f->config);
  make_panel(&f->panel, draws);
  draw_events(f->rows, draws);
  f->events = (aft_events){.n = N_EVENTS, .rows = f->rows};
}

static void tear_down(fixture *f, gconstpointer data) {
  (void)data;
  aft_config_clear(&f->config);
  clear_panel(&f->panel);
}

static void fit(const fixture *f, const aft_config *config, size_t m, unsigned n_threads, aft_model_result *model) {
  const aft_result study = {.config = config, .panel = &f->panel, .events = &f->events, .focus = -1};
  GError *error = NULL;
  *model = (aft_model_result){.spec = &config->models[m]};
  g_assert_true(aft_study_estimate(model, &study, n_threads, &error));
  g_assert_no_error(error);
}

static void test_alone(fixture *f, gconstpointer data) {
  (void)data;
  for (size_t m = 0; m < f->config.n_models; m++) {
    aft_model_result model;
    size_t n_whole = 0;
    fit(f, &f->config, m, 1, &model);
    g_assert_cmpuint(model.abnormal.n_events, >, N_EVENTS / 2);
    g_assert_cmpuint(model.abnormal.n_events, <, N_EVENTS); /* some have too few observations */
    for (size_t row = 0; row < model.abnormal.n_events; row++) {
      check_event(&model, &f->panel, &f->rows[model.abnormal.event[row]], row);
      n_whole += model.abnormal.fit[row].n_obs == LAST_EST - FIRST_EST + 1;
    }
    g_assert_cmpuint(n_whole, >, 100);
    g_assert_cmpuint(n_whole, <, model.abnormal.n_events - 100);
    aft_study_clear_model(&model, f->config.n_windows);
  }
}

static void assert_same(const double *one, const double *other, size_t n) {
  for (size_t i = 0; i < n; i++) g_assert_true(one[i] == other[i] || (isnan(one[i]) && isnan(other[i])));
}

static void compare(const aft_model_result *one, const aft_model_result *other) {
  const aft_abnormal *a = &one->abnormal, *b = &other->abnormal;
  size_t n = a->n_events, width = (size_t)one->width;
  g_assert_cmpuint(n, ==, b->n_events);
  assert_same(a->abnormal, b->abnormal, n * (size_t)a->n_rel);
  for (size_t i = 0; i < n * width; i++) {
    assert_same(&one->coefficient[i].estimate, &other->coefficient[i].estimate, 1);
    assert_same(&one->coefficient[i].standard_error, &other->coefficient[i].standard_error, 1);
  }
  assert_same(one->windows[0].car, other->windows[0].car, n);
  assert_same(one->windows[0].variance, other->windows[0].variance, n);
  for (size_t i = 0; i < n; i++) {
    g_assert_cmpuint(a->event[i], ==, b->event[i]);
    assert_same(&a->fit[i].sigma, &b->fit[i].sigma, 1);
    g_assert_cmpint(a->fit[i].first_used, ==, b->fit[i].first_used);
    g_assert_cmpint(a->fit[i].last_used, ==, b->fit[i].last_used);
  }
}

/* No bit depends on the threads, nor on whether the days are kept. */
static void test_bits(fixture *f, gconstpointer data) {
  (void)data;
  for (size_t m = 0; m < f->config.n_models; m++) {
    aft_config lean = f->config;
    aft_model_result one, other;
    lean.tables = AFT_TABLES_EVENTS;
    lean.n_tests = 0;
    fit(f, &f->config, m, 1, &one);
    for (unsigned threads = 1; threads < 6; threads += 2) {
      fit(f, &lean, m, threads, &other);
      g_assert_null(other.abnormal.residual);
      compare(&one, &other);
      aft_study_clear_model(&other, f->config.n_windows);
    }
    aft_study_clear_model(&one, f->config.n_windows);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add("/estimate/alone", fixture, NULL, set_up, test_alone, tear_down);
  g_test_add("/estimate/bits", fixture, NULL, set_up, test_bits, tear_down);
  return g_test_run();
}
