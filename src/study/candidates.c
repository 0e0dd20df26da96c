/* From the moments at which a story may have become public to sessions, and the test over all of them. */
#include <aftershock/study/candidates.h>

#include "candidates_internal.h"

#include <string.h>

#include <aftershock/base/banned.h>

typedef struct story {
  const char *event;
  const aft_panel *panel;
} story;

static bool fail_line(const aft_result *study, const aft_candidate *candidate, GError **error, const char *message) {
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA, "%s:%ld: candidates: %s", study->config->path,
              candidate->line, message);
  return false;
}

static bool find_column(const aft_result *study, const aft_candidate *candidate, const aft_panel *panel,
                        const aft_stamp *stamp, long *column, GError **error) {
  aft_alignment place;
  if (panel->next != NULL || panel->number > 0)
    if (stamp->kind == AFT_STAMP_LOCAL)
      return fail_line(study, candidate, error,
                       "a time without zone, and the study has several exchanges (add the offset)");
  aft_calendar_align(panel->calendar, stamp, study->config->date_next, &place);
  if (place.session < 0) return fail_line(study, candidate, error, "a time outside the exchange's calendar");
  *column = place.session - panel->first_session;
  return true;
}

static int compare_columns(const void *left, const void *right) {
  const candidate_session *a = left, *b = right;
  return a->column < b->column ? -1 : a->column > b->column;
}

static void add_session(GArray *sessions, long column, const char *what) {
  for (guint i = 0; i < sessions->len; i++) {
    candidate_session *known = &g_array_index(sessions, candidate_session, i);
    if (known->column != column) continue;
    if (what[0] != '\0' && strstr(known->what->str, what) == NULL)
      g_string_append_printf(known->what, "%s%s", known->what->len > 0 ? "; " : "", what);
    return;
  }
  candidate_session session = {column, g_string_new(what)};
  g_array_append_val(sessions, session);
}

static void clear_session(void *data) { g_string_free(((candidate_session *)data)->what, TRUE); }

GArray *aft_candidates_find_sessions(const aft_result *study, const char *story_id, const aft_panel *exchange,
                                     GError **error) {
  g_autoptr(GArray) sessions = g_array_new(FALSE, FALSE, sizeof(candidate_session));
  g_array_set_clear_func(sessions, clear_session);
  for (size_t i = 0; i < study->events->n; i++) {
    const aft_event *event = &study->events->rows[i];
    if (strcmp(event->event, story_id) == 0 && aft_result_get_panel(study, event) == exchange &&
        event->alignment.session >= 0)
      add_session(sessions, event->column, "the story's time");
  }
  for (guint i = 0; i < study->config->candidates->len; i++) {
    const aft_candidate *candidate = &g_array_index(study->config->candidates, aft_candidate, i);
    long first, last;
    if (strcmp(candidate->event, story_id) != 0) continue;
    if (!find_column(study, candidate, exchange, &candidate->stamp, &first, error)) return NULL;
    last = first;
    if (candidate->until[0] != '\0' && !find_column(study, candidate, exchange, &candidate->last, &last, error))
      return NULL;
    if (last < first) {
      fail_line(study, candidate, error, "until is before published");
      return NULL;
    }
    if (last - first >= MAX_CANDIDATES) {
      fail_line(study, candidate, error, "more than 250 sessions from published to until");
      return NULL;
    }
    for (long column = first; column <= last; column++) add_session(sessions, column, candidate->what);
  }
  qsort(sessions->data, sessions->len, sizeof(candidate_session), compare_columns);
  return g_steal_pointer(&sessions);
}

/* The study with an event window that spans the candidates, a window around each, and day 0 on the first of them. */
static bool test_story(aft_result *result, const story *s, const GArray *sessions, unsigned n_threads, GError **error) {
  aft_config config = *result->config;
  const aft_window main = config.windows[0];
  const candidate_session *session = (const candidate_session *)(const void *)sessions->data;
  g_autofree aft_window *windows = g_new(aft_window, sessions->len);
  g_autofree aft_event *rows = g_new(aft_event, MAX(result->events->n, 1));
  for (guint k = 0; k < sessions->len; k++) {
    int offset = (int)(session[k].column - session[0].column);
    windows[k] = (aft_window){offset + main.first, offset + main.last};
  }
  config.windows = windows;
  config.n_windows = sessions->len;
  config.first_rel = windows[0].first;
  config.last_rel = windows[sessions->len - 1].last;
  config.tables = AFT_TABLES_ALL; /* residuals are what the placebos are made of */
  aft_events events = {.n = 0, .rows = rows};
  for (size_t i = 0; i < result->events->n; i++) {
    const aft_event *event = &result->events->rows[i];
    if (strcmp(event->event, s->event) != 0 || aft_result_get_panel(result, event) != s->panel) continue;
    if (event->security < 0 || event->alignment.session < 0) continue;
    rows[events.n] = *event;
    rows[events.n].column = (int32_t)session[0].column;
    bool inside =
        session[0].column + config.first_rel >= 0 && session[0].column + config.last_rel < (long)s->panel->n_sessions;
    rows[events.n++].reason = inside ? NULL : "candidates beyond the data";
  }
  const aft_result study = {
      .config = &config, .panel = result->panel, .events = &events, .known = aft_result_get_known(result), .focus = -1};
  aft_model_result model = {.spec = &config.models[0]};
  if (!aft_study_estimate(&model, &study, n_threads, error)) return false;
  candidate_test test = {.study = &study, .model = &model, .panel = s->panel, .sessions = session, .n = sessions->len};
  aft_candidates_compute(&test, result->candidates);
  aft_study_clear_model(&model, config.n_windows);
  return true;
}

static void clear_row(void *data) { g_free(((aft_candidate_row *)data)->what); }

static bool has_event(const aft_result *result, const char *event, const aft_panel *panel) {
  for (size_t i = 0; i < result->events->n; i++)
    if (strcmp(result->events->rows[i].event, event) == 0 &&
        (panel == NULL || aft_result_get_panel(result, &result->events->rows[i]) == panel))
      return true;
  return false;
}

/* Whether an earlier row names the same story. */
static bool is_told(const GArray *candidates, guint i) {
  const char *event = g_array_index(candidates, aft_candidate, i).event;
  for (guint j = 0; j < i; j++)
    if (strcmp(g_array_index(candidates, aft_candidate, j).event, event) == 0) return true;
  return false;
}

bool aft_study_test_candidates(aft_result *result, unsigned n_threads, aft_warnings *warnings, GError **error) {
  const GArray *candidates = result->config->candidates;
  if (candidates == NULL || candidates->len == 0) return true;
  result->candidates = g_array_new(FALSE, FALSE, sizeof(aft_candidate_row));
  g_array_set_clear_func(result->candidates, clear_row);
  for (guint i = 0; i < candidates->len; i++) {
    const aft_candidate *candidate = &g_array_index(candidates, aft_candidate, i);
    if (is_told(candidates, i)) continue;
    if (!has_event(result, candidate->event, NULL)) {
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s:%ld: candidates: no event \"%s\" (name one of the study's events)", result->config->path,
                  candidate->line, candidate->event);
      return false;
    }
    guint before = result->candidates->len;
    for (const aft_panel *panel = result->panel; panel != NULL; panel = panel->next) {
      const story s = {candidate->event, panel};
      if (!has_event(result, candidate->event, panel)) continue;
      g_autoptr(GArray) sessions = aft_candidates_find_sessions(result, s.event, panel, error);
      if (sessions == NULL || !test_story(result, &s, sessions, n_threads, error)) return false;
    }
    if (result->candidates->len == before)
      aft_warnings_add(warnings,
                       "candidates: no security of \"%s\" has the data for them; candidates.csv leaves it out",
                       candidate->event);
  }
  return true;
}
