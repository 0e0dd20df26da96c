/* The files of one exchange of a study: its calendar, and a panel of the prices, actions and factors. */
#include "load_cache.h"

#include <aftershock/base/file.h>
#include <aftershock/fetch/price_stream.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_FINDINGS = 5 }; /* of one exchange that become warnings */

/* Files as they were read, until the panel is made of them. */
typedef struct market_files {
  aft_prices prices;
  aft_cells *cells; /* where the rows of the prices go; NULL: they are kept as read */
  aft_actions actions;
  aft_factors factors;
  aft_shares shares;
  bool has_actions, has_factors, has_shares;
  bool some_series; /* of a table, only those that are needed were asked for */
} market_files;

static void clear_files(market_files *files) {
  aft_prices_clear(&files->prices);
  aft_cells_free(files->cells);
  if (files->has_actions) aft_actions_clear(&files->actions);
  if (files->has_factors) aft_factors_clear(&files->factors);
  if (files->has_shares) aft_shares_clear(&files->shares);
}

char *cli_take_input(cli_study *study, const char *role, const char *path, GError **error) {
  g_autofree char *place = aft_config_resolve(&study->config, path);
  guint64 bytes = 0;
  g_autofree char *digest = strcmp(place, "-") == 0 ? g_strdup("") : aft_file_digest(place, &bytes, error);
  if (digest == NULL) return NULL;
  aft_input_fact fact = {g_strdup(role), g_strdup(path), g_steal_pointer(&digest), bytes, strcmp(place, "-") == 0};
  g_array_append_val(study->provenance.inputs, fact);
  return g_steal_pointer(&place);
}

/* An exchange that the program knows, or a file of the study; an unknown exchange is named with the line of the study file. */
static aft_calendar *open_calendar(cli_study *study, const aft_market_spec *spec, GError **error) {
  if (aft_calendar_is_file(spec->calendar)) {
    g_autofree char *place = cli_take_input(study, "calendar", spec->calendar, error);
    return place != NULL ? aft_calendar_read(place, error) : NULL;
  }
  aft_calendar *calendar = aft_calendar_new(spec->calendar, error);
  if (calendar == NULL) g_prefix_error(error, "%s:%ld: calendar: ", study->config.path, spec->calendar_line);
  return calendar;
}

const char *cli_prices_role(const aft_market_spec *spec) { return spec->returns_files != NULL ? "returns" : "prices"; }

/* One file, or one table of a database, of which no more than what is kept is asked for. */
static bool read_source(const char *place, const aft_keep *keep, market_files *files, aft_price_reading *reading,
                        aft_warnings *warnings, GError **error) {
  if (!aft_price_stream_is_address(place)) return aft_prices_read(&files->prices, place, reading, warnings, error);
  g_autofree const char **symbols = keep != NULL ? aft_keep_list(keep) : NULL;
  g_autoptr(aft_price_stream) stream = aft_price_stream_open(place, reading->is_returns, symbols, error);
  if (stream == NULL) return false;
  files->some_series = symbols != NULL;
  reading->pull = aft_price_stream_read;
  reading->pull_data = stream;
  return aft_prices_read(&files->prices, place, reading, warnings, error);
}

/* The digest is of the bytes that were read, so a pipe has one too. */
static bool read_prices(cli_study *study, const aft_market_spec *spec, const aft_keep *keep, market_files *files,
                        GError **error) {
  bool returns = spec->returns_files != NULL;
  for (char **path = returns ? spec->returns_files : spec->prices; *path != NULL; path++) {
    g_autofree char *place = aft_config_resolve(&study->config, *path);
    aft_price_reading reading = {
        .is_returns = returns, .is_log = spec->files_hold_log, .n_threads = study->load.n_threads};
    if (!read_source(place, keep, files, &reading, &study->warnings, error)) return false;
    aft_input_fact fact = {g_strdup(cli_prices_role(spec)), g_strdup(*path), reading.sha256, reading.n_bytes,
                           reading.is_stream};
    g_array_append_val(study->provenance.inputs, fact);
  }
  study->provenance.n_rows += files->prices.n_rows;
  return true;
}

static bool read_tables(cli_study *study, const aft_market_spec *spec, market_files *files, GError **error) {
  if (spec->actions != NULL) {
    g_autofree char *place = cli_take_input(study, "actions", spec->actions, error);
    if (place == NULL || !aft_actions_read_csv(&files->actions, place, error)) return false;
    files->has_actions = true;
  }
  if (spec->factors != NULL) {
    g_autofree char *place = cli_take_input(study, "factors", spec->factors, error);
    if (place == NULL || !aft_factors_read_csv(&files->factors, place, error)) return false;
    files->has_factors = true;
  }
  if (spec->shares != NULL) {
    g_autofree char *place = cli_take_input(study, "shares", spec->shares, error);
    if (place == NULL || !aft_shares_read_csv(&files->shares, place, error)) return false;
    files->has_shares = true;
  }
  return true;
}

static bool needs_gaps(const aft_config *config) {
  for (size_t m = 0; m < config->n_models; m++)
    if (config->models[m].model->gaps) return true;
  for (size_t m = 0; m < config->robust.n_models; m++)
    if (config->robust.models[m].model->gaps) return true;
  return false;
}

/* Wrong returns are told at once; a row that cannot be placed has stopped the run before. */
static void warn_findings(cli_study *study, const aft_audit *audit) {
  size_t told = 0, n = audit->findings->len;
  for (; told < MIN(n, MOST_FINDINGS); told++) {
    const aft_finding *f = &g_array_index(audit->findings, aft_finding, (guint)told);
    char day[AFT_DAY_TEXT];
    aft_warnings_add(&study->warnings, "%s:%ld: %s on %s: %s (%s)", f->file, f->line, f->symbol,
                     aft_day_print(f->day, day), f->what, f->advice);
  }
  if (n > told)
    aft_warnings_add(&study->warnings, "%" G_GSIZE_FORMAT " more such findings; `aftershock audit %s` lists them",
                     n - told, study->config.path);
}

static aft_panel_options get_options(const cli_study *study, const aft_market_spec *spec) {
  return (aft_panel_options){.log_returns = study->config.log_returns,
                             .rows_are_returns = spec->returns_files != NULL,
                             .rows_are_log = spec->files_hold_log,
                             .market = spec->market,
                             .gap_returns = needs_gaps(&study->config),
                             .n_threads = study->load.n_threads};
}

static bool build(cli_study *study, const aft_market_spec *spec, const market_files *files,
                  const aft_panel_options *options, cli_market *market, GError **error) {
  const aft_config *config = &study->config;
  aft_audit audit;
  aft_audit_init(&audit);
  bool ok =
      aft_panel_build_cells(&market->panel, files->cells, &files->prices, files->has_actions ? &files->actions : NULL,
                            files->has_factors ? &files->factors : NULL, options, &audit, &study->warnings, error);
  if (ok) warn_findings(study, &audit);
  aft_audit_clear(&audit);
  if (ok) return true;
  if (error != NULL && g_error_matches(*error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_BENCHMARK))
    g_prefix_error(error, "%s:%ld: ", config->path, spec->market_line);
  return false;
}

/* The panel of files that were read. */
static bool load_read(cli_study *study, const aft_market_spec *spec, market_files *files, const cli_cache *cache,
                      cli_market *market, GError **error) {
  aft_panel_options options = get_options(study, spec);
  const aft_cells_options cells = {.drop_volume = !study->load.volume,
                                   .count_volume = true,
                                   .keep = market->keep,
                                   .rows_are_log = spec->files_hold_log,
                                   .log_returns = study->config.log_returns};
  aft_prices_init(&files->prices);
  files->cells = aft_cells_new(market->calendar, &cells);
  files->prices.sink = aft_cells_sink;
  files->prices.sink_data = files->cells;
  if (!read_prices(study, spec, market->keep, files, error) || !read_tables(study, spec, files, error)) return false;
  options.some_series = files->some_series;
  if (!build(study, spec, files, &options, market, error)) return false;
  cli_cache_keep(cache, study, &options, &market->panel, files->prices.n_rows);
  return true;
}

/*
 * The same panel from the cache, with the same warnings. False when it is not there, or when anything fails: reading the files tells what is
 * wrong.
 */
static bool load_kept(cli_study *study, const aft_market_spec *spec, market_files *files, cli_cache *cache,
                      cli_market *market) {
  const aft_panel_options options = get_options(study, spec);
  g_autoptr(GError) ignored = NULL;
  if (cli_cache_identify(cache, study) && read_tables(study, spec, files, &ignored) &&
      cli_cache_recall(cache, study, &options, &market->panel)) {
    if (aft_panel_place_factors(&market->panel, files->has_factors ? &files->factors : NULL, &options, &ignored))
      return true;
    aft_panel_clear(&market->panel);
  }
  cli_cache_forget(cache, study);
  clear_files(files);
  *files = (market_files){.has_actions = false};
  return false;
}

static bool load_market(cli_study *study, size_t i, cli_market *market, GError **error) {
  aft_market_spec spec = aft_config_get_market(&study->config, i);
  market_files files = {.has_actions = false};
  cli_cache cache;
  bool ok = cli_cache_begin(&cache, study, &spec, market, error) &&
            (load_kept(study, &spec, &files, &cache, market) || load_read(study, &spec, &files, &cache, market, error));
  if (ok && (study->load.volume_series || study->config.volume.measure != NULL))
    aft_panel_expand_volume(&market->panel);
  if (ok && files.has_shares && market->keep == NULL) aft_panel_place_shares(&market->panel, &files.shares);
  if (ok && files.has_actions) cli_occurrences_add_actions(study, &files.actions);
  if (ok && files.has_shares) {
    market->shares = files.shares;
    files.has_shares = false;
  }
  cli_cache_clear(&cache);
  clear_files(&files);
  market->panel.number = i;
  return ok;
}

/* A symbol names one security: an event must find its exchange by it. */
static bool check_symbols(const cli_study *study, size_t i, GError **error) {
  const cli_market *market = &study->markets[i];
  for (char **symbol = market->panel.symbols; *symbol != NULL; symbol++)
    for (size_t j = 0; j < i; j++) {
      if (aft_panel_find_security(&study->markets[j].panel, *symbol) < 0) continue;
      g_set_error(
          error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
          "%s: markets: the files of %s and of %s both have the symbol \"%s\" (give each listing a symbol of its "
          "own; \"firms\" says that they are one firm)",
          study->config.path, aft_calendar_mic(study->markets[j].calendar), aft_calendar_mic(market->calendar),
          *symbol);
      return false;
    }
  return true;
}

bool cli_markets_open(cli_study *study, GError **error) {
  study->n_markets = study->config.n_further + 1;
  study->markets = g_new0(cli_market, study->n_markets);
  for (size_t i = 0; i < study->n_markets; i++) {
    aft_market_spec spec = aft_config_get_market(&study->config, i);
    study->markets[i].calendar = open_calendar(study, &spec, error);
    if (study->markets[i].calendar == NULL) return false;
  }
  study->calendar = study->markets[0].calendar;
  return true;
}

bool cli_markets_load(cli_study *study, GError **error) {
  for (size_t i = 0; i < study->n_markets; i++) {
    if (!load_market(study, i, &study->markets[i], error)) return false;
    if (!check_symbols(study, i, error)) return false;
    if (i > 0) study->markets[i - 1].panel.next = &study->markets[i].panel;
  }
  study->panel = &study->markets[0].panel;
  return true;
}

bool cli_markets_audit(cli_study *study, aft_audit *audit, GError **error) {
  bool ok = true;
  for (size_t i = 0; ok && i < study->n_markets; i++) {
    aft_market_spec spec = aft_config_get_market(&study->config, i);
    market_files files = {.has_actions = false};
    aft_prices_init(&files.prices);
    ok = read_prices(study, &spec, NULL, &files, error) && read_tables(study, &spec, &files, error);
    const aft_audit_input input = {.calendar = study->markets[i].calendar,
                                   .prices = &files.prices,
                                   .rows_are_returns = spec.returns_files != NULL,
                                   .actions = files.has_actions ? &files.actions : NULL,
                                   .market = spec.market};
    if (ok) aft_audit_run(audit, &input);
    clear_files(&files);
  }
  return ok;
}

void cli_markets_clear(cli_study *study) {
  for (size_t i = 0; i < study->n_markets && study->markets != NULL; i++) {
    aft_panel_clear(&study->markets[i].panel);
    aft_shares_clear(&study->markets[i].shares);
    aft_keep_free(study->markets[i].keep);
    g_clear_pointer(&study->markets[i].calendar, aft_calendar_free);
  }
  g_clear_pointer(&study->markets, g_free);
}
