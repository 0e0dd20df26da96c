/* Articles from any bytes, as JSON, as NDJSON and as a feed: read whole and well-formed, or refused with nothing left behind. */
#include "fuzz.h"
#include "fuzz_file.h"

#include <aftershock/input/articles.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void check_article(const aft_articles *articles, const aft_article *article) {
  const char *const texts[] = {article->id,    article->title, article->source, article->url,
                               article->event, article->group, article->timing, article->published};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_assert_true(g_utf8_validate(texts[i], -1, NULL));
  for (char **symbol = article->symbols; *symbol != NULL; symbol++)
    g_assert_true(**symbol != '\0' && strlen(*symbol) <= 64);
  g_assert_true(*article->id != '\0' && !isinf(article->tone));
  g_assert_true(g_hash_table_lookup(articles->ids, article->id) == article);
}

static void check_file(const char *template, const uint8_t *data, size_t size) {
  g_autofree char *path = fuzz_file_new(template, data, size);
  g_autoptr(GError) error = NULL;
  aft_articles articles;
  aft_articles_init(&articles);
  bool ok = aft_articles_read(&articles, path, &error);
  guint n = articles.rows->len;
  g_assert_true(ok == (error == NULL) && (ok || n == 0));
  g_assert_cmpuint(g_hash_table_size(articles.ids), ==, n);
  for (guint i = 0; i < n; i++) check_article(&articles, g_ptr_array_index(articles.rows, i));
  /* Every id is there already: a second reading changes nothing. */
  g_clear_error(&error);
  g_assert_true(aft_articles_read(&articles, path, &error) == (ok && n == 0));
  g_assert_true(articles.rows->len == n && g_hash_table_size(articles.ids) == n);
  aft_articles_clear(&articles);
  unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  check_file("aftershock-fuzz-XXXXXX.json", data, size);
  check_file("aftershock-fuzz-XXXXXX.ndjson", data, size);
  check_file("aftershock-fuzz-XXXXXX.rss", data, size);
  return 0;
}
