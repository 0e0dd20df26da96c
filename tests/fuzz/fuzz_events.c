/* Events, actions and factors from any bytes: read whole and well-formed, or refused with nothing left behind. */
#include "fuzz.h"
#include "fuzz_file.h"

#include <aftershock/input/tables.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void check_name(const char *name) {
  g_assert_true(g_utf8_validate(name, -1, NULL));
  g_assert_cmpuint(strlen(name), <=, 64);
}

static void check_events(const char *path) {
  g_autoptr(GError) error = NULL;
  aft_event_rows events;
  aft_event_rows_init(&events);
  bool ok = aft_event_rows_read_csv(&events, path, 2, &error);
  g_assert_true(ok == (error == NULL) && ok == (events.n > 0));
  g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < events.n; i++) {
    const aft_event_row *row = &events.rows[i];
    g_assert_true(g_hash_table_add(pairs, g_strdup_printf("%s\n%s", row->event, row->symbol)));
    check_name(row->event);
    check_name(row->symbol);
    check_name(row->group);
    g_assert_true(*row->event != '\0' && *row->symbol != '\0' && strchr(row->event, '/') == NULL);
  }
  /* Every pair is there already: a second reading changes nothing. */
  size_t n = events.n;
  g_clear_error(&error);
  g_assert_false(aft_event_rows_read_csv(&events, path, 2, &error));
  g_assert_nonnull(error);
  g_assert_cmpuint(events.n, ==, n);
  aft_event_rows_clear(&events);
}

static void check_actions(const char *path) {
  g_autoptr(GError) error = NULL;
  aft_actions actions = {.n = 0};
  bool ok = aft_actions_read_csv(&actions, path, &error);
  g_assert_true(ok == (error == NULL));
  for (size_t i = 0; i < actions.n; i++) {
    check_name(actions.rows[i].symbol);
    g_assert_true(actions.rows[i].value > 0 && isfinite(actions.rows[i].value));
  }
  aft_actions_clear(&actions);
}

static void check_factors(const char *path) {
  g_autoptr(GError) error = NULL;
  aft_factors factors = {.n_days = 0};
  bool ok = aft_factors_read_csv(&factors, path, &error);
  g_assert_true(ok == (error == NULL) && ok == (factors.n_columns > 0));
  for (size_t t = 1; t < factors.n_days; t++) g_assert_cmpint(factors.day[t - 1], <, factors.day[t]);
  for (size_t i = 0; i < factors.n_days * (size_t)factors.n_columns; i++) g_assert_false(isinf(factors.values[i]));
  aft_factors_clear(&factors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autofree char *path = fuzz_file_new("aftershock-fuzz-XXXXXX.csv", data, size);
  check_events(path);
  check_actions(path);
  check_factors(path);
  unlink(path);
  return 0;
}
