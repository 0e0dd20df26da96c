/* What the tests share. */
#include "support.h"

#include <aftershock/base/file.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

bool support_is_close(double actual, double expected, double rel) {
  if (isnan(actual) || isnan(expected)) return isnan(actual) && isnan(expected);
  double size = fmax(fabs(actual), fabs(expected));
  return fabs(actual - expected) <= fmax(rel * size, 1e-12);
}

void support_assert_close(const char *what, const char *file, int line, double actual, double expected, double rel) {
  if (support_is_close(actual, expected, rel)) return;
  g_autofree char *message = g_strdup_printf("%s: %.17g, expected %.17g within %g", what, actual, expected, rel);
  g_assertion_message(G_LOG_DOMAIN, file, line, "assert_close", message);
}

char *support_temp_dir(void) {
  GError *error = NULL;
  char *dir = g_dir_make_tmp("aftershock-test-XXXXXX", &error);
  g_assert_no_error(error);
  return dir;
}

void support_remove(char *dir) {
  GError *error = NULL;
  g_assert_true(aft_file_remove(dir, &error));
  g_assert_no_error(error);
  g_free(dir);
}

char *support_write(const char *dir, const char *name, const char *text) {
  char *path = g_build_filename(dir, name, NULL);
  g_autofree char *parent = g_path_get_dirname(path);
  GError *error = NULL;
  g_assert_cmpint(g_mkdir_with_parents(parent, 0777), ==, 0);
  g_assert_true(aft_file_write(path, text, strlen(text), &error));
  g_assert_no_error(error);
  return path;
}

void support_assert_error(const char *file, int line, GError **error, const char *message) {
  if (*error == NULL || strcmp((*error)->message, message) != 0) {
    g_autofree char *text =
        g_strdup_printf("error \"%s\", expected \"%s\"", *error == NULL ? "(none)" : (*error)->message, message);
    g_assertion_message(G_LOG_DOMAIN, file, line, "assert_error", text);
  }
  g_clear_error(error);
}

char *support_source(const char *name) {
  const char *folder = g_getenv("G_TEST_SRCDIR");
  return g_build_filename(folder != NULL ? folder : "tests", name, NULL);
}
