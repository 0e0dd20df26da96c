/* Which events are averaged together: the whole sample, groups, stories, groups within stories. */
#include "study_internal.h"

#include <string.h>

#include <aftershock/base/banned.h>

typedef struct sampler {
  GPtrArray *names;   /* of char *, in order of first appearance */
  GHashTable *index;  /* name -> index + 1 */
  GPtrArray *members; /* of GArray of size_t */
} sampler;

static void add_member(sampler *s, const char *name, size_t row) {
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(s->index, name));
  if (at == 0) {
    char *copy = g_strdup(name);
    g_ptr_array_add(s->names, copy);
    g_ptr_array_add(s->members, g_array_new(FALSE, FALSE, sizeof(size_t)));
    at = s->names->len;
    g_hash_table_insert(s->index, copy, GUINT_TO_POINTER(at));
  }
  g_array_append_val((GArray *)g_ptr_array_index(s->members, at - 1), row);
}

/* Number of events of each story among all dated events: a story's kind must not depend on what a model could fit. */
static GHashTable *count_stories(const aft_events *events) {
  GHashTable *count = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < events->n; i++) {
    guint n = GPOINTER_TO_UINT(g_hash_table_lookup(count, events->rows[i].event));
    g_hash_table_insert(count, (gpointer)(guintptr)events->rows[i].event, GUINT_TO_POINTER(n + 1));
  }
  return count;
}

static const aft_event *event_of(const aft_model_result *model, const aft_result *study, size_t row) {
  return &study->events->rows[model->abnormal.event[row]];
}

static void take(aft_model_result *model, sampler *s) {
  model->n_samples = s->names->len;
  model->samples = g_new0(aft_sample, MAX(model->n_samples, 1));
  for (guint i = 0; i < s->names->len; i++) {
    GArray *members = g_ptr_array_index(s->members, i);
    model->samples[i].name = g_ptr_array_index(s->names, i);
    model->samples[i].n = members->len;
    model->samples[i].member = (size_t *)(gpointer)g_array_free(members, FALSE);
  }
  g_ptr_array_unref(s->names);
  g_ptr_array_unref(s->members);
  g_hash_table_unref(s->index);
}

enum { FEW_STORIES = 3 };

/*
 * Whether stories are pooled. Two stories that move the same securities are two different pieces of news: their mean would say nothing. From
 * three on, or when a story moves one security, the average over stories is what the study is about.
 */
static bool pools_stories(const aft_model_result *model, const aft_result *study, GHashTable *stories) {
  if (g_hash_table_size(stories) >= FEW_STORIES) return true;
  for (size_t row = 0; row < model->abnormal.n_events; row++)
    if (g_hash_table_lookup(stories, event_of(model, study, row)->event) == GUINT_TO_POINTER(1)) return true;
  return false;
}

/* Whether a story of one event is a sample of its own. */
static bool has_single_samples(const aft_config *config) {
  bool asked = false;
  for (size_t t = 0; t < config->n_tests; t++) asked = asked || config->tests[t]->single_only;
  return config->tables == AFT_TABLES_ALL || (config->tables == AFT_TABLES_EVENTS && asked);
}

/* Order: all, group labels, then each story with its groups. */
void aft_study_sample(aft_model_result *model, const aft_result *study) {
  size_t n = model->abnormal.n_events;
  sampler pooled = {g_ptr_array_new(), g_hash_table_new(g_str_hash, g_str_equal), g_ptr_array_new()};
  g_autoptr(GHashTable) stories = count_stories(study->events);
  bool pools = pools_stories(model, study, stories);
  for (size_t row = 0; row < n && pools; row++) add_member(&pooled, "all", row);
  for (size_t row = 0; row < n && pools; row++)
    if (event_of(model, study, row)->group[0] != '\0') add_member(&pooled, event_of(model, study, row)->group, row);
  bool makes_single = has_single_samples(study->config);
  for (size_t row = 0; row < n; row++) {
    const aft_event *event = event_of(model, study, row);
    bool single = g_hash_table_lookup(stories, event->event) == GUINT_TO_POINTER(1);
    if (single && !makes_single) continue;
    g_autofree char *name = g_strconcat("event:", event->event, NULL);
    add_member(&pooled, name, row);
    if (single || event->group[0] == '\0') continue;
    g_autofree char *part = g_strconcat(name, "/", event->group, NULL);
    add_member(&pooled, part, row);
  }
  take(model, &pooled);
  for (size_t i = 0; i < model->n_samples; i++) {
    aft_sample *sample = &model->samples[i];
    const char *story = event_of(model, study, sample->member[0])->event;
    sample->single_only = g_str_has_prefix(sample->name, "event:") && strchr(sample->name, '/') == NULL &&
                          g_hash_table_lookup(stories, story) == GUINT_TO_POINTER(1);
  }
}
