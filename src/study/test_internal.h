/* What the families of tests share: results, the values of a window, the day series and the cache that keeps them. */
#ifndef AFTERSHOCK_STUDY_TEST_INTERNAL_H
#define AFTERSHOCK_STUDY_TEST_INTERNAL_H

#include <aftershock/stats/describe.h>
#include <aftershock/stats/rank.h>
#include <aftershock/study/test.h>

/* Reasons that several families give. */
#define AFT_NOTE_NO_EVENTS "no event has every abnormal return of the window"
#define AFT_NOTE_NO_STANDARDISED "no event has a standardised abnormal return in the window"
#define AFT_NOTE_FEWER_THAN_2 "fewer than 2 events"
#define AFT_NOTE_FEWER_THAN_3 "fewer than 3 events"
#define AFT_NOTE_BY_SESSION "mean correlation by session: residuals have gaps, and the events are too many for pairs"
#define AFT_NOTE_BY_DAY "mean correlation between exchanges by day: the events are too many for pairs"
#define AFT_NOTE_BY_SESSION_AND_DAY \
  "mean correlation by session, between exchanges by day: residuals have gaps, and the events are too many for pairs"
#define AFT_NOTE_ZERO_VARIANCE "the values do not vary over the events"

/*
 * Setting a result: start gives it a sample size and an estimate, with everything else undefined; undefined says why there is no
 * statistic; normal and student leave n and the estimate as they are.
 */
void aft_test_start(aft_test_result *result, size_t n, double estimate);
void aft_test_undefined(aft_test_result *result, size_t n, const char *note);
void aft_test_normal(aft_test_result *result, double statistic);
void aft_test_student(aft_test_result *result, double statistic, double df);

/*
 * Selections of a window: rows of `abnormal` that enter a kind of test, in the order of the sample. Arrays live in the cache
 * until the next call for the same kind.
 */
typedef struct aft_selection {
  size_t n;
  size_t *row;   /* [n] rows of abnormal */
  double *value; /* [n] CAR or SCAR */
} aft_selection;

const aft_selection *aft_test_complete(const aft_test_input *input);     /* events with a CAR */
const aft_selection *aft_test_standardised(const aft_test_input *input); /* events with a SCAR */

/* Average over the selected events of their residuals on each estimation session. */
typedef struct aft_average_series {
  double *mean;  /* [n_est]; NaN where no event has a residual */
  size_t *count; /* [n_est] events present */
  size_t n_days; /* sessions with at least one event: T' */
  double sd;     /* of mean over those days, n - 1 */
} aft_average_series;

const aft_average_series *aft_test_average(const aft_test_input *input); /* over aft_test_complete */

/*
 * cbar, the mean over events of Var_i / (L s_i^2): how much parameter error inflates the variance of a window's sum. Over the
 * complete events with a positive s_i; 1 when there is none.
 */
double aft_test_forecast_inflation(const aft_test_input *input);

/* Scores of the combined series of every complete event (estimation residuals, then the event grid), summed by day. */
enum aft_score {
  AFT_SCORE_RANK_MEAN, /* day value: mean of K - (M+1)/2 */
  AFT_SCORE_RANK,      /* sum of K/(M+1) - 1/2, over sqrt of the number present */
  AFT_SCORE_SIGN,      /* sign of the deviation from the median */
  AFT_SCORE_RANK_STD,  /* ranks of residuals / s and SAR / cross-sectional sd of the day's SARs */
  AFT_SCORE_VARIANCE,  /* rank of the absolute deviation from the median */
  AFT_N_SCORES
};

typedef struct aft_score_series {
  double *day;   /* [n_est + n_rel] day values; NaN where no event is present */
  size_t n_days; /* days with a value */
  double scale;  /* sqrt of the mean square of the day values, about zero */
} aft_score_series;

const aft_score_series *aft_test_scores(const aft_test_input *input, enum aft_score score);

/* Which events a kept value was computed for. */
typedef struct aft_row_key {
  size_t n;
  size_t *row; /* [capacity of the sample], NULL until first used */
} aft_row_key;

/* True when the key already stands for this selection; otherwise the key is set to it and the caller computes anew. */
bool aft_row_key_matches(aft_row_key *key, const aft_selection *selection, size_t capacity);

/* Sums over the standardised events of U = rank/(M+1) - 1/2, of residuals / s and of the window's sum as one more day. */
typedef struct aft_grank_sums {
  aft_row_key key;
  int first, last;       /* the window they were made for */
  double *total;         /* [n_est] sums of U over the events present */
  size_t *count;         /* [n_est] */
  double event;          /* sum of U of the event day */
  double event_variance; /* sum of its null variances (M-1)/(12(M+1)) */
} aft_grank_sums;

/*
 * Mean pairwise correlation of estimation residuals over the standardised events, aligned and weighted as the options say. By
 * default each pair over its common calendar sessions, weighted by the share of the tested window that the two events have in
 * common, 0 for windows without a common session. *skipped: pairs without a correlation (fewer than 10 common sessions, or a
 * constant series), which are not counted. NaN when no pair is left.
 */
double aft_test_mean_correlation(const aft_test_input *input, size_t *skipped);

/* Clusters of the complete events. */
enum aft_cluster_by { AFT_CLUSTER_EVENT, AFT_CLUSTER_DATE, AFT_CLUSTER_FIRM, AFT_CLUSTER_FIRM_DATE };

/*
 * Cluster of each complete event, numbered by first appearance: index [n] is filled (cache memory until the next call).
 * Returns the number of clusters.
 */
size_t aft_test_clusters(const aft_test_input *input, enum aft_cluster_by by, const size_t **index);

/* Positions of the complete events in the order of their sessions, events of one session in the order of the sample. */
const size_t *aft_test_date_order(const aft_test_input *input);

/*
 * Sums of L = n_days consecutive estimation residuals of one event, for every run without a gap, in order of time.
 * sums  [n_est], filled. Returns their number.
 */
size_t aft_test_run_sums(const aft_test_input *input, size_t row, double *sums);

/* Pairs of events on two exchanges. */
typedef struct aft_cross_pairs {
  double sum;           /* of weighted correlations */
  size_t seen, skipped; /* pairs whose weight is not 0; those of them without a correlation */
} aft_cross_pairs;

/* Sums of correlations of the pairs whose event sessions are `shift` apart, for shifts computed so far. */
typedef struct aft_correlations {
  aft_row_key key;
  enum aft_kp_align align; /* what they were computed for */
  int n_shifts;            /* shifts 0 .. n_shifts - 1 are known */
  double *sum;             /* [max(n_rel, n_est)] */
  size_t *pairs, *skipped; /* [the same] all pairs of a shift; those without a correlation */
  bool many;               /* too many events for pairs: those with gaps by session, those of two exchanges by day */
  bool by_session, by_day; /* whether any were */
  aft_cross_pairs cross;   /* of two exchanges */
  bool cross_known;
  int cross_window[2]; /* first and last day of the window that cross was made for */
  struct aft_correlation_work *work;
} aft_correlations;

void aft_correlations_clear(aft_correlations *correlations);

/*
 * Sum over the pairs (i, j) of events whose exchanges differ: their clocks do too, so residuals are matched by day, each pair over
 * the days that both have, own means removed on them. Weight with AFT_KP_OVERLAP: days that the two tested windows share, over
 * their length; else 1. Nothing in event time, where sessions are matched by their distance from the event. Pair by pair: O(n^2 T); of many events
 * see test_cross_days.h.
 */
aft_cross_pairs aft_test_cross_pairs(const aft_test_input *input, const aft_selection *events);

/* That weight: days that the tested windows of two rows share, over the sessions of one. */
double aft_test_window_share(const aft_test_input *input, size_t a, size_t b);

struct aft_test_cache {
  const aft_abnormal *abnormal;
  const size_t *member;
  size_t n;

  aft_selection complete, standardised;
  aft_row_key average_key, score_key[AFT_N_SCORES];
  int score_window[AFT_N_SCORES][2]; /* that the scores were made for, where they depend on it */
  aft_average_series average;
  aft_score_series score[AFT_N_SCORES];
  aft_grank_sums grank;
  aft_correlations correlations;

  /* Workspaces, allocated on first use and kept. */
  double *event_work[3];                 /* [n] */
  size_t *event_index[2];                /* [n] */
  aft_rank_item *event_rank;             /* [2 n] */
  double *day_work[3];                   /* [n_est + n_rel + 1] */
  aft_sum *day_sum[3];                   /* [n_est + n_rel + 1] */
  size_t *day_count;                     /* [n_est + n_rel + 1] */
  aft_rank_item *day_rank;               /* [2 (n_est + n_rel + 1)] */
  struct aft_cluster_item *cluster_item; /* [n] */
  double *replicate;                     /* [n_replicates] */
  size_t n_replicates;
};

double *aft_test_event_work(struct aft_test_cache *cache, int slot);  /* slot 0..1 */
size_t *aft_test_event_index(struct aft_test_cache *cache, int slot); /* slot 0..1 */
aft_rank_item *aft_test_event_rank(struct aft_test_cache *cache);
double *aft_test_day_work(struct aft_test_cache *cache, int slot); /* slot 0..2 */
aft_sum *aft_test_day_sum(struct aft_test_cache *cache, int slot); /* slot 0..2 */
size_t *aft_test_day_count(struct aft_test_cache *cache);
aft_rank_item *aft_test_day_rank(struct aft_test_cache *cache);
double *aft_test_replicates(struct aft_test_cache *cache, size_t n);

/* Replicates at least as extreme as the statistic in absolute value; those within rounding of it count. */
size_t aft_test_count_extreme(const double *replicate, size_t n, double statistic);
void aft_test_resampled(aft_test_result *result, double statistic, double p_value);

/* The compute functions of the families, named in the table of test.c. */
enum aft_parametric {
  AFT_CSECT,
  AFT_CDA,
  AFT_CDA_FORECAST,
  AFT_MACKINLAY_J1,
  AFT_SKEW_HALL,
  AFT_SKEW_JOHNSON,
  AFT_JACKKNIFE,
  AFT_JACKKNIFE_SMD
};
/* Sum over the days of the window of ln(mean over the events of exp(AR)): a convention of other programs. */
double aft_test_log_mean(const aft_test_input *input, const aft_selection *events);
void aft_test_parametric(const aft_test_input *input, int variant, aft_test_result *result);
/*
 * The skewness-adjusted t of n values with this mean and sd; cubes is the sum of the cubed deviations over sd^3.
 *
 *   Hall:    sqrt n (S + g S^2/3 + g^2 S^3/27 + g/(6n)),  g = n/((n-1)(n-2)) cubes
 *   Johnson: sqrt n (S + g S^2/3 + g/(6n)),               g = cubes / n            S = mean/sd
 *
 * Sources: Hall (1992), J. Royal Statistical Society B 54; Johnson (1978), J. American Statistical Association 73.
 */
double aft_test_skew_t(double n, double mean, double sd, double cubes, bool hall);

enum aft_standardised { AFT_PATELL, AFT_PATELL_MEAN, AFT_PATELL_DAILY_SUM, AFT_PATELL_KP, AFT_BMP, AFT_BMP_KP };
/* Conventions of other programs (aft_test_conventions): replaces the values of the events by running sums of daily values. */
void aft_test_cumulate(const aft_test_input *input, const aft_selection *events);
/* Mean of d over the events. */
double aft_test_mean_df(const aft_test_input *input, const aft_selection *events);
/* sqrt((1-r)/(1+(n-1)r)): what Kolari and Pynnonen scale the BMP statistic of n events with. */
double aft_test_correlation_factor(double r, double n);
void aft_test_standardised_effect(const aft_test_input *input, int variant, aft_test_result *result);

enum aft_rank_test { AFT_CORRADO, AFT_CORRADO_ZIVNEY, AFT_CORRADO_ZIVNEY_STD, AFT_CORRADO_ZIVNEY_FPC, AFT_SIGN_CZ };
/* The scores of the window against those of all days; result has been started. */
void aft_test_rank_window(const aft_test_input *input, enum aft_score score, bool finite_population,
                          aft_test_result *result);
void aft_test_rank(const aft_test_input *input, int variant, aft_test_result *result);
enum aft_grank { AFT_GRANK_T, AFT_GRANK_Z };
void aft_test_grank(const aft_test_input *input, int variant, aft_test_result *result);

enum aft_sign_test { AFT_SIGN, AFT_GENERALIZED_SIGN, AFT_WILCOXON };
void aft_test_sign(const aft_test_input *input, int variant, aft_test_result *result);

enum aft_cluster_test { AFT_CLUSTERED_DATE, AFT_CLUSTERED_FIRM, AFT_CLUSTERED_TWOWAY };
void aft_test_clustered(const aft_test_input *input, int variant, aft_test_result *result);
bool aft_test_has_repeated_firm(const aft_test_input *input);
/* Cluster-robust variance of a mean from deviations summed by cluster, G/(G-1) sum_g deviation_g^2 / n^2. */
double aft_test_cluster_variance(const double *deviation, size_t n_clusters, size_t n);

enum aft_variance_test { AFT_VARIANCE_CHI2, AFT_VARIANCE_RANK, AFT_BEAVER };
void aft_test_variance(const aft_test_input *input, int variant, aft_test_result *result);

enum aft_resample_events { AFT_WILD, AFT_WILD_CLUSTER, AFT_BLOCK_EVENTS, AFT_SKEW_BOOTSTRAP };
void aft_test_resample_events(const aft_test_input *input, int variant, aft_test_result *result);
enum aft_resample_days { AFT_STATIONARY, AFT_PLACEBO_SHIFT, AFT_PERMUTATION_DATES };
void aft_test_resample_days(const aft_test_input *input, int variant, aft_test_result *result);

void aft_test_sample_quantile(const aft_test_input *input, int variant, aft_test_result *result);
void aft_test_chow(const aft_test_input *input, int variant, aft_test_result *result);

#endif
