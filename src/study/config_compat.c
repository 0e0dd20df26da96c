/* The key `compat` of the study file: programs whose conventions the study is compared with. */
#include "config_json.h"

#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* A name, a list of names, or "all". */
bool config_read_compat(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  size_t n;
  const aft_compat_profile *profiles = aft_compat_profiles(&n);
  g_autofree const char **known = g_new0(const char *, n + 1);
  g_auto(GStrv) names = NULL;
  if (value == NULL) return true;
  for (size_t p = 0; p < n; p++) known[p] = profiles[p].name;
  bool single = json_is_string(value) && strcmp(json_string_value(value), "all") != 0;
  int index = 0;
  if (single ? !config_choice(r, value, "compat", known, &index, error)
             : !config_names(r, value, "compat", known, &names, error))
    return false;
  c->n_compat = single ? 1 : g_strv_length(names);
  c->compat = g_new(const aft_compat_profile *, c->n_compat);
  if (single) c->compat[0] = &profiles[index];
  for (size_t i = 0; !single && i < c->n_compat; i++)
    for (size_t p = 0; p < n; p++)
      if (strcmp(profiles[p].name, names[i]) == 0) c->compat[i] = &profiles[p];
  return true;
}
