/*
 * Size of the p-values of a case by simulation: a firm and nine others on a one-factor panel, an event that does nothing.
 *
 * A placebo p-value is a rank among values that are exchangeable but for their overlap, so that 5 % of the events should have p <= 0.05; for
 * windows of five sessions the placebo dates overlap, and the rate may be a little off. Both are bounds around what theory says,
 * four Monte Carlo errors wide: 4 sqrt(0.05 x 0.95 / 1000) = 2.8 percentage points, and another 2 for the overlap.
 */
#include "support/support.h"

#include <aftershock/stats/random.h>
#include <aftershock/study/case.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_FIRMS = 10, N_SESSIONS = 370, EVENT = 350, SPELL = 100, REPLICATIONS = 1000 };

/* Percent of rejections over both windows, by kind of p-value. */
typedef struct rates {
  double percent[2][4];
} rates;

static const char *const names[] = {"t", "p_dates", "p_matched", "p_firms"};

static void read_config(aft_config *config) {
  static const char text[] =
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"M\", \"events\": \"e.csv\",\n"
      " \"estimation\": {\"first\": -110, \"last\": -11, \"min_obs\": 100}, \"windows\": [[0, 0], [0, 4]], \"tests\": [\"sq\"]}";
  GError *error = NULL;
  char *folder = support_temp_dir();
  g_autofree char *path = support_write(folder, "study.json", text);
  g_assert_true(aft_config_read(config, path, &error));
  support_remove(folder);
}

/* wild: how much larger the shocks are in every other spell, that of the event among them. */
static void draw_panel(aft_panel *panel, double wild, uint64_t key) {
  uint64_t index = 0;
  for (size_t t = 0; t < N_SESSIONS; t++) panel->returns[t] = 0.01 * aft_random_normal(key, index++);
  for (size_t i = 1; i <= N_FIRMS; i++)
    for (size_t t = 0; t < N_SESSIONS; t++) {
      double sd = 0.02 * (t / SPELL % 2 == 0 ? 1 : wild);
      panel->returns[i * N_SESSIONS + t] = 1.2 * panel->returns[t] + sd * aft_random_normal(key, index++);
    }
}

static rates measure(double wild) {
  aft_config config;
  char *symbols[N_FIRMS + 2] = {NULL};
  aft_day day[N_SESSIONS];
  g_autofree double *returns = g_new(double, (N_FIRMS + 1) * N_SESSIONS);
  aft_panel panel = {.n_sessions = N_SESSIONS,
                     .n_securities = N_FIRMS + 1,
                     .symbols = symbols,
                     .day = day,
                     .returns = returns,
                     .market = returns};
  aft_event event = {.event = (char[]){"e"},
                     .symbol = (char[]){"F1"},
                     .group = (char[]){""},
                     .security = 1,
                     .firm = 1,
                     .column = EVENT};
  const aft_events events = {.n = 1, .rows = &event};
  int rejected[2][4] = {{0}};
  read_config(&config);
  for (size_t i = 0; i <= N_FIRMS; i++) symbols[i] = g_strdup_printf("F%zu", i);
  for (int t = 0; t < N_SESSIONS; t++) day[t] = (aft_day)t;
  for (uint64_t r = 0; r < REPLICATIONS; r++) {
    GError *error = NULL;
    aft_warnings warnings;
    aft_result result;
    aft_case one;
    aft_warnings_init(&warnings);
    draw_panel(&panel, wild, aft_random_key(r, AFT_STREAM_SIMULATION));
    g_assert_true(aft_study_run(&result, &config, &panel, &events, 1, &warnings, &error));
    g_assert_true(aft_case_compute(&one, &result, &events, NULL, 1, &error));
    for (size_t w = 0; w < 2; w++) {
      const double p[] = {one.windows[w].p_value, one.windows[w].p_dates, one.windows[w].p_matched,
                          one.windows[w].p_firms};
      g_assert_cmpuint(one.windows[w].n_firms, ==, N_FIRMS - 1);
      g_assert_cmpuint(one.windows[w].n_dates, >, 100);
      for (int k = 0; k < 4; k++)
        if (p[k] <= (k == 3 ? 0.1 : 0.05) + 1e-12) rejected[w][k]++; /* nine firms: p is a tenth at least */
    }
    aft_case_clear(&one);
    aft_result_clear(&result);
    aft_warnings_clear(&warnings);
  }
  rates out;
  for (size_t w = 0; w < 2; w++)
    for (int k = 0; k < 4; k++) {
      out.percent[w][k] = 100.0 * rejected[w][k] / REPLICATIONS;
      g_test_message("shocks x %g, window %zu, %s: %.1f %%", wild, w, names[k], out.percent[w][k]);
    }
  for (size_t i = 0; i <= N_FIRMS; i++) g_free(symbols[i]);
  aft_config_clear(&config);
  return out;
}

static void test_size(void) {
  rates r = measure(1);
  for (size_t w = 0; w < 2; w++)
    for (int k = 0; k < 4; k++) g_assert_cmpfloat(fabs(r.percent[w][k] - (k == 3 ? 10 : 5)), <=, w == 0 ? 2.8 : 4.8);
}

/* An event in a wild spell, learnt half from a calm one: the t test rejects far too often, the placebos do not. */
static void test_spells(void) {
  rates r = measure(2);
  g_assert_cmpfloat(r.percent[0][0], >, 10);
  g_assert_cmpfloat(r.percent[0][1], <=, 7.8);
  g_assert_cmpfloat(r.percent[0][2], <=, 7.8);
  g_assert_cmpfloat(r.percent[0][3], <=, 13.8);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/case/size", test_size);
  g_test_add_func("/case/spells", test_spells);
  return g_test_run();
}
