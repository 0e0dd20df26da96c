/* Building the document: text is cleaned on its way in, so that no renderer has to trust it. */
#include "document.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* Marks that change the direction of what follows: a title could make a line read other than it is. */
static bool is_reordering_mark(gunichar c) {
  return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/* One line of valid UTF-8: control characters become a blank, reordering marks are dropped. Owned. */
static char *clean_text(const char *text) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  GString *out = g_string_sized_new(strlen(valid));
  for (const char *p = valid; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
    gunichar c = g_utf8_get_char(p);
    if (is_reordering_mark(c)) continue;
    bool is_break = g_unichar_iscntrl(c) || c == 0x2028 || c == 0x2029;
    g_string_append_unichar(out, is_break ? ' ' : c);
  }
  return g_string_free(out, FALSE);
}

static void clear_span(gpointer data) { g_free(((aft_span *)data)->text); }

static void clear_column(gpointer data) { g_free(((aft_column *)data)->title); }

static void clear_cell(gpointer data) {
  aft_cell *cell = data;
  g_free(cell->text);
  g_free(cell->url);
}

static aft_line *line_new(void) {
  aft_line *line = g_new0(aft_line, 1);
  line->spans = g_array_new(FALSE, FALSE, sizeof(aft_span));
  g_array_set_clear_func(line->spans, clear_span);
  return line;
}

static void line_free(gpointer data) {
  aft_line *line = data;
  g_array_unref(line->spans);
  g_free(line);
}

aft_grid *aft_grid_new(const char *name, const char *title) {
  aft_grid *grid = g_new0(aft_grid, 1);
  grid->name = g_strdup(name);
  grid->title = clean_text(title);
  grid->columns = g_array_new(FALSE, FALSE, sizeof(aft_column));
  g_array_set_clear_func(grid->columns, clear_column);
  grid->cells = g_array_new(FALSE, FALSE, sizeof(aft_cell));
  g_array_set_clear_func(grid->cells, clear_cell);
  grid->notes = g_ptr_array_new_with_free_func(g_free);
  return grid;
}

void aft_grid_free(aft_grid *grid) {
  if (grid == NULL) return;
  g_free(grid->name);
  g_free(grid->title);
  g_array_unref(grid->columns);
  g_array_unref(grid->cells);
  g_ptr_array_unref(grid->notes);
  g_free(grid);
}

void aft_grid_add_column(aft_grid *grid, const char *title, enum aft_column_kind kind) {
  aft_column column = {.title = clean_text(title), .kind = kind};
  g_array_append_val(grid->columns, column);
}

void aft_grid_add(aft_grid *grid, const char *text) {
  aft_cell cell = {.text = clean_text(text), .url = NULL};
  g_array_append_val(grid->cells, cell);
}

void aft_grid_add_link(aft_grid *grid, const char *text, const char *url) {
  aft_cell cell = {.text = clean_text(text), .url = NULL};
  bool is_web = g_ascii_strncasecmp(url, "https://", 8) == 0 || g_ascii_strncasecmp(url, "http://", 7) == 0;
  if (is_web) cell.url = clean_text(url);
  g_array_append_val(grid->cells, cell);
}

void aft_grid_add_note(aft_grid *grid, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_ptr_array_add(grid->notes, clean_text(text));
}

size_t aft_grid_n_columns(const aft_grid *grid) { return grid->columns->len; }

size_t aft_grid_n_rows(const aft_grid *grid) {
  return grid->columns->len == 0 ? 0 : grid->cells->len / grid->columns->len;
}

const aft_column *aft_grid_column(const aft_grid *grid, size_t column) {
  return &g_array_index(grid->columns, aft_column, column);
}

const aft_cell *aft_grid_cell(const aft_grid *grid, size_t row, size_t column) {
  return &g_array_index(grid->cells, aft_cell, row * grid->columns->len + column);
}

static void block_free(gpointer data) {
  aft_block *block = data;
  g_ptr_array_unref(block->lines);
  aft_grid_free(block->grid);
  g_free(block->id);
  g_free(block->file);
  g_free(block->alt);
  g_free(block);
}

aft_document *aft_document_new(const char *title, const char *generator) {
  aft_document *document = g_new0(aft_document, 1);
  document->title = clean_text(title);
  document->generator = clean_text(generator);
  document->blocks = g_ptr_array_new_with_free_func(block_free);
  return document;
}

void aft_document_free(aft_document *document) {
  if (document == NULL) return;
  g_free(document->title);
  g_free(document->generator);
  g_ptr_array_unref(document->blocks);
  g_free(document);
}

static aft_block *add_block(aft_document *document, enum aft_block_kind kind) {
  aft_block *block = g_new0(aft_block, 1);
  block->kind = kind;
  block->lines = g_ptr_array_new_with_free_func(line_free);
  g_ptr_array_add(document->blocks, block);
  return block;
}

aft_line *aft_block_add_item(aft_block *list) {
  aft_line *line = line_new();
  g_ptr_array_add(list->lines, line);
  return line;
}

void aft_document_add_heading(aft_document *document, const char *id, const char *text) {
  aft_block *block = add_block(document, AFT_BLOCK_HEADING);
  block->id = g_strdup(id);
  aft_line_say(aft_block_add_item(block), "%s", text);
}

aft_line *aft_document_add_paragraph(aft_document *document) {
  return aft_block_add_item(add_block(document, AFT_BLOCK_PARAGRAPH));
}

aft_block *aft_document_add_list(aft_document *document) { return add_block(document, AFT_BLOCK_LIST); }

void aft_document_add_grid(aft_document *document, aft_grid *grid) { add_block(document, AFT_BLOCK_GRID)->grid = grid; }

aft_line *aft_document_add_figure(aft_document *document, const char *file, int width, int height, const char *alt) {
  aft_block *block = add_block(document, AFT_BLOCK_FIGURE);
  block->file = g_strdup(file);
  block->width = width;
  block->height = height;
  block->alt = clean_text(alt);
  return aft_block_add_item(block);
}

aft_block *aft_document_add_commands(aft_document *document) { return add_block(document, AFT_BLOCK_COMMANDS); }

static void add_span(aft_line *line, enum aft_span_kind kind, const char *text) {
  aft_span span = {.kind = kind, .text = clean_text(text)};
  g_array_append_val(line->spans, span);
}

void aft_line_say(aft_line *line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  add_span(line, AFT_SPAN_PLAIN, text);
}

void aft_line_strong(aft_line *line, const char *text) { add_span(line, AFT_SPAN_STRONG, text); }

void aft_line_code(aft_line *line, const char *text) { add_span(line, AFT_SPAN_CODE, text); }
