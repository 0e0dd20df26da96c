/* A provider that a JSON file describes: asks for each symbol, and turns the cells into rows. */
#include "mapping.h"
#include "news.h"

#include <aftershock/base/file.h>
#include <aftershock/base/stamp.h>
#include <aftershock/base/text.h>
#include <aftershock/base/zone.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_NUMBER = 64 };

static const fetch_mapping *mapping_of(const fetch_session *session) {
  return (const fetch_mapping *)(const void *)((const char *)session->provider - offsetof(fetch_mapping, provider));
}

/* ---- addresses */

static void replace(GString *text, const char *mark, const char *value) {
  g_autofree char *encoded = aft_url_encode(value);
  g_string_replace(text, mark, encoded, 0);
}

static char *build_url(const fetch_session *session, const char *symbol) {
  GString *url = g_string_new(mapping_of(session)->url);
  aft_day first = session->first != AFT_DAY_NONE ? session->first : aft_day_from_ymd(1970, 1, 1);
  const struct {
    const char *name;
    aft_day day;
    int behind; /* days that the epoch is later: up to the end of the last day */
  } days[] = {{"first", first, 0}, {"last", session->last, 1}};
  replace(url, "{symbol}", symbol);
  replace(url, "{query}", session->query->text != NULL ? session->query->text : "");
  for (size_t i = 0; i < G_N_ELEMENTS(days); i++) {
    char iso[AFT_DAY_TEXT];
    aft_day_print(days[i].day, iso);
    g_autofree char *plain = g_strdup_printf("{%s}", days[i].name),
                    *compact = g_strdup_printf("{%s_compact}", days[i].name);
    g_autofree char *epoch = g_strdup_printf("{%s_epoch}", days[i].name);
    g_autofree char *digits = g_strdup_printf("%.4s%.2s%.2s", iso, iso + 5, iso + 8);
    g_autofree char *seconds = g_strdup_printf("%" G_GINT64_FORMAT, ((gint64)days[i].day + days[i].behind) * 86400);
    replace(url, plain, iso);
    replace(url, compact, digits);
    replace(url, epoch, seconds);
  }
  if (session->settings->base != NULL) { /* the path stays */
    const char *path = strstr(url->str, "://");
    path = path != NULL ? strchr(path + 3, '/') : NULL;
    char *other = aft_url_build(session->settings->base, path != NULL ? path : "", NULL);
    g_string_free(url, TRUE);
    return other;
  }
  return g_string_free(url, FALSE);
}

/* ---- cells */

/* MM/DD/YYYY, or with the day first. */
static bool read_slashed(const char *text, bool day_first, aft_day *day) {
  if (strlen(text) < 10 || strchr("/.-", text[2]) == NULL || text[5] != text[2]) return false;
  const char *month = day_first ? text + 3 : text, *of_month = day_first ? text : text + 3;
  g_autofree char *iso = g_strdup_printf("%.4s-%.2s-%.2s", text + 6, month, of_month);
  return aft_day_parse(iso, strlen(iso), day);
}

static bool read_day(const fetch_mapping *m, const char *text, aft_day *day) {
  double number;
  switch (m->dates) {
  case FETCH_ISO: return aft_day_parse(text, MIN(strlen(text), 10), day) && text[4] == '-';
  case FETCH_COMPACT: return aft_day_parse(text, MIN(strlen(text), 8), day);
  case FETCH_MONTH_FIRST: return read_slashed(text, false, day);
  case FETCH_DAY_FIRST: return read_slashed(text, true, day);
  default: break;
  }
  if (!aft_number_parse(text, strlen(text), &number) || fabs(number) > 1e14) return false;
  aft_millis instant = (aft_millis)(m->dates == FETCH_EPOCH_MS ? number : number * 1000);
  *day = (aft_day)aft_floor_divide(aft_zone_to_local(m->zone, instant, NULL, NULL), AFT_MILLIS_PER_DAY);
  return true;
}

/* A number with $ , % and blanks taken off; a missing text is NaN. False for anything else. */
static bool read_number(const fetch_mapping *m, const char *text, double *value) {
  char plain[MAX_NUMBER + 8];
  size_t n = 0;
  *value = (double)NAN;
  if (text == NULL || *text == '\0' || g_strv_contains((const char *const *)m->missing, text)) return true;
  for (const char *p = text; *p != '\0' && n < MAX_NUMBER; p++)
    if (strchr("$,% ", *p) == NULL) plain[n++] = *p;
  bool has_exponent = memchr(plain, 'e', n) != NULL || memchr(plain, 'E', n) != NULL;
  /* Divided as a decimal where that is possible: -0.39 percent is -0.0039. */
  g_strlcpy(plain + n, m->percent && !has_exponent ? "e-2" : "", sizeof plain - n);
  if (!aft_number_parse(plain, strlen(plain), value)) return false;
  if (m->percent && has_exponent) *value /= 100;
  return true;
}

static bool add_price(fetch_session *session, const fetch_table *table, size_t row, const char *symbol, aft_day day,
                      char **problem) {
  static const char *const names[] = {"open", "high", "low", "close", "adj_close", "volume"};
  const GArray *columns = table->mapping->columns;
  double value[AFT_PRICE_RETURN];
  for (int k = 0; k < AFT_PRICE_RETURN; k++) value[k] = (double)NAN;
  for (guint c = 1; c < columns->len; c++) {
    const fetch_column *column = &g_array_index(columns, fetch_column, c);
    g_autofree char *text = fetch_table_cell(table, row, column);
    int k = 0;
    while (strcmp(names[k], column->target) != 0) k++;
    if (!read_number(table->mapping, text, &value[k])) {
      *problem = g_strdup_printf("%s \"%s\" is not a number", column->target, text);
      return false;
    }
  }
  bool priced = value[AFT_PRICE_CLOSE] > 0 || value[AFT_PRICE_ADJ_CLOSE] > 0;
  if (priced) memcpy(aft_records_add_price(session->records, symbol, day)->value, value, sizeof value);
  return true;
}

/* Series are named as in the mapping; of several symbols each has its own. */
static bool add_values(fetch_session *session, const fetch_table *table, size_t row, const char *symbol, aft_day day,
                       char **problem) {
  const GArray *columns = table->mapping->columns;
  bool several = session->query->symbols[0] != NULL && session->provider->facts.kind == AFT_FETCH_ATTENTION;
  for (guint c = 1; c < columns->len; c++) {
    const fetch_column *column = &g_array_index(columns, fetch_column, c);
    g_autofree char *text = fetch_table_cell(table, row, column), *name = NULL;
    double value;
    if (!read_number(table->mapping, text, &value)) {
      *problem = g_strdup_printf("%s \"%s\" is not a number", column->target, text);
      return false;
    }
    name = several ? g_strdup_printf("%s %s", symbol, column->target) : g_strdup(column->target);
    aft_records_add_value(session->records, name, day, value);
  }
  return true;
}

/* *problem stays NULL for an article outside the window. */
static bool add_article(fetch_session *session, const fetch_table *table, size_t row, const char *symbol,
                        const char *time, char **problem) {
  const fetch_mapping *m = table->mapping;
  aft_stamp stamp;
  if (!aft_stamp_parse(time, &stamp, NULL) || !aft_stamp_is_dated(&stamp)) {
    *problem = g_strdup_printf("published \"%s\" is not a time", time);
    return false;
  }
  if (stamp.kind == AFT_STAMP_LOCAL) stamp.instant = aft_zone_to_utc(m->zone, stamp.instant, NULL);
  if (stamp.kind == AFT_STAMP_DAY ? !fetch_in_window(session, stamp.day)
                                  : !fetch_instant_in_window(session, stamp.instant))
    return true;
  aft_news_record *article = fetch_article_new(session, *symbol != '\0' ? symbol : NULL, m->name, "");
  g_autofree char *id = NULL;
  for (guint c = 1; c < m->columns->len; c++) {
    const fetch_column *column = &g_array_index(m->columns, fetch_column, c);
    g_autofree char *text = fetch_table_cell(table, row, column);
    if (text == NULL) continue;
    if (strcmp(column->target, "title") == 0) fetch_set_title(article, text);
    if (strcmp(column->target, "source") == 0) fetch_set_text(&article->source, text);
    if (strcmp(column->target, "url") == 0) fetch_set_text(&article->url, text);
    if (strcmp(column->target, "id") == 0) id = g_steal_pointer(&text);
  }
  if (stamp.kind == AFT_STAMP_DAY) {
    char day[AFT_DAY_TEXT];
    fetch_set_text(&article->published, aft_day_print(stamp.day, day));
    article->precision = AFT_NEWS_DAY;
    article->meaning = AFT_TIME_CLAIMED;
    fetch_set_text(&article->field, g_array_index(m->columns, fetch_column, 0).target);
  } else {
    fetch_set_instant(article, stamp.instant, "published", AFT_TIME_CLAIMED, AFT_NEWS_SECOND);
  }
  const char *name = id != NULL && *id != '\0' ? id : *article->url != '\0' ? article->url : article->title;
  aft_news_record *named = fetch_article_new(session, *symbol != '\0' ? symbol : NULL, m->name, name);
  char *unnamed = article->id;
  article->id = named->id;
  named->id = unnamed;
  aft_news_record_free(named);
  aft_records_add_article(session->records, article);
  return true;
}

static bool add_row(fetch_session *session, const fetch_table *table, size_t row, const char *symbol, bool *over,
                    char **problem) {
  const fetch_column *first = &g_array_index(table->mapping->columns, fetch_column, 0);
  g_autofree char *text = fetch_table_cell(table, row, first);
  enum aft_fetch_kind kind = session->provider->facts.kind;
  aft_day day;
  if (kind == AFT_FETCH_NEWS) return add_article(session, table, row, symbol, text != NULL ? text : "", problem);
  if (text == NULL || !read_day(table->mapping, text, &day)) {
    /* What stands below a table, a note of copyright or another table, ends it. */
    *over = table->mapping->format == FETCH_CSV && row > 0;
    if (!*over) *problem = g_strdup_printf("\"%s\" is not a date", text != NULL ? text : "");
    return *over;
  }
  if (!fetch_in_window(session, day)) return true;
  return kind == AFT_FETCH_PRICES ? add_price(session, table, row, symbol, day, problem)
                                  : add_values(session, table, row, symbol, day, problem);
}

static bool read_answer(fetch_session *session, const fetch_reply *reply, const char *symbol, size_t *n,
                        GError **error) {
  fetch_table table;
  bool ok = fetch_table_read(&table, mapping_of(session), reply, session->warnings, error), over = false;
  if (!ok) return false;
  for (size_t i = 0; ok && !over && i < table.n; i++) {
    g_autofree char *problem = NULL;
    ok = add_row(session, &table, i, symbol, &over, &problem);
    if (!ok) fetch_fail_answer(reply, error, "row %" G_GSIZE_FORMAT ": %s", i + 1, problem);
  }
  *n = table.n;
  fetch_table_clear(&table);
  return ok;
}

static bool ask_symbol(fetch_session *session, const char *symbol, GError **error) {
  const fetch_mapping *m = mapping_of(session);
  g_autofree char *url = build_url(session, symbol);
  const fetch_ask ask = {url, m->format == FETCH_CSV ? FETCH_TABLE : FETCH_JSON, FETCH_HOURS(12), NULL, NULL};
  const char *what = *symbol != '\0' ? symbol : m->name;
  g_auto(fetch_reply) reply = {0};
  bool failed;
  size_t n = 0;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, what, &reply, &failed, error)) return !failed;
  if (!read_answer(session, &reply, symbol, &n, error)) return false;
  if (n == 0) aft_warnings_add(session->warnings, "%s has no rows of %s in these days", m->name, what);
  return fetch_keep(session, &reply, n == 0, error);
}

bool fetch_run_mapping(fetch_session *session, GError **error) {
  if (strstr(mapping_of(session)->url, "{symbol}") != NULL) return fetch_each_symbol(session, ask_symbol, error);
  const char *only = session->query->symbols[0];
  return ask_symbol(session, only != NULL ? only : "", error);
}
