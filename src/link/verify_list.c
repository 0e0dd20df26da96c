/* Claims about several firms or days: sums over a group, ranks in it, and records. */
#include "verify_internal.h"

#include <aftershock/stats/describe.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_MISSING = 8 };

/* The symbols of a group, borrowed, and what they are in words. */
typedef struct group {
  GPtrArray *symbols;
  char *name;
  bool is_defined; /* the claim or the study says which securities are meant */
} group;

static void clear_group(group *g) {
  g_ptr_array_unref(g->symbols);
  g_free(g->name);
}

static bool has_label(const aft_verify_data *data, const char *event, const char *label) {
  for (size_t i = 0; i < data->events->n && *label != '\0'; i++)
    if (strcmp(data->events->rows[i].event, event) == 0 && strcmp(data->events->rows[i].group, label) == 0) return true;
  return false;
}

/* The claim's own list; else a group of its event; else all securities of its event; else all of the study but the benchmark. */
static void find_group(const aft_verify_data *data, const aft_verified *v, group *g) {
  const aft_claim *claim = v->claim;
  const char *event = verify_event_name(v);
  const char *label = *claim->group != '\0'                    ? claim->group
                      : has_label(data, event, claim->subject) ? claim->subject
                                                               : "";
  *g = (group){.symbols = g_ptr_array_new(), .is_defined = claim->members != NULL || *label != '\0'};
  for (char **member = claim->members; member != NULL && *member != NULL; member++)
    g_ptr_array_add(g->symbols, *member);
  for (size_t i = 0; i < data->events->n && claim->members == NULL; i++) {
    const aft_event *row = &data->events->rows[i];
    if (strcmp(row->event, event) == 0 && (*label == '\0' || strcmp(row->group, label) == 0))
      g_ptr_array_add(g->symbols, (gpointer)(guintptr)row->symbol);
  }
  if (g->symbols->len == 0 && *label == '\0')
    for (size_t s = 0; s < data->panel->n_securities; s++)
      if ((long)s != data->panel->market_security) g_ptr_array_add(g->symbols, data->panel->symbols[s]);
  g->name = claim->members != NULL ? g_strdup("the claim's members")
            : *label != '\0'       ? g_strdup_printf("group \"%s\"", label)
                                   : g_strdup("the securities of the study");
}

/* "; not known: AMD, AVGO and 15 more" */
static void say_missing(aft_verified *v, const GPtrArray *missing) {
  for (guint i = 0; i < missing->len && i < MOST_MISSING; i++)
    verify_say(v, "%s%s", i == 0 ? "; not known: " : ", ", (const char *)g_ptr_array_index(missing, i));
  if (missing->len > MOST_MISSING) verify_say(v, " and %u more", missing->len - MOST_MISSING);
}

void verify_group_value(const aft_verify_data *data, aft_verified *v) {
  aft_sum losses = {0, 0}, gains = {0, 0}, total = {0, 0};
  char day[AFT_DAY_TEXT];
  group g;
  if (verify_session(data, v) == AFT_DAY_NONE) return;
  find_group(data, v, &g);
  g_autoptr(GPtrArray) missing = g_ptr_array_new();
  for (guint i = 0; i < g.symbols->len; i++) {
    aft_market_value value;
    aft_market_value_compute(data, g_ptr_array_index(g.symbols, i), v->session, &value);
    if (isnan(value.change)) {
      g_ptr_array_add(missing, g_ptr_array_index(g.symbols, i));
      continue;
    }
    aft_sum_add(value.change < 0 ? &losses : &gains, value.change);
    aft_sum_add(&total, value.change);
  }
  v->members = g.symbols->len;
  v->known = v->members - missing->len;
  g_autofree char *sum = verify_money(aft_sum_get(&total)), *lost = verify_money(aft_sum_get(&losses)),
                  *won = verify_money(aft_sum_get(&gains));
  if (v->known > 0) verify_judge(v, aft_sum_get(&total));
  verify_say(v, "%s, session %s: %zu of %zu members sum to %s (losses %s, gains %s)", g.name,
             aft_day_print(v->session, day), v->known, v->members, sum, lost, won);
  say_missing(v, missing);
  if (!g.is_defined)
    verify_say(v, "; the study does not say which securities are \"%s\" (give the claim members or a group)",
               v->claim->subject);
  if (missing->len > 0 || !g.is_defined) v->verdict = AFT_VERDICT_UNDETERMINED;
  clear_group(&g);
}

/* What a rank compares, of one security: NaN when not known. */
static double measure_change(const aft_verify_data *data, const char *symbol, aft_day session, bool by_value) {
  aft_market_value value;
  long security;
  if (by_value) {
    aft_market_value_compute(data, symbol, session, &value);
    return value.change;
  }
  const aft_panel *panel = aft_panel_find_market(data->panel, symbol, &security);
  return 100 * verify_return(data, panel, security, panel == NULL ? -1 : verify_find_column(panel, session));
}

typedef struct ranking {
  double own;         /* NaN when not known */
  size_t rank, known; /* 1 + those ahead; members that are known, its own included */
  const char *ahead;  /* the most extreme other; NULL when none is known */
  double ahead_value;
} ranking;

static ranking rank_in(const aft_verify_data *data, const aft_verified *v, const group *g, bool by_value) {
  ranking out = {.own = measure_change(data, v->claim->subject, v->session, by_value), .rank = 1};
  double sign = v->claim->largest_gain ? -1 : 1; /* the smallest of sign x change is first */
  if (!isnan(out.own)) out.known = 1;
  for (guint i = 0; i < g->symbols->len; i++) {
    const char *symbol = g_ptr_array_index(g->symbols, i);
    double other = measure_change(data, symbol, v->session, by_value);
    if (strcmp(symbol, v->claim->subject) == 0 || isnan(other)) continue;
    out.known++;
    if (sign * other < sign * out.own) out.rank++;
    if (out.ahead == NULL || sign * other < sign * out.ahead_value) {
      out.ahead = symbol;
      out.ahead_value = other;
    }
  }
  return out;
}

static void say_ranking(aft_verified *v, const ranking *r, size_t members, bool by_value) {
  g_autofree char *own = by_value ? verify_money(r->own) : g_strdup_printf("%+.2f %%", r->own);
  g_autofree char *other = by_value ? verify_money(r->ahead_value) : g_strdup_printf("%+.2f %%", r->ahead_value);
  verify_say(v, "%s: rank %zu among %zu of %zu known (%s", by_value ? "by change of market value" : "by return",
             r->rank, r->known, members, own);
  if (r->ahead != NULL) verify_say(v, "; the largest of the others: %s %s", r->ahead, other);
  verify_say(v, ")");
}

/* A list with members missing can refute a rank, but not establish it. */
static enum aft_verdict judge_rank(double claimed, size_t rank, size_t n_missing) {
  if (claimed < (double)rank || claimed > (double)(rank + n_missing)) return AFT_VERDICT_CONTRADICTED;
  if (n_missing == 0) return AFT_VERDICT_EXACT;
  return claimed == (double)rank ? AFT_VERDICT_CONSISTENT : AFT_VERDICT_UNDETERMINED;
}

void verify_rank(const aft_verify_data *data, aft_verified *v) {
  char day[AFT_DAY_TEXT];
  group g;
  if (verify_session(data, v) == AFT_DAY_NONE) return;
  find_group(data, v, &g);
  bool is_member = g_ptr_array_find_with_equal_func(g.symbols, v->claim->subject, g_str_equal, NULL);
  size_t members = g.symbols->len + (is_member ? 0 : 1);
  ranking value = rank_in(data, v, &g, true), percent = rank_in(data, v, &g, false);
  bool by_value =
      v->claim->measure == AFT_MEASURE_VALUE || (v->claim->measure == AFT_MEASURE_NONE && !isnan(value.own));
  const ranking *used = by_value ? &value : &percent;
  verify_say(v, "%s, session %s, ", g.name, aft_day_print(v->session, day));
  if (isnan(used->own)) {
    verify_say(v, "%s of %s is not known", by_value ? "the market value" : "the return", v->claim->subject);
  } else {
    v->members = members;
    v->known = used->known;
    verify_judge(v, (double)used->rank);
    v->verdict = judge_rank((double)used->rank - v->difference, used->rank, members - used->known);
    say_ranking(v, used, members, by_value);
    const ranking *other = by_value ? &percent : &value;
    if (!isnan(other->own)) {
      verify_say(v, "; ");
      say_ranking(v, other, members, !by_value);
    }
  }
  clear_group(&g);
}

/* The rows of the list before the session: how many, from when to when, how many are ahead, and the most extreme. */
typedef struct earlier {
  size_t n, n_ahead;
  aft_day first, last;
  const aft_value_record *most;
} earlier;

static earlier find_earlier(const aft_value_records *records, aft_day session, double change, double sign) {
  earlier out = {.first = AFT_DAY_NONE};
  for (guint i = 0; i < records->rows->len; i++) {
    const aft_value_record *record = &g_array_index(records->rows, aft_value_record, i);
    if (record->day >= session) continue;
    if (out.n == 0 || record->day < out.first) out.first = record->day;
    if (out.n == 0 || record->day > out.last) out.last = record->day;
    out.n++;
    if (sign * record->change < sign * change) out.n_ahead++;
    if (out.most == NULL || sign * record->change < sign * out.most->change) out.most = record;
  }
  return out;
}

static void say_record(aft_verified *v, const char *list, const earlier *e) {
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT], day[AFT_DAY_TEXT];
  g_autofree char *most = verify_money(e->most->change);
  verify_say(v, "; rank among it and %zu earlier rows of %s, %s to %s, the largest of them %s on %s, %s", e->n, list,
             aft_day_print(e->first, first), aft_day_print(e->last, last), e->most->symbol,
             aft_day_print(e->most->day, day), most);
}

void verify_record(const aft_verify_data *data, aft_verified *v) {
  double sign = v->claim->largest_gain ? -1 : 1;
  aft_market_value value;
  if (verify_session(data, v) == AFT_DAY_NONE) return;
  if (data->records == NULL) {
    verify_say(v, "the study names no list of records (key records)");
    return;
  }
  g_autofree char *list = g_path_get_basename(data->records->path);
  if (*v->claim->among != '\0' && strcmp(v->claim->among, list) != 0) {
    verify_say(v, "the study's list of records is %s, not %s", list, v->claim->among);
    return;
  }
  aft_market_value_compute(data, v->claim->subject, v->session, &value);
  if (isnan(value.change)) {
    verify_say(v, "%s: %s", v->claim->subject, value.reason);
    return;
  }
  earlier e = find_earlier(data->records, v->session, value.change, sign);
  g_autofree char *money = verify_money(value.change);
  verify_say(v, "change of market value %s", money);
  if (e.n == 0) {
    verify_say(v, "; %s holds no row before the session", list);
    return;
  }
  v->members = v->known = e.n + 1;
  verify_judge(v, (double)(e.n_ahead + 1));
  if (v->verdict != AFT_VERDICT_EXACT) v->verdict = AFT_VERDICT_CONTRADICTED; /* a place is right or wrong */
  say_record(v, list, &e);
}
