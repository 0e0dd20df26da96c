/* market/keep and base/holes: runs against plain bits, panels that keep some sessions against whole ones, and what they take of memory. */
#include "support/support.h"

#include <aftershock/base/holes.h>
#include <aftershock/market/panel.h>

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <aftershock/base/banned.h>

static aft_calendar *open_calendar(void) {
  GError *error = NULL;
  aft_calendar *calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  return calendar;
}

/* Runs in order, apart from each other, and holding what was added. */
static void test_runs(void) {
  g_autoptr(aft_calendar) calendar = open_calendar();
  g_autoptr(GRand) random = g_rand_new_with_seed(3);
  long n = (long)aft_calendar_n_sessions(calendar);
  for (int round = 0; round < 40; round++) {
    g_autoptr(aft_keep) keep = aft_keep_new(calendar);
    g_autofree bool *added = g_new0(bool, n);
    for (int k = g_rand_int_range(random, 1, 60); k > 0; k--) {
      long first = g_rand_int_range(random, -300, (gint32)n + 100), last = first + g_rand_int_range(random, -2, 300);
      aft_keep_add(keep, "A", first, last);
      for (long t = MAX(first, 0); t <= MIN(last, n - 1); t++) added[t] = true;
    }
    aft_keep_settle(keep);
    const aft_keep_series *series = aft_keep_find(keep, "A");
    g_assert_null(aft_keep_find(keep, "B"));
    for (long t = 0; t < n; t++) {
      const aft_run *run = series == NULL ? NULL : aft_keep_find_run(series, t);
      g_assert_true((run != NULL) == added[t]);
      if (run != NULL) g_assert_true(run->first <= t && t <= run->last);
    }
    for (guint i = 1; series != NULL && i < series->runs->len; i++)
      g_assert_cmpint(g_array_index(series->runs, aft_run, i).first, >,
                      g_array_index(series->runs, aft_run, i - 1).last + 1);
  }
}

static void test_whole_series(void) {
  g_autoptr(aft_calendar) calendar = open_calendar();
  g_autoptr(aft_keep) keep = aft_keep_new(calendar);
  aft_keep_add(keep, "A", 7, 9);
  aft_keep_add_all(keep, "A");
  aft_keep_add(keep, "B", 9, 8);
  aft_keep_settle(keep);
  g_assert_cmpuint(aft_keep_find(keep, "A")->runs->len, ==, 1);
  const aft_run *run = aft_keep_find_run(aft_keep_find(keep, "A"), 0);
  g_assert_true(run != NULL && run->last == (int32_t)aft_calendar_n_sessions(calendar) - 1);
  g_assert_null(aft_keep_find(keep, "B"));
}

/* Bytes that the process has had in memory at most. */
static double find_peak(void) {
  struct rusage usage;
  g_assert_cmpint(getrusage(RUSAGE_SELF, &usage), ==, 0);
#ifdef __APPLE__
  return (double)usage.ru_maxrss;
#else
  return 1024.0 * (double)usage.ru_maxrss;
#endif
}

enum { MEGABYTE = 1 << 20 };

static void test_holes(void) {
  static const size_t sizes[] = {0, 1, 511, 512, 513, 100000, 3000001};
  g_autoptr(GRand) random = g_rand_new_with_seed(4);
  for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
    size_t n = sizes[s];
    double *like = aft_holes_new(n / 2 + 7, NULL), *holes = aft_holes_new(n, s % 2 == 1 ? like : NULL);
    g_autofree bool *written = g_new0(bool, MAX(n, 1));
    for (int k = 0; n > 0 && k < 200; k++) {
      size_t at = (size_t)g_rand_int_range(random, 0, (gint32)n);
      holes[at] = (double)at;
      written[at] = true;
    }
    for (size_t i = 0; i < n / 2 + 7; i++) g_assert_true(isnan(like[i]));
    aft_holes_free(like); /* the other lives on */
    for (size_t i = 0; i < n; i++) g_assert_true(written[i] ? holes[i] == (double)i : isnan(holes[i]));
    aft_holes_free(holes);
  }
  aft_holes_free(NULL);
}

/* 4 GB of which a thousand pages are written: a page is 4 to 64 KB. */
static void test_holes_take_nothing(void) {
  size_t n = (size_t)512 << 20;
  double before = find_peak(), *holes = aft_holes_new(n, NULL);
  for (size_t k = 0; k < 1000; k++) holes[k * (n / 1000)] = 1;
  for (size_t k = 0; k < 1000; k++) g_assert_true(holes[k * (n / 1000)] == 1 && isnan(holes[k * (n / 1000) + 1]));
  g_assert_cmpfloat(find_peak() - before, <, 100.0 * MEGABYTE);
  aft_holes_free(holes);
}

/* Where no file can be made the numbers are NaN all the same. */
static void test_holes_without_file(void) {
  struct rlimit before, none;
  enum { N = 200001 };
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &before), ==, 0);
  none = (struct rlimit){.rlim_cur = 0, .rlim_max = before.rlim_max};
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &none), ==, 0);
  double *holes = aft_holes_new(N, NULL);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &before), ==, 0);
  for (size_t i = 0; i < N; i++) g_assert_true(isnan(holes[i]));
  holes[N - 1] = 1;
  double *like = aft_holes_new(N, holes);
  g_assert_true(holes[N - 1] == 1 && isnan(like[N - 1]));
  aft_holes_free(holes);
  aft_holes_free(like);
}

enum { N_SYMBOLS = 9, N_SESSIONS = 700, FIRST = 400 };

/* Rows of random series with holes in each column, in random order. */
static void add_rows(aft_prices *prices, const aft_calendar *calendar, GRand *random, GArray *symbol, GArray *day,
                     GArray *line, GArray **columns) {
  for (uint32_t s = 0; s < N_SYMBOLS; s++) {
    char name[8];
    g_snprintf(name, sizeof name, "S%u", s);
    (void)aft_symbols_add(&prices->symbols, name, strlen(name));
  }
  for (uint32_t i = 0; i < 5000; i++) {
    uint32_t s = (uint32_t)g_rand_int_range(random, 0, N_SYMBOLS - 1),
             t = (uint32_t)g_rand_int_range(random, 0, N_SESSIONS);
    aft_day d = aft_calendar_get_day(calendar, FIRST + (long)t);
    double close = (t + s) % 9 == 0 ? (double)NAN : 10 + s + 0.001 * t;
    double adjusted = s < 2 || (s == 3 && t > 20) || (t + s) % 7 == 0 ? (double)NAN : close * 0.9;
    uint32_t number = i + 2;
    g_array_append_val(symbol, s);
    g_array_append_val(day, d);
    g_array_append_val(line, number);
    g_array_append_val(columns[0], close);
    g_array_append_val(columns[1], adjusted);
  }
}

static void build(aft_panel *panel, const aft_calendar *calendar, const aft_keep *keep, const aft_prices *prices,
                  const aft_price_batch *batch, bool gap_returns) {
  const aft_cells_options options = {.keep = keep};
  const aft_panel_options how = {.gap_returns = gap_returns};
  g_autoptr(aft_cells) cells = aft_cells_new(calendar, &options);
  aft_warnings warnings;
  aft_audit audit;
  GError *error = NULL;
  aft_warnings_init(&warnings);
  aft_audit_init(&audit);
  for (size_t at = 0, n; at < batch->n; at += n) {
    n = MIN((size_t)331, batch->n - at);
    aft_price_batch part = {.n = n, .symbol = batch->symbol + at, .day = batch->day + at, .line = batch->line + at};
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (batch->column[c] != NULL) part.column[c] = batch->column[c] + at;
    aft_cells_take(cells, prices, &part);
  }
  bool ok = aft_panel_build_cells(panel, cells, prices, NULL, NULL, &how, &audit, &warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  aft_audit_clear(&audit);
  aft_warnings_clear(&warnings);
}

static bool is_same(double a, double b) { return a == b || (isnan(a) && isnan(b)); }

/* Every kept return is the whole panel's but for the first of a run, whose price before may have gone by; first and last are its, too. */
static void compare_panels(const aft_panel *whole, const aft_panel *part, const aft_keep *keep) {
  g_assert_cmpuint(part->n_sessions, ==, whole->n_sessions);
  g_assert_cmpint(part->first_session, ==, whole->first_session);
  g_assert_cmpuint(part->n_securities, ==, whole->n_securities);
  for (size_t s = 0; s < whole->n_securities; s++) {
    const aft_keep_series *series = aft_keep_find(keep, whole->symbols[s]);
    g_assert_cmpint(part->first_valid[s], ==, series == NULL ? -1 : whole->first_valid[s]);
    g_assert_cmpint(part->last_valid[s], ==, series == NULL ? -1 : whole->last_valid[s]);
    for (size_t t = 0; t < whole->n_sessions; t++) {
      size_t cell = s * whole->n_sessions + t;
      long session = whole->first_session + (long)t;
      const aft_run *run = series == NULL ? NULL : aft_keep_find_run(series, session);
      bool has_before = run != NULL && session > run->first;
      g_assert_true(
          is_same(part->price[AFT_PRICE_CLOSE][cell], run == NULL ? (double)NAN : whole->price[AFT_PRICE_CLOSE][cell]));
      g_assert_true(is_same(part->returns[cell], has_before ? whole->returns[cell] : (double)NAN));
      if (run != NULL && !isnan(whole->price[AFT_PRICE_CLOSE][cell]))
        g_assert_true(is_same(part->basis[cell], whole->basis[cell]));
    }
    bool has = aft_panel_has_values(whole, s, AFT_PRICE_ADJ_CLOSE);
    if (series != NULL) g_assert_true(aft_panel_has_values(part, s, AFT_PRICE_ADJ_CLOSE) == has);
  }
}

static void test_panel(void) {
  g_autoptr(aft_calendar) calendar = open_calendar();
  g_autoptr(GRand) random = g_rand_new_with_seed(5);
  g_autoptr(GArray) symbol = g_array_new(FALSE, FALSE, 4), day = g_array_new(FALSE, FALSE, sizeof(aft_day)),
                    line = g_array_new(FALSE, FALSE, 4);
  g_autoptr(GArray) close = g_array_new(FALSE, FALSE, sizeof(double)),
                    adjusted = g_array_new(FALSE, FALSE, sizeof(double));
  GArray *columns[] = {close, adjusted};
  aft_prices prices;
  aft_prices_init(&prices);
  g_ptr_array_add(prices.files, g_strdup("one.csv"));
  add_rows(&prices, calendar, random, symbol, day, line, columns);
  aft_price_batch batch = {.n = day->len,
                           .symbol = (const uint32_t *)(gconstpointer)symbol->data,
                           .day = (const aft_day *)(gconstpointer)day->data,
                           .line = (const uint32_t *)(gconstpointer)line->data};
  batch.column[AFT_PRICE_CLOSE] = (const double *)(gconstpointer)close->data;
  batch.column[AFT_PRICE_ADJ_CLOSE] = (const double *)(gconstpointer)adjusted->data;
  for (int round = 0; round < 20; round++) {
    g_autoptr(aft_keep) keep = aft_keep_new(calendar);
    for (int k = 0; k < 8; k++) {
      char name[8];
      long at = FIRST + g_rand_int_range(random, -100, N_SESSIONS + 100);
      g_snprintf(name, sizeof name, "S%d", g_rand_int_range(random, 0, N_SYMBOLS + 2));
      aft_keep_add(keep, name, at, at + g_rand_int_range(random, 0, 90));
    }
    aft_keep_settle(keep);
    aft_panel whole, part;
    build(&whole, calendar, NULL, &prices, &batch, round % 2 == 1);
    build(&part, calendar, keep, &prices, &batch, round % 2 == 1);
    compare_panels(&whole, &part, keep);
    aft_panel_clear(&whole);
    aft_panel_clear(&part);
  }
  aft_prices_clear(&prices);
}

/* Whether the process takes what it asks for, and nothing for a tool that watches its memory. */
static bool is_memory_plain(void) {
#ifdef __SANITIZE_THREAD__
  return false;
#else
  const char *preloaded = g_getenv("LD_PRELOAD");
  return preloaded == NULL || strstr(preloaded, "vgpreload") == NULL;
#endif
}

/* 3,000 securities over 40 years would be 250 MB a matrix; what 60 windows need is a page or two of each. */
static void test_memory(void) {
  enum { MANY = 3000, WINDOWS = 60 };
  if (!is_memory_plain()) {
    g_test_skip("memory is watched");
    return;
  }
  g_autoptr(aft_calendar) calendar = open_calendar();
  g_autoptr(aft_keep) keep = aft_keep_new(calendar);
  aft_prices prices;
  aft_panel panel;
  aft_prices_init(&prices);
  g_ptr_array_add(prices.files, g_strdup("one.csv"));
  size_t n_sessions = aft_calendar_n_sessions(calendar);
  g_autofree uint32_t *symbol = g_new(uint32_t, n_sessions), *line = g_new(uint32_t, n_sessions);
  g_autofree aft_day *day = g_new(aft_day, n_sessions);
  g_autofree double *close = g_new(double, n_sessions);
  const aft_cells_options options = {.keep = keep};
  const aft_panel_options how = {.gap_returns = true};
  for (uint32_t s = 0; s < MANY; s++) {
    char name[8];
    g_snprintf(name, sizeof name, "S%u", s);
    (void)aft_symbols_add(&prices.symbols, name, strlen(name));
    if (s % (MANY / WINDOWS) == 0) aft_keep_add(keep, name, 100 + s, 371 + s);
  }
  aft_keep_settle(keep);
  double before = find_peak();
  g_autoptr(aft_cells) cells = aft_cells_new(calendar, &options);
  for (uint32_t s = 0; s < MANY; s++) {
    size_t n = s % (MANY / WINDOWS) < 2 ? n_sessions
                                        : 1; /* the series that are kept, as many that go by, and a row of the others */
    for (size_t t = 0; t < n; t++) {
      symbol[t] = s;
      line[t] = (uint32_t)t + 2;
      day[t] = aft_calendar_get_day(calendar, (long)t);
      close[t] = 10 + (double)(t % 17);
    }
    aft_price_batch batch = {.n = n, .symbol = symbol, .day = day, .line = line};
    batch.column[AFT_PRICE_CLOSE] = close;
    aft_cells_take(cells, &prices, &batch);
  }
  aft_warnings warnings;
  GError *error = NULL;
  aft_warnings_init(&warnings);
  bool ok = aft_panel_build_cells(&panel, cells, &prices, NULL, NULL, &how, NULL, &warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  g_assert_cmpuint(panel.n_securities, ==, MANY);
  g_assert_cmpuint(panel.n_sessions, ==, n_sessions);
  g_assert_cmpuint(panel.kept->n_rows, ==, (size_t)WINDOWS * 272);
  g_assert_cmpfloat(find_peak() - before, <, 40.0 * MEGABYTE);
  aft_warnings_clear(&warnings);
  aft_panel_clear(&panel);
  aft_prices_clear(&prices);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/keep/holes-take-nothing", test_holes_take_nothing); /* first: the peak never falls */
  g_test_add_func("/keep/memory", test_memory);
  g_test_add_func("/keep/runs", test_runs);
  g_test_add_func("/keep/whole-series", test_whole_series);
  g_test_add_func("/keep/holes", test_holes);
  g_test_add_func("/keep/panel", test_panel);
  g_test_add_func("/keep/holes-without-file", test_holes_without_file);
  return g_test_run();
}
