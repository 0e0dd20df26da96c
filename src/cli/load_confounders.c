/* What happened to the firms of a study, for the ledger of confounders. */
#include "load_input.h"

#include <aftershock/base/text.h>
#include <aftershock/study/confounders.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void add(cli_study *study, enum aft_occurrence_kind kind, const char *symbol, const char *story,
                const char *source, aft_day day) {
  aft_occurrence occurrence = {kind, g_strdup(symbol), g_strdup(story), g_strdup(source), day};
  g_array_append_val(study->provenance.occurrences, occurrence);
}

void cli_occurrences_add_actions(cli_study *study, const aft_actions *actions) {
  for (size_t i = 0; i < actions->n; i++) {
    const aft_action *action = &actions->rows[i];
    char value[AFT_NUMBER_TEXT];
    add(study, action->kind == AFT_ACTION_SPLIT ? AFT_OCCURRENCE_SPLIT : AFT_OCCURRENCE_DIVIDEND, action->symbol, "",
        aft_number_print(action->value, value), action->day);
  }
}

/* Adds it on the session that could first react, on the exchange of the symbol. */
static void add_stamp(cli_study *study, enum aft_occurrence_kind kind, const char *symbol, const char *story,
                      const char *source, const aft_stamp *stamp) {
  long security;
  const aft_panel *panel = aft_panel_find_market(study->panel, symbol, &security);
  const aft_calendar *calendar = panel != NULL ? panel->calendar : study->calendar;
  aft_alignment place;
  aft_calendar_align(calendar, stamp, study->config.date_next, &place);
  if (place.session >= 0) add(study, kind, symbol, story, source, aft_calendar_get_day(calendar, place.session));
}

static bool add_earnings(cli_study *study, GError **error) {
  aft_earnings earnings;
  if (study->config.earnings == NULL) return true;
  g_autofree char *place = cli_take_input(study, "earnings", study->config.earnings, error);
  if (place == NULL || !aft_earnings_read_csv(&earnings, place, error)) return false;
  for (guint i = 0; i < earnings.rows->len; i++) {
    const aft_earnings_row *row = &g_array_index(earnings.rows, aft_earnings_row, i);
    add_stamp(study, AFT_OCCURRENCE_EARNINGS, row->symbol, "", row->published, &row->stamp);
  }
  aft_earnings_clear(&earnings);
  return true;
}

static void add_events(cli_study *study) {
  for (size_t i = 0; i < study->events.n; i++) {
    const aft_event *event = &study->events.rows[i];
    if (event->alignment.session >= 0)
      add(study, AFT_OCCURRENCE_EVENT, event->symbol, event->event, event->event,
          aft_calendar_get_day(event->panel->calendar, event->alignment.session));
  }
}

static void add_articles(cli_study *study) {
  const aft_stories *stories = &study->stories;
  for (size_t i = 0; i < stories->n; i++) {
    const aft_story_link *link = &stories->links[i];
    for (char **symbol = link->article->symbols; *symbol != NULL; symbol++)
      add_stamp(study, AFT_OCCURRENCE_ARTICLE, *symbol, aft_story_name(link), link->article->id, &link->article->stamp);
  }
}

bool cli_occurrences_load(cli_study *study, GError **error) {
  if (study->config.tables == AFT_TABLES_ALL || study->config.clean_only) {
    add_articles(study);
    add_events(study);
  }
  return add_earnings(study, error);
}
