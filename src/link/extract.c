/* Proposing claims: what the numbers, the words of direction and the superlatives of a sentence seem to say. */
#include <aftershock/link/extract.h>

#include "extract_text.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum {
  BEFORE = 12, /* tokens before a number in which its verb stands */
  AFTER = 9,   /* tokens after it: "a 17 % drop", "600 billion dollars of market value were wiped out" */
  NEAR = 4,
  MANY_CLAIMS = 500,
  MAX_QUOTE = 1000 /* bytes */
};

/* The smallest amount of money that is taken for a market value. */
#define SMALLEST_MONEY 1e6

typedef struct sentence {
  const GArray *tokens;
  const char *text;  /* plain */
  GArray *claims;    /* of aft_claim */
  guint first_claim; /* of this sentence */
} sentence;

static const token *at(const sentence *s, guint i) { return &g_array_index(s->tokens, token, i); }

static bool any_of(const sentence *s, guint from, guint to, enum word_class class) {
  for (guint i = from; i < to && i < s->tokens->len; i++)
    if (extract_is(class, at(s, i)->lower)) return true;
  return false;
}

/* Bounds of the statement around token i: words that begin another one, semicolons and brackets end it. */
static void find_statement(const sentence *s, guint i, guint *first, guint *end) {
  *first = i;
  *end = i + 1;
  while (*first > 0 && !extract_is(WORD_BREAK, at(s, *first - 1)->lower) && strcmp(at(s, *first - 1)->text, ";") != 0)
    (*first)--;
  while (*end < s->tokens->len && !extract_is(WORD_BREAK, at(s, *end)->lower) && strcmp(at(s, *end)->text, ";") != 0)
    (*end)++;
}

static bool is_comma(const sentence *s, guint i) { return strcmp(at(s, i)->text, ",") == 0; }

/* What must not be in a statement that is a claim about a day's move; a period must not stand in the same part between commas. */
static bool is_passed_over(const sentence *s, guint i, guint first, guint end) {
  guint from = i, to = i;
  if (any_of(s, first, end, WORD_HYPOTHETIC) || any_of(s, first, end, WORD_BUSINESS)) return true;
  while (from > first && !is_comma(s, from - 1)) from--;
  while (to < end && !is_comma(s, to)) to++;
  return any_of(s, from, to, WORD_PERIOD);
}

/* "as much as": how far it went on the way, not where it closed. */
static bool is_extreme(const sentence *s, guint number) {
  return number >= 3 && strcmp(at(s, number - 1)->lower, "as") == 0 && strcmp(at(s, number - 2)->lower, "much") == 0;
}

/* -1, 1 or 0: the word of direction of a number, the nearest verb before it, else a noun or verb after it. */
static int find_direction(const sentence *s, guint number, guint first, guint end, guint *where) {
  for (guint i = number; i > first && number - i < BEFORE; i--) {
    const token *t = at(s, i - 1);
    int direction = extract_direction_verb(t->lower);
    if (direction != 0) {
      *where = i - 1;
      return direction;
    }
  }
  for (guint i = number + 1; i < end && i <= number + AFTER; i++) {
    const token *t = at(s, i);
    if (t->kind == TOKEN_NUMBER && t->unit != NUMBER_PLAIN) break;
    bool is_near = i <= number + NEAR;
    int verb = extract_direction_verb(t->lower), noun = is_near ? extract_direction_noun(t->lower) : 0;
    if (verb == 0 && noun == 0) continue;
    *where = i;
    return verb != 0 ? verb : noun;
  }
  return 0;
}

/* The firm nearest before token i in the sentence, else the first after it; NULL when it names none. */
static const char *find_subject(const sentence *s, guint i) {
  for (guint k = i + 1; k > 0; k--)
    if (at(s, k - 1)->symbol != NULL) return at(s, k - 1)->symbol;
  for (guint k = i + 1; k < s->tokens->len; k++)
    if (at(s, k)->symbol != NULL) return at(s, k)->symbol;
  return NULL;
}

/* "US technology stocks": the words before a word of a group; owned, NULL when there is none. */
static char *find_group(const sentence *s, guint first, guint end) {
  static const char *const starts[] = {"of",  "off",    "from", "in",  "the",   "and",  "to",
                                       "for", "across", "on",   "out", "value", "among"};
  for (guint i = first; i < end; i++) {
    if (!extract_is(WORD_GROUP, at(s, i)->lower)) continue;
    if (i + 1 < end && (extract_is(WORD_VALUE, at(s, i + 1)->lower) || extract_is(WORD_GROUP, at(s, i + 1)->lower)))
      continue;
    guint k = i;
    while (k > first && i - k < 4 && at(s, k - 1)->kind == TOKEN_WORD && at(s, k - 1)->symbol == NULL &&
           extract_direction_verb(at(s, k - 1)->lower) == 0) {
      bool stops = false;
      for (size_t w = 0; w < G_N_ELEMENTS(starts); w++) stops = stops || strcmp(at(s, k - 1)->lower, starts[w]) == 0;
      if (stops) break;
      k--;
    }
    return g_strndup(s->text + at(s, k)->start, at(s, i)->end - at(s, k)->start);
  }
  return NULL;
}

/* The word or two before a number. */
static enum aft_claim_qualifier find_qualifier(const sentence *s, guint number, guint first) {
  static const struct {
    const char *words;
    enum aft_claim_qualifier qualifier;
  } known[] = {{"more than", AFT_QUALIFIER_MORE_THAN}, {"at least", AFT_QUALIFIER_MORE_THAN},
               {"less than", AFT_QUALIFIER_LESS_THAN}, {"just under", AFT_QUALIFIER_NEARLY},
               {"shy of", AFT_QUALIFIER_NEARLY},       {"close to", AFT_QUALIFIER_NEARLY},
               {"over", AFT_QUALIFIER_MORE_THAN},      {"above", AFT_QUALIFIER_MORE_THAN},
               {"under", AFT_QUALIFIER_LESS_THAN},     {"nearly", AFT_QUALIFIER_NEARLY},
               {"almost", AFT_QUALIFIER_NEARLY},       {"about", AFT_QUALIFIER_ABOUT},
               {"around", AFT_QUALIFIER_ABOUT},        {"roughly", AFT_QUALIFIER_ABOUT},
               {"approximately", AFT_QUALIFIER_ABOUT}, {"some", AFT_QUALIFIER_ABOUT},
               {"exactly", AFT_QUALIFIER_EXACTLY}};
  g_autoptr(GString) before = g_string_new(NULL);
  for (guint i = number > first + 3 ? number - 3 : first; i < number; i++)
    g_string_append_printf(before, " %s", at(s, i)->lower);
  for (size_t k = 0; k < G_N_ELEMENTS(known); k++) {
    g_autofree char *ending = g_strconcat(" ", known[k].words, NULL), *article = g_strconcat(ending, " a", NULL);
    if (g_str_has_suffix(before->str, ending) || g_str_has_suffix(before->str, article)) return known[k].qualifier;
  }
  return AFT_QUALIFIER_NONE;
}

static void set_text(char **out, const char *value) {
  g_free(*out);
  *out = g_strdup(value);
}

/* At most that many bytes, whole characters; owned. */
static char *cut_text(const char *text, gsize most) {
  const char *end;
  char *copy = g_strndup(text, most);
  if (!g_utf8_validate(copy, -1, &end)) copy[end - copy] = '\0';
  return copy;
}

/* Adds a claim with the sentence as its quote; it is the caller's to fill until the next one is added. */
static aft_claim *add_claim(sentence *s, enum aft_claim_kind kind, const char *subject, const char *stated) {
  g_array_set_size(s->claims, s->claims->len + 1);
  aft_claim *claim = &g_array_index(s->claims, aft_claim, s->claims->len - 1);
  gsize start = at(s, 0)->start, end = at(s, s->tokens->len - 1)->end;
  aft_claim_init(claim);
  g_free(claim->id);
  claim->id = g_strdup_printf("c%u", s->claims->len);
  claim->kind = kind;
  set_text(&claim->subject, subject);
  set_text(&claim->stated, stated);
  g_free(claim->quote);
  claim->quote = cut_text(s->text + start, MIN(end - start, MAX_QUOTE));
  return claim;
}

/* "to 118 dollars", "at 5 %": where something stands, not how far it moved. */
static bool is_level(const sentence *s, guint number) {
  static const char *const words[] = {"to", "at", "from", "of", "with"};
  for (size_t w = 0; number > 0 && w < G_N_ELEMENTS(words); w++)
    if (strcmp(at(s, number - 1)->lower, words[w]) == 0)
      return number < 2 ||
             (strcmp(at(s, number - 2)->lower, "close") != 0 && strcmp(at(s, number - 2)->lower, "shy") != 0 &&
              extract_direction_noun(at(s, number - 2)->lower) == 0);
  return false;
}

static void propose_percent(sentence *s, guint number, int direction, guint where, guint first, guint end) {
  const char *subject = find_subject(s, MAX(number, where) == number ? number : MIN(number, where));
  if (subject == NULL || is_level(s, number)) return;
  guint next = number + 1; /* what is said of the number ends with the next one */
  while (next < end && next < number + AFTER && at(s, next)->kind != TOKEN_NUMBER) next++;
  bool of_value = any_of(s, number + 1, next, WORD_VALUE);
  g_autofree char *stated = g_strconcat(direction < 0 ? "-" : "", at(s, number)->text, NULL);
  aft_claim *claim = add_claim(s, of_value ? AFT_CLAIM_VALUE_CHANGE_PERCENT : AFT_CLAIM_PRICE_MOVE, subject, stated);
  set_text(&claim->unit, "percent");
  claim->qualifier = find_qualifier(s, number, first);
}

static void propose_money(sentence *s, guint number, int direction, guint where, guint first, guint end) {
  const token *t = at(s, number);
  bool is_value = any_of(s, first, end, WORD_VALUE) || extract_is(WORD_LOSING, at(s, where)->lower);
  if (t->scale < SMALLEST_MONEY || !is_value || is_level(s, number)) return;
  const char *subject = find_subject(s, number);
  g_autofree char *group = subject == NULL ? find_group(s, first, end) : NULL;
  if (subject == NULL && group == NULL) return;
  g_autofree char *stated = g_strconcat(direction < 0 ? "-" : "", t->text, NULL);
  aft_claim *claim = add_claim(s, subject != NULL ? AFT_CLAIM_VALUE_CHANGE : AFT_CLAIM_GROUP_VALUE_CHANGE,
                               subject != NULL ? subject : group, stated);
  set_text(&claim->unit, t->currency);
  claim->scale = t->scale;
  claim->qualifier = find_qualifier(s, number, first);
}

/* Numbers of a list, "Nvidia fell 17 %, Broadcom 17.4 %", share the word of direction of the first. */
static void propose_numbers(sentence *s) {
  int last_direction = 0;
  guint last_where = 0;
  for (guint i = 0; i < s->tokens->len; i++) {
    const token *t = at(s, i);
    guint first, end, where = i;
    if (t->kind != TOKEN_NUMBER || t->unit == NUMBER_PLAIN) continue;
    find_statement(s, i, &first, &end);
    if (is_passed_over(s, i, first, end) || is_extreme(s, i)) continue;
    int direction = find_direction(s, i, first, end, &where);
    if (direction == 0 && last_direction != 0 && last_where >= first) {
      direction = last_direction;
      where = last_where;
    }
    if (direction == 0) continue;
    last_direction = direction;
    last_where = where;
    if (t->unit == NUMBER_PERCENT)
      propose_percent(s, i, direction, where, first, end);
    else
      propose_money(s, i, direction, where, first, end);
  }
}

/* "the biggest one-day loss in history", "the biggest loser", "the second-largest drop ever" */
static void propose_superlatives(sentence *s) {
  for (guint i = 0; i < s->tokens->len; i++) {
    g_auto(GStrv) parts = g_strsplit(at(s, i)->lower, "-", 2);
    int place = parts[0] != NULL && parts[1] != NULL ? extract_ordinal(parts[0]) : 0;
    const char *word = place > 0 ? parts[1] : at(s, i)->lower;
    if (place == 0 && i > 0) place = extract_ordinal(at(s, i - 1)->lower);
    if (!extract_is(WORD_LARGEST, word)) continue;
    guint first, end, noun = i + 1;
    find_statement(s, i, &first, &end);
    if (is_passed_over(s, i, first, end)) continue;
    while (noun < end && noun <= i + 6 && extract_direction_noun(at(s, noun)->lower) == 0) noun++;
    if (noun >= end || noun > i + 6) continue;
    bool is_member = extract_is(WORD_MEMBER, at(s, noun)->lower);
    bool is_record = strcmp(word, "record") == 0 || any_of(s, i, end, WORD_RECORD);
    const char *subject = find_subject(s, i);
    if (subject == NULL || (!is_member && !is_record)) continue;
    int direction = extract_direction_noun(at(s, noun)->lower);
    if (strcmp(word, "best") == 0 || strcmp(word, "top") == 0)
      direction = strcmp(at(s, noun)->lower, "loser") == 0 ? -1 : 1;
    char stated[8];
    g_snprintf(stated, sizeof stated, "%d", place > 0 ? place : 1);
    aft_claim *claim = add_claim(s, is_member ? AFT_CLAIM_RANK : AFT_CLAIM_RECORD, subject, stated);
    claim->largest_gain = direction > 0;
    i = noun;
  }
}

static bool has_claim_of(const sentence *s, const char *symbol) {
  for (guint i = s->first_claim; i < s->claims->len; i++)
    if (strcmp(g_array_index(s->claims, aft_claim, i).subject, symbol) == 0) return true;
  return false;
}

/* A firm and a verb after it, and no number: "Nvidia shares tumbled". */
static void propose_directions(sentence *s) {
  for (guint i = 0; i < s->tokens->len; i++) {
    int direction = extract_direction_verb(at(s, i)->lower);
    guint first, end;
    if (direction == 0) continue;
    find_statement(s, i, &first, &end);
    if (is_passed_over(s, i, first, end)) continue;
    guint firm = i;
    while (firm > first && i - firm < NEAR + 2 && at(s, firm)->symbol == NULL) firm--;
    const char *symbol = at(s, firm)->symbol;
    if (symbol == NULL || has_claim_of(s, symbol)) continue;
    add_claim(s, AFT_CLAIM_DIRECTION, symbol, direction < 0 ? "down" : "up");
  }
}

GArray *aft_claims_extract(const char *text, const aft_names *names) {
  g_autofree char *plain = extract_plain(text);
  g_autoptr(GPtrArray) sentences = extract_sentences(plain, names);
  GArray *claims = aft_claims_new();
  for (guint i = 0; i < sentences->len && claims->len < MANY_CLAIMS; i++) {
    sentence s = {
        .tokens = g_ptr_array_index(sentences, i), .text = plain, .claims = claims, .first_claim = claims->len};
    propose_numbers(&s);
    propose_superlatives(&s);
    propose_directions(&s);
  }
  return claims;
}
