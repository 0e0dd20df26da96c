/* The audit of event dates against the articles. */
#include <aftershock/market/audit.h>
#include <aftershock/market/stories.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Event -> its article with the earliest usable time on the clock. */
static GHashTable *find_earliest(const aft_calendar *calendar, const aft_articles *articles) {
  GHashTable *earliest = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < articles->rows->len; i++) {
    aft_article *article = g_ptr_array_index(articles->rows, i);
    if (article->event[0] == '\0' || !aft_stamp_is_dated(&article->stamp)) continue;
    const aft_article *best = g_hash_table_lookup(earliest, article->event);
    if (best == NULL ||
        aft_story_clock(calendar, &article->stamp, false) < aft_story_clock(calendar, &best->stamp, false))
      g_hash_table_replace(earliest, article->event, article);
  }
  return earliest;
}

static void compare_dates(aft_audit *audit, const aft_calendar *calendar, bool date_next, const aft_event_rows *rows,
                          const aft_event_row *row, const aft_article *article) {
  aft_alignment own, known;
  aft_calendar_align(calendar, &row->stamp, date_next, &own);
  aft_calendar_align(calendar, &article->stamp, date_next, &known);
  if (own.session < 0 || known.session < 0 || own.session == known.session) return;
  bool ahead = own.session < known.session;
  long n = ahead ? known.session - own.session : own.session - known.session;
  char *what = g_strdup_printf("event \"%s\" is dated %s, %ld session%s %s the earliest article of it, \"%s\" of %s",
                               row->event, row->published, n, n == 1 ? "" : "s", ahead ? "before" : "after",
                               article->id, article->published);
  aft_audit_add(
      audit, AFT_SEVERITY_WARNING, ahead ? "look_ahead" : "told_before", rows->path, row->line, row->symbol,
      aft_calendar_get_session(calendar, (size_t)own.session)->day, what,
      g_strdup(ahead ? "a date that no article bears out uses what was not yet known: add the source, or correct it"
                     : "what was known before moves prices before: date it by the first publication"));
}

void aft_audit_check_events(aft_audit *audit, const aft_calendar *calendar, bool date_next, const aft_event_rows *rows,
                            const aft_articles *articles) {
  g_autoptr(GHashTable) earliest = find_earliest(calendar, articles);
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < rows->n; i++) {
    const aft_event_row *row = &rows->rows[i];
    const aft_article *article = g_hash_table_lookup(earliest, row->event);
    if (article == NULL || !aft_stamp_is_dated(&row->stamp) || !g_hash_table_add(told, (gpointer)(guintptr)row->event))
      continue;
    compare_dates(audit, calendar, date_next, rows, row, article);
  }
}
