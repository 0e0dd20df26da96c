/* The parts of the test over candidate sessions: candidates.c finds them, candidates_test.c tests them. */
#ifndef STUDY_CANDIDATES_INTERNAL_H
#define STUDY_CANDIDATES_INTERNAL_H

#include "study_internal.h"

#include <aftershock/study/candidates.h>

enum { MAX_CANDIDATES = 250 };

typedef struct candidate_session {
  long column;   /* of the panel */
  GString *what; /* owned */
} candidate_session;

/* Sessions of a story on one exchange, its own and its candidates', ascending: of candidate_session, owned. NULL with an error. */
GArray *aft_candidates_find_sessions(const aft_result *study, const char *story_id, const aft_panel *exchange,
                                     GError **error);

/* One story on one exchange, fitted with day 0 on its first candidate session and window k around the k-th. */
typedef struct candidate_test {
  const aft_result *study;
  const aft_model_result *model;
  const aft_panel *panel;
  const candidate_session *sessions; /* [n] ascending */
  size_t n;
} candidate_test;

/* Appends a row for each security and session, then, of two securities or more, for each session of their average. */
void aft_candidates_compute(const candidate_test *test, GArray *rows);

#endif
