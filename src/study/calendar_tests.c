/* The statistics of a calendar-time portfolio: all are regressions of its daily series. */
#include <aftershock/study/calendar_time.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/regression.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { FEW_SESSIONS = 10 };

/* Which series of the portfolio is explained. */
enum series { SERIES_ABNORMAL, SERIES_STANDARDISED, SERIES_REALISED };

typedef struct statistic {
  enum series series;
  enum aft_regression_errors errors;
  bool weighted;       /* by the number of firms */
  bool known_variance; /* every value has variance 1: sum z / sqrt n, normal */
} statistic;

static const char H_MEAN[] = "the portfolio's mean abnormal return is zero";
static const char H_ALPHA[] = "the portfolio's alpha is zero";

static const aft_calendar_test table[] = {
    {"calendar_time_t", "Calendar-time portfolio, t", H_MEAN},
    {"calendar_time_hac", "Calendar-time portfolio, Newey-West", H_MEAN},
    {"calendar_time_jaffe", "Calendar-time portfolio, standardised (Jaffe)", H_MEAN},
    {"calendar_time_jaffe_z", "Calendar-time portfolio, standardised, known variance", H_MEAN},
    {"calendar_time_wls", "Calendar-time portfolio, weighted by firms", H_MEAN},
    {"calendar_time_alpha", "Calendar-time alpha, OLS", H_ALPHA},
    {"calendar_time_alpha_hac", "Calendar-time alpha, Newey-West", H_ALPHA},
    {"calendar_time_alpha_wls", "Calendar-time alpha, weighted by firms", H_ALPHA},
};

/* In the order of the table. */
static const statistic statistics[G_N_ELEMENTS(table)] = {
    {SERIES_ABNORMAL, AFT_ERRORS_OLS, false, false},     {SERIES_ABNORMAL, AFT_ERRORS_HAC, false, false},
    {SERIES_STANDARDISED, AFT_ERRORS_OLS, false, false}, {SERIES_STANDARDISED, AFT_ERRORS_OLS, false, true},
    {SERIES_ABNORMAL, AFT_ERRORS_HC1, true, false},      {SERIES_REALISED, AFT_ERRORS_OLS, false, false},
    {SERIES_REALISED, AFT_ERRORS_HAC, false, false},     {SERIES_REALISED, AFT_ERRORS_HC1, true, false},
};

const aft_calendar_test *aft_calendar_tests(size_t *n) {
  *n = G_N_ELEMENTS(table);
  return table;
}

/* The regression's arrays: the sessions where everything is there. */
typedef struct gathered {
  size_t n;
  int k;
  double firms;           /* mean */
  double *y, *weight, *x; /* [n] [n] [k][n] */
} gathered;

/* Value of a factor on a day; NaN where the factors have no such session. */
static double factor_on(const aft_portfolio_factors *factors, const double *row, aft_day day) {
  if (factors->day == NULL) return row[day];
  size_t t = aft_day_find(factors->day, factors->n_sessions, day);
  return t < factors->n_sessions && factors->day[t] == day ? row[t] : (double)NAN;
}

static double value_of(const aft_portfolio_day *day, enum series series, const aft_portfolio_factors *factors) {
  if (series == SERIES_ABNORMAL) return day->abnormal;
  if (series == SERIES_STANDARDISED) return day->standardised;
  return factors->rf != NULL ? day->realised - factor_on(factors, factors->rf, day->day) : day->realised;
}

static bool is_complete(const aft_portfolio_day *day, const statistic *s, const aft_portfolio_factors *factors) {
  double sum = value_of(day, s->series, factors);
  for (int j = 0; s->series == SERIES_REALISED && j < factors->n; j++)
    sum += factor_on(factors, factors->row[j], day->day);
  return !isnan(sum);
}

static void gather(gathered *g, const GArray *days, const statistic *s, const aft_portfolio_factors *factors) {
  size_t capacity = MAX(days->len, 1), firms = 0;
  g->k = s->series == SERIES_REALISED ? factors->n + 1 : 1;
  g->n = 0;
  for (guint i = 0; i < days->len; i++) g->n += is_complete(&g_array_index(days, aft_portfolio_day, i), s, factors);
  g->y = g_new(double, capacity *((size_t)g->k + 2));
  g->weight = g->y + capacity;
  g->x = g->weight + capacity;
  for (guint i = 0, t = 0; i < days->len; i++) {
    const aft_portfolio_day *day = &g_array_index(days, aft_portfolio_day, i);
    if (!is_complete(day, s, factors)) continue;
    g->y[t] = value_of(day, s->series, factors);
    g->weight[t] = (double)day->firms;
    g->x[t] = 1;
    for (int j = 1; j < g->k; j++) g->x[(size_t)j * g->n + t] = factor_on(factors, factors->row[j - 1], day->day);
    firms += day->firms;
    t++;
  }
  g->firms = g->n > 0 ? (double)firms / (double)g->n : (double)NAN;
}

/* sum z / sqrt n. */
static void compute_known(const gathered *g, aft_calendar_row *row) {
  double n = (double)g->n;
  row->result.estimate = aft_mean(g->y, g->n);
  row->standard_error = 1 / sqrt(n);
  row->result.statistic = row->result.estimate * sqrt(n);
  row->result.distribution = AFT_DIST_NORMAL;
  row->result.p_value = aft_normal_p_value(row->result.statistic);
}

static void compute_regression(const gathered *g, const statistic *s, int lag, aft_calendar_row *row) {
  aft_regression fit;
  row->lag = s->errors == AFT_ERRORS_HAC ? (lag < 0 ? aft_regression_default_lag(g->n) : MIN(lag, (int)g->n - 1)) : -1;
  aft_regression_fit(&(aft_regression_data){.n = g->n,
                                            .k = g->k,
                                            .y = g->y,
                                            .x = g->x,
                                            .weight = s->weighted ? g->weight : NULL,
                                            .errors = s->errors,
                                            .lag = row->lag},
                     &fit);
  row->result.estimate = fit.coefficient[0];
  row->result.note = fit.note;
  row->standard_error = fit.standard_error[0];
  if (!(row->standard_error > 0)) {
    if (row->result.note == NULL) row->result.note = "the standard error is zero";
    return;
  }
  row->result.statistic = row->result.estimate / row->standard_error;
  row->result.distribution = AFT_DIST_T;
  row->result.df = fit.df;
  row->result.p_value = aft_t_p_value(row->result.statistic, fit.df);
}

void aft_calendar_test_compute(size_t test, const GArray *days, const aft_portfolio_factors *factors, int lag,
                               aft_calendar_row *row) {
  const statistic *s = &statistics[test];
  const double missing = (double)NAN;
  gathered g;
  gather(&g, days, s, factors);
  row->test = &table[test];
  row->firms = g.firms;
  row->lag = -1;
  row->standard_error = missing;
  row->result =
      (aft_test_result){.n = g.n, .estimate = missing, .statistic = missing, .df = missing, .p_value = missing};
  if (g.n < (s->known_variance ? 1 : 2)) {
    row->result.estimate = aft_mean(g.y, s->series == SERIES_REALISED ? 0 : g.n);
    row->result.note = g.n == 0 ? "no session has a portfolio" : "fewer than 2 sessions";
  } else if (s->known_variance) {
    compute_known(&g, row);
  } else {
    compute_regression(&g, s, lag, row);
  }
  if (!isnan(row->result.statistic) && g.n < FEW_SESSIONS) row->result.note = "few sessions";
  g_free(g.y);
}
