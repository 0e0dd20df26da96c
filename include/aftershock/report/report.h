/* Views of a result folder: tables, charts and documents, made from its files alone. */
#ifndef AFTERSHOCK_REPORT_REPORT_H
#define AFTERSHOCK_REPORT_REPORT_H

#include <aftershock/base/error.h>
#include <stdbool.h>

#define AFT_REPORT_ERROR (aft_report_error_quark())
GQuark aft_report_error_quark(void);

enum aft_report_error {
  AFT_REPORT_ERROR_FOLDER, /* not a result folder, or damaged */
  AFT_REPORT_ERROR_CHART,  /* a chart could not be drawn */
  AFT_REPORT_ERROR_NOTHING /* a chart of what the study does not have: left out without a warning */
};

/*
 * Draws the charts that result.json asks for into folder/charts (each with its .tsv). A missing gnuplot is one warning that names the
 * package (gnuplot-nox) and how to make the charts later; a chart that the data cannot fill is left out with a warning.
 */
bool aft_charts_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes folder/tables: LaTeX (booktabs) and Markdown versions of the main tables. */
bool aft_tables_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes folder/report.md and the self-contained folder/report.html (charts embedded where they exist). */
bool aft_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All three, in the order tables, charts, documents. */
bool aft_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
