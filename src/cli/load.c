/* A study file and everything it names, read and aligned. */
#include "commands.h"
#include "load_input.h"

#include <aftershock/base/file.h>
#include <aftershock/base/parallel.h>
#include <aftershock/base/text.h>
#include <aftershock/market/stories.h>
#include <aftershock/stats/library.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Which security each one is compared with, for the models that have a file of it. */
static bool read_matches(cli_study *study, aft_model_spec *models, size_t n, GError **error) {
  for (size_t m = 0; m < n; m++) {
    aft_model_spec *spec = &models[m];
    if (spec->options.file == NULL) continue;
    g_autofree char *place = cli_take_input(study, "benchmarks", spec->options.file, error);
    if (place == NULL || !aft_matches_read_csv(&spec->matches, place, error)) return false;
  }
  return true;
}

static bool read_all_matches(cli_study *study, GError **error) {
  aft_config *config = &study->config;
  return read_matches(study, config->models, config->n_models, error) &&
         read_matches(study, config->robust.models, config->robust.n_models, error);
}

static bool read_news(cli_study *study, GError **error) {
  for (char **path = study->config.news; path != NULL && *path != NULL; path++) {
    g_autofree char *place = cli_take_input(study, "news", *path, error);
    if (place == NULL || !aft_articles_read(&study->articles, place, error)) return false;
  }
  aft_stories_sort_articles(study->calendar, &study->articles);
  return true;
}

/* Articles, and which tell one story. */
static bool read_stories(cli_study *study, GError **error) {
  if (!read_news(study, error)) return false;
  aft_stories_find(&study->stories, study->calendar, &study->articles, &study->config.stories);
  return true;
}

/* The largest changes of market value so far, with which claims are compared. */
static bool read_records(cli_study *study, GError **error) {
  if (study->config.records == NULL) return true;
  g_autofree char *place = cli_take_input(study, "records", study->config.records, error);
  return place != NULL && aft_value_records_read_csv(&study->records, place, error);
}

/* Events written into the study file. */
static bool add_config_events(const aft_config *config, aft_event_rows *rows, GError **error) {
  rows->path = g_strdup(config->path);
  for (guint i = 0; i < config->events->len; i++) {
    const aft_config_event *event = &g_array_index(config->events, aft_config_event, i);
    if (!aft_event_rows_add(rows, event->event, event->symbol, event->group, event->published, event->line, error))
      return false;
  }
  return true;
}

/* Two tasks on the file of events: its digest, and its rows. */
enum { TAKE_INPUT, READ_ROWS, N_EVENT_TASKS };

typedef struct event_tasks {
  cli_study *study;
  const char *place; /* of the file */
  aft_event_rows *rows;
  GError *error[N_EVENT_TASKS];
} event_tasks;

static void run_event_task(size_t first, size_t last, unsigned worker, void *data) {
  event_tasks *t = data;
  GError **error = &t->error[first];
  (void)last;
  (void)worker;
  if (first == TAKE_INPUT) {
    g_free(cli_take_input(t->study, "events", t->study->config.events_file, error));
    return;
  }
  bool done = aft_event_rows_read_csv(t->rows, t->place, t->study->load.n_threads, error);
  (void)done; /* the error says it */
}

/* Both at the same time, but of nothing that opening may wait for. The error is the one that comes first without threads. */
static bool read_events_file(cli_study *study, aft_event_rows *rows, GError **error) {
  g_autofree char *place = aft_config_resolve(&study->config, study->config.events_file);
  event_tasks t = {study, place, rows, {NULL}};
  if (strcmp(place, "-") != 0 && !aft_file_check_regular(place, error)) return false;
  aft_parallel_tasks(N_EVENT_TASKS, study->load.n_threads, run_event_task, &t);
  for (int i = 0; i < N_EVENT_TASKS; i++) {
    if (t.error[i] == NULL) continue;
    g_propagate_error(error, g_steal_pointer(&t.error[i]));
    for (int k = i + 1; k < N_EVENT_TASKS; k++) g_clear_error(&t.error[k]);
    return false;
  }
  return true;
}

static bool read_events(cli_study *study, aft_event_rows *rows, GError **error) {
  const aft_config *config = &study->config;
  if (config->events_file != NULL) return read_events_file(study, rows, error);
  if (config->events->len > 0) return add_config_events(config, rows, error);
  cli_stories_warn(study);
  return aft_stories_to_events(rows, &study->stories, &study->articles, (const char *const *)config->symbols, error);
}

/* Articles by the story they are of: its first, and of each the next one; number + 1, 0 for none. */
typedef struct story_index {
  GHashTable *first; /* event -> number + 1; names borrowed */
  guint *next;       /* [n] */
} story_index;

static void index_articles(story_index *index, const aft_articles *articles) {
  index->first = g_hash_table_new(g_str_hash, g_str_equal);
  index->next = g_new0(guint, MAX(articles->rows->len, 1));
  for (guint i = articles->rows->len; i-- > 0;) { /* the last first, so that chains rise */
    const aft_article *article = g_ptr_array_index(articles->rows, i);
    index->next[i] = GPOINTER_TO_UINT(g_hash_table_lookup(index->first, article->event));
    g_hash_table_insert(index->first, article->event, GUINT_TO_POINTER(i + 1));
  }
}

/* An event of a file has no article of its own: the earliest one of its story with the same time stands for it. */
static void link_articles(aft_event_rows *rows, const aft_articles *articles) {
  story_index index;
  if (articles->rows->len == 0) return;
  index_articles(&index, articles);
  for (guint i = 0; i < rows->n; i++) {
    aft_event_row *row = &rows->rows[i];
    guint j = GPOINTER_TO_UINT(g_hash_table_lookup(index.first, row->event));
    for (; row->article[0] == '\0' && j > 0; j = index.next[j - 1]) {
      const aft_article *article = g_ptr_array_index(articles->rows, j - 1);
      if (article->stamp.kind != row->stamp.kind || article->stamp.instant != row->stamp.instant ||
          article->stamp.day != row->stamp.day)
        continue;
      row->article = aft_texts_add(rows->texts, article->id);
    }
  }
  g_hash_table_unref(index.first);
  g_free(index.next);
}

/* What of the clock a stamp says. */
static const char *clock_name(enum aft_stamp_kind kind) {
  static const char *const names[] = {"unknown", "month", "day", "local", "instant"};
  return names[kind];
}

static void place_article(cli_study *study, const aft_article *article) {
  aft_alignment place;
  char local[AFT_LOCAL_TEXT];
  const char *reason = aft_calendar_align(study->calendar, &article->stamp, study->config.date_next, &place);
  aft_article_fact fact = {.id = g_strdup(article->id),
                           .published = g_strdup(article->published),
                           .local_time = g_strdup(aft_calendar_print_local(study->calendar, &article->stamp, local)),
                           .event = g_strdup(article->event),
                           .symbols = g_strjoinv(" ", article->symbols),
                           .source = g_strdup(article->source),
                           .title = g_strdup(article->title),
                           .url = g_strdup(article->url),
                           .precision = clock_name(article->stamp.kind),
                           .known_to = aft_precision_name(article->stamp.precision),
                           .rule = aft_align_rule_name(place.rule),
                           .reason = reason != NULL ? reason : "",
                           .session = aft_calendar_get_day(study->calendar, place.session),
                           .other = aft_calendar_get_day(study->calendar, place.other)};
  g_array_append_val(study->provenance.articles, fact);
  if (!aft_stamp_is_dated(&article->stamp))
    aft_warnings_add(&study->warnings,
                     "%s: article \"%s\" has no publication %s and is left out (give \"published\" when it is known)",
                     article->file, article->id, article->stamp.kind == AFT_STAMP_MONTH ? "day" : "time");
  g_autofree char *what =
      g_strdup_printf("%s: article \"%s\" at \"%s\"", article->file, article->id, article->published);
  aft_stamp_warn_clock(&article->stamp, &place, study->calendar, what, &study->warnings);
}

static void place_articles(cli_study *study, const aft_articles *articles) {
  for (guint i = 0; i < articles->rows->len; i++) place_article(study, g_ptr_array_index(articles->rows, i));
}

static void warn_unknown_symbols(cli_study *study) {
  const aft_config *config = &study->config;
  long security;
  for (char **symbol = config->symbols; symbol != NULL && *symbol != NULL; symbol++)
    if (aft_panel_find_market(study->panel, *symbol, &security) == NULL)
      aft_warnings_add(&study->warnings, "%s: symbols: \"%s\" is in no price file", config->path, *symbol);
  GHashTableIter iter;
  gpointer symbol;
  if (config->firms == NULL) return;
  g_hash_table_iter_init(&iter, config->firms);
  while (g_hash_table_iter_next(&iter, &symbol, NULL))
    if (aft_panel_find_market(study->panel, symbol, &security) == NULL)
      aft_warnings_add(&study->warnings, "%s: firms: \"%s\" is in no price file", config->path, (const char *)symbol);
}

static bool place_events(cli_study *study, aft_event_rows *rows, GError **error) {
  const aft_config *config = &study->config;
  const aft_events_options options = {.symbols = (const char *const *)config->symbols,
                                      .date_next = config->date_next,
                                      .firms = config->firms,
                                      .first_rel = config->first_rel,
                                      .last_rel = config->last_rel,
                                      .n_threads = study->load.n_threads};
  link_articles(rows, &study->articles);
  place_articles(study, &study->articles);
  cli_stories_keep(study);
  if (!aft_events_align(&study->events, rows, study->panel, &options, error)) return false;
  aft_window span = aft_config_get_span(config);
  aft_events_settle_overlaps(&study->events, config->overlaps, span.first, span.last);
  if (rows->ignored != NULL)
    aft_warnings_add(&study->warnings, "%s: columns that are not used: %s (known: event, symbol, published, group)",
                     rows->path, rows->ignored);
  warn_unknown_symbols(study);
  aft_events_warn(&study->events, study->panel, &study->warnings);
  return true;
}

/* Version of the time-zone data, from its own file; "unknown" when the system does not say. */
static char *find_tzdata(void) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents("/usr/share/zoneinfo/tzdata.zi", &text, NULL, NULL) || !g_str_has_prefix(text, "# version "))
    return g_strdup("unknown");
  const char *version = text + strlen("# version ");
  return g_strndup(version, strcspn(version, "\n"));
}

static bool start_provenance(cli_study *study, const char *path, GError **error) {
  if (strcmp(path, "-") == 0) {
    g_set_error_literal(
        error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG,
        "a study cannot come from standard input, because its paths are relative to its file (prices and articles can: \"-\")");
    return false;
  }
  aft_provenance *p = &study->provenance;
  aft_millis now;
  char text[AFT_MILLIS_TEXT];
  if (!cli_find_now(&now, error)) return false;
  p->started = g_strdup(aft_millis_print(now, text));
  p->tzdata = find_tzdata();
  p->gsl = aft_stats_library_version();
  p->study_file = (aft_input_fact){g_strdup("study"), g_strdup(path), NULL, 0, false};
  p->study_file.sha256 = aft_file_digest(path, &p->study_file.bytes, error);
  return p->study_file.sha256 != NULL;
}

static bool start(cli_study *study, const char *path, const cli_load_options *options, GError **error) {
  *study = (cli_study){.calendar = NULL};
  if (options != NULL) study->load = *options;
  aft_provenance_init(&study->provenance);
  aft_warnings_init(&study->warnings);
  aft_articles_init(&study->articles);
  return start_provenance(study, path, error) && aft_config_read(&study->config, path, error);
}

bool cli_study_load(cli_study *study, const char *path, const cli_load_options *options, GError **error) {
  if (!start(study, path, options, error)) return false;
  aft_event_rows rows;
  aft_event_rows_init(&rows);
  bool ok = cli_markets_open(study, error), events_first = cli_keep_is_asked(study);
  if (!events_first) ok = ok && cli_markets_load(study, error);
  ok = ok && read_all_matches(study, error) && read_stories(study, error) && read_records(study, error) &&
       read_events(study, &rows, error);
  if (ok && events_first) {
    cli_keep_plan(study, &rows);
    ok = cli_markets_load(study, error);
  }
  ok = ok && place_events(study, &rows, error) && cli_covariates_load(study, error);
  aft_event_rows_clear(&rows);
  return ok;
}

bool cli_study_audit(cli_study *study, const char *path, aft_audit *audit, GError **error) {
  if (!start(study, path, NULL, error)) return false;
  aft_event_rows rows;
  aft_event_rows_init(&rows);
  bool ok = cli_markets_open(study, error) && cli_markets_audit(study, audit, error) && read_stories(study, error) &&
            read_events(study, &rows, error);
  bool has_events = study->config.events_file != NULL || (ok && study->config.events->len > 0);
  if (ok && has_events)
    aft_audit_check_events(audit, study->calendar, study->config.date_next, &rows, &study->articles);
  aft_event_rows_clear(&rows);
  return ok;
}

bool cli_study_load_news(cli_study *study, const char *path, const cli_load_options *options, GError **error) {
  if (!start(study, path, options, error)) return false;
  if (study->config.news != NULL)
    return cli_markets_open(study, error) && cli_markets_load(study, error) && read_news(study, error);
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG,
              "%s: the study has no \"news\" (a list of article files: JSON or NDJSON)", path);
  return false;
}

void cli_study_clear(cli_study *study) {
  aft_events_clear(&study->events);
  aft_stories_clear(&study->stories);
  aft_articles_clear(&study->articles);
  aft_value_records_clear(&study->records);
  cli_markets_clear(study);
  aft_config_clear(&study->config);
  aft_provenance_clear(&study->provenance);
  aft_warnings_clear(&study->warnings);
}
