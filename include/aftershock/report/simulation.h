/* The folder of a simulation: simulation.json and size.csv, and the views that are made from them. */
#ifndef AFTERSHOCK_REPORT_SIMULATION_H
#define AFTERSHOCK_REPORT_SIMULATION_H

#include <aftershock/base/file.h>
#include <aftershock/report/result.h>
#include <aftershock/study/simulate.h>

/* Writes the facts into an existing folder. result: of the same study, for what was asked; its tests are not used. */
bool aft_simulation_write(const aft_simulation *simulation, const aft_result *result, const aft_provenance *provenance,
                          const aft_warnings *warnings, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder a simulation, and what is ours in it. */
const aft_folder_form *aft_simulation_folder_form(void);

/* Whether a folder holds a simulation rather than a result. */
bool aft_simulation_is_folder(const char *folder);

/* Draws charts/size and writes simulation.md and simulation.html, from the facts alone. Charts that cannot be drawn are warnings, as in a result folder. */
bool aft_simulation_report_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The documents alone. */
bool aft_simulation_documents_write(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
