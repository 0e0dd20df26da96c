/* A table as LaTeX: a tabular or, when it is long, a longtable with booktabs rules, for \input. */
#ifndef AFTERSHOCK_REPORT_LATEX_H
#define AFTERSHOCK_REPORT_LATEX_H

#include "document.h"

/*
 * Appends the title and the notes as comments and one tabular environment, or above 40 rows one longtable, which breaks
 * across pages and stands outside of any float. The document that reads it needs \usepackage{booktabs}, and \usepackage{longtable}
 * for the latter, as the last comment says; letters outside of ASCII are written as UTF-8, which LaTeX reads since 2018.
 */
void aft_latex_print_grid(const aft_grid *grid, GString *out);

#endif
