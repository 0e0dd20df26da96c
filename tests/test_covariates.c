/* input/covariates: rows by symbol, event or both; what a cell is; every message. */
#include "support/support.h"

#include <aftershock/input/tables.h>

#include <glib/gstdio.h>
#include <math.h>

#include <aftershock/base/banned.h>

#define FILE_NAME "t.csv"

static void read_covariates(aft_covariates *c, const char *text) {
  GError *error = NULL;
  *c = (aft_covariates){.path = NULL};
  g_free(support_write(".", FILE_NAME, text));
  g_assert_true(aft_covariates_read_csv(c, FILE_NAME, &error));
  g_assert_no_error(error);
}

static void test_keys(void) {
  aft_covariates c;
  read_covariates(&c, "Symbol,size\nA,1\nB,2\n");
  g_assert_cmpint(aft_covariates_find(&c, "any", "B"), ==, 1);
  g_assert_cmpint(aft_covariates_find(&c, "any", "C"), ==, -1);
  aft_covariates_clear(&c);
  read_covariates(&c, "event,size\nrout,1\n");
  g_assert_cmpint(aft_covariates_find(&c, "rout", "any"), ==, 0);
  aft_covariates_clear(&c);
  read_covariates(&c, "# a comment\nsize,event,symbol\n1,rout,A\n2,rout,B\n3,calm,A\n");
  g_assert_cmpint(aft_covariates_find(&c, "rout", "B"), ==, 1);
  g_assert_cmpint(aft_covariates_find(&c, "calm", "B"), ==, -1);
  aft_covariates_clear(&c);
  aft_covariates_clear(&c);
}

static void test_cells(void) {
  aft_covariates c;
  GError *error = NULL;
  double value = 0;
  int size, sector;
  read_covariates(&c, "symbol,Size,sector\nA,-1.5e2,banks\nB,NA,\nC,twelve,.\nD,\"1,5\",x\n");
  g_assert_true(aft_covariates_find_column(&c, "size", &size, &error));
  g_assert_true(aft_covariates_find_column(&c, "sector", &sector, &error));
  g_assert_true(aft_covariates_number(&c, 0, size, &value, &error) && value == -150);
  g_assert_true(aft_covariates_number(&c, 1, size, &value, &error) && isnan(value));
  g_assert_cmpstr(aft_covariates_text(&c, 0, sector), ==, "banks");
  g_assert_cmpstr(aft_covariates_text(&c, 1, sector), ==, "");
  g_assert_cmpstr(aft_covariates_text(&c, 2, sector), ==, "");
  g_assert_false(aft_covariates_number(&c, 2, size, &value, &error));
  assert_error(&error, "t.csv:4: Size \"twelve\" is not a number");
  g_assert_false(aft_covariates_number(&c, 3, size, &value, &error));
  assert_error(&error, "t.csv:5: Size \"1,5\" is not a number (use a point)");
  g_assert_false(aft_covariates_find_column(&c, "siez", &size, &error));
  assert_error(&error, "t.csv:1: no column \"siez\"; found: symbol, Size, sector (did you mean \"Size\"?)");
  aft_covariates_clear(&c);
}

static void test_refused(void) {
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"", "t.csv:1: the file is empty (a header line is needed)"},
      {"ticker,size\nA,1\n", "t.csv:1: no column \"symbol\"; found: ticker, size"},
      {"symbol,size\nA,1\nB,2\nA,3\n", "t.csv:4: a second row of A, first on line 2 (keep one)"},
      {"event,symbol,size\nr,A,1\nr,A,2\n", "t.csv:3: a second row of r, A, first on line 2 (keep one)"},
      {"symbol,size\n,1\n", "t.csv:2: symbol is empty"},
      {"symbol,size\nA,1,2\n", "t.csv:2: 3 fields where the header has 2"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    aft_covariates c = {.path = NULL};
    GError *error = NULL;
    g_free(support_write(".", FILE_NAME, bad[i].text));
    g_assert_false(aft_covariates_read_csv(&c, FILE_NAME, &error));
    g_test_message("%s", error->message);
    assert_error(&error, bad[i].message);
    g_assert_null(c.path);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  char *dir = support_temp_dir();
  g_assert_cmpint(g_chdir(dir), ==, 0);
  g_test_add_func("/covariates/keys", test_keys);
  g_test_add_func("/covariates/cells", test_cells);
  g_test_add_func("/covariates/refused", test_refused);
  int status = g_test_run();
  g_assert_cmpint(g_chdir("/"), ==, 0);
  support_remove(dir);
  return status;
}
