/* How much of a title was not there before. */
#include <aftershock/link/correlate.h>

#include <math.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

enum { MOST_WORDS = 64, MOST_TITLES = 200, SESSIONS_BACK = 5, SHORTEST = 3 };

/* The words of a title as sorted digests, each once. */
typedef struct title {
  long column;
  size_t n;
  guint32 word[MOST_WORDS];
} title;

static int compare(const void *a, const void *b) {
  const guint32 *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

/* Bytes above ASCII belong to words, as they are. FNV-1a: Fowler, Noll and Vo. */
static void read_title(title *t, const char *text) {
  t->n = 0;
  for (const char *p = text; *p != '\0' && t->n < MOST_WORDS;) {
    guint32 digest = 2166136261u;
    size_t length = 0;
    for (; g_ascii_isalnum(*p) || (unsigned char)*p >= 0x80; p++, length++)
      digest = (digest ^ (guint32)(unsigned char)g_ascii_tolower(*p)) * 16777619u;
    if (length >= SHORTEST) t->word[t->n++] = digest;
    if (length == 0) p++;
  }
  if (t->n > 1) qsort(t->word, t->n, sizeof *t->word, compare);
  size_t kept = 0;
  for (size_t i = 0; i < t->n; i++)
    if (kept == 0 || t->word[kept - 1] != t->word[i]) t->word[kept++] = t->word[i];
  t->n = kept;
}

/* Words of both over words of either; 0 when neither has any. */
static double get_overlap(const title *a, const title *b) {
  size_t both = 0, i = 0, j = 0;
  while (i < a->n && j < b->n) {
    if (a->word[i] == b->word[j]) {
      both++;
      i++;
      j++;
    } else if (a->word[i] < b->word[j]) {
      i++;
    } else {
      j++;
    }
  }
  size_t either = a->n + b->n - both;
  return either > 0 ? (double)both / (double)either : 0;
}

void aft_news_novelty(const aft_news *news, size_t security, double *novelty, size_t n_sessions) {
  size_t first = news->start[security], n = news->start[security + 1] - first;
  g_autofree title *titles = g_new(title, MOST_TITLES); /* the latest, in a ring */
  g_autofree size_t *counts = g_new0(size_t, n_sessions + 1);
  for (size_t t = 0; t < n_sessions; t++) novelty[t] = 0;
  for (size_t i = 0; i < n; i++) {
    const aft_news_entry *entry = &news->entries[first + i];
    title own = {.column = entry->column};
    read_title(&own, aft_news_article(news, entry->article)->title);
    double most = 0;
    for (size_t back = 1; back <= MIN(i, MOST_TITLES); back++) {
      const title *before = &titles[(i - back) % MOST_TITLES];
      if (before->column < own.column - SESSIONS_BACK) break;
      most = fmax(most, get_overlap(&own, before));
    }
    titles[i % MOST_TITLES] = own;
    novelty[entry->column] += 1 - most;
    counts[entry->column]++;
  }
  for (size_t t = 0; t < n_sessions; t++) novelty[t] = counts[t] > 0 ? novelty[t] / (double)counts[t] : (double)NAN;
}
