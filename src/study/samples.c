/* Which events are averaged together: the whole sample, groups, stories, groups within stories. */
#include "study_internal.h"

#include <aftershock/base/banned.h>

typedef struct sampler {
  const aft_model_result *model;
  const aft_membership *members;
  GArray *samples; /* of aft_sample, in their order */
  GArray *room;    /* of size_t: members that the sample of the same place has room for */
} sampler;

/* A sample without members yet; name taken. */
static size_t add_sample(sampler *s, char *name) {
  const aft_sample sample = {.name = name};
  const size_t none = 0;
  g_array_append_val(s->samples, sample);
  g_array_append_val(s->room, none);
  return s->samples->len - 1;
}

static void add_member(sampler *s, size_t at, size_t row) {
  aft_sample *sample = &g_array_index(s->samples, aft_sample, at);
  size_t *room = &g_array_index(s->room, size_t, at);
  if (sample->n == *room) {
    *room = MAX(2 * *room, 2);
    sample->member = g_renew(size_t, sample->member, *room);
  }
  sample->member[sample->n++] = row;
}

static int32_t story_of(const sampler *s, size_t row) { return s->members->story[s->model->abnormal.event[row]]; }
static int32_t group_of(const sampler *s, size_t row) {
  return s->members->n_groups == 0 ? -1 : s->members->group[s->model->abnormal.event[row]];
}

enum { FEW_STORIES = 3 };

/*
 * Whether stories are pooled. Two stories that move the same securities are two different pieces of news: their mean would say nothing. From
 * three on, or when a story moves one security, the average over stories is what the study is about.
 */
static bool pools_stories(const sampler *s) {
  if (s->members->n_stories >= FEW_STORIES) return true;
  for (size_t row = 0; row < s->model->abnormal.n_events; row++)
    if (s->members->story_size[story_of(s, row)] == 1) return true;
  return false;
}

/* Whether a story of one event is a sample of its own. */
static bool has_single_samples(const aft_config *config) {
  bool asked = false;
  for (size_t t = 0; t < config->n_tests; t++) asked = asked || config->tests[t]->single_only;
  return config->tables == AFT_TABLES_ALL || (config->tables == AFT_TABLES_EVENTS && asked);
}

static void sample_all(sampler *s) {
  size_t n = s->model->abnormal.n_events;
  if (n == 0) return;
  size_t at = add_sample(s, g_strdup("all"));
  aft_sample *all = &g_array_index(s->samples, aft_sample, at);
  g_array_index(s->room, size_t, at) = all->n = n;
  all->member = g_new(size_t, n);
  for (size_t row = 0; row < n; row++) all->member[row] = row;
}

/* A table of n samples by number, of which none is there yet; owned. */
static size_t *new_places(size_t n) {
  size_t *places = g_new(size_t, MAX(n, 1));
  for (size_t i = 0; i < n; i++) places[i] = G_MAXSIZE;
  return places;
}

static void sample_groups(sampler *s) {
  if (s->members->n_groups == 0) return;
  g_autofree size_t *place = new_places(s->members->n_groups);
  for (size_t row = 0; row < s->model->abnormal.n_events; row++) {
    int32_t group = group_of(s, row);
    if (group < 0) continue;
    if (place[group] == G_MAXSIZE) place[group] = add_sample(s, g_strdup(s->members->group_name[group]));
    add_member(s, place[group], row);
  }
}

/* A story's part of one group; parts: of (story, group) -> place + 1. */
static void add_to_part(sampler *s, GHashTable *parts, size_t row, const char *story) {
  gpointer key = GSIZE_TO_POINTER((size_t)story_of(s, row) * s->members->n_groups + (size_t)group_of(s, row));
  size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(parts, key));
  if (place == 0) {
    place = 1 + add_sample(s, g_strconcat("event:", story, "/", s->members->group_name[group_of(s, row)], NULL));
    g_hash_table_insert(parts, key, GSIZE_TO_POINTER(place));
  }
  add_member(s, place - 1, row);
}

/* Each story, and its groups as they come. */
static void sample_stories(sampler *s, const aft_result *study) {
  bool makes_single = has_single_samples(study->config);
  g_autofree size_t *place = new_places(s->members->n_stories);
  g_autoptr(GHashTable) parts = g_hash_table_new(g_direct_hash, g_direct_equal);
  for (size_t row = 0; row < s->model->abnormal.n_events; row++) {
    int32_t story = story_of(s, row);
    bool single = s->members->story_size[story] == 1;
    if (single && !makes_single) continue;
    const char *name = study->events->rows[s->model->abnormal.event[row]].event;
    if (place[story] == G_MAXSIZE) {
      place[story] = add_sample(s, g_strconcat("event:", name, NULL));
      g_array_index(s->samples, aft_sample, place[story]).single_only = single;
    }
    add_member(s, place[story], row);
    if (!single && group_of(s, row) >= 0) add_to_part(s, parts, row, name);
  }
}

/* Order: all, group labels, then each story with its groups. */
void aft_study_sample(aft_model_result *model, const aft_result *study, const aft_membership *members) {
  sampler s = {.model = model,
               .members = members,
               .samples = g_array_new(FALSE, FALSE, sizeof(aft_sample)),
               .room = g_array_new(FALSE, FALSE, sizeof(size_t))};
  if (pools_stories(&s)) {
    sample_all(&s);
    sample_groups(&s);
  }
  sample_stories(&s, study);
  g_array_unref(s.room);
  model->n_samples = s.samples->len;
  model->samples = (aft_sample *)(gpointer)g_array_free(s.samples, FALSE);
}
