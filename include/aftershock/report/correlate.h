/* The folder of a correlation: correlate.json, correlation.csv, granger.csv and news.csv, and the views that are made from them. */
#ifndef AFTERSHOCK_REPORT_CORRELATE_H
#define AFTERSHOCK_REPORT_CORRELATE_H

#include <aftershock/base/file.h>
#include <aftershock/link/correlate.h>
#include <aftershock/report/result.h>

/* Writes the facts into an existing folder. result: of the same study, for what was asked. */
bool aft_correlate_write(const aft_correlate *correlate, const aft_result *result, const aft_provenance *provenance,
                         const aft_warnings *warnings, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a correlation, and what is ours in it. */
const aft_folder_form *aft_correlate_folder_form(void);

/* Whether a folder holds a correlation. */
bool aft_correlate_is_folder(const char *folder);

/* Draws charts/attention and charts/correlogram and writes correlate.md and correlate.html, from the facts alone. */
bool aft_correlate_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_correlate_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
