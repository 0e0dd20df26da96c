/* The keys `overlaps` and `exclude_other_events`: several events of one security. */
#include "config_json.h"

#include <aftershock/base/banned.h>

static const char *const overlaps_names[] = {
    [AFT_OVERLAPS_KEEP] = "keep", [AFT_OVERLAPS_FIRST] = "first", [AFT_OVERLAPS_DROP] = "drop", NULL};

const char *const *aft_config_overlaps_names(void) { return overlaps_names; }

aft_window aft_config_get_span(const aft_config *config) {
  aft_window span = config->windows[0];
  for (size_t w = 1; w < config->n_windows; w++) {
    span.first = MIN(span.first, config->windows[w].first);
    span.last = MAX(span.last, config->windows[w].last);
  }
  return span;
}

bool config_read_overlaps(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  int index = 0;
  if (!config_choice(r, value, "overlaps", overlaps_names, &index, error)) return false;
  c->overlaps = (enum aft_overlaps)index;
  return true;
}

bool config_read_excluded(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  c->excludes_others = value != NULL;
  return config_span(r, value, "exclude_other_events", &c->first_excluded, &c->last_excluded, NULL, error);
}
