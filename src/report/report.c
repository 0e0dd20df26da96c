/* All views of a result folder, in the order in which they need each other. */
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

bool aft_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return aft_tables_write(folder, error) && aft_charts_write(folder, warnings, error) &&
         aft_documents_write(folder, error);
}
