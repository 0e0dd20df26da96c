/* A document, or one of its tables, as Markdown (CommonMark with GitHub's tables). */
#ifndef AFTERSHOCK_REPORT_MARKDOWN_H
#define AFTERSHOCK_REPORT_MARKDOWN_H

#include "document.h"

/* Appends the whole document; images are linked, not held inside. */
void aft_markdown_print(const aft_document *document, GString *out);

/* Appends title, table and notes; label is put before the title ("Table 3. "), or is empty. */
void aft_markdown_print_grid(const aft_grid *grid, const char *label, GString *out);

#endif
