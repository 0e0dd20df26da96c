/* What else happened to the firm around an event: other stories, articles, dividends, splits, results. */
#ifndef AFTERSHOCK_STUDY_CONFOUNDERS_H
#define AFTERSHOCK_STUDY_CONFOUNDERS_H

#include <aftershock/study/study.h>

enum aft_occurrence_kind {
  AFT_OCCURRENCE_EVENT, /* another event of the study */
  AFT_OCCURRENCE_EARNINGS,
  AFT_OCCURRENCE_DIVIDEND, /* ex-date */
  AFT_OCCURRENCE_SPLIT,
  AFT_OCCURRENCE_ARTICLE
};
const char *aft_occurrence_name(enum aft_occurrence_kind kind); /* "event"; static */

/* Something that happened to a security, on the session that could first react. Texts are owned. */
typedef struct aft_occurrence {
  enum aft_occurrence_kind kind;
  char *symbol;
  char *story;  /* of articles and events: it does not confound itself; "" for others */
  char *source; /* the article's id, the event, the value of an action, the time of the results */
  aft_day day;
} aft_occurrence;

GArray *aft_occurrences_new(void); /* of aft_occurrence; g_array_unref */

/* An occurrence in a window of an event. */
typedef struct aft_confounder {
  size_t event, occurrence; /* places in the study's events and in the occurrences */
  int rel_day;
  bool in_estimation; /* else in the event window */
} aft_confounder;

/*
 * The occurrences of each usable event's firm that lie in its estimation or event window and are not of its own story, by event, day, kind
 * and source. A firm is what the key `firms` says, else the symbol. A day without session on the event's exchange counts for the next.
 * Sorts occurrences. Cost O(sorting) and the pairs that lie in a window. Owned: g_array_unref.
 */
GArray *aft_confounders_find(const aft_result *result, GArray *occurrences);

#endif
