/* The key `stories` of the study file. */
#include "config_json.h"

#include <aftershock/base/banned.h>

enum { MAX_WINDOW_DAYS = 3660 };

/* false, or a number above 0.5, at most 1 */
static bool read_titles(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  if (json_is_false(value)) {
    c->stories.titles = 0;
    return true;
  }
  if (json_is_number(value) && json_number_value(value) == 1) {
    c->stories.titles = 1;
    return true;
  }
  return config_number(r, value, "stories.titles", 0.5, 1, &c->stories.titles, error);
}

/* true, false, or {"url": true, "titles": 0.8, "window_days": 3} */
bool config_read_stories(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  static const char *const keys[] = {"url", "titles", "window_days", NULL};
  c->stories = (aft_stories_options)AFT_STORIES_DEFAULT;
  if (value == NULL || json_is_true(value)) return true;
  if (json_is_false(value)) {
    c->stories.url = false;
    c->stories.titles = 0;
    return true;
  }
  if (!json_is_object(value))
    return config_fail(r, error, "stories",
                       "must be true, false or {\"url\": true, \"titles\": 0.8, \"window_days\": 3}");
  return config_check_keys(r, value, "stories.", keys, error) &&
         config_boolean(r, json_object_get(value, "url"), "stories.url", &c->stories.url, error) &&
         read_titles(r, json_object_get(value, "titles"), c, error) &&
         config_integer(r, json_object_get(value, "window_days"), "stories.window_days", 0, MAX_WINDOW_DAYS,
                        &c->stories.window_days, error);
}
