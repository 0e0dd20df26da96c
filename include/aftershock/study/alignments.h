/* What the study's headline would be if every event whose session is uncertain fell on its other one. */
#ifndef AFTERSHOCK_STUDY_ALIGNMENTS_H
#define AFTERSHOCK_STUDY_ALIGNMENTS_H

#include <aftershock/study/study.h>

enum aft_alignment_choice { AFT_ALIGNED_USED, AFT_ALIGNED_OTHER, AFT_N_ALIGNED };
const char *aft_alignment_choice_name(enum aft_alignment_choice choice); /* "used", "other" */

/* The average CAR over one window and its cross-sectional t, df = n - 1; NaN when it has none. */
typedef struct aft_aligned_mean {
  size_t n;
  double caar, statistic, p_value;
} aft_aligned_mean;

struct aft_alignments {
  aft_event *rows;   /* [events->n] the study's events, the uncertain ones moved; what they own is the study's */
  aft_events events; /* of rows */
  aft_model_result
      other; /* the first model fitted to them; nothing but terms, abnormal, exclusions and windows is filled */
  aft_aligned_mean *mean[AFT_N_ALIGNED]; /* [n_windows] over every event of the first model */
};

/*
 * Fills result->alignments; leaves it NULL when the session of every usable event is certain, or the study keeps only part of its tables. An event whose
 * window would lie beyond the data is not fitted on its other session.
 */
bool aft_study_realign(aft_result *result, unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_alignments_free(aft_alignments *alignments, const aft_config *config);

#endif
