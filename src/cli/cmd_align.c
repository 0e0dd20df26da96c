/* `aftershock align`: events to sessions, and nothing else. */
#include "commands.h"
#include "load.h"

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Prints one line an event: event, symbol, published, local time, rule, session (\"or\" the other one\n"
    "where it is uncertain); a dropped event shows its reason. Articles follow when the study names any.\n\n"
    "Example: aftershock align data/deepseek/study.json";

static void print_line(const char *event, const char *symbol, const char *published, const char *local,
                       const char *rule, const char *session) {
  printf("%-16s %-8s %-25s %-24s %-22s %s\n", event, symbol, published[0] != '\0' ? published : "-",
         local[0] != '\0' ? local : "-", rule[0] != '\0' ? rule : "-", session);
}

/* "2025-02-06 or 2025-02-07  dropped: no return series" */
static char *describe(aft_day session, aft_day other, const char *verdict, const char *reason) {
  char day[AFT_DAY_TEXT] = "-", second[AFT_DAY_TEXT] = "";
  if (session != AFT_DAY_NONE) aft_day_print(session, day);
  if (other != AFT_DAY_NONE) aft_day_print(other, second);
  return g_strconcat(day, other != AFT_DAY_NONE ? " or " : "", second, reason != NULL ? verdict : "",
                     reason != NULL ? reason : "", NULL);
}

static void print_events(const cli_study *study) {
  print_line("event", "symbol", "published", "local time", "rule", "session");
  for (size_t i = 0; i < study->events.n; i++) {
    const aft_event *event = &study->events.rows[i];
    const aft_calendar *calendar = event->panel->calendar;
    char local[AFT_LOCAL_TEXT];
    g_autofree char *session =
        describe(aft_calendar_get_day(calendar, event->alignment.session),
                 aft_calendar_get_day(calendar, event->alignment.other), "  dropped: ", event->reason);
    print_line(event->event, event->symbol, event->published, aft_calendar_print_local(calendar, &event->stamp, local),
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
    g_autofree char *session = describe(article->session, article->other,
                                        "  left out: ", article->session == AFT_DAY_NONE ? article->reason : NULL);
    print_line(article->id, article->symbols, article->published, article->local_time, article->rule, session);
  }
}

int aft_cmd_align(int argc, char **argv) {
  cli_load_options load = {.n_threads = 0};
  const GOptionEntry entries[] = {CLI_NO_CACHE_OPTION(&load.no_cache), G_OPTION_ENTRY_NULL};
  int status;
  if (!cli_parse(&argc, &argv, "align", details, entries, 1, 1, &status)) return status;
  cli_study study;
  GError *error = NULL;
  bool ok = cli_study_load(&study, argv[1], &load, &error);
  cli_print_warnings(&study.warnings, 0);
  if (ok) {
    print_events(&study);
    print_articles(&study);
  }
  status = ok ? EXIT_DONE : cli_fail(error);
  cli_study_clear(&study);
  return cli_finish(status);
}
