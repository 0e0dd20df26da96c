/* base/known: a digest is given for the file that was read and no other. base/cache: what goes first. */
#include "support/support.h"

#include <aftershock/base/cache.h>
#include <aftershock/base/known.h>

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

#define SECOND INT64_C(1000000000)
#define A "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define B "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210"

static const aft_file_stamp first = {65024, 1234567, 390573745, 1795859784 * SECOND + 844582975,
                                     1795859784 * SECOND + 5};
static const int64_t later = 1795859799 * SECOND;

static aft_known *make_empty(void) { return aft_known_read("/nowhere/at/all"); }

static void test_found(void) {
  g_autoptr(aft_known) known = make_empty();
  g_assert_null(aft_known_find(known, &first));
  g_assert_false(aft_known_has_size(known, first.n_bytes));
  aft_known_note(known, &first, A, later);
  g_assert_cmpstr(aft_known_find(known, &first), ==, A);
  g_assert_true(aft_known_has_size(known, first.n_bytes));
  aft_file_stamp others[] = {first, first, first, first, first};
  others[0].device++;
  others[1].number++;
  others[2].n_bytes--;
  others[3].changed_ns++;
  others[4].status_ns--;
  for (size_t i = 0; i < G_N_ELEMENTS(others); i++) g_assert_null(aft_known_find(known, &others[i]));
  aft_known_note(known, &others[3], B, later); /* the same file, changed */
  g_assert_cmpstr(aft_known_find(known, &others[3]), ==, B);
  g_assert_null(aft_known_find(known, &first));
}

/* Read while a change within the same tick of the clock could still come. */
static void test_too_early(void) {
  static const int64_t ages[] = {-SECOND, 0, AFT_KNOWN_MARGIN_NS - 1, AFT_KNOWN_MARGIN_NS};
  for (size_t i = 0; i < G_N_ELEMENTS(ages); i++)
    for (int k = 0; k < 2; k++) {
      g_autoptr(aft_known) known = make_empty();
      aft_file_stamp stamp = first;
      *(k == 0 ? &stamp.changed_ns : &stamp.status_ns) = later - ages[i];
      aft_known_note(known, &stamp, A, later);
      g_assert_cmpstr(aft_known_find(known, &stamp), ==, ages[i] >= AFT_KNOWN_MARGIN_NS ? A : NULL);
      g_assert_true(aft_known_has_size(known, stamp.n_bytes));
    }
}

static void test_kept(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "digests", NULL);
  GError *error = NULL;
  g_autoptr(aft_known) known = make_empty();
  aft_file_stamp stamp = first;
  for (uint64_t i = 0; i < AFT_KNOWN_MOST + 7; i++) {
    stamp.number = i;
    stamp.device = i % 2 == 0 ? UINT64_MAX : 3; /* all 64 bits */
    aft_known_note(known, &stamp, i % 3 == 0 ? A : B, later);
  }
  g_assert_true(aft_known_write(known, path, &error));
  g_assert_no_error(error);
  g_autoptr(aft_known) again = aft_known_read(path);
  for (uint64_t i = 0; i < AFT_KNOWN_MOST + 7; i++) {
    stamp.number = i;
    stamp.device = i % 2 == 0 ? UINT64_MAX : 3;
    g_assert_cmpstr(aft_known_find(again, &stamp), ==, i < 7 ? NULL : i % 3 == 0 ? A : B);
  }
  support_remove(dir);
}

/* Whatever bit of the file is wrong, no file is taken for another. */
static void test_damaged(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "digests", NULL), *text = NULL;
  gsize size;
  aft_file_stamp stamps[3] = {first, first, first};
  g_autoptr(aft_known) known = make_empty();
  for (int i = 0; i < 3; i++) {
    stamps[i].number = 1234560 + (uint64_t)i;
    aft_known_note(known, &stamps[i], i == 1 ? B : A, later);
  }
  g_assert_true(aft_known_write(known, path, NULL));
  g_assert_true(g_file_get_contents(path, &text, &size, NULL));
  for (gsize bit = 0; bit < 8 * size; bit++) {
    text[bit / 8] ^= (char)(1 << bit % 8);
    g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
    text[bit / 8] ^= (char)(1 << bit % 8);
    g_autoptr(aft_known) there = aft_known_read(path);
    int n_lost = 0;
    for (int i = 0; i < 3; i++) {
      const char *found = aft_known_find(there, &stamps[i]);
      if (found == NULL)
        n_lost++;
      else
        g_assert_cmpstr(found, ==, i == 1 ? B : A);
    }
    g_assert_cmpint(n_lost, >, 0);
  }
  for (gsize length = 0; length < size; length += 11) {
    g_assert_true(g_file_set_contents(path, text, (gssize)length, NULL));
    g_autoptr(aft_known) there = aft_known_read(path);
    g_assert_null(aft_known_find(there, &stamps[2]));
  }
  g_autoptr(aft_known) folder = aft_known_read(dir);
  g_assert_null(aft_known_find(folder, &first));
  support_remove(dir);
}

/* A file that is written over, with as many bytes and its time of change set back, is another. */
static void test_stamps(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "file", "one two"), *link = g_build_filename(dir, "link", NULL);
  aft_file_stamp before, after;
  struct stat info;
  g_assert_true(aft_file_stamp_read(&before, path));
  g_assert_cmpuint(before.n_bytes, ==, 7);
  g_assert_true(aft_file_stamp_read(&after, path) && aft_file_stamp_is_equal(&before, &after));
  g_assert_cmpint(symlink("file", link), ==, 0);
  g_assert_true(aft_file_stamp_read(&after, link) && aft_file_stamp_is_equal(&before, &after));
  g_assert_cmpint(stat(path, &info), ==, 0);
  g_usleep(20000); /* more than a tick of the disk's clock */
  int fd = open(path, O_WRONLY);
  g_assert_cmpint(write(fd, "six", 3), ==, 3);
  close(fd);
  const struct timespec times[2] = {info.st_atim, info.st_mtim};
  g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
  g_assert_true(aft_file_stamp_read(&after, path));
  g_assert_cmpint(after.changed_ns, ==, before.changed_ns);
  g_assert_cmpint(after.status_ns, >, before.status_ns);
  g_assert_false(aft_file_stamp_is_equal(&before, &after));
  g_assert_false(aft_file_stamp_read(&after, dir));
  g_assert_false(aft_file_stamp_read(&after, "/dev/null"));
  support_remove(dir);
}

/* ---- base/cache ---- */

static void make_file(const char *dir, const char *name, size_t size, time_t used) {
  g_autofree char *path = g_build_filename(dir, name, NULL), *text = g_malloc0(size);
  const struct timespec times[2] = {{used, 0}, {used, 0}};
  g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
  g_assert_cmpint(utimensat(AT_FDCWD, path, times, 0), ==, 0);
}

static gint compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *list_files(const char *dir) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  GDir *folder = g_dir_open(dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name(folder)) != NULL;) g_ptr_array_add(names, g_strdup(name));
  g_dir_close(folder);
  g_ptr_array_sort(names, compare_names);
  g_ptr_array_add(names, NULL);
  return g_strjoinv(" ", (char **)names->pdata);
}

static void check_files(const char *dir, const char *expected) {
  g_autofree char *names = list_files(dir);
  g_assert_cmpstr(names, ==, expected);
}

static void test_room(void) {
  char *dir = support_temp_dir();
  g_autofree char *middle = g_build_filename(dir, "b.x", NULL);
  GError *error = NULL;
  make_file(dir, "a.x", 100, 2000);
  make_file(dir, "b.x", 200, 1000);
  make_file(dir, "c.x", 300, 3000);
  make_file(dir, "other", 5000, 1);
  g_assert_true(aft_cache_make_room(dir, ".x", 400, 1000, &error));
  check_files(dir, "a.x b.x c.x other");
  g_assert_false(aft_cache_make_room(dir, ".x", 1001, 1000, &error)); /* and nothing goes for it */
  g_clear_error(&error);
  check_files(dir, "a.x b.x c.x other");
  aft_cache_touch(middle);
  g_assert_true(aft_cache_make_room(dir, ".x", 401, 1000, &error));
  check_files(dir, "b.x c.x other");
  g_assert_true(aft_cache_make_room(dir, ".x", 801, 1000, &error));
  check_files(dir, "other");
  g_assert_no_error(error);
  g_assert_false(aft_cache_make_room(dir, ".x", UINT64_C(1) << 60, UINT64_C(1) << 61, &error)); /* no disk has it */
  g_clear_error(&error);
  support_remove(dir);
}

/* What a killed process left goes; what a living one writes stays. */
static void test_left_over(void) {
  char *dir = support_temp_dir();
  g_autofree char *mine = g_strdup_printf("a.x.new-%ld", (long)getpid());
  g_autofree char *expected = g_strdup_printf("%s note.new-", mine);
  pid_t child = fork();
  if (child == 0) _exit(0);
  g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
  g_autofree char *gone = g_strdup_printf("b.x.new-%ld", (long)child);
  make_file(dir, mine, 10, 1000);
  make_file(dir, gone, 10, 1000);
  make_file(dir, "note.new-", 10, 1000);
  g_assert_true(aft_cache_make_room(dir, ".x", 1, 1000, NULL));
  check_files(dir, expected);
  support_remove(dir);
}

static void test_folder(void) {
  char *dir = support_temp_dir();
  g_autofree char *folder = g_build_filename(dir, "a", "b", NULL), *file = support_write(dir, "file", "text");
  g_autofree char *below = g_build_filename(file, "b", NULL);
  struct stat info;
  GError *error = NULL;
  g_assert_true(aft_cache_make(folder, &error));
  g_assert_true(aft_cache_make(folder, &error));
  check_files(folder, "CACHEDIR.TAG");
  g_assert_cmpint(stat(folder, &info), ==, 0);
  g_assert_cmpint((int)(info.st_mode & 0777), ==, 0700);
  g_assert_false(aft_cache_make(below, &error));
  g_clear_error(&error);
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/known/found", test_found);
  g_test_add_func("/known/too_early", test_too_early);
  g_test_add_func("/known/kept", test_kept);
  g_test_add_func("/known/damaged", test_damaged);
  g_test_add_func("/known/stamps", test_stamps);
  g_test_add_func("/cache/room", test_room);
  g_test_add_func("/cache/left_over", test_left_over);
  g_test_add_func("/cache/folder", test_folder);
  return g_test_run();
}
