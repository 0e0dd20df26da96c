/* The event that `case` and `robust` are about. */
#include "find_event.h"

#include <string.h>

#include <aftershock/base/banned.h>

const aft_event *cli_find_event(const cli_study *study, const char *event, const char *symbol, GError **error) {
  if (event == NULL) event = study->config.focus_event;
  if (symbol == NULL) symbol = study->config.focus_symbol;
  for (size_t i = 0; i < study->events.n; i++) {
    const aft_event *row = &study->events.rows[i];
    if (event != NULL && symbol != NULL && strcmp(row->event, event) == 0 && strcmp(row->symbol, symbol) == 0)
      return row;
  }
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: no event \"%s\" of \"%s\" (aftershock align lists the events)", study->config.path,
              event != NULL ? event : "(say --event)", symbol != NULL ? symbol : "(say --symbol)");
  return NULL;
}
