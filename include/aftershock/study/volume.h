/* Trading volume studied as returns are: transformed series, expected and abnormal, through the same models and tests. */
#ifndef AFTERSHOCK_STUDY_VOLUME_H
#define AFTERSHOCK_STUDY_VOLUME_H

#include <stdbool.h>
#include <stddef.h>

/* A series made of volume V and shares outstanding S, both counted alike. */
typedef struct aft_volume_measure {
  const char *name;                                  /* as in study files */
  const char *title;                                 /* "Log turnover, ln(1 + V/S)" */
  bool is_turnover;                                  /* needs shares */
  bool is_log;                                       /* differences of it are, nearly, shares of the usual volume */
  double (*transform)(double volume, double shares); /* NaN when undefined */
} aft_volume_measure;

/* The first is the default. */
const aft_volume_measure *aft_volume_measures(size_t *n);

typedef struct aft_volume_options {
  const aft_volume_measure *measure; /* NULL: volume is not studied */
  bool market_model;                 /* expected: a line in the mean of all securities; without: the mean */
} aft_volume_options;

#endif
