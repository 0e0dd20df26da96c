/* Which events are averaged together, against a plain list by name. */
#include "study/study_internal.h"

#include "support/support.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_EVENTS = 60 };

/* Events of few stories and groups, and some of them fitted. */
typedef struct draw {
  aft_event rows[MOST_EVENTS];
  guint32 event[MOST_EVENTS];
  aft_events events;
  aft_config config;
  aft_model_result model;
  GPtrArray *texts;
} draw;

static const char *keep(draw *d, char *text) {
  g_ptr_array_add(d->texts, text);
  return text;
}

/* Ids rise where their order is that of the rows; numbers of one digit and of two, so that length counts. */
static void draw_events(draw *d, GRand *draws) {
  int n_stories = g_rand_int_range(draws, 1, 20), n_groups = g_rand_int_range(draws, 0, 4), story = 0;
  bool rises = g_rand_boolean(draws);
  d->texts = g_ptr_array_new_with_free_func(g_free);
  d->events = (aft_events){.n = (size_t)g_rand_int_range(draws, 0, MOST_EVENTS), .rows = d->rows};
  d->model = (aft_model_result){.abnormal = {.event = d->event}};
  for (size_t i = 0; i < d->events.n; i++) {
    story = rises ? story + g_rand_int_range(draws, 0, 3) : g_rand_int_range(draws, 0, n_stories);
    int group = g_rand_int_range(draws, -1, n_groups);
    bool again = i > 0 && !rises && g_rand_int_range(draws, 0, 3) == 0; /* the very same text */
    d->rows[i] = (aft_event){.event = again ? d->rows[i - 1].event : keep(d, g_strdup_printf("s%d", story)),
                             .group = group < 0 ? "" : keep(d, g_strdup_printf("g%d", group))};
    if (g_rand_int_range(draws, 0, 5) > 0) d->event[d->model.abnormal.n_events++] = (guint32)i;
  }
  d->config.tables = g_rand_boolean(draws) ? AFT_TABLES_ALL : AFT_TABLES_AGGREGATE;
}

static const aft_event *fitted(const draw *d, size_t row) { return &d->rows[d->event[row]]; }

static size_t count_story(const draw *d, const char *story) {
  size_t n = 0;
  for (size_t i = 0; i < d->events.n; i++) n += strcmp(d->rows[i].event, story) == 0;
  return n;
}

static bool is_pooled(const draw *d) {
  g_autoptr(GHashTable) stories = g_hash_table_new(g_str_hash, g_str_equal);
  bool pooled = false;
  for (size_t i = 0; i < d->events.n; i++) g_hash_table_add(stories, (gpointer)(guintptr)d->rows[i].event);
  for (size_t row = 0; row < d->model.abnormal.n_events; row++)
    pooled = pooled || count_story(d, fitted(d, row)->event) == 1;
  return pooled || g_hash_table_size(stories) >= 3;
}

/* "name: 0 3 7" of every sample in order, from names alone. */
static void note(GPtrArray *names, GPtrArray *lists, const char *name, size_t row) {
  guint at = 0;
  while (at < names->len && strcmp(g_ptr_array_index(names, at), name) != 0) at++;
  if (at == names->len) {
    g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_add(lists, g_string_new(NULL));
  }
  g_string_append_printf(g_ptr_array_index(lists, at), " %" G_GSIZE_FORMAT, row);
}

static char *list_plainly(const draw *d) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free), lists = g_ptr_array_new();
  GString *told = g_string_new(NULL);
  size_t n = d->model.abnormal.n_events;
  for (size_t row = 0; row < n && is_pooled(d); row++) note(names, lists, "all", row);
  for (size_t row = 0; row < n && is_pooled(d); row++)
    if (*fitted(d, row)->group != '\0') note(names, lists, fitted(d, row)->group, row);
  for (size_t row = 0; row < n; row++) {
    const aft_event *event = fitted(d, row);
    bool single = count_story(d, event->event) == 1;
    if (single && d->config.tables != AFT_TABLES_ALL) continue;
    g_autofree char *story = g_strconcat(single ? "event:1:" : "event:", event->event, NULL);
    g_autofree char *part = g_strconcat(story, "/", event->group, NULL);
    note(names, lists, story, row);
    if (!single && *event->group != '\0') note(names, lists, part, row);
  }
  for (guint s = 0; s < names->len; s++) {
    g_string_append_printf(told, "%s:%s\n", (char *)g_ptr_array_index(names, s),
                           ((GString *)g_ptr_array_index(lists, s))->str);
    g_string_free(g_ptr_array_index(lists, s), TRUE);
  }
  return g_string_free(told, FALSE);
}

static char *list_samples(const draw *d, const aft_membership *members) {
  const aft_result study = {.config = &d->config, .events = &d->events};
  aft_model_result model = d->model;
  GString *told = g_string_new(NULL);
  aft_study_sample(&model, &study, members);
  for (size_t s = 0; s < model.n_samples; s++) {
    const aft_sample *sample = &model.samples[s];
    const char *name = sample->name;
    if (sample->single_only) g_assert_true(g_str_has_prefix(name, "event:"));
    g_string_append_printf(told, "%s%s:", sample->single_only ? "event:1:" : "",
                           sample->single_only ? name + strlen("event:") : name);
    for (size_t i = 0; i < sample->n; i++) g_string_append_printf(told, " %" G_GSIZE_FORMAT, sample->member[i]);
    g_string_append_c(told, '\n');
    g_free(sample->name);
    g_free(sample->member);
  }
  g_free(model.samples);
  return g_string_free(told, FALSE);
}

static void test_random(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(41);
  for (int turn = 0; turn < 3000; turn++) {
    draw d = {.config = {.n_tests = 0}};
    aft_membership members;
    draw_events(&d, draws);
    aft_membership_init(&members, &d.events);
    g_autofree char *told = list_samples(&d, &members), *plain = list_plainly(&d);
    g_assert_cmpstr(told, ==, plain);
    for (size_t i = 0; i < d.events.n; i++)
      g_assert_cmpuint(members.story_size[members.story[i]], ==, count_story(&d, d.rows[i].event));
    aft_membership_clear(&members);
    g_ptr_array_unref(d.texts);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/samples/random", test_random);
  return g_test_run();
}
