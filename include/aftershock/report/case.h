/* The folder of one case: a result of its one event, case.csv and case_placebos.csv, and the page that is made from them. */
#ifndef AFTERSHOCK_REPORT_CASE_H
#define AFTERSHOCK_REPORT_CASE_H

#include <aftershock/base/file.h>
#include <aftershock/report/result.h>
#include <aftershock/study/case.h>

/* Writes the facts into an existing folder; result: of the event alone; controls: group of the placebo firms, or NULL. */
bool aft_case_write(const aft_case *one, const aft_result *result, const char *controls,
                    const aft_provenance *provenance, const aft_warnings *warnings, const char *folder,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a case, and what is ours in it. */
const aft_folder_form *aft_case_folder_form(void);

/* Whether a folder holds a case. */
bool aft_case_is_folder(const char *folder);

/* Draws charts/placebo and charts/fit and writes case.md and case.html, from the facts alone. */
bool aft_case_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_case_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
