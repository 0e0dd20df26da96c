/* Other events of an event's security. */
#include "others.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

struct aft_other {
  size_t market;
  long security, column;
};

static int compare(const void *left, const void *right) {
  const aft_other *a = left, *b = right;
  if (a->market != b->market) return a->market < b->market ? -1 : 1;
  if (a->security != b->security) return a->security < b->security ? -1 : 1;
  return a->column < b->column ? -1 : a->column > b->column;
}

aft_other *aft_others_new(const aft_result *study, size_t *n) {
  *n = 0;
  if (!study->config->excludes_others) return NULL;
  const aft_events *known = aft_result_get_known(study);
  aft_other *others = g_new(aft_other, MAX(known->n, 1));
  for (size_t i = 0; i < known->n; i++) {
    const aft_event *event = &known->rows[i];
    if (event->security < 0 || event->alignment.session < 0) continue;
    others[(*n)++] = (aft_other){aft_result_get_panel(study, event)->number, event->security, event->column};
  }
  qsort(others, *n, sizeof *others, compare);
  return others;
}

/* Place of the first event of the security. */
static size_t find_first(const aft_other *others, size_t n, size_t market, long security) {
  const aft_other wanted = {market, security, G_MINLONG};
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (compare(&others[middle], &wanted) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

void aft_others_blank(const aft_other *others, size_t n, const aft_result *study, const aft_event *event,
                      const double *series, double *room) {
  const aft_config *config = study->config;
  const aft_panel *panel = aft_result_get_panel(study, event);
  long n_sessions = (long)panel->n_sessions;
  long grid = event->column + config->first_rel, grid_end = event->column + config->last_rel;
  memcpy(room, series, (size_t)n_sessions * sizeof *room);
  for (size_t i = find_first(others, n, panel->number, event->security); i < n; i++) {
    const aft_other *other = &others[i];
    if (other->market != panel->number || other->security != event->security) break;
    if (other->column == event->column) continue;
    for (long t = MAX(other->column + config->first_excluded, 0);
         t <= MIN(other->column + config->last_excluded, n_sessions - 1); t++)
      if (t < grid || t > grid_end) room[t] = (double)NAN;
  }
}
