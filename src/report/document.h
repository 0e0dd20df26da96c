/* What a report is before it is Markdown, HTML or LaTeX: headings, paragraphs, lists, tables, figures and commands. */
#ifndef AFTERSHOCK_REPORT_DOCUMENT_H
#define AFTERSHOCK_REPORT_DOCUMENT_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * All text is plain, whoever wrote it: a renderer escapes what its format would read as more than text. Control characters and
 * marks that reorder a line are taken out when text enters the document.
 */
enum aft_span_kind { AFT_SPAN_PLAIN, AFT_SPAN_STRONG, AFT_SPAN_CODE };

typedef struct aft_span {
  enum aft_span_kind kind;
  char *text; /* owned */
} aft_span;

/* One paragraph or one item of a list: spans in order. */
typedef struct aft_line {
  GArray *spans; /* of aft_span */
} aft_line;

enum aft_column_kind {
  AFT_COLUMN_TEXT,   /* wraps */
  AFT_COLUMN_WORD,   /* stays on one line: a date, a symbol */
  AFT_COLUMN_NUMBER, /* to the right, on one line */
  AFT_COLUMN_CODE
};

typedef struct aft_column {
  char *title; /* owned */
  enum aft_column_kind kind;
} aft_column;

typedef struct aft_cell {
  char *text; /* owned */
  char *url;  /* owned; http or https only; NULL: no link */
} aft_cell;

/* A table to be shown. (A CSV file of facts is an aft_table.) */
typedef struct aft_grid {
  char *name;       /* file name without ending, and anchor; owned */
  char *title;      /* owned */
  GArray *columns;  /* of aft_column */
  GArray *cells;    /* of aft_cell, row by row */
  GPtrArray *notes; /* of char *, owned */
} aft_grid;

aft_grid *aft_grid_new(const char *name, const char *title);
void aft_grid_free(aft_grid *grid);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_grid, aft_grid_free)

void aft_grid_add_column(aft_grid *grid, const char *title, enum aft_column_kind kind);
/* Adds the next cell, row by row; text is copied. */
void aft_grid_add(aft_grid *grid, const char *text);
/* The same with a link; a url that is not http or https is left out. */
void aft_grid_add_link(aft_grid *grid, const char *text, const char *url);
void aft_grid_add_note(aft_grid *grid, const char *format, ...) G_GNUC_PRINTF(2, 3);
size_t aft_grid_n_columns(const aft_grid *grid);
size_t aft_grid_n_rows(const aft_grid *grid); /* complete rows */
const aft_column *aft_grid_column(const aft_grid *grid, size_t column);
const aft_cell *aft_grid_cell(const aft_grid *grid, size_t row, size_t column);

enum aft_block_kind {
  AFT_BLOCK_HEADING,   /* line 0, id */
  AFT_BLOCK_PARAGRAPH, /* line 0 */
  AFT_BLOCK_LIST,      /* lines */
  AFT_BLOCK_GRID,      /* grid */
  AFT_BLOCK_FIGURE,    /* file, alt, line 0 is the caption */
  AFT_BLOCK_COMMANDS   /* lines, one command each */
};

typedef struct aft_block {
  enum aft_block_kind kind;
  GPtrArray *lines;  /* of aft_line *, owned */
  aft_grid *grid;    /* owned, or NULL */
  char *id;          /* anchor of a heading; owned, or NULL */
  char *file;        /* image, relative to the result folder; owned, or NULL */
  char *alt;         /* what the image shows; owned, or NULL */
  int width, height; /* of the image, pixels */
} aft_block;

typedef struct aft_document {
  char *title;       /* owned */
  char *generator;   /* program and version; owned */
  GPtrArray *blocks; /* of aft_block *, owned */
} aft_document;

aft_document *aft_document_new(const char *title, const char *generator);
void aft_document_free(aft_document *document);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_document, aft_document_free)

/* Each adds a block at the end. Lines that are returned are borrowed and still empty: fill them with aft_line_say and friends. */
void aft_document_add_heading(aft_document *document, const char *id, const char *text);
aft_line *aft_document_add_paragraph(aft_document *document);
aft_block *aft_document_add_list(aft_document *document);
aft_line *aft_block_add_item(aft_block *list);
void aft_document_add_grid(aft_document *document, aft_grid *grid); /* grid is taken */
/* file is a PNG or, by its ending .svg, an SVG of width x height pixels; returns the caption's line. */
aft_line *aft_document_add_figure(aft_document *document, const char *file, int width, int height, const char *alt);
aft_block *aft_document_add_commands(aft_document *document);

void aft_line_say(aft_line *line, const char *format, ...) G_GNUC_PRINTF(2, 3);
void aft_line_strong(aft_line *line, const char *text);
void aft_line_code(aft_line *line, const char *text);

#endif
