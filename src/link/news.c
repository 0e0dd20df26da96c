/* Articles by security and session. */
#include <aftershock/link/news.h>

#include <aftershock/link/mention.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct placed {
  size_t security;
  aft_news_entry entry;
} placed;

/* A name of a security, filed under its first word. */
typedef struct known_name {
  size_t security;
  const char *name; /* borrowed */
} known_name;

/* The first word of a text in lower case, into buffer; its length in the text. */
static size_t take_word(const char *text, char *buffer, size_t size) {
  size_t n = 0;
  while (g_ascii_isalnum(text[n]) && n + 1 < size) {
    buffer[n] = g_ascii_tolower(text[n]);
    n++;
  }
  buffer[n] = '\0';
  return n;
}

/* First word of a name -> GArray of known_name. Owned. */
static GHashTable *file_names(const aft_panel *panel, GHashTable *names) {
  GHashTable *files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_array_unref);
  for (size_t i = 0; names != NULL && i < panel->n_securities; i++) {
    char **name = g_hash_table_lookup(names, panel->symbols[i]);
    for (; name != NULL && *name != NULL; name++) {
      char word[64];
      if (take_word(*name, word, sizeof word) == 0) continue;
      GArray *file = g_hash_table_lookup(files, word);
      if (file == NULL) {
        file = g_array_new(FALSE, FALSE, sizeof(known_name));
        g_hash_table_insert(files, g_strdup(word), file);
      }
      known_name known = {i, *name};
      g_array_append_val(file, known);
    }
  }
  return files;
}

static void add(GArray *all, size_t security, long column, guint article) {
  placed one = {security, {column, article}};
  g_array_append_val(all, one);
}

/* Securities whose names or cashtags stand in a title. */
static void find_in_title(GArray *all, const aft_panel *panel, GHashTable *files, const char *title, long column,
                          guint article) {
  for (const char *p = title; *p != '\0';) {
    char word[64];
    size_t n = take_word(p, word, sizeof word);
    if (n == 0) {
      p++;
      continue;
    }
    const GArray *file = g_hash_table_lookup(files, word);
    for (guint i = 0; file != NULL && i < file->len; i++) {
      const known_name *known = &g_array_index(file, known_name, i);
      size_t length = strlen(known->name);
      if (g_ascii_strncasecmp(p, known->name, length) == 0 && !g_ascii_isalnum(p[length]))
        add(all, known->security, column, article);
    }
    if (p > title && p[-1] == '$') {
      g_autofree char *symbol = g_strndup(p, n);
      long security = aft_panel_find_security(panel, symbol);
      if (security >= 0) add(all, (size_t)security, column, article);
    }
    p += n;
  }
}

static int compare(const void *a, const void *b) {
  const placed *p = a, *q = b;
  if (p->security != q->security) return p->security < q->security ? -1 : 1;
  if (p->entry.column != q->entry.column) return p->entry.column < q->entry.column ? -1 : 1;
  return (p->entry.article > q->entry.article) - (p->entry.article < q->entry.article);
}

/* Sorts, and keeps one of what an article says twice. */
static void file_entries(aft_news *news, GArray *all) {
  placed *list = (placed *)(void *)all->data;
  if (all->len > 1) qsort(list, all->len, sizeof *list, compare);
  news->start = g_new0(size_t, news->n_securities + 1);
  news->entries = g_new(aft_news_entry, MAX(all->len, 1));
  size_t n = 0;
  for (guint i = 0; i < all->len; i++) {
    if (i > 0 && compare(&list[i - 1], &list[i]) == 0) continue;
    news->entries[n++] = list[i].entry;
    news->start[list[i].security + 1] = n;
  }
  for (size_t s = 1; s <= news->n_securities; s++) news->start[s] = MAX(news->start[s], news->start[s - 1]);
}

void aft_news_build(aft_news *news, const aft_articles *articles, const aft_panel *panel, bool date_next,
                    GHashTable *names) {
  *news = (aft_news){.articles = articles, .n_securities = panel->n_securities};
  g_autoptr(GHashTable) files = file_names(panel, names);
  g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(placed));
  for (guint i = 0; i < articles->rows->len; i++) {
    const aft_article *article = aft_news_article(news, i);
    aft_alignment place;
    aft_calendar_align(panel->calendar, &article->stamp, date_next, &place);
    long column = place.session - panel->first_session;
    if (place.session < 0 || column < 0 || (size_t)column >= panel->n_sessions) {
      news->n_outside++;
      continue;
    }
    guint before = all->len;
    for (char **symbol = article->symbols; *symbol != NULL; symbol++) {
      long security = aft_panel_find_security(panel, *symbol);
      if (security >= 0) add(all, (size_t)security, column, i);
    }
    if (article->symbols[0] == NULL) find_in_title(all, panel, files, article->title, column, i);
    if (all->len == before) news->n_nobody++;
  }
  file_entries(news, all);
}

void aft_news_clear(aft_news *news) {
  g_clear_pointer(&news->start, g_free);
  g_clear_pointer(&news->entries, g_free);
}

const aft_article *aft_news_article(const aft_news *news, guint article) {
  return g_ptr_array_index(news->articles->rows, article);
}

/* First entry of a security on a column or after it. */
static size_t find_first(const aft_news *news, size_t security, long column) {
  size_t low = news->start[security], high = news->start[security + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (news->entries[middle].column < column)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const aft_news_entry *aft_news_find(const aft_news *news, size_t security, long first, long last, size_t *n) {
  size_t from = find_first(news, security, first);
  *n = find_first(news, security, last + 1) - from;
  return news->entries + from;
}

void aft_news_count(const aft_news *news, size_t security, double *counts, size_t n_sessions) {
  memset(counts, 0, n_sessions * sizeof *counts);
  for (size_t i = news->start[security]; i < news->start[security + 1]; i++) counts[news->entries[i].column]++;
}
