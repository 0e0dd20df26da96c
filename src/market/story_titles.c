/*
 * First titles of stories, found again by likeness.
 *
 * Two sets whose Jaccard similarity is at least t share a word among the |A| - ceil(t |A|) + 1 rarest of each, in one order of rarity
 * (prefix filter). Each first title is therefore listed under these few words, once for each symbol of its article; lists are in
 * order of time, so that a search ends where the window does.
 */
#include "story_titles.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Stories under one word and symbol. */
typedef struct posting {
  gint64 key;      /* word and symbol */
  GArray *stories; /* of size_t, by time */
} posting;

typedef struct first_title {
  size_t article;
  aft_millis clock;
  size_t seen; /* the search that looked at it last */
} first_title;

struct title_index {
  const aft_articles *articles;
  double threshold;
  aft_millis window;
  guint32 *words;       /* of all titles, each title's from the rarest on */
  size_t *start;        /* [n_articles + 1] in words */
  bool *numeric;        /* [n_words] by rank: the word has a digit */
  GHashTable *symbols;  /* symbol -> number, from 1 */
  GHashTable *postings; /* of posting, by its key */
  GArray *stories;      /* of first_title, by number of the story */
  size_t n_searches, n_compared;
};

static void free_posting(void *data) {
  posting *p = data;
  g_array_unref(p->stories);
  g_free(p);
}

typedef struct word_count {
  const char *word;
  guint32 id, count;
} word_count;

static int compare_counts(const void *a, const void *b) {
  const word_count *x = a, *y = b;
  if (x->count != y->count) return x->count < y->count ? -1 : 1;
  return strcmp(x->word, y->word);
}

static int compare_ranks(const void *a, const void *b) {
  guint32 x = *(const guint32 *)a, y = *(const guint32 *)b;
  return x < y ? -1 : x > y;
}

static bool has_digit(const char *word) {
  for (; *word != '\0'; word = g_utf8_find_next_char(word, NULL))
    if (g_unichar_isdigit(g_utf8_get_char(word))) return true;
  return false;
}

/* Words as numbers in order of first appearance, title by title, and how many titles have each. */
static void read_titles(title_index *index, GHashTable *ids, GArray *counts) {
  size_t n = index->articles->rows->len;
  GArray *words = g_array_new(FALSE, FALSE, sizeof(guint32));
  index->start = g_new(size_t, n + 1);
  for (size_t i = 0; i < n; i++) {
    const aft_article *article = g_ptr_array_index(index->articles->rows, i);
    g_auto(GStrv) list = aft_story_title_words(article->title, article->source);
    index->start[i] = words->len;
    for (char **word = list; *word != NULL; word++) {
      guint32 place = GPOINTER_TO_UINT(g_hash_table_lookup(ids, *word));
      if (place == 0) {
        char *text = g_strdup(*word);
        word_count fresh = {text, counts->len, 0};
        g_array_append_val(counts, fresh);
        place = counts->len;
        g_hash_table_insert(ids, text, GUINT_TO_POINTER(place));
      }
      g_array_index(counts, word_count, place - 1).count++;
      place--;
      g_array_append_val(words, place);
    }
  }
  index->start[n] = words->len;
  index->words = (guint32 *)(void *)g_array_free(words, FALSE);
}

/* Renumbers the words from the rarest on and sorts each title by that. */
static void rank_words(title_index *index, GArray *counts) {
  size_t n = index->articles->rows->len;
  g_autofree guint32 *rank = g_new(guint32, MAX(counts->len, 1));
  index->numeric = g_new(bool, MAX(counts->len, 1));
  g_array_sort(counts, compare_counts);
  for (guint r = 0; r < counts->len; r++) {
    const word_count *word = &g_array_index(counts, word_count, r);
    rank[word->id] = r;
    index->numeric[r] = has_digit(word->word);
  }
  for (size_t k = 0; k < index->start[n]; k++) index->words[k] = rank[index->words[k]];
  for (size_t i = 0; i < n; i++)
    if (index->start[i + 1] > index->start[i])
      qsort(index->words + index->start[i], index->start[i + 1] - index->start[i], sizeof *index->words, compare_ranks);
}

/* GLib's own hash puts word and symbol over each other: the words that every title has alone then fill one stretch of the table. */
static guint hash_key(const void *key) {
  return (guint)((*(const guint64 *)key * G_GUINT64_CONSTANT(0x9E3779B97F4A7C15)) >> 32);
}

title_index *title_index_new(const aft_articles *articles, double threshold, aft_millis window) {
  g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) counts = g_array_new(FALSE, FALSE, sizeof(word_count));
  title_index *index = g_new0(title_index, 1);
  *index = (title_index){.articles = articles,
                         .threshold = threshold,
                         .window = window,
                         .symbols = g_hash_table_new(g_str_hash, g_str_equal),
                         .postings = g_hash_table_new_full(hash_key, g_int64_equal, NULL, free_posting),
                         .stories = g_array_new(FALSE, TRUE, sizeof(first_title))};
  read_titles(index, ids, counts);
  rank_words(index, counts);
  return index;
}

void title_index_free(title_index *index) {
  if (index == NULL) return;
  g_free(index->words);
  g_free(index->start);
  g_free(index->numeric);
  g_hash_table_unref(index->symbols);
  g_hash_table_unref(index->postings);
  g_array_unref(index->stories);
  g_free(index);
}

size_t title_index_n_compared(const title_index *index) { return index->n_compared; }

static size_t count_words(const title_index *index, size_t article) {
  return index->start[article + 1] - index->start[article];
}

/* How many of n words must be looked under. The small part keeps rounding from leaving one out. */
static size_t find_prefix(const title_index *index, size_t n) {
  return n - (size_t)ceil(index->threshold * (double)n - 1e-9) + 1;
}

/* Number of a symbol, from 1; 0 for "no symbol at all". */
static guint32 number_symbol(title_index *index, const char *symbol) {
  guint32 number = GPOINTER_TO_UINT(g_hash_table_lookup(index->symbols, symbol));
  if (number == 0) {
    number = g_hash_table_size(index->symbols) + 1;
    g_hash_table_insert(index->symbols, (gpointer)(guintptr)symbol, GUINT_TO_POINTER(number));
  }
  return number;
}

static gint64 make_key(guint32 word, guint32 symbol) { return (gint64)(((guint64)word << 32) | symbol); }

static void list_story(title_index *index, size_t story, guint32 word, guint32 symbol) {
  gint64 key = make_key(word, symbol);
  posting *p = g_hash_table_lookup(index->postings, &key);
  if (p == NULL) {
    p = g_new(posting, 1);
    *p = (posting){key, g_array_new(FALSE, FALSE, sizeof(size_t))};
    g_hash_table_insert(index->postings, &p->key, p);
  }
  g_array_append_val(p->stories, story);
}

void title_index_add(title_index *index, size_t story, size_t article, aft_millis clock) {
  const aft_article *a = g_ptr_array_index(index->articles->rows, article);
  size_t n = count_words(index, article);
  if (story >= index->stories->len) g_array_set_size(index->stories, (guint)story + 1);
  g_array_index(index->stories, first_title, story) = (first_title){article, clock, 0};
  if (n < AFT_STORY_MIN_WORDS) return;
  for (size_t k = 0; k < find_prefix(index, n); k++) {
    guint32 word = index->words[index->start[article] + k];
    if (*a->symbols == NULL) list_story(index, story, word, 0);
    for (char **symbol = a->symbols; *symbol != NULL; symbol++)
      list_story(index, story, word, number_symbol(index, *symbol));
  }
}

/* Jaccard similarity; 0 when a word with a digit is in one title alone. */
static double compare(const title_index *index, size_t a, size_t b) {
  const guint32 *x = index->words + index->start[a], *y = index->words + index->start[b];
  size_t n = count_words(index, a), m = count_words(index, b), i = 0, j = 0, common = 0;
  while (i < n || j < m) {
    if (i < n && j < m && x[i] == y[j]) {
      common++;
      i++;
      j++;
      continue;
    }
    guint32 alone = j >= m || (i < n && x[i] < y[j]) ? x[i++] : y[j++];
    if (index->numeric[alone]) return 0;
  }
  return (double)common / (double)(n + m - common);
}

typedef struct search {
  size_t article;
  aft_millis clock;
  long story; /* the best so far */
  double similarity;
} search;

static void look_under(title_index *index, search *s, guint32 word, guint32 symbol) {
  gint64 key = make_key(word, symbol);
  const posting *p = g_hash_table_lookup(index->postings, &key);
  for (guint k = p != NULL ? p->stories->len : 0; k-- > 0;) {
    size_t story = g_array_index(p->stories, size_t, k);
    first_title *first = &g_array_index(index->stories, first_title, story);
    if (s->clock - first->clock > index->window) break;
    if (first->seen == index->n_searches) continue;
    first->seen = index->n_searches;
    index->n_compared++;
    double similarity = compare(index, s->article, first->article);
    bool better = similarity > s->similarity || (similarity == s->similarity && (long)story < s->story);
    if (similarity < index->threshold || !better) continue;
    s->story = (long)story;
    s->similarity = similarity;
  }
}

long title_index_find(title_index *index, size_t article, aft_millis clock, double *similarity) {
  const aft_article *a = g_ptr_array_index(index->articles->rows, article);
  size_t n = count_words(index, article);
  search s = {article, clock, -1, 0};
  if (n < AFT_STORY_MIN_WORDS) return -1;
  index->n_searches++;
  for (size_t k = 0; k < find_prefix(index, n); k++) {
    guint32 word = index->words[index->start[article] + k];
    if (*a->symbols == NULL) look_under(index, &s, word, 0);
    for (char **symbol = a->symbols; *symbol != NULL; symbol++)
      look_under(index, &s, word, number_symbol(index, *symbol));
  }
  *similarity = s.similarity;
  return s.story;
}
