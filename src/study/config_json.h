/* Reading typed values out of the study file's JSON; internal to config*.c. */
#ifndef STUDY_CONFIG_JSON_H
#define STUDY_CONFIG_JSON_H

#include <aftershock/study/config.h>

#include <jansson.h>

enum { CONFIG_MAX_REL = 20000 }; /* sessions from the event that a window may reach */

typedef struct config_reader {
  const char *path; /* of the study file, for messages */
  const char *text; /* its bytes, for line numbers */
} config_reader;

/* Sets error to "path:line: key: message"; key may be "" for the whole file. */
void config_set_error(const config_reader *reader, GError **error, const char *key, const char *format, ...)
    G_GNUC_PRINTF(4, 5);
/* The same, and false; a macro, so that the analyzers see that nothing goes on. */
#define config_fail(...) (config_set_error(__VA_ARGS__), false)

/* Refuses keys of an object that are not in known (NULL-terminated); prefix stands before the key in messages ("estimation."). */
bool config_check_keys(const config_reader *reader, json_t *object, const char *prefix, const char *const *known,
                       GError **error);

/* Each reads an optional value: true and unchanged when absent (NULL value), false with error on a wrong type. */
bool config_text(const config_reader *reader, json_t *value, const char *key, char **out, GError **error);
bool config_texts(const config_reader *reader, json_t *value, const char *key, char ***out, GError **error);
bool config_integer(const config_reader *reader, json_t *value, const char *key, int low, int high, int *out,
                    GError **error);
bool config_number(const config_reader *reader, json_t *value, const char *key, double low, double high, double *out,
                   GError **error);
bool config_boolean(const config_reader *reader, json_t *value, const char *key, bool *out, GError **error);
/* {"first": -250, "last": -11}, and "min_obs" unless that is NULL; first is not after last. */
bool config_span(const config_reader *reader, json_t *object, const char *key, int *first, int *last, int *min_obs,
                 GError **error);
/* [-1, 1]: relative sessions in order and inside the event window, which has been read. */
bool config_window(const config_reader *reader, json_t *pair, const char *key, const aft_config *config,
                   aft_window *out, GError **error);
/* One of names (NULL-terminated): sets its index. */
bool config_choice(const config_reader *reader, json_t *value, const char *key, const char *const *names, int *out,
                   GError **error);
/* "simple" or "log"; absent: simple. */
bool config_returns_form(const config_reader *reader, json_t *value, const char *key, bool *is_log, GError **error);
/* A list of names without repetition, or the word "all" (every name). Out: NULL-terminated, owned. */
bool config_names(const config_reader *reader, json_t *value, const char *key, const char *const *known, char ***out,
                  GError **error);

/*
 * Readers of keys that have a file of their own. value NULL: the key is absent and its default is filled in.
 * config_models.c: `models`, which fills models and n_models of config.
 */
bool config_read_models(const config_reader *reader, json_t *list, aft_config *config, GError **error);
/* config_stories.c */
bool config_read_stories(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_markets.c */
bool config_read_markets(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_firms(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_volume.c */
bool config_read_volume(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_check_volume(const config_reader *reader, const aft_config *config, GError **error);
bool config_check_markets(const config_reader *reader, const aft_config *config, GError **error);
void config_clear_markets(aft_config *config);

/* config_candidates.c */
bool config_read_candidates(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_news.c */
bool config_read_scan(const config_reader *reader, json_t *object, aft_config *config, GError **error);
bool config_check_scan(const config_reader *reader, const aft_config *config, GError **error);
bool config_read_correlate(const config_reader *reader, json_t *object, aft_config *config, GError **error);

/* config_overlaps.c */
bool config_read_overlaps(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_excluded(const config_reader *reader, json_t *value, aft_config *config, GError **error);

/* config_keep.c */
bool config_read_keep(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_check_keep(const config_reader *reader, const aft_config *config, GError **error);

/* config_tests.c */
bool config_read_windows(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_tests(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_adjust(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_resampling(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_options(const config_reader *reader, json_t *value, aft_config *config, GError **error);
bool config_read_size_card(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_compat.c */
bool config_read_compat(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_regressions.c; after event_window */
bool config_read_regressions(const config_reader *reader, json_t *value, aft_config *config, GError **error);
/* config_calendar.c; after event_window */
bool config_read_calendar_time(const config_reader *reader, json_t *value, aft_config *config, GError **error);

/* What the models need of the rest of the study; given: whether it has the key `models`. */
bool config_check_models(const config_reader *reader, bool given, const aft_config *config, GError **error);
/* The same for any list of models; name: its key, "" for a list that the file does not have. */
bool config_check_model_list(const config_reader *reader, const aft_config *config, const char *name, bool has_market,
                             const aft_model_spec *models, size_t n_models, GError **error);
/* Reads a list of models under the key `name`; what was read is there to be cleared also after a failure. */
bool config_model_list(const config_reader *reader, json_t *list, const char *name, aft_model_spec **models,
                       size_t *n_models, GError **error);
void config_clear_models(aft_model_spec **models, size_t *n_models);

/* config_robust.c; after windows, estimation, models and market */
bool config_read_robust(const config_reader *reader, json_t *value, aft_config *config, GError **error);
void config_clear_robust(aft_config *config);

#endif
