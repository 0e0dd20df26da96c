/* Verification of claims: what each kind is compared with. */
#include "verify_internal.h"

#include <aftershock/base/text.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include <aftershock/base/banned.h>

void verify_say(aft_verified *v, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *more = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  char *joined = g_strconcat(v->how, more, NULL);
  g_free(v->how);
  v->how = joined;
}

char *verify_money(double value) {
  static const struct {
    double size;
    const char *word;
  } words[] = {{1e12, " trillion"}, {1e9, " billion"}, {1e6, " million"}};
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (fabs(value) >= words[i].size) return g_strdup_printf("%+.3f%s", value / words[i].size, words[i].word);
  return g_strdup_printf("%+.0f", value);
}

static void set_text(char **out, double value) {
  char text[AFT_NUMBER_TEXT];
  g_free(*out);
  *out = g_strdup(aft_number_print(value, text));
}

void verify_judge(aft_verified *v, double measured) {
  aft_judgement judgement = aft_claim_judge(measured, v->claim->stated, v->claim->scale, v->claim->qualifier);
  v->verdict = judgement.verdict;
  v->difference = judgement.difference;
  v->tolerance = judgement.tolerance;
  set_text(&v->measured, measured);
}

const aft_event *verify_find_event(const aft_verify_data *data, const char *event, const char *symbol) {
  const aft_event *found = NULL;
  for (size_t i = 0; i < data->events->n; i++) {
    const aft_event *row = &data->events->rows[i];
    if (strcmp(row->event, event) != 0) continue;
    if (strcmp(row->symbol, symbol) == 0) return row;
    if (found == NULL) found = row;
  }
  return found;
}

aft_day verify_event_session(const aft_verify_data *data, const aft_event *event) {
  const aft_panel *panel = event->panel != NULL ? event->panel : data->panel;
  if (event->alignment.session < 0) return AFT_DAY_NONE;
  return aft_calendar_get_session(panel->calendar, (size_t)event->alignment.session)->day;
}

const char *verify_event_name(const aft_verified *v) {
  return *v->claim->event != '\0' ? v->claim->event : v->article->event;
}

aft_day verify_session(const aft_verify_data *data, aft_verified *v) {
  const char *name = verify_event_name(v);
  aft_day day;
  if (aft_day_parse(v->claim->session, strlen(v->claim->session), &day)) return v->session = day;
  const aft_event *event = verify_find_event(data, name, v->claim->subject);
  if (event == NULL) {
    verify_say(v,
               *name != '\0' ? "the study has no event \"%s\" (give the claim an event or a session)"
                             : "no event and no session is named%s",
               name);
    return AFT_DAY_NONE;
  }
  v->session = verify_event_session(data, event);
  if (v->session == AFT_DAY_NONE) verify_say(v, "the event \"%s\" has no session: its time is not known", name);
  return v->session;
}

/* The session of the claim with the closes of its subject; false when there is nothing to measure. */
static bool find_value(const aft_verify_data *data, aft_verified *v, aft_market_value *value) {
  char day[AFT_DAY_TEXT];
  if (verify_session(data, v) == AFT_DAY_NONE) return false;
  aft_market_value_compute(data, v->claim->subject, v->session, value);
  if (!isnan(value->percent)) return true;
  verify_say(v, "%s: %s (%s)", v->claim->subject, value->reason, aft_day_print(v->session, day));
  return false;
}

static void say_closes(aft_verified *v, const aft_market_value *value) {
  char day[AFT_DAY_TEXT];
  verify_say(v, "closes %.10g and %.10g, session %s", value->previous_close, value->close,
             aft_day_print(v->session, day));
}

static void verify_price_move(const aft_verify_data *data, aft_verified *v) {
  aft_market_value value;
  if (!find_value(data, v, &value)) return;
  verify_judge(v, value.percent);
  say_closes(v, &value);
  verify_say(v, ": %+.4f %%, price move without dividends", value.percent);
}

static void verify_total_return(const aft_verify_data *data, aft_verified *v) {
  char day[AFT_DAY_TEXT];
  long security;
  if (verify_session(data, v) == AFT_DAY_NONE) return;
  const aft_panel *panel = aft_panel_find_market(data->panel, v->claim->subject, &security);
  double percent =
      100 * verify_return(data, panel, security, panel == NULL ? -1 : verify_find_column(panel, v->session));
  if (isnan(percent)) {
    verify_say(v, "%s: no return (%s)", v->claim->subject, aft_day_print(v->session, day));
    return;
  }
  verify_judge(v, percent);
  verify_say(v, "return of session %s, with dividends where the data have them: %+.4f %%",
             aft_day_print(v->session, day), percent);
}

static void say_shares(aft_verified *v, const aft_market_value *value) {
  char day[AFT_DAY_TEXT];
  verify_say(v, "; %.0f shares, the number of %s%s%s%s", value->shares, aft_day_print(value->shares_day, day),
             *value->source != '\0' ? " (" : "", value->source, *value->source != '\0' ? ")" : "");
}

static void verify_value_change(const aft_verify_data *data, aft_verified *v) {
  aft_market_value value;
  if (!find_value(data, v, &value)) return;
  say_closes(v, &value);
  if (isnan(value.change)) {
    verify_say(v, "; %s", value.reason);
    return;
  }
  g_autofree char *money = verify_money(value.change);
  verify_judge(v, value.change);
  say_shares(v, &value);
  verify_say(v, ": %s", money);
}

/* Of one day, with one number of shares: the price's. */
static void verify_value_percent(const aft_verify_data *data, aft_verified *v) {
  aft_market_value value;
  if (!find_value(data, v, &value)) return;
  verify_judge(v, value.percent);
  say_closes(v, &value);
  verify_say(v, ": %+.4f %%, with the same number of shares before and after", value.percent);
}

static void verify_not_market(const aft_verify_data *data, aft_verified *v) {
  (void)data;
  verify_say(v, "not about prices, market values or dates: the data of a study cannot decide it%s%s",
             *v->claim->note != '\0' ? "; " : "", v->claim->note);
}

static verify_kind *const kinds[AFT_CLAIM_N_KINDS] = {
    [AFT_CLAIM_PRICE_MOVE] = verify_price_move,
    [AFT_CLAIM_TOTAL_RETURN] = verify_total_return,
    [AFT_CLAIM_VALUE_CHANGE] = verify_value_change,
    [AFT_CLAIM_VALUE_CHANGE_PERCENT] = verify_value_percent,
    [AFT_CLAIM_GROUP_VALUE_CHANGE] = verify_group_value,
    [AFT_CLAIM_RANK] = verify_rank,
    [AFT_CLAIM_RECORD] = verify_record,
    [AFT_CLAIM_DIRECTION] = verify_direction,
    [AFT_CLAIM_EVENT_DATE] = verify_event_date,
    [AFT_CLAIM_ELAPSED_DAYS] = verify_elapsed,
    [AFT_CLAIM_ELAPSED_SESSIONS] = verify_elapsed,
    [AFT_CLAIM_NOT_MARKET] = verify_not_market,
};

static void clear_verified(void *data) {
  aft_verified *v = data;
  g_free(v->stated);
  g_free(v->measured);
  g_free(v->how);
}

/* What the claim says, with its scale word multiplied in. */
static char *state(const aft_claim *claim) {
  double value;
  char text[AFT_NUMBER_TEXT];
  if (claim->scale == 1 || !aft_number_parse(claim->stated, strlen(claim->stated), &value))
    return g_strdup(claim->stated);
  return g_strdup(aft_number_print(value * claim->scale, text));
}

GArray *aft_verify_run(const aft_verify_data *data) {
  GArray *out = g_array_new(FALSE, TRUE, sizeof(aft_verified));
  g_array_set_clear_func(out, clear_verified);
  for (guint i = 0; i < data->articles->rows->len; i++) {
    const aft_article *article = g_ptr_array_index(data->articles->rows, i);
    for (guint c = 0; article->claims != NULL && c < article->claims->len; c++) {
      const aft_claim *claim = &g_array_index(article->claims, aft_claim, c);
      aft_verified v = {.article = article,
                        .claim = claim,
                        .verdict = AFT_VERDICT_UNDETERMINED,
                        .stated = state(claim),
                        .measured = g_strdup(""),
                        .how = g_strdup(""),
                        .difference = (double)NAN,
                        .tolerance = (double)NAN,
                        .session = AFT_DAY_NONE};
      kinds[claim->kind](data, &v);
      g_array_append_val(out, v);
    }
  }
  return out;
}

static bool is_about_value(enum aft_claim_kind kind) {
  return kind == AFT_CLAIM_VALUE_CHANGE || kind == AFT_CLAIM_GROUP_VALUE_CHANGE || kind == AFT_CLAIM_RANK ||
         kind == AFT_CLAIM_RECORD;
}

static bool is_asked(const GArray *verified, const char *event) {
  for (guint i = 0; i < verified->len; i++) {
    const aft_verified *v = &g_array_index(verified, aft_verified, i);
    if (is_about_value(v->claim->kind) && *v->claim->session == '\0' && strcmp(verify_event_name(v), event) == 0)
      return true;
  }
  return false;
}

GArray *aft_verify_values(const aft_verify_data *data, const GArray *verified) {
  GArray *out = g_array_new(FALSE, TRUE, sizeof(aft_value_row));
  g_autoptr(GHashTable) asked = g_hash_table_new(g_str_hash, g_str_equal); /* event -> 1 no, 2 yes */
  for (size_t i = 0; i < data->events->n; i++) {
    const aft_event *event = &data->events->rows[i];
    aft_value_row row = {.event = event->event,
                         .symbol = event->symbol,
                         .group = event->group,
                         .session = verify_event_session(data, event)};
    guint known = GPOINTER_TO_UINT(g_hash_table_lookup(asked, event->event));
    if (known == 0) {
      known = is_asked(verified, event->event) ? 2 : 1;
      g_hash_table_insert(asked, (gpointer)(guintptr)event->event, GUINT_TO_POINTER(known));
    }
    if (known == 1 || row.session == AFT_DAY_NONE) continue;
    aft_market_value_compute(data, event->symbol, row.session, &row.value);
    g_array_append_val(out, row);
  }
  return out;
}
