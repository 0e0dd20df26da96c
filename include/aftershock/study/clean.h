/* The study without its confounded events: what is left of averages and tests when nothing else happened in the event window. */
#ifndef AFTERSHOCK_STUDY_CLEAN_H
#define AFTERSHOCK_STUDY_CLEAN_H

#include <aftershock/study/confounders.h>

/* One test of one sample over one window, with all events and with the clean ones. */
typedef struct aft_clean_row {
  size_t sample, window;
  const aft_test *test;
  aft_test_result all, clean; /* clean.n 0 and a note when no event is left */
} aft_clean_row;

/*
 * Makes the tests of the first model's samples of two events or more again, without the events that have an occurrence of their firm in
 * the event window (not in the estimation window alone). Nothing is fitted again: an event's own fit does not depend on the others.
 *
 * found  of aft_confounders_find
 *
 * By sample, window, test; of aft_clean_row; owned: g_array_unref. Cost that of the tests.
 */
GArray *aft_clean_compare(const aft_result *result, const GArray *found);

#endif
