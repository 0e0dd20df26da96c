/* Which prices the events of a study need, before the prices are read. */
#include "load_input.h"

#include <string.h>

#include <aftershock/base/banned.h>

bool cli_keep_is_asked(const cli_study *study) { return study->load.windows && study->config.keep == AFT_KEEP_WINDOWS; }

typedef struct plan {
  const cli_study *study;
  const aft_calendar *calendar;
  aft_keep *keep;
  aft_reach reach;
  GHashTable *asked; /* of the study's symbols; NULL: all are; borrowed */
} plan;

static void add_session(const plan *p, const char *symbol, long session) {
  if (session >= 0) aft_keep_add(p->keep, symbol, session + p->reach.first, session + p->reach.last);
}

/* The windows around a session, and around the other one that an uncertain time may belong to. */
static void add_series(const plan *p, const char *symbol, const aft_alignment *place) {
  if (p->reach.whole) {
    aft_keep_add_all(p->keep, symbol);
    return;
  }
  add_session(p, symbol, place->session);
  add_session(p, symbol, place->other);
}

/* An event's security, and what it is matched with. */
static void add_event(const plan *p, const char *symbol, const aft_stamp *stamp) {
  const aft_config *config = &p->study->config;
  aft_alignment place;
  if (p->asked != NULL && !g_hash_table_contains(p->asked, symbol)) return;
  aft_calendar_align(p->calendar, stamp, config->date_next, &place);
  if (place.session < 0) return;
  add_series(p, symbol, &place);
  for (size_t m = 0; m < config->n_models; m++) {
    GHashTable *matches = config->models[m].matches;
    const char *match = matches != NULL ? g_hash_table_lookup(matches, symbol) : NULL;
    if (match != NULL) add_series(p, match, &place);
  }
}

static void add_row(const plan *p, const aft_event_row *row) {
  if (strcmp(row->symbol, "*") != 0) {
    add_event(p, row->symbol, &row->stamp);
    return;
  }
  for (char **symbol = p->study->config.symbols; symbol != NULL && *symbol != NULL; symbol++)
    add_event(p, *symbol, &row->stamp);
}

/* Series that every event is compared with: few, and kept whole. */
static void add_benchmarks(const plan *p, const char *market) {
  const aft_config *config = &p->study->config;
  if (market != NULL) aft_keep_add_all(p->keep, market);
  for (size_t m = 0; m < config->n_models; m++)
    for (char **symbol = config->models[m].options.symbols; symbol != NULL && *symbol != NULL; symbol++)
      aft_keep_add_all(p->keep, *symbol);
}

void cli_keep_plan(cli_study *study, const aft_event_rows *rows) {
  const aft_config *config = &study->config;
  g_autoptr(GHashTable) asked = config->symbols != NULL ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
  for (char **symbol = config->symbols; symbol != NULL && *symbol != NULL; symbol++) g_hash_table_add(asked, *symbol);
  for (size_t i = 0; i < study->n_markets; i++) {
    cli_market *market = &study->markets[i];
    market->keep = aft_keep_new(market->calendar);
    const plan p = {study, market->calendar, market->keep, aft_config_get_reach(config), asked};
    add_benchmarks(&p, aft_config_get_market(config, i).market);
    for (guint row = 0; row < rows->n; row++) add_row(&p, &rows->rows[row]);
    aft_keep_settle(market->keep);
  }
}
