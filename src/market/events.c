/* Dated events: from rows to securities and sessions. */
#include <aftershock/market/events.h>

#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

void aft_events_clear(aft_events *events) {
  g_clear_pointer(&events->rows, g_free);
  g_clear_pointer(&events->texts, aft_texts_unref);
  events->n = 0;
}

/* Left out by the study's own wish: no matter for a warning. */
static const char NOT_ASKED[] = "not among the study's symbols";

/* What is looked up for every event, and how it was answered before. */
typedef struct aligner {
  const aft_panel *first;
  const aft_events_options *options;
  GHashTable *asked; /* of the study's symbols; NULL: all are */
  GHashTable *firms; /* name -> number + 1, by first appearance; names owned */
  long *firm;        /* [n_securities of first] number; -1 while unknown */
  long *next; /* [n_securities of first] security of the event after the last one of it: files go round the same list */
  long last;  /* security in first of the event before; -1: none */
} aligner;

static void fill(long *values, size_t n) {
  for (size_t i = 0; i < n; i++) values[i] = -1;
}

static void aligner_init(aligner *a, const aft_panel *first, const aft_events_options *options) {
  size_t n = MAX(first->n_securities, 1);
  *a = (aligner){.first = first,
                 .options = options,
                 .firms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                 .firm = g_new(long, n),
                 .next = g_new(long, n),
                 .last = -1};
  fill(a->firm, n);
  fill(a->next, n);
  if (options->symbols == NULL) return;
  a->asked = g_hash_table_new(g_str_hash, g_str_equal);
  for (const char *const *symbol = options->symbols; *symbol != NULL; symbol++)
    g_hash_table_add(a->asked, (gpointer)(guintptr)*symbol);
}

static void aligner_clear(aligner *a) {
  if (a->asked != NULL) g_hash_table_unref(a->asked);
  g_hash_table_unref(a->firms);
  g_free(a->firm);
  g_free(a->next);
}

static const aft_panel *find_panel(aligner *a, const char *symbol, long *security) {
  long guess = a->last >= 0 ? a->next[a->last] : -1;
  if (guess >= 0 && strcmp(a->first->symbols[guess], symbol) == 0) {
    *security = a->last = guess;
    return a->first;
  }
  const aft_panel *panel = aft_panel_find_market(a->first, symbol, security);
  long found = panel == a->first ? *security : -1;
  if (a->last >= 0) a->next[a->last] = found;
  a->last = found;
  return panel;
}

static const char *find_reason(const aligner *a, const aft_event *event) {
  const aft_panel *panel = event->panel;
  if (a->asked != NULL && !g_hash_table_contains(a->asked, event->symbol)) return NOT_ASKED;
  if (event->alignment.session < 0) return event->alignment.reason;
  if (event->security < 0 || panel->first_valid[event->security] < 0) return "no return series";
  if (event->column + a->options->first_rel < 0 || event->column + a->options->last_rel >= (long)panel->n_sessions)
    return "event window beyond the data";
  return NULL;
}

static long number_firm(aligner *a, const char *symbol) {
  const char *named = a->options->firms == NULL ? NULL : g_hash_table_lookup(a->options->firms, symbol);
  /* A firm may be called like another's symbol. */
  g_autofree char *key = g_strconcat(named != NULL ? "f" : "s", named != NULL ? named : symbol, NULL);
  size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(a->firms, key));
  if (known == 0) {
    known = g_hash_table_size(a->firms) + 1;
    g_hash_table_insert(a->firms, g_steal_pointer(&key), GSIZE_TO_POINTER(known));
  }
  return (long)known - 1;
}

/* Numbers firms by first appearance. */
static long find_firm(aligner *a, const aft_event *event) {
  if (event->security < 0 || event->panel != a->first) return number_firm(a, event->symbol);
  long *firm = &a->firm[event->security];
  if (*firm < 0) *firm = number_firm(a, event->symbol);
  return *firm;
}

/* symbol: of the row, or one of those for which it stands. */
static aft_event align_row(aligner *a, const aft_event_row *row, const char *symbol) {
  aft_event event = {.event = row->event,
                     .symbol = symbol,
                     .group = row->group,
                     .article = row->article,
                     .published = row->published,
                     .precision = row->stamp.precision};
  event.panel = find_panel(a, symbol, &event.security);
  if (event.panel == NULL) event.panel = a->first;
  event.firm = find_firm(a, &event);
  aft_calendar_align(event.panel->calendar, &row->stamp, a->options->date_next, &event.alignment);
  event.column = event.alignment.session - event.panel->first_session;
  event.reason = find_reason(a, &event);
  return event;
}

static const aft_event *find_twin(const GArray *aligned, const aft_event *event) {
  for (guint i = 0; i < aligned->len; i++) {
    const aft_event *other = &g_array_index(aligned, aft_event, i);
    if (other->reason == NULL && other->panel == event->panel && other->security == event->security &&
        other->column == event->column)
      return other;
  }
  return NULL;
}

/* The first usable event that shares its security and session with an earlier one, or NULL. */
static const aft_event *find_second(const GArray *aligned, const aft_panel *first) {
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free); /* of each panel, a bit a cell */
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next)
    g_ptr_array_add(seen, g_new0(guint8, panel->n_securities * panel->n_sessions / 8 + 1));
  for (guint i = 0; i < aligned->len; i++) {
    const aft_event *event = &g_array_index(aligned, aft_event, i);
    if (event->reason != NULL) continue;
    guint8 *bits = g_ptr_array_index(seen, event->panel->number);
    size_t cell = (size_t)event->security * event->panel->n_sessions + (size_t)event->column;
    if ((bits[cell / 8] >> cell % 8 & 1) != 0) return event;
    bits[cell / 8] = (guint8)(bits[cell / 8] | 1U << cell % 8);
  }
  return NULL;
}

/* Two usable events of one security on one session cannot be told apart. */
static bool refuse_twins(const GArray *aligned, const aft_panel *first, const aft_event_rows *rows, GError **error) {
  const aft_event *second = find_second(aligned, first), *other = second == NULL ? NULL : find_twin(aligned, second);
  if (other == NULL) return true;
  g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
              "%s: stories \"%s\" and \"%s\" both fall on the same session of %s; one day cannot be split between them "
              "(give both the same event id, or leave one out)",
              rows->path != NULL ? rows->path : "events", other->event, second->event, second->symbol);
  return false;
}

/* What no clock and no list can tell. */
static bool check_row(const aligner *a, const aft_event_row *row, const aft_event_rows *rows, GError **error) {
  const char *file = rows->path != NULL ? rows->path : "events";
  if (strcmp(row->symbol, "*") == 0 && a->options->symbols == NULL) {
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                "%s:%ld: symbol * stands for the study's \"symbols\", but the study lists none", file, row->line);
    return false;
  }
  if (a->first->next != NULL && row->stamp.kind == AFT_STAMP_LOCAL) {
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                "%s:%ld: \"%s\" has no zone, and the study has several exchanges, each with a clock of its own (add "
                "the offset, e.g. Z or +08:00)",
                file, row->line, row->published);
    return false;
  }
  return true;
}

static bool align_rows(aligner *a, const aft_event_rows *rows, GArray *aligned, GError **error) {
  for (guint i = 0; i < rows->rows->len; i++) {
    const aft_event_row *row = &g_array_index(rows->rows, aft_event_row, i);
    if (!check_row(a, row, rows, error)) return false;
    if (strcmp(row->symbol, "*") != 0) {
      aft_event event = align_row(a, row, row->symbol);
      g_array_append_val(aligned, event);
      continue;
    }
    for (const char *const *symbol = a->options->symbols; *symbol != NULL; symbol++) {
      aft_event event = align_row(a, row, aft_texts_add(rows->texts, *symbol));
      g_array_append_val(aligned, event);
    }
  }
  return true;
}

bool aft_events_align(aft_events *events, const aft_event_rows *rows, const aft_panel *panel,
                      const aft_events_options *options, GError **error) {
  GArray *aligned = g_array_sized_new(FALSE, FALSE, sizeof(aft_event), MAX(rows->rows->len, 1));
  aligner a;
  aligner_init(&a, panel, options);
  bool ok = align_rows(&a, rows, aligned, error) && refuse_twins(aligned, panel, rows, error);
  aligner_clear(&a);
  aft_events result = {.n = aligned->len, .texts = aft_texts_ref(rows->texts)};
  result.rows = (aft_event *)(gpointer)g_array_free(aligned, FALSE);
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
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < events->n; i++) {
    if (reason[i] == NULL || !g_hash_table_add(told, (gpointer)(guintptr)reason[i])) continue;
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
    if (event->alignment.wall == AFT_WALL_ONCE) continue;
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
    if (events->rows[i].security >= 0 || !g_hash_table_add(told, (gpointer)(guintptr)events->rows[i].symbol)) continue;
    const char *closest = NULL;
    for (const aft_panel *p = panel; p != NULL && closest == NULL; p = p->next)
      closest = aft_text_find_closest(events->rows[i].symbol, (const char *const *)p->symbols);
    aft_warnings_add(warnings, "symbol \"%s\" is in no price file%s%s%s", events->rows[i].symbol,
                     closest != NULL ? " (did you mean \"" : "", closest != NULL ? closest : "",
                     closest != NULL ? "\"?)" : "");
  }
}
