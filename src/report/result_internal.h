/* The files of a result, one function each; aft_result_write calls them in turn. */
#ifndef REPORT_RESULT_INTERNAL_H
#define REPORT_RESULT_INTERNAL_H

#include <aftershock/link/scan.h>
#include <aftershock/report/result.h>

bool result_write_events(const aft_result *result, const char *folder, GError **error);
bool result_write_fits(const aft_result *result, const char *folder, GError **error);
bool result_write_coefficients(const aft_result *result, const char *folder, GError **error);
bool result_write_abnormal(const aft_result *result, const char *folder, const char *file, GError **error);
bool result_write_car(const aft_result *result, const char *folder, const char *file, GError **error);
bool result_write_caar(const aft_result *result, const char *folder, const char *file, GError **error);
bool result_write_tests(const aft_result *result, const char *folder, const char *file, GError **error);
bool result_write_size_card(const aft_result *result, const char *folder, GError **error); /* nothing without a card */

bool result_write_groups(const aft_result *result, const char *folder, GError **error);
bool result_write_candidates(const aft_result *result, const char *folder, GError **error); /* nothing without */
bool result_write_gaps(const aft_result *result, const char *folder, GError **error); /* nothing without openings */
bool result_write_alignments(const aft_result *result, const char *folder,
                             GError **error); /* nothing when every session is certain */
bool result_write_influence(const aft_result *result, const char *folder, GError **error);
/* Nothing without diagnoses. */
bool result_write_diagnostics(const aft_result *result, const char *folder, GError **error);
bool result_write_detectable(const aft_result *result, const char *folder, GError **error);
bool result_write_donors(const aft_result *result, const char *folder, GError **error); /* nothing without donors */

bool result_write_calendar_time(const aft_result *result, const char *folder, GError **error);

bool result_write_regressions(const aft_result *result, const char *folder, GError **error);

bool result_write_compat(const aft_result *result, const char *folder, GError **error);

bool result_write_articles(const aft_provenance *provenance, const char *folder, GError **error);
bool result_write_stories(const aft_provenance *provenance, const char *folder, GError **error);
bool result_write_confounders(const aft_result *result, const aft_provenance *provenance, const char *folder,
                              GError **error);
bool result_write_sessions(const aft_result *result, const aft_provenance *provenance, const char *folder,
                           GError **error);
bool result_write_series(const aft_result *result, const char *folder, GError **error);
bool result_write_paths(const aft_result *result, const char *folder, GError **error);

bool result_write_json(const aft_result *result, const aft_scan *scan, const aft_provenance *provenance,
                       const aft_warnings *warnings, const char *folder, GError **error);

/* The panel of the focus event's exchange; without a focus the study's own. */
const aft_panel *result_focus_panel(const aft_result *result);

/* The day of a column of the panel, AFT_DAY_NONE outside it. */
aft_day result_day(const aft_panel *panel, long column);
/* The day of the session rel_day sessions from a fitted event's, on its exchange. */
aft_day result_event_day(const aft_result *result, const aft_abnormal *abnormal, size_t row, int rel_day);

#endif
