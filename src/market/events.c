/* Dated events: from rows to securities and sessions. */
#include <aftershock/market/events.h>

#include <aftershock/base/parallel.h>
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

/* Rows that a worker takes at a time. */
enum { BLOCK = 4096 };

/* Which security the next event is probably of: files go round the same list. */
typedef struct guesser {
  long *next; /* [n_securities of the first panel] security of the event after the last one of it; -1: not known */
  long last;  /* security of the event before; -1: none */
} guesser;

typedef struct aligner {
  const aft_panel *first;
  const aft_events_options *options;
  const aft_event_row *rows; /* [n_rows] */
  size_t n_rows;
  GHashTable *asked;  /* of the study's symbols; NULL: all are */
  const char **every; /* what "*" stands for, in the texts; NULL: nothing; owned */
  size_t n_every;     /* their number */
  size_t *start;      /* [n_blocks + 1] first event of each block of rows */
  size_t *refused;    /* [n_blocks] its first row that cannot stand; n_rows: all can */
  guesser *guessers;  /* [n workers] */
  aft_event *events;
} aligner;

static size_t count_blocks(const aligner *a) { return (a->n_rows + BLOCK - 1) / BLOCK; }

static void aligner_init(aligner *a, const aft_event_rows *rows, const aft_panel *first,
                         const aft_events_options *options) {
  *a = (aligner){.first = first, .options = options, .rows = rows->rows, .n_rows = rows->n};
  a->start = g_new0(size_t, count_blocks(a) + 1);
  a->refused = g_new(size_t, count_blocks(a) + 1);
  a->guessers = g_new0(guesser, aft_parallel_workers(options->n_threads));
  if (options->symbols == NULL) return;
  a->n_every = g_strv_length((char **)(guintptr)options->symbols);
  a->every = g_new(const char *, a->n_every + 1);
  a->asked = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < a->n_every; i++) {
    a->every[i] = aft_texts_add(rows->texts, options->symbols[i]);
    g_hash_table_add(a->asked, (gpointer)(guintptr)options->symbols[i]);
  }
}

static void aligner_clear(aligner *a) {
  if (a->asked != NULL) g_hash_table_unref(a->asked);
  for (unsigned i = 0; i < aft_parallel_workers(a->options->n_threads); i++) g_free(a->guessers[i].next);
  g_free(a->guessers);
  g_free(a->every);
  g_free(a->start);
  g_free(a->refused);
}

static bool is_every(const aft_event_row *row) { return row->symbol[0] == '*' && row->symbol[1] == '\0'; }

/* What no clock and no list can tell. */
static bool can_stand(const aligner *a, const aft_event_row *row) {
  return (a->every != NULL || !is_every(row)) && (a->first->next == NULL || row->stamp.kind != AFT_STAMP_LOCAL);
}

static bool refuse_row(const aft_event_row *row, const char *file, GError **error) {
  if (is_every(row))
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                "%s:%ld: symbol * stands for the study's \"symbols\", but the study lists none", file, row->line);
  else
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                "%s:%ld: \"%s\" has no zone, and the study has several exchanges, each with a clock of its own (add "
                "the offset, e.g. Z or +08:00)",
                file, row->line, row->published);
  return false;
}

/* Counts the events of each block of rows. */
static void count_events(size_t first, size_t last, unsigned worker, void *data) {
  aligner *a = data;
  (void)worker;
  for (size_t block = first; block < last; block++) {
    size_t n = 0, end = MIN((block + 1) * BLOCK, a->n_rows), i = block * BLOCK;
    for (; i < end && can_stand(a, &a->rows[i]); i++) n += is_every(&a->rows[i]) ? a->n_every : 1;
    a->start[block + 1] = n;
    a->refused[block] = i < end ? i : a->n_rows;
  }
}

/* The panel of the symbol; the first one, and security -1, when it is unknown. */
static const aft_panel *find_panel(const aligner *a, guesser *guess, const char *symbol, long *security) {
  long guessed = guess->last >= 0 ? guess->next[guess->last] : -1;
  if (guessed >= 0 && strcmp(a->first->symbols[guessed], symbol) == 0) {
    *security = guess->last = guessed;
    return a->first;
  }
  const aft_panel *panel = aft_panel_find_market(a->first, symbol, security);
  if (panel == NULL) panel = a->first;
  long found = panel == a->first ? *security : -1;
  if (guess->last >= 0) guess->next[guess->last] = found;
  guess->last = found;
  return panel;
}

/* clock: why the time has no session, or NULL. */
static const char *find_reason(const aligner *a, const aft_event *event, const char *clock) {
  const aft_panel *panel = event->panel;
  if (a->asked != NULL && !g_hash_table_contains(a->asked, event->symbol)) return NOT_ASKED;
  if (clock != NULL) return clock;
  if (event->security < 0 || panel->first_valid[event->security] < 0) return "no return series";
  if (event->column + a->options->first_rel < 0 || event->column + a->options->last_rel >= (long)panel->n_sessions)
    return "event window beyond the data";
  return NULL;
}

/* symbol: of the row, or one of those for which it stands. */
static void align_row(const aligner *a, guesser *guess, const aft_event_row *row, const char *symbol,
                      aft_event *event) {
  long security;
  const aft_panel *panel = find_panel(a, guess, symbol, &security);
  *event = (aft_event){.event = row->event,
                       .symbol = symbol,
                       .group = row->group,
                       .article = row->article,
                       .published = row->published,
                       .panel = panel,
                       .stamp = row->stamp,
                       .security = (int32_t)security};
  const char *clock = aft_calendar_align(panel->calendar, &row->stamp, a->options->date_next, &event->alignment);
  event->column = event->alignment.session - (int32_t)panel->first_session;
  event->reason = find_reason(a, event, clock);
}

static void align_blocks(size_t first, size_t last, unsigned worker, void *data) {
  aligner *a = data;
  guesser *guess = &a->guessers[worker];
  if (guess->next == NULL) {
    guess->next = g_new(long, MAX(a->first->n_securities, 1));
    for (size_t i = 0; i < a->first->n_securities; i++) guess->next[i] = -1;
    guess->last = -1;
  }
  for (size_t block = first; block < last; block++) {
    aft_event *event = &a->events[a->start[block]];
    for (size_t i = block * BLOCK; i < MIN((block + 1) * BLOCK, a->n_rows); i++) {
      const aft_event_row *row = &a->rows[i];
      if (!is_every(row))
        align_row(a, guess, row, row->symbol, event++);
      else
        for (size_t s = 0; s < a->n_every; s++) align_row(a, guess, row, a->every[s], event++);
    }
  }
}

/* Numbers of firms by first appearance. */
typedef struct firms {
  const aft_panel *first;
  GHashTable *named; /* symbol -> firm of securities whose firm has several; NULL: none; borrowed */
  GHashTable *known; /* name -> number + 1; names owned */
  int32_t *number;   /* [n_securities of first]; -1 while unknown */
} firms;

static int32_t number_firm(firms *f, const char *symbol) {
  const char *named = f->named == NULL ? NULL : g_hash_table_lookup(f->named, symbol);
  /* A firm may be called like another's symbol. */
  g_autofree char *key = g_strconcat(named != NULL ? "f" : "s", named != NULL ? named : symbol, NULL);
  size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(f->known, key));
  if (known == 0) {
    known = g_hash_table_size(f->known) + 1;
    g_hash_table_insert(f->known, g_steal_pointer(&key), GSIZE_TO_POINTER(known));
  }
  return (int32_t)known - 1;
}

static int32_t find_firm(firms *f, const aft_event *event) {
  if (event->security < 0 || event->panel != f->first) return number_firm(f, event->symbol);
  int32_t *firm = &f->number[event->security];
  if (*firm < 0) *firm = number_firm(f, event->symbol);
  return *firm;
}

static void number_firms(aft_events *events, const aft_panel *first, const aft_events_options *options) {
  size_t n = first->n_securities;
  firms f = {.first = first,
             .named = options->firms,
             .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
             .number = g_new(int32_t, MAX(n, 1))};
  for (size_t i = 0; i < n; i++) f.number[i] = -1;
  for (size_t i = 0; i < events->n; i++) events->rows[i].firm = find_firm(&f, &events->rows[i]);
  g_hash_table_unref(f.known);
  g_free(f.number);
}

static const aft_event *find_twin(const aft_events *events, const aft_event *event) {
  for (const aft_event *other = events->rows; other < event; other++)
    if (other->reason == NULL && other->panel == event->panel && other->security == event->security &&
        other->column == event->column)
      return other;
  return NULL;
}

/* The first usable event that shares its security and session with an earlier one, or NULL. */
static const aft_event *find_second(const aft_events *events, const aft_panel *first) {
  g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free); /* of each panel, a bit a cell */
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next)
    g_ptr_array_add(seen, g_new0(guint8, panel->n_securities * panel->n_sessions / 8 + 1));
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *event = &events->rows[i];
    if (event->reason != NULL) continue;
    guint8 *bits = g_ptr_array_index(seen, event->panel->number);
    size_t cell = (size_t)event->security * event->panel->n_sessions + (size_t)event->column;
    if ((bits[cell / 8] >> cell % 8 & 1) != 0) return event;
    bits[cell / 8] = (guint8)(bits[cell / 8] | 1U << cell % 8);
  }
  return NULL;
}

/* Two usable events of one security on one session cannot be told apart. */
static bool refuse_twins(const aft_events *events, const aft_panel *first, const char *file, GError **error) {
  const aft_event *second = find_second(events, first), *other = second == NULL ? NULL : find_twin(events, second);
  if (other == NULL) return true;
  g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
              "%s: stories \"%s\" and \"%s\" both fall on the same session of %s; one day cannot be split between them "
              "(give both the same event id, or leave one out)",
              file, other->event, second->event, second->symbol);
  return false;
}

/* Room for the events of all rows, and where each block's begin; the first row that cannot stand is the error. */
static bool lay_out(aligner *a, const char *file, GError **error) {
  size_t n_blocks = count_blocks(a);
  aft_parallel_for(n_blocks, a->options->n_threads, count_events, a);
  for (size_t block = 0; block < n_blocks; block++) {
    if (a->refused[block] < a->n_rows) return refuse_row(&a->rows[a->refused[block]], file, error);
    a->start[block + 1] += a->start[block];
  }
  a->events = g_new(aft_event, MAX(a->start[n_blocks], 1));
  return true;
}

bool aft_events_align(aft_events *events, const aft_event_rows *rows, const aft_panel *panel,
                      const aft_events_options *options, GError **error) {
  const char *file = rows->path != NULL ? rows->path : "events";
  aft_events result = {.texts = aft_texts_ref(rows->texts)};
  aligner a;
  aligner_init(&a, rows, panel, options);
  bool ok = lay_out(&a, file, error);
  if (ok) {
    aft_parallel_for(count_blocks(&a), options->n_threads, align_blocks, &a);
    result.n = a.start[count_blocks(&a)];
    result.rows = a.events;
    number_firms(&result, panel, options);
    ok = refuse_twins(&result, panel, file, error);
  }
  aligner_clear(&a);
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

void aft_stamp_warn_clock(const aft_stamp *stamp, const aft_alignment *alignment, const aft_calendar *calendar,
                          const char *what, aft_warnings *warnings) {
  if (alignment->wall == AFT_WALL_ONCE) return;
  bool twice = alignment->wall == AFT_WALL_TWICE;
  char local[AFT_LOCAL_TEXT];
  aft_warnings_add(warnings, "%s: clocks of %s %s; %s is meant here (give the offset)", what,
                   aft_calendar_zone(calendar), twice ? "show that time twice" : "skip that time",
                   aft_calendar_print_local(calendar, stamp, local));
}

static void warn_clocks(const aft_events *events, aft_warnings *warnings) {
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *event = &events->rows[i];
    if (event->alignment.wall == AFT_WALL_ONCE) continue;
    if (i > 0 && strcmp(events->rows[i - 1].event, event->event) == 0) continue;
    g_autofree char *what = g_strdup_printf("event \"%s\" at \"%s\"", event->event, event->published);
    aft_stamp_warn_clock(&event->stamp, &event->alignment, event->panel->calendar, what, warnings);
  }
}

static void warn_dropped(const aft_events *events, aft_warnings *warnings) {
  g_autofree const char **reason = g_new(const char *, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++)
    reason[i] = events->rows[i].reason == NOT_ASKED ? NULL : events->rows[i].reason;
  aft_events_warn_reasons(events, reason, "", warnings);
}

static void warn_unknown(const aft_events *events, const aft_panel *panel, aft_warnings *warnings) {
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

void aft_events_warn(const aft_events *events, const aft_panel *panel, aft_warnings *warnings) {
  bool some_clocks = false, some_dropped = false, some_unknown = false;
  for (size_t i = 0; i < events->n; i++) {
    some_clocks |= events->rows[i].alignment.wall != AFT_WALL_ONCE;
    some_dropped |= events->rows[i].reason != NULL;
    some_unknown |= events->rows[i].security < 0;
  }
  if (some_clocks) warn_clocks(events, warnings);
  if (some_dropped) warn_dropped(events, warnings);
  if (some_unknown) warn_unknown(events, panel, warnings);
}
