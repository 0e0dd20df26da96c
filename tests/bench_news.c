/*
 * Bench: CPU seconds to read 10,000 articles, best of five.
 *
 *   bench_news FOLDER     a folder to write into
 *
 * Prints name and CPU seconds, tab-separated:
 *   ndjson  aft_articles_read of a file of articles as `aftershock fetch news` writes them
 *   gkg     fetch_gkg_read of rows of 14 kB, as long as GDELT's, looking for a word in title and organisations
 */
#include "fetch/gkg.h"

#include <aftershock/base/file.h>
#include <aftershock/input/articles.h>

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <aftershock/base/banned.h>

enum { N = 10000, ROW_BYTES = 14000, REPEATS = 5 };

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static GString *make_articles(void) {
  GString *out = g_string_new(NULL);
  for (int i = 0; i < N; i++)
    g_string_append_printf(
        out,
        "{\"id\":\"gkg-20250127%06d-%d\",\"published\":\"2025-01-27T%02d:%02d:00Z\",\"time_meaning\":\"first_seen\","
        "\"time_precision\":\"quarter_hour\",\"time_field\":\"DATE\",\"title\":\"Chip maker number %d slides as a rival model "
        "is released\",\"source\":\"news.example\",\"url\":\"https://news.example/2025/01/27/story-%d\","
        "\"symbols\":[\"NVDA\",\"AMD\"],\"tone\":-2.5,\"first_seen\":\"2025-03-01T00:00:00Z\"}\n",
        i, i, i / 60 % 24, i % 60, i, i);
  return out;
}

static GString *make_rows(void) {
  GString *out = g_string_sized_new((gsize)N * (ROW_BYTES + 300));
  g_autofree char *filler = g_strnfill(ROW_BYTES, 'x');
  for (int i = 0; i < N; i++)
    g_string_append_printf(
        out,
        "20250127143000-%d\t20250127143000\t1\tnews.example\thttps://news.example/%d\t\t\t%s\t\t\t\t\t\t"
        "national bank;stock exchange;%s\t\t-2.5,1,2\t\t\t\t\t\t\t\t\t\t\t<PAGE_TITLE>A title of the "
        "usual length about this and that, number %d</PAGE_TITLE>\n",
        i, i, filler, i % 10 == 0 ? "nvidia" : "opec", i);
  return out;
}

static void count_wanted(const fetch_gkg_row *row, void *data) {
  if (fetch_gkg_holds(row->title, row->title_size, "nvidia") ||
      fetch_gkg_holds(row->organisations, row->organisations_size, "nvidia"))
    ++*(guint *)data;
}

static double time_articles(const char *path) {
  aft_articles articles;
  GError *error = NULL;
  double began = cpu_seconds();
  aft_articles_init(&articles);
  if (!aft_articles_read(&articles, path, &error) || articles.rows->len != N) g_error("%s: not read", path);
  double took = cpu_seconds() - began;
  aft_articles_clear(&articles);
  return took;
}

static double time_rows(const GString *rows) {
  guint n = 0;
  double began = cpu_seconds();
  if (fetch_gkg_read(rows->str, rows->len, count_wanted, &n) != 0 || n != N / 10) g_error("rows are not read");
  return cpu_seconds() - began;
}

int main(int argc, char **argv) {
  if (argc != 2) g_error("usage: bench_news FOLDER");
  g_autofree char *path = g_build_filename(argv[1], "articles.ndjson", NULL);
  GString *articles = make_articles(), *rows = make_rows();
  double best_articles = 1e9, best_rows = 1e9;
  if (!aft_file_write(path, articles->str, articles->len, NULL)) g_error("%s: not written", path);
  for (int i = 0; i < REPEATS; i++) {
    best_articles = MIN(best_articles, time_articles(path));
    best_rows = MIN(best_rows, time_rows(rows));
  }
  printf("ndjson\t%.4f\ngkg\t%.4f\n", best_articles, best_rows);
  g_string_free(articles, TRUE);
  g_string_free(rows, TRUE);
  return 0;
}
