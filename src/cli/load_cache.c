/* The panel of an exchange from the cache of panels, or into it. */
#include "load_cache.h"

#include <aftershock/base/cache.h>
#include <aftershock/base/cluster.h>
#include <aftershock/base/digest.h>
#include <aftershock/base/file.h>
#include <aftershock/market/panel_cache.h>

#include <inttypes.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define ENDING ".panel"
enum { NAME_DIGITS = 32 }; /* of a key's digest in the name of its file */

/* Bounds that the environment may change. */
static const char most_name[] = "AFTERSHOCK_CACHE_MOST_BYTES", least_name[] = "AFTERSHOCK_CACHE_LEAST_BYTES";
static const uint64_t usual_most = UINT64_C(4) << 30, usual_least = 8000000;

static bool read_bound(const char *name, uint64_t usual, uint64_t *bound, GError **error) {
  const char *text = g_getenv(name);
  *bound = usual;
  if (text == NULL || g_ascii_string_to_unsigned(text, 10, 0, INT64_MAX, bound, NULL)) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: \"%s\" is not a number of bytes", name, text);
  return false;
}

static char **find_places(const cli_study *study, const aft_market_spec *spec, size_t *n) {
  char **paths = spec->returns_files != NULL ? spec->returns_files : spec->prices;
  *n = g_strv_length(paths);
  char **places = g_new0(char *, *n + 1);
  for (size_t i = 0; i < *n; i++) places[i] = aft_config_resolve(&study->config, paths[i]);
  return places;
}

/* The bytes of all price files; 0 when one of them can be read only once. */
static uint64_t read_stamps(cli_cache *cache) {
  uint64_t n_bytes = 0;
  cache->stamps = g_new0(aft_file_stamp, MAX(cache->n_files, 1));
  for (size_t i = 0; i < cache->n_files; i++) {
    if (strcmp(cache->places[i], "-") == 0 || !aft_file_stamp_read(&cache->stamps[i], cache->places[i])) return 0;
    n_bytes += cache->stamps[i].n_bytes;
  }
  return n_bytes;
}

bool cli_cache_begin(cli_cache *cache, const cli_study *study, const aft_market_spec *spec, const cli_market *market,
                     GError **error) {
  uint64_t least;
  *cache = (cli_cache){.spec = spec,
                       .calendar = market->calendar,
                       .first_input = study->provenance.inputs->len,
                       .first_warning = study->warnings.messages->len,
                       .n_rows_before = study->provenance.n_rows};
  if (!read_bound(most_name, usual_most, &cache->most_bytes, error) ||
      !read_bound(least_name, usual_least, &least, error))
    return false;
  if (study->load.no_cache || cache->most_bytes == 0 || market->keep != NULL) return true;
  cache->start_ns = g_get_real_time() * 1000;
  cache->places = find_places(study, spec, &cache->n_files);
  uint64_t n_bytes = read_stamps(cache);
  if (n_bytes > 0 && n_bytes >= least) cache->folder = aft_cache_find("panels");
  return true;
}

/* ---- what the files are ---- */

static char *find_digests(const cli_cache *cache) { return g_build_filename(cache->folder, "digests", NULL); }

/* Notes digests, together with what others noted meanwhile. */
static void note(const cli_cache *cache, size_t file, const char *sha256) {
  g_autofree char *path = find_digests(cache);
  g_autoptr(aft_known) known = aft_known_read(path);
  aft_known_note(known, &cache->stamps[file], sha256, cache->start_ns);
  (void)(aft_cache_make(cache->folder, NULL) && aft_known_write(known, path, NULL));
}

/* Whether a file is the one still that it was at first. */
static bool is_as_before(const cli_cache *cache, size_t file) {
  aft_file_stamp now;
  return aft_file_stamp_read(&now, cache->places[file]) && aft_file_stamp_is_equal(&now, &cache->stamps[file]);
}

/* The digest of a file, owned: of one that is not known for sure only where one of as many bytes was seen; else NULL. */
static char *find_digest(const cli_cache *cache, const aft_known *known, size_t file) {
  const char *sha256 = aft_known_find(known, &cache->stamps[file]);
  uint64_t n_bytes;
  if (sha256 != NULL) return g_strdup(sha256);
  if (!aft_known_has_size(known, cache->stamps[file].n_bytes)) return NULL;
  g_autofree char *made = aft_file_digest(cache->places[file], &n_bytes, NULL);
  if (made == NULL || n_bytes != cache->stamps[file].n_bytes || !is_as_before(cache, file)) return NULL;
  note(cache, file, made);
  return g_steal_pointer(&made);
}

bool cli_cache_identify(cli_cache *cache, cli_study *study) {
  if (cache->folder == NULL) return false;
  const aft_market_spec *spec = cache->spec;
  char **paths = spec->returns_files != NULL ? spec->returns_files : spec->prices;
  g_autofree char *path = find_digests(cache);
  g_autoptr(aft_known) known = aft_known_read(path);
  for (size_t i = 0; i < cache->n_files; i++) {
    char *sha256 = find_digest(cache, known, i);
    if (sha256 == NULL) return false;
    aft_input_fact fact = {g_strdup(cli_prices_role(spec)), g_strdup(paths[i]), sha256, cache->stamps[i].n_bytes,
                           false};
    g_array_append_val(study->provenance.inputs, fact);
  }
  return true;
}

/* ---- keys ---- */

static void append_calendar(GString *key, const aft_calendar *calendar) {
  size_t n = aft_calendar_n_sessions(calendar);
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (size_t i = 0; i < n; i++) {
    aft_day day = aft_calendar_get_session(calendar, i)->day;
    g_checksum_update(sum, (const guchar *)&day, sizeof day);
  }
  g_string_append_printf(key, "calendar %s %d %d %s\n", aft_calendar_mic(calendar), aft_calendar_first(calendar),
                         aft_calendar_last(calendar), g_checksum_get_string(sum));
}

/* All that a panel is made of, and how; the benchmark has a part in what its prices are audited for. Owned. */
static char *make_key(const cli_cache *cache, const cli_study *study, const aft_panel_options *options, bool volume) {
  GString *key = g_string_new(NULL);
  append_calendar(key, cache->calendar);
  for (guint i = cache->first_input; i < study->provenance.inputs->len; i++) {
    const aft_input_fact *fact = &g_array_index(study->provenance.inputs, aft_input_fact, i);
    if (strcmp(fact->role, cli_prices_role(cache->spec)) != 0 && strcmp(fact->role, "actions") != 0) continue;
    g_string_append_printf(key, "%s %s %" PRIu64 "\n", fact->role, fact->sha256, fact->bytes);
  }
  g_string_append_printf(key, "returns %d, read %d log %d, gaps %d, volume %d\n", options->log_returns,
                         options->rows_are_returns, options->rows_are_log, options->gap_returns, volume);
  g_string_append_printf(key, "market %s\n", options->market != NULL ? options->market : "");
  return g_string_free(key, FALSE);
}

static char *find_file(const cli_cache *cache, const char *key) {
  g_autofree char *sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, key, -1);
  g_autofree char *name = g_strdup_printf("%.*s" ENDING, NAME_DIGITS, sha256);
  return g_build_filename(cache->folder, name, NULL);
}

/* ---- what goes with a panel: the number of rows, the places that warnings name, an empty text, the warnings; a NUL behind each ---- */

static void append_text(GString *out, const char *text) { g_string_append_len(out, text, (gssize)strlen(text) + 1); }

static void append_places(GString *out, const cli_cache *cache, const cli_study *study) {
  append_text(out, study->config.path);
  for (size_t i = 0; i < cache->n_files; i++) append_text(out, cache->places[i]);
  if (cache->spec->actions != NULL) {
    g_autofree char *place = aft_config_resolve(&study->config, cache->spec->actions);
    append_text(out, place);
  }
  append_text(out, "");
}

static GString *make_note(const cli_cache *cache, const cli_study *study, size_t n_rows) {
  GString *out = g_string_new(NULL);
  g_autofree char *rows = g_strdup_printf("%" G_GSIZE_FORMAT, n_rows);
  append_text(out, rows);
  append_places(out, cache, study);
  for (guint i = cache->first_warning; i < study->warnings.messages->len; i++)
    append_text(out, g_ptr_array_index(study->warnings.messages, i));
  return out;
}

/* Says what was said; false, and nothing, where that would name other places. */
static bool take_note(const cli_cache *cache, cli_study *study, const char *text, size_t size) {
  g_autoptr(GString) places = g_string_new(NULL);
  const char *at = text + strlen(text) + 1, *end = text + size;
  guint64 n_rows;
  size_t n_places = 0;
  if (!g_ascii_string_to_unsigned(text, 10, 0, INT64_MAX, &n_rows, NULL)) return false;
  while (at + n_places < end && at[n_places] != '\0') n_places += strlen(at + n_places) + 1;
  n_places++;
  if (n_places > (size_t)(end - at) || end[-1] != '\0') return false;
  append_places(places, cache, study);
  if (at + n_places < end && (places->len != n_places || memcmp(places->str, at, n_places) != 0)) return false;
  for (at += n_places; at < end; at += strlen(at) + 1) aft_warnings_add(&study->warnings, "%s", at);
  study->provenance.n_rows += n_rows;
  return true;
}

/* ---- panels ---- */

static bool recall(cli_cache *cache, cli_study *study, const aft_panel_options *options, bool volume,
                   aft_panel *panel) {
  g_autofree char *key = make_key(cache, study, options, volume), *path = find_file(cache, key), *text = NULL;
  size_t size;
  if (!aft_panel_recall(panel, cache->calendar, path, key, !study->load.volume, options->n_threads, &text, &size, NULL))
    return false;
  if (!take_note(cache, study, text, size)) {
    aft_panel_clear(panel);
    return false;
  }
  aft_cache_touch(path);
  return true;
}

bool cli_cache_recall(cli_cache *cache, cli_study *study, const aft_panel_options *options, aft_panel *panel) {
  return recall(cache, study, options, true, panel) ||
         (!study->load.volume && recall(cache, study, options, false, panel));
}

void cli_cache_forget(const cli_cache *cache, cli_study *study) {
  g_array_set_size(study->provenance.inputs, cache->first_input);
  g_ptr_array_set_size(study->warnings.messages, (gint)cache->first_warning);
  study->provenance.n_rows = cache->n_rows_before;
}

void cli_cache_keep(const cli_cache *cache, const cli_study *study, const aft_panel_options *options,
                    const aft_panel *panel, size_t n_rows) {
  if (cache->folder == NULL || aft_cluster_started_rank() > 0) return; /* one of several that do the same */
  g_autofree char *key = make_key(cache, study, options, study->load.volume), *path = find_file(cache, key);
  GString *text = make_note(cache, study, n_rows);
  bool ok = aft_cache_make(cache->folder, NULL) &&
            aft_cache_make_room(cache->folder, ENDING, aft_panel_count_bytes(panel), cache->most_bytes, NULL) &&
            aft_panel_keep(panel, path, key, text->str, text->len, NULL);
  for (size_t i = 0; ok && i < cache->n_files; i++) {
    const aft_input_fact *fact =
        &g_array_index(study->provenance.inputs, aft_input_fact, cache->first_input + (guint)i);
    if (fact->bytes == cache->stamps[i].n_bytes && is_as_before(cache, i)) note(cache, i, fact->sha256);
  }
  g_string_free(text, TRUE);
}

void cli_cache_clear(cli_cache *cache) {
  g_free(cache->folder);
  g_strfreev(cache->places);
  g_free(cache->stamps);
  *cache = (cli_cache){.folder = NULL};
}
