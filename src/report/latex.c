/* LaTeX: every character that is a command to TeX is written as text. */
#include "latex.h"

#include <string.h>

#include <aftershock/base/banned.h>

struct replacement {
  gunichar character;
  const char *latex;
};

/* Brackets are grouped: a cell "[0, 0]" after a line's end would be read as the line's extra height. */
static const struct replacement replacements[] = {
    {'\\', "\\textbackslash{}"},
    {'{', "\\{"},
    {'}', "\\}"},
    {'$', "\\$"},
    {'&', "\\&"},
    {'#', "\\#"},
    {'%', "\\%"},
    {'_', "\\_"},
    {'^', "\\textasciicircum{}"},
    {'~', "\\textasciitilde{}"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'|', "\\textbar{}"},
    {'"', "\\char34{}"},
    {'`', "\\char96{}"},
    {'[', "{[}"},
    {']', "{]}"},
    {'*', "{*}"},
    {0x00A0, "~"},
    {0x2212, "$-$"},
    {0x2013, "--"},
    {0x00D7, "$\\times$"},
    {0x00B2, "$^2$"},
    {0x2026, "\\dots{}"},
};

static void append_escaped(GString *out, const char *text) {
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
    gunichar c = g_utf8_get_char(p);
    const char *latex = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(replacements) && latex == NULL; i++)
      if (replacements[i].character == c) latex = replacements[i].latex;
    if (latex != NULL)
      g_string_append(out, latex);
    else
      g_string_append_unichar(out, c);
  }
}

static void append_cell(GString *out, const char *text, enum aft_column_kind kind) {
  bool is_code = kind == AFT_COLUMN_CODE && text[0] != '\0';
  if (is_code) g_string_append(out, "\\texttt{");
  append_escaped(out, text);
  if (is_code) g_string_append_c(out, '}');
}

/* A tabular is one box and cannot break: longer tables would run off the page. */
enum { MOST_ROWS_OF_A_PAGE = 40 };

static void print_head(const aft_grid *grid, GString *out) {
  size_t n_columns = aft_grid_n_columns(grid);
  bool is_long = aft_grid_n_rows(grid) > MOST_ROWS_OF_A_PAGE;
  g_string_append_printf(out, "%% %s\n", grid->title);
  for (guint i = 0; i < grid->notes->len; i++)
    g_string_append_printf(out, "%% %s\n", (const char *)g_ptr_array_index(grid->notes, i));
  g_string_append(out, is_long ? "% Needs \\usepackage{booktabs} and \\usepackage{longtable}.\n\\begin{longtable}{"
                               : "% Needs \\usepackage{booktabs}.\n\\begin{tabular}{");
  for (size_t c = 0; c < n_columns; c++)
    g_string_append_c(out, aft_grid_column(grid, c)->kind == AFT_COLUMN_NUMBER ? 'r' : 'l');
  g_string_append(out, "}\n\\toprule\n");
  for (size_t c = 0; c < n_columns; c++) {
    if (c > 0) g_string_append(out, " & ");
    append_escaped(out, aft_grid_column(grid, c)->title);
  }
  g_string_append(out, " \\\\\n\\midrule\n");
  /* The head returns on every page, the rule below closes each. */
  if (is_long) g_string_append(out, "\\endhead\n\\bottomrule\n\\endfoot\n");
}

void aft_latex_print_grid(const aft_grid *grid, GString *out) {
  size_t n_columns = aft_grid_n_columns(grid), n_rows = aft_grid_n_rows(grid);
  print_head(grid, out);
  for (size_t r = 0; r < n_rows; r++) {
    for (size_t c = 0; c < n_columns; c++) {
      if (c > 0) g_string_append(out, " & ");
      append_cell(out, aft_grid_cell(grid, r, c)->text, aft_grid_column(grid, c)->kind);
    }
    g_string_append(out, " \\\\\n");
  }
  g_string_append(out, n_rows > MOST_ROWS_OF_A_PAGE ? "\\end{longtable}\n" : "\\bottomrule\n\\end{tabular}\n");
}
