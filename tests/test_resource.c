/* Tests of base/resource: where the program's own files are looked for, and in which order. */
#include "support/support.h"

#include <aftershock/base/error.h>
#include <aftershock/base/resource.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void test_build_tree(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *found = aft_resource_find("data/study.schema.json", &error);
  g_assert_no_error(error);
  g_assert_nonnull(found);
  g_assert_true(g_file_test(found, G_FILE_TEST_IS_REGULAR));
}

static void test_variable_comes_first(void) {
  g_autoptr(GError) error = NULL;
  char *dir = support_temp_dir();
  g_autofree char *own = support_write(dir, "data/study.schema.json", "{}");
  g_setenv("AFTERSHOCK_DATA", dir, TRUE);
  g_autofree char *found = aft_resource_find("data/study.schema.json", &error);
  g_unsetenv("AFTERSHOCK_DATA");
  g_assert_no_error(error);
  g_assert_cmpstr(found, ==, own);
  support_remove(dir);
}

/* A folder that holds one file of ours does not hide the others. */
static void test_variable_falls_through(void) {
  g_autoptr(GError) error = NULL;
  char *dir = support_temp_dir();
  g_setenv("AFTERSHOCK_DATA", dir, TRUE);
  g_autofree char *found = aft_resource_find("data/study.schema.json", &error);
  g_unsetenv("AFTERSHOCK_DATA");
  g_assert_no_error(error);
  g_assert_false(g_str_has_prefix(found, dir));
  support_remove(dir);
}

static void test_missing_names_places(void) {
  g_autoptr(GError) error = NULL;
  g_setenv("AFTERSHOCK_DATA", "/a place that is not there", TRUE);
  g_assert_null(aft_resource_find("plots/none.gp", &error));
  g_unsetenv("AFTERSHOCK_DATA");
  g_assert_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO);
  g_assert_true(g_str_has_prefix(error->message, "plots/none.gp: not found in /a place that is not there, "));
  g_assert_nonnull(strstr(error->message, "/share/aftershock"));
  g_assert_nonnull(strstr(error->message, "set AFTERSHOCK_DATA to the folder that holds plots/none.gp"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_unsetenv("AFTERSHOCK_DATA");
  g_test_add_func("/resource/build-tree", test_build_tree);
  g_test_add_func("/resource/variable-comes-first", test_variable_comes_first);
  g_test_add_func("/resource/variable-falls-through", test_variable_falls_through);
  g_test_add_func("/resource/missing-names-places", test_missing_names_places);
  return g_test_run();
}
