/* Events of one security whose windows overlap. */
#include <aftershock/market/events.h>

#include <stdlib.h>

#include <aftershock/base/banned.h>

typedef struct placed {
  size_t market, event;
  long security, column;
} placed;

static int compare(const void *left, const void *right) {
  const placed *a = left, *b = right;
  if (a->market != b->market) return a->market < b->market ? -1 : 1;
  if (a->security != b->security) return a->security < b->security ? -1 : 1;
  return a->column < b->column ? -1 : a->column > b->column;
}

static bool shares_window(const placed *a, const placed *b, int first, int last) {
  return a->market == b->market && a->security == b->security && b->column - a->column <= last - first;
}

void aft_events_settle_overlaps(aft_events *events, enum aft_overlaps policy, int first, int last) {
  size_t n = 0, stays = 0;
  if (policy == AFT_OVERLAPS_KEEP) return;
  g_autofree placed *list = g_new(placed, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *event = &events->rows[i];
    if (event->reason == NULL) list[n++] = (placed){event->panel->number, i, event->security, event->column};
  }
  qsort(list, n, sizeof *list, compare);
  for (size_t i = 1; i < n; i++) {
    const char **reason = &events->rows[list[i].event].reason;
    if (policy == AFT_OVERLAPS_FIRST) {
      if (shares_window(&list[stays], &list[i], first, last))
        *reason = "overlaps an earlier event of the security";
      else
        stays = i;
    } else if (shares_window(&list[i - 1], &list[i], first, last)) {
      *reason = events->rows[list[i - 1].event].reason = "overlaps another event of the security";
    }
  }
}
