/* base/sealed: what is written is read again, and no damage goes unseen. */
#include "support/support.h"

#include <aftershock/base/error.h>
#include <aftershock/base/sealed.h>

#include <string.h>
#include <glib/gstdio.h>

#include <aftershock/base/banned.h>

enum { N_BYTES = 700001 }; /* more than two blocks, and no multiple of a word */

static unsigned char *draw_bytes(void) {
  GRand *draws = g_rand_new_with_seed(17);
  unsigned char *bytes = g_malloc(N_BYTES);
  for (size_t i = 0; i < N_BYTES; i++) bytes[i] = (unsigned char)g_rand_int(draws);
  g_rand_free(draws);
  return bytes;
}

/* In pieces of every length from 0 on. */
static void write_file(const char *path, const unsigned char *bytes) {
  GError *error = NULL;
  aft_sealed_writer *writer = aft_sealed_create(path, "TESTFILE", "a heading", &error);
  g_assert_no_error(error);
  for (size_t at = 0, n = 0; at < N_BYTES; at += n, n++)
    g_assert_true(aft_sealed_put(writer, bytes + at, MIN(n, N_BYTES - at), &error));
  g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS)); /* not before it is complete */
  g_assert_true(aft_sealed_commit(writer, &error));
  g_assert_no_error(error);
}

static void test_round_trip(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "file", NULL);
  g_autofree unsigned char *bytes = draw_bytes(), *back = g_malloc(N_BYTES);
  GError *error = NULL;
  write_file(path, bytes);
  aft_sealed *sealed = aft_sealed_open(path, "TESTFILE", "a test", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(aft_sealed_heading(sealed), ==, "a heading");
  for (size_t at = 0, n = 70000; at < N_BYTES; at += n) {
    n = MIN(n + 1, N_BYTES - at);
    g_assert_true(aft_sealed_get(sealed, back + at, n, &error));
    aft_sealed_rest(sealed);
    g_assert_true(aft_sealed_is_over(sealed) == (at + n == N_BYTES));
  }
  g_assert_true(memcmp(bytes, back, N_BYTES) == 0);
  g_assert_false(aft_sealed_get(sealed, back, 1, &error));
  g_autofree char *message = g_strdup_printf("%s: ends too early (make it again)", path);
  assert_error(&error, message);
  aft_sealed_free(sealed);
  support_remove(dir);
}

static void check_refused(const char *path, const char *text, size_t size, const char *what) {
  GError *error = NULL;
  g_autofree char *message = g_strdup_printf("%s: %s", path, what);
  g_assert_true(g_file_set_contents(path, text, (gssize)size, NULL));
  g_assert_null(aft_sealed_open(path, "TESTFILE", "a test", &error));
  assert_error(&error, message);
}

static void test_damage(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "file", NULL), *text = NULL;
  g_autofree unsigned char *bytes = draw_bytes();
  gsize size;
  write_file(path, bytes);
  g_assert_true(g_file_get_contents(path, &text, &size, NULL));
  const char *wrong = "its checksum is wrong: the file was changed or damaged (make it again)";
  const char *cut = "is cut short or was changed: its length is not what it says (make it again)";
  for (size_t at = 16; at < size - 24; at += 60013) { /* in the heading, in the body, in any byte of a word */
    for (int bit = 0; bit < 8; bit += 3) {
      text[at] = (char)(text[at] ^ (1 << bit));
      check_refused(path, text, size, wrong);
      text[at] = (char)(text[at] ^ (1 << bit));
    }
  }
  for (size_t n = 16; n < size; n += n < 100 ? 7 : 99991) check_refused(path, text, n, cut);
  check_refused(path, text, size - 1, cut);
  check_refused(path, text, 15, "is not a test of aftershock");
  text[0] = 'X';
  check_refused(path, text, size, "is not a test of aftershock");
  text[0] = 'T';
  char order[4];
  memcpy(order, text + 8, 4);
  for (int i = 0; i < 4; i++) text[8 + i] = order[3 - i];
  check_refused(path, text, size, "was written by a machine with another order of bytes");
  support_remove(dir);
}

/* The sum changes with every single word, with their order, and with a zero at the end; its value is part of the format. */
static void test_sum(void) {
  const char text[24] = "seventeen characters!!!";
  char swapped[24];
  memcpy(swapped, text + 8, 8);
  memcpy(swapped + 8, text, 8);
  memcpy(swapped + 16, text + 16, 8);
  g_assert_cmpuint(aft_sealed_sum(0, text, 24), !=, aft_sealed_sum(0, swapped, 24));
  g_assert_cmpuint(aft_sealed_sum(aft_sealed_sum(0, text, 16), text + 16, 8), ==, aft_sealed_sum(0, text, 24));
  const uint64_t one = 1;
  /* 0xBF58476D1CE4E5B9 ^ 0xBF58476D, by hand */
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN) g_assert_cmphex(aft_sealed_sum(0, &one, 8), ==, UINT64_C(0xBF58476DA3BCA2D4));
}

static void test_discarded(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "file", NULL);
  GError *error = NULL;
  aft_sealed_writer *writer = aft_sealed_create(path, "TESTFILE", "", &error);
  g_assert_true(aft_sealed_put(writer, "x", 1, &error));
  aft_sealed_discard(writer);
  g_assert_cmpint(g_rmdir(dir), ==, 0); /* empty */
  g_free(dir);
  g_assert_null(aft_sealed_create("/dev/null/file", "TESTFILE", "", &error));
  assert_error(&error, "/dev/null/file: cannot be written: Not a directory");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/sealed/round-trip", test_round_trip);
  g_test_add_func("/sealed/damage", test_damage);
  g_test_add_func("/sealed/sum", test_sum);
  g_test_add_func("/sealed/discarded", test_discarded);
  return g_test_run();
}
