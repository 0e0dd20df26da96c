/* A document as one HTML page that needs no other file. */
#ifndef AFTERSHOCK_REPORT_HTML_H
#define AFTERSHOCK_REPORT_HTML_H

#include "document.h"

/*
 * Appends the page. Images are read from folder and held inside as data; the page loads nothing and runs nothing, and says so
 * in its content security policy. Fails when an image cannot be read.
 */
bool aft_html_print(const aft_document *document, const char *folder, GString *out,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends the style sheet of the page. */
void aft_html_print_style(GString *out);

#endif
