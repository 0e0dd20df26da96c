/* base/mapped: what is put is taken again, laid out as the header says, and no damage goes unseen. */
#include "support/support.h"

#include "base/mapped_internal.h"

#include <aftershock/base/error.h>

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { PAGE = 4096, BLOCK = 1 << 20 };

/* Around the ends of words, pages and blocks. */
static const size_t sizes[] = {1, 0, 7, 64, PAGE - 1, PAGE, PAGE + 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 12345};
enum { N_SIZES = G_N_ELEMENTS(sizes), MOST_BYTES = 2 * BLOCK + 12345 + N_SIZES };

static unsigned char *draw_bytes(void) {
  GRand *draws = g_rand_new_with_seed(29);
  unsigned char *bytes = g_malloc(MOST_BYTES);
  for (size_t i = 0; i < MOST_BYTES; i++) bytes[i] = (unsigned char)g_rand_int(draws);
  g_rand_free(draws);
  return bytes;
}

static void write_file(const char *path, const unsigned char *bytes) {
  GError *error = NULL;
  aft_mapped_writer *writer = aft_mapped_create(path, "TESTFILE", "a heading", &error);
  g_assert_no_error(error);
  for (size_t i = 0; i < N_SIZES; i++) g_assert_true(aft_mapped_put(writer, bytes + i, sizes[i], &error));
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS)); /* not before it is complete */
  g_assert_true(aft_mapped_commit(writer, &error));
  g_assert_no_error(error);
}

typedef struct fixture {
  char *dir, *path;
  unsigned char *bytes;
  char *text; /* of the file */
  gsize size;
} fixture;

static void set_up(fixture *f) {
  GError *error = NULL;
  f->dir = support_temp_dir();
  f->path = g_build_filename(f->dir, "file", NULL);
  f->bytes = draw_bytes();
  write_file(f->path, f->bytes);
  g_assert_true(g_file_get_contents(f->path, &f->text, &f->size, &error));
}

static void tear_down(fixture *f) {
  g_free(f->path);
  g_free(f->bytes);
  g_free(f->text);
  support_remove(f->dir);
}

static void test_round_trip(void) {
  fixture f;
  GError *error = NULL;
  set_up(&f);
  for (unsigned n_threads = 0; n_threads < 4; n_threads++) {
    aft_mapped *mapped = n_threads < 3 ? aft_mapped_open(f.path, "TESTFILE", "a heading", &error)
                                       : mapped_open_read(f.path, "TESTFILE", "a heading", &error);
    g_assert_no_error(error);
    g_assert_cmpuint(aft_mapped_n_sections(mapped), ==, N_SIZES + 1);
    for (size_t i = 0; i < N_SIZES; i++) {
      g_assert_cmpuint(aft_mapped_size(mapped, i + 1), ==, sizes[i]);
      if (sizes[i] == 0) continue;
      const void *there = aft_mapped_take(mapped, i + 1, n_threads, &error);
      g_assert_no_error(error);
      g_assert_true(memcmp(there, f.bytes + i, sizes[i]) == 0);
      g_assert_cmpuint((uintptr_t)there % PAGE, ==, 0);
      g_assert_true(aft_mapped_holds(mapped, there));
      g_assert_true(there == aft_mapped_take(mapped, i + 1, n_threads, &error));
    }
    g_assert_cmpuint(aft_mapped_size(mapped, N_SIZES + 1), ==, 0);
    g_assert_false(aft_mapped_holds(mapped, &f));
    g_assert_false(aft_mapped_holds(mapped, NULL));
    aft_mapped_free(mapped);
  }
  tear_down(&f);
}

/* The mapping holds what was there when the file is gone, or another has its name. */
static void test_removed(void) {
  fixture f;
  GError *error = NULL;
  set_up(&f);
  aft_mapped *mapped = aft_mapped_open(f.path, "TESTFILE", "a heading", &error);
  g_assert_no_error(error);
  g_assert_true(g_file_set_contents(f.path, "another", -1, &error));
  g_assert_cmpint(g_unlink(f.path), ==, 0);
  const void *there = aft_mapped_take(mapped, 11, 2, &error);
  g_assert_no_error(error);
  g_assert_true(memcmp(there, f.bytes + 10, sizes[10]) == 0);
  aft_mapped_free(mapped);
  aft_mapped_free(NULL);
  tear_down(&f);
}

static uint64_t get_number(const char *at) {
  uint64_t number;
  memcpy(&number, at, sizeof number);
  return number;
}

static uint64_t step(uint64_t sum, uint64_t word) {
  sum = (sum ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
  return sum ^ sum >> 32;
}

/* One stream after the other, as the header describes it. */
static uint64_t sum_slowly(const char *bytes, size_t size) {
  uint64_t sum = size;
  for (uint64_t stream = 1; stream <= 8; stream++) {
    uint64_t own = stream;
    for (size_t at = 8 * (stream - 1); at < size; at += 64) own = step(own, get_number(bytes + at));
    sum = step(sum, own);
  }
  return sum;
}

static void test_layout(void) {
  fixture f;
  set_up(&f);
  const char *ending = f.text + f.size - PAGE;
  uint64_t table = get_number(ending + 8), n = get_number(ending + 16), at = PAGE, n_sums = 0;
  g_assert_cmpuint(get_number(ending), ==, f.size);
  g_assert_cmpuint(n, ==, N_SIZES + 1);
  for (uint64_t i = 0; i < n; i++) {
    const char *entry = f.text + table + 24 * i;
    size_t size = i == 0 ? strlen("a heading") : sizes[i - 1], padded = (size + PAGE - 1) / PAGE * PAGE;
    g_assert_cmpuint(get_number(entry), ==, at);
    g_assert_cmpuint(get_number(entry + 8), ==, size);
    g_assert_cmpuint(get_number(entry + 16), ==, n_sums);
    for (size_t done = 0; done < padded; done += BLOCK, n_sums++)
      g_assert_cmphex(get_number(f.text + table + 24 * n + 8 * n_sums), ==,
                      sum_slowly(f.text + at + done, MIN(padded - done, (size_t)BLOCK)));
    at += padded;
  }
  g_assert_cmpuint(at, ==, table);
  uint64_t all = step(sum_slowly(f.text, PAGE), sum_slowly(f.text + table, f.size - PAGE - table));
  g_assert_cmphex(get_number(ending + 24), ==, step(step(step(all, f.size), table), n));
  tear_down(&f);
}

/* Whether the file opens and every section of it is right. */
static bool is_sound(const char *path, bool reads) {
  GError *error = NULL;
  aft_mapped *mapped = reads ? mapped_open_read(path, "TESTFILE", "a heading", &error)
                             : aft_mapped_open(path, "TESTFILE", "a heading", &error);
  bool ok = mapped != NULL;
  for (size_t i = 0; ok && i < aft_mapped_n_sections(mapped); i++)
    ok = aft_mapped_size(mapped, i) == 0 || aft_mapped_take(mapped, i, 1, &error) != NULL;
  g_assert_true(ok == (error == NULL));
  g_clear_error(&error);
  aft_mapped_free(mapped);
  return ok;
}

static void check_refused(const fixture *f, const char *text, size_t size) {
  g_autofree char *path = g_build_filename(f->dir, "other", NULL);
  g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
  g_assert_false(is_sound(path, false) || is_sound(path, true));
}

/* One bit, anywhere: at the ends of every part, and at random. */
static void test_flipped(void) {
  fixture f;
  GRand *draws = g_rand_new_with_seed(31);
  set_up(&f);
  g_assert_true(is_sound(f.path, false) && is_sound(f.path, true));
  uint64_t table = get_number(f.text + f.size - PAGE + 8);
  g_autoptr(GArray) places = g_array_new(FALSE, FALSE, sizeof(gsize));
  for (gsize at = 0; at < PAGE; at += at < 64 ? 1 : 500) g_array_append_val(places, at);
  for (gsize at = f.size - PAGE; at < f.size; at += at < f.size - PAGE + 64 ? 1 : 500) g_array_append_val(places, at);
  for (gsize at = (gsize)table; at < f.size - PAGE; at += 29) g_array_append_val(places, at);
  for (size_t i = 0; i <= N_SIZES; i++) {
    const char *entry = f.text + table + 24 * i;
    gsize first = (gsize)get_number(entry), size = (gsize)get_number(entry + 8);
    gsize padded = (size + PAGE - 1) / PAGE * PAGE;
    if (size == 0) continue;
    const gsize ends[] = {first, first + size - 1, first + padded - 1, first + (gsize)g_rand_int(draws) % padded};
    g_array_append_vals(places, ends, G_N_ELEMENTS(ends));
  }
  for (guint i = 0; i < places->len; i++) {
    char *at = f.text + g_array_index(places, gsize, i), bit = (char)(1 << g_rand_int_range(draws, 0, 8));
    *at ^= bit;
    check_refused(&f, f.text, f.size);
    *at ^= bit;
  }
  g_rand_free(draws);
  tear_down(&f);
}

static void test_cut(void) {
  fixture f;
  set_up(&f);
  const gsize lengths[] = {
      0, 1, 63, PAGE, PAGE + 1, 2 * PAGE, 3 * PAGE, f.size / 2, f.size - 2 * PAGE, f.size - PAGE, f.size - 1};
  for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) check_refused(&f, f.text, lengths[i]);
  g_autofree char *longer = g_malloc0(f.size + PAGE);
  memcpy(longer, f.text, f.size);
  check_refused(&f, longer, f.size + PAGE);
  check_refused(&f, longer, f.size + 1);
  g_autofree char *zeros = g_malloc0(f.size);
  check_refused(&f, zeros, f.size);
  check_refused(&f, (const char *)f.bytes, MOST_BYTES / PAGE * PAGE);
  tear_down(&f);
}

static void check_says(const char *path, const char *kind, const char *heading, const char *what) {
  GError *error = NULL;
  g_autofree char *message = g_strdup_printf("%s: %s", path, what);
  g_assert_null(aft_mapped_open(path, kind, heading, &error));
  assert_error(&error, message);
}

static void test_foreign(void) {
  fixture f;
  set_up(&f);
  g_autofree char *link = g_build_filename(f.dir, "link", NULL), *pipe = g_build_filename(f.dir, "pipe", NULL);
  check_says(f.path, "OTHERONE", "a heading", "is of another kind");
  check_says(f.path, "TESTFILE", "a headinh", "has another heading");
  check_says(f.path, "TESTFILE", "a headin", "has another heading");
  check_says(f.dir, "TESTFILE", "a heading", "is not a regular file of this user");
  g_assert_cmpint(symlink(f.path, link), ==, 0);
  g_assert_false(is_sound(link, false));
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  check_says(pipe, "TESTFILE", "a heading", "is not a regular file of this user");
  g_assert_false(is_sound(f.dir, true));
  f.text[8] = 1, f.text[11] = 4; /* 0x04030201 read here as 0x01020304, and the reverse */
  f.text[9] = 2, f.text[10] = 3;
  g_assert_true(g_file_set_contents(f.path, f.text, (gssize)f.size, NULL));
  check_says(f.path, "TESTFILE", "a heading",
             G_BYTE_ORDER == G_LITTLE_ENDIAN ? "has another order of bytes"
                                             : "is damaged: its sum is not what it says");
  tear_down(&f);
}

static void test_version(void) {
  fixture f;
  set_up(&f);
  uint32_t version = 2;
  memcpy(f.text + 12, &version, sizeof version);
  g_assert_true(g_file_set_contents(f.path, f.text, (gssize)f.size, NULL));
  check_says(f.path, "TESTFILE", "a heading", "is of another version");
  tear_down(&f);
}

static void test_unfinished(void) {
  GError *error = NULL;
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "file", NULL), *nowhere = g_build_filename(dir, "no", "file", NULL);
  aft_mapped_writer *writer = aft_mapped_create(path, "TESTFILE", "a heading", &error);
  g_assert_no_error(error);
  g_assert_true(aft_mapped_put(writer, "text", 4, &error));
  aft_mapped_discard(writer);
  aft_mapped_discard(NULL);
  GDir *folder = g_dir_open(dir, 0, NULL);
  g_assert_null(g_dir_read_name(folder));
  g_dir_close(folder);
  g_assert_null(aft_mapped_create(nowhere, "TESTFILE", "a heading", &error));
  g_assert_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO);
  g_clear_error(&error);
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mapped/round_trip", test_round_trip);
  g_test_add_func("/mapped/removed", test_removed);
  g_test_add_func("/mapped/layout", test_layout);
  g_test_add_func("/mapped/flipped", test_flipped);
  g_test_add_func("/mapped/cut", test_cut);
  g_test_add_func("/mapped/foreign", test_foreign);
  g_test_add_func("/mapped/version", test_version);
  g_test_add_func("/mapped/unfinished", test_unfinished);
  return g_test_run();
}
