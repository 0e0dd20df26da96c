/*
 * What was downloaded, in one SQLite file: answers by the digest of their bytes, when and from where; and articles of feeds, which
 * show only the newest. Addresses stand there without keys, and a refusal never does. Two processes may use it at once.
 */
#ifndef AFTERSHOCK_FETCH_STORE_H
#define AFTERSHOCK_FETCH_STORE_H

#include <aftershock/base/clock.h>
#include <aftershock/base/error.h>

typedef struct aft_store aft_store;

/* One answer that was kept. */
typedef struct aft_download {
  char *provider, *url; /* url: as asked for, without the key */
  char *type, *etag, *last_modified;
  aft_millis fetched; /* when these bytes came */
  aft_millis checked; /* when the provider last said that they are current */
  bool empty;         /* valid, but nothing in it */
  char *digest;       /* SHA-256 of the body */
  char *body;         /* NUL-terminated */
  size_t size;
} aft_download;

void aft_download_clear(aft_download *download);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aft_download, aft_download_clear)

/* aftershock/store.sqlite in the user's cache folder. Owned. */
char *aft_store_default_path(void);

/*
 * Opens a store, made when it is not there (folders too, for the user alone). Fails with STORE on a file that is no store of ours or is
 * damaged; such a file is left as it is. Owned.
 */
aft_store *aft_store_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_store_close(aft_store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_store, aft_store_close)

const char *aft_store_path(const aft_store *store); /* borrowed */

/*
 * The newest answer of an address; *found says whether there is one. A copy whose bytes do not have their digest any more is passed over
 * with a warning. download is filled when found.
 */
bool aft_store_find(aft_store *store, const char *url, aft_download *download, bool *found, aft_warnings *warnings,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps an answer, all of it or nothing; fills in its digest. Earlier answers of the address stay. */
bool aft_store_keep(aft_store *store, aft_download *download, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The provider says that the newest answer of the address is still current. */
bool aft_store_confirm(aft_store *store, const char *url, aft_millis checked, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Keeps an article of a feed as one line of JSON, when it is not there yet; a later version of it does not replace it.
 * first_seen  in: now; out: when it was kept first
 */
bool aft_store_keep_article(aft_store *store, const char *feed, const char *id, const char *line,
                            aft_millis *first_seen, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* All articles kept of a feed in the order in which they came; id, line borrowed during the call. */
typedef void aft_store_article(const char *id, const char *line, aft_millis first_seen, void *data);
bool aft_store_list_articles(aft_store *store, const char *feed, aft_store_article *take, void *data,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Many keep calls as one: begin, then end, which writes them. */
bool aft_store_begin(aft_store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_store_end(aft_store *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
