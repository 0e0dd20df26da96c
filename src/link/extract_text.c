/* Sentences and tokens of a text. */
#include "extract_text.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_NAME_TOKENS = 6 };

/* Typographic marks that stand for ASCII ones. */
static const struct {
  const char *from, *to;
} plain[] = {{"\xE2\x80\x98", "'"},   {"\xE2\x80\x99", "'"},   {"\xE2\x80\x9C", "\""},  {"\xE2\x80\x9D", "\""},
             {"\xE2\x80\x93", " - "}, {"\xE2\x80\x94", " - "}, {"\xE2\x88\x92", "-"},   {"\xC2\xA0", " "},
             {"\xE2\x80\xAF", " "},   {"\xE2\x80\x91", "-"},   {"\xE2\x82\xAC", "EUR"}, {"\xC2\xA3", "GBP"}};

char *extract_plain(const char *text) {
  GString *out = g_string_new(NULL);
  for (const char *p = text; *p != '\0';) {
    size_t i = 0;
    while (i < G_N_ELEMENTS(plain) && !g_str_has_prefix(p, plain[i].from)) i++;
    if (i < G_N_ELEMENTS(plain)) {
      g_string_append(out, plain[i].to);
      p += strlen(plain[i].from);
    } else {
      g_string_append_c(out, *p++);
    }
  }
  return g_string_free(out, FALSE);
}

static bool is_word_byte(char c) { return g_ascii_isalnum(c) || (c & 0x80) != 0 || c == '&'; }

static void clear_token(void *data) {
  token *t = data;
  g_free(t->text);
  g_free(t->lower);
}

static GArray *sentence_new(void) {
  GArray *sentence = g_array_new(FALSE, TRUE, sizeof(token));
  g_array_set_clear_func(sentence, clear_token);
  return sentence;
}

static token *token_at(const GArray *sentence, guint i) { return &g_array_index(sentence, token, i); }

/* "1,234.5" from here: bytes that belong to it, 0 when no number begins. */
static size_t number_length(const char *p) {
  size_t n = 0;
  while (g_ascii_isdigit(p[n]) || ((p[n] == ',' || p[n] == '.') && n > 0 && g_ascii_isdigit(p[n + 1]))) n++;
  return n;
}

/* "2nd", "17th": digits that are a word. */
static bool is_ordinal(const char *p, size_t digits) {
  static const char *const endings[] = {"st", "nd", "rd", "th"};
  for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
    if (g_str_has_prefix(p + digits, endings[i]) && !g_ascii_isalnum(p[digits + 2])) return true;
  return false;
}

/* A word: letters and digits, with points, hyphens and apostrophes between them; "U.S." keeps its last point. */
static size_t word_length(const char *p) {
  size_t n = 0;
  bool pointed = false;
  while (is_word_byte(p[n]) || ((p[n] == '-' || p[n] == '\'' || p[n] == '.') && n > 0 && is_word_byte(p[n + 1]))) {
    if (p[n] == '.') pointed = true;
    n++;
  }
  return pointed && p[n] == '.' ? n + 1 : n;
}

static void add_token(GArray *sentence, enum token_kind kind, const char *text, gsize start, gsize length) {
  token t = {.kind = kind, .start = start, .end = start + length, .scale = 1, .currency = ""};
  t.text = g_strndup(text + start, length);
  if (kind == TOKEN_WORD && length > 2 && (g_str_has_suffix(t.text, "'s") || g_str_has_suffix(t.text, "'S")))
    t.text[length - 2] = '\0';
  if (kind == TOKEN_NUMBER) {
    char *out = t.text;
    for (const char *in = t.text; *in != '\0'; in++)
      if (*in != ',') *out++ = *in;
    *out = '\0';
  }
  t.lower = g_ascii_strdown(t.text, -1);
  g_array_append_val(sentence, t);
}

static bool is_abbreviation(const GArray *sentence) {
  static const char *const words[] = {"inc", "corp", "co", "ltd", "jan", "feb", "mr", "ms", "dr", "vs", "no", "st"};
  if (sentence->len == 0) return false;
  const char *last = token_at(sentence, sentence->len - 1)->lower;
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(words[i], last) == 0) return true;
  return false;
}

/* Whether the mark at p ends a sentence: a blank or the end follows, and no small letter. */
static bool ends_sentence(const GArray *sentence, const char *p) {
  if (*p != '.' && *p != '!' && *p != '?') return false;
  if (*p == '.' && is_abbreviation(sentence)) return false;
  const char *next = p + 1;
  while (*next == '"' || *next == ')' || *next == '\'') next++;
  if (*next != '\0' && !g_ascii_isspace(*next)) return false;
  while (g_ascii_isspace(*next)) next++;
  return !g_ascii_islower(*next);
}

static void close_sentence(GPtrArray *sentences, GArray **sentence) {
  if ((*sentence)->len == 0) return;
  g_ptr_array_add(sentences, *sentence);
  *sentence = sentence_new();
}

static GPtrArray *cut(const char *text) {
  GPtrArray *sentences = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
  GArray *sentence = sentence_new();
  for (const char *p = text; *p != '\0';) {
    size_t n;
    gsize at = (gsize)(p - text);
    if (g_str_has_prefix(p, "\n\n")) {
      close_sentence(sentences, &sentence);
      p += 2;
    } else if (g_ascii_isspace(*p)) {
      p++;
    } else if ((n = number_length(p)) > 0 && !is_ordinal(p, n)) {
      add_token(sentence, TOKEN_NUMBER, text, at, n);
      p += n;
    } else if ((n = word_length(p)) > 0) {
      add_token(sentence, TOKEN_WORD, text, at, n);
      p += n;
    } else {
      bool ends = ends_sentence(sentence, p);
      add_token(sentence, TOKEN_MARK, text, at, 1);
      p++;
      if (ends) close_sentence(sentences, &sentence);
    }
  }
  close_sentence(sentences, &sentence);
  g_array_unref(sentence);
  return sentences;
}

static double scale_of(const char *word) {
  static const struct {
    const char *word;
    double scale;
  } scales[] = {{"thousand", 1e3}, {"million", 1e6}, {"billion", 1e9}, {"trillion", 1e12}, {"m", 1e6},
                {"mn", 1e6},       {"bn", 1e9},      {"tn", 1e12},     {"b", 1e9},         {"t", 1e12}};
  for (size_t i = 0; i < G_N_ELEMENTS(scales); i++)
    if (strcmp(scales[i].word, word) == 0) return scales[i].scale;
  return 1;
}

static const char *currency_of(const char *word) {
  static const struct {
    const char *word, *currency;
  } words[] = {{"$", "USD"},   {"us$", "USD"},    {"dollars", "USD"}, {"dollar", "USD"},
               {"usd", "USD"}, {"eur", "EUR"},    {"euros", "EUR"},   {"euro", "EUR"},
               {"gbp", "GBP"}, {"pounds", "GBP"}, {"yen", "JPY"},     {"yuan", "CNY"}};
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (strcmp(words[i].word, word) == 0) return words[i].currency;
  return "";
}

/* The text of token i, "" past the end. */
static const char *lower_at(const GArray *sentence, guint i) {
  return i < sentence->len ? token_at(sentence, i)->lower : "";
}

/* Takes n tokens after i into it. */
static void absorb(GArray *sentence, guint i, guint n) {
  token_at(sentence, i)->end = token_at(sentence, i + n)->end;
  g_array_remove_range(sentence, i + 1, n);
}

/* "-billion-dollar" after a number: the hyphen goes, and what follows becomes words of their own. */
static void split_compound(GArray *sentence, guint i) {
  g_auto(GStrv) words = g_strsplit(lower_at(sentence, i + 2), "-", 3);
  bool is_scale = words[0] != NULL && (scale_of(words[0]) > 1 || strcmp(words[0], "percent") == 0);
  if (!is_scale) return;
  absorb(sentence, i, 1);
  token *scale = token_at(sentence, i + 1);
  if (words[1] == NULL) return;
  token rest = {
      .kind = TOKEN_WORD, .text = g_strdup(words[1]), .lower = g_strdup(words[1]), .scale = 1, .currency = ""};
  rest.start = scale->start + strlen(words[0]) + 1;
  rest.end = scale->end;
  scale->end = scale->start + strlen(words[0]);
  scale->text[strlen(words[0])] = scale->lower[strlen(words[0])] = '\0';
  g_array_insert_val(sentence, i + 2, rest);
}

/* What stands around a number: "$", "%", "percent", "billion", "dollars". */
static void read_number(GArray *sentence, guint *at) {
  guint i = *at;
  if (i > 0) {
    const char *currency = currency_of(lower_at(sentence, i - 1));
    if (*currency != '\0') {
      token_at(sentence, i)->currency = currency;
      token_at(sentence, i)->start = token_at(sentence, i - 1)->start;
      g_array_remove_index(sentence, --i);
    }
  }
  token *t = token_at(sentence, i);
  if (strcmp(lower_at(sentence, i + 1), "-") == 0) split_compound(sentence, i);
  const char *next = lower_at(sentence, i + 1);
  if (strcmp(next, "%") == 0 || strcmp(next, "percent") == 0 || strcmp(next, "pct") == 0) {
    t->unit = NUMBER_PERCENT;
    absorb(sentence, i, 1);
  } else if (strcmp(next, "per") == 0 && strcmp(lower_at(sentence, i + 2), "cent") == 0) {
    t->unit = NUMBER_PERCENT;
    absorb(sentence, i, 2);
  } else {
    t->scale = scale_of(next);
    if (t->scale > 1) absorb(sentence, i, 1);
    t = token_at(sentence, i);
    const char *currency = currency_of(lower_at(sentence, i + 1));
    if (*currency != '\0') {
      t->currency = currency;
      absorb(sentence, i, 1);
    }
    t = token_at(sentence, i);
    if (*t->currency != '\0') t->unit = NUMBER_MONEY;
  }
  *at = i;
}

static void read_numbers(GArray *sentence) {
  for (guint i = 0; i < sentence->len; i++)
    if (token_at(sentence, i)->kind == TOKEN_NUMBER) read_number(sentence, &i);
}

/* Tokens of name from token i on; 0 when it does not stand there. Names are compared with their capital letters. */
static guint match_name(const GArray *sentence, guint i, const char *name) {
  guint n = 0;
  g_auto(GStrv) words = g_strsplit(name, " ", MAX_NAME_TOKENS);
  for (char **word = words; *word != NULL; word++, n++)
    if (i + n >= sentence->len || strcmp(token_at(sentence, i + n)->text, *word) != 0) return 0;
  return n;
}

static bool is_ticker(const char *text) {
  size_t n = strlen(text);
  if (n == 0 || n > 6) return false;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isupper(*p) && *p != '.') return false;
  return true;
}

static bool is_exchange(const char *lower) {
  return strcmp(lower, "nasdaq") == 0 || strcmp(lower, "nyse") == 0 || strcmp(lower, "amex") == 0;
}

/* $NVDA; (NASDAQ: NVDA) takes the place of the name before it, whatever the list says. */
static void find_tickers(GArray *sentence) {
  for (guint i = 0; i + 1 < sentence->len; i++) {
    token *next = token_at(sentence, i + 1);
    if (strcmp(token_at(sentence, i)->text, "$") == 0 && next->kind == TOKEN_WORD && is_ticker(next->text)) {
      next->symbol = next->text;
      g_array_remove_index(sentence, i);
    } else if (i + 2 < sentence->len && is_exchange(token_at(sentence, i)->lower) && strcmp(next->text, ":") == 0) {
      token *ticker = token_at(sentence, i + 2);
      if (is_ticker(ticker->text)) ticker->symbol = ticker->text;
    }
  }
}

static void find_names(GArray *sentence, const aft_names *names) {
  for (guint i = 0; i < sentence->len; i++) {
    guint longest = 0;
    const char *symbol = NULL;
    for (guint k = 0; names->rows != NULL && k < names->rows->len; k++) {
      const aft_name *name = &g_array_index(names->rows, aft_name, k);
      guint n = match_name(sentence, i, name->name);
      if (n == 0 && strlen(name->symbol) > 1) n = match_name(sentence, i, name->symbol);
      if (n <= longest) continue;
      longest = n;
      symbol = name->symbol;
    }
    if (longest == 0) continue;
    token_at(sentence, i)->symbol = symbol;
    if (longest > 1) absorb(sentence, i, longest - 1);
  }
}

GPtrArray *extract_sentences(const char *text, const aft_names *names) {
  GPtrArray *sentences = cut(text);
  for (guint s = 0; s < sentences->len; s++) {
    GArray *sentence = g_ptr_array_index(sentences, s);
    find_tickers(sentence);
    find_names(sentence, names);
    read_numbers(sentence);
  }
  return sentences;
}
