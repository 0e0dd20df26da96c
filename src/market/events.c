/* Dated events: from rows to securities and sessions. */
#include <aftershock/market/events.h>

#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

void aft_events_clear(aft_events *events) {
  for (size_t i = 0; i < events->n; i++) {
    aft_event *e = &events->rows[i];
    g_free(e->event);
    g_free(e->symbol);
    g_free(e->group);
    g_free(e->article);
    g_free(e->published);
  }
  g_clear_pointer(&events->rows, g_free);
  events->n = 0;
}

/* Left out by the study's own wish: no matter for a warning. */
static const char NOT_ASKED[] = "not among the study's symbols";

static const char *find_reason(const aft_event *event, const aft_events_options *options) {
  const aft_panel *panel = event->panel;
  if (options->symbols != NULL && !g_strv_contains(options->symbols, event->symbol)) return NOT_ASKED;
  if (event->alignment.session < 0) return event->alignment.reason;
  if (event->security < 0 || panel->first_valid[event->security] < 0) return "no return series";
  if (event->column + options->first_rel < 0 || event->column + options->last_rel >= (long)panel->n_sessions)
    return "event window beyond the data";
  return NULL;
}

/* Numbers firms by first appearance. */
static long find_firm(GHashTable *numbers, const char *symbol, const aft_events_options *options) {
  const char *named = options->firms == NULL ? NULL : g_hash_table_lookup(options->firms, symbol);
  /* A firm may be called like another's symbol. */
  g_autofree char *key = g_strconcat(named != NULL ? "f" : "s", named != NULL ? named : symbol, NULL);
  size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(numbers, key));
  if (known == 0) {
    known = g_hash_table_size(numbers) + 1;
    g_hash_table_insert(numbers, g_steal_pointer(&key), GSIZE_TO_POINTER(known));
  }
  return (long)known - 1;
}

static aft_event align_row(const aft_event_row *row, const char *symbol, const aft_panel *first, GHashTable *firms,
                           const aft_events_options *options) {
  aft_event event = {.event = g_strdup(row->event),
                     .symbol = g_strdup(symbol),
                     .group = g_strdup(row->group),
                     .article = g_strdup(row->article),
                     .published = g_strdup(row->published),
                     .precision = row->stamp.precision};
  event.panel = aft_panel_find_market(first, symbol, &event.security);
  if (event.panel == NULL) event.panel = first;
  event.firm = find_firm(firms, symbol, options);
  aft_calendar_align(event.panel->calendar, &row->stamp, options->date_next, &event.alignment);
  event.column = event.alignment.session - event.panel->first_session;
  event.reason = find_reason(&event, options);
  return event;
}

/* Two usable events of one security on one session cannot be told apart. */
static bool refuse_twins(const GArray *aligned, const aft_event_rows *rows, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < aligned->len; i++) {
    const aft_event *event = &g_array_index(aligned, aft_event, i);
    if (event->reason != NULL) continue;
    g_autofree char *key = g_strdup_printf("%zu %ld %ld", event->panel->number, event->security, event->column);
    guint twin = GPOINTER_TO_UINT(g_hash_table_lookup(seen, key));
    if (twin != 0) {
      const aft_event *other = &g_array_index(aligned, aft_event, twin - 1);
      g_set_error(
          error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
          "%s: stories \"%s\" and \"%s\" both fall on the same session of %s; one day cannot be split between them "
          "(give both the same event id, or leave one out)",
          rows->path != NULL ? rows->path : "events", other->event, event->event, event->symbol);
      return false;
    }
    g_hash_table_insert(seen, g_steal_pointer(&key), GUINT_TO_POINTER(i + 1));
  }
  return true;
}

bool aft_events_align(aft_events *events, const aft_event_rows *rows, const aft_panel *panel,
                      const aft_events_options *options, GError **error) {
  g_autoptr(GArray) aligned = g_array_new(FALSE, FALSE, sizeof(aft_event));
  g_autoptr(GHashTable) firms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  bool ok = true;
  for (guint i = 0; i < rows->rows->len && ok; i++) {
    const aft_event_row *row = &g_array_index(rows->rows, aft_event_row, i);
    const char *const one[] = {row->symbol, NULL};
    const char *const *list = strcmp(row->symbol, "*") == 0 ? options->symbols : one;
    if (list == NULL) {
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s:%ld: symbol * stands for the study's \"symbols\", but the study lists none",
                  rows->path != NULL ? rows->path : "events", row->line);
      ok = false;
      break;
    }
    if (panel->next != NULL && row->stamp.kind == AFT_STAMP_LOCAL) {
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s:%ld: \"%s\" has no zone, and the study has several exchanges, each with a clock of its own (add "
                  "the offset, e.g. Z or +08:00)",
                  rows->path != NULL ? rows->path : "events", row->line, row->published);
      ok = false;
      break;
    }
    for (; *list != NULL; list++) {
      aft_event event = align_row(row, *list, panel, firms, options);
      g_array_append_val(aligned, event);
    }
  }
  ok = ok && refuse_twins(aligned, rows, error);
  aft_events result = {.n = aligned->len};
  result.rows = (aft_event *)(gpointer)g_array_free(g_steal_pointer(&aligned), FALSE);
  if (!ok) {
    aft_events_clear(&result);
    return false;
  }
  *events = result;
  return true;
}

enum { MOST_NAMED = 5 };

/* "e1/ZZZ, e2/YYY and 3 more": the events with that reason from `first` on. */
static char *name_events(const aft_events *events, const char *const *reason, size_t first, size_t *n) {
  GString *names = g_string_new(NULL);
  *n = 0;
  for (size_t i = first; i < events->n; i++) {
    if (reason[i] == NULL || strcmp(reason[i], reason[first]) != 0) continue;
    if (++*n <= MOST_NAMED)
      g_string_append_printf(names, "%s%s/%s", *n > 1 ? ", " : "", events->rows[i].event, events->rows[i].symbol);
  }
  if (*n > MOST_NAMED) g_string_append_printf(names, " and %" G_GSIZE_FORMAT " more", *n - MOST_NAMED);
  return g_string_free(names, FALSE);
}

void aft_events_warn_reasons(const aft_events *events, const char *const *reason, const char *prefix,
                             aft_warnings *warnings) {
  for (size_t i = 0; i < events->n; i++) {
    bool told = reason[i] == NULL;
    for (size_t j = 0; j < i && !told; j++) told = reason[j] != NULL && strcmp(reason[j], reason[i]) == 0;
    if (told) continue;
    size_t n;
    g_autofree char *names = name_events(events, reason, i, &n);
    aft_warnings_add(warnings, "%s%" G_GSIZE_FORMAT " event%s dropped, %s: %s", prefix, n, n == 1 ? "" : "s", reason[i],
                     names);
  }
}

void aft_alignment_warn_clock(const aft_alignment *alignment, const aft_calendar *calendar, const char *what,
                              aft_warnings *warnings) {
  if (alignment->wall == AFT_WALL_ONCE) return;
  bool twice = alignment->wall == AFT_WALL_TWICE;
  aft_warnings_add(warnings, "%s: clocks of %s %s; %s is meant here (give the offset)", what,
                   aft_calendar_zone(calendar), twice ? "show that time twice" : "skip that time",
                   alignment->local_time);
}

void aft_events_warn_clocks(const aft_events *events, aft_warnings *warnings) {
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *event = &events->rows[i];
    if (i > 0 && strcmp(events->rows[i - 1].event, event->event) == 0) continue;
    g_autofree char *what = g_strdup_printf("event \"%s\" at \"%s\"", event->event, event->published);
    aft_alignment_warn_clock(&event->alignment, event->panel->calendar, what, warnings);
  }
}

void aft_events_warn_dropped(const aft_events *events, const aft_panel *panel, aft_warnings *warnings) {
  g_autofree const char **reason = g_new(const char *, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++)
    reason[i] = events->rows[i].reason == NOT_ASKED ? NULL : events->rows[i].reason;
  aft_events_warn_reasons(events, reason, "", warnings);
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < events->n; i++) {
    if (events->rows[i].security >= 0 || !g_hash_table_add(told, events->rows[i].symbol)) continue;
    const char *closest = NULL;
    for (const aft_panel *p = panel; p != NULL && closest == NULL; p = p->next)
      closest = aft_text_find_closest(events->rows[i].symbol, (const char *const *)p->symbols);
    aft_warnings_add(warnings, "symbol \"%s\" is in no price file%s%s%s", events->rows[i].symbol,
                     closest != NULL ? " (did you mean \"" : "", closest != NULL ? closest : "",
                     closest != NULL ? "\"?)" : "");
  }
}
