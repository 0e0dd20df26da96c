/* Which sessions of which series are to be kept of price files that go by, for events that are known before. */
#ifndef AFTERSHOCK_MARKET_KEEP_H
#define AFTERSHOCK_MARKET_KEEP_H

#include <aftershock/market/calendar.h>

#include <glib.h>
#include <stdint.h>

/* Sessions of a calendar, or columns of a panel, both included. */
typedef struct aft_run {
  int32_t first, last;
} aft_run;

/* What is kept of one series: runs in rising order, with a session between them that is not kept. */
typedef struct aft_keep_series {
  GArray *runs; /* of aft_run */
} aft_keep_series;

typedef struct aft_keep aft_keep; /* opaque */

/* Nothing is kept yet. calendar: borrowed. Owned. */
aft_keep *aft_keep_new(const aft_calendar *calendar);
void aft_keep_free(aft_keep *keep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_keep, aft_keep_free)

/* Keeps sessions first to last of the symbol's series; those outside the calendar are not there. */
void aft_keep_add(aft_keep *keep, const char *symbol, long first, long last);
/* Keeps the whole series. */
void aft_keep_add_all(aft_keep *keep, const char *symbol);
/* Brings the runs into order; after it nothing is added. Cost O(n log n). */
void aft_keep_settle(aft_keep *keep);

/* The symbols of which anything is kept, sorted by their bytes, NULL-terminated; the names are borrowed, the list is owned. */
const char **aft_keep_list(const aft_keep *keep);

/* What is kept of a series; NULL when it is nothing. Borrowed. */
const aft_keep_series *aft_keep_find(const aft_keep *keep, const char *symbol);

/* The run with the session, or NULL. Cost O(log n). */
static inline const aft_run *aft_keep_find_run(const aft_keep_series *series, long session) {
  guint low = 0, high = series->runs->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(series->runs, aft_run, middle).last < session)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == series->runs->len) return NULL;
  const aft_run *run = &g_array_index(series->runs, aft_run, low);
  return run->first <= session ? run : NULL;
}

#endif
