/* Models of the expected return: one table, one file model_<family>.c each, all filling the same fit. */
#ifndef AFTERSHOCK_STUDY_MODEL_H
#define AFTERSHOCK_STUDY_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#define AFT_MODEL_MAX_COEF 32

/*
 * What a model sees of one event. Estimation columns are the sessions of the estimation window, grid columns those of the
 * event grid; NaN is missing. Regressors are without the constant.
 */
typedef struct aft_model_input {
  int n_est, n_rel, n_x;
  const double *y_est; /* [n_est] return, minus rf where the model works on excess returns */
  const double *y_rel; /* [n_rel] */
  const double *x_est; /* [n_x][n_est] market or factors, same form */
  const double *x_rel; /* [n_x][n_rel] */
  const double *market; /* [n_sessions] whole series of the single regressor, for models with leads and lags; NULL otherwise */
  long n_sessions;
  long est_column; /* session column of y_est[0]; may be negative: those cells are NaN */
  long rel_column; /* session column of y_rel[0] */
  int min_obs;     /* fewer observations than this, or than n_coef + 1: excluded */
} aft_model_input;

/* What a model delivers for one event. Arrays are the caller's rows, to be filled completely. */
typedef struct aft_fit {
  int n_obs;  /* T: observations used */
  int n_coef; /* k: mean parameters */
  double df;  /* d */
  double sigma, r_squared, loglik; /* NaN where undefined */
  int n_terms;                     /* coefficients to report */
  double coefficient[AFT_MODEL_MAX_COEF];
  double standard_error[AFT_MODEL_MAX_COEF]; /* NaN where there is none */
  double *residual;     /* [n_est] y - fitted; NaN where not used */
  double *expected;     /* [n_rel] expected value of y; NaN where a regressor is missing */
  double *h;            /* [n_rel] V = diag(h) + Z Z' */
  double *z;            /* [n_rel][n_z] */
  const char *note;     /* static text or NULL */
  const char *excluded; /* static text: why the event cannot be fitted; NULL when it can */
} aft_fit;

enum aft_model_regressors {
  AFT_REGRESSORS_NONE,   /* constant mean */
  AFT_REGRESSORS_MARKET, /* the benchmark's return */
  AFT_REGRESSORS_FACTORS /* named columns of the factor file; returns minus rf */
};

typedef struct aft_model {
  const char *name;  /* as in study files */
  const char *title; /* "Market model" */
  enum aft_model_regressors regressors;
  const char *const *factors; /* NULL-terminated columns for FACTORS; NULL: those of the study file */
  bool estimates_mean;        /* false when no mean parameter is estimated */
  int (*n_z)(int n_x);        /* columns of Z */
  int variant;                /* passed to fit */
  /* workspace: at least work_size(n_x, n_est, n_rel) doubles, contents undefined */
  size_t (*work_size)(int n_x, int n_est, int n_rel);
  void (*fit)(const aft_model_input *input, int variant, double *work, aft_fit *fit);
  /* Name of reported coefficient i: writes at most size bytes; names are those of the regressors. */
  void (*term)(int i, const char *const *regressor_names, char *buffer, size_t size);
} aft_model;

const aft_model *aft_models(size_t *n);
const aft_model *aft_model_find(const char *name); /* NULL when unknown */

#endif
