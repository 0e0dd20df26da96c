/* The sample that a study's averages are told about, for the charts that show it: the one that the documents choose. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include "report/story.h"

#include <aftershock/base/banned.h>

/* The focus story when it moved several securities, else all events together, else what there is. Borrowed or NULL. */
static const char *find_sample(const chart_source *source, const char *story) {
  const json_t *aggregates = json_object_get(source->root, "aggregates");
  const char *first = NULL, *all = NULL;
  for (size_t i = 0; i < json_array_size(aggregates); i++) {
    const json_t *row = json_array_get(aggregates, i);
    const char *group = chart_json_text(row, "group");
    if (strcmp(chart_json_text(row, "model"), source->model) != 0 || group[0] == '\0') continue;
    if (first == NULL) first = group;
    if (strcmp(group, "all") == 0) all = group;
    if (strcmp(group, story) == 0 && chart_json_number(row, "n") > 1) return group;
  }
  return all != NULL ? all : first;
}

void chart_sample_choose(chart_source *source) {
  g_autofree char *story = g_strdup_printf("event:%s", source->event);
  const char *found = find_sample(source, story);
  source->sample = g_strdup(found != NULL ? found : story);
  source->sample_is_story = g_str_has_prefix(source->sample, "event:");
}

bool chart_sample_holds(const chart_source *source, const char *event, const char *group) {
  return aft_story_is_member(source->sample, event, group);
}

const char *chart_sample_find_group(const chart_source *source, const char *name) {
  if (strcmp(name, source->sample) == 0) return "";
  if (!source->sample_is_story) return g_str_has_prefix(name, "event:") ? NULL : name;
  size_t length = strlen(source->sample);
  return strncmp(name, source->sample, length) == 0 && name[length] == '/' ? name + length + 1 : NULL;
}

char *chart_sample_when(const chart_source *source) {
  const char *filter[] = {"status", "used", NULL};
  g_auto(aft_table) events = {0};
  if (!aft_table_read_matching(&events, source->folder, "events.csv", filter, NULL))
    return g_strdup_printf("on %s", source->session);
  int event = aft_table_find(&events, "event"), group = aft_table_find(&events, "group"),
      session = aft_table_find(&events, "session");
  for (size_t row = 0; row < events.n_rows; row++)
    if (chart_sample_holds(source, aft_table_text(&events, row, event), aft_table_text(&events, row, group)) &&
        strcmp(aft_table_text(&events, row, session), source->session) != 0)
      return g_strdup("on day 0");
  return g_strdup_printf("on %s", source->session);
}
