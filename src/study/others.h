/* Other events of an event's security, whose sessions its estimation passes over; internal to study/. */
#ifndef STUDY_OTHERS_H
#define STUDY_OTHERS_H

#include "study_internal.h"

typedef struct aft_other aft_other;

/* Where every security has events that are dated and in the data: NULL unless the study excludes them. Owned. */
aft_other *aft_others_new(const aft_result *study, size_t *n);

/*
 * Copies the event's series [n_sessions] into room, with NaN on the sessions around other events of the security that lie outside its
 * event grid.
 */
void aft_others_blank(const aft_other *others, size_t n, const aft_result *study, const aft_event *event,
                      const double *series, double *room);

#endif
