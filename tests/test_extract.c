/* link/extract: precision and recall on sentences of our own making, and texts that are no sentences. */
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/input/articles.h>
#include <aftershock/link/extract.h>

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct score {
  guint sentences, expected, proposed, right;
} score;

static void read_names(aft_names *names) {
  GError *error = NULL;
  g_autofree char *path = support_source("../data/deepseek/names.csv");
  g_assert_true(aft_names_read_csv(names, path, &error));
}

/* A claim as the lines of the file write one, with the qualifier as the program calls it. */
static char *describe(const aft_claim *claim) {
  const char *scale = claim->scale == 1e12  ? "trillion"
                      : claim->scale == 1e9 ? "billion"
                      : claim->scale == 1e6 ? "million"
                                            : "-";
  const char *qualifier = aft_claim_qualifiers()[claim->qualifier];
  bool has_order = claim->kind == AFT_CLAIM_RANK || claim->kind == AFT_CLAIM_RECORD;
  return g_strdup_printf("%s | %s | %s | %s | %s | %s", aft_claim_kinds()[claim->kind], claim->subject, claim->stated,
                         scale, *qualifier != '\0' ? qualifier : "-",
                         !has_order            ? "-"
                         : claim->largest_gain ? "largest gain"
                                               : "largest loss");
}

/* The words of a qualifier in a sentence mean one of the program's five. */
static char *translate(const char *line) {
  static const char *const words[][2] = {{"| almost |", "| nearly |"}, {"| close to |", "| nearly |"},
                                         {"| roughly |", "| about |"}, {"| around |", "| about |"},
                                         {"| some |", "| about |"},    {"| over |", "| more than |"}};
  g_autoptr(GString) out = g_string_new(line);
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++) g_string_replace(out, words[i][0], words[i][1], 0);
  return g_strdup(out->str);
}

static void judge(const char *sentence, GPtrArray *expected, const aft_names *names, score *total) {
  g_autoptr(GArray) claims = aft_claims_extract(sentence, names);
  total->sentences++;
  total->expected += expected->len;
  total->proposed += claims->len;
  for (guint i = 0; i < claims->len; i++) {
    g_autofree char *found = describe(&g_array_index(claims, aft_claim, i));
    guint at;
    if (g_ptr_array_find_with_equal_func(expected, found, g_str_equal, &at)) {
      total->right++;
      g_ptr_array_remove_index(expected, at);
    } else {
      printf("# proposed wrongly: %s: %s\n", sentence, found);
    }
  }
  for (guint i = 0; i < expected->len; i++)
    printf("# missed: %s: %s\n", sentence, (char *)g_ptr_array_index(expected, i));
}

static void score_part(char **lines, const aft_names *names, score *total) {
  g_autoptr(GPtrArray) expected = g_ptr_array_new_with_free_func(g_free);
  const char *sentence = NULL;
  for (char **line = lines;; line++) {
    bool ends = *line == NULL || g_str_has_prefix(*line, "----");
    if (!ends && g_str_has_prefix(*line, "= ")) {
      g_ptr_array_add(expected, translate(*line + 2));
      continue;
    }
    if (sentence != NULL) judge(sentence, expected, names, total);
    g_ptr_array_set_size(expected, 0);
    if (ends) return;
    sentence = **line == '#' || **line == '\0' ? NULL : *line;
  }
}

static void print_score(const char *part, const score *s) {
  printf("# %s: %u sentences, %u claims in them, %u proposed, %u right: precision %.3f, recall %.3f\n", part,
         s->sentences, s->expected, s->proposed, s->right, (double)s->right / s->proposed,
         (double)s->right / s->expected);
}

/* Bounds a little below what was measured when the rules were written: a change that loses a claim must say so in docs/methods.md. */
static void test_sentences(void) {
  GError *error = NULL;
  size_t size;
  g_autofree char *path = support_source("claims/sentences.txt"), *text = NULL;
  g_assert_true(aft_file_read(path, 1 << 20, &text, &size, &error));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  aft_names names = {NULL};
  score made = {0}, held = {0};
  char **line = lines;
  read_names(&names);
  score_part(line, &names, &made);
  while (!g_str_has_prefix(*line, "----")) line++;
  score_part(line + 1, &names, &held);
  print_score("made with the rules", &made);
  print_score("held out", &held);
  g_assert_cmpuint(made.sentences + held.sentences, >=, 80);
  g_assert_cmpfloat(made.right, >=, 0.95 * made.proposed);
  g_assert_cmpfloat(made.right, >=, 0.95 * made.expected);
  g_assert_cmpfloat(held.right, >=, 0.88 * held.proposed);
  g_assert_cmpfloat(held.right, >=, 0.74 * held.expected);
  aft_names_clear(&names);
}

/* Pieces of sentences in any order, cut anywhere: whatever is proposed can be read again as claims of an article. */
static void test_pieces(void) {
  static const char *const pieces[] = {
      "Nvidia",   "$",    "17",     "%",   ".",        " ",       "fell",         "the largest",
      "loss",     "ever", "600",    "-",   "billion",  "-dollar", "\xE2\x82\xAC", "\xE2\x80\x99s",
      "(NASDAQ:", "AMD",  ")",      ",",   "\"",       "\n\n",    "second",       "close to",
      "2nd",      "1,2",  "stocks", "off", "per cent", "'s",      "\xC2\xA0",     ";",
      "\xC3\xA9"};
  char *dir = support_temp_dir();
  GRand *draws = g_rand_new_with_seed(3);
  aft_names names = {NULL};
  guint n = 0;
  read_names(&names);
  for (int i = 0; i < 3000; i++) {
    g_autoptr(GString) text = g_string_new(NULL);
    for (int k = g_rand_int_range(draws, 0, 25); k > 0; k--) {
      g_string_append(text, pieces[g_rand_int_range(draws, 0, (gint32)G_N_ELEMENTS(pieces))]);
      if (g_rand_boolean(draws)) g_string_append_c(text, ' ');
    }
    g_autoptr(GArray) claims = aft_claims_extract(text->str, &names);
    g_autofree char *json = aft_claims_print(claims);
    g_autofree char *article = g_strdup_printf("[{\"id\": \"a\", \"published\": null, \"claims\": %s}]", json);
    GError *error = NULL;
    aft_articles articles;
    aft_articles_init(&articles);
    g_autofree char *path = support_write(dir, "a.json", article);
    if (!aft_articles_read(&articles, path, &error)) g_error("%s: %s", text->str, error->message);
    n += claims->len;
    aft_articles_clear(&articles);
  }
  g_assert_cmpuint(n, >, 50);
  support_remove(g_steal_pointer(&dir));
  g_rand_free(draws);
  aft_names_clear(&names);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/extract/sentences", test_sentences);
  g_test_add_func("/extract/pieces", test_pieces);
  return g_test_run();
}
