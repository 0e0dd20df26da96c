/* The key `candidates` of the study file: moments at which a story may have become public. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void clear_candidate(void *data) {
  aft_candidate *candidate = data;
  g_free(candidate->event);
  g_free(candidate->published);
  g_free(candidate->until);
  g_free(candidate->what);
}

static bool read_stamp(const config_reader *r, const char *key, const char *text, aft_stamp *stamp, GError **error) {
  g_autoptr(GError) problem = NULL;
  if (!aft_stamp_parse(text, stamp, &problem)) return config_fail(r, error, key, "\"%s\" %s", text, problem->message);
  if (aft_stamp_is_dated(stamp)) return true;
  return config_fail(r, error, key, "\"%s\" is no day (a candidate needs one)", text);
}

static bool read_candidate(const config_reader *r, json_t *object, const char *key, aft_candidate *out,
                           GError **error) {
  static const char *const keys[] = {"event", "published", "until", "what", NULL};
  char **const fields[] = {&out->event, &out->published, &out->until, &out->what};
  char name[4][64];
  g_autofree char *prefix = g_strconcat(key, ".", NULL);
  if (!config_check_keys(r, object, prefix, keys, error)) return false;
  for (int i = 0; keys[i] != NULL; i++) {
    json_t *value = json_object_get(object, keys[i]);
    g_snprintf(name[i], sizeof name[i], "%s%s", prefix, keys[i]);
    if (value == NULL && i < 2) return config_fail(r, error, key, "needs \"%s\"", keys[i]);
    if (!config_text(r, value, name[i], fields[i], error)) return false;
    if (*fields[i] == NULL) *fields[i] = g_strdup("");
  }
  out->line = aft_json_find_line(r->text, key);
  return read_stamp(r, name[1], out->published, &out->stamp, error) &&
         (out->until[0] == '\0' || read_stamp(r, name[2], out->until, &out->last, error));
}

bool config_read_candidates(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  size_t i;
  json_t *object;
  c->candidates = g_array_new(FALSE, TRUE, sizeof(aft_candidate));
  g_array_set_clear_func(c->candidates, clear_candidate);
  if (list == NULL) return true;
  if (!json_is_array(list))
    return config_fail(r, error, "candidates", "must be a list of {event, published}, with until and what if you like");
  json_array_foreach(list, i, object) {
    g_autofree char *key = g_strdup_printf("candidates.%" G_GSIZE_FORMAT, i);
    g_array_set_size(c->candidates, c->candidates->len + 1);
    aft_candidate *candidate = &g_array_index(c->candidates, aft_candidate, i);
    if (!read_candidate(r, object, key, candidate, error)) return false;
  }
  return true;
}
