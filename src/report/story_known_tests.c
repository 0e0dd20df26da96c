/* What each test of the average effect assumes: whether it holds on one common date, and when the news raises variance. */
#include "story.h"

#include <string.h>

#include <aftershock/base/banned.h>

#define NONE_COMMON "independent events"
#define NORMAL_SAME "independent events, variance as before the event"

/*
 * The two judgements are those of simulation: a test holds when its rate of false rejections stays near the nominal one
 * with returns correlated across events of one date, or with the variance doubled on the event day. Sources: Brown and Warner
 * (1985), J. Financial Economics 14; Boehmer, Musumeci and Poulsen (1991), J. Financial Economics 30; Kolari and Pynnonen
 * (2010), Review of Financial Studies 23, and (2011), J. Empirical Finance 18.
 */
static const aft_known_test known_tests[] = {
    /* name, assumes, about_mean, holds_one_date, holds_variance */
    {"csect_t", NONE_COMMON, true, false, true},
    {"cda_t", "variance as before the event; one common date", true, true, false},
    {"cda_forecast", "variance as before the event; one common date", true, true, false},
    {"mackinlay_j1", NORMAL_SAME, true, false, false},
    {"patell", NORMAL_SAME, true, false, false},
    {"patell_mean", NORMAL_SAME, true, false, false},
    {"patell_daily_sum", NORMAL_SAME, true, false, false},
    {"bmp", NONE_COMMON, true, false, true},
    {"patell_kp", "variance as before the event", true, true, false},
    {"bmp_kp", "equal correlation between events", true, true, true},
    {"skew_hall", NONE_COMMON, true, false, true},
    {"skew_johnson", NONE_COMMON, true, false, true},
    {"skew_bootstrap", NONE_COMMON, true, false, true},
    {"jackknife", NONE_COMMON, true, false, true},
    {"jackknife_smd", NONE_COMMON, true, false, true},
    {"corrado", "variance as before the event", true, true, false},
    {"corrado_zivney", "variance as before the event", true, true, false},
    {"corrado_zivney_fpc", "variance as before the event", true, true, false},
    {"corrado_zivney_std", "at least 10 events", true, true, true},
    {"sign_cz", "ranks of sign; little power", true, true, true},
    {"grank_t", "one common date or few overlaps; at least 10 events", true, true, true},
    {"grank_z", NONE_COMMON, true, false, true},
    {"sign", NONE_COMMON, true, false, true},
    {"generalized_sign", NONE_COMMON, true, false, true},
    {"wilcoxon", "independent events, symmetric effects", true, false, true},
    {"clustered_date", "many event dates", true, true, true},
    {"clustered_firm", "many firms, independent dates", true, false, true},
    {"clustered_twoway", "many event dates and many firms", true, true, true},
    {"wild", NONE_COMMON, true, false, true},
    {"wild_cluster", "at least 6 event dates", true, true, true},
    {"stationary", "variance as before the event", true, true, false},
    {"block_events", NONE_COMMON, true, false, true},
    {"placebo_shift", "variance as before the event", true, true, false},
    {"permutation_dates", NORMAL_SAME, true, false, false},
    {"sq", "one firm; its past residuals are a fair sample", true, true, false},
    {"chow", "one firm; normal returns, variance as before the event", false, true, false},
    {"variance_chi2", "independent events, normal returns", false, false, false},
    {"variance_rank", NONE_COMMON, false, false, false},
    {"beaver", "independent events, normal returns", false, false, false},
};

const aft_known_test *aft_story_known_test(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(known_tests); i++)
    if (strcmp(known_tests[i].name, name) == 0) return &known_tests[i];
  return NULL;
}
