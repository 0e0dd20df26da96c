/* Models of the expected return: one table, one file model_<family>.c each, all filling the same fit. */
#ifndef AFTERSHOCK_STUDY_MODEL_H
#define AFTERSHOCK_STUDY_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define AFT_MODEL_MAX_COEF 32

/* Divisor of e'e in s^2. */
enum aft_sigma_dof { AFT_SIGMA_N_K, AFT_SIGMA_N_1, AFT_SIGMA_N_2, AFT_SIGMA_N };

/*
 * What a study may ask of a model beyond its name. A model ignores what it does not take. Texts belong to the holder of the
 * options.
 */
typedef struct aft_model_options {
  bool alpha;               /* least squares with a constant; without: through the origin */
  int sigma_dof;            /* enum aft_sigma_dof: s^2 = e'e / (T - k), (T - 1), (T - 2) or T; d stays T - k */
  bool centre;              /* market-adjusted: s^2 about the mean; without: about zero, d = T */
  bool forecast_correction; /* market-adjusted: V = s^2 (1 + 1/T) I */
  bool param_error;         /* GARCH: V = diag(h) + X* C X*', C the covariance of alpha and beta */
  int intercept;            /* Theil-Sen: 0 joint, median (R - beta Rm); 1 separate, median R - beta median Rm */
  bool iv;                  /* Scholes-Williams: by instrument, cov(R, Z) / cov(Rm, Z), Z the sum of three markets */
  int leads, lags;          /* Dimson: sessions of the market after and before the day, 0..AFT_MODEL_MAX_LAGS each */
  bool full;                /* Dimson: all fitted terms in the forecast, exact algebra; without: their sum times Rm */
  int window[2];            /* comparison-period mean: first and last session relative to the event's */
  char **
      symbols; /* benchmark: the portfolio's securities; synthetic control: the donors; NULL-terminated, NULL for none */
  char *file;  /* benchmark: file of matched securities; NULL for none */
  bool demean; /* synthetic control: weights of deviations from the means, the gap of the means kept */
  double
      pre_rmspe_limit; /* synthetic control: no placebo whose RMSPE before the event is more than this times the event's; 0: all */
} aft_model_options;

#define AFT_MODEL_OPTIONS_DEFAULT \
  { .alpha = true, .centre = true, .leads = 1, .lags = 1 }
#define AFT_MODEL_MAX_LAGS 10

enum aft_option_kind {
  AFT_OPTION_BOOL,
  AFT_OPTION_INTEGER,
  AFT_OPTION_CHOICE,
  AFT_OPTION_WINDOW,
  AFT_OPTION_SYMBOLS,
  AFT_OPTION_PATH,
  AFT_OPTION_NUMBER /* above low, below high; 0 when it is not given */
};

/* One option as study files write it. */
typedef struct aft_model_option {
  const char *name;
  enum aft_option_kind kind;
  size_t offset;              /* in aft_model_options: of a bool, int, int, int[2], char **, char *, double */
  int low, high;              /* INTEGER, NUMBER */
  const char *const *choices; /* CHOICE: NULL-terminated names of 0, 1, ... */
} aft_model_option;

/* All options, in the order in which results echo them; *n is their number. */
const aft_model_option *aft_model_option_table(size_t *n);

/*
 * What a model sees of one event. Estimation columns are the sessions of the estimation window, grid columns those of the
 * event grid; NaN is missing. Regressors are without the constant.
 */
typedef struct aft_model_input {
  const aft_model_options *options;
  int n_est, n_rel, n_x;
  const double *y_est; /* [n_est] return, minus rf where the model works on excess returns */
  const double *y_rel; /* [n_rel] */
  const double *x_est; /* [n_x][n_est] market or factors, same form */
  const double *x_rel; /* [n_x][n_rel] */
  const double *own;   /* [n_sessions] the security's whole series of returns, rf not taken off */
  const int *gap;      /* [n_sessions] sessions that each of own covers, for models of gap returns; NULL otherwise */
  bool log_returns;    /* the returns are log returns */
  const double
      *market; /* [n_sessions] whole series of the single regressor, for models with leads and lags; NULL otherwise */
  long n_sessions;
  long event_column; /* session column of the event */
  long est_column;   /* session column of y_est[0]; may be negative: those cells are NaN */
  long rel_column;   /* session column of y_rel[0] */
  int min_obs;       /* fewer observations than this, or than n_coef + 1: excluded */
  struct aft_blocks
      *blocks;   /* of the single regressor and of y, over the sessions, with the whole window in them; or NULL */
  bool shares_x; /* the events of the session have the same x_est, and are fitted one after the other */
  bool same_x;   /* x_est, and the workspace, are as the last fit of this model left them */
} aft_model_input;

/*
 * What a model of donors tells beside the fit: the weight of each regressor, and what comes out when each donor in turn is taken for the
 * treated one, with the other donors. NaN for a regressor that was no donor, and for the placebo of an only donor.
 */
typedef struct aft_donor_fit {
  double *weight;   /* [n_x] */
  double *pre;      /* [n_x] root of the mean squared residual of the donor's own fit */
  double *abnormal; /* [n_x][n_rel] its abnormal returns */
} aft_donor_fit;

/* What a model delivers for one event. Arrays are the caller's rows, to be filled completely. */
typedef struct aft_fit {
  int n_obs;                       /* T: observations used */
  int n_coef;                      /* k: mean parameters */
  double df;                       /* d */
  double sigma, r_squared, loglik; /* NaN where undefined */
  int n_terms;                     /* coefficients to report */
  double coefficient[AFT_MODEL_MAX_COEF];
  double standard_error[AFT_MODEL_MAX_COEF]; /* NaN where there is none */
  int first_used,
      last_used;    /* sessions of the observations relative to the event; first after last: those with a residual */
  double *residual; /* [n_est] y - fitted; NaN where not used */
  bool
      passing; /* nobody asks for residuals: a fit on every session may leave them out, and set first_used, last_used */
  double *expected; /* [n_rel] expected value of y; NaN where a regressor is missing */
  double *h;        /* [n_rel] V = diag(h) + Z Z'; NULL when the root is wanted */
  double *z;        /* [n_rel][n_z] likewise */
  bool wants_root;  /* of least squares, in place of h and z, ... */
  const double
      *root; /* [k][k] R, where Z = sigma X* R^-1 and h = sigma^2; it stands in the workspace until the next fit */
  bool shares_root;            /* it is, to the last bit, that of every event of the session with no missing return */
  const aft_donor_fit *donors; /* arrays to fill, by models of donors; NULL when nobody asks */
  const char *note;            /* static text or NULL */
  const char *excluded;        /* static text: why the event cannot be fitted; NULL when it can */
} aft_fit;

enum aft_model_regressors {
  AFT_REGRESSORS_NONE,      /* constant mean */
  AFT_REGRESSORS_MARKET,    /* the benchmark's return */
  AFT_REGRESSORS_BENCHMARK, /* the return of the security's own benchmark: a portfolio, a matched security */
  AFT_REGRESSORS_FACTORS,   /* named columns of the factor file; returns minus rf */
  AFT_REGRESSORS_DONORS /* the returns of other securities, whole columns NaN for those that may not serve the event */
};

typedef struct aft_model {
  const char *name;  /* as in study files */
  const char *title; /* "Market model" */
  enum aft_model_regressors regressors;
  const char *const *factors; /* NULL-terminated columns for FACTORS; NULL: those of the study file */
  bool estimates_mean;        /* false when no mean parameter is estimated */
  int (*n_z)(int n_x, const aft_model_options *options); /* columns of Z */
  int variant;                                           /* passed to fit */
  /* workspace: at least this many doubles, contents undefined but for same_x */
  size_t (*work_size)(int n_x, int n_est, int n_rel, const aft_model_options *options);
  void (*fit)(const aft_model_input *input, int variant, double *work, aft_fit *fit);
  /* Name of reported coefficient i: writes at most size bytes; names are those of the regressors. */
  void (*term)(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer, size_t size);
  const char *const *options; /* names of the options it takes, NULL-terminated; NULL for none */
  bool gaps;                  /* works on returns since the last trade, which the panel must have */
} aft_model;

/* Whether the model takes the option. */
bool aft_model_takes(const aft_model *model, const char *option);

const aft_model *aft_models(size_t *n);
const aft_model *aft_model_find(const char *name); /* NULL when unknown */

#endif
