/*
 * Size of the joint p-value of a specification curve by simulation: a firm on a one-factor panel, an event that does nothing.
 *
 * The p-value is a rank among dates that are exchangeable but for their overlap, so that 5 % of the events should have p <= 0.05. Bounds are
 * around what theory says: four Monte Carlo errors, 4 sqrt(0.05 x 0.95 / 1000) = 2.8 percentage points, and another 2 for the overlap. Ties of the
 * share of significant specifications make that p-value larger than it need be, so it has no lower bound.
 *
 * Beside it stands what a search through the curve would find: the share of events for which some specification is significant.
 */
#include "support/support.h"

#include <aftershock/stats/random.h>
#include <aftershock/study/robust.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SESSIONS = 370, EVENT = 345, REPLICATIONS = 1000 };

/* Percent of the replications. */
typedef struct rates {
  double joint[AFT_ROBUST_N_STATISTICS];
  double some; /* a significant specification at least */
} rates;

static void read_config(aft_config *config) {
  static const char text[] =
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"M\", \"events\": \"e.csv\",\n"
      " \"estimation\": {\"first\": -110, \"last\": -11, \"min_obs\": 100}, \"windows\": [[0, 0], [0, 4]], \"tests\": [\"sq\"],\n"
      " \"robust\": {\"windows\": [[0, 0], [-1, 1], [0, 4]], \"estimation\": [[-110, -11], [-70, -11]],\n"
      "  \"models\": [\"market_model\", \"market_adjusted\", \"constant_mean\"]}}";
  GError *error = NULL;
  char *folder = support_temp_dir();
  g_autofree char *path = support_write(folder, "study.json", text);
  g_assert_true(aft_config_read(config, path, &error));
  support_remove(folder);
}

/* degrees: of Student's t that the shocks follow, scaled to one variance; 0: normal. move: of the event's session. */
static void draw_panel(double *returns, int degrees, double move, uint64_t key) {
  uint64_t index = 0;
  for (size_t t = 0; t < N_SESSIONS; t++) returns[t] = 0.01 * aft_random_normal(key, index++);
  for (size_t t = 0; t < N_SESSIONS; t++) {
    double shock = aft_random_normal(key, index++), chi = 0;
    for (int i = 0; i < degrees; i++) {
      double z = aft_random_normal(key, index++);
      chi += z * z;
    }
    if (degrees > 0) shock *= sqrt((degrees - 2) / chi);
    returns[N_SESSIONS + t] = 1.2 * returns[t] + 0.02 * shock + (t == EVENT ? move : 0);
  }
}

static rates measure(const char *name, int degrees, double move, bool uncertain) {
  aft_config config;
  char *symbols[] = {(char[]){"M"}, (char[]){"F"}, NULL};
  aft_day day[N_SESSIONS];
  g_autofree double *returns = g_new(double, 2 * N_SESSIONS);
  aft_panel panel = {.n_sessions = N_SESSIONS,
                     .n_securities = 2,
                     .symbols = symbols,
                     .day = day,
                     .returns = returns,
                     .market = returns};
  char nothing[] = "";
  aft_event event = {.event = nothing,
                     .symbol = symbols[1],
                     .group = nothing,
                     .published = nothing,
                     .alignment = {.session = EVENT, .other = uncertain ? EVENT + 1 : -1},
                     .security = 1,
                     .firm = 1,
                     .column = EVENT};
  const aft_events events = {.n = 1, .rows = &event};
  const aft_robust_run run = {.n_threads = 1};
  size_t rejected[AFT_ROBUST_N_STATISTICS] = {0}, some = 0;
  read_config(&config);
  for (int t = 0; t < N_SESSIONS; t++) day[t] = (aft_day)t;
  for (uint64_t r = 0; r < REPLICATIONS; r++) {
    GError *error = NULL;
    aft_robust robust;
    draw_panel(returns, degrees, move, aft_random_key(r, AFT_STREAM_SIMULATION));
    g_assert_true(aft_robust_compute(&robust, &config, &panel, &events, &event, NULL, &run, &error));
    g_assert_cmpuint(robust.n_placebos, >, 100);
    for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) rejected[s] += robust.p_value[s] <= 0.05 + 1e-12;
    const aft_robust_choice *all = &g_array_index(robust.choices, aft_robust_choice, 0);
    some += all->n_significant[0] + all->n_significant[1] > 0;
    aft_robust_clear(&robust);
  }
  rates out = {.some = 100.0 * (double)some / REPLICATIONS};
  for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) {
    out.joint[s] = 100.0 * (double)rejected[s] / REPLICATIONS;
    g_test_message("%s, %s: %.1f %%", name, aft_robust_statistic_name((enum aft_robust_statistic)s), out.joint[s]);
  }
  g_test_message("%s, some specification significant: %.1f %%", name, out.some);
  aft_config_clear(&config);
  return out;
}

static void check_size(const rates *r) {
  g_assert_cmpfloat(fabs(r->joint[AFT_ROBUST_MEDIAN] - 5), <=, 4.8);
  g_assert_cmpfloat(fabs(r->joint[AFT_ROBUST_MEAN] - 5), <=, 4.8);
  g_assert_cmpfloat(r->joint[AFT_ROBUST_SIGNIFICANT], <=, 9.8);
  g_assert_cmpfloat(r->some, >, 10); /* what searching would give */
}

static void test_size(void) {
  rates r = measure("normal", 0, 0, false);
  check_size(&r);
}

static void test_fat_tails(void) {
  rates r = measure("t(3)", 3, 0, false);
  check_size(&r);
}

static void test_uncertain(void) {
  rates r = measure("two sessions", 0, 0, true);
  check_size(&r);
}

/* A move of five standard deviations is found nearly always, one of three often. */
static void test_power(void) {
  rates large = measure("5 sd", 0, 0.10, false), small = measure("3 sd", 0, 0.06, false);
  g_assert_cmpfloat(large.joint[AFT_ROBUST_MEDIAN], >, 85);
  g_assert_cmpfloat(small.joint[AFT_ROBUST_MEDIAN], >, 40);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/specifications/size", test_size);
  g_test_add_func("/specifications/fat-tails", test_fat_tails);
  g_test_add_func("/specifications/uncertain", test_uncertain);
  g_test_add_func("/specifications/power", test_power);
  return g_test_run();
}
