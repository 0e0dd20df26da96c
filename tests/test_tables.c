/* Factors, actions and events: what is read, and every message. */
#include "support/support.h"

#include <aftershock/input/error.h>
#include <aftershock/input/tables.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Files are written to the working folder, so that messages begin with this. */
#define FILE_NAME "t.csv"

static void write_table(const char *text) { g_free(support_write(".", FILE_NAME, text)); }

typedef struct bad_file {
  const char *text, *message;
} bad_file;

/* ---- factors */

static double value_of(const aft_factors *f, const char *name, size_t row) {
  for (int k = 0; k < f->n_columns; k++)
    if (strcmp(f->names[k], name) == 0) return f->values[(size_t)k * f->n_days + row];
  g_error("no factor %s", name);
}

static void read_factors(aft_factors *f, const char *text) {
  GError *error = NULL;
  *f = (aft_factors){.n_days = 0};
  write_table(text);
  g_assert_true(aft_factors_read_csv(f, FILE_NAME, &error));
  g_assert_no_error(error);
}

/* Days come out in order, names in lower case and in one spelling, percent per column or for the file. */
static void test_factors(void) {
  aft_factors f;
  char day[AFT_DAY_TEXT];
  read_factors(
      &f,
      "# a source\n# Units: percent\nDate,Mkt-RF,SMB [fraction],UMD,rf (%)\n20250127,-1.75,0.01,,0.02\n2025-01-24,0.5,-0.02,-99.99,0.02\n");
  g_assert_cmpuint(f.n_days, ==, 2);
  g_assert_cmpint(f.n_columns, ==, 4);
  g_assert_cmpstr(f.path, ==, FILE_NAME);
  g_autofree char *names = g_strjoinv(" ", f.names);
  g_assert_cmpstr(names, ==, "mkt_rf smb mom rf");
  g_assert_cmpstr(aft_day_print(f.day[0], day), ==, "2025-01-24");
  g_assert_cmpstr(aft_day_print(f.day[1], day), ==, "2025-01-27");
  g_assert_cmpint(f.line[0], ==, 5);
  g_assert_cmpint(f.line[1], ==, 4);
  /* Exactly the product with 0.01 in floating point. */
  g_assert_true(value_of(&f, "mkt_rf", 0) == 0.5 * 0.01 && value_of(&f, "mkt_rf", 1) == -1.75 * 0.01);
  g_assert_true(value_of(&f, "smb", 0) == -0.02 && value_of(&f, "smb", 1) == 0.01);
  g_assert_true(isnan(value_of(&f, "mom", 0)) && isnan(value_of(&f, "mom", 1)));
  g_assert_true(value_of(&f, "rf", 0) == 0.02 * 0.01);
  aft_factors_clear(&f);
  aft_factors_clear(&f);
}

static void test_factor_spellings(void) {
  aft_factors f;
  read_factors(&f, "MKTRF,date,WML,other_factor\n-1,2025-01-24,-999,1\n");
  g_autofree char *names = g_strjoinv(" ", f.names);
  g_assert_cmpstr(names, ==, "mkt_rf mom other_factor");
  g_assert_true(value_of(&f, "mkt_rf", 0) == -1 && isnan(value_of(&f, "mom", 0)) &&
                value_of(&f, "other_factor", 0) == 1);
  aft_factors_clear(&f);
  read_factors(&f, "date,mkt_rf\n");
  g_assert_cmpuint(f.n_days, ==, 0);
  aft_factors_clear(&f);
}

static void test_bad_factors(void) {
  static const bad_file files[] = {
      {"day,mkt_rf\n2025-01-24,0\n", "t.csv:1: no column \"date\"; found: day, mkt_rf"},
      {"#\ndtae,mkt_rf\n2025-01-24,0\n", "t.csv:2: no column \"date\"; found: dtae, mkt_rf (rename \"dtae\")"},
      {"#\ndate\n2025-01-24\n", "t.csv:2: no factor beside the date"},
      {"#\n\ndate,umd,mom\n2025-01-24,0,0\n", "t.csv:3: column \"mom\" stands twice"},
      {"date,mkt_rf\n2025-1-24,0\n", "t.csv:2: date \"2025-1-24\" is not a date (write YYYY-MM-DD)"},
      {"date,mkt_rf\n2025-01-24,x\n", "t.csv:2: mkt_rf \"x\" is not a number"},
      {"date,smb\n2025-01-24,\"0,5\"\n", "t.csv:2: smb \"0,5\" is not a number (use a point)"},
      {"date,smb\n2025-01-24,\"1,000.5\"\n",
       "t.csv:2: smb \"1,000.5\" is not a number (remove the thousands separator)"},
      {"date,hml\n2025-01-24,-1.01\n",
       "t.csv:2: hml -1.01 is more than 100 % a day; if the file is in percent, say so: name the column \"hml (percent)\" or begin "
       "the file with \"# units: percent\""},
      {"date,rf\n2025-01-24,0\n2025-01-27,0\n2025-01-24,0\n",
       "t.csv:4: 2025-01-24 stands twice, first on line 2 (keep one)"},
      {"date,rf\n2025-01-24,0,1\n", "t.csv:2: 3 fields where the header has 2"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    GError *error = NULL;
    aft_factors f = {.n_columns = 77};
    write_table(files[i].text);
    g_assert_false(aft_factors_read_csv(&f, FILE_NAME, &error));
    assert_error(&error, files[i].message);
    g_assert_true(f.n_columns == 77 && f.names == NULL);
  }
}

/* ---- actions */

static void test_actions(void) {
  GError *error = NULL;
  aft_actions a = {.n = 0};
  write_table(
      "value,KIND,symbol,date\n10,split,NVDA,2024-06-10\n10:1,split,AVGO,2024-07-15\n1:8,split,X,20240715\n0.01,dividend,NVDA,2024-06-10\n");
  g_assert_true(aft_actions_read_csv(&a, FILE_NAME, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(a.n, ==, 4);
  const struct {
    const char *symbol;
    enum aft_action_kind kind;
    double value;
    long line;
  } expected[] = {{"NVDA", AFT_ACTION_SPLIT, 10, 2},
                  {"AVGO", AFT_ACTION_SPLIT, 10, 3},
                  {"X", AFT_ACTION_SPLIT, 0.125, 4},
                  {"NVDA", AFT_ACTION_DIVIDEND, 0.01, 5}};
  for (size_t i = 0; i < a.n; i++) {
    g_assert_cmpstr(a.rows[i].symbol, ==, expected[i].symbol);
    g_assert_true(a.rows[i].kind == expected[i].kind && a.rows[i].value == expected[i].value &&
                  a.rows[i].line == expected[i].line);
  }
  g_assert_cmpint(a.rows[2].day, ==, aft_day_from_ymd(2024, 7, 15));
  aft_actions_clear(&a);
  aft_actions_clear(&a);
}

static void test_bad_actions(void) {
#define ACTIONS_HEADER "date,symbol,kind,value\n"
  static const bad_file files[] = {
      {"date,symbol,kind\n", "t.csv:1: no column \"value\"; found: date, symbol, kind"},
      {"date,symbol,knid,value\n", "t.csv:1: no column \"kind\"; found: date, symbol, knid, value (rename \"knid\")"},
      {ACTIONS_HEADER "2024-06-31,NVDA,split,10\n", "t.csv:2: date \"2024-06-31\" is not a date (write YYYY-MM-DD)"},
      {ACTIONS_HEADER "2024-06-10,,split,10\n", "t.csv:2: symbol is empty"},
      {ACTIONS_HEADER "2024-06-10,\"A\nB\",split,10\n", "t.csv:2: symbol holds a control character"},
      {ACTIONS_HEADER "2024-06-10,A2345678901234567890123456789012345678901234567890123456789012345,split,10\n",
       "t.csv:2: symbol is longer than 64 bytes"},
      {ACTIONS_HEADER "2024-06-10,NVDA,Split,10\n", "t.csv:2: kind \"Split\" is neither split nor dividend"},
      {ACTIONS_HEADER "2024-06-10,NVDA,split,ten\n", "t.csv:2: value \"ten\" is not a number"},
      {ACTIONS_HEADER "2024-06-10,NVDA,split,10:0\n", "t.csv:2: value \"10:0\" is not a number"},
      {ACTIONS_HEADER "2024-06-10,NVDA,dividend,1:10\n", "t.csv:2: value \"1:10\" is not a number"},
      {ACTIONS_HEADER "2024-06-10,NVDA,split,\n",
       "t.csv:2: value \"\" is not positive (a split is new shares for one old, 10 or 10:1)"},
      {ACTIONS_HEADER "2024-06-10,NVDA,split,1e300:1e-300\n",
       "t.csv:2: value \"1e300:1e-300\" is not positive (a split is new shares for one old, 10 or 10:1)"},
      {ACTIONS_HEADER "2024-06-10,NVDA,dividend,-1\n",
       "t.csv:2: value \"-1\" is not positive (a dividend is cash a share)"},
      {ACTIONS_HEADER "2024-06-10,NVDA,split,10\n2024-06-10,NVDA,dividend,1\n20240610,NVDA,split,2\n",
       "t.csv:4: a second split of NVDA on that day, first on line 2 (add them up, or keep one)"},
      {ACTIONS_HEADER "2024-06-10,NVDA,\"split\n", "t.csv:2: a quoted field is never closed (add the closing \")"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    GError *error = NULL;
    aft_actions a = {.n = 77};
    write_table(files[i].text);
    g_assert_false(aft_actions_read_csv(&a, FILE_NAME, &error));
    assert_error(&error, files[i].message);
    g_assert_true(a.n == 77 && a.rows == NULL && a.path == NULL);
  }
}

/* ---- events */

#define EVENTS_HEADER "event,symbol,published,group\n"

static const aft_event_row *row_of(const aft_event_rows *events, guint i) { return &events->rows[i]; }

/* Two files, and one row beside them. One instant may be written with two offsets. */
static void test_events(void) {
  GError *error = NULL;
  aft_event_rows events;
  aft_event_rows_init(&events);
  write_table(
      "Published,Symbol,Event,Group\n2025-01-25T15:30:25Z,NVDA,rout,chips\n2025-01-25T10:30:25-05:00,\"BRK, B\",rout,\n,NVDA,\"a, b\",chips\n");
  g_assert_true(aft_event_rows_read_csv(&events, FILE_NAME, 2, &error));
  write_table("event,symbol,published\nrelease,NVDA,2025-01-20\n");
  g_assert_true(aft_event_rows_read_csv(&events, FILE_NAME, 2, &error));
  g_assert_true(aft_event_rows_add(&events, "release", "AMD", "", "2025-01-20", 7, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(events.n, ==, 5);
  g_assert_cmpstr(row_of(&events, 0)->event, ==, "rout");
  g_assert_cmpstr(row_of(&events, 0)->group, ==, "chips");
  g_assert_cmpstr(row_of(&events, 0)->article, ==, "");
  g_assert_cmpint(row_of(&events, 0)->stamp.kind, ==, AFT_STAMP_INSTANT);
  g_assert_cmpstr(row_of(&events, 1)->symbol, ==, "BRK, B");
  g_assert_cmpstr(row_of(&events, 1)->published, ==, "2025-01-25T10:30:25-05:00");
  g_assert_cmpint(row_of(&events, 2)->stamp.kind, ==, AFT_STAMP_UNKNOWN);
  g_assert_cmpint(row_of(&events, 2)->line, ==, 4);
  g_assert_cmpint(row_of(&events, 3)->stamp.kind, ==, AFT_STAMP_DAY);
  g_assert_cmpint(row_of(&events, 4)->line, ==, 7);
  aft_event_rows_clear(&events);
}

static void test_bad_events(void) {
  static const bad_file files[] = {
      {"event,symbol,time\n", "t.csv:1: no column \"published\"; found: event, symbol, time"},
      {"evnet,symbol,published\n", "t.csv:1: no column \"event\"; found: evnet, symbol, published (rename \"evnet\")"},
      {"#\nevent,symbol,published\n\n", "t.csv:2: no events below the header"},
      {EVENTS_HEADER ",NVDA,,\n", "t.csv:2: event is empty"},
      {EVENTS_HEADER "e,,,\n", "t.csv:2: symbol is empty"},
      {EVENTS_HEADER "\"e\r\",NVDA,,\n", "t.csv:2: event holds a control character"},
      {EVENTS_HEADER "e,NVDA,,g2345678901234567890123456789012345678901234567890123456789012345\n",
       "t.csv:2: group is longer than 64 bytes"},
      {EVENTS_HEADER "e/f,NVDA,,\n",
       "t.csv:2: event \"e/f\" holds a slash, which separates event and group in results"},
      {EVENTS_HEADER "e,NVDA,,all\n", "t.csv:2: group \"all\" is the name of a sample (choose another label)"},
      {EVENTS_HEADER "e,NVDA,,event:x\n", "t.csv:2: group \"event:x\" is the name of a sample (choose another label)"},
      {EVENTS_HEADER "e,NVDA,2025-13,\n",
       "t.csv:2: published \"2025-13\" is not a time (write 2025-01-20T03:46:07Z, with an offset, or a date alone)"},
      {EVENTS_HEADER "e,NVDA,,\ne,AMD,,\ne,NVDA,,other\n",
       "t.csv:4: NVDA of event \"e\" stands twice, first on line 2"},
      {EVENTS_HEADER "e,NVDA,2025-01-20,\ne,AMD,2025-01-20T00:00Z,\n",
       "t.csv:3: event \"e\" has two times: \"2025-01-20T00:00Z\" here, \"2025-01-20\" on line 2 (one story has one time; give rows with times of their own an event each)"},
      {EVENTS_HEADER "e,NVDA,2025-01-20,\nf,AMD,\n", "t.csv:3: 3 fields where the header has 4"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    GError *error = NULL;
    aft_event_rows events;
    aft_event_rows_init(&events);
    g_free(support_write(".", "good.csv", "event,symbol,published\nbefore,NVDA,2025-01-27\n"));
    g_assert_true(aft_event_rows_read_csv(&events, "good.csv", 2, &error));
    write_table(files[i].text);
    g_assert_false(aft_event_rows_read_csv(&events, FILE_NAME, 2, &error));
    assert_error(&error, files[i].message);
    /* The good file stays, nothing of the bad one does: its pairs and stories may come again. */
    g_assert_cmpstr(events.path, ==, "good.csv");
    g_assert_cmpuint(events.n, ==, 1);
    g_assert_cmpuint(g_hash_table_size(events.pairs), ==, 1);
    g_assert_cmpuint(g_hash_table_size(events.stories), ==, 1);
    g_assert_true(aft_event_rows_add(&events, "e", "NVDA", "", "2024-02-29", 9, &error));
    g_assert_false(aft_event_rows_add(&events, "before", "NVDA", "", "2025-01-27", 9, &error));
    assert_error(&error, "good.csv:9: NVDA of event \"before\" stands twice, first on line 2");
    aft_event_rows_clear(&events);
  }
}

static void test_codes(void) {
  static const struct {
    const char *text;
    int code;
  } files[] = {
      {"event,published\n", AFT_INPUT_ERROR_COLUMN},
      {EVENTS_HEADER "e,NVDA,soon,\n", AFT_INPUT_ERROR_VALUE},
      {EVENTS_HEADER "e,NVDA,,\ne,NVDA,,\n", AFT_INPUT_ERROR_DUPLICATE},
      {EVENTS_HEADER "e,A2345678901234567890123456789012345678901234567890123456789012345,,\n", AFT_INPUT_ERROR_LIMIT}};
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autoptr(GError) error = NULL;
    aft_event_rows events;
    aft_event_rows_init(&events);
    write_table(files[i].text);
    g_assert_false(aft_event_rows_read_csv(&events, FILE_NAME, 2, &error));
    g_assert_error(error, AFT_INPUT_ERROR, files[i].code);
    aft_event_rows_clear(&events);
  }
}

static void test_absent(void) {
  GError *error = NULL;
  aft_factors f;
  aft_actions a;
  aft_event_rows events;
  aft_event_rows_init(&events);
  g_assert_false(aft_factors_read_csv(&f, "absent.csv", &error));
  assert_error(&error, "absent.csv: cannot be read: No such file or directory");
  g_assert_false(aft_actions_read_csv(&a, "absent.csv", &error));
  assert_error(&error, "absent.csv: cannot be read: No such file or directory");
  g_assert_false(aft_event_rows_read_csv(&events, ".", 2, &error));
  assert_error(&error, ".: is a folder, not a file");
  aft_event_rows_clear(&events);
}

/* Rows in any order against a reading that remembers every pair and every story: the same rows stand, and the same are refused. */
static void test_event_orders(void) {
  g_autoptr(GRand) random = g_rand_new_with_seed(31);
  int n_refused = 0, n_taken = 0;
  for (int round = 0; round < 300; round++) {
    g_autoptr(GHashTable) pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) times = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    aft_event_rows events;
    int rising = g_rand_int_range(random, 0, 3), id = 95, symbol = 0;
    aft_event_rows_init(&events);
    for (int i = 0; i < 40; i++) {
      /* mostly the same story or the next one, by round; rarely any */
      bool any = rising == 0 || (rising == 1 && g_rand_int_range(random, 0, 20) == 0);
      id = any ? g_rand_int_range(random, 90, 130) : id + g_rand_int_range(random, 0, 2);
      symbol = any || g_rand_int_range(random, 0, 8) == 0 ? g_rand_int_range(random, 0, 5) : symbol + 1;
      int day = g_rand_int_range(random, 0, 30) == 0 ? 28 : 27;
      g_autofree char *event = g_strdup_printf("e%d", id), *name = g_strdup_printf("S%d", symbol);
      g_autofree char *pair = g_strdup_printf("%s %s", event, name), *time = g_strdup_printf("2025-01-%d", day);
      int known = GPOINTER_TO_INT(g_hash_table_lookup(times, event));
      bool expected = !g_hash_table_contains(pairs, pair) && (known == 0 || known == day);
      GError *error = NULL;
      bool taken = aft_event_rows_add(&events, event, name, "", time, i + 2, &error);
      g_assert_true(taken == expected);
      g_clear_error(&error);
      *(taken ? &n_taken : &n_refused) += 1;
      if (!taken) continue;
      g_hash_table_add(pairs, g_steal_pointer(&pair));
      g_hash_table_insert(times, g_steal_pointer(&event), GINT_TO_POINTER(day));
    }
    aft_event_rows_clear(&events);
  }
  g_assert_cmpint(n_taken, >, 3000);
  g_assert_cmpint(n_refused, >, 500);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  char *dir = support_temp_dir();
  g_assert_cmpint(g_chdir(dir), ==, 0);
  g_test_add_func("/tables/factors", test_factors);
  g_test_add_func("/tables/factors/spellings", test_factor_spellings);
  g_test_add_func("/tables/factors/bad", test_bad_factors);
  g_test_add_func("/tables/actions", test_actions);
  g_test_add_func("/tables/actions/bad", test_bad_actions);
  g_test_add_func("/tables/events", test_events);
  g_test_add_func("/tables/events/bad", test_bad_events);
  g_test_add_func("/tables/codes", test_codes);
  g_test_add_func("/tables/absent", test_absent);
  g_test_add_func("/tables/event_orders", test_event_orders);
  int status = g_test_run();
  g_assert_cmpint(g_chdir("/"), ==, 0);
  support_remove(dir);
  return status;
}
