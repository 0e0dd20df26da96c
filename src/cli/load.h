/* What the commands on studies share: a study file and everything it names, read and aligned. */
#ifndef CLI_LOAD_H
#define CLI_LOAD_H

#include <aftershock/input/articles.h>
#include <aftershock/market/audit.h>
#include <aftershock/market/stories.h>
#include <aftershock/report/result.h>

/* An exchange of the study. */
typedef struct cli_market {
  aft_calendar *calendar; /* owned */
  aft_panel panel;
  aft_shares shares; /* path NULL without a file of them */
  aft_keep *keep;    /* what is kept of the prices; NULL: all; owned */
} cli_market;

typedef struct cli_load_options {
  unsigned n_threads; /* of the loading; 0: one a processor */
  bool volume;        /* volumes are asked for */
  bool volume_series; /* and whole series of them are read */
  bool windows;       /* where the study says so, only the prices that its events need are kept */
  gboolean no_cache;  /* all files are read; nothing is kept of them */
} cli_load_options;

/* The option of every command that loads a study; target: where its gboolean is. */
#define CLI_NO_CACHE_OPTION(target) \
  { \
    "no-cache", 0, 0, G_OPTION_ARG_NONE, (target), "Read all price files, and keep nothing of them for the next time", \
        NULL \
  }

typedef struct cli_study {
  cli_load_options load; /* how it was loaded */
  aft_config config;
  cli_market *markets; /* [n_markets] the study's own first; each panel leads to the next */
  size_t n_markets;
  const aft_calendar *calendar; /* of the study's own exchange, as is panel */
  const aft_panel *panel;
  aft_events events;
  aft_articles articles;
  aft_stories stories;       /* of the articles */
  aft_value_records records; /* path NULL without a file of them */
  aft_provenance provenance;
  aft_warnings warnings;
} cli_study;

/* Reads the study; clear it with cli_study_clear also after a failure. options: NULL for none. */
bool cli_study_load(cli_study *study, const char *path, const cli_load_options *options,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Adds what happened to the firms of the loaded study, for the ledger of confounders: other events and articles only if its tables or
 * clean_only ask for them.
 */
bool cli_occurrences_load(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As cli_study_load, without events and what hangs on them: prices and news, which there must be. */
bool cli_study_load_news(cli_study *study, const char *path, const cli_load_options *options,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * Reads the study and audits its files instead of building panels of them; clear it likewise. Fails on files that cannot be read.
 */
bool cli_study_audit(cli_study *study, const char *path, aft_audit *audit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cli_study_clear(cli_study *study);

#endif
