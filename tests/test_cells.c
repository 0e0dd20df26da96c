/* market/cells: random rows in their cells against a slow placing of the same rows, and the rows that cannot stand. */
#include "support/support.h"

#include <aftershock/market/cells.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SYMBOLS = 7, N_SESSIONS = 900, FIRST = 300, MOST_ROWS = 12000 };

/* Rows in the making, with the cells and, beside them, what the cells should hold. */
typedef struct fixture {
  aft_calendar *calendar;
  aft_prices prices;
  aft_cells *cells;
  uint32_t symbol[MOST_ROWS], line[MOST_ROWS];
  aft_day day[MOST_ROWS];
  double close[MOST_ROWS], volume[MOST_ROWS];
  double *expected[2]; /* [N_SYMBOLS][N_SESSIONS] of close and volume */
  uint32_t *expected_line;
  bool fractions;          /* some volumes are no whole numbers */
  size_t expected_repeats; /* rows that bring nothing to a cell that has one */
} fixture;

/* What is done with volumes. */
enum { KEEP_VOLUME, DROP_VOLUME, COUNT_VOLUME, COUNT_FRACTIONS, N_WAYS };

static void set_up(fixture *f, int way) {
  GError *error = NULL;
  const aft_cells_options options = {.drop_volume = way == DROP_VOLUME, .count_volume = way >= COUNT_VOLUME};
  memset(f, 0, sizeof *f);
  f->fractions = way == COUNT_FRACTIONS;
  f->calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  aft_prices_init(&f->prices);
  g_ptr_array_add(f->prices.files, g_strdup("one.csv"));
  g_ptr_array_add(f->prices.files, g_strdup("two.csv"));
  for (int i = 0; i < N_SYMBOLS; i++) {
    char name[8];
    g_snprintf(name, sizeof name, "S%d", i);
    (void)aft_symbols_add(&f->prices.symbols, name, strlen(name));
  }
  f->cells = aft_cells_new(f->calendar, &options);
  for (int k = 0; k < 2; k++) {
    f->expected[k] = g_new(double, N_SYMBOLS *N_SESSIONS);
    for (int i = 0; i < N_SYMBOLS * N_SESSIONS; i++) f->expected[k][i] = (double)NAN;
  }
  f->expected_line = g_new0(uint32_t, N_SYMBOLS * N_SESSIONS);
}

static void tear_down(fixture *f) {
  aft_cells_free(f->cells);
  aft_prices_clear(&f->prices);
  aft_calendar_free(f->calendar);
  g_free(f->expected[0]);
  g_free(f->expected[1]);
  g_free(f->expected_line);
}

static aft_price_batch make_batch(const fixture *f, size_t first, size_t n, uint16_t file, bool has_volume) {
  aft_price_batch batch = {
      .n = n, .file = file, .symbol = f->symbol + first, .day = f->day + first, .line = f->line + first};
  batch.column[AFT_PRICE_CLOSE] = f->close + first;
  if (has_volume) batch.column[AFT_PRICE_VOLUME] = f->volume + first;
  return batch;
}

/* Values hang on the cell alone, so that further rows repeat or complete each other. */
static void fill_cell(fixture *f, GRand *random, size_t i, size_t cell, bool has_volume, bool has_close) {
  f->symbol[i] = (uint32_t)(cell / N_SESSIONS);
  f->day[i] = aft_calendar_get_day(f->calendar, FIRST + (long)(cell % N_SESSIONS));
  f->line[i] = (uint32_t)i + 2;
  f->close[i] = !has_close && g_rand_int_range(random, 0, 4) == 0 ? (double)NAN : 1 + (double)cell / 7;
  f->volume[i] =
      g_rand_int_range(random, 0, 3) == 0 ? (double)NAN : (double)cell * 3 + (f->fractions && cell % 97 == 5 ? 0.5 : 0);
  bool is_new = (!isnan(f->close[i]) && isnan(f->expected[0][cell])) ||
                (has_volume && !isnan(f->volume[i]) && isnan(f->expected[1][cell]));
  if (!isnan(f->close[i])) f->expected[0][cell] = f->close[i];
  if (has_volume && !isnan(f->volume[i])) f->expected[1][cell] = f->volume[i];
  bool any = !isnan(f->close[i]) || (has_volume && !isnan(f->volume[i]));
  f->expected_repeats += any && !is_new;
  if (any && f->expected_line[cell] == 0) f->expected_line[cell] = f->line[i];
}

/* ordered: by symbol and session, twice over, with some of them left out and others out of place. */
static void fill_row(fixture *f, GRand *random, size_t i, bool ordered) {
  enum { N_USED = (N_SYMBOLS - 1) * N_SESSIONS };
  bool is_next = ordered && g_rand_int_range(random, 0, 30) > 0;
  fill_cell(f, random, i, is_next ? i % N_USED : (size_t)g_rand_int_range(random, 0, N_USED), true, false);
}

static void check_column(fixture *f, enum aft_price_column column, const double *expected) {
  size_t n = aft_cells_n_sessions(f->cells);
  g_autofree double *values = aft_cells_take_column(f->cells, column, N_SYMBOLS, 3);
  g_assert_cmpuint(n, ==, N_SESSIONS);
  for (size_t i = 0; i < N_SYMBOLS * n; i++)
    g_assert_true(values[i] == expected[i] || (isnan(values[i]) && isnan(expected[i])));
}

/* Volumes where they should be: in the column, in counts, or nowhere. */
static void check_volume(fixture *f, int way) {
  bool any_fraction = false;
  for (size_t i = 0; way == COUNT_FRACTIONS && i < N_SYMBOLS * N_SESSIONS; i++)
    any_fraction = any_fraction || fmod(f->expected[1][i], 1) > 0;
  bool in_column = way == KEEP_VOLUME || any_fraction;
  g_assert_true(aft_cells_has_column(f->cells, AFT_PRICE_VOLUME) == in_column);
  g_autofree uint32_t *counts = aft_cells_take_counts(f->cells, N_SYMBOLS, 3);
  g_assert_true((counts != NULL) == (way >= COUNT_VOLUME && !any_fraction));
  if (in_column) check_column(f, AFT_PRICE_VOLUME, f->expected[1]);
  for (size_t i = 0; counts != NULL && i < N_SYMBOLS * N_SESSIONS; i++)
    g_assert_true(isnan(f->expected[1][i]) ? counts[i] == 0 : (double)counts[i] == f->expected[1][i] + 1);
}

/* Lines of every cell, asked for in pieces of any length; beyond the sessions there are none. */
static void check_lines(const fixture *f, GRand *random, const bool *file_of) {
  uint32_t line[N_SESSIONS + 1];
  uint16_t file[N_SESSIONS + 1];
  for (size_t i = 0; i <= N_SYMBOLS; i++)
    for (size_t t = 0, n; t < N_SESSIONS; t += n) {
      n = (size_t)g_rand_int_range(random, 1, N_SESSIONS + 1 - (gint32)t);
      aft_cells_get_lines(f->cells, i, FIRST + (long)t, n, line, file);
      for (size_t k = 0; k < n; k++) {
        uint32_t expected = i < N_SYMBOLS ? f->expected_line[i * N_SESSIONS + t + k] : 0;
        g_assert_cmpuint(line[k], ==, expected);
        if (expected > 0) g_assert_cmpuint(file[k], ==, file_of[expected - 2]);
      }
    }
}

enum { ORDERED = N_WAYS };

static void test_random(gconstpointer data) {
  int way = GPOINTER_TO_INT(data) % N_WAYS;
  bool ordered = GPOINTER_TO_INT(data) >= ORDERED;
  g_autoptr(GRand) random = g_rand_new_with_seed(77);
  g_autofree fixture *f = g_new(fixture, 1);
  GError *error = NULL;
  g_autofree bool *file_of = g_new0(bool, MOST_ROWS);
  set_up(f, way);
  for (size_t i = 0; i < MOST_ROWS; i++) fill_row(f, random, i, ordered);
  for (size_t first = 0, n; first < MOST_ROWS; first += n) {
    n = (size_t)g_rand_int_range(random, 1, 2000);
    n = MIN(n, MOST_ROWS - first);
    for (size_t i = first; i < first + n; i++) file_of[i] = first >= MOST_ROWS / 2;
    aft_price_batch batch = make_batch(f, first, n, first >= MOST_ROWS / 2, true);
    aft_cells_take(f->cells, &f->prices, &batch);
  }
  bool ok = aft_cells_check(f->cells, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  g_assert_cmpint(aft_cells_first_session(f->cells), ==, FIRST);
  check_lines(f, random, file_of);
  check_column(f, AFT_PRICE_CLOSE, f->expected[0]);
  check_volume(f, way);
  tear_down(f);
}

enum { N_LATE = 300 };

/*
 * A file in the order of its symbols, the sessions of the first from `first` to `last`, in which some rows are missing, too many, or out of
 * place, with N_LATE of any symbol behind all others.
 */

typedef struct shape {
  int first, last;
  double missing, misplaced, twice; /* shares of the rows */
  bool others_wider;                /* they have all sessions, else those of the first */
  bool lines_apart;                 /* now and then an empty line */
  size_t file_rows;                 /* of the first file, which has no volume, before the second */
} shape;

static size_t fill_shape(fixture *f, GRand *random, const shape *form) {
  size_t i = 0;
  for (size_t symbol = 0; symbol + 1 < N_SYMBOLS; symbol++) {
    bool is_wide = symbol > 0 && form->others_wider;
    int first = is_wide ? 0 : form->first, last = is_wide ? N_SESSIONS - 1 : form->last;
    for (int t = first; t <= last && i + N_LATE + 4 < MOST_ROWS; t++) {
      bool is_end = t == first || t == last;
      size_t cell = symbol * N_SESSIONS + (size_t)t;
      if (!is_end && g_rand_double(random) < form->missing) continue;
      if (symbol > 0 && g_rand_double(random) < form->misplaced)
        cell = (size_t)g_rand_int_range(random, 0, (N_SYMBOLS - 1) * N_SESSIONS);
      for (int n = g_rand_double(random) < form->twice ? 2 : 1; n > 0; n--, i++)
        fill_cell(f, random, i, cell, i >= form->file_rows, false);
    }
  }
  for (int k = 0; k < N_LATE; k++, i++)
    fill_cell(f, random, i, (size_t)g_rand_int_range(random, 0, (N_SYMBOLS - 1) * N_SESSIONS), i >= form->file_rows,
              false);
  fill_cell(f, random, i, 0, i >= form->file_rows, true); /* the span is that of all sessions */
  i++;
  fill_cell(f, random, i, N_SESSIONS - 1, i >= form->file_rows, true);
  return i + 1;
}

/* Lines with some left out: what is expected of the lines follows them. */
static void move_lines(fixture *f, GRand *random, size_t n) {
  g_autofree uint32_t *moved = g_new(uint32_t, n + 2);
  uint32_t line = 2;
  for (size_t i = 0; i < n; i++, line++) {
    line += g_rand_int_range(random, 0, 50) == 0 ? 1 : 0;
    moved[f->line[i]] = line;
    f->line[i] = line;
  }
  for (size_t c = 0; c < N_SYMBOLS * N_SESSIONS; c++)
    if (f->expected_line[c] > 0) f->expected_line[c] = moved[f->expected_line[c]];
}

static void check_repeats(const fixture *f) {
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  aft_cells_warn_repeated(f->cells, &f->prices, &warnings);
  g_assert_cmpuint(warnings.messages->len, ==, f->expected_repeats > 0);
  if (f->expected_repeats > 0) {
    const char *message = g_ptr_array_index(warnings.messages, 0), *number = strstr(message, ": ");
    g_assert_cmpuint(g_ascii_strtoull(number + 2, NULL, 10), ==, f->expected_repeats);
  }
  aft_warnings_clear(&warnings);
}

static void take_shape(const shape *form, int way, guint32 seed) {
  g_autoptr(GRand) random = g_rand_new_with_seed(seed);
  g_autofree fixture *f = g_new(fixture, 1);
  g_autofree bool *file_of = g_new0(bool, 2 * MOST_ROWS);
  GError *error = NULL;
  set_up(f, way);
  size_t n_rows = fill_shape(f, random, form);
  if (form->lines_apart) move_lines(f, random, n_rows);
  for (size_t i = 0; i < n_rows; i++) file_of[f->line[i] - 2] = i >= form->file_rows;
  for (size_t first = 0, n; first < n_rows; first += n) {
    size_t end = first < form->file_rows ? MIN(form->file_rows, n_rows) : n_rows;
    n = (size_t)g_rand_int_range(random, 1, 1500);
    n = MIN(n, end - first);
    aft_price_batch batch = make_batch(f, first, n, first >= form->file_rows, first >= form->file_rows);
    aft_cells_take(f->cells, &f->prices, &batch);
  }
  bool ok = aft_cells_check(f->cells, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  check_lines(f, random, file_of);
  check_repeats(f);
  check_column(f, AFT_PRICE_CLOSE, f->expected[0]);
  if (form->file_rows < n_rows) check_volume(f, way);
  tear_down(f);
}

static void test_shapes(void) {
  enum { ALL = N_SESSIONS - 1, NEVER = MOST_ROWS };
  static const shape shapes[] = {{0, ALL, 0, 0, 0, true, false, NEVER},   {0, ALL, 0, 0, 0, true, false, 0},
                                 {0, ALL, 0.05, 0, 0, true, false, 0},    {0, ALL, 0.05, 0.02, 0.01, true, true, 2500},
                                 {0, ALL, 0.3, 0, 0.3, true, true, 100},  {0, ALL, 0.6, 0.1, 0, true, false, 0},
                                 {100, 700, 0, 0, 0, true, false, 0},     {100, 700, 0.1, 0.05, 0.05, true, true, 1000},
                                 {1, ALL - 1, 0, 0, 0, true, false, 300}, {1, ALL, 0.02, 0.01, 0, true, false, 4000},
                                 {0, ALL - 1, 0, 0, 0, false, false, 0},  {128, 255, 0, 0.01, 0, true, false, 0},
                                 {300, 331, 0, 0, 0, true, true, 50},     {300, 330, 0, 0, 0, true, false, 0},
                                 {100, 700, 0.05, 0, 0, false, false, 1}, {0, ALL, 0, 0.5, 0.5, true, true, 3000},
                                 {400, 463, 0, 0, 0, false, false, 0},    {400, 464, 0, 0.2, 0, false, true, 200}};
  for (size_t k = 0; k < G_N_ELEMENTS(shapes); k++)
    for (guint32 seed = 1; seed <= 8; seed++) take_shape(&shapes[k], (int)seed % N_WAYS, seed);
}

static void put(fixture *f, size_t i, uint32_t symbol, aft_day day, double close, double volume) {
  f->symbol[i] = symbol;
  f->day[i] = day;
  f->line[i] = (uint32_t)i + 2;
  f->close[i] = close;
  f->volume[i] = volume;
}

/* A volume that differs is told whether volumes are kept or not; a row on a closed day is told before it, wherever it stands. */
static void test_refused(void) {
  static const struct {
    int way;
    const char *message;
  } ways[] = {
      {KEEP_VOLUME, "one.csv:4: S1 has a second row for 2025-01-27: volume \"8\" here, \"7\" at one.csv:2 (keep one)"},
      {COUNT_VOLUME, "one.csv:4: S1 has a second row for 2025-01-27: volume \"8\" here, \"7\" at one.csv:2 (keep one)"},
      {DROP_VOLUME,
       "one.csv:4: S1 has a second row for 2025-01-27: volume \"8\" here, another at one.csv:2 (keep one)"}};
  aft_day day = aft_day_from_ymd(2025, 1, 27);
  for (size_t w = 0; w < G_N_ELEMENTS(ways); w++) {
    g_autofree fixture *f = g_new(fixture, 1);
    GError *error = NULL;
    set_up(f, ways[w].way);
    put(f, 0, 1, day, 5, 7);
    put(f, 1, 1, day, 5, 7);
    put(f, 2, 1, day, 5, 8);
    put(f, 3, 1, day - 1, 5, 8);
    aft_price_batch batch = make_batch(f, 0, 3, 0, true);
    aft_cells_take(f->cells, &f->prices, &batch);
    g_assert_false(aft_cells_check(f->cells, &error));
    assert_error(&error, ways[w].message);
    batch = make_batch(f, 3, 1, 0, true);
    aft_cells_take(f->cells, &f->prices, &batch);
    g_assert_false(aft_cells_check(f->cells, &error));
    g_assert_true(g_str_has_prefix(error->message, "one.csv:5: 2025-01-26 is not a session of XNYS (weekend)"));
    g_clear_error(&error);
    tear_down(f);
  }
}

/* A row against one of many that lie side by side, of which one line is left out: the line of the first is told. */
static void test_refused_late(void) {
  for (int way = 0; way < N_WAYS; way++) {
    g_autofree fixture *f = g_new(fixture, 1);
    char text[AFT_DAY_TEXT];
    GError *error = NULL;
    set_up(f, way);
    for (size_t i = 0; i < 3 * N_SESSIONS; i++)
      put(f, i, (uint32_t)(i / N_SESSIONS), aft_calendar_get_day(f->calendar, FIRST + (long)(i % N_SESSIONS)), 5, 7);
    for (size_t i = 2 * N_SESSIONS + 9; i < 3 * N_SESSIONS; i++) f->line[i]++;
    aft_day day = aft_calendar_get_day(f->calendar, FIRST + 700);
    put(f, 3 * N_SESSIONS, 2, day, 6, 7);
    aft_price_batch batch = make_batch(f, 0, 3 * N_SESSIONS, 0, true), late = make_batch(f, 3 * N_SESSIONS, 1, 1, true);
    aft_cells_take(f->cells, &f->prices, &batch);
    g_assert_true(aft_cells_check(f->cells, &error));
    aft_cells_take(f->cells, &f->prices, &late);
    g_assert_false(aft_cells_check(f->cells, &error));
    g_autofree char *expected =
        g_strdup_printf("two.csv:2702: S2 has a second row for %s: close \"6\" here, \"5\" at one.csv:2503 (keep one)",
                        aft_day_print(day, text));
    assert_error(&error, expected);
    tear_down(f);
  }
}

/* A row whose only value is one that is not kept is a row: it takes its session, and it may not stand on a closed day. */
static void test_dropped_alone(void) {
  aft_day day = aft_day_from_ymd(2025, 1, 27);
  g_autofree fixture *f = g_new(fixture, 1);
  GError *error = NULL;
  set_up(f, DROP_VOLUME);
  put(f, 0, 1, day, (double)NAN, 7);
  aft_price_batch batch = make_batch(f, 0, 1, 0, true);
  aft_cells_take(f->cells, &f->prices, &batch);
  g_assert_true(aft_cells_check(f->cells, &error));
  g_assert_true(aft_cells_has_session(f->cells, aft_cells_first_session(f->cells)));
  put(f, 0, 1, day - 1, (double)NAN, (double)NAN);
  aft_cells_take(f->cells, &f->prices, &batch);
  g_assert_true(aft_cells_check(f->cells, &error)); /* no value at all: passed over */
  put(f, 0, 1, day - 1, (double)NAN, 7);
  aft_cells_take(f->cells, &f->prices, &batch);
  g_assert_false(aft_cells_check(f->cells, &error));
  g_clear_error(&error);
  tear_down(f);
}

static void test_no_rows(void) {
  g_autofree fixture *f = g_new(fixture, 1);
  GError *error = NULL;
  set_up(f, KEEP_VOLUME);
  g_assert_false(aft_cells_check(f->cells, &error));
  assert_error(&error, "the price files hold no rows");
  tear_down(f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (int way = 0; way < N_WAYS; way++) {
    static const char *const names[] = {"kept", "dropped", "counted", "fractions"};
    g_autofree char *random = g_strconcat("/cells/random-", names[way], NULL);
    g_autofree char *ordered = g_strconcat("/cells/ordered-", names[way], NULL);
    g_test_add_data_func(random, GINT_TO_POINTER(way), test_random);
    g_test_add_data_func(ordered, GINT_TO_POINTER(ORDERED + way), test_random);
  }
  g_test_add_func("/cells/shapes", test_shapes);
  g_test_add_func("/cells/refused", test_refused);
  g_test_add_func("/cells/refused-late", test_refused_late);
  g_test_add_func("/cells/dropped-alone", test_dropped_alone);
  g_test_add_func("/cells/no-rows", test_no_rows);
  return g_test_run();
}
