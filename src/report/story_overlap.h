/* Where one story's windows contain another story's session for the same security. */
#ifndef AFTERSHOCK_REPORT_STORY_OVERLAP_H
#define AFTERSHOCK_REPORT_STORY_OVERLAP_H

#include "story.h"

/* Story `event` has, on its relative day rel_day, the event session of story `other`, for n securities. Texts are borrowed. */
typedef struct aft_overlap {
  const char *event, *other;
  int rel_day;
  size_t n_securities;
} aft_overlap;

/* Array of aft_overlap in the order of abnormal.csv; owned by the caller. Cost: one pass over that table. */
GArray *aft_overlap_find(const aft_story *story);

#endif
