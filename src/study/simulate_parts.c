/* The replications of a simulation divided among several processes, which count apart. */
#include "simulate_internal.h"

#include <aftershock/base/banned.h>

void simulate_parts_own(const aft_simulation_options *options, size_t *first, size_t *last) {
  const aft_parts *parts = options->parts;
  *first = 0;
  *last = parts != NULL ? 0 : (size_t)options->replications;
  if (parts != NULL && parts->own >= 0)
    aft_parts_range((size_t)options->replications, parts->count, (size_t)parts->own, first, last);
}

static bool add_part(const aft_simulation_options *options, size_t part, simulate_tally *total, simulate_tally *counts,
                     size_t n_cells, GError **error) {
  const aft_parts *parts = options->parts;
  size_t first, last;
  aft_parts_range((size_t)options->replications, parts->count, part, &first, &last);
  if (!parts->get(part, counts, n_cells * sizeof *counts, parts->data, error)) return false;
  for (size_t i = 0; i < n_cells; i++) {
    if (counts[i].rejected > counts[i].defined || counts[i].defined > last - first) {
      g_autofree char *name = parts->name(part, parts->data);
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s: its counts cannot be of this simulation (make it again with the program that merges)", name);
      return false;
    }
    total[i].defined += counts[i].defined;
    total[i].rejected += counts[i].rejected;
  }
  return true;
}

bool simulate_parts_exchange(const aft_simulation_options *options, simulate_tally *total, size_t n_cells,
                             GError **error) {
  const aft_parts *parts = options->parts;
  if (parts == NULL || n_cells == 0) return true;
  if (parts->put != NULL) return parts->put(total, n_cells * sizeof *total, parts->data, error);
  g_autofree simulate_tally *counts = g_new(simulate_tally, n_cells);
  for (size_t part = 0; part < parts->count; part++)
    if ((long)part != parts->own && !add_part(options, part, total, counts, n_cells, error)) return false;
  return true;
}
