/* What the views of a simulation share. */
#ifndef REPORT_SIMULATION_H
#define REPORT_SIMULATION_H

#include <aftershock/report/simulation.h>
#include <aftershock/report/table.h>

#include <jansson.h>

#define SIMULATION_MAX_DESIGNS 100

/* One design of simulation.json. */
typedef struct simulation_design {
  const char *name; /* borrowed from the JSON */
  bool one_date;
  double variance, shift, n_events;
} simulation_design;

/* Reads the designs of a simulation.json, at most SIMULATION_MAX_DESIGNS; returns their number. */
size_t simulation_read_designs(const json_t *root, simulation_design *designs);
/* "no effect", "one date, variance x2", "effect +1.0 %": terms between separators; owned. */
char *simulation_design_title(const simulation_design *design, const char *separator);
/* Rows of size.csv over the first window of the study, for one design; the table is the caller's. */
bool simulation_read_rows(aft_table *rows, const char *folder, const json_t *root, const char *design,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The first window of the study; [0, 0] when there is none. */
void simulation_first_window(const json_t *root, int *first, int *last);

#endif
