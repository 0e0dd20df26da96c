/* Articles from JSON, NDJSON, RSS and Atom. */
#include <aftershock/input/articles.h>

#include "claims_read.h"
#include "fields.h"

#include <aftershock/base/file.h>
#include <aftershock/input/error.h>
#include <aftershock/input/feed.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILE_BYTES = 1 << 30, MAX_TEXT_BYTES = 1 << 16, MAX_SYMBOLS = 10000, ID_DIGITS = 20 };

/* A published that is a number counts seconds or milliseconds since 1970; fewer digits would be a date without its quotes. */
#define LEAST_EPOCH 100000000

static void free_article(void *data) {
  aft_article *article = data;
  char *const texts[] = {article->id,    article->title,  article->source,    article->url,  article->event,
                         article->group, article->timing, article->published, article->file, article->body};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  g_strfreev(article->symbols);
  if (article->claims != NULL) g_array_unref(article->claims);
  g_free(article);
}

void aft_articles_init(aft_articles *articles) {
  *articles = (aft_articles){.rows = g_ptr_array_new_with_free_func(free_article),
                             .ids = g_hash_table_new(g_str_hash, g_str_equal)};
}

void aft_articles_clear(aft_articles *articles) {
  g_clear_pointer(&articles->ids, g_hash_table_unref);
  g_clear_pointer(&articles->rows, g_ptr_array_unref);
}

/* Where an article stands, for messages: "news.json:12" is a line of NDJSON, "news.json: article 3" an element of JSON. */
typedef struct place {
  const char *file;
  long line;      /* 0 in JSON */
  size_t index;   /* from 1, in JSON */
  const char *id; /* once it is known */
} place;

static void set_error(const place *where, int code, GError **error, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Says what is wrong and is false; a macro, so that the analyzers see that nothing goes on. */
#define fail(...) (set_error(__VA_ARGS__), false)

static void set_error(const place *where, int code, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *position = where->line > 0
                                  ? g_strdup_printf("%s:%ld", where->file, where->line)
                                  : g_strdup_printf("%s: article %" G_GSIZE_FORMAT, where->file, where->index);
  if (where->id != NULL)
    g_set_error(error, AFT_INPUT_ERROR, code, "%s (\"%s\"): %s", position, where->id, message);
  else
    g_set_error(error, AFT_INPUT_ERROR, code, "%s: %s", position, message);
}

/* An optional text; absent and null are "". */
static bool take_text(const place *where, json_t *object, const char *key, char **out, GError **error) {
  json_t *value = json_object_get(object, key);
  if (value == NULL || json_is_null(value)) {
    *out = g_strdup("");
    return true;
  }
  if (!json_is_string(value)) return fail(where, AFT_INPUT_ERROR_VALUE, error, "%s is not a text", key);
  if (json_string_length(value) > MAX_TEXT_BYTES)
    return fail(where, AFT_INPUT_ERROR_LIMIT, error, "%s is longer than 64 KiB", key);
  *out = g_strdup(json_string_value(value));
  return true;
}

static bool take_published(const place *where, json_t *object, aft_article *article, GError **error) {
  if (json_object_get(object, "published") == NULL)
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "no \"published\" (write null when the time is not known)");
  const json_t *value = json_object_get(object, "published");
  if (json_is_integer(value) && json_integer_value(value) >= LEAST_EPOCH)
    article->published = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
  else if (!take_text(where, object, "published", &article->published, error))
    return false;
  g_autoptr(GError) problem = NULL;
  if (aft_stamp_parse(article->published, &article->stamp, &problem)) return true;
  return fail(where, AFT_INPUT_ERROR_VALUE, error, "published \"%s\" %s; null when unknown", article->published,
              problem->message);
}

static bool take_symbols(const place *where, json_t *object, aft_article *article, GError **error) {
  json_t *list = json_object_get(object, "symbols"), *item;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  size_t i;
  if (list != NULL && !json_is_null(list) && !json_is_array(list))
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "symbols is not a list of texts");
  if (json_array_size(list) > MAX_SYMBOLS)
    return fail(where, AFT_INPUT_ERROR_LIMIT, error, "more than %d symbols", MAX_SYMBOLS);
  json_array_foreach(list, i, item) {
    const char *text = json_string_value(item);
    if (text == NULL || *text == '\0' || strlen(text) > INPUT_MAX_NAME)
      return fail(where, AFT_INPUT_ERROR_VALUE, error, "symbols: element %" G_GSIZE_FORMAT " is not a symbol", i + 1);
    g_strv_builder_add(builder, text);
  }
  article->symbols = g_strv_builder_end(builder);
  return true;
}

static bool check_names(const place *where, const aft_article *article, GError **error) {
  if (*article->id == '\0') return fail(where, AFT_INPUT_ERROR_VALUE, error, "no \"id\" (every article needs its own)");
  if (strchr(article->event, '/') != NULL || strchr(article->id, '/') != NULL)
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "a slash in id or event would be read as a group in results");
  if (strlen(article->id) > INPUT_MAX_NAME || strlen(article->event) > INPUT_MAX_NAME ||
      strlen(article->group) > INPUT_MAX_NAME)
    return fail(where, AFT_INPUT_ERROR_LIMIT, error, "id, event or group is longer than %d bytes", INPUT_MAX_NAME);
  if (input_names_sample(article->group))
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "group \"%s\" is the name of a sample (choose another label)",
                article->group);
  return true;
}

static bool take_fields(place *where, json_t *object, aft_article *article, GError **error) {
  const struct {
    const char *key;
    char **out;
  } texts[] = {{"id", &article->id},         {"title", &article->title}, {"source", &article->source},
               {"url", &article->url},       {"event", &article->event}, {"group", &article->group},
               {"timing", &article->timing}, {"body", &article->body}};
  if (!json_is_object(object)) return fail(where, AFT_INPUT_ERROR_VALUE, error, "is not an object");
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    if (!take_text(where, object, texts[i].key, texts[i].out, error)) return false;
    if (i == 0 && *article->id != '\0') where->id = article->id;
  }
  if (!check_names(where, article, error) || !take_published(where, object, article, error) ||
      !take_symbols(where, object, article, error))
    return false;
  json_t *tone = json_object_get(object, "tone"), *claims = json_object_get(object, "claims");
  article->tone = json_is_number(tone) ? json_number_value(tone) : (double)NAN;
  if (tone != NULL && !json_is_null(tone) && !json_is_number(tone))
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "tone is not a number");
  g_autoptr(GError) problem = NULL;
  if (!input_claims_read(claims, &article->claims, &problem))
    return fail(where, AFT_INPUT_ERROR_VALUE, error, "%s", problem->message);
  return true;
}

static bool add_article(aft_articles *articles, place *where, json_t *object, GError **error) {
  aft_article *article = g_new0(aft_article, 1);
  if (!take_fields(where, object, article, error)) {
    free_article(article);
    return false;
  }
  const aft_article *twin = g_hash_table_lookup(articles->ids, article->id);
  if (twin != NULL) {
    set_error(where, AFT_INPUT_ERROR_DUPLICATE, error, "the id stands twice, also in %s (every article needs its own)",
              twin->file);
    free_article(article);
    return false;
  }
  article->file = g_strdup(where->file);
  article->line = where->line;
  g_ptr_array_add(articles->rows, article);
  g_hash_table_insert(articles->ids, article->id, article);
  return true;
}

/* Takes root. */
static bool add_document(aft_articles *articles, const char *path, json_t *root, GError **error) {
  json_t *list = json_is_object(root) ? json_object_get(root, "articles") : root, *item;
  size_t i;
  bool ok = json_is_array(list);
  if (!ok)
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_VALUE,
                "%s: neither a list of articles nor an object with \"articles\"", path);
  json_array_foreach(list, i, item) {
    place where = {path, 0, i + 1, NULL};
    ok = ok && add_article(articles, &where, item, error);
    if (!ok) break;
  }
  json_decref(root);
  return ok;
}

static bool read_lines(aft_articles *articles, const char *path, const char *text, size_t size, GError **error) {
  long line = 1;
  for (const char *start = text, *end; start < text + size; start = end + 1, line++) {
    end = memchr(start, '\n', (size_t)(text + size - start));
    if (end == NULL) end = text + size;
    const char *first = start;
    while (first < end && (*first == ' ' || *first == '\t' || *first == '\r')) first++;
    if (first == end) continue;
    json_error_t problem;
    json_t *object = json_loadb(first, (size_t)(end - first), JSON_REJECT_DUPLICATES, &problem);
    if (object == NULL) return input_fail(path, line, AFT_INPUT_ERROR_VALUE, error, "not JSON: %s", problem.text);
    place where = {path, line, 0, NULL};
    bool ok = add_article(articles, &where, object, error);
    json_decref(object);
    if (!ok) return false;
  }
  return true;
}

char *aft_article_id(const char *prefix, const char *name) {
  bool plain = *name != '\0' && strlen(prefix) + 1 + strlen(name) <= INPUT_MAX_NAME;
  for (const char *p = name; plain && *p != '\0'; p++) plain = g_ascii_isalnum(*p) || strchr("-._:", *p) != NULL;
  if (plain) return g_strdup_printf("%s-%s", prefix, name);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, name, -1);
  return g_strdup_printf("%s-%.*s", prefix, ID_DIGITS, digest);
}

/* An entry as an article without securities; its time is null when it cannot be placed. */
static json_t *entry_json(const aft_feed *feed, const aft_feed_entry *entry) {
  g_autofree char *id = aft_article_id("feed", entry->id), *published = aft_feed_entry_published(entry);
  return json_pack("{s:s, s:o, s:s, s:s, s:s}", "id", id, "published",
                   *published != '\0' ? json_string(published) : json_null(), "title", entry->title, "source",
                   feed->title, "url", entry->url);
}

/* An entry that a feed holds twice is one article. */
static bool read_feed(aft_articles *articles, const char *path, const char *text, size_t size, GError **error) {
  g_auto(aft_feed) feed = {0};
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (!aft_feed_read(&feed, path, text, size, error)) return false;
  for (guint i = 0; i < feed.entries->len; i++) {
    const aft_feed_entry *entry = g_ptr_array_index(feed.entries, i);
    if (!g_hash_table_add(seen, g_strdup(entry->id))) continue;
    place where = {path, 0, i + 1, NULL};
    json_t *object = entry_json(&feed, entry);
    bool ok = add_article(articles, &where, object, error);
    json_decref(object);
    if (!ok) return false;
  }
  return true;
}

static bool ends_with(const char *path, const char *const *endings) {
  for (; *endings != NULL; endings++)
    if (g_str_has_suffix(path, *endings)) return true;
  return false;
}

static void truncate_rows(aft_articles *articles, guint n) {
  for (guint i = n; i < articles->rows->len; i++)
    g_hash_table_remove(articles->ids, ((aft_article *)g_ptr_array_index(articles->rows, i))->id);
  g_ptr_array_set_size(articles->rows, (gint)n);
}

bool aft_articles_read(aft_articles *articles, const char *path, GError **error) {
  g_autofree char *text = NULL;
  size_t size;
  guint before = articles->rows->len;
  if (!aft_file_read(path, MAX_FILE_BYTES, &text, &size, error)) return false;
  const char *start = text;
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
    start += 3;
    size -= 3;
  }
  static const char *const line_endings[] = {".ndjson", ".jsonl", NULL}, *const feed_endings[] = {".rss", ".atom",
                                                                                                  ".xml", NULL};
  bool ok;
  if (ends_with(path, feed_endings)) {
    ok = read_feed(articles, path, start, size, error);
  } else if (ends_with(path, line_endings) || strcmp(path, "-") == 0) {
    ok = read_lines(articles, path, start, size, error);
  } else {
    json_error_t problem;
    json_t *root = json_loadb(start, size, JSON_REJECT_DUPLICATES, &problem);
    ok = root != NULL ? add_document(articles, path, root, error)
                      : input_fail(path, problem.line, AFT_INPUT_ERROR_VALUE, error, "not JSON: %s", problem.text);
  }
  if (!ok) truncate_rows(articles, before);
  return ok;
}
