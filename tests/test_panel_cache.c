/* market/panel_cache: a panel that was kept is the one that was made, and no other is taken for it. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/market/panel_cache.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SYMBOLS = 9, N_DAYS = 300, FIRST = 5000 };

typedef struct fixture {
  char *dir, *path;
  aft_calendar *calendar;
  aft_prices prices;
  aft_actions actions;
  aft_factors factors;
  aft_warnings warnings;
  aft_panel panel;
  GError *error;
} fixture;

/* Closes of which some lack, volumes, and adjusted closes of every other symbol. */
static char *write_prices(fixture *f, GRand *draws, bool returns) {
  g_autoptr(GString) text = g_string_new(returns ? "date,symbol,ret\n" : "date,symbol,close,volume,adj_close\n");
  for (int i = 0; i < N_SYMBOLS; i++) {
    double price = 10 * (i + 1);
    for (int t = 0; t < N_DAYS; t++) {
      char day[AFT_DAY_TEXT], number[3][32];
      double move = 0.02 * draw_normal(draws);
      price *= 1 + move;
      if (g_rand_int_range(draws, 0, 8) == 0) continue;
      g_ascii_formatd(number[0], sizeof number[0], "%.6f", returns ? move : price);
      g_ascii_formatd(number[1], sizeof number[1], "%.0f", 1000 * price);
      g_ascii_formatd(number[2], sizeof number[2], "%.4f", 0.9 * price);
      g_string_append_printf(text, "%s,S %d,%s", aft_day_print(aft_calendar_get_day(f->calendar, FIRST + t), day), i,
                             number[0]);
      if (!returns) g_string_append_printf(text, ",%s,%s", number[1], i % 2 == 0 ? "" : number[2]);
      g_string_append_c(text, '\n');
    }
  }
  return support_write(f->dir, "prices.csv", text->str);
}

static void set_up(fixture *f, const aft_panel_options *options, bool with_tables) {
  GRand *draws = g_rand_new_with_seed(37);
  memset(f, 0, sizeof *f);
  f->dir = support_temp_dir();
  f->path = g_build_filename(f->dir, "kept.panel", NULL);
  f->calendar = aft_calendar_new("XNYS", &f->error);
  aft_prices_init(&f->prices);
  aft_warnings_init(&f->warnings);
  g_autofree char *prices = write_prices(f, draws, options->rows_are_returns);
  bool read = options->rows_are_returns ? aft_returns_read_csv(&f->prices, prices, false, &f->warnings, &f->error)
                                        : aft_prices_read_csv(&f->prices, prices, &f->warnings, &f->error);
  g_assert_true(read);
  if (with_tables) {
    char day[AFT_DAY_TEXT];
    aft_day_print(aft_calendar_get_day(f->calendar, FIRST + 50), day);
    g_autofree char *actions =
        g_strdup_printf("date,symbol,kind,value\n%s,S 2,split,2\n%s,S 4,dividend,0.5\n", day, day);
    g_autofree char *factors = g_strdup_printf("date,mkt_rf,rf\n%s,0.01,0.0001\n", day);
    g_autofree char *a = support_write(f->dir, "actions.csv", actions), *b = support_write(f->dir, "f.csv", factors);
    g_assert_true(aft_actions_read_csv(&f->actions, a, &f->error) && aft_factors_read_csv(&f->factors, b, &f->error));
  }
  g_assert_true(aft_panel_build(&f->panel, f->calendar, &f->prices, with_tables ? &f->actions : NULL,
                                with_tables ? &f->factors : NULL, options, &f->warnings, &f->error));
  g_assert_true(aft_panel_keep(&f->panel, f->path, "the key", "a\0note", 7, &f->error));
  g_assert_no_error(f->error);
  g_rand_free(draws);
}

static void tear_down(fixture *f) {
  aft_panel_clear(&f->panel);
  aft_prices_clear(&f->prices);
  aft_actions_clear(&f->actions);
  aft_factors_clear(&f->factors);
  aft_warnings_clear(&f->warnings);
  aft_calendar_free(f->calendar);
  g_free(f->path);
  support_remove(f->dir);
}

/* NaN and all. */
static void assert_same(const void *there, const void *expected, size_t size) {
  g_assert_true((there == NULL) == (expected == NULL));
  if (expected != NULL) g_assert_true(memcmp(there, expected, size) == 0);
}

static void assert_same_panel(const aft_panel *panel, const aft_panel *expected) {
  size_t n = expected->n_securities, cells = n * expected->n_sessions;
  g_assert_cmpint(panel->first_session, ==, expected->first_session);
  g_assert_cmpuint(panel->n_sessions, ==, expected->n_sessions);
  g_assert_cmpuint(panel->n_securities, ==, n);
  assert_same(panel->day, expected->day, expected->n_sessions * sizeof *panel->day);
  g_assert_true(g_strv_equal((const char *const *)panel->symbols, (const char *const *)expected->symbols));
  for (size_t i = 0; i < n; i++) g_assert_cmpint(aft_panel_find_security(panel, expected->symbols[i]), ==, (long)i);
  assert_same(panel->first_valid, expected->first_valid, n * sizeof *panel->first_valid);
  assert_same(panel->last_valid, expected->last_valid, n * sizeof *panel->last_valid);
  assert_same(panel->returns, expected->returns, cells * sizeof(double));
  assert_same(panel->gap_returns, expected->gap_returns, cells * sizeof(double));
  assert_same(panel->gap, expected->gap, cells * sizeof(int));
  assert_same(panel->basis, expected->basis, cells * sizeof(double));
  assert_same(panel->split, expected->split, cells * sizeof(double));
  assert_same(panel->volume_count, expected->volume_count, cells * sizeof(uint32_t));
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    assert_same(panel->price[c], expected->price[c], cells * sizeof(double));
}

static bool recall(const fixture *f, const char *key, bool drop_volume, aft_panel *panel) {
  g_autofree char *note = NULL;
  g_autoptr(GError) error = NULL;
  size_t n_note = 0;
  bool ok = aft_panel_recall(panel, f->calendar, f->path, key, drop_volume, 2, &note, &n_note, &error);
  g_assert_true(ok == (error == NULL));
  if (!ok) return false;
  g_assert_cmpuint(n_note, ==, 7);
  g_assert_true(memcmp(note, "a\0note\0", 8) == 0);
  return true;
}

static void check_round_trip(const aft_panel_options *options, bool with_tables) {
  fixture f;
  aft_panel panel;
  set_up(&f, options, with_tables);
  g_assert_true(recall(&f, "the key", false, &panel));
  assert_same_panel(&panel, &f.panel);
  g_assert_true(panel.factors == NULL && panel.market == NULL && panel.market_security == -1 && panel.shares == NULL);
  g_assert_true(aft_panel_place_factors(&panel, with_tables ? &f.factors : NULL, options, &f.error));
  assert_same(panel.market, f.panel.market, panel.n_sessions * sizeof(double));
  assert_same(panel.rf, f.panel.rf, panel.n_sessions * sizeof(double));
  aft_panel_clear(&panel);
  tear_down(&f);
}

static void test_round_trip(void) {
  const aft_panel_options plain = {.market = "S 3"},
                          log_gaps = {.market = "mkt_rf", .log_returns = true, .gap_returns = true};
  const aft_panel_options returns = {.market = "S 3", .rows_are_returns = true};
  check_round_trip(&plain, false);
  check_round_trip(&plain, true);
  check_round_trip(&log_gaps, true);
  check_round_trip(&returns, false);
}

static void test_no_volume(void) {
  const aft_panel_options options = {.market = "S 3"};
  fixture f;
  aft_panel panel;
  set_up(&f, &options, true);
  g_assert_true(recall(&f, "the key", true, &panel));
  g_assert_null(panel.price[AFT_PRICE_VOLUME]);
  g_clear_pointer(&f.panel.price[AFT_PRICE_VOLUME], g_free);
  assert_same_panel(&panel, &f.panel);
  aft_panel_clear(&panel);
  tear_down(&f);
}

/* A calendar with fewer sessions than the panel needs, and what is not the file of the key. */
static void test_refused(void) {
  const aft_panel_options options = {.market = "S 3"};
  fixture f;
  aft_panel panel;
  set_up(&f, &options, true);
  g_assert_false(recall(&f, "the kez", false, &panel));
  g_assert_false(recall(&f, "the ke", false, &panel));
  g_autofree char *path =
      support_write(f.dir, "SHORT.txt", "name Short\nzone UTC\nknown 2025-01-01 to 2025-03-31\nhours 09:30-16:00\n");
  aft_calendar *own = f.calendar;
  f.calendar = aft_calendar_read(path, &f.error);
  g_assert_no_error(f.error);
  g_assert_false(recall(&f, "the key", false, &panel));
  aft_calendar_free(f.calendar);
  f.calendar = own;
  g_assert_true(g_file_set_contents(f.path, "AFTPANEL", -1, NULL));
  g_assert_false(recall(&f, "the key", false, &panel));
  tear_down(&f);
}

/* A bit of each page of the file. */
static void test_damaged(void) {
  const aft_panel_options options = {.market = "S 3", .gap_returns = true};
  fixture f;
  aft_panel panel;
  GRand *draws = g_rand_new_with_seed(41);
  g_autofree char *text = NULL;
  gsize size;
  set_up(&f, &options, true);
  g_assert_true(g_file_get_contents(f.path, &text, &size, NULL));
  for (gsize page = 0; page < size; page += 4096) {
    gsize at = page + (gsize)g_rand_int_range(draws, 0, 4096);
    char bit = (char)(1 << g_rand_int_range(draws, 0, 8));
    text[at] ^= bit;
    g_assert_true(g_file_set_contents(f.path, text, (gssize)size, NULL));
    g_assert_false(recall(&f, "the key", false, &panel));
    text[at] ^= bit;
  }
  g_assert_true(g_file_set_contents(f.path, text, (gssize)size, NULL));
  g_assert_true(recall(&f, "the key", false, &panel));
  aft_panel_clear(&panel);
  g_rand_free(draws);
  tear_down(&f);
}

/* Files whose sums are right, but which hold no panel: as only a fault of our own would write them. */
static void test_hollow(void) {
  static const int64_t shapes[][3] = {{-1, 5, 3},        {0, 0, 3},         {0, 5, 0}, {INT64_MAX, 5, 3},
                                      {0, INT64_MAX, 3}, {0, 5, INT64_MAX}, {0, 5, 4}, {0, 5, 3}};
  const aft_panel_options options = {.market = "S 3"};
  fixture f;
  aft_panel panel;
  g_autofree char *heading = NULL, *text = NULL;
  set_up(&f, &options, false);
  g_assert_true(g_file_get_contents(f.path, &text, NULL, NULL));
  heading = g_strndup(text + 4096, 4096); /* zeros end it */
  for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
    aft_mapped_writer *writer = aft_mapped_create(f.path, "AFTPANEL", heading, &f.error);
    g_assert_true(aft_mapped_put(writer, shapes[i], sizeof shapes[i], &f.error));
    g_assert_true(aft_mapped_put(writer, "A\0B\0C", i == 7 ? 5 : 6, &f.error)); /* the last lacks its end */
    g_assert_true(aft_mapped_commit(writer, &f.error));
    g_assert_false(recall(&f, "the key", false, &panel));
  }
  tear_down(&f);
}

/* Volumes as counts: kept, left out, and brought back to numbers. */
static void test_counts(void) {
  const aft_panel_options options = {.market = "S 1"};
  fixture f;
  aft_panel panel;
  set_up(&f, &options, false);
  size_t n = f.panel.n_securities * f.panel.n_sessions;
  g_autofree double *volume = g_steal_pointer(&f.panel.price[AFT_PRICE_VOLUME]);
  f.panel.volume_count = g_new0(uint32_t, n);
  for (size_t i = 0; i < n; i++) f.panel.volume_count[i] = isnan(volume[i]) ? 0 : (uint32_t)volume[i] + 1;
  g_assert_true(aft_panel_keep(&f.panel, f.path, "the key", "a\0note", 7, &f.error));
  g_assert_true(recall(&f, "the key", true, &panel));
  g_assert_true(panel.volume_count == NULL && panel.price[AFT_PRICE_VOLUME] == NULL);
  aft_panel_clear(&panel);
  g_assert_true(recall(&f, "the key", false, &panel));
  assert_same_panel(&panel, &f.panel);
  for (size_t i = 0; i < n; i++) {
    double there = aft_panel_get_volume(&panel, i);
    g_assert_true(there == volume[i] || (isnan(there) && isnan(volume[i])));
  }
  aft_panel_expand_volume(&panel);
  g_assert_null(panel.volume_count);
  for (size_t i = 0; i < n; i++) {
    double there = panel.price[AFT_PRICE_VOLUME][i];
    g_assert_true(there == volume[i] || (isnan(there) && isnan(volume[i])));
    g_assert_true(aft_panel_get_volume(&panel, i) == there || isnan(there));
  }
  aft_panel_clear(&panel);
  tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/panel_cache/counts", test_counts);
  g_test_add_func("/panel_cache/round_trip", test_round_trip);
  g_test_add_func("/panel_cache/no_volume", test_no_volume);
  g_test_add_func("/panel_cache/refused", test_refused);
  g_test_add_func("/panel_cache/damaged", test_damaged);
  g_test_add_func("/panel_cache/hollow", test_hollow);
  return g_test_run();
}
