/* report/table: reading, filtering and the texts and numbers of cells. */
#include "support/support.h"

#include <aftershock/report/table.h>

#include <math.h>

#include <aftershock/base/banned.h>

static const char TEXT[] = "model,event,symbol,car,title\n"
                           "market_model,rout,NVDA,-0.13283618711915415,\"a, \"\"b\"\"\"\n"
                           "market_model,'-rout,AMD,,'=1+1\n"
                           "capm,rout,NVDA,0.5,'tis\n"
                           "capm,rout,-,n/a,\n";

static void test_read(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_free(support_write(dir, "car.csv", TEXT));
  g_auto(aft_table) table = {0};
  g_assert_true(aft_table_read(&table, dir, "car.csv", &error));
  g_assert_no_error(error);
  g_assert_cmpuint(table.n_rows, ==, 4);
  g_assert_cmpint(table.n_columns, ==, 5);
  int car = aft_table_find(&table, "car"), title = aft_table_find(&table, "title");
  g_assert_cmpint(car, ==, 3);
  g_assert_cmpint(aft_table_find(&table, "ca"), ==, -1);
  g_assert_true(aft_table_number(&table, 0, car) == -0.13283618711915415); /* printed round-trip: equal, not close */
  g_assert_true(isnan(aft_table_number(&table, 1, car)));
  g_assert_true(isnan(aft_table_number(&table, 3, car)));
  g_assert_true(isnan(aft_table_number(&table, 0, -1)));
  g_assert_cmpstr(aft_table_text(&table, 0, title), ==, "a, \"b\"");
  g_assert_cmpstr(aft_table_text(&table, 1, title), ==, "=1+1"); /* guard taken off */
  g_assert_cmpstr(aft_table_text(&table, 2, title), ==, "'tis"); /* an apostrophe that is not a guard stays */
  g_assert_cmpstr(aft_table_text(&table, 3, title), ==, "");
  g_assert_cmpstr(aft_table_text(&table, 0, -1), ==, "");
  support_remove(dir);
}

static void test_filter(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_free(support_write(dir, "car.csv", TEXT));
  g_auto(aft_table) table = {0};
  const char *focus[] = {"event", "rout", "symbol", "NVDA", NULL};
  g_assert_true(aft_table_read_matching(&table, dir, "car.csv", focus, &error));
  g_assert_cmpuint(table.n_rows, ==, 2);
  g_assert_cmpstr(aft_table_text(&table, 1, 0), ==, "capm");
  aft_table_clear(&table);
  const char *guarded[] = {"event", "-rout", NULL};
  g_assert_true(aft_table_read_matching(&table, dir, "car.csv", guarded, &error));
  g_assert_cmpuint(table.n_rows, ==, 1);
  aft_table_clear(&table);
  const char *nothing[] = {"event", "other", NULL};
  g_assert_true(aft_table_read_matching(&table, dir, "car.csv", nothing, &error));
  g_assert_cmpuint(table.n_rows, ==, 0);
  g_assert_cmpint(aft_table_find(&table, "title"), ==, 4);
  support_remove(dir);
}

static void test_failures(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  aft_table table = {.n_rows = 77};
  g_assert_false(aft_table_read(&table, dir, "car.csv", &error));
  g_assert_nonnull(error);
  g_assert_nonnull(g_strstr_len(error->message, -1, "car.csv"));
  g_clear_error(&error);
  g_autofree char *path = support_write(dir, "car.csv", "event,car\nrout,1\nrout,2,3\n");
  g_assert_false(aft_table_read(&table, dir, "car.csv", &error));
  g_assert_nonnull(g_strstr_len(error->message, -1, "car.csv:3"));
  g_clear_error(&error);
  const char *filter[] = {"group", "chips", NULL};
  g_autofree char *message = g_strdup_printf("%s: no column \"group\"; make the result folder again", path);
  g_assert_false(aft_table_read_matching(&table, dir, "car.csv", filter, &error));
  assert_error(&error, message);
  g_assert_cmpuint(table.n_rows, ==, 77); /* untouched on failure */
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/table/read", test_read);
  g_test_add_func("/report/table/filter", test_filter);
  g_test_add_func("/report/table/failures", test_failures);
  return g_test_run();
}
