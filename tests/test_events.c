/* Rows of an event file on the clocks of two exchanges, against one row after the other and names compared one by one. */
#include <aftershock/market/events.h>

#include "support/support.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { N_ROWS = 40000, N_SECURITIES = 240, N_SESSIONS = 240, N_ASKED = 150, N_EVERY = 12, FIRST = 300 };

static const char *const mics[] = {"XNYS", "XTKS"};

/* Two exchanges with securities S0, S2, ... and S1, S3, ..., and rows of which no two fall on one session of a security. */
typedef struct world {
  aft_calendar *calendar[2];
  aft_panel panel[2];
  aft_event_rows rows;
  GHashTable *firms;
  char *asked[N_ASKED + 1];
} world;

static void make_panel(world *w, size_t k) {
  aft_panel *panel = &w->panel[k];
  w->calendar[k] = aft_calendar_new(mics[k], NULL);
  *panel = (aft_panel){.number = k,
                       .calendar = w->calendar[k],
                       .first_session = FIRST,
                       .n_sessions = N_SESSIONS,
                       .n_securities = N_SECURITIES,
                       .symbols = g_new0(char *, N_SECURITIES + 1),
                       .first_valid = g_new0(long, N_SECURITIES)};
  for (size_t s = 0; s < N_SECURITIES; s++) panel->symbols[s] = g_strdup_printf("S%" G_GSIZE_FORMAT, 2 * s + k);
  panel->first_valid[5] = -1;
}

/* A time that falls on that session, written in one of many ways. */
static char *draw_time(GRand *draws, const world *w, size_t k, long column) {
  const aft_session *session = aft_calendar_get_session(w->calendar[k], (size_t)(FIRST + column));
  char text[AFT_MILLIS_TEXT];
  int form = g_rand_int_range(draws, 0, 3);
  if (form == 0) return g_strdup(aft_day_print(session->day, text));
  if (form == 1) return g_strdup(aft_millis_print(session->open - 1000, text));
  return g_strdup(aft_millis_print(session->close - (aft_millis)g_rand_int_range(draws, 1, 3600) * 1000, text));
}

static void add(world *w, const char *event, const char *symbol, const char *published) {
  GError *error = NULL;
  g_assert_true(aft_event_rows_add(&w->rows, event, symbol, "", published, (long)w->rows.n + 2, &error));
}

/* star: some rows stand for all symbols; those have the last sessions for themselves. */
static void draw_rows(world *w, GRand *draws, bool star) {
  g_autofree bool *taken = g_new0(bool, 2 * N_SECURITIES * N_SESSIONS);
  for (int i = 0; i < N_ROWS; i++) {
    char event[16], symbol[16];
    g_snprintf(event, sizeof event, "e%d", i);
    size_t k = (size_t)g_rand_int_range(draws, 0, 2), s = (size_t)g_rand_int_range(draws, 0, N_SECURITIES);
    long column = g_rand_int_range(draws, 0, N_SESSIONS - N_EVERY);
    int kind = g_rand_int_range(draws, 0, 40);
    bool *cell = &taken[(k * N_SECURITIES + s) * N_SESSIONS + (size_t)column];
    g_snprintf(symbol, sizeof symbol, kind == 0 ? "X%d" : "S%d", (int)(2 * s + k));
    if (star && i % (N_ROWS / N_EVERY) == 77) {
      g_autofree char *time = draw_time(draws, w, 0, N_SESSIONS - N_EVERY + i / (N_ROWS / N_EVERY));
      add(w, event, "*", time);
      continue;
    }
    if (*cell) kind = 1;
    *cell = true;
    g_autofree char *time = kind == 1   ? g_strdup("")
                            : kind == 2 ? g_strdup("2024-11")
                            : kind == 3 ? g_strdup("1970-03-04T12:00Z")
                                        : draw_time(draws, w, k, column);
    add(w, event, symbol, time);
  }
}

static void world_init(world *w, bool star) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(77);
  for (size_t k = 0; k < 2; k++) make_panel(w, k);
  w->panel[0].next = &w->panel[1];
  w->firms = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  for (int i = 0; i < 30; i++)
    g_hash_table_insert(w->firms, g_strdup_printf("S%d", 7 * i),
                        g_strdup_printf("S%d", i % 9)); /* like another's symbol */
  for (int i = 0; i < N_ASKED; i++)
    w->asked[i] = g_strdup_printf("S%d", 2 * i); /* of XNYS, so that "*" has one clock */
  w->asked[N_ASKED] = NULL;
  aft_event_rows_init(&w->rows);
  draw_rows(w, draws, star);
}

static void world_clear(world *w) {
  for (size_t k = 0; k < 2; k++) {
    g_strfreev(w->panel[k].symbols);
    g_free(w->panel[k].first_valid);
    aft_calendar_free(w->calendar[k]);
  }
  for (int i = 0; i < N_ASKED; i++) g_free(w->asked[i]);
  g_hash_table_unref(w->firms);
  aft_event_rows_clear(&w->rows);
}

/* Firms as first seen: "f" and its name, or "s" and the symbol. */
static int32_t plain_firm(const world *w, const aft_events_options *options, GPtrArray *seen, const char *symbol) {
  const char *named = options->firms == NULL ? NULL : g_hash_table_lookup(w->firms, symbol);
  char *name = g_strconcat(named != NULL ? "f" : "s", named != NULL ? named : symbol, NULL);
  guint at;
  if (g_ptr_array_find_with_equal_func(seen, name, g_str_equal, &at)) {
    g_free(name);
    return (int32_t)at;
  }
  g_ptr_array_add(seen, name);
  return (int32_t)seen->len - 1;
}

static const char *plain_reason(const aft_events_options *options, const aft_event *event, const char *clock) {
  if (options->symbols != NULL && !g_strv_contains(options->symbols, event->symbol))
    return "not among the study's symbols";
  if (clock != NULL) return clock;
  if (event->security < 0 || event->panel->first_valid[event->security] < 0) return "no return series";
  long first = event->column + options->first_rel, last = event->column + options->last_rel;
  return first < 0 || last >= N_SESSIONS ? "event window beyond the data" : NULL;
}

static void check_event(const world *w, const aft_events_options *options, GPtrArray *seen, const aft_event_row *row,
                        const char *symbol, const aft_event *got) {
  aft_event told = {.panel = &w->panel[0], .security = -1, .symbol = symbol};
  aft_alignment place;
  for (int k = 0; k < 2 && told.security < 0; k++)
    for (int s = 0; s < N_SECURITIES && told.security < 0; s++)
      if (strcmp(w->panel[k].symbols[s], symbol) == 0) told.panel = &w->panel[k], told.security = s;
  const char *clock = aft_calendar_align(told.panel->calendar, &row->stamp, false, &place);
  told.column = place.session - FIRST;
  g_assert_cmpstr(got->event, ==, row->event);
  g_assert_cmpstr(got->symbol, ==, symbol);
  g_assert_cmpstr(got->published, ==, row->published);
  g_assert_true(got->panel == told.panel);
  g_assert_cmpint(got->security, ==, told.security);
  g_assert_cmpint(got->column, ==, told.column);
  g_assert_cmpint(got->alignment.session, ==, place.session);
  g_assert_cmpint(got->alignment.rule, ==, place.rule);
  g_assert_cmpint(got->stamp.instant, ==, row->stamp.instant);
  g_assert_cmpint(got->firm, ==, plain_firm(w, options, seen, symbol));
  g_assert_cmpstr(got->reason, ==, plain_reason(options, &told, clock));
}

static void check(bool star) {
  world w;
  GError *error = NULL;
  world_init(&w, star);
  aft_events_options options = {.first_rel = -3, .last_rel = 2, .firms = star ? w.firms : NULL};
  if (star) options.symbols = (const char *const *)w.asked;
  const unsigned threads[] = {1, 2, 7};
  for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
    g_autoptr(GPtrArray) seen = g_ptr_array_new_with_free_func(g_free);
    aft_events events;
    size_t at = 0;
    options.n_threads = threads[t];
    g_assert_true(aft_events_align(&events, &w.rows, &w.panel[0], &options, &error));
    g_assert_no_error(error);
    for (guint i = 0; i < w.rows.n; i++) {
      const aft_event_row *row = &w.rows.rows[i];
      if (strcmp(row->symbol, "*") != 0)
        check_event(&w, &options, seen, row, row->symbol, &events.rows[at++]);
      else
        for (int s = 0; s < N_ASKED; s++) check_event(&w, &options, seen, row, w.asked[s], &events.rows[at++]);
    }
    g_assert_cmpuint(at, ==, events.n);
    aft_events_clear(&events);
  }
  world_clear(&w);
}

static void test_random(void) { check(false); }
static void test_every(void) { check(true); }

/* Of several rows that cannot stand, the first is the error, on any number of threads. */
static void test_errors(void) {
  world w;
  world_init(&w, false);
  const unsigned threads[] = {1, 2, 7};
  add(&w, "last", "*", "2025-01-20");
  w.rows.rows[31234].symbol = "*";
  for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
    const aft_events_options options = {.n_threads = threads[t]};
    aft_events events;
    g_autoptr(GError) star = NULL, local = NULL;
    w.rows.rows[17000].stamp.kind = AFT_STAMP_INSTANT;
    g_assert_false(aft_events_align(&events, &w.rows, &w.panel[0], &options, &star));
    g_assert_cmpstr(star->message, ==,
                    "events:31236: symbol * stands for the study's \"symbols\", but the study lists none");
    w.rows.rows[17000].stamp.kind = AFT_STAMP_LOCAL;
    g_assert_false(aft_events_align(&events, &w.rows, &w.panel[0], &options, &local));
    g_assert_true(g_str_has_prefix(local->message, "events:17002: "));
  }
  world_clear(&w);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/events/random", test_random);
  g_test_add_func("/events/every", test_every);
  g_test_add_func("/events/errors", test_errors);
  return g_test_run();
}
