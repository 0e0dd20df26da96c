/* fetch/store: what is kept comes back byte for byte, and what cannot be read or written is said. */
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/fetch/error.h>
#include <aftershock/fetch/store.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

typedef struct shelf {
  char *dir, *path;
  aft_store *store;
  aft_warnings warnings;
} shelf;

static void shelf_init(shelf *s) {
  GError *error = NULL;
  s->dir = support_temp_dir();
  s->path = g_build_filename(s->dir, "made", "store.sqlite", NULL);
  s->store = aft_store_open(s->path, &error);
  g_assert_no_error(error);
  aft_warnings_init(&s->warnings);
}

static void shelf_clear(shelf *s) {
  aft_store_close(s->store);
  aft_warnings_clear(&s->warnings);
  support_remove(s->dir);
  g_free(s->path);
}

static bool keep(aft_store *store, const char *url, const char *body, size_t size, aft_millis when, GError **error) {
  g_auto(aft_download) download = {.provider = g_strdup("yahoo"),
                                   .url = g_strdup(url),
                                   .type = g_strdup("text/csv"),
                                   .etag = g_strdup("\"v1\""),
                                   .last_modified = NULL,
                                   .fetched = when,
                                   .checked = when,
                                   .empty = size == 0,
                                   .body = g_memdup2(size > 0 ? body : "", MAX(size, 1)),
                                   .size = size};
  return aft_store_keep(store, &download, error);
}

static bool find(shelf *s, const char *url, aft_download *download) {
  GError *error = NULL;
  bool found = false;
  g_assert_true(aft_store_find(s->store, url, download, &found, &s->warnings, &error));
  g_assert_no_error(error);
  return found;
}

static void test_round_trip(void) {
  static const char bytes[] = "a\0b\xff\r\n";
  g_auto(aft_download) first = {0}, second = {0}, none = {0}, nothing = {0};
  GError *error = NULL;
  shelf s;
  shelf_init(&s);
  g_assert_false(find(&s, "https://a.org/x", &none));
  g_assert_true(keep(s.store, "https://a.org/x", bytes, sizeof bytes, 1000, &error));
  g_assert_true(keep(s.store, "https://a.org/y", bytes, sizeof bytes, 1001, &error)); /* the same bytes, kept once */
  g_assert_true(keep(s.store, "https://a.org/none", "", 0, 1002, &error));
  g_assert_true(find(&s, "https://a.org/x", &first));
  g_assert_cmpuint(first.size, ==, sizeof bytes);
  g_assert_cmpint(memcmp(first.body, bytes, first.size), ==, 0);
  g_assert_cmpstr(first.digest, ==, "cc3d5bc84052b2180a89d56828e1abce6c335702f0b92e0eb0483072c6f27baf");
  g_assert_cmpstr(first.provider, ==, "yahoo");
  g_assert_cmpstr(first.type, ==, "text/csv");
  g_assert_cmpstr(first.etag, ==, "\"v1\"");
  g_assert_cmpstr(first.last_modified, ==, "");
  g_assert_cmpint(first.fetched, ==, 1000);
  g_assert_false(first.empty);
  g_assert_true(find(&s, "https://a.org/none", &nothing));
  g_assert_true(nothing.empty);
  g_assert_cmpuint(nothing.size, ==, 0);
  /* A newer answer goes before, a confirmation moves its time alone. */
  g_assert_true(keep(s.store, "https://a.org/x", "new", 3, 2000, &error));
  g_assert_true(aft_store_confirm(s.store, "https://a.org/x", 3000, &error));
  g_assert_true(find(&s, "https://a.org/x", &second));
  g_assert_cmpstr(second.body, ==, "new");
  g_assert_cmpint(second.fetched, ==, 2000);
  g_assert_cmpint(second.checked, ==, 3000);
  shelf_clear(&s);
}

static void add_article(const char *id, const char *line, aft_millis first_seen, void *data) {
  g_string_append_printf(data, "%s %s %d;", id, line, (int)first_seen);
}

static void test_articles(void) {
  GError *error = NULL;
  shelf s;
  shelf_init(&s);
  aft_millis seen = 100, again = 200, other = 300;
  g_assert_true(aft_store_begin(s.store, &error));
  g_assert_true(aft_store_keep_article(s.store, "feed", "b", "{\"title\": \"caf\xC3\xA9\"}", &seen, &error));
  g_assert_true(aft_store_keep_article(s.store, "feed", "a", "{}", &other, &error));
  g_assert_true(aft_store_keep_article(s.store, "other", "b", "{}", &other, &error));
  g_assert_true(aft_store_keep_article(s.store, "feed", "b", "{\"title\": \"edited\"}", &again, &error));
  g_assert_true(aft_store_end(s.store, &error));
  g_assert_cmpint(again, ==, 100); /* seen first then, and not edited */
  g_autoptr(GString) list = g_string_new(NULL);
  g_assert_true(aft_store_list_articles(s.store, "feed", add_article, list, &error));
  g_assert_cmpstr(list->str, ==, "b {\"title\": \"caf\xC3\xA9\"} 100;a {} 300;");
  shelf_clear(&s);
}

static void assert_not_opened(shelf *s, const char *name, const char *bytes, size_t size, const char *message) {
  GError *error = NULL;
  g_autofree char *path = g_build_filename(s->dir, name, NULL), *after = NULL;
  size_t after_size;
  g_assert_true(aft_file_write(path, bytes, size, &error));
  g_autoptr(aft_store) store = aft_store_open(path, &error);
  g_assert_null(store);
  g_autofree char *expected = g_strdup_printf("store %s: %s", path, message);
  assert_error(&error, expected);
  g_assert_true(aft_file_read(path, 1 << 20, &after, &after_size, &error)); /* and the file is as it was */
  g_assert_cmpuint(after_size, ==, size);
  g_assert_cmpint(memcmp(after, bytes, size), ==, 0);
}

static void test_foreign_files(void) {
  GError *error = NULL;
  g_autofree char *bytes = NULL, *cut = NULL;
  size_t size;
  shelf s;
  shelf_init(&s);
  static const char text[] =
      "date,close\n2025-01-27,118.42\n this is no data base, but long enough to be looked at ...."
      "..................................................................................";
  assert_not_opened(&s, "text", text, sizeof text,
                    "file is not a database (rename it and start again: what it held is asked for again; or name "
                    "another with --store)");
  g_assert_true(keep(s.store, "https://a.org/x", "abc", 3, 1, &error));
  g_assert_true(aft_file_read(s.path, 1 << 20, &bytes, &size, &error));
  cut = g_memdup2(bytes, size);
  memset(cut + 68, 0, 4); /* the application id */
  assert_not_opened(&s, "foreign", cut, size, "is an SQLite file of another program (name another with --store)");
  cut[71] = 1;
  assert_not_opened(&s, "foreign", cut, size, "is an SQLite file of another program (name another with --store)");
  memcpy(cut, bytes, size);
  cut[63] = 9; /* the version of the tables */
  assert_not_opened(&s, "later", cut, size, "is of another version of aftershock (name another with --store)");
  memcpy(cut, bytes, size);
  memset(cut + 100, 0x5a, 400); /* the page that says where the tables are */
  assert_not_opened(&s, "damaged", cut, size,
                    "database disk image is malformed (rename it and start again: what it held is asked for again; or "
                    "name another with --store)");
  shelf_clear(&s);
}

/* One flipped byte in a body: the copy is passed over and said, and the next answer takes its place. */
static void test_damaged_copy(void) {
  GError *error = NULL;
  g_autofree char *bytes = NULL;
  g_auto(aft_download) damaged = {0}, mended = {0};
  size_t size;
  shelf s;
  shelf_init(&s);
  g_assert_true(keep(s.store, "https://a.org/x", "the very bytes", 14, 1, &error));
  g_clear_pointer(&s.store, aft_store_close);
  g_assert_true(aft_file_read(s.path, 1 << 20, &bytes, &size, &error));
  size_t place = 0;
  while (place + 4 <= size && memcmp(bytes + place, "very", 4) != 0) place++;
  g_assert_cmpuint(place + 4, <=, size);
  bytes[place] = 'V';
  g_assert_true(aft_file_write(s.path, bytes, size, &error));
  s.store = aft_store_open(s.path, &error);
  g_assert_no_error(error);
  g_assert_false(find(&s, "https://a.org/x", &damaged));
  g_assert_cmpuint(s.warnings.messages->len, ==, 1);
  g_autofree char *expected =
      g_strdup_printf("store %s: the copy of https://a.org/x is damaged and is not used", s.path);
  g_assert_cmpstr(g_ptr_array_index(s.warnings.messages, 0), ==, expected);
  g_assert_true(keep(s.store, "https://a.org/x", "the very bytes", 14, 2, &error));
  g_assert_true(find(&s, "https://a.org/x", &mended));
  g_assert_cmpstr(mended.body, ==, "the very bytes");
  shelf_clear(&s);
}

/* No byte more than 100 kB fits: what was kept before stays whole, and the message says what to do. */
static void test_full_disk(void) {
  GError *error = NULL;
  g_autofree char *big = g_malloc0(200000);
  g_auto(aft_download) before = {0}, after = {0};
  shelf s;
  shelf_init(&s);
  g_assert_true(keep(s.store, "https://a.org/small", "abc", 3, 1, &error));
  struct rlimit usual, small;
  g_assert_cmpint(getrlimit(RLIMIT_FSIZE, &usual), ==, 0);
  small = usual;
  small.rlim_cur = 100000;
  signal(SIGXFSZ, SIG_IGN);
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &small), ==, 0);
  g_assert_false(keep(s.store, "https://a.org/big", big, 200000, 2, &error));
  g_assert_cmpint(setrlimit(RLIMIT_FSIZE, &usual), ==, 0);
  g_assert_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_STORE);
  g_assert_nonnull(strstr(error->message, "(make room, or name another with --store; what it holds is safe)"));
  g_clear_error(&error);
  g_assert_false(find(&s, "https://a.org/big", &after));
  g_assert_true(find(&s, "https://a.org/small", &before));
  g_assert_true(keep(s.store, "https://a.org/big", big, 200000, 3, &error)); /* with room again it goes on */
  g_assert_true(find(&s, "https://a.org/big", &after));
  shelf_clear(&s);
}

/* Killed between two writes: the first is there whole, the second not at all, and the file opens. */
static void test_killed(void) {
  GError *error = NULL;
  g_auto(aft_download) first = {0}, second = {0};
  shelf s;
  shelf_init(&s);
  g_clear_pointer(&s.store, aft_store_close);
  pid_t child = fork();
  if (child == 0) {
    aft_store *store = aft_store_open(s.path, NULL);
    aft_millis seen = 1;
    bool ok = store != NULL && keep(store, "https://a.org/first", "abc", 3, 1, NULL) && aft_store_begin(store, NULL) &&
              aft_store_keep_article(store, "feed", "half", "{}", &seen, NULL);
    if (ok) kill(getpid(), SIGKILL);
    _exit(1);
  }
  int status;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFSIGNALED(status));
  s.store = aft_store_open(s.path, &error);
  g_assert_no_error(error);
  g_assert_true(find(&s, "https://a.org/first", &first));
  g_assert_false(find(&s, "https://a.org/second", &second));
  g_autoptr(GString) list = g_string_new(NULL);
  g_assert_true(aft_store_list_articles(s.store, "feed", add_article, list, &error));
  g_assert_cmpstr(list->str, ==, "");
  shelf_clear(&s);
}

/* Two processes that make the store and write into it at once lose nothing. */
static void test_two_processes(void) {
  enum { EACH = 40 };
  GError *error = NULL;
  shelf s;
  shelf_init(&s);
  g_clear_pointer(&s.store, aft_store_close);
  g_assert_cmpint(g_unlink(s.path), ==, 0);
  pid_t children[2];
  for (int c = 0; c < 2; c++) {
    children[c] = fork();
    if (children[c] != 0) continue;
    aft_store *store = aft_store_open(s.path, NULL);
    bool ok = store != NULL;
    for (int i = 0; ok && i < EACH; i++) {
      g_autofree char *url = g_strdup_printf("https://a.org/%d/%d", c, i);
      ok = keep(store, url, url, strlen(url), i, NULL);
    }
    aft_store_close(store);
    _exit(ok ? 0 : 1);
  }
  for (int c = 0; c < 2; c++) {
    int status;
    g_assert_cmpint(waitpid(children[c], &status, 0), ==, children[c]);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  }
  s.store = aft_store_open(s.path, &error);
  g_assert_no_error(error);
  for (int c = 0; c < 2; c++)
    for (int i = 0; i < EACH; i++) {
      g_auto(aft_download) download = {0};
      g_autofree char *url = g_strdup_printf("https://a.org/%d/%d", c, i);
      g_assert_true(find(&s, url, &download));
      g_assert_cmpstr(download.body, ==, url);
    }
  shelf_clear(&s);
}

static void test_places(void) {
  GError *error = NULL;
  struct stat info;
  shelf s;
  shelf_init(&s);
  g_autofree char *folder = g_path_get_dirname(s.path);
  g_assert_cmpint(stat(folder, &info), ==, 0);
  g_assert_cmpint(info.st_mode & 0777, ==, 0700);
  g_autofree char *file = support_write(s.dir, "file", "x"), *below = g_build_filename(file, "store", NULL);
  g_assert_null(aft_store_open(below, &error));
  g_assert_nonnull(strstr(error->message, "its folder cannot be made"));
  g_clear_error(&error);
  g_assert_null(aft_store_open(s.dir, &error));
  g_assert_nonnull(strstr(error->message, "unable to open database file (name another with --store)"));
  g_clear_error(&error);
  shelf_clear(&s);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/store/round-trip", test_round_trip);
  g_test_add_func("/store/articles", test_articles);
  g_test_add_func("/store/foreign-files", test_foreign_files);
  g_test_add_func("/store/damaged-copy", test_damaged_copy);
  g_test_add_func("/store/full-disk", test_full_disk);
  g_test_add_func("/store/killed", test_killed);
  g_test_add_func("/store/two-processes", test_two_processes);
  g_test_add_func("/store/places", test_places);
  return g_test_run();
}
