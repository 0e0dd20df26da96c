/* Rows of prices in JSON, as several providers write them. */
#include "json.h"
#include "provider.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { ISO_DAY = 10, MAX_ROWS = 1000000 };

void fetch_warn_empty(fetch_session *session, const char *symbol) {
  aft_warnings_add(session->warnings, "%s has no rows of %s in these days", session->provider->facts.name, symbol);
}

/* A number that a price file may hold: what is no price is none. */
static double get_value(json_t *row, const char *key, int column) {
  double value = key != NULL ? fetch_json_number(json_object_get(row, key)) : (double)NAN;
  if (column == AFT_PRICE_VOLUME) return value >= 0 ? value : (double)NAN;
  return value > 0 && isfinite(value) ? value : (double)NAN;
}

bool fetch_add_json_rows(fetch_session *session, const fetch_reply *reply, const char *symbol,
                         const fetch_price_keys *keys, size_t *n_rows, GError **error) {
  json_t *root =
      fetch_json_read(reply->download.body, reply->download.size, reply->download.url, session->warnings, error);
  json_t *row;
  size_t i;
  if (root == NULL) return false;
  bool ok = json_is_array(root) && json_array_size(root) <= MAX_ROWS;
  if (!ok) fetch_fail_answer(reply, error, "not a list of rows");
  json_array_foreach(root, i, row) {
    const char *date = fetch_json_get_text(row, keys->date);
    aft_day day;
    ok = ok && aft_day_parse(date, MIN(strlen(date), ISO_DAY), &day);
    if (!ok) {
      fetch_fail_answer(reply, error, "row %" G_GSIZE_FORMAT " has no date in \"%s\"", i + 1, keys->date);
      break;
    }
    if (!fetch_in_window(session, day) || isnan(get_value(row, keys->value[AFT_PRICE_CLOSE], AFT_PRICE_CLOSE)))
      continue;
    aft_price_record *record = aft_records_add_price(session->records, symbol, day);
    for (int c = 0; c < AFT_PRICE_RETURN; c++) record->value[c] = get_value(row, keys->value[c], c);
  }
  *n_rows = json_array_size(root);
  json_decref(root);
  return ok;
}
