/* From articles to stories: which publication counts, in the exchange's clock. */
#ifndef AFTERSHOCK_MARKET_STORIES_H
#define AFTERSHOCK_MARKET_STORIES_H

#include <aftershock/input/articles.h>
#include <aftershock/input/tables.h>
#include <aftershock/market/calendar.h>

/*
 * Sorts articles by the exchange's wall clock: instants are turned into it, times without zone are in it already, a day alone stands at
 * its start, unknown times last; equal times by id.
 */
void aft_stories_sort_articles(const aft_calendar *calendar, aft_articles *articles);

/*
 * (story, symbol) pairs of articles. Articles that share an `event` are one story, all of whose pairs are dated by its earliest
 * usable publication on the exchange's clock; a day alone counts as its end, so that a known hour of that day wins. An article without
 * `event` is its own story. Articles without a usable time are passed over. One without symbols stands for every one of
 * symbols (NULL-terminated; NULL: then it is refused). A pair's group is that of the first article that names it. rows is appended to.
 */
bool aft_stories_to_events(aft_event_rows *rows, const aft_calendar *calendar, const aft_articles *articles,
                           const char *const *symbols, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
