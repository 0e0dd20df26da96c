/* What else happened to the firm around an event. */
#include <aftershock/study/confounders.h>

#include <string.h>

#include <aftershock/base/banned.h>

const char *aft_occurrence_name(enum aft_occurrence_kind kind) {
  static const char *const names[] = {"event", "earnings", "dividend", "split", "article"};
  return names[kind];
}

static void clear_occurrence(void *data) {
  aft_occurrence *occurrence = data;
  g_free(occurrence->symbol);
  g_free(occurrence->story);
  g_free(occurrence->source);
}

GArray *aft_occurrences_new(void) {
  GArray *occurrences = g_array_new(FALSE, TRUE, sizeof(aft_occurrence));
  g_array_set_clear_func(occurrences, clear_occurrence);
  return occurrences;
}

static gint compare(gconstpointer a, gconstpointer b) {
  const aft_occurrence *x = a, *y = b;
  if (x->day != y->day) return x->day < y->day ? -1 : 1;
  if (x->kind != y->kind) return x->kind < y->kind ? -1 : 1;
  int order = strcmp(x->source, y->source);
  return order != 0 ? order : strcmp(x->symbol, y->symbol);
}

/* A firm may be called like another's symbol. Owned. */
static char *make_key(const aft_result *result, const char *symbol) {
  const char *firm = result->config->firms != NULL ? g_hash_table_lookup(result->config->firms, symbol) : NULL;
  return g_strconcat(firm != NULL ? "f" : "s", firm != NULL ? firm : symbol, NULL);
}

/* Firm -> GArray of size_t: its occurrences by day. */
static GHashTable *index_firms(const aft_result *result, const GArray *occurrences) {
  GHashTable *firms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  for (size_t i = 0; i < occurrences->len; i++) {
    char *key = make_key(result, g_array_index(occurrences, aft_occurrence, i).symbol);
    GArray *list = g_hash_table_lookup(firms, key);
    if (list == NULL) {
      list = g_array_new(FALSE, FALSE, sizeof(size_t));
      g_hash_table_insert(firms, key, list);
    } else {
      g_free(key);
    }
    g_array_append_val(list, i);
  }
  return firms;
}

/* The first place of a list whose day is not before `day`. */
static guint find_day(const GArray *list, const GArray *occurrences, aft_day day) {
  guint low = 0, high = list->len;
  while (low < high) {
    guint middle = low + (high - low) / 2;
    if (g_array_index(occurrences, aft_occurrence, g_array_index(list, size_t, middle)).day < day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void add_event(GArray *found, const aft_result *result, size_t i, const GArray *list,
                      const GArray *occurrences) {
  const aft_config *config = result->config;
  const aft_event *event = &result->events->rows[i];
  const aft_panel *panel = aft_result_get_panel(result, event);
  long first = MAX(event->column + MIN(config->first_est, config->first_rel), 0);
  /* The day after the session before is the first that counts for it. */
  aft_day from = first > 0 ? panel->day[first - 1] + 1 : AFT_DAY_NONE;
  for (guint k = find_day(list, occurrences, from); k < list->len; k++) {
    size_t at = g_array_index(list, size_t, k);
    const aft_occurrence *o = &g_array_index(occurrences, aft_occurrence, at);
    long session = aft_calendar_find_next(panel->calendar, o->day);
    int rel_day = (int)(session - panel->first_session - event->column);
    bool in_estimation = rel_day >= config->first_est && rel_day <= config->last_est;
    bool in_window = rel_day >= config->first_rel && rel_day <= config->last_rel;
    if (session < 0 || rel_day > config->last_rel) break;
    if ((!in_estimation && !in_window) || (o->story[0] != '\0' && strcmp(o->story, event->event) == 0)) continue;
    aft_confounder confounder = {i, at, rel_day, in_estimation};
    g_array_append_val(found, confounder);
  }
}

GArray *aft_confounders_find(const aft_result *result, GArray *occurrences) {
  GArray *found = g_array_new(FALSE, FALSE, sizeof(aft_confounder));
  g_array_sort(occurrences, compare);
  g_autoptr(GHashTable) firms = index_firms(result, occurrences);
  for (size_t i = 0; i < result->events->n; i++) {
    if (result->events->rows[i].reason != NULL) continue;
    g_autofree char *key = make_key(result, result->events->rows[i].symbol);
    const GArray *list = g_hash_table_lookup(firms, key);
    if (list != NULL) add_event(found, result, i, list, occurrences);
  }
  return found;
}
