/* Articles: the three forms of file, the order, and every message. */
#include "support/support.h"

#include <aftershock/input/articles.h>
#include <aftershock/input/error.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

static void write_text(const char *name, const char *text) { g_free(support_write(".", name, text)); }

static const aft_article *article_of(const aft_articles *articles, guint i) {
  return g_ptr_array_index(articles->rows, i);
}

static void read_articles(aft_articles *articles, const char *name, const char *text) {
  GError *error = NULL;
  write_text(name, text);
  g_assert_true(aft_articles_read(articles, name, &error));
  g_assert_no_error(error);
}

#define FULL \
  "{\"id\": \"a\", \"published\": \"2025-01-27T09:30:00-05:00\", \"title\": \"Der Kurs f\xC3\xA4llt\", \"source\": \"s\", \"url\": \"u\", " \
  "\"symbols\": [\"NVDA\", \"BRK.B\"], \"event\": \"rout\", \"group\": \"chips\", \"tone\": -0.25, \"claims\": [{\"id\": \"c\", \"kind\": \"price_move\", \"subject\": \"NVDA\", \"stated\": \"-17.0\"}], \"timing\": \"t\", \"x\": {}}"
#define BARE "{\"id\": \"b\", \"published\": null, \"title\": null, \"url\": null, \"symbols\": null, \"tone\": null}"

/* Both articles of a file, whatever its form. */
static void check_both(const char *name, const char *text, long first_line, long second_line) {
  aft_articles articles;
  aft_articles_init(&articles);
  read_articles(&articles, name, text);
  g_assert_cmpuint(articles.rows->len, ==, 2);
  const aft_article *a = article_of(&articles, 0), *b = article_of(&articles, 1);
  g_autofree char *full =
      g_strjoin("|", a->id, a->title, a->source, a->url, a->event, a->group, a->timing, a->published, NULL);
  g_autofree char *bare =
      g_strjoin("|", b->id, b->title, b->source, b->url, b->event, b->group, b->timing, b->published, NULL);
  g_assert_cmpstr(full, ==, "a|Der Kurs f\xC3\xA4llt|s|u|rout|chips|t|2025-01-27T09:30:00-05:00");
  g_assert_cmpstr(bare, ==, "b|||||||");
  g_autofree char *symbols = g_strjoinv(" ", a->symbols);
  g_assert_cmpstr(symbols, ==, "NVDA BRK.B");
  g_assert_null(b->symbols[0]);
  g_assert_true(a->tone == -0.25 && isnan(b->tone));
  g_assert_cmpuint(a->claims->len, ==, 1);
  const aft_claim *claim = &g_array_index(a->claims, aft_claim, 0);
  g_assert_true(claim->kind == AFT_CLAIM_PRICE_MOVE && claim->scale == 1 && claim->horizon_sessions == 1);
  g_assert_cmpstr(claim->stated, ==, "-17.0");
  g_assert_null(b->claims);
  g_assert_cmpint(a->stamp.kind, ==, AFT_STAMP_INSTANT);
  g_assert_cmpint(b->stamp.kind, ==, AFT_STAMP_UNKNOWN);
  g_assert_cmpstr(a->file, ==, name);
  g_assert_cmpint(a->line, ==, first_line);
  g_assert_cmpint(b->line, ==, second_line);
  g_assert_true(g_hash_table_lookup(articles.ids, "a") == a && g_hash_table_lookup(articles.ids, "b") == b);
  aft_articles_clear(&articles);
}

static void test_forms(void) {
  check_both("a.json", "[" FULL ",\n" BARE "]\n", 0, 0);
  check_both("a.json", "\xEF\xBB\xBF{\"from\": \"x\", \"articles\": [" FULL ", " BARE "]}", 0, 0);
  check_both("a.ndjson", FULL "\n" BARE "\n", 1, 2);
  check_both("a.jsonl", "\xEF\xBB\xBF\r\n" FULL "\r\n \t\r\n" BARE, 2, 4);
  aft_articles none;
  aft_articles_init(&none);
  read_articles(&none, "a.json", "[]");
  read_articles(&none, "a.ndjson", "");
  g_assert_cmpuint(none.rows->len, ==, 0);
  aft_articles_clear(&none);
}

/* Standard input is NDJSON. */
/* A feed is a file of articles without securities; an entry that stands twice is one; a time without a zone is not known. */
static void test_feed(void) {
  static const char text[] = "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>Wire</title>"
                             "<item><title>A &amp; B</title><guid>one</guid><link>https://w.example/1</link>"
                             "<pubDate>Mon, 27 Jan 2025 09:30:00 EST</pubDate></item>"
                             "<item><title>again</title><guid>one</guid></item>"
                             "<item><title>No zone</title><link>https://w.example/2?x=1</link>"
                             "<pubDate>2025-01-27T09:30:00</pubDate></item></channel></rss>";
  static const char *const names[] = {"w.rss", "w.atom", "w.xml"};
  char *dir = support_temp_dir();
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = support_write(dir, names[i], text);
    aft_articles articles;
    GError *error = NULL;
    aft_articles_init(&articles);
    g_assert_true(aft_articles_read(&articles, path, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(articles.rows->len, ==, 2);
    const aft_article *first = g_ptr_array_index(articles.rows, 0), *second = g_ptr_array_index(articles.rows, 1);
    g_assert_cmpstr(first->id, ==, "feed-one");
    g_assert_cmpstr(first->title, ==, "A & B");
    g_assert_cmpstr(first->source, ==, "Wire");
    g_assert_cmpstr(first->url, ==, "https://w.example/1");
    g_assert_cmpstr(first->published, ==, "2025-01-27T14:30:00Z");
    g_assert_null(first->symbols[0]);
    g_assert_cmpuint(strlen(second->id), ==, strlen("feed-") + 20);
    g_assert_cmpstr(second->published, ==, "");
    g_assert_false(aft_articles_read(&articles, path, &error)); /* the same ids again */
    g_clear_error(&error);
    g_assert_cmpuint(articles.rows->len, ==, 2);
    aft_articles_clear(&articles);
  }
  support_remove(dir);
}

static void test_pipe(void) {
  int ends[2], before = dup(STDIN_FILENO);
  GError *error = NULL;
  aft_articles articles;
  aft_articles_init(&articles);
  g_assert_cmpint(pipe(ends), ==, 0);
  g_assert_cmpint(write(ends[1], BARE "\n", strlen(BARE) + 1), ==, (gssize)strlen(BARE) + 1);
  close(ends[1]);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
  g_assert_true(aft_articles_read(&articles, "-", &error));
  g_assert_no_error(error);
  g_assert_cmpstr(article_of(&articles, 0)->id, ==, "b");
  dup2(before, STDIN_FILENO);
  close(before);
  aft_articles_clear(&articles);
}

typedef struct bad_file {
  const char *name, *text, *message;
} bad_file;

#define ID64 "a23456789012345678901234567890123456789012345678901234567890123"
#define NOT_A_TIME " is not a time (write 2025-01-20T03:46:07Z, with an offset, or a date alone); null when unknown"

/* An article with one claim, and what is said of it. */
#define ID "\"id\": \"c\""
#define MOVE ID ", \"kind\": \"price_move\", \"subject\": \"A\", \"stated\": \"-17\""
#define CLAIM_OF(text, said) CLAIM("{" text "}", said)
#define CLAIM(text, said) \
  { "a.json", "[{\"id\": \"a\", \"published\": null, \"claims\": [" text "]}]", "a.json: article 1 (\"a\"): " said }

static const bad_file bad_files[] = {
    {"a.json", "", "a.json:1: not JSON: '[' or '{' expected near end of file"},
    {"a.json", "[\n\n{\"id\": }]", "a.json:3: not JSON: unexpected token near '}'"},
    {"a.json", "[] []", "a.json:1: not JSON: end of file expected near '['"},
    {"a.json", "[{\"id\": \"\xFF\"}]", "a.json:1: not JSON: unable to decode byte 0xff near '\"'"},
    {"a.json", "[{\"id\": \"a\", \"id\": \"b\"}]", "a.json:1: not JSON: duplicate object key near '\"id\"'"},
    {"a.json", "[{\"id\": \"a\\u0000b\"}]",
     "a.json:1: not JSON: \\u0000 is not allowed without JSON_ALLOW_NUL near '\"a\\u0000b\"'"},
    {"a.json", "{\"items\": []}", "a.json: neither a list of articles nor an object with \"articles\""},
    {"a.json", "{\"articles\": {}}", "a.json: neither a list of articles nor an object with \"articles\""},
    {"a.json", "[" BARE ", 7]", "a.json: article 2: is not an object"},
    {"a.ndjson", BARE "\n\n[]\n", "a.ndjson:3: is not an object"},
    {"a.ndjson", "{\"id\": \"x\"\n", "a.ndjson:1: not JSON: '}' expected near end of file"},
    {"a.json", "[{\"published\": null}]", "a.json: article 1: no \"id\" (every article needs its own)"},
    {"a.json", "[{\"id\": 7, \"published\": null}]", "a.json: article 1: id is not a text"},
    {"a.json", "[{\"id\": \"a/b\", \"published\": null}]",
     "a.json: article 1 (\"a/b\"): a slash in id or event would be read as a group in results"},
    {"a.json", "[{\"id\": \"" ID64 "45\", \"published\": null}]",
     "a.json: article 1 (\"" ID64 "45\"): id, event or group is longer than 64 bytes"},
    {"a.json", "[{\"id\": \"a\"}]",
     "a.json: article 1 (\"a\"): no \"published\" (write null when the time is not known)"},
    {"a.json", "[{\"id\": \"a\", \"published\": 20250127}]", "a.json: article 1 (\"a\"): published is not a text"},
    {"a.json", "[{\"id\": \"a\", \"published\": \"2025-13\"}]",
     "a.json: article 1 (\"a\"): published \"2025-13\"" NOT_A_TIME},
    {"a.ndjson", "{\"id\": \"a\", \"published\": \"late January\"}",
     "a.ndjson:1 (\"a\"): published \"late January\"" NOT_A_TIME},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"symbols\": \"NVDA\"}]",
     "a.json: article 1 (\"a\"): symbols is not a list of texts"},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"symbols\": [\"NVDA\", \"\"]}]",
     "a.json: article 1 (\"a\"): symbols: element 2 is not a symbol"},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"symbols\": [1]}]",
     "a.json: article 1 (\"a\"): symbols: element 1 is not a symbol"},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"title\": [\"x\"]}]",
     "a.json: article 1 (\"a\"): title is not a text"},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"tone\": \"bad\"}]",
     "a.json: article 1 (\"a\"): tone is not a number"},
    {"a.json", "[{\"id\": \"a\", \"published\": null, \"claims\": {}}]",
     "a.json: article 1 (\"a\"): claims is not a list"},
    CLAIM("{}", "claim 1: no \"id\" (every claim needs its own)"),
    CLAIM("3", "claim 1: is not an object"),
    CLAIM_OF(ID, "claim \"c\": no \"kind\""),
    CLAIM_OF(
        ID ", \"kind\": \"price_drop\"",
        "claim \"c\": kind is none of: price_move, total_return, market_value_change, market_value_change_percent, "
        "group_market_value_change, rank_in_group, record, direction, event_date, elapsed_days, elapsed_sessions, "
        "not_market"),
    CLAIM_OF(MOVE ", \"qualifier\": \"almost\"",
             "claim \"c\": qualifier is none of: exactly, about, nearly, more than, less than"),
    CLAIM_OF(MOVE ", \"qualifer\": \"about\"", "claim \"c\": unknown key \"qualifer\" (did you mean \"qualifier\"?)"),
    CLAIM_OF(MOVE ", \"scale\": -1", "claim \"c\": scale is not a positive number"),
    CLAIM_OF(MOVE ", \"horizon_sessions\": 0",
             "claim \"c\": horizon_sessions is not a whole number between 1 and 20000"),
    CLAIM_OF(MOVE ", \"session\": \"27 January\"",
             "claim \"c\": session \"27 January\" is not a date (write YYYY-MM-DD)"),
    CLAIM_OF(MOVE ", \"members\": []", "claim \"c\": members is not a list of symbols"),
    CLAIM_OF(ID ", \"kind\": \"price_move\", \"stated\": \"-17\"",
             "claim \"c\": no \"subject\" (what it is about: a symbol, a group or an event)"),
    CLAIM_OF(ID ", \"kind\": \"price_move\", \"subject\": \"A\", \"stated\": \"a sixth\"",
             "claim \"c\": stated \"a sixth\" is not a number as printed (write a text such as \"-16.9\")"),
    CLAIM_OF(ID ", \"kind\": \"price_move\", \"subject\": \"A\", \"stated\": -17", "claim \"c\": stated is not a text"),
    CLAIM_OF(ID ", \"kind\": \"record\", \"subject\": \"A\", \"stated\": \"1.5\"",
             "claim \"c\": stated \"1.5\" is not a rank (write a whole number from 1)"),
    CLAIM_OF(ID ", \"kind\": \"direction\", \"subject\": \"A\", \"stated\": \"fell\"",
             "claim \"c\": stated \"fell\" is neither up nor down"),
    CLAIM_OF(ID ", \"kind\": \"elapsed_days\", \"from\": \"2025-01-21\", \"stated\": \"4\"",
             "claim \"c\": needs \"from\" or \"from_event\", and \"to\" or \"to_event\""),
    CLAIM_OF(MOVE "}, {" MOVE, "claim \"c\": the id stands twice in the article"),
    {"a.json", "[" BARE ", " BARE "]",
     "a.json: article 2 (\"b\"): the id stands twice, also in a.json (every article needs its own)"},
    {"a.ndjson", BARE "\n{\"id\": \"kept\", \"published\": null}",
     "a.ndjson:2 (\"kept\"): the id stands twice, also in kept.json (every article needs its own)"},
};

/* Reads a bad file behind a good one, which stays alone. */
static void check_refused(const char *name, const char *message) {
  GError *error = NULL;
  aft_articles articles;
  aft_articles_init(&articles);
  g_assert_true(aft_articles_read(&articles, "kept.json", &error));
  g_assert_false(aft_articles_read(&articles, name, &error));
  assert_error(&error, message);
  g_assert_cmpuint(articles.rows->len, ==, 1);
  g_assert_cmpuint(g_hash_table_size(articles.ids), ==, 1);
  g_assert_nonnull(g_hash_table_lookup(articles.ids, "kept"));
  aft_articles_clear(&articles);
}

static void test_messages(void) {
  write_text("kept.json", "[{\"id\": \"kept\", \"published\": null}]");
  for (size_t i = 0; i < G_N_ELEMENTS(bad_files); i++) {
    write_text(bad_files[i].name, bad_files[i].text);
    check_refused(bad_files[i].name, bad_files[i].message);
  }
  check_refused("absent.json", "absent.json: cannot be read: No such file or directory");
  check_refused(".", ".: is a folder, not a file");
}

/* Depth, length and number are bounded. */
static void test_limits(void) {
  g_autofree char *deep = g_strnfill(100000, '[');
  g_autofree char *title = g_strnfill((1 << 16) + 1, 'x');
  g_autofree char *long_title = g_strdup_printf("[{\"id\": \"a\", \"published\": null, \"title\": \"%s\"}]", title);
  g_autoptr(GString) many = g_string_new("[{\"id\": \"a\", \"published\": null, \"symbols\": [\"S\"");
  for (int i = 0; i < 10000; i++) g_string_append(many, ",\"S\"");
  g_string_append(many, "]}]");
  write_text("kept.json", "[{\"id\": \"kept\", \"published\": null}]");
  write_text("a.json", deep);
  check_refused("a.json", "a.json:1: not JSON: maximum parsing depth reached near '['");
  write_text("a.json", long_title);
  check_refused("a.json", "a.json: article 1 (\"a\"): title is longer than 64 KiB");
  write_text("a.json", many->str);
  check_refused("a.json", "a.json: article 1 (\"a\"): more than 10000 symbols");
}

/* The example's articles: the format's reference. */
static void test_example(const void *data) {
  const char *path = data;
  GError *error = NULL;
  aft_articles articles;
  aft_articles_init(&articles);
  g_assert_true(aft_articles_read(&articles, path, &error));
  g_assert_no_error(error);
  const aft_article *first = g_hash_table_lookup(articles.ids, "doc-1");
  g_assert_nonnull(first);
  g_assert_cmpint(first->stamp.kind, ==, AFT_STAMP_UNKNOWN);
  g_assert_cmpstr(first->event, ==, "rout");
  g_assert_cmpstr(first->symbols[0], ==, "NVDA");
  g_assert_false(aft_articles_read(&articles, path, &error));
  g_assert_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_DUPLICATE);
  g_clear_error(&error);
  aft_articles_clear(&articles);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autofree char *source = support_source("../data/deepseek/articles.json");
  g_autofree char *example = g_canonicalize_filename(source, NULL);
  char *dir = support_temp_dir();
  g_assert_cmpint(g_chdir(dir), ==, 0);
  g_test_add_data_func("/articles/example", example, test_example);
  g_test_add_func("/articles/feed", test_feed);
  g_test_add_func("/articles/forms", test_forms);
  g_test_add_func("/articles/pipe", test_pipe);
  g_test_add_func("/articles/messages", test_messages);
  g_test_add_func("/articles/limits", test_limits);
  int status = g_test_run();
  g_assert_cmpint(g_chdir("/"), ==, 0);
  support_remove(dir);
  return status;
}
