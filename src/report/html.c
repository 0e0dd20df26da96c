/* HTML: one self-contained page, escaped by default. */
#include "html.h"

#include <aftershock/base/file.h>

#include <aftershock/base/banned.h>

#define IMAGE_MAX_BYTES ((size_t)64 << 20)

static void append_escaped(GString *out, const char *text) {
  g_autofree char *escaped = g_markup_escape_text(text, -1);
  g_string_append(out, escaped);
}

static void append_element(GString *out, const char *element, const char *text) {
  g_string_append_printf(out, "<%s>", element);
  append_escaped(out, text);
  g_string_append_printf(out, "</%s>", element);
}

static void append_line(GString *out, const aft_line *line) {
  for (guint i = 0; i < line->spans->len; i++) {
    const aft_span *span = &g_array_index(line->spans, aft_span, i);
    switch (span->kind) {
    case AFT_SPAN_PLAIN: append_escaped(out, span->text); break;
    case AFT_SPAN_STRONG: append_element(out, "strong", span->text); break;
    case AFT_SPAN_CODE: append_element(out, "code", span->text); break;
    }
  }
}

static void print_head(const aft_document *document, GString *out) {
  g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
                       "style-src 'unsafe-inline'\">\n"
                       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                       "<meta name=\"generator\" content=\"");
  append_escaped(out, document->generator);
  g_string_append(out, "\">\n");
  append_element(out, "title", document->title);
  g_string_append(out, "\n<style>\n");
  aft_html_print_style(out);
  g_string_append(out, "</style>\n</head>\n<body>\n<header>\n");
  append_element(out, "h1", document->title);
  g_string_append(out, "\n</header>\n");
}

static void print_contents(const aft_document *document, GString *out) {
  g_string_append(out, "<nav aria-label=\"Contents\">\n<ol>\n");
  for (guint i = 0; i < document->blocks->len; i++) {
    const aft_block *block = g_ptr_array_index(document->blocks, i);
    if (block->kind != AFT_BLOCK_HEADING) continue;
    g_string_append_printf(out, "<li><a href=\"#%s\">", block->id);
    append_line(out, g_ptr_array_index(block->lines, 0));
    g_string_append(out, "</a></li>\n");
  }
  g_string_append(out, "</ol>\n</nav>\n");
}

static const char *column_class(enum aft_column_kind kind) {
  switch (kind) {
  case AFT_COLUMN_TEXT: return " class=\"t\"";
  case AFT_COLUMN_WORD: return " class=\"w\"";
  case AFT_COLUMN_NUMBER: return " class=\"n\"";
  case AFT_COLUMN_CODE: break;
  }
  return "";
}

static void print_cell(const aft_cell *cell, const aft_column *column, bool is_first, GString *out) {
  const char *element = is_first ? "th scope=\"row\"" : "td";
  g_string_append_printf(out, "<%s%s>", element, column_class(column->kind));
  if (cell->url != NULL) {
    g_string_append(out, "<a rel=\"noreferrer noopener\" href=\"");
    append_escaped(out, cell->url);
    g_string_append(out, "\">");
  }
  if (column->kind == AFT_COLUMN_CODE && cell->text[0] != '\0')
    append_element(out, "code", cell->text);
  else
    append_escaped(out, cell->text);
  g_string_append_printf(out, "%s</%s>", cell->url != NULL ? "</a>" : "", is_first ? "th" : "td");
}

/* A wide table scrolls inside its frame, which the keyboard can reach. */
static void print_grid(const aft_grid *grid, int number, GString *out) {
  size_t n_columns = aft_grid_n_columns(grid);
  g_string_append_printf(out, "<figure class=\"table\" id=\"table-%s\">\n<figcaption><b>Table %d.</b> ", grid->name,
                         number);
  append_escaped(out, grid->title);
  g_string_append(out, "</figcaption>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"");
  append_escaped(out, grid->title);
  g_string_append(out, "\">\n<table>\n<thead><tr>");
  for (size_t c = 0; c < n_columns; c++) {
    const aft_column *column = aft_grid_column(grid, c);
    g_string_append_printf(out, "<th scope=\"col\"%s>", column_class(column->kind));
    append_escaped(out, column->title);
    g_string_append(out, "</th>");
  }
  g_string_append(out, "</tr></thead>\n<tbody>\n");
  for (size_t r = 0; r < aft_grid_n_rows(grid); r++) {
    g_string_append(out, "<tr>");
    for (size_t c = 0; c < n_columns; c++) print_cell(aft_grid_cell(grid, r, c), aft_grid_column(grid, c), c == 0, out);
    g_string_append(out, "</tr>\n");
  }
  g_string_append(out, "</tbody>\n</table>\n</div>\n");
  for (guint i = 0; i < grid->notes->len; i++) {
    append_element(out, "p class=\"note\"", g_ptr_array_index(grid->notes, i));
    g_string_append_c(out, '\n');
  }
  g_string_append(out, "</figure>\n");
}

static bool print_figure(const aft_block *block, int number, const char *folder, GString *out, GError **error) {
  g_autofree char *path = g_build_filename(folder, block->file, NULL);
  g_autofree char *bytes = NULL;
  size_t size = 0;
  if (!aft_file_read(path, IMAGE_MAX_BYTES, &bytes, &size, error)) return false;
  g_autofree char *data = g_base64_encode((const guchar *)bytes, size);
  const char *type = g_str_has_suffix(block->file, ".svg") ? "svg+xml" : "png";
  g_string_append_printf(out, "<figure>\n<div class=\"chart\" tabindex=\"0\"><img width=\"%d\" height=\"%d\" alt=\"",
                         block->width, block->height);
  append_escaped(out, block->alt);
  g_string_append_printf(out, "\" src=\"data:image/%s;base64,%s\"></div>\n<figcaption><b>Figure %d.</b> ", type, data,
                         number);
  append_line(out, g_ptr_array_index(block->lines, 0));
  g_string_append(out, "</figcaption>\n</figure>\n");
  return true;
}

static void print_lines(const aft_block *block, const char *element, GString *out) {
  for (guint i = 0; i < block->lines->len; i++) {
    g_string_append_printf(out, "<%s>", element);
    append_line(out, g_ptr_array_index(block->lines, i));
    g_string_append_printf(out, "</%s>\n", element);
  }
}

static void print_commands(const aft_block *block, GString *out) {
  g_string_append(out, "<pre tabindex=\"0\"><code>");
  for (guint i = 0; i < block->lines->len; i++) {
    append_line(out, g_ptr_array_index(block->lines, i));
    g_string_append_c(out, '\n');
  }
  g_string_append(out, "</code></pre>\n");
}

bool aft_html_print(const aft_document *document, const char *folder, GString *out, GError **error) {
  int n_grids = 0, n_figures = 0;
  print_head(document, out);
  print_contents(document, out);
  g_string_append(out, "<main>\n");
  for (guint i = 0; i < document->blocks->len; i++) {
    const aft_block *block = g_ptr_array_index(document->blocks, i);
    switch (block->kind) {
    case AFT_BLOCK_HEADING:
      g_string_append_printf(out, "<h2 id=\"%s\">", block->id);
      append_line(out, g_ptr_array_index(block->lines, 0));
      g_string_append(out, "</h2>\n");
      break;
    case AFT_BLOCK_PARAGRAPH: print_lines(block, "p", out); break;
    case AFT_BLOCK_LIST:
      g_string_append(out, "<ul>\n");
      print_lines(block, "li", out);
      g_string_append(out, "</ul>\n");
      break;
    case AFT_BLOCK_GRID: print_grid(block->grid, ++n_grids, out); break;
    case AFT_BLOCK_FIGURE:
      if (!print_figure(block, ++n_figures, folder, out, error)) return false;
      break;
    case AFT_BLOCK_COMMANDS: print_commands(block, out); break;
    }
  }
  g_string_append(out, "</main>\n<footer><p>Made by ");
  append_escaped(out, document->generator);
  g_string_append(out, ".</p></footer>\n</body>\n</html>\n");
  return true;
}
