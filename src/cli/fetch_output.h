/* The file that `aftershock fetch` writes: all at once, or piece by piece while rows come; with its provenance beside it. */
#ifndef CLI_FETCH_OUTPUT_H
#define CLI_FETCH_OUTPUT_H

#include <aftershock/base/file.h>
#include <aftershock/fetch/fetch.h>

typedef struct fetch_output {
  const char *path; /* borrowed */
  enum aft_fetch_kind kind;
  aft_millis now;
  aft_file_draft draft; /* begun with the first rows */
  GChecksum *digest;
  size_t n_rows; /* written so far */
} fetch_output;

void fetch_output_init(fetch_output *output, const char *path, enum aft_fetch_kind kind, aft_millis now);
void fetch_output_clear(fetch_output *output); /* removes what was not finished */

/* Writes the rows of records, the header first where they are the first, and drops those of prices; data is the fetch_output. */
bool fetch_output_take(aft_records *records, void *data, GError **error);

/* Puts the file, its provenance and the actions (path NULL: none) in place. */
bool fetch_output_finish(fetch_output *output, const aft_provider *provider, const aft_fetch_query *query,
                         const aft_records *records, const aft_warnings *warnings, const char *actions, GError **error);

#endif
