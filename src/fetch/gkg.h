/* Rows of GDELT's knowledge graph: tab-separated, no header, one article a row. */
#ifndef FETCH_GKG_H
#define FETCH_GKG_H

#include <aftershock/base/clock.h>

#include <glib.h>
#include <stdbool.h>

/* One row; texts are slices of the file, not terminated, in whatever bytes it has. */
typedef struct fetch_gkg_row {
  const char *id, *source, *url, *organisations, *title;
  size_t id_size, source_size, url_size, organisations_size, title_size;
  aft_millis label;   /* of the batch: when the article was there at the latest */
  aft_millis claimed; /* the publisher's own time; 0: none, or later than the label allows */
  double tone;        /* NaN when there is none */
} fetch_gkg_row;

typedef void fetch_gkg_take(const fetch_gkg_row *row, void *data);

/* Calls take for each row of web news; returns how many rows cannot be read. */
size_t fetch_gkg_read(const char *text, size_t size, fetch_gkg_take *take, void *data);

/* Whether a text holds a word, ASCII letters in any case; word in lower case. */
bool fetch_gkg_holds(const char *text, size_t size, const char *word);

#endif
