/* The folder of a scan: scan.json, moves.csv, links.csv and unanswered.csv, and the views that are made from them. */
#ifndef AFTERSHOCK_REPORT_SCAN_H
#define AFTERSHOCK_REPORT_SCAN_H

#include <aftershock/base/file.h>
#include <aftershock/link/scan.h>
#include <aftershock/report/result.h>

/* Writes the facts into an existing folder. result: of the same study, for what was asked. */
bool aft_scan_write(const aft_scan *scan, const aft_result *result, const aft_provenance *provenance,
                    const aft_warnings *warnings, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a scan, and what is ours in it. */
const aft_folder_form *aft_scan_folder_form(void);

/* Whether a folder holds a scan. */
bool aft_scan_is_folder(const char *folder);

/* Draws charts/moves and writes scan.md and scan.html, from the facts alone. A chart that cannot be drawn is a warning. */
bool aft_scan_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_scan_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
