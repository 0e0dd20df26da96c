/* Entries of RSS 2.0, RSS 1.0 and Atom feeds. */
#ifndef AFTERSHOCK_INPUT_FEED_H
#define AFTERSHOCK_INPUT_FEED_H

#include <aftershock/base/stamp.h>

#include <glib.h>
#include <stdbool.h>

typedef struct aft_feed_entry {
  char *id;          /* guid or Atom id, else the link, else the title */
  char *title, *url; /* "" when absent */
  char *time;        /* pubDate, dc:date, published, else updated; as written; "" when absent */
  const char *field; /* which of them: "pubDate", "dc:date", "published", "updated", "" */
} aft_feed_entry;

typedef struct aft_feed {
  char *title;        /* of the channel, "" when absent */
  GPtrArray *entries; /* of aft_feed_entry *, owned, as in the feed */
} aft_feed;

/*
 * Reads a feed. name stands in messages. Names of HTML entities, which XML does not have, are read; a text that is not in the encoding that it
 * declares is taken for Latin-1. A DOCTYPE is refused, and so are more than 64 levels and texts over 64 KiB.
 * feed is untouched on failure.
 */
bool aft_feed_read(aft_feed *feed, const char *name, const char *bytes, size_t size,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_feed_clear(aft_feed *feed);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aft_feed, aft_feed_clear)

/*
 * The instant of an entry as ISO 8601 in UTC, or its day; "" when there is none or it cannot be placed: not a time, or a time without a zone.
 * Owned.
 */
char *aft_feed_entry_published(const aft_feed_entry *entry);

#endif
