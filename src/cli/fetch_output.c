/* The file that `aftershock fetch` writes. */
#include "fetch_output.h"

#include <aftershock/base/interrupt.h>

#include <string.h>

#include <aftershock/base/banned.h>

void fetch_output_init(fetch_output *output, const char *path, enum aft_fetch_kind kind, aft_millis now) {
  *output = (fetch_output){.path = path, .kind = kind, .now = now, .digest = g_checksum_new(G_CHECKSUM_SHA256)};
}

void fetch_output_clear(fetch_output *output) {
  aft_file_draft_clear(&output->draft);
  g_checksum_free(output->digest);
}

static char *print_records(enum aft_fetch_kind kind, const aft_records *records, aft_millis now) {
  switch (kind) {
  case AFT_FETCH_PRICES:
    return records->returns->len > 0 ? aft_records_print_returns(records) : aft_records_print_prices(records);
  case AFT_FETCH_FACTORS: return aft_records_print_factors(records);
  case AFT_FETCH_NEWS: return aft_records_print_articles(records, now);
  default: return aft_records_print_series(records);
  }
}

static size_t count_rows(enum aft_fetch_kind kind, const aft_records *records) {
  if (kind == AFT_FETCH_PRICES) return records->prices->len + records->returns->len;
  return kind == AFT_FETCH_NEWS ? records->articles->len : records->series->len;
}

bool fetch_output_take(aft_records *records, void *data, GError **error) {
  fetch_output *output = data;
  size_t n = count_rows(output->kind, records);
  if (n == 0) return true;
  g_autofree char *text = print_records(output->kind, records, output->now);
  const char *rows = output->n_rows > 0 ? strchr(text, '\n') + 1 : text;
  if (output->n_rows == 0 && !aft_file_draft_begin(&output->draft, output->path, error)) return false;
  g_checksum_update(output->digest, (const guchar *)rows, (gssize)strlen(rows));
  output->n_rows += n;
  if (output->kind == AFT_FETCH_PRICES) aft_records_drop_rows(records);
  return aft_file_draft_append(&output->draft, rows, strlen(rows), error);
}

/* Each file whole or not at all, also when Ctrl-C comes in between. */
bool fetch_output_finish(fetch_output *output, const aft_provider *provider, const aft_fetch_query *query,
                         const aft_records *records, const aft_warnings *warnings, const char *actions,
                         GError **error) {
  g_autofree char *dates = actions != NULL ? aft_records_print_actions(records) : NULL;
  g_autofree char *origin = aft_fetch_print_provenance(provider, query, records, warnings, output->now,
                                                       g_checksum_get_string(output->digest));
  g_autofree char *beside = g_strconcat(output->path, ".provenance.json", NULL);
  aft_interrupt_hold();
  bool ok = aft_file_draft_commit(&output->draft, error) && aft_file_write(beside, origin, strlen(origin), error) &&
            (dates == NULL || aft_file_write(actions, dates, strlen(dates), error));
  aft_interrupt_release();
  return ok;
}
