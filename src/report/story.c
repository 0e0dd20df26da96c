/* The story's frame: what it is about, in which order it is told, and the look-ups that its sections share. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Distinct (event, publication, session) of events.csv with the number of their securities. */
static void collect_events(aft_story *story) {
  const aft_table *table = &story->facts->events_table;
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *event = aft_facts_text(table, row, "event"), *published = aft_facts_text(table, row, "published");
    const char *session = aft_facts_text(table, row, "session"), *market = aft_facts_text(table, row, "market");
    char *key = g_strjoin("\x1f", event, published, session, aft_story_has_markets(story) ? market : "", NULL);
    guint place = GPOINTER_TO_UINT(g_hash_table_lookup(seen, key));
    if (place == 0) {
      aft_told_event told = {.event = event,
                             .article = aft_facts_text(table, row, "article"),
                             .published = published,
                             .local_time = aft_facts_text(table, row, "local_time"),
                             .rule = aft_facts_text(table, row, "rule"),
                             .session = session,
                             .market = market,
                             .is_repeat = !g_hash_table_add(names, (gpointer)(guintptr)event)};
      story->n_stories += !told.is_repeat;
      g_array_append_val(story->events, told);
      place = story->events->len;
      g_hash_table_insert(seen, key, GUINT_TO_POINTER(place));
    } else {
      g_free(key);
    }
    aft_told_event *told = &g_array_index(story->events, aft_told_event, place - 1);
    if (strcmp(aft_facts_text(table, row, "status"), "used") == 0)
      told->n_used++;
    else
      told->n_dropped++;
  }
}

static size_t count_symbols(const aft_table *events) {
  g_autoptr(GHashTable) symbols = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t row = 0; row < events->n_rows; row++)
    g_hash_table_add(symbols, (gpointer)(guintptr)aft_facts_text(events, row, "symbol"));
  return g_hash_table_size(symbols);
}

/* The study's windows; a folder that does not say them has those of car.csv. */
static void collect_windows(aft_story *story) {
  const aft_facts *facts = story->facts;
  GArray *windows = g_array_new(FALSE, FALSE, sizeof(aft_fact_window));
  g_array_append_vals(windows, facts->windows->data, facts->windows->len);
  const aft_table *car = &facts->car_table;
  for (size_t row = 0; facts->windows->len == 0 && row < car->n_rows; row++) {
    aft_fact_window window = aft_facts_window(car, row);
    bool is_known = false;
    for (guint i = 0; i < windows->len && !is_known; i++) {
      const aft_fact_window *known = &g_array_index(windows, aft_fact_window, i);
      is_known = known->first == window.first && known->last == window.last;
    }
    if (is_known) break;
    g_array_append_val(windows, window);
  }
  story->n_windows = windows->len;
  story->windows = (aft_fact_window *)(void *)g_array_free(windows, FALSE);
  if (story->n_windows > 0) story->window = story->windows[0];
}

/*
 * The tests are told about the focus story when it moved several securities, else about all events together, else about
 * what there is. Its groups are the samples that divide it.
 */
static void choose_sample(aft_story *story) {
  const aft_facts *facts = story->facts;
  const char *focus = aft_words_format(&story->words, "event:%s", facts->focus.event);
  const char *first = "", *chosen = "";
  bool has_all = false;
  for (guint i = 0; i < facts->aggregates->len; i++) {
    const aft_fact_aggregate *row = &g_array_index(facts->aggregates, aft_fact_aggregate, i);
    if (strcmp(row->model, story->model) != 0) continue;
    if (first[0] == '\0') first = row->group;
    if (strcmp(row->group, "all") == 0) has_all = true;
    if (strcmp(row->group, focus) == 0 && row->n > 1) chosen = row->group;
  }
  if (chosen[0] == '\0') chosen = has_all ? "all" : first;
  story->sample = chosen;
  story->is_one_story = g_str_has_prefix(chosen, "event:");
  g_autofree char *prefix = g_strconcat(chosen, "/", NULL);
  for (guint i = 0; i < facts->aggregates->len; i++) {
    const aft_fact_aggregate *row = &g_array_index(facts->aggregates, aft_fact_aggregate, i);
    if (strcmp(row->model, story->model) != 0) continue;
    bool divides = story->is_one_story ? g_str_has_prefix(row->group, prefix)
                                       : !g_str_has_prefix(row->group, "event:") && strcmp(row->group, chosen) != 0;
    bool is_main = row->first == story->window.first && row->last == story->window.last;
    if (divides && is_main) g_ptr_array_add(story->groups, (gpointer)(guintptr)row->group);
  }
}

static char *index_key(const char *model, const char *event, const char *symbol) {
  return g_strjoin("\x1f", model, event, symbol, NULL);
}

/* First row of each (model, event, symbol): a study of many events must not search a table once for each of them. */
static GHashTable *index_table(const aft_table *table) {
  GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  int columns[] = {aft_table_find(table, "model"), aft_table_find(table, "event"), aft_table_find(table, "symbol")};
  const char *last[3] = {NULL, NULL, NULL};
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *now[3];
    for (int i = 0; i < 3; i++) now[i] = aft_table_text(table, row, columns[i]);
    if (now[0] == last[0] && now[1] == last[1] && now[2] == last[2]) continue; /* equal texts are kept once */
    char *key = index_key(now[0], now[1], now[2]);
    if (g_hash_table_contains(index, key))
      g_free(key);
    else
      g_hash_table_insert(index, key, GSIZE_TO_POINTER(row + 1));
    memcpy(last, now, sizeof last);
  }
  return index;
}

static size_t find_start(GHashTable *index, const aft_table *table, const char *model, const char *event,
                         const char *symbol) {
  g_autofree char *key = index_key(model, event, symbol);
  size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(index, key));
  return place == 0 ? table->n_rows : place - 1;
}

void aft_story_init(aft_story *story, const aft_facts *facts, const char *folder) {
  *story = (aft_story){.facts = facts, .folder = folder, .model = aft_facts_headline_model(facts), .sample = ""};
  aft_words_init(&story->words);
  story->events = g_array_new(FALSE, FALSE, sizeof(aft_told_event));
  story->groups = g_ptr_array_new();
  story->alpha = isnan(facts->confidence) ? 0.05 : 1 - facts->confidence;
  story->car_index = index_table(&facts->car_table);
  story->fits_index = index_table(&facts->fits_table);
  story->abnormal_index = index_table(&facts->abnormal_table);
  collect_events(story);
  story->n_symbols = count_symbols(&facts->events_table);
  collect_windows(story);
  choose_sample(story);
}

void aft_story_clear(aft_story *story) {
  aft_words_clear(&story->words);
  g_array_unref(story->events);
  g_ptr_array_unref(story->groups);
  g_hash_table_unref(story->car_index);
  g_hash_table_unref(story->fits_index);
  g_hash_table_unref(story->abnormal_index);
  g_free((gpointer)(guintptr)story->windows);
}

void aft_story_tell(aft_story *story, aft_document *document) {
  story->document = document;
  aft_story_tell_question(story);
  aft_story_tell_data(story);
  aft_story_tell_alignment(story);
  aft_story_tell_focus(story);
  aft_story_tell_synthetic(story);
  aft_story_tell_volume(story);
  aft_story_tell_candidates(story);
  aft_story_tell_others(story);
  aft_story_tell_tests(story);
  aft_story_tell_calendar_time(story);
  aft_story_tell_regressions(story);
  aft_story_tell_size(story);
  aft_story_tell_scan(story);
  aft_story_tell_compat(story);
  aft_story_tell_diagnostics(story);
  aft_story_tell_care(story);
  aft_story_tell_again(story);
  story->document = NULL;
}

bool aft_story_has_focus(const aft_story *story) {
  return story->facts->focus.event[0] != '\0' && story->facts->focus.symbol[0] != '\0';
}

const char *aft_story_group_name(const aft_story *story, const char *group) {
  size_t prefix = strlen(story->sample) + 1; /* "event:ID/" */
  return story->is_one_story && strlen(group) > prefix ? group + prefix : group;
}

const aft_adjustment *aft_story_adjustment(const aft_story *story) {
  size_t n;
  const aft_adjustment *asked = aft_adjustment_find(story->facts->adjust);
  return asked != NULL ? asked : aft_adjustments(&n);
}

static size_t find_by_window(const aft_table *table, size_t start, int n, const char *const *names,
                             const char *const *values, aft_fact_window window) {
  int first = aft_table_find(table, "first"), last = aft_table_find(table, "last");
  size_t row = aft_facts_find_row(table, start, n, names, values);
  while (row < table->n_rows) {
    if (aft_table_number(table, row, first) == window.first && aft_table_number(table, row, last) == window.last) break;
    row = aft_facts_find_row(table, row + 1, n, names, values);
  }
  return row;
}

size_t aft_story_find_fit(const aft_story *story, const char *model, const char *event, const char *symbol) {
  return find_start(story->fits_index, &story->facts->fits_table, model, event, symbol);
}

size_t aft_story_find_car(const aft_story *story, const char *model, const char *event, const char *symbol,
                          aft_fact_window window) {
  static const char *const names[] = {"model", "event", "symbol"};
  const char *values[] = {model, event, symbol};
  const aft_table *table = &story->facts->car_table;
  return find_by_window(table, find_start(story->car_index, table, model, event, symbol), 3, names, values, window);
}

size_t aft_story_find_day(const aft_story *story, const char *model, const char *event, const char *symbol,
                          int rel_day) {
  static const char *const names[] = {"rel_day", "symbol", "event", "model"};
  char day[16];
  g_snprintf(day, sizeof day, "%d", rel_day);
  const char *values[] = {day, symbol, event, model};
  const aft_table *table = &story->facts->abnormal_table;
  return aft_facts_find_row(table, find_start(story->abnormal_index, table, model, event, symbol), 4, names, values);
}

size_t aft_story_find_test(const aft_story *story, const char *sample, aft_fact_window window, const char *test) {
  static const char *const names[] = {"test", "group", "model"};
  const char *values[] = {test, sample, story->model};
  return find_by_window(&story->facts->tests_table, 0, 3, names, values, window);
}

size_t aft_story_find_sample_test(const aft_story *story, aft_fact_window window, const char *test) {
  size_t row = aft_story_find_test(story, story->sample, window, test);
  if (row < story->facts->tests_table.n_rows || story->facts->focus.event[0] == '\0') return row;
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(story->facts, story->model, story->sample, window);
  if (whole == NULL || whole->n != 1) return row;
  g_autofree char *single = g_strconcat("event:", story->facts->focus.event, NULL);
  return aft_story_find_test(story, single, window, test);
}

bool aft_story_is_member(const char *sample, const char *event, const char *group) {
  if (strcmp(sample, "all") == 0) return true;
  if (!g_str_has_prefix(sample, "event:")) return strcmp(sample, group) == 0;
  const char *rest = sample + strlen("event:");
  size_t length = strlen(event);
  if (strncmp(rest, event, length) != 0) return false;
  return rest[length] == '\0' || (rest[length] == '/' && strcmp(rest + length + 1, group) == 0);
}

size_t aft_story_count_members(const aft_story *story, const char *sample) {
  const aft_table *car = &story->facts->car_table;
  size_t n = 0;
  for (size_t row = 0; row < car->n_rows; row++) {
    aft_fact_window window = aft_facts_window(car, row);
    if (window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(car, row, "model"), story->model) != 0) continue;
    n += aft_story_is_member(sample, aft_facts_text(car, row, "event"), aft_facts_text(car, row, "group"));
  }
  return n;
}

static bool has_car(const aft_story *story, const char *event, const char *symbol) {
  const aft_table *car = &story->facts->car_table;
  size_t row = aft_story_find_car(story, story->model, event, symbol, story->window);
  return row < car->n_rows && !isnan(aft_facts_number(car, row, "car"));
}

size_t aft_story_count_sessions(const aft_story *story, const char *sample, bool with_car) {
  const aft_table *table = &story->facts->events_table;
  g_autoptr(GHashTable) sessions = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *event = aft_facts_text(table, row, "event");
    if (strcmp(aft_facts_text(table, row, "status"), "used") != 0) continue;
    if (!aft_story_is_member(sample, event, aft_facts_text(table, row, "group"))) continue;
    if (with_car && !has_car(story, event, aft_facts_text(table, row, "symbol"))) continue;
    g_hash_table_add(sessions, (gpointer)(guintptr)aft_facts_text(table, row, "session"));
  }
  return g_hash_table_size(sessions);
}
