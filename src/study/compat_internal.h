/* What a convention of another program changes. */
#ifndef STUDY_COMPAT_INTERNAL_H
#define STUDY_COMPAT_INTERNAL_H

#include "study_internal.h"

/* Copies that share what they point to; a convention changes members. */
struct aft_compat_setting {
  aft_config config;
  aft_model_spec spec;
  aft_test_options options;
  bool refits;     /* the model must be fitted again */
  bool market_n_1; /* market model: the market's part of the forecast error times (T - 1)/T */
  bool plain_car;  /* car_t without the error of the coefficients */
  bool log_caar;   /* caar as the sum over days of ln mean exp(AR) */
};

#endif
