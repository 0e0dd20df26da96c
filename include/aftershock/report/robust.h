/* The folder of a specification curve: robust.json and its CSV files, and the views that are made from them. */
#ifndef AFTERSHOCK_REPORT_ROBUST_H
#define AFTERSHOCK_REPORT_ROBUST_H

#include <aftershock/base/file.h>
#include <aftershock/report/result.h>
#include <aftershock/study/robust.h>

/* Writes the facts into an existing folder. result: of the same study, for what was asked. */
bool aft_robust_write(const aft_robust *robust, const aft_result *result, const aft_provenance *provenance,
                      const aft_warnings *warnings, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a specification curve, and what is ours in it. */
const aft_folder_form *aft_robust_folder_form(void);

/* Whether a folder holds a specification curve. */
bool aft_robust_is_folder(const char *folder);

/* Draws charts/specification and writes robust.md and robust.html, from the facts alone. A chart that cannot be drawn is a warning. */
bool aft_robust_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_robust_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
