/* Section "From the clock to the session": which closing price could first contain each story. */
#include "story.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_STORIES = 5, MOST_ROWS = 40, MOST_LEFT_OUT = 20 };

struct rule_text {
  const char *rule, *text;
};

static const struct rule_text rule_texts[] = {
    {"pre_open",
     "it was published on a session day before the opening, so that session's close is the first that can contain "
     "it"},
    {"during", "it was published while the exchange was open, so that day's close is the first that can contain it"},
    {"after_close", "it was published at or after the close, so the next session is the first that can contain it"},
    {"non_session",
     "it was published on a day without a session, so the next session is the first that can contain it"},
    {"date_only",
     "only its date is known, and that day's session is taken; if it came after the close, the reaction is one "
     "session later"},
    {"date_only_next",
     "only its date is known, and the next session is taken, as the study asks; if it came before the close, "
     "the "
     "reaction is one session earlier"},
    {"date_only_non_session",
     "only its date is known, a day without a session, so the next session is the first that can "
     "contain it"},
};

static const char *describe_rule(const char *rule) {
  for (size_t i = 0; i < G_N_ELEMENTS(rule_texts); i++)
    if (strcmp(rule_texts[i].rule, rule) == 0) return rule_texts[i].text;
  return "the study gives this session";
}

/* "2025-01-19 (weekend) and 2025-01-20 (Martin Luther King Jr. Day)": the closed days from the publication on; "" if none. */
static const char *list_closed_days(aft_story *story, const char *local_time, const char *session) {
  const aft_table *days = &story->facts->sessions_table;
  g_autoptr(GPtrArray) closed = g_ptr_array_new();
  g_autofree char *first = g_strndup(local_time, 10);
  for (size_t row = 0; row < days->n_rows; row++) {
    const char *date = aft_facts_text(days, row, "date");
    if (strcmp(date, first) < 0 || strcmp(date, session) >= 0) continue;
    if (strcmp(aft_facts_text(days, row, "kind"), "closed") != 0) continue;
    const char *text = aft_words_format(&story->words, "%s (%s)", date, aft_facts_text(days, row, "reason"));
    g_ptr_array_add(closed, (gpointer)(guintptr)text);
  }
  return closed->len == 0 ? "" : aft_words_join(&story->words, closed, 6);
}

static void explain_story(aft_story *story, aft_block *list, const aft_told_event *told) {
  aft_line *line = aft_block_add_item(list);
  aft_line_code(line, told->event);
  if (told->session[0] == '\0') {
    aft_line_say(line, " has no session.");
    return;
  }
  aft_line_say(line, " belongs to the session of %s%s%s: %s", told->session,
               aft_story_has_markets(story) && told->market[0] != '\0' ? " on " : "",
               aft_story_has_markets(story) ? told->market : "", describe_rule(told->rule));
  if (strlen(told->local_time) > strlen("YYYY-MM-DD"))
    aft_line_say(line, " (%s, exchange time)", aft_words_time(&story->words, told->local_time));
  aft_line_say(line, ".");
  if (!aft_story_is_home(story, told)) return;
  const char *closed = list_closed_days(story, told->local_time, told->session);
  if (closed[0] != '\0') aft_line_say(line, " The exchange was closed on %s.", closed);
}

/* Many stories are told by rule, not one by one. */
static void explain_rules(aft_story *story, aft_block *list) {
  aft_words *words = &story->words;
  for (size_t r = 0; r < G_N_ELEMENTS(rule_texts); r++) {
    size_t n = 0;
    for (guint i = 0; i < story->events->len; i++)
      n += strcmp(g_array_index(story->events, aft_told_event, i).rule, rule_texts[r].rule) == 0;
    if (n == 0) continue;
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, rule_texts[r].rule);
    aft_line_say(line, ", %s: %s.", aft_words_noun(words, (double)n, "story", "stories"), rule_texts[r].text);
  }
}

static void explain_stories(aft_story *story) {
  if (story->events->len == 0) return;
  aft_document_add_grid(story->document, aft_story_grid_alignment(story, MOST_ROWS));
  aft_block *list = aft_document_add_list(story->document);
  if (story->events->len > MOST_STORIES) {
    explain_rules(story, list);
    return;
  }
  for (guint i = 0; i < story->events->len; i++)
    explain_story(story, list, &g_array_index(story->events, aft_told_event, i));
}

struct lateness {
  size_t n_used, n_day; /* n_day of them have a date alone */
  size_t n_late, n_during, n_undecided;
};

/*
 * A time decides by the session that it was placed in. A date alone decides only when it is later than the focus session:
 * what is dated that day itself may have come before or after the close, wherever the study's policy puts it.
 */
static void count_late(const aft_story *story, struct lateness *out) {
  const aft_table *articles = &story->facts->articles_table;
  const aft_fact_focus *focus = &story->facts->focus;
  for (size_t row = 0; row < articles->n_rows; row++) {
    if (strcmp(aft_facts_text(articles, row, "status"), "used") != 0) continue;
    if (strcmp(aft_facts_text(articles, row, "event"), focus->event) != 0) continue;
    out->n_used++;
    if (strcmp(aft_facts_text(articles, row, "precision"), "day") == 0) {
      const char *local = aft_facts_text(articles, row, "local_time");
      int order = strncmp(local[0] == '\0' ? aft_facts_text(articles, row, "published") : local, focus->session,
                          strlen("YYYY-MM-DD"));
      out->n_day++;
      out->n_late += order > 0;
      out->n_undecided += order == 0;
      continue;
    }
    int order = strcmp(aft_facts_text(articles, row, "session"), focus->session);
    out->n_late += order > 0;
    out->n_during += order == 0 && strcmp(aft_facts_text(articles, row, "rule"), "during") == 0;
  }
}

/* What was published too late to have moved the focus session tells of the move; it cannot have caused it. */
static void judge_lateness(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  aft_words *words = &story->words;
  struct lateness found = {0};
  count_late(story, &found);
  if (found.n_used < 2) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Of the %zu articles on ", found.n_used);
  aft_line_code(line, focus->event);
  if (found.n_day > 0) aft_line_say(line, " (%zu with a date alone)", found.n_day);
  aft_line_say(line, ", %s the market only in a session after %s",
               found.n_late == 0 ? "none is known to have reached"
                                 : aft_words_format(words, "%zu reached", found.n_late),
               focus->session);
  if (found.n_late > 0)
    aft_line_say(line, ": %s can tell of that day's move but cannot have caused it", found.n_late == 1 ? "it" : "they");
  aft_line_say(line, ".");
  if (found.n_undecided > 0)
    aft_line_say(line, " %s dated %s without an hour: whether before or after that session's close is not known.",
                 aft_words_noun(words, (double)found.n_undecided, "article is", "articles are"), focus->session);
  if (found.n_during > 0)
    aft_line_say(line, " %s that day while the exchange was open, and may report what had already happened.",
                 aft_words_noun(words, (double)found.n_during, "article appeared", "articles appeared"));
}

/* Which articles were put into a story by what they look like: a reader may want to disagree. */
static void tell_repeats(aft_story *story) {
  const aft_table *stories = &story->facts->stories_table;
  size_t n_url = 0, n_title = 0;
  for (size_t row = 0; row < stories->n_rows; row++) {
    const char *relation = aft_facts_text(stories, row, "relation");
    n_url += strcmp(relation, "url") == 0;
    n_title += strcmp(relation, "title") == 0;
  }
  if (n_url + n_title == 0) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "%s a story that was told before: ",
               aft_words_noun(&story->words, (double)(n_url + n_title), "article repeats", "articles repeat"));
  if (n_url > 0) aft_line_say(line, "%zu by the same address", n_url);
  if (n_title > 0) aft_line_say(line, "%s%zu by a nearly identical title", n_url > 0 ? ", " : "", n_title);
  aft_line_say(line, ". The earliest usable time of a story counts; ");
  aft_line_code(line, "stories.csv");
  aft_line_say(line, " lists every article with its story.");
}

static void list_left_out(aft_story *story) {
  const aft_table *articles = &story->facts->articles_table;
  aft_block *list = NULL;
  size_t n = 0;
  for (size_t row = 0; row < articles->n_rows; row++)
    if (strcmp(aft_facts_text(articles, row, "status"), "dropped") == 0) n++;
  if (n == 0) return;
  aft_line *intro = aft_document_add_paragraph(story->document);
  aft_line_say(intro, "%s left out; a time is never guessed:",
               aft_words_noun(&story->words, (double)n, "article was", "articles were"));
  size_t shown = 0;
  for (size_t row = 0; row < articles->n_rows && shown < MOST_LEFT_OUT; row++) {
    if (strcmp(aft_facts_text(articles, row, "status"), "dropped") != 0) continue;
    if (list == NULL) list = aft_document_add_list(story->document);
    const char *title = aft_facts_text(articles, row, "title"), *source = aft_facts_text(articles, row, "source");
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, aft_facts_text(articles, row, "article"));
    if (title[0] != '\0') aft_line_say(line, " \xE2\x80\x9C%s\xE2\x80\x9D", title);
    if (source[0] != '\0') aft_line_say(line, " (%s)", source);
    aft_line_say(line, ": %s.", aft_facts_text(articles, row, "reason"));
    shown++;
  }
  if (shown < n)
    aft_line_say(aft_block_add_item(list), "%s more; all are in articles.csv.",
                 aft_words_count(&story->words, (double)(n - shown)));
}

static void add_timeline(aft_story *story) {
  const aft_facts *facts = story->facts;
  const char *alt = aft_words_format(&story->words,
                                     "Publication times of %s against the exchange's sessions; each is joined to the "
                                     "session that could first react.",
                                     aft_words_noun(&story->words, facts->n_articles_used, "article", "articles"));
  aft_line *caption = aft_story_add_chart(story, "timeline", alt);
  if (caption != NULL)
    aft_line_say(caption,
                 "When each article was published and which session could first react to it. Exchange time%s%s.",
                 facts->zone[0] == '\0' ? "" : ", ", facts->zone);
}

void aft_story_tell_alignment(aft_story *story) {
  aft_document_add_heading(story->document, "alignment", "From the clock to the session");
  aft_line *line = aft_document_add_paragraph(story->document);
  if (story->events->len == 0) {
    aft_line_say(line, "There was no event to place.");
  } else {
    aft_line_say(line,
                 "A story is dated by its first usable publication, turned into exchange time, and placed in the first "
                 "session whose "
                 "closing price can contain it.");
  }
  explain_stories(story);
  aft_story_tell_uncertain(story);
  add_timeline(story);
  if (aft_story_has_focus(story)) judge_lateness(story);
  tell_repeats(story);
  list_left_out(story);
  if (story->facts->articles_table.n_rows > 0)
    aft_document_add_grid(story->document, aft_story_grid_articles(story, MOST_ROWS));
}
