/* The error domain of report/. */
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft-report-error-quark, aft_report_error)
