/* What was downloaded, in one SQLite file. */
#include <aftershock/fetch/store.h>

#include <aftershock/fetch/error.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* "aft1" as SQLite's application id; the version is of the tables below. */
enum { APPLICATION_ID = 0x61667431, VERSION = 1, PATIENCE_MS = 20000 };

static const char tables[] =
    "CREATE TABLE bodies (digest TEXT PRIMARY KEY, body BLOB NOT NULL);"
    "CREATE TABLE downloads (id INTEGER PRIMARY KEY, provider TEXT NOT NULL, url TEXT NOT NULL, type TEXT NOT NULL,"
    " etag TEXT NOT NULL, last_modified TEXT NOT NULL, fetched INTEGER NOT NULL, checked INTEGER NOT NULL,"
    " empty INTEGER NOT NULL, digest TEXT NOT NULL REFERENCES bodies (digest));"
    "CREATE INDEX downloads_by_url ON downloads (url, id);"
    "CREATE TABLE articles (number INTEGER PRIMARY KEY, feed TEXT NOT NULL, id TEXT NOT NULL, line TEXT NOT NULL,"
    " first_seen INTEGER NOT NULL, UNIQUE (feed, id));";

enum statement { FIND, KEEP_BODY, KEEP_DOWNLOAD, CONFIRM, KEEP_ARTICLE, SEEN, LIST, N_STATEMENTS };

static const char *const statements[N_STATEMENTS] = {
    [FIND] = "SELECT d.provider, d.type, d.etag, d.last_modified, d.fetched, d.checked, d.empty, d.digest, b.body"
             " FROM downloads d JOIN bodies b ON b.digest = d.digest WHERE d.url = ?1 ORDER BY d.id DESC",
    /* A copy that went bad is written anew. */
    [KEEP_BODY] = "INSERT OR REPLACE INTO bodies (digest, body) VALUES (?1, ?2)",
    [KEEP_DOWNLOAD] =
        "INSERT INTO downloads (provider, url, type, etag, last_modified, fetched, checked, empty, digest)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    [CONFIRM] = "UPDATE downloads SET checked = ?2 WHERE id = (SELECT max(id) FROM downloads WHERE url = ?1)",
    [KEEP_ARTICLE] = "INSERT OR IGNORE INTO articles (feed, id, line, first_seen) VALUES (?1, ?2, ?3, ?4)",
    [SEEN] = "SELECT first_seen FROM articles WHERE feed = ?1 AND id = ?2",
    [LIST] = "SELECT id, line, first_seen FROM articles WHERE feed = ?1 ORDER BY number",
};

struct aft_store {
  sqlite3 *db;
  char *path;
  sqlite3_stmt *prepared[N_STATEMENTS];
};

static bool fail(const char *path, int code, const char *words, GError **error) {
  const char *advice = "";
  switch (code & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    advice = " (rename it and start again: what it held is asked for again; or name another with --store)";
    break;
  case SQLITE_FULL:
  case SQLITE_IOERR: advice = " (make room, or name another with --store; what it holds is safe)"; break;
  case SQLITE_BUSY: advice = " (another aftershock holds it: wait for it, or name another with --store)"; break;
  case SQLITE_CANTOPEN:
  case SQLITE_READONLY:
  case SQLITE_PERM: advice = " (name another with --store)"; break;
  default: break;
  }
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_STORE, "store %s: %s%s", path, words, advice);
  return false;
}

static bool fail_now(aft_store *store, GError **error) {
  return fail(store->path, sqlite3_extended_errcode(store->db), sqlite3_errmsg(store->db), error);
}

static bool execute(aft_store *store, const char *sql, GError **error) {
  return sqlite3_exec(store->db, sql, NULL, NULL, NULL) == SQLITE_OK || fail_now(store, error);
}

static bool get_pragma(aft_store *store, const char *sql, int *value, GError **error) {
  sqlite3_stmt *statement = NULL;
  bool ok =
      sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW;
  if (ok) *value = sqlite3_column_int(statement, 0);
  if (!ok) fail_now(store, error);
  sqlite3_finalize(statement);
  return ok;
}

/* Makes the tables in an empty file, under a lock so that two who start at once do not both. */
static bool make_tables(aft_store *store, GError **error) {
  int version = 0, application = 0, n_tables = 0;
  if (!execute(store, "BEGIN IMMEDIATE", error)) return false;
  bool ok = get_pragma(store, "PRAGMA user_version", &version, error) &&
            get_pragma(store, "PRAGMA application_id", &application, error) &&
            get_pragma(store, "SELECT count(*) FROM sqlite_master", &n_tables, error);
  if (ok && version == 0 && application == 0 && n_tables == 0) {
    g_autofree char *marks =
        g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d", APPLICATION_ID, VERSION);
    ok = execute(store, tables, error) && execute(store, marks, error);
  } else if (ok && (application != APPLICATION_ID || version != VERSION)) {
    ok = fail(store->path, SQLITE_OK,
              application != APPLICATION_ID ? "is an SQLite file of another program (name another with --store)"
                                            : "is of another version of aftershock (name another with --store)",
              error);
  }
  if (!ok) sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  return ok && execute(store, "COMMIT", error);
}

char *aft_store_default_path(void) {
  return g_build_filename(g_get_user_cache_dir(), "aftershock", "store.sqlite", NULL);
}

/* The folder, for the user alone; backup programs pass over the default one by its tag. */
static bool make_folder(const char *path, GError **error) {
  g_autofree char *folder = g_path_get_dirname(path), *usual = aft_store_default_path();
  if (g_mkdir_with_parents(folder, 0700) != 0) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_STORE, "store %s: its folder cannot be made: %s", path,
                g_strerror(errno));
    return false;
  }
  if (strcmp(path, usual) != 0) return true;
  g_autofree char *tag = g_build_filename(folder, "CACHEDIR.TAG", NULL);
  static const char text[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
                             "# Downloads of aftershock. They may be deleted; feeds then lose their older articles.\n";
  if (!g_file_test(tag, G_FILE_TEST_EXISTS)) return g_file_set_contents(tag, text, -1, error);
  return true;
}

aft_store *aft_store_open(const char *path, GError **error) {
  if (!make_folder(path, error)) return NULL;
  g_autoptr(aft_store) store = g_new0(aft_store, 1);
  store->path = g_strdup(path);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int code = sqlite3_open_v2(path, &store->db, flags, NULL);
  if (code != SQLITE_OK) {
    fail(path, code, sqlite3_errstr(code), error);
    return NULL;
  }
  sqlite3_busy_timeout(store->db, PATIENCE_MS);
  if (!execute(store, "PRAGMA foreign_keys = ON", error) || !make_tables(store, error)) return NULL;
  for (int i = 0; i < N_STATEMENTS; i++)
    if (sqlite3_prepare_v2(store->db, statements[i], -1, &store->prepared[i], NULL) != SQLITE_OK) {
      fail_now(store, error);
      return NULL;
    }
  return g_steal_pointer(&store);
}

void aft_store_close(aft_store *store) {
  if (store == NULL) return;
  for (int i = 0; i < N_STATEMENTS; i++) sqlite3_finalize(store->prepared[i]);
  sqlite3_close(store->db);
  g_free(store->path);
  g_free(store);
}

const char *aft_store_path(const aft_store *store) { return store->path; }

void aft_download_clear(aft_download *download) {
  char *const texts[] = {download->provider,      download->url,    download->type, download->etag,
                         download->last_modified, download->digest, download->body};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  *download = (aft_download){0};
}

static void bind_text(sqlite3_stmt *statement, int place, const char *text) {
  sqlite3_bind_text(statement, place, text != NULL ? text : "", -1, SQLITE_TRANSIENT);
}

static char *copy_text(sqlite3_stmt *statement, int column) {
  return g_strdup((const char *)sqlite3_column_text(statement, column));
}

/* Runs a statement that gives no rows. */
static bool run(aft_store *store, enum statement which, GError **error) {
  int code = sqlite3_step(store->prepared[which]);
  bool ok = code == SQLITE_DONE || fail_now(store, error);
  sqlite3_reset(store->prepared[which]);
  sqlite3_clear_bindings(store->prepared[which]);
  return ok;
}

/* Fills download from the current row; false when the bytes are not those of the digest. */
static bool take_row(sqlite3_stmt *row, const char *url, aft_download *download) {
  int size = sqlite3_column_bytes(row, 8);
  const void *body = sqlite3_column_blob(row, 8);
  const char *digest = (const char *)sqlite3_column_text(row, 7);
  g_autofree char *actual =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, size > 0 ? body : (const void *)"", (gsize)size);
  if (g_strcmp0(actual, digest) != 0) return false;
  *download = (aft_download){.provider = copy_text(row, 0),
                             .url = g_strdup(url),
                             .type = copy_text(row, 1),
                             .etag = copy_text(row, 2),
                             .last_modified = copy_text(row, 3),
                             .fetched = sqlite3_column_int64(row, 4),
                             .checked = sqlite3_column_int64(row, 5),
                             .empty = sqlite3_column_int(row, 6) != 0,
                             .digest = g_strdup(digest),
                             .body = g_malloc((gsize)size + 1),
                             .size = (size_t)size};
  if (size > 0) memcpy(download->body, body, (size_t)size);
  download->body[size] = '\0';
  return true;
}

bool aft_store_find(aft_store *store, const char *url, aft_download *download, bool *found, aft_warnings *warnings,
                    GError **error) {
  sqlite3_stmt *statement = store->prepared[FIND];
  bind_text(statement, 1, url);
  int code = sqlite3_step(statement);
  bool ok = code == SQLITE_ROW || code == SQLITE_DONE || fail_now(store, error);
  *found = code == SQLITE_ROW && take_row(statement, url, download);
  if (code == SQLITE_ROW && !*found)
    aft_warnings_add(warnings, "store %s: the copy of %s is damaged and is not used", store->path, url);
  sqlite3_reset(statement);
  return ok;
}

bool aft_store_begin(aft_store *store, GError **error) { return execute(store, "BEGIN IMMEDIATE", error); }

bool aft_store_end(aft_store *store, GError **error) {
  if (execute(store, "COMMIT", error)) return true;
  sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

static bool keep_rows(aft_store *store, const aft_download *download, GError **error) {
  sqlite3_stmt *body = store->prepared[KEEP_BODY], *row = store->prepared[KEEP_DOWNLOAD];
  const char *const texts[] = {download->provider, download->url, download->type, download->etag,
                               download->last_modified};
  bind_text(body, 1, download->digest);
  sqlite3_bind_blob64(body, 2, download->body, download->size, SQLITE_STATIC);
  if (!run(store, KEEP_BODY, error)) return false;
  for (int i = 0; i < (int)G_N_ELEMENTS(texts); i++) bind_text(row, i + 1, texts[i]);
  sqlite3_bind_int64(row, 6, download->fetched);
  sqlite3_bind_int64(row, 7, download->checked);
  sqlite3_bind_int(row, 8, download->empty);
  bind_text(row, 9, download->digest);
  return run(store, KEEP_DOWNLOAD, error);
}

bool aft_store_keep(aft_store *store, aft_download *download, GError **error) {
  g_free(download->digest);
  download->digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)download->body, download->size);
  if (!aft_store_begin(store, error)) return false;
  if (keep_rows(store, download, error)) return aft_store_end(store, error);
  sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
  return false;
}

bool aft_store_confirm(aft_store *store, const char *url, aft_millis checked, GError **error) {
  bind_text(store->prepared[CONFIRM], 1, url);
  sqlite3_bind_int64(store->prepared[CONFIRM], 2, checked);
  return run(store, CONFIRM, error);
}

bool aft_store_keep_article(aft_store *store, const char *feed, const char *id, const char *line,
                            aft_millis *first_seen, GError **error) {
  sqlite3_stmt *keep = store->prepared[KEEP_ARTICLE], *seen = store->prepared[SEEN];
  bind_text(keep, 1, feed);
  bind_text(keep, 2, id);
  bind_text(keep, 3, line);
  sqlite3_bind_int64(keep, 4, *first_seen);
  if (!run(store, KEEP_ARTICLE, error)) return false;
  bind_text(seen, 1, feed);
  bind_text(seen, 2, id);
  bool ok = sqlite3_step(seen) == SQLITE_ROW || fail_now(store, error);
  if (ok) *first_seen = sqlite3_column_int64(seen, 0);
  sqlite3_reset(seen);
  return ok;
}

bool aft_store_list_articles(aft_store *store, const char *feed, aft_store_article *take, void *data, GError **error) {
  sqlite3_stmt *list = store->prepared[LIST];
  int code;
  bind_text(list, 1, feed);
  while ((code = sqlite3_step(list)) == SQLITE_ROW)
    take((const char *)sqlite3_column_text(list, 0), (const char *)sqlite3_column_text(list, 1),
         sqlite3_column_int64(list, 2), data);
  bool ok = code == SQLITE_DONE || fail_now(store, error);
  sqlite3_reset(list);
  return ok;
}
