/* report/shard: files of several parts that belong together, and those that do not for reasons that no command line makes. */
#include "support/support.h"

#include <aftershock/base/sealed.h>
#include <aftershock/report/shard.h>

#include <string.h>

#include <aftershock/base/banned.h>

static aft_provenance provenance(void) {
  aft_provenance p;
  aft_provenance_init(&p);
  p.gsl = "2.7";
  p.tzdata = g_strdup("2025b");
  p.study_file = (aft_input_fact){g_strdup("study"), g_strdup("a.json"), g_strdup("00ff"), 3, false};
  return p;
}

static const aft_shard_task task = {.tables = AFT_TABLES_EVENTS};

/* Shard k of 2 with a body of so many bytes. */
static char *write_shard(const char *dir, size_t k, size_t size) {
  aft_provenance p = provenance();
  GError *error = NULL;
  char *path = aft_shard_file_name(dir, k, 2);
  aft_sealed_writer *writer = aft_shard_create(path, k, 2, &task, &p, &error);
  g_assert_no_error(error);
  g_assert_true(aft_sealed_put(writer, "0123456789", size, &error) && aft_sealed_commit(writer, &error));
  aft_provenance_clear(&p);
  return path;
}

static void test_together(void) {
  char *dir = support_temp_dir(), bytes[10];
  g_autofree char *second = write_shard(dir, 1, 4), *first = write_shard(dir, 0, 10);
  const char *const places[] = {second, first, NULL};
  GError *error = NULL;
  aft_provenance p = provenance();
  aft_shards *shards = aft_shards_open(places, &error);
  g_assert_no_error(error);
  g_assert_cmpint(aft_shards_get_task(shards)->tables, ==, AFT_TABLES_EVENTS);
  g_assert_cmpstr(aft_shards_get_study(shards), ==, "a.json");
  g_assert_true(aft_shards_check_inputs(shards, &p, &error));
  const aft_parts parts = aft_shards_get_parts(shards);
  g_assert_true(parts.count == 2 && parts.own == -1);
  g_assert_true(parts.get(0, bytes, 3, parts.data, &error) && parts.get(1, bytes, 4, parts.data, &error) &&
                parts.get(0, bytes, 6, parts.data, &error));
  g_assert_true(memcmp(bytes, "345678", 6) == 0); /* where the first was left */
  g_assert_false(aft_shards_check_end(shards, &error));
  g_autofree char *more = g_strdup_printf("%s: holds more than this study asks for (make it again)", first);
  assert_error(&error, more);
  g_assert_false(parts.get(1, bytes, 1, parts.data, &error));
  g_autofree char *less = g_strdup_printf("%s: ends too early (make it again)", second);
  assert_error(&error, less);
  g_assert_true(parts.get(0, bytes, 1, parts.data, &error) && aft_shards_check_end(shards, &error));
  aft_shards_free(shards);
  aft_provenance_clear(&p);
  support_remove(dir);
}

/* Replaces a text of the first shard's heading in the second's place; the file is sound all the same. */
static void write_heading(const char *dir, const char *from, const char *to) {
  g_autofree char *first = aft_shard_file_name(dir, 0, 2), *second = aft_shard_file_name(dir, 1, 2);
  GError *error = NULL;
  aft_sealed *sealed = aft_sealed_open(first, "AFTSHARD", "a shard", &error);
  g_assert_no_error(error);
  g_autoptr(GString) heading = g_string_new(aft_sealed_heading(sealed));
  g_string_replace(heading, "\"shard\":1", "\"shard\":2", 0);
  g_assert_cmpuint(g_string_replace(heading, from, to, 0), ==, 1);
  aft_sealed_writer *writer = aft_sealed_create(second, "AFTSHARD", heading->str, &error);
  g_assert_true(aft_sealed_commit(writer, &error));
  aft_sealed_free(sealed);
}

static void test_apart(void) {
  static const struct {
    const char *from, *to, *what; /* what it has that the first has not; NULL: no shard of this version */
  } cases[] = {
      {"\"version\":\"" AFT_VERSION "\"", "\"version\":\"9.9.9\"",
       "another version of aftershock (" AFT_VERSION " and 9.9.9)"},
      {"\"gsl\":\"2.7\"", "\"gsl\":\"2.8\"", "another version of gsl (2.7 and 2.8)"},
      {"2025b", "2024a", "another version of tzdata (2025b and 2024a)"},
      {"00ff", "00fe", "another content of the study file a.json"},
      {"\"inputs\":[]", "\"inputs\":[{}]", "another list of input files"},
      {"aftershock-shard-1", "aftershock-shard-2", NULL},
      {"\"of\":2", "\"of\":1", NULL},
      {"\"of\":2", "\"of\":-2", NULL},
      {"\"format\"", "{\"format\"", NULL},
  };
  char *dir = support_temp_dir();
  g_autofree char *first = write_shard(dir, 0, 1), *second = aft_shard_file_name(dir, 1, 2);
  const char *const places[] = {dir, NULL};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GError *error = NULL;
    write_heading(dir, cases[i].from, cases[i].to);
    g_assert_null(aft_shards_open(places, &error));
    g_autofree char *message =
        cases[i].what == NULL
            ? g_strdup_printf("%s: is a shard of another version of aftershock (make it again with this one)", second)
            : g_strdup_printf("%s: is not a shard of the same result as %s: it has %s", second, first, cases[i].what);
    assert_error(&error, message);
  }
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/shards/together", test_together);
  g_test_add_func("/shards/apart", test_apart);
  return g_test_run();
}
