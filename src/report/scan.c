/* The folder of a scan. */
#include <aftershock/report/scan.h>

#include "chart.h"
#include "result_json.h"

#include <aftershock/base/banned.h>

bool aft_scan_write(const aft_scan *scan, const aft_result *result, const aft_provenance *provenance,
                    const aft_warnings *warnings, const char *folder, GError **error) {
  if (!result_write_scan(scan, folder, error)) return false;
  json_t *root = result_describe_command("aftershock-scan-1", result, provenance, warnings);
  json_object_set_new(root, "scan", result_describe_scan(scan));
  return result_save_json(root, folder, "scan.json", error);
}

const aft_folder_form *aft_scan_folder_form(void) {
  static const char *const names[] = {"scan.json", "moves.csv", "links.csv", "unanswered.csv",
                                      "scan.md",   "scan.html", "charts",    NULL};
  static const aft_folder_form form = {"scan.json", "\"format\": \"aftershock-scan-1\"", names};
  return &form;
}

bool aft_scan_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "scan.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_scan_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_scan_write(folder, warnings, error) && aft_scan_documents_write(folder, error);
}
