/* The writers of one document: what Markdown, HTML and LaTeX do with text that looks like markup. */
#include "support/support.h"

#include "report/document.h"
#include "report/html.h"
#include "report/latex.h"
#include "report/markdown.h"
#include "report/story_words.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Every character that any of the three formats could read as more than text. */
static const char hostile[] = "<b>&amp; \"q\" 'a' `c` *s* _u_ |p| [l](u) \\x {g} $m$ #h ^ ~ %c";

static aft_document *make_document(void) {
  aft_document *document = aft_document_new(hostile, "aftershock 1");
  aft_document_add_heading(document, "one", hostile);
  aft_line *line = aft_document_add_paragraph(document);
  aft_line_say(line, "%s ", hostile);
  aft_line_strong(line, hostile);
  aft_line_code(line, hostile);
  return document;
}

static aft_grid *make_grid(void) {
  aft_grid *grid = aft_grid_new("grid", hostile);
  aft_grid_add_column(grid, hostile, AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "code", AFT_COLUMN_CODE);
  aft_grid_add(grid, hostile);
  aft_grid_add(grid, hostile);
  aft_grid_add_note(grid, "%s", hostile);
  return grid;
}

static char *print_html(const aft_document *document) {
  g_autoptr(GString) out = g_string_new(NULL);
  GError *error = NULL;
  g_assert_true(aft_html_print(document, ".", out, &error));
  g_assert_no_error(error);
  return g_strdup(out->str);
}

static size_t count(const char *text, const char *part) {
  size_t n = 0;
  for (const char *at = strstr(text, part); at != NULL; at = strstr(at + strlen(part), part)) n++;
  return n;
}

static void test_html_escapes(void) {
  g_autoptr(aft_document) document = make_document();
  aft_document_add_grid(document, make_grid());
  g_autofree char *html = print_html(document);
  g_assert_cmpuint(count(html, "<b>"), ==, 1); /* the label "Table 1." alone */
  /* title, h1, contents, h2; plain, strong, code; caption, label, head, two cells, note */
  g_assert_cmpuint(count(html, "&lt;b&gt;&amp;amp; &quot;q&quot; "), ==, 4 + 3 + 6);
  g_assert_nonnull(
      strstr(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "));
  g_assert_nonnull(strstr(html, "<html lang=\"en\">"));
  g_assert_nonnull(strstr(html, "<meta name=\"viewport\""));
  g_assert_null(strstr(html, "src=\"http"));
}

static void test_markdown_escapes(void) {
  g_autoptr(aft_document) document = make_document();
  g_autoptr(GString) out = g_string_new(NULL);
  aft_markdown_print(document, out);
  static const char escaped[] =
      "&lt;b&gt;&amp;amp; \"q\" 'a' \\`c\\` \\*s\\* \\_u\\_ \\|p\\| \\[l\\](u) \\\\x {g} \\$m\\$ #h ^ "
      "\\~ %c";
  g_assert_cmpuint(count(out->str, escaped), ==, 4);
  g_autofree char *code = g_strdup_printf("``%s``", hostile); /* a longer fence than any run inside */
  g_assert_nonnull(strstr(out->str, code));
}

static void test_markdown_line_starts(void) {
  static const char *const starts[][2] = {{"1. one", "1\\. one"},
                                          {"- a", "\\- a"},
                                          {"+ a", "\\+ a"},
                                          {"# a", "\\# a"},
                                          {"= a", "\\= a"},
                                          {"12) a", "12\\) a"},
                                          {"2024-01-02 a", "2024-01-02 a"}};
  for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
    g_autoptr(aft_document) document = aft_document_new("t", "g");
    aft_line_say(aft_document_add_paragraph(document), "%s", starts[i][0]);
    g_autoptr(GString) out = g_string_new(NULL);
    aft_markdown_print(document, out);
    g_autofree char *expected = g_strdup_printf("# t\n\n%s\n", starts[i][1]);
    g_assert_cmpstr(out->str, ==, expected);
  }
}

/* Only what could begin a tag, an end tag, a comment or an instruction is escaped; at the end nobody knows what follows. */
static void test_markdown_less_than(void) {
  static const char *const texts[][2] = {
      {"p < 0.001", "p < 0.001"}, {"p <0.001", "p <0.001"}, {"a<b", "a&lt;b"}, {"</b", "&lt;/b"},
      {"<!--", "&lt;!--"},        {"<?x", "&lt;?x"},        {"<<i", "<&lt;i"}, {"ends with <", "ends with &lt;"}};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autoptr(aft_document) document = aft_document_new("t", "g");
    aft_line_say(aft_document_add_paragraph(document), "%s", texts[i][0]);
    g_autoptr(GString) out = g_string_new(NULL);
    aft_markdown_print(document, out);
    g_autofree char *expected = g_strdup_printf("# t\n\n%s\n", texts[i][1]);
    g_assert_cmpstr(out->str, ==, expected);
  }
}

/* A table's row keeps its number of cells whatever is in them. */
static void test_markdown_table_cells(void) {
  g_autoptr(aft_grid) grid = make_grid();
  g_autoptr(GString) out = g_string_new(NULL);
  aft_markdown_print_grid(grid, "", out);
  g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
  for (int i = 2; i <= 4; i++) {
    size_t bars = 0;
    for (const char *p = lines[i]; *p != '\0'; p++) bars += *p == '|' && (p == lines[i] || p[-1] != '\\');
    g_assert_cmpuint(bars, ==, 3);
  }
}

static void test_latex_escapes(void) {
  g_autoptr(aft_grid) grid = make_grid();
  g_autoptr(GString) out = g_string_new(NULL);
  aft_latex_print_grid(grid, out);
  static const char escaped[] =
      "\\textless{}b\\textgreater{}\\&amp; \\char34{}q\\char34{} 'a' \\char96{}c\\char96{} {*}s{*} "
      "\\_u\\_ \\textbar{}p\\textbar{} "
      "{[}l{]}(u) \\textbackslash{}x \\{g\\} \\$m\\$ \\#h \\textasciicircum{} \\textasciitilde{} \\%c";
  g_assert_cmpuint(count(out->str, escaped), ==, 3); /* head, text cell, code cell */
  g_auto(GStrv) lines = g_strsplit(out->str, "\n", -1);
  g_assert_cmpstr(lines[3], ==, "\\begin{tabular}{ll}"); /* title and note are comments */
  for (int i = 0; i < 3; i++) g_assert_true(g_str_has_prefix(lines[i], "% "));
}

/* 40 rows fit on a page; a table of 41 must break, with its head on every page. */
static void test_latex_long_tables(void) {
  for (int n_rows = 40; n_rows <= 41; n_rows++) {
    g_autoptr(aft_grid) grid = aft_grid_new("g", "t");
    aft_grid_add_column(grid, "c", AFT_COLUMN_NUMBER);
    for (int i = 0; i < n_rows; i++) aft_grid_add(grid, "7");
    g_autoptr(GString) out = g_string_new(NULL), expected = g_string_new(NULL);
    aft_latex_print_grid(grid, out);
    bool is_long = n_rows > 40;
    g_string_append(
        expected, is_long ? "% t\n% Needs \\usepackage{booktabs} and \\usepackage{longtable}.\n\\begin{longtable}{r}\n"
                          : "% t\n% Needs \\usepackage{booktabs}.\n\\begin{tabular}{r}\n");
    g_string_append(expected, "\\toprule\nc \\\\\n\\midrule\n");
    if (is_long) g_string_append(expected, "\\endhead\n\\bottomrule\n\\endfoot\n");
    for (int i = 0; i < n_rows; i++) g_string_append(expected, "7 \\\\\n");
    g_string_append(expected, is_long ? "\\end{longtable}\n" : "\\bottomrule\n\\end{tabular}\n");
    g_assert_cmpstr(out->str, ==, expected->str);
  }
}

/* A line break would end a comment, a row or a list item; a reordering mark would make a line read other than it is. */
static void test_text_is_cleaned(void) {
  g_autoptr(aft_grid) grid = aft_grid_new("g", "a\nb\r\n\x07"
                                               "c\xE2\x80\xAE"
                                               "d\xE2\x80\xA8"
                                               "e");
  g_assert_cmpstr(grid->title, ==, "a b   cd e");
  g_autoptr(aft_grid) broken = aft_grid_new("g", "a\xFF");
  g_assert_cmpstr(broken->title, ==, "a\xEF\xBF\xBD");
}

static void test_only_web_links(void) {
  static const char *const refused[] = {"javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "",
                                        " https://x"};
  g_autoptr(aft_grid) grid = aft_grid_new("g", "t");
  aft_grid_add_column(grid, "c", AFT_COLUMN_TEXT);
  for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) aft_grid_add_link(grid, "x", refused[i]);
  aft_grid_add_link(grid, "x", "HTTPS://example.org/");
  for (size_t i = 0; i < G_N_ELEMENTS(refused); i++) g_assert_null(aft_grid_cell(grid, i, 0)->url);
  g_assert_cmpstr(aft_grid_cell(grid, G_N_ELEMENTS(refused), 0)->url, ==, "HTTPS://example.org/");
}

static void test_missing_image_is_an_error(void) {
  g_autoptr(aft_document) document = aft_document_new("t", "g");
  aft_line_say(aft_document_add_figure(document, "charts/none.png", 1, 1, "alt"), "caption");
  g_autoptr(GString) out = g_string_new(NULL);
  GError *error = NULL;
  g_assert_false(aft_html_print(document, "/nonexistent", out, &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
}

static void test_numbers_in_words(void) {
  aft_words words;
  aft_words_init(&words);
  g_assert_cmpstr(aft_words_percent(&words, -0.132123), ==, "−13.21\xC2\xA0%");
  g_assert_cmpstr(aft_words_signed_percent(&words, 0.005), ==, "+0.50\xC2\xA0%");
  g_assert_cmpstr(aft_words_signed_percent(&words, -0.00001), ==, "0.00\xC2\xA0%"); /* no minus zero */
  g_assert_cmpstr(aft_words_signed_percent(&words, 0.00001), ==, "0.00\xC2\xA0%");
  g_assert_cmpstr(aft_words_percent(&words, (double)NAN), ==, "–");
  g_assert_cmpstr(aft_words_fixed(&words, 1e300, 2), ==, "1e+300");
  g_assert_cmpstr(aft_words_p(&words, 0.0004), ==,
                  "p\xC2\xA0<\xC2\xA0"
                  "0.001");
  g_assert_cmpstr(aft_words_p(&words, 0.27546), ==,
                  "p\xC2\xA0=\xC2\xA0"
                  "0.275");
  g_assert_cmpstr(aft_words_p_cell(&words, 0.0), ==, "< 1e−300");
  g_assert_cmpstr(aft_words_p_cell(&words, 8.862848e-07), ==, "8.86e−07");
  g_assert_cmpstr(aft_words_p_cell(&words, 0.02), ==, "0.0200");
  g_assert_cmpstr(aft_words_count(&words, 1234567), ==, "1,234,567");
  g_assert_cmpstr(aft_words_count(&words, 123), ==, "123");
  g_assert_cmpstr(aft_words_noun(&words, 1, "story", "stories"), ==, "1 story");
  g_assert_cmpstr(aft_words_noun(&words, 0, "story", "stories"), ==, "no stories");
  g_assert_cmpstr(aft_words_window(&words, (aft_fact_window){-10, 4}), ==, "[−10, 4]");
  g_assert_cmpstr(aft_words_over(&words, (aft_fact_window){1, 1}, true), ==, "On day\xC2\xA0+1");
  g_assert_cmpstr(aft_words_sample(&words, "event:a/b c"), ==, "story a, group b c");
  g_assert_cmpstr(aft_words_shell(&words, "a b'; rm"), ==, "'a b'\\''; rm'");
  g_assert_cmpstr(aft_words_shell(&words, "-x"), ==, "./'-x'");
  aft_words_clear(&words);
}

static void test_lists_in_words(void) {
  aft_words words;
  aft_words_init(&words);
  char a[] = "a", b[] = "b", c[] = "c";
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  g_ptr_array_add(names, a);
  g_assert_cmpstr(aft_words_join(&words, names, 3), ==, "a");
  g_ptr_array_add(names, b);
  g_assert_cmpstr(aft_words_join(&words, names, 3), ==, "a and b");
  g_ptr_array_add(names, c);
  g_assert_cmpstr(aft_words_join(&words, names, 3), ==, "a, b and c");
  g_assert_cmpstr(aft_words_join(&words, names, 2), ==, "a, b and 1 more");
  aft_words_clear(&words);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/html/escapes", test_html_escapes);
  g_test_add_func("/html/markdown_escapes", test_markdown_escapes);
  g_test_add_func("/html/markdown_line_starts", test_markdown_line_starts);
  g_test_add_func("/html/markdown_less_than", test_markdown_less_than);
  g_test_add_func("/html/markdown_table_cells", test_markdown_table_cells);
  g_test_add_func("/html/latex_escapes", test_latex_escapes);
  g_test_add_func("/html/latex_long_tables", test_latex_long_tables);
  g_test_add_func("/html/text_is_cleaned", test_text_is_cleaned);
  g_test_add_func("/html/only_web_links", test_only_web_links);
  g_test_add_func("/html/missing_image_is_an_error", test_missing_image_is_an_error);
  g_test_add_func("/html/numbers_in_words", test_numbers_in_words);
  g_test_add_func("/html/lists_in_words", test_lists_in_words);
  return g_test_run();
}
