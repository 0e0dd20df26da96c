/* What makes two articles alike: normalised addresses, and the words of titles. */
#include <aftershock/market/stories.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Parameters that say where a reader came from, not what is read; a '*' stands for any ending. */
static bool is_tracking(const char *parameter) {
  static const char *const names[] = {"utm_*",   "mc_*",  "fbclid", "gclid",      "dclid", "msclkid",
                                      "twclid",  "yclid", "igshid", "guccounter", "smid",  "smtyp",
                                      "ref_src", "cmpid", "ocid",   "ncid",       NULL};
  size_t length = strcspn(parameter, "=");
  for (size_t i = 0; names[i] != NULL; i++) {
    size_t n = strlen(names[i]);
    bool any_ending = names[i][n - 1] == '*';
    if (any_ending ? length >= n - 1 && strncmp(parameter, names[i], n - 1) == 0
                   : length == n && strncmp(parameter, names[i], n) == 0)
      return true;
  }
  return false;
}

static gint compare_texts(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* "?b=2&a=1" without tracking, in alphabetical order; nothing when nothing is left. */
static void append_query(GString *out, const char *query) {
  g_auto(GStrv) parts = g_strsplit(query, "&", -1);
  g_autoptr(GPtrArray) kept = g_ptr_array_new();
  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0' && !is_tracking(*part)) g_ptr_array_add(kept, *part);
  g_ptr_array_sort(kept, compare_texts);
  for (guint i = 0; i < kept->len; i++)
    g_string_append_printf(out, "%c%s", i == 0 ? '?' : '&', (const char *)g_ptr_array_index(kept, i));
}

char *aft_story_normalise_url(const char *url) {
  const char *rest = url;
  if (g_ascii_strncasecmp(url, "https://", 8) == 0)
    rest += 8;
  else if (g_ascii_strncasecmp(url, "http://", 7) == 0)
    rest += 7;
  else
    return NULL;
  size_t host_length = strcspn(rest, "/?#");
  g_autofree char *host = g_ascii_strdown(rest, (gssize)host_length);
  rest += host_length;
  if (g_str_has_suffix(host, ":443")) host[strlen(host) - 4] = '\0';
  if (g_str_has_suffix(host, ":80")) host[strlen(host) - 3] = '\0';
  GString *out = g_string_new(g_str_has_prefix(host, "www.") ? host + 4 : host);
  size_t bare = out->len, path_length = strcspn(rest, "?#");
  while (path_length > 0 && rest[path_length - 1] == '/') path_length--;
  g_string_append_len(out, rest, (gssize)path_length);
  rest += strcspn(rest, "?#");
  if (*rest == '?') {
    g_autofree char *query = g_strndup(rest + 1, strcspn(rest + 1, "#"));
    append_query(out, query);
  }
  bool is_document = bare > 0 && out->len > bare;
  char *text = g_string_free(out, FALSE);
  if (is_document) return text;
  g_free(text);
  return NULL;
}

/* How much of the title is its own: a last part that repeats the source (" - Reuters", " | CNBC") is not. */
static size_t find_own_length(const char *title, const char *source) {
  static const char *const dashes[] = {" - ", " | ", " \xE2\x80\x93 ", " \xE2\x80\x94 "};
  size_t whole = strlen(title);
  if (*source == '\0') return whole;
  g_autofree char *folded_source = g_utf8_casefold(source, -1);
  for (size_t i = 0; i < G_N_ELEMENTS(dashes); i++) {
    const char *at = g_strrstr(title, dashes[i]);
    if (at == NULL) continue;
    g_autofree char *tail = g_utf8_casefold(at + strlen(dashes[i]), -1);
    if (strcmp(g_strstrip(tail), folded_source) == 0) return (size_t)(at - title);
  }
  return whole;
}

static void end_word(GPtrArray *words, GHashTable *seen, GString *word) {
  if (word->len == 0) return;
  if (!g_hash_table_contains(seen, word->str)) {
    char *text = g_strdup(word->str);
    g_hash_table_add(seen, text);
    g_ptr_array_add(words, text);
  }
  g_string_truncate(word, 0);
}

char **aft_story_title_words(const char *title, const char *source) {
  GPtrArray *words = g_ptr_array_new();
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GString) word = g_string_new(NULL);
  g_autofree char *normal = g_utf8_normalize(title, (gssize)find_own_length(title, source), G_NORMALIZE_ALL_COMPOSE);
  g_autofree char *folded = normal != NULL ? g_utf8_casefold(normal, -1) : g_strdup("");
  for (const char *p = folded; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
    gunichar c = g_utf8_get_char(p);
    if (c == '\'' || c == 0x2019) continue; /* "Nvidia's" is one word */
    bool inside_number =
        (c == '.' || c == ',') && word->len > 0 && g_ascii_isdigit(word->str[word->len - 1]) && g_ascii_isdigit(p[1]);
    if (!inside_number && (!g_unichar_isalnum(c) || g_unichar_iswide(c))) end_word(words, seen, word);
    if (inside_number || g_unichar_isalnum(c)) g_string_append_unichar(word, c);
    if (g_unichar_iswide(c)) end_word(words, seen, word); /* scripts without blanks: each character */
  }
  end_word(words, seen, word);
  g_ptr_array_add(words, NULL);
  return (char **)g_ptr_array_free(words, FALSE);
}
