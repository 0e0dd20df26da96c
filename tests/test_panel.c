/* market/panel and market/events: rows on the exchange's clock, returns, splits, drops. */
#include "support/support.h"

#include <aftershock/market/events.h>
#include <aftershock/market/panel.h>
#include <aftershock/market/stories.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* A panel of CSV texts; the names stand in messages. */
typedef struct fixture {
  char *dir;
  aft_calendar *calendar;
  aft_prices prices;
  aft_actions actions;
  aft_factors factors;
  aft_panel panel;
  aft_warnings warnings;
  GError *error;
} fixture;

static void set_up(fixture *f, const void *data) {
  (void)data;
  f->dir = support_temp_dir();
  f->calendar = aft_calendar_new("XNYS", &f->error);
  g_assert_no_error(f->error);
  aft_prices_init(&f->prices);
  aft_warnings_init(&f->warnings);
}

static void tear_down(fixture *f, const void *data) {
  (void)data;
  aft_panel_clear(&f->panel);
  aft_prices_clear(&f->prices);
  aft_actions_clear(&f->actions);
  aft_factors_clear(&f->factors);
  aft_warnings_clear(&f->warnings);
  aft_calendar_free(f->calendar);
  support_remove(f->dir);
}

static bool build(fixture *f, const char *prices, const char *actions, const char *factors,
                  const aft_panel_options *options) {
  g_autofree char *prices_path = support_write(f->dir, "prices.csv", prices);
  const aft_actions *use_actions = NULL;
  const aft_factors *use_factors = NULL;
  bool read = options->rows_are_returns
                  ? aft_returns_read_csv(&f->prices, prices_path, options->rows_are_log, &f->warnings, &f->error)
                  : aft_prices_read_csv(&f->prices, prices_path, &f->warnings, &f->error);
  g_assert_no_error(f->error);
  g_assert_true(read);
  if (actions != NULL) {
    g_autofree char *path = support_write(f->dir, "actions.csv", actions);
    g_assert_true(aft_actions_read_csv(&f->actions, path, &f->error));
    use_actions = &f->actions;
  }
  if (factors != NULL) {
    g_autofree char *path = support_write(f->dir, "factors.csv", factors);
    g_assert_true(aft_factors_read_csv(&f->factors, path, &f->error));
    use_factors = &f->factors;
  }
  return aft_panel_build(&f->panel, f->calendar, &f->prices, use_actions, use_factors, options, &f->warnings,
                         &f->error);
}

static double at(const fixture *f, const char *symbol, size_t t) {
  return f->panel.returns[(size_t)aft_panel_find_security(&f->panel, symbol) * f->panel.n_sessions + t];
}

/* The message without the temporary folder. */
static void assert_message(fixture *f, const char *expected) {
  g_assert_nonnull(f->error);
  const char *message = f->error->message;
  if (g_str_has_prefix(message, f->dir)) message += strlen(f->dir) + 1;
  g_assert_cmpstr(message, ==, expected);
  g_clear_error(&f->error);
}

static const aft_panel_options simple = {.market = NULL};

/* Unsorted rows; 2025-01-09 was a day of mourning, so the 8th and the 10th are neighbours. */
static void test_clock(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(
      f, "date,symbol,close\n2025-01-13,A,121\n2025-01-08,A,100\n2025-01-10,A,110\n2025-01-08,B,50\n2025-01-13,B,60\n",
      NULL, NULL, &simple));
  g_assert_cmpuint(f->panel.n_sessions, ==, 3);
  g_assert_true(isnan(at(f, "A", 0)));
  assert_close(at(f, "A", 1), 0.1, 1e-15);
  assert_close(at(f, "A", 2), 0.1, 1e-15);
  /* B did not trade on the 10th: both returns are missing, the clock does not shift. */
  g_assert_true(isnan(at(f, "B", 1)) && isnan(at(f, "B", 2)));
  g_assert_cmpint(f->panel.first_valid[1], ==, -1);
}

static void test_holiday_refused(fixture *f, const void *data) {
  (void)data;
  g_assert_false(build(f, "date,symbol,close\n2025-01-17,A,1\n2025-01-20,A,1\n", NULL, NULL, &simple));
  assert_message(
      f,
      "prices.csv:3: 2025-01-20 is not a session of XNYS (Martin Luther King Jr. Day); a row there would shift the clock "
      "(check the dates, or the study's calendar)");
  g_assert_null(f->panel.returns);
}

static void test_weekend_refused(fixture *f, const void *data) {
  (void)data;
  g_assert_false(build(f, "date,symbol,close\n2025-01-18,A,1\n", NULL, NULL, &simple));
  assert_message(
      f,
      "prices.csv:2: 2025-01-18 is not a session of XNYS (weekend); a row there would shift the clock (check the dates, "
      "or the study's calendar)");
}

static void test_before_calendar(fixture *f, const void *data) {
  (void)data;
  g_assert_false(build(f, "date,symbol,close\n1989-12-29,A,1\n", NULL, NULL, &simple));
  assert_message(f, "prices.csv:2: 1989-12-29 is outside the calendar XNYS (1990-01-01 to 2030-12-31)");
}

static void test_empty_holiday_row(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close\n2025-01-17,A,1\n2025-01-20,A,\n2025-01-21,A,2\n", NULL, NULL, &simple));
  assert_close(at(f, "A", 1), 1, 1e-15);
}

static void test_duplicates(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close\n2025-01-02,A,1\n2025-01-03,A,2\n2025-01-03,A,2\n", NULL, NULL, &simple));
  g_assert_cmpuint(f->warnings.messages->len, >=, 1);
  g_assert_true(
      g_str_has_suffix(g_ptr_array_index(f->warnings.messages, 0),
                       "prices.csv:4: 1 row repeats an earlier row exactly; each was used once (this is the first)"));
}

static void test_contradiction(fixture *f, const void *data) {
  (void)data;
  g_assert_false(
      build(f, "date,symbol,close\n2025-01-02,A,1\n2025-01-03,A,2\n2025-01-03,A,2.5\n", NULL, NULL, &simple));
  g_assert_nonnull(
      strstr(f->error->message, "prices.csv:4: A has a second row for 2025-01-03: close \"2.5\" here, \"2\" at "));
  g_clear_error(&f->error);
}

/* R = (P q + D) / P_before - 1, by hand: (25 x 4 + 1) / 100 - 1 = 0.01. */
static void test_actions(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close\n2025-01-02,A,100\n2025-01-03,A,25\n2025-01-06,A,20\n",
                      "date,symbol,kind,value\n2025-01-03,A,split,4:1\n2025-01-03,A,dividend,1\n", NULL, &simple));
  assert_close(at(f, "A", 1), 0.01, 1e-13);
  assert_close(at(f, "A", 2), -0.2, 1e-15);
  assert_close(f->panel.basis[0], 0.25, 1e-15);
  assert_close(f->panel.basis[1], 1, 1e-15);
  g_assert_cmpuint(f->warnings.messages->len, ==, 0);
}

static void test_unrecorded_split(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close\n2024-06-07,NVDA,1208.88\n2024-06-10,NVDA,121.79\n", NULL, NULL, &simple));
  g_assert_cmpuint(f->warnings.messages->len, ==, 1);
  g_assert_cmpstr(
      g_ptr_array_index(f->warnings.messages, 0), ==,
      "NVDA: 1208.88 to 121.79 on 2024-06-10 looks like an unrecorded split (10 new shares for one old): if it is, add "
      "\"2024-06-10,NVDA,split,10\" to the actions");
}

/* adj_close wins, and its splits are not applied a second time. */
static void test_adjusted(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close,adj_close\n2025-01-02,A,100,25\n2025-01-03,A,26,26\n",
                      "date,symbol,kind,value\n2025-01-03,A,split,4\n", NULL, &simple));
  assert_close(at(f, "A", 1), 0.04, 1e-13);
  g_assert_cmpuint(f->warnings.messages->len, ==, 1);
}

static void test_log_and_factors(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options log_returns = {.log_returns = true, .market = "mkt_rf"};
  g_assert_true(build(f, "date,symbol,close\n2025-01-02,A,100\n2025-01-03,A,110\n", NULL,
                      "date,Mkt-RF (percent),RF (percent)\n2025-01-03,2,0.02\n2025-01-02,1,0.01\n", &log_returns));
  assert_close(at(f, "A", 1), log(1.1), 1e-14);
  assert_close(f->panel.market[1], log1p(0.02), 1e-14); /* in the form of the returns, as rf */
  assert_close(f->panel.rf[1], log1p(0.0002), 1e-14);
}

static void test_returns_file(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options options = {.rows_are_returns = true, .rows_are_log = true, .market = "M"};
  g_assert_true(build(f, "date,symbol,ret\n2025-01-02,M,0.5\n2025-01-03,M,-0.25\n", NULL, NULL, &options));
  assert_close(f->panel.market[0], exp(0.5) - 1, 1e-15);
  assert_close(f->panel.market[1], exp(-0.25) - 1, 1e-15);
}

static void test_unknown_market(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options options = {.market = "SPY"};
  g_assert_false(build(f, "date,symbol,close\n2025-01-02,SPX,1\n", NULL, NULL, &options));
  assert_message(f,
                 "market \"SPY\": no such symbol in the price files and no such factor column (did you mean \"SPX\"?)");
}

static void test_missing_sessions(fixture *f, const void *data) {
  (void)data;
  g_assert_true(build(f, "date,symbol,close\n2025-01-02,A,1\n2025-01-06,A,1\n", NULL, NULL, &simple));
  g_assert_cmpuint(f->warnings.messages->len, ==, 1);
  g_assert_cmpstr(g_ptr_array_index(f->warnings.messages, 0), ==,
                  "1 session of XNYS without a row for any symbol: 2025-01-03 (are days missing, or dates shifted?)");
}

static void add_event(aft_event_rows *rows, const char *event, const char *symbol, const char *published) {
  GError *error = NULL;
  g_assert_true(aft_event_rows_add(rows, event, symbol, "", published, 0, &error));
}

static void test_events(fixture *f, const void *data) {
  (void)data;
  static const char prices[] =
      "date,symbol,close\n2025-01-17,A,1\n2025-01-21,A,2\n2025-01-22,A,3\n2025-01-23,A,3\n2025-01-21,B,3\n";
  const aft_events_options options = {.first_rel = -1, .last_rel = 1};
  aft_event_rows rows;
  aft_events events;
  g_assert_true(build(f, prices, NULL, NULL, &simple));
  aft_event_rows_init(&rows);
  add_event(&rows, "mlk", "A", "2025-01-20T03:46:07Z");
  add_event(&rows, "late", "A", "2025-01-22T22:00:00Z");
  add_event(&rows, "nobody", "Z", "2025-01-21");
  add_event(&rows, "short", "B", "2025-01-21");
  add_event(&rows, "when", "A", "");
  g_assert_true(aft_events_align(&events, &rows, &f->panel, &options, &f->error));
  g_assert_cmpuint(events.n, ==, 5);
  g_assert_null(events.rows[0].reason);
  g_assert_cmpint(events.rows[0].column, ==, 1);
  g_assert_cmpint(events.rows[0].alignment.rule, ==, AFT_ALIGN_NON_SESSION);
  g_assert_cmpstr(events.rows[1].reason, ==, "event window beyond the data");
  g_assert_cmpstr(events.rows[2].reason, ==, "no return series");
  g_assert_cmpstr(events.rows[3].reason, ==, "no return series");
  g_assert_cmpstr(events.rows[4].reason, ==, "no usable time");
  aft_events_clear(&events);
  add_event(&rows, "twin", "A", "2025-01-21T10:00:00-05:00");
  g_assert_false(aft_events_align(&events, &rows, &f->panel, &options, &f->error));
  assert_message(
      f,
      "events: stories \"mlk\" and \"twin\" both fall on the same session of A; one day cannot be split between them "
      "(give both the same event id, or leave one out)");
  aft_event_rows_clear(&rows);
}

static char *list_ids(const aft_articles *articles) {
  GString *ids = g_string_new(NULL);
  for (guint i = 0; i < articles->rows->len; i++)
    g_string_append_printf(ids, "%s ", ((const aft_article *)g_ptr_array_index(articles->rows, i))->id);
  return g_string_free(ids, FALSE);
}

static void read_articles(fixture *f, aft_articles *articles, const char *text) {
  g_autofree char *path = support_write(f->dir, "news.ndjson", text);
  aft_articles_init(articles);
  g_assert_true(aft_articles_read(articles, path, &f->error));
  g_assert_no_error(f->error);
}

/* On the exchange's clock: a day at its start, zoneless times as they stand, instants turned, unknown last; equal times by id. */
static void test_article_order(fixture *f, const void *data) {
  (void)data;
  aft_articles articles;
  read_articles(
      f, &articles,
      "{\"id\": \"unknown\", \"published\": null}\n{\"id\": \"local\", \"published\": \"2025-01-20T11:59\"}\n"
      "{\"id\": \"noon\", \"published\": \"2025-01-20T17:00Z\"}\n{\"id\": \"z-day\", \"published\": \"2025-01-20\"}\n"
      "{\"id\": \"a-midnight\", \"published\": \"2025-01-20T05:00Z\"}\n{\"id\": \"eve\", \"published\": \"2025-01-20T04:59Z\"}\n");
  aft_stories_sort_articles(f->calendar, &articles);
  g_autofree char *order = list_ids(&articles);
  g_assert_cmpstr(order, ==, "eve a-midnight z-day local noon unknown ");
  aft_articles_clear(&articles);
}

static void find_stories(const fixture *f, aft_stories *stories, const aft_articles *articles) {
  aft_stories_find(stories, f->calendar, articles, NULL);
}

/* Date of a story: 13:00 in New York with an offset is before 16:30 without one, and both before the end of the day alone. */
static void test_story_date(fixture *f, const void *data) {
  (void)data;
  aft_articles articles;
  aft_event_rows rows;
  aft_stories stories;
  read_articles(f, &articles,
                "{\"id\":\"late\",\"published\":\"2025-01-27T16:30:00\",\"event\":\"s\",\"symbols\":[\"A\"]}\n"
                "{\"id\":\"day\",\"published\":\"2025-01-27\",\"event\":\"s\",\"symbols\":[\"A\"]}\n"
                "{\"id\":\"early\",\"published\":\"2025-01-27T18:00:00Z\",\"event\":\"s\",\"symbols\":[\"B\"]}\n"
                "{\"id\":\"night\",\"published\":\"2025-01-27T22:30:00-05:00\",\"event\":\"n\",\"symbols\":[\"A\"]}\n"
                "{\"id\":\"date\",\"published\":\"2025-01-27\",\"event\":\"n\",\"symbols\":[\"A\"]}\n");
  aft_event_rows_init(&rows);
  find_stories(f, &stories, &articles);
  g_assert_true(aft_stories_to_events(&rows, &stories, &articles, NULL, &f->error));
  g_assert_cmpuint(rows.n, ==, 3);
  const char *const expected[] = {"early", "early", "night"}; /* the whole story has one date, A too */
  for (guint i = 0; i < 3; i++) g_assert_cmpstr(rows.rows[i].article, ==, expected[i]);
  aft_event_rows_clear(&rows);
  aft_stories_clear(&stories);
  aft_articles_clear(&articles);
}

/* Empty lists stand for the study's symbols; unknown times are passed over. */
static void test_articles(fixture *f, const void *data) {
  (void)data;
  const char *const symbols[] = {"A", "C", NULL};
  aft_articles articles;
  aft_event_rows rows;
  aft_stories stories;
  read_articles(f, &articles,
                "{\"id\":\"a\",\"published\":\"2025-01-21T11:00:00Z\",\"event\":\"s\",\"symbols\":[\"A\",\"B\"]}\n"
                "{\"id\":\"u\",\"published\":null,\"symbols\":[\"A\"]}\n{\"id\":\"e\",\"published\":\"2025-01-22\"}\n");
  aft_event_rows_init(&rows);
  find_stories(f, &stories, &articles);
  g_assert_true(aft_stories_to_events(&rows, &stories, &articles, symbols, &f->error));
  g_assert_cmpuint(rows.n, ==, 4);
  g_assert_cmpstr(rows.rows[3].symbol, ==, "C");
  g_assert_cmpstr(rows.rows[3].event, ==, "e");
  g_assert_false(aft_stories_to_events(&rows, &stories, &articles, NULL, &f->error));
  assert_message(f, "news.ndjson: article \"e\" names no symbols (give it some, or list \"symbols\" in the study)");
  aft_event_rows_clear(&rows);
  aft_stories_clear(&stories);
  aft_articles_clear(&articles);
}

static void assert_gap(const fixture *f, const char *symbol, size_t t, int gap, double value) {
  size_t cell = (size_t)aft_panel_find_security(&f->panel, symbol) * f->panel.n_sessions + t;
  g_assert_cmpint(f->panel.gap[cell], ==, gap);
  assert_close(f->panel.gap_returns[cell], gap == 0 ? (double)NAN : value, 1e-13);
}

/* From price to price with the splits and dividends of the sessions between; from adj_close alone where there is one. */
static void test_gaps(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options options = {.gap_returns = true};
  g_assert_true(
      build(f,
            "date,symbol,close,adj_close\n2025-01-02,A,40,\n2025-01-03,A,44,\n2025-01-08,A,12,\n2025-01-13,A,13,\n"
            "2025-01-02,F,5,\n2025-01-03,F,5.5,\n2025-01-06,F,5,\n2025-01-07,F,6,\n2025-01-08,F,6.6,\n2025-01-10,F,6,\n"
            "2025-01-13,F,7,\n2025-01-03,Z,50,25\n2025-01-13,Z,20,30\n",
            "date,symbol,kind,value\n2025-01-06,A,dividend,2\n2025-01-07,A,split,4\n2025-01-08,A,dividend,0.5\n"
            "2025-01-10,Z,split,2\n",
            NULL, &options));
  assert_gap(f, "A", 0, 0, 0); /* nothing before the first price */
  assert_gap(f, "A", 1, 1, 0.1);
  assert_gap(f, "A", 2, 0, 0);
  assert_gap(f, "A", 3, 0, 0);
  assert_gap(f, "A", 4, 3,
             (12 * 4 + 2 + 4 * 0.5) / 44.0 - 1); /* one share became four, paid 2 before and 0.5 each after */
  assert_gap(f, "A", 6, 2, 13 / 12.0 - 1);
  for (size_t t = 1; t < 7; t++) assert_gap(f, "F", t, 1, at(f, "F", t)); /* every day: the daily returns */
  assert_gap(f, "Z", 6, 5, 0.2);
  g_assert_true(isnan(at(f, "A", 4)) && isnan(at(f, "A", 6)));
}

/* Prices that are taken out of a row leave the compounded return over them. */
static void test_gaps_compound(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options options = {.gap_returns = true, .log_returns = true};
  g_assert_true(
      build(f,
            "date,symbol,close\n2025-01-02,F,5\n2025-01-03,F,5.5\n2025-01-06,F,5\n2025-01-07,F,6\n2025-01-08,F,1.1\n"
            "2025-01-02,G,5\n2025-01-03,G,5.5\n2025-01-08,G,1.1\n",
            "date,symbol,kind,value\n2025-01-08,F,split,6\n2025-01-08,G,split,6\n", NULL, &options));
  assert_gap(f, "G", 4, 3, at(f, "F", 2) + at(f, "F", 3) + at(f, "F", 4));
}

/* In a file of returns one that follows missing sessions counts from the last return; the first is its own session's. */
static void test_gaps_of_returns(fixture *f, const void *data) {
  (void)data;
  const aft_panel_options options = {.rows_are_returns = true, .gap_returns = true};
  g_assert_true(build(f,
                      "date,symbol,ret\n2025-01-02,M,0.01\n2025-01-03,A,0.02\n2025-01-07,A,0.03\n2025-01-08,A,-0.01\n"
                      "2025-01-14,A,0.05\n",
                      NULL, NULL, &options));
  assert_gap(f, "A", 0, 0, 0);
  assert_gap(f, "A", 1, 1, 0.02);
  assert_gap(f, "A", 3, 2, 0.03);
  assert_gap(f, "A", 4, 1, -0.01);
  assert_gap(f, "A", 7, 3, 0.05);
}

#define ADD(name) g_test_add("/panel/" #name, fixture, NULL, set_up, test_##name, tear_down)

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  ADD(clock);
  ADD(holiday_refused);
  ADD(weekend_refused);
  ADD(before_calendar);
  ADD(empty_holiday_row);
  ADD(duplicates);
  ADD(contradiction);
  ADD(actions);
  ADD(unrecorded_split);
  ADD(adjusted);
  ADD(log_and_factors);
  ADD(returns_file);
  ADD(gaps);
  ADD(gaps_compound);
  ADD(gaps_of_returns);
  ADD(unknown_market);
  ADD(missing_sessions);
  ADD(events);
  ADD(article_order);
  ADD(story_date);
  ADD(articles);
  return g_test_run();
}
