/* Shared by estimate.c, which keeps the rows of every event of one model, and estimate_fit.c, which fills them. */
#ifndef STUDY_ESTIMATE_H
#define STUDY_ESTIMATE_H

#include "others.h"
#include "study_internal.h"

#include <aftershock/base/progress.h>

/* A row, and where its event lies: what a fit begins with, in the order of the fits. */
typedef struct fit_place {
  guint32 row;
  int security, session, market; /* as aft_abnormal has them */
} fit_place;

/* What the parallel loop over candidate events shares; workers write only rows of their own events. */
typedef struct estimation {
  aft_model_result *out;
  const aft_result *study;
  const guint32 *candidate;               /* [n] indices of study events */
  const aft_panel **panel;                /* [n_markets] */
  const aft_study_regressors *regressors; /* [n_markets] */
  const aft_other *others;                /* [n_others] NULL: estimation passes over none */
  size_t n;                               /* candidates */
  size_t n_others, most_sessions;
  int n_x, n_z, n_est, n_rel;
  int width;              /* room for coefficients per event */
  const fit_place *order; /* of the parallel loop */
  aft_progress *progress;
  gint *most_terms, *n_excluded; /* atomic: coefficients that a fit reports at most; events that cannot be fitted */
  gsize *n_roots;                /* atomic: roots of least squares that are kept so far, when events share them */
  guint32 *
      session_root; /* [sessions of all markets] atomic: 1 + number of the one that a session's events share; 0: none yet */
  const char **reason; /* [n] why a candidate is excluded */
} estimation;

/* Numbers of a root, packed. */
static inline size_t estimation_root_size(const estimation *e) { return (size_t)e->n_z * ((size_t)e->n_z + 1) / 2; }

/* Which event the row is of, and where it lies; the rows are placed before they are fitted. */
void estimation_place_row(const estimation *e, size_t row, size_t candidate);

/* The body of the parallel loop: fits what stands at first .. last-1 of the order. data is the estimation. */
void estimation_fit_range(size_t first, size_t last, unsigned worker, void *data);

/* Whether the events of a session share regressors that are worth factoring once; whether they share any. */
bool estimation_shares(const estimation *e);
bool estimation_shares_x(const estimation *e);

enum { ESTIMATION_TILE = 8 }; /* sessions whose factors a worker keeps at hand */

/* Rows first .. last-1 in the order in which most is shared between one fit and the next (estimate_order.c). Owned. */
fit_place *estimation_sort(const estimation *e, size_t first, size_t last, unsigned n_threads);

#endif
