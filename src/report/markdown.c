/* Markdown: every character that the format could read as more than text is escaped. */
#include "markdown.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* A '<' begins markup only before a letter, '/', '!' or '?'; elsewhere it stays readable: "p < 0.001". */
static bool begins_markup(const char *less) {
  return g_ascii_isalpha(less[1]) || (less[1] != '\0' && strchr("/!?", less[1]) != NULL);
}

/* A '<' at the end is escaped, too: the text that follows it may begin with a letter. */
static void append_escaped(GString *out, const char *text) {
  for (const char *p = text; *p != '\0'; p++) {
    switch (*p) {
    case '<':
      if (begins_markup(p) || p[1] == '\0')
        g_string_append(out, "&lt;");
      else
        g_string_append_c(out, '<');
      break;
    case '>': g_string_append(out, "&gt;"); break;
    case '&': g_string_append(out, "&amp;"); break;
    default:
      if (strchr("\\`*_[]|~$", *p) != NULL) g_string_append_c(out, '\\');
      g_string_append_c(out, *p);
    }
  }
}

/* At the beginning of a line "1.", "-", "+", "#", "=" and ":" would start a list, a heading or a rule. */
static void append_line_start(GString *out, const char *text) {
  size_t digits = strspn(text, "0123456789");
  if (digits > 0 && (text[digits] == '.' || text[digits] == ')')) {
    g_string_append_len(out, text, (gssize)digits);
    g_string_append_c(out, '\\');
    text += digits;
  } else if (text[0] != '\0' && strchr("-+#=:", text[0]) != NULL) {
    g_string_append_c(out, '\\');
  }
  append_escaped(out, text);
}

static size_t longest_run(const char *text, char c) {
  size_t longest = 0, run = 0;
  for (; *text != '\0'; text++) {
    run = *text == c ? run + 1 : 0;
    longest = MAX(longest, run);
  }
  return longest;
}

static void append_repeated(GString *out, char c, size_t n) {
  for (size_t i = 0; i < n; i++) g_string_append_c(out, c);
}

/* A code span shows its text as it is; only its fence must be longer than any run of backquotes inside. */
static void append_code(GString *out, const char *text, bool in_table) {
  size_t fence = longest_run(text, '`') + 1;
  bool pad = text[0] == '`' || text[0] == '\0' || g_str_has_suffix(text, "`");
  append_repeated(out, '`', fence);
  if (pad) g_string_append_c(out, ' ');
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '|' && in_table) g_string_append_c(out, '\\');
    g_string_append_c(out, *p);
  }
  if (pad) g_string_append_c(out, ' ');
  append_repeated(out, '`', fence);
}

static void append_line(GString *out, const aft_line *line) {
  for (guint i = 0; i < line->spans->len; i++) {
    const aft_span *span = &g_array_index(line->spans, aft_span, i);
    switch (span->kind) {
    case AFT_SPAN_PLAIN:
      if (i == 0)
        append_line_start(out, span->text);
      else
        append_escaped(out, span->text);
      break;
    case AFT_SPAN_STRONG:
      g_string_append(out, "**");
      append_escaped(out, span->text);
      g_string_append(out, "**");
      break;
    case AFT_SPAN_CODE: append_code(out, span->text, false); break;
    }
  }
  while (out->len > 0 && out->str[out->len - 1] == ' ') g_string_truncate(out, out->len - 1);
}

/* Inside <...> a link ends at '>' and nowhere else; blanks and angle brackets are percent-encoded. */
static void append_url(GString *out, const char *url) {
  for (const unsigned char *p = (const unsigned char *)url; *p != '\0'; p++) {
    if (strchr("<>\\|`", *p) != NULL || *p <= ' ')
      g_string_append_printf(out, "%%%02X", *p);
    else
      g_string_append_c(out, (char)*p);
  }
}

static void append_cell(GString *out, const aft_cell *cell, enum aft_column_kind kind) {
  if (cell->url != NULL) g_string_append_c(out, '[');
  if (kind == AFT_COLUMN_CODE && cell->text[0] != '\0')
    append_code(out, cell->text, true);
  else
    append_escaped(out, cell->text);
  if (cell->url == NULL) return;
  g_string_append(out, "](<");
  append_url(out, cell->url);
  g_string_append(out, ">)");
}

void aft_markdown_print_grid(const aft_grid *grid, const char *label, GString *out) {
  size_t n_columns = aft_grid_n_columns(grid);
  g_string_append(out, "**");
  append_escaped(out, label);
  append_escaped(out, grid->title);
  g_string_append(out, "**\n\n|");
  for (size_t c = 0; c < n_columns; c++) {
    g_string_append_c(out, ' ');
    append_escaped(out, aft_grid_column(grid, c)->title);
    g_string_append(out, " |");
  }
  g_string_append(out, "\n|");
  for (size_t c = 0; c < n_columns; c++)
    g_string_append(out, aft_grid_column(grid, c)->kind == AFT_COLUMN_NUMBER ? "---:|" : "---|");
  g_string_append_c(out, '\n');
  for (size_t r = 0; r < aft_grid_n_rows(grid); r++) {
    g_string_append_c(out, '|');
    for (size_t c = 0; c < n_columns; c++) {
      g_string_append_c(out, ' ');
      append_cell(out, aft_grid_cell(grid, r, c), aft_grid_column(grid, c)->kind);
      g_string_append(out, " |");
    }
    g_string_append_c(out, '\n');
  }
  for (guint i = 0; i < grid->notes->len; i++) {
    g_string_append_c(out, '\n');
    append_line_start(out, g_ptr_array_index(grid->notes, i));
    g_string_append_c(out, '\n');
  }
}

static void print_commands(const aft_block *block, GString *out) {
  size_t fence = 3;
  for (guint i = 0; i < block->lines->len; i++) {
    const aft_line *line = g_ptr_array_index(block->lines, i);
    for (guint s = 0; s < line->spans->len; s++)
      fence = MAX(fence, longest_run(g_array_index(line->spans, aft_span, s).text, '`') + 1);
  }
  append_repeated(out, '`', fence);
  g_string_append(out, "sh\n");
  for (guint i = 0; i < block->lines->len; i++) {
    const aft_line *line = g_ptr_array_index(block->lines, i);
    for (guint s = 0; s < line->spans->len; s++) g_string_append(out, g_array_index(line->spans, aft_span, s).text);
    g_string_append_c(out, '\n');
  }
  append_repeated(out, '`', fence);
  g_string_append_c(out, '\n');
}

static void print_block(const aft_block *block, int *n_grids, int *n_figures, GString *out) {
  char label[32];
  switch (block->kind) {
  case AFT_BLOCK_HEADING: g_string_append(out, "## "); G_GNUC_FALLTHROUGH;
  case AFT_BLOCK_PARAGRAPH:
    append_line(out, g_ptr_array_index(block->lines, 0));
    g_string_append_c(out, '\n');
    break;
  case AFT_BLOCK_LIST:
    for (guint i = 0; i < block->lines->len; i++) {
      g_string_append(out, "- ");
      append_line(out, g_ptr_array_index(block->lines, i));
      g_string_append_c(out, '\n');
    }
    break;
  case AFT_BLOCK_GRID:
    g_snprintf(label, sizeof label, "Table %d. ", ++*n_grids);
    aft_markdown_print_grid(block->grid, label, out);
    break;
  case AFT_BLOCK_FIGURE:
    g_string_append(out, "![");
    append_escaped(out, block->alt);
    g_string_append_printf(out, "](%s)\n\n**Figure %d.** ", block->file, ++*n_figures);
    append_line(out, g_ptr_array_index(block->lines, 0));
    g_string_append_c(out, '\n');
    break;
  case AFT_BLOCK_COMMANDS: print_commands(block, out); break;
  }
}

void aft_markdown_print(const aft_document *document, GString *out) {
  int n_grids = 0, n_figures = 0;
  g_string_append(out, "# ");
  append_escaped(out, document->title);
  g_string_append_c(out, '\n');
  for (guint i = 0; i < document->blocks->len; i++) {
    g_string_append_c(out, '\n');
    print_block(g_ptr_array_index(document->blocks, i), &n_grids, &n_figures, out);
  }
}
