/* The key `calendar_time` of the study file. */
#include "config_json.h"

#include <aftershock/base/banned.h>

/* [first, last], or null for every window of the study. */
static bool read_window(const config_reader *r, json_t *pair, aft_config *c, GError **error) {
  aft_calendar_time_options *options = &c->calendar_time;
  if (pair == NULL || json_is_null(pair)) return true;
  options->one_window = true;
  return config_window(r, pair, "calendar_time.window", c, &options->window, error);
}

/* true, false, or {"min_firms": 1, "window": [0, 10], "lag": null} */
bool config_read_calendar_time(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  static const char *const keys[] = {"min_firms", "window", "lag", NULL};
  aft_calendar_time_options *options = &c->calendar_time;
  *options = (aft_calendar_time_options){.min_firms = 1, .lag = -1};
  if (value == NULL || json_is_false(value)) return true;
  options->wanted = true;
  if (json_is_true(value)) return true;
  if (!json_is_object(value))
    return config_fail(r, error, "calendar_time", "must be true, false or {\"min_firms\": 1, \"window\": [0, 10]}");
  json_t *lag = json_object_get(value, "lag");
  return config_check_keys(r, value, "calendar_time.", keys, error) &&
         config_integer(r, json_object_get(value, "min_firms"), "calendar_time.min_firms", 1, 1000000,
                        &options->min_firms, error) &&
         config_integer(r, json_is_null(lag) ? NULL : lag, "calendar_time.lag", 0, CONFIG_MAX_REL, &options->lag,
                        error) &&
         read_window(r, json_object_get(value, "window"), c, error);
}
