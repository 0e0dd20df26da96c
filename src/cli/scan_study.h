/* The scan of a loaded study, for `scan` and for `run`. */
#ifndef CLI_SCAN_STUDY_H
#define CLI_SCAN_STUDY_H

#include "load.h"

#include <aftershock/link/scan.h>

/* Scans, and adds what is to be warned of to the study's warnings. The scan borrows from the study. */
bool cli_scan_study(cli_study *study, unsigned n_threads, aft_scan *scan, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* On standard output: how many moves were found and what is said of them; the largest. */
void cli_scan_print_counts(const aft_scan *scan);
void cli_scan_print_largest(const aft_scan *scan);

#endif
