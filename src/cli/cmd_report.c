/* `aftershock report`: every view again, from the facts of a result folder. */
#include "commands.h"
#include "progress.h"

#include <aftershock/report/case.h>
#include <aftershock/report/claims.h>
#include <aftershock/report/correlate.h>
#include <aftershock/report/report.h>
#include <aftershock/report/robust.h>
#include <aftershock/report/scan.h>
#include <aftershock/report/simulation.h>

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Reads result.json and the CSV tables of DIR and makes tables/, charts/, report.md and report.html\n"
    "again, byte for byte as `aftershock run` did; or the views of the folder of a case, a specification\n"
    "curve, a simulation, a scan, a correlation or a verification.\n\n"
    "Example: aftershock report out/deepseek";

/* Every kind of folder is known by its JSON file. */
static bool write_views(const char *folder, aft_warnings *warnings, GError **error) {
  if (aft_simulation_is_folder(folder)) return aft_simulation_report_write(folder, warnings, error);
  if (aft_claims_is_folder(folder)) return aft_claims_report_write(folder, warnings, error);
  if (aft_case_is_folder(folder)) return aft_case_report_write(folder, warnings, error);
  if (aft_robust_is_folder(folder)) return aft_robust_report_write(folder, warnings, error);
  if (aft_scan_is_folder(folder)) return aft_scan_report_write(folder, warnings, error);
  if (aft_correlate_is_folder(folder)) return aft_correlate_report_write(folder, warnings, error);
  return aft_report_write(folder, warnings, error);
}

int aft_cmd_report(int argc, char **argv) {
  gboolean strict = FALSE;
  const GOptionEntry entries[] = {
      {"strict", 0, 0, G_OPTION_ARG_NONE, &strict, "Exit with status 1 when there are warnings", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (!cli_parse(&argc, &argv, "report", details, entries, 1, 1, &status)) return status;
  aft_warnings warnings;
  GError *error = NULL;
  aft_warnings_init(&warnings);
  cli_progress_start(true);
  bool ok = write_views(argv[1], &warnings, &error);
  guint n = cli_print_warnings(&warnings, 0);
  status = ok ? EXIT_DONE : cli_fail(error);
  if (ok) printf("%s\n", argv[1]);
  if (ok && strict && n > 0) status = EXIT_FAILED;
  aft_warnings_clear(&warnings);
  return cli_finish(status);
}
