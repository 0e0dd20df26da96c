/* The specification curve against the slow way: a study of its own for every specification and every date. */
#include "support/support.h"

#include <aftershock/stats/random.h>
#include <aftershock/study/robust.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_FIRMS = 3, N_SESSIONS = 260, EVENT = 170 };

/* A market F0 and firms on a one-factor model. */
typedef struct world {
  aft_config config;
  char *symbols[N_FIRMS + 2], nothing[1];
  aft_day day[N_SESSIONS];
  double returns[(N_FIRMS + 1) * N_SESSIONS];
  aft_panel panel;
  aft_event rows[2];
  aft_events events;
} world;

static const char study_text[] =
    "{\"title\": \"t\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"F0\", \"events\": \"e.csv\",\n"
    " \"estimation\": {\"first\": -60, \"last\": -6, \"min_obs\": 40}, \"event_window\": {\"first\": -5, \"last\": 5},\n"
    " \"windows\": [[0, 0], [-1, 2]], \"tests\": [\"sq\"],\n"
    " \"robust\": {\"windows\": [[0, 0], [-1, 2], [-5, 5]], \"estimation\": [[-60, -6], [-40, -8]],\n"
    "  \"benchmarks\": [\"F0\", \"F2\"]%s}}";

static void world_init(world *w, const char *more, uint64_t key) {
  uint64_t index = 0;
  GError *error = NULL;
  char *folder = support_temp_dir();
  g_autofree char *text = g_strdup_printf(study_text, more);
  g_autofree char *path = support_write(folder, "study.json", text);
  memset(w, 0, sizeof *w);
  g_assert_true(aft_config_read(&w->config, path, &error));
  g_assert_no_error(error);
  support_remove(folder);
  for (size_t i = 0; i <= N_FIRMS; i++) w->symbols[i] = g_strdup_printf("F%zu", i);
  for (int t = 0; t < N_SESSIONS; t++) w->day[t] = (aft_day)t;
  for (size_t t = 0; t < N_SESSIONS; t++) w->returns[t] = 0.01 * aft_random_normal(key, index++);
  for (size_t i = 1; i <= N_FIRMS; i++)
    for (size_t t = 0; t < N_SESSIONS; t++)
      w->returns[i * N_SESSIONS + t] = 1.2 * w->returns[t] + 0.02 * aft_random_normal(key, index++);
  w->panel = (aft_panel){.n_sessions = N_SESSIONS,
                         .n_securities = N_FIRMS + 1,
                         .symbols = w->symbols,
                         .day = w->day,
                         .returns = w->returns,
                         .market = w->returns};
  for (int i = 0; i < 2; i++)
    w->rows[i] = (aft_event){.event = i == 0 ? "e" : "f",
                             .symbol = w->symbols[1],
                             .group = w->nothing,
                             .article = w->nothing,
                             .published = w->nothing,
                             .alignment = {.session = EVENT, .other = -1},
                             .security = 1,
                             .firm = 1,
                             .column = EVENT};
  w->events = (aft_events){.n = 1, .rows = w->rows};
}

static void world_clear(world *w) {
  for (size_t i = 0; i <= N_FIRMS; i++) g_free(w->symbols[i]);
  aft_config_clear(&w->config);
}

/* t of one specification with the event on some session, by a study of nothing else. */
static double study_t(const world *w, const aft_robust *robust, const aft_specification *spec, long column,
                      double *car) {
  g_autofree double *returns = g_memdup2(w->returns, sizeof w->returns);
  aft_panel panel = w->panel;
  aft_config config = w->config;
  aft_event event = w->rows[0];
  const aft_events events = {.n = 1, .rows = &event};
  aft_warnings warnings;
  aft_result result;
  GError *error = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(w->returns) && spec->is_log; i++) returns[i] = log(1 + returns[i]);
  panel.returns = returns;
  panel.market = returns + (spec->benchmark == 1 ? 2 * N_SESSIONS : 0);
  config.models = &robust->models[spec->model];
  config.n_models = 1;
  config.windows = &config.robust.windows[spec->window];
  config.n_windows = 1;
  config.first_est = config.robust.estimation[spec->estimation].first;
  config.last_est = config.robust.estimation[spec->estimation].last;
  config.min_obs = spec->estimation == 0 ? 40 : 29;
  config.log_returns = spec->is_log;
  event.column = (int32_t)column;
  aft_warnings_init(&warnings);
  g_assert_true(aft_study_run(&result, &config, &panel, &events, 1, &warnings, &error));
  double t = result.models[0].abnormal.n_events > 0 ? result.models[0].windows[0].scar[0] : (double)NAN;
  *car = isnan(t) ? (double)NAN : result.models[0].windows[0].car[0];
  aft_result_clear(&result);
  aft_warnings_clear(&warnings);
  return t;
}

static int compare_numbers(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

/* The three statistics of a date, from studies alone: the larger of those at the date and, if asked for, one session later. */
static void slow_statistics(const world *w, const aft_robust *robust, long column, double out[3]) {
  g_autofree double *t = g_new(double, robust->n_specs);
  memset(out, 0, 3 * sizeof *out);
  for (size_t k = 0; k < robust->sessions->len; k++) {
    size_t n = 0, hits[2] = {0, 0};
    double sum = 0, car;
    for (size_t s = 0; s < robust->n_specs; s++) {
      const aft_specification *spec = &robust->specs[s];
      if (spec->session != k || spec->reason != NULL) continue;
      t[n] = study_t(w, robust, spec, column + (long)k, &car);
      g_assert_false(isnan(t[n]));
      sum += t[n];
      /* The quantile of the event's fit: that of a placebo may have an observation less, which no t here is near enough to see. */
      if (fabs(t[n]) >= (spec->estimate - spec->ci_low) / spec->standard_error) hits[t[n] > 0]++;
      n++;
    }
    qsort(t, n, sizeof *t, compare_numbers);
    out[0] = fmax(out[0], fabs(n % 2 == 1 ? t[n / 2] : (t[n / 2 - 1] + t[n / 2]) / 2));
    out[1] = fmax(out[1], (double)MAX(hits[0], hits[1]) / (double)n);
    out[2] = fmax(out[2], fabs(sum / (double)n));
  }
}

static void check_specifications(const world *w, const aft_robust *robust) {
  for (size_t s = 0; s < robust->n_specs; s++) {
    const aft_specification *spec = &robust->specs[s];
    double car, t = study_t(w, robust, spec, EVENT + (long)spec->session, &car);
    /* The same fit; only the last bits of ln(1 + R) and of sums in another grid may differ. */
    assert_close(spec->statistic, t, 1e-9);
    assert_close(spec->estimate, car, 1e-9);
    if (s > 0) g_assert_false(spec->estimate < robust->specs[s - 1].estimate);
  }
}

static void check_joint(const world *w, const aft_robust *robust) {
  size_t n = 1 + robust->n_placebos, extreme[3] = {0};
  for (size_t d = 0; d < n; d++) {
    double slow[3];
    slow_statistics(w, robust, d == 0 ? EVENT : robust->placebo[d - 1], slow);
    for (size_t i = 0; i < 3; i++) {
      assert_close(robust->statistic[i * n + d], slow[i], 1e-9);
      extreme[i] += d > 0 && robust->statistic[i * n + d] >= robust->statistic[i * n] - 1e-12;
    }
  }
  for (size_t i = 0; i < 3; i++) assert_close(robust->p_value[i], (1.0 + (double)extreme[i]) / (double)n, 1e-15);
}

static void test_slow_way(void) {
  world w;
  aft_robust robust;
  GError *error = NULL;
  const aft_robust_run run = {.n_threads = 2};
  world_init(&w, ", \"models\": [\"market_model\", \"market_adjusted\", \"constant_mean\", \"huber\"], \"placebos\": 9",
             11);
  w.rows[0].alignment.other = EVENT + 1; /* the session of the event is not certain */
  w.returns[N_SESSIONS + 55] = (double)NAN;
  g_assert_true(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
  /* (three models x two benchmarks + one without) x two forms x two estimation windows x three windows x two sessions: 7 x 2 x 2 x 3 x 2 */
  g_assert_cmpuint(robust.n_specs, ==, 168);
  g_assert_cmpuint(robust.n_defined, ==, robust.n_specs);
  g_assert_cmpuint(robust.n_placebos, ==, 9);
  check_specifications(&w, &robust);
  check_joint(&w, &robust);
  const aft_robust_choice *all = &g_array_index(robust.choices, aft_robust_choice, 0);
  g_assert_cmpuint(robust.choices->len, ==, 1 + 4 + 2 + 2 + 2 + 3 + 2);
  g_assert_cmpuint(all->n, ==, robust.n_specs);
  assert_close(all->p_value, robust.p_value[AFT_ROBUST_MEDIAN], 0);
  aft_robust_clear(&robust);
  world_clear(&w);
}

/* Every session where a placebo may lie is one, and no other: written down again from what the documents say. */
static void test_dates(void) {
  world w;
  aft_robust robust;
  GError *error = NULL;
  const aft_robust_run run = {.n_threads = 1};
  world_init(&w, ", \"models\": [\"market_model\"]", 12);
  w.events.n = 2; /* another event of the same firm, at 100 */
  w.rows[1].column = 100;
  w.rows[1].alignment.session = 100;
  w.returns[N_SESSIONS + 90] = (double)NAN; /* in windows of 85 to 95, an observation less of later ones */
  g_assert_true(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
  size_t n = 0;
  for (long t = 0; t < N_SESSIONS; t++) {
    bool ok = t - 5 >= 0 && t + 5 < N_SESSIONS && !(t - 5 <= 90 && 90 <= t + 5);
    const long events[] = {100, EVENT};
    for (int i = 0; i < 2; i++)
      for (long day = events[i] - 5; day <= events[i] + 5; day++)
        ok = ok && !(t - 5 <= day && day <= t + 5) && !(t - 60 <= day && day <= t - 6);
    long first = MAX(0, t - 60), n_obs = t - 6 - first + 1 - (first <= 90 && 90 <= t - 6);
    long short_first = MAX(0, t - 40), n_short = t - 8 - short_first + 1 - (short_first <= 90 && 90 <= t - 8);
    ok = ok && n_obs >= 40 && n_short >= 29;
    if (ok) g_assert_cmpint(robust.placebo[n++], ==, t);
  }
  g_assert_cmpuint(robust.n_placebos, ==, n);
  g_assert_cmpuint(n, >, 20);
  aft_robust_clear(&robust);
  world_clear(&w);
}

/* What cannot be measured has its reason and is in no statistic; an event that moves is found. */
static void test_undefined(void) {
  world w;
  aft_robust robust;
  GError *error = NULL;
  const aft_robust_run run = {.n_threads = 1};
  world_init(&w, ", \"models\": [\"market_model\", \"constant_mean\"]", 13);
  w.returns[N_SESSIONS + EVENT + 4] = (double)NAN; /* of [-5, 5] alone */
  w.returns[N_SESSIONS + EVENT] -= 0.3;
  g_assert_true(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
  g_assert_cmpuint(robust.n_defined, ==, robust.n_specs / 3 * 2);
  for (size_t s = 0; s < robust.n_specs; s++) {
    bool is_long = robust.specs[s].window == 2;
    g_assert_cmpint(isnan(robust.specs[s].estimate), ==, is_long);
    g_assert_cmpstr(robust.specs[s].reason, ==, is_long ? "an abnormal return of the window is missing" : NULL);
    if (!is_long) g_assert_cmpfloat(robust.specs[s].statistic, <, -4);
  }
  const double least = 1.0 / (1.0 + (double)robust.n_placebos);
  assert_close(robust.p_value[AFT_ROBUST_MEDIAN], least, 1e-15);
  assert_close(robust.p_value[AFT_ROBUST_MEAN], least, 1e-15);
  g_assert_cmpfloat(robust.p_value[AFT_ROBUST_SIGNIFICANT], <, 0.05); /* a share of 1 ties with other shares of 1 */
  aft_robust_clear(&robust);
  /* The benchmark itself has no abnormal return against itself. */
  w.rows[0].security = 0;
  g_assert_true(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
  size_t n = 0;
  for (size_t s = 0; s < robust.n_specs; s++) n += g_strcmp0(robust.specs[s].reason, "the residuals do not vary") == 0;
  g_assert_cmpuint(n, ==, 12);
  aft_robust_clear(&robust);
  /* Nor has an event that was dropped any. */
  w.rows[0].reason = "no usable time";
  g_assert_false(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
  g_assert_nonnull(strstr(error->message, "the event \"e\" of F1 cannot be used: no usable time"));
  g_error_free(error);
  world_clear(&w);
}

/* The mean of two firms: least squares give the mean of their CARs, and a date is no placebo when it is one of either. */
static void test_average(void) {
  world w;
  aft_robust average, single[2];
  GError *error = NULL;
  const aft_robust_run run = {.n_threads = 1};
  const char more[] =
      ", \"models\": [\"market_model\", \"market_adjusted\", \"constant_mean\"], \"alignments\": [\"used\"]";
  world_init(&w, more, 14);
  aft_event rows[] = {w.rows[0], w.rows[0], w.rows[1]};
  rows[1].security = rows[1].firm = 3;
  rows[1].symbol = w.symbols[3];
  rows[2].security = rows[2].firm = 3; /* another story of the second firm */
  rows[2].column = rows[2].alignment.session = 100;
  const aft_events events = {.n = 3, .rows = rows};
  g_assert_true(aft_robust_compute(&average, &w.config, &w.panel, &events, &rows[0], "all", &run, &error));
  g_assert_cmpuint(average.n_members, ==, 2);
  for (int i = 0; i < 2; i++)
    g_assert_true(aft_robust_compute(&single[i], &w.config, &w.panel, &events, &rows[i], NULL, &run, &error));
  for (size_t s = 0; s < average.n_specs; s++) {
    const aft_specification *spec = &average.specs[s];
    double sum = 0;
    for (int i = 0; i < 2; i++)
      for (size_t k = 0; k < single[i].n_specs; k++) {
        const aft_specification *other = &single[i].specs[k];
        if (other->model == spec->model && other->benchmark == spec->benchmark && other->is_log == spec->is_log &&
            other->estimation == spec->estimation && other->window == spec->window)
          sum += other->estimate;
      }
    assert_close(spec->estimate, sum / 2, 1e-9); /* another order of the same sums */
  }
  g_assert_cmpuint(average.n_placebos, ==, single[1].n_placebos);
  g_assert_cmpuint(average.n_placebos, <, single[0].n_placebos);
  for (int i = 0; i < 2; i++) aft_robust_clear(&single[i]);
  aft_robust_clear(&average);
  g_assert_false(aft_robust_compute(&average, &w.config, &w.panel, &events, &rows[2], "all", &run, &error));
  g_assert_nonnull(strstr(error->message, "the story \"f\" has no two usable firms in a group \"all\""));
  g_error_free(error);
  world_clear(&w);
}

/* Of 80 events that do nothing about 8 have p <= 0.1: 2 to 18 with a chance of 99.9 %; slow_specifications.c measures the size. */
static void test_size(void) {
  int rejected = 0;
  const aft_robust_run run = {.n_threads = 1};
  for (uint64_t r = 0; r < 80; r++) {
    world w;
    aft_robust robust;
    GError *error = NULL;
    world_init(&w, ", \"models\": [\"market_model\", \"constant_mean\"]", aft_random_key(r, AFT_STREAM_SIMULATION));
    g_assert_true(aft_robust_compute(&robust, &w.config, &w.panel, &w.events, &w.rows[0], NULL, &run, &error));
    rejected += robust.p_value[AFT_ROBUST_MEDIAN] <= 0.1;
    aft_robust_clear(&robust);
    world_clear(&w);
  }
  g_test_message("%d of 80", rejected);
  g_assert_cmpint(rejected, >=, 2);
  g_assert_cmpint(rejected, <=, 18);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/specifications/slow-way", test_slow_way);
  g_test_add_func("/specifications/dates", test_dates);
  g_test_add_func("/specifications/undefined", test_undefined);
  g_test_add_func("/specifications/average", test_average);
  g_test_add_func("/specifications/size", test_size);
  return g_test_run();
}
