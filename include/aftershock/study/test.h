/* The tests of the average effect: one table, one row per test; each family is one file test_<family>.c. */
#ifndef AFTERSHOCK_STUDY_TEST_H
#define AFTERSHOCK_STUDY_TEST_H

#include <aftershock/base/progress.h>
#include <aftershock/study/abnormal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum aft_distribution {
  AFT_DIST_NONE,
  AFT_DIST_T,
  AFT_DIST_NORMAL,
  AFT_DIST_CHI2,
  AFT_DIST_F, /* of chow: L and df degrees of freedom; one-sided */
  AFT_DIST_EXACT,
  AFT_DIST_RESAMPLE
};
/* "none" "t" "norm" "chi2" "f" "exact" "resample" */
const char *aft_distribution_name(enum aft_distribution distribution);

/* Which estimation residuals of two events are paired for their correlation, and how much the pair counts. */
enum aft_kp_align {
  AFT_KP_OVERLAP,   /* common calendar sessions; weight: the common share of the two tested windows */
  AFT_KP_CALENDAR,  /* common calendar sessions; every pair that has enough of them counts alike */
  AFT_KP_EVENT_TIME /* equal relative sessions, whatever their dates */
};

/*
 * What other programs do otherwise, as parameters of the same tests; all zero is the program's own. Which program has which of
 * them is in the table of compat.h.
 */
enum aft_grank_length {
  AFT_GRANK_WHOLE,       /* T = estimation days + 1: the event day is one of them */
  AFT_GRANK_ONE_SHORT,   /* ranks over (window + 1), S^2 over the window's days, T = the window's days */
  AFT_GRANK_EVENT_APART, /* S^2 over the estimation days alone, T their number */
};
enum aft_zero_car { AFT_ZERO_OWN, AFT_ZERO_NEGATIVE, AFT_ZERO_POSITIVE };
enum aft_reference { AFT_REFERENCE_OWN, AFT_REFERENCE_NORMAL, AFT_REFERENCE_T_K, AFT_REFERENCE_T_1 };

typedef struct aft_test_conventions {
  bool plain_scar;        /* bmp, bmp_kp: CAR / sqrt(sum h), without the error of the coefficients */
  bool patell_daily;      /* patell, patell_kp: as patell_daily_sum */
  bool running_sum;       /* patell, bmp, both adjusted, grank: sum_j AR_j / (s C_j^(1/4)) / sqrt j, C_j = V_jj / s^2 */
  bool patell_bmp_factor; /* patell_kp: sqrt((1-r)/(1+(n-1)r)), the factor of bmp_kp */
  enum aft_reference bmp; /* reference distribution of bmp, bmp_kp; t(T - k) by the mean d of the events */
  int tested_ranks; /* corrado and its kin, windows of that many days or more: without the rest of the grid; 0: never */
  enum aft_grank_length grank; /* grank_t */
  bool grank_mean_error;       /* grank_t: SCAR over sd/sqrt n and times the factor of bmp_kp, in place of over sd */
  enum aft_zero_car zero;      /* sign, generalized_sign: a CAR of zero is neither sign, or one of them */
  bool sign_normal;            /* sign: normal in place of the exact binomial */
  bool pooled_share;           /* generalized_sign: share of positive residuals over all events and days together */
  enum aft_reference cda;      /* cda_t: t(T' - 1); T_K: sd and df with T' - k; T_1: t(mean T - 1) */
  bool plain_j1;               /* mackinlay_j1: variances without the error of the coefficients */
  bool log_j1;                 /* mackinlay_j1: sum over days of ln mean exp(AR) in place of the mean CAR */
  enum aft_reference j1;       /* mackinlay_j1: normal; t(T - k), t(T - 1) by the means over the events */
} aft_test_conventions;

typedef struct aft_test_options {
  int replicates;
  uint64_t seed;
  unsigned n_threads;
  enum aft_kp_align kp_align;
  bool kp_sessions; /* the mean correlation by session and day, whatever the number of events */
  aft_test_conventions conventions;
  aft_progress *progress; /* of a list of tests, told of each; NULL: none; borrowed */
} aft_test_options;

/* Of more events the mean correlation comes from sums by session, between exchanges by day, not from the pairs. */
#define AFT_KP_MOST_EVENTS 5000

/*
 * What a test gets: some events of one model, over one window. Families share costly intermediate values through `cache`
 * (mean pairwise correlation, AAR series, rank series), which lives as long as the sample.
 */
typedef struct aft_test_input {
  const aft_abnormal *abnormal;
  const aft_window_values *window;
  const size_t *member; /* [n] rows of abnormal that belong to the sample */
  size_t n;
  const aft_test_options *options;
  struct aft_test_cache *cache; /* internal to the tests; made by aft_test_cache_new */
} aft_test_input;

/* One test over one window. estimate: the effect the statistic is about (CAAR; mean SCAR for standardised tests; ...). */
typedef struct aft_test_result {
  size_t n; /* events that entered */
  double estimate;
  double statistic; /* NaN: undefined, then note says why */
  enum aft_distribution distribution;
  double df;        /* NaN when the distribution has none; of F the second, the first being the length of the window */
  double p_value;   /* two-sided; of F the upper tail */
  const char *note; /* static text or NULL */
} aft_test_result;

typedef struct aft_test {
  const char *name;            /* as in study files and tests.csv */
  const char *title;           /* for tables: "Boehmer, Musumeci and Poulsen (1991)" */
  const char *null_hypothesis; /* one line */
  bool single_only;            /* one-firm test: only for samples of one event (sq, chow) */
  /* Whether the test has a row for this sample at all (one cluster per event: no clustered test); NULL: always. */
  bool (*applies)(const aft_test_input *input);
  int variant; /* passed to compute */
  void (*compute)(const aft_test_input *input, int variant, aft_test_result *result);
  bool every_day; /* takes only events with every abnormal return of the window, whatever CARs do about missing ones */
  bool residuals; /* looks at the estimation residuals, which a large study without such a test does not keep */
} aft_test;

/* All tests in the order in which tables show them; *n is their number. */
const aft_test *aft_tests(size_t *n);
const aft_test *aft_test_find(const char *name); /* NULL when unknown */

/*
 * The cache belongs to one sample of one model and to one thread at a time; windows come and go. Loop over the windows
 * outside and over the tests inside: values are kept as long as the same events are complete in the window.
 * abnormal and member are borrowed for the cache's life. Owned by the caller.
 */
struct aft_test_cache *aft_test_cache_new(const aft_abnormal *abnormal, const size_t *member, size_t n);
void aft_test_cache_free(struct aft_test_cache *cache);
#endif
