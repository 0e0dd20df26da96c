/* The error domain of report/. */
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_report_error, aft_report_error)
