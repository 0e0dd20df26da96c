/* The folder of a verification: claims.json, claims.csv and values.csv, and the views that are made from them. */
#ifndef AFTERSHOCK_REPORT_CLAIMS_H
#define AFTERSHOCK_REPORT_CLAIMS_H

#include <aftershock/base/file.h>
#include <aftershock/link/verify.h>
#include <aftershock/report/result.h>

/* Writes the facts into an existing folder. verified: of aft_verified; values: of aft_value_row; result: of the same study, for what was asked. */
bool aft_claims_write(const GArray *verified, const GArray *values, const aft_result *result,
                      const aft_provenance *provenance, const aft_warnings *warnings, const char *folder,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a verification, and what is ours in it. */
const aft_folder_form *aft_claims_folder_form(void);

/* Whether a folder holds a verification. */
bool aft_claims_is_folder(const char *folder);

/* Draws charts/value and writes claims.md and claims.html, from the facts alone. A chart that cannot be drawn is a warning. */
bool aft_claims_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_claims_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
