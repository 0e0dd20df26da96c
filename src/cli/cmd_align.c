/* `aftershock align`: events to sessions, and nothing else. */
#include "commands.h"
#include "load.h"

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Prints one line an event: event, symbol, published, local time, rule, session; a dropped event\n"
    "shows its reason instead of a session. Articles follow when the study names any.\n\n"
    "Example: aftershock align data/deepseek/study.json";

static void print_line(const char *event, const char *symbol, const char *published, const char *local,
                       const char *rule, const char *session) {
  printf("%-16s %-8s %-25s %-24s %-22s %s\n", event, symbol, published[0] != '\0' ? published : "-",
         local[0] != '\0' ? local : "-", rule[0] != '\0' ? rule : "-", session);
}

static void print_events(const cli_study *study) {
  print_line("event", "symbol", "published", "local time", "rule", "session");
  for (size_t i = 0; i < study->events.n; i++) {
    const aft_event *event = &study->events.rows[i];
    char day[AFT_DAY_TEXT] = "-";
    g_autofree char *session = NULL;
    if (event->alignment.session >= 0)
      aft_day_print(aft_calendar_get_session(study->calendar, (size_t)event->alignment.session)->day, day);
    session = event->reason != NULL ? g_strdup_printf("%s  dropped: %s", day, event->reason) : g_strdup(day);
    print_line(event->event, event->symbol, event->published, event->alignment.local_time,
               aft_align_rule_name(event->alignment.rule), session);
  }
}

static void print_articles(const cli_study *study) {
  const GArray *articles = study->provenance.articles;
  if (articles->len == 0) return;
  printf("\n");
  print_line("article", "symbols", "published", "local time", "rule", "session");
  for (guint i = 0; i < articles->len; i++) {
    const aft_article_fact *article = &g_array_index(articles, aft_article_fact, i);
    char day[AFT_DAY_TEXT] = "-";
    g_autofree char *dropped = g_strdup_printf("-  left out: %s", article->reason);
    bool placed = article->session != AFT_DAY_NONE;
    if (placed) aft_day_print(article->session, day);
    print_line(article->id, article->symbols, article->published, article->local_time, article->rule,
               placed ? day : dropped);
  }
}

int aft_cmd_align(int argc, char **argv) {
  int status;
  if (!cli_parse(&argc, &argv, "align", details, NULL, 1, 1, &status)) return status;
  cli_study study;
  GError *error = NULL;
  bool ok = cli_study_load(&study, argv[1], &error);
  cli_print_warnings(&study.warnings, 0);
  if (ok) {
    print_events(&study);
    print_articles(&study);
  }
  status = ok ? EXIT_DONE : cli_fail(error);
  cli_study_clear(&study);
  return cli_finish(status);
}
