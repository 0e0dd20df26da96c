/* Stories: addresses, words of titles, and the index against a slow search over all pairs. */
#include "support/support.h"

#include <aftershock/market/stories.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void assert_url(const char *url, const char *expected) {
  g_autofree char *normal = aft_story_normalise_url(url);
  g_assert_cmpstr(normal, ==, expected);
}

static void test_urls(void) {
  assert_url("https://www.Example.com/a/B/", "example.com/a/B");
  assert_url("http://example.com:80/a/B?utm_source=x&utm_medium=y#top", "example.com/a/B");
  assert_url("HTTPS://example.com:443/a?z=2&b=1&gclid=77", "example.com/a?b=1&z=2");
  assert_url("https://example.com/item?id=42", "example.com/item?id=42");
  assert_url("https://example.com/item?utm=1", "example.com/item?utm=1"); /* not utm_... */
  assert_url("https://example.com/?p=9", "example.com?p=9");
  assert_url("https://www.example.com/", NULL); /* a home page is no article */
  assert_url("https://example.com/#x", NULL);
  assert_url("https:///x", NULL);
  assert_url("ftp://example.com/a", NULL);
  assert_url("", NULL);
}

static void assert_words(const char *title, const char *source, const char *expected) {
  g_auto(GStrv) words = aft_story_title_words(title, source);
  g_autofree char *joined = g_strjoinv(" ", words);
  g_assert_cmpstr(joined, ==, expected);
}

static void test_words(void) {
  assert_words("Nvidia's shares fall 16.97%, the Nvidia rout", "", "nvidias shares fall 16.97 the nvidia rout");
  assert_words("Nvidia \xE2\x80\x93 a rout - Reuters", "reuters", "nvidia a rout");
  assert_words("Nvidia - a rout - Reuters", "BBC", "nvidia a rout reuters");
  assert_words("Der Kurs F\xC3\x84LLT", "", "der kurs f\xC3\xA4llt");
  assert_words("$1,250 a share. 5,", "", "1,250 a share 5");
  assert_words("\xE6\xA0\xAA\xE4\xBE\xA1"
               "AI",
               "", "\xE6\xA0\xAA \xE4\xBE\xA1 ai"); /* a script without blanks */
  assert_words(" - Reuters", "Reuters", "");
  assert_words("", "", "");
}

typedef struct news {
  aft_calendar *calendar;
  aft_articles articles;
} news;

static char *folder; /* of the files that the tests make */

static void news_init(news *n, const char *text) {
  GError *error = NULL;
  n->calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  aft_articles_init(&n->articles);
  g_autofree char *path = support_write(folder, "stories.ndjson", text);
  g_assert_true(aft_articles_read(&n->articles, path, &error));
  g_assert_no_error(error);
  aft_stories_sort_articles(n->calendar, &n->articles);
}

static void news_clear(news *n) {
  aft_articles_clear(&n->articles);
  aft_calendar_free(n->calendar);
}

/* "story: first a, url b; ..." */
static void assert_stories(const news *n, const aft_stories_options *options, const char *expected) {
  aft_stories stories;
  g_autoptr(GString) told = g_string_new(NULL);
  aft_stories_find(&stories, n->calendar, &n->articles, options);
  for (size_t i = 0; i < stories.n; i++) {
    const aft_story_link *link = &stories.links[i];
    if (link->article == link->first) g_string_append_printf(told, "%s%s:", i > 0 ? "; " : "", aft_story_name(link));
    g_string_append_printf(told, " %s %s", aft_story_relation_name(link->relation), link->article->id);
  }
  g_assert_cmpstr(told->str, ==, expected);
  aft_stories_clear(&stories);
}

#define LINE(id, at, title, rest) \
  "{\"id\":\"" id "\",\"published\":\"" at "\",\"title\":\"" title "\"" rest ",\"symbols\":[\"A\"]}\n"

static const aft_stories_options standard = AFT_STORIES_DEFAULT;

static void test_rules(void) {
  news n;
  news_init(&n, LINE("copy", "2025-01-27T13:00Z", "China model sparks tech stock selloff - BBC", ",\"source\":\"BBC\"")
                    LINE("wire", "2025-01-27T12:00Z", "China model sparks tech stock selloff",
                         "") LINE("three", "2025-01-27T12:30Z", "China model sparks tech stock selloff 3", "")
                        LINE("late", "2025-01-30T12:00:01Z", "China model sparks tech stock selloff", "")
                            LINE("edge", "2025-01-30T12:00Z", "China model sparks tech stock selloff", "")
                                LINE("page", "2025-01-27T14:00Z", "What to know", ",\"url\":\"http://x.org/p?utm_a=1\"")
                                    LINE("again", "2025-01-28T14:00Z", "Explained", ",\"url\":\"https://www.x.org/p/\"")
                                        LINE("short", "2025-01-27T15:00Z", "Nvidia shares fall", "")
                                            LINE("short2", "2025-01-27T16:00Z", "Nvidia shares fall", ""));
  assert_stories(&n, &standard,
                 "wire: first wire title copy title edge; three: first three; page: first page url again; "
                 "short: first short; short2: first short2; late: first late");
  aft_stories_options only_url = {.url = true, .window_days = 3};
  assert_stories(
      &n, &only_url,
      "wire: first wire; three: first three; copy: first copy; page: first page url again; short: first short; "
      "short2: first short2; edge: first edge; late: first late");
  assert_stories(&n, NULL,
                 "wire: first wire; three: first three; copy: first copy; page: first page; short: first short; "
                 "short2: first short2; again: first again; edge: first edge; late: first late");
  news_clear(&n);
}

/* Ids decide; what has none may repeat a story with one, never date it, and two ids are never joined. */
static void test_events(void) {
  news n;
  news_init(&n, LINE("b", "2025-01-27T12:00Z", "China model sparks tech stock selloff",
                     ",\"event\":\"rout\"") LINE("c", "2025-01-27T13:00Z", "China model sparks tech stock selloff", "")
                    LINE("a", "2025-01-27T11:00Z", "China model sparks tech stock selloff", "")
                        LINE("d", "2025-01-27T14:00Z", "China model sparks tech stock selloff", ",\"event\":\"other\"")
                            LINE("m", "2025-01", "x", ",\"event\":\"rout\"")
                                LINE("e", "2025-03-27T14:00Z", "Something else", ",\"event\":\"rout\""));
  /* c is as much like a as like b: the earlier story takes it */
  assert_stories(&n, &standard, "a: first a title c; rout: first b event e event m; other: first d");
  aft_stories stories;
  aft_stories_find(&stories, n.calendar, &n.articles, &standard);
  g_assert_cmpuint(g_hash_table_size(stories.earlier), ==, 1);
  g_assert_cmpstr(
      ((const aft_article *)g_hash_table_lookup(stories.earlier, g_hash_table_lookup(n.articles.ids, "a")))->id, ==,
      "b");
  aft_stories_clear(&stories);
  news_clear(&n);
}

/* A repeat of a story with an id adds no security; one of a story without does. */
static void test_pairs(void) {
  news n;
  aft_stories stories;
  aft_event_rows rows;
  GError *error = NULL;
  news_init(
      &n,
      LINE("b", "2025-01-27T12:00Z", "x", ",\"url\":\"http://x.org/p\",\"event\":\"rout\"") "{\"id\":\"c\",\"published\":\"2025-01-27T13:00Z\",\"url\":\"http://x.org/p\",\"symbols\":[\"B\"]}\n" LINE(
          "f", "2025-01-27T12:00Z", "x",
          ",\"url\":\"http://x.org/q\"") "{\"id\":\"g\",\"published\":\"2025-01-28T13:00Z\",\"url\":\"http://x.org/q\",\"symbols\":[\"B\"]}\n");
  aft_stories_find(&stories, n.calendar, &n.articles, &standard);
  aft_event_rows_init(&rows);
  g_assert_true(aft_stories_to_events(&rows, &stories, &n.articles, NULL, &error));
  g_autoptr(GString) told = g_string_new(NULL);
  for (guint i = 0; i < rows.n; i++) {
    const aft_event_row *row = &rows.rows[i];
    g_string_append_printf(told, "%s/%s@%s ", row->event, row->symbol, row->article);
  }
  g_assert_cmpstr(told->str, ==, "rout/A@b f/A@f f/B@f ");
  aft_event_rows_clear(&rows);
  aft_stories_clear(&stories);
  news_clear(&n);
}

/* Random titles over few words, one or two symbols or none, times that tie. */
static char *draw_news(GRand *dice, int n) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < n; i++) {
    int n_words = g_rand_int_range(dice, 2, 9), n_symbols = g_rand_int_range(dice, 0, 3);
    g_string_append_printf(text, "{\"id\":\"%d\",\"published\":\"2025-01-%02dT%02d:00Z\",\"title\":\"", i,
                           g_rand_int_range(dice, 1, 12), g_rand_int_range(dice, 10, 20));
    for (int w = 0; w < n_words; w++) g_string_append_printf(text, "w%c ", 'a' + g_rand_int_range(dice, 0, 9));
    if (g_rand_int_range(dice, 0, 4) == 0) g_string_append(text, "7");
    g_string_append(text, "\",\"symbols\":[");
    for (int s = 0; s < n_symbols; s++)
      g_string_append_printf(text, "%s\"%c\"", s > 0 ? "," : "", 'A' + g_rand_int_range(dice, 0, 3));
    g_string_append_printf(text, "]%s}\n", g_rand_int_range(dice, 0, 12) == 0 ? ",\"event\":\"named\"" : "");
  }
  return g_string_free(text, FALSE);
}

static bool share_symbol(const aft_article *a, const aft_article *b) {
  if (*a->symbols == NULL && *b->symbols == NULL) return true;
  for (char **s = a->symbols; *s != NULL; s++)
    if (g_strv_contains((const char *const *)b->symbols, *s)) return true;
  return false;
}

static bool is_number(const char *word) { return strpbrk(word, "0123456789") != NULL; }

/* J(A, B) by the definition. */
static double jaccard(const aft_article *a, const aft_article *b) {
  g_auto(GStrv) x = aft_story_title_words(a->title, ""), y = aft_story_title_words(b->title, "");
  guint n = g_strv_length(x), m = g_strv_length(y), common = 0;
  if (n < AFT_STORY_MIN_WORDS || m < AFT_STORY_MIN_WORDS) return 0;
  for (char **w = x; *w != NULL; w++) {
    bool both = g_strv_contains((const char *const *)y, *w);
    common += both;
    if (!both && is_number(*w)) return 0;
  }
  for (char **w = y; *w != NULL; w++)
    if (is_number(*w) && !g_strv_contains((const char *const *)x, *w)) return 0;
  return (double)common / (n + m - common);
}

/* The story of each article in the order of the links that the rules give, by comparing it with every first title before it. */
static void check_slowly(const news *n, const aft_stories_options *options) {
  aft_stories stories;
  aft_stories_find(&stories, n->calendar, &n->articles, options);
  g_autoptr(GPtrArray) firsts = g_ptr_array_new();
  const aft_article *named = NULL;
  for (guint i = 0; i < n->articles.rows->len; i++) { /* instants alone: the articles' order is that of their times */
    const aft_article *a = g_ptr_array_index(n->articles.rows, i), *best = NULL;
    double most = 0;
    for (guint k = 0; k < firsts->len && a->event[0] == '\0'; k++) {
      const aft_article *first = g_ptr_array_index(firsts, k);
      double like = share_symbol(a, first) ? jaccard(a, first) : 0;
      bool near_enough = a->stamp.instant - first->stamp.instant <= options->window_days * AFT_MILLIS_PER_DAY;
      if (!near_enough || like < options->titles || like <= most) continue;
      most = like;
      best = first;
    }
    if (a->event[0] != '\0') best = named;
    if (best == NULL) {
      g_ptr_array_add(firsts, (gpointer)(guintptr)a);
      best = a;
      if (a->event[0] != '\0') named = a;
    }
    size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(stories.places, a));
    g_assert_cmpstr(stories.links[place - 1].first->id, ==, best->id);
  }
  g_assert_cmpuint(stories.n_stories, ==, firsts->len);
  aft_stories_clear(&stories);
}

static void test_against_pairs(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(20250127);
  const double thresholds[] = {0.51, 0.6, 2.0 / 3, 0.75, 0.8, 1};
  size_t n_merged = 0;
  for (int round = 0; round < 30; round++) {
    news n;
    g_autofree char *text = draw_news(dice, 150);
    news_init(&n, text);
    aft_stories_options options = {.titles = thresholds[round % 6], .window_days = round % 5};
    check_slowly(&n, &options);
    aft_stories stories;
    aft_stories_find(&stories, n.calendar, &n.articles, &options);
    n_merged += stories.n_merged;
    aft_stories_clear(&stories);
    news_clear(&n);
  }
  g_assert_cmpuint(n_merged, >, 300); /* the rounds do merge */
}

/* Titles of a feed: a template with a firm's name and figures. The work must grow with the articles, not with their pairs. */
static void test_growth(void) {
  g_autoptr(GRand) dice = g_rand_new_with_seed(7);
  g_autoptr(GString) text = g_string_new(NULL);
  enum { N = 20000 };
  for (int i = 0; i < N; i++) {
    int firm = g_rand_int_range(dice, 0, 500);
    g_string_append_printf(
        text,
        "{\"id\":\"%d\",\"published\":\"2025-01-%02dT%02d:%02dZ\",\"title\":\"Firm %d insider buys more "
        "shares of common stock again%c\",\"symbols\":[\"S%d\"]}\n",
        i, 1 + i * 28 / N, i % 24, i % 60, firm, 'a' + g_rand_int_range(dice, 0, 26), firm);
  }
  news n;
  aft_stories stories;
  news_init(&n, text->str);
  aft_stories_find(&stories, n.calendar, &n.articles, &standard);
  g_assert_cmpuint(stories.n_merged, >, N / 2);
  g_assert_cmpuint(stories.n_compared, <, 5 * N); /* all pairs would be 200 million */
  aft_stories_clear(&stories);
  news_clear(&n);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  folder = support_temp_dir();
  g_test_add_func("/stories/urls", test_urls);
  g_test_add_func("/stories/words", test_words);
  g_test_add_func("/stories/rules", test_rules);
  g_test_add_func("/stories/events", test_events);
  g_test_add_func("/stories/pairs", test_pairs);
  g_test_add_func("/stories/against_pairs", test_against_pairs);
  g_test_add_func("/stories/growth", test_growth);
  int failed = g_test_run();
  support_remove(folder);
  return failed;
}
