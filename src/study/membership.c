/* Which story and which group every event is of, by number: texts are compared once, not in every sample. */
#include "study_internal.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* Texts by number, in order of first appearance. */
typedef struct numbering {
  GHashTable *known; /* text -> number + 1; texts borrowed */
  const char *last;  /* the text before: a list often stays with one */
  int32_t number;    /* its number */
} numbering;

static int32_t find_number(numbering *n, const char *text) {
  if (n->last != NULL && (n->last == text || strcmp(n->last, text) == 0)) return n->number;
  n->last = text;
  size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(n->known, text));
  if (known == 0) {
    known = g_hash_table_size(n->known) + 1;
    g_hash_table_insert(n->known, (gpointer)(guintptr)text, GSIZE_TO_POINTER(known));
  }
  return n->number = (int32_t)known - 1;
}

/* Numbers stories whose ids only rise, by length and then by bytes, so that none comes again; false, and nothing said, otherwise. */
static bool number_rising(const aft_events *events, int32_t *story, size_t *n_stories) {
  const char *last = NULL;
  size_t last_length = 0, n = 0;
  for (size_t i = 0; i < events->n; i++) {
    const char *id = events->rows[i].event;
    if (id != last) {
      size_t length = strlen(id);
      int order = last == NULL ? 1 : length != last_length ? (length > last_length ? 1 : -1) : memcmp(id, last, length);
      if (order < 0) return false;
      n += order > 0;
      last = id;
      last_length = length;
    }
    story[i] = (int32_t)n - 1;
  }
  *n_stories = n;
  return true;
}

static void number_stories(aft_membership *members, const aft_events *events) {
  if (!number_rising(events, members->story, &members->n_stories)) {
    numbering stories = {.known = g_hash_table_new(g_str_hash, g_str_equal)};
    for (size_t i = 0; i < events->n; i++) members->story[i] = find_number(&stories, events->rows[i].event);
    members->n_stories = g_hash_table_size(stories.known);
    g_hash_table_unref(stories.known);
  }
  members->story_size = g_new0(guint32, MAX(members->n_stories, 1));
  for (size_t i = 0; i < events->n; i++) members->story_size[members->story[i]]++;
}

static bool has_groups(const aft_events *events) {
  for (size_t i = 0; i < events->n; i++)
    if (events->rows[i].group[0] != '\0') return true;
  return false;
}

static void number_groups(aft_membership *members, const aft_events *events) {
  members->group = g_new(int32_t, events->n);
  numbering groups = {.known = g_hash_table_new(g_str_hash, g_str_equal)};
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (size_t i = 0; i < events->n; i++) {
    const char *group = events->rows[i].group;
    members->group[i] = group[0] == '\0' ? -1 : find_number(&groups, group);
    if (members->group[i] == (int32_t)names->len) g_ptr_array_add(names, (gpointer)(guintptr)group);
  }
  members->n_groups = names->len;
  members->group_name = (const char **)(gpointer)g_ptr_array_free(g_steal_pointer(&names), FALSE);
  g_hash_table_unref(groups.known);
}

void aft_membership_init(aft_membership *members, const aft_events *events) {
  *members = (aft_membership){.story = g_new(int32_t, MAX(events->n, 1))};
  number_stories(members, events);
  if (has_groups(events)) number_groups(members, events);
}

void aft_membership_clear(aft_membership *members) {
  g_free(members->story);
  g_free(members->story_size);
  g_free(members->group);
  g_free(members->group_name);
}
