/* What the tests share: comparing numbers, temporary folders and files. */
#ifndef TESTS_SUPPORT_H
#define TESTS_SUPPORT_H

#include <glib.h>
#include <stdbool.h>

/* Relative comparison with an absolute floor of 1e-12; NaN equals NaN only. Prints 17 digits when it fails. */
bool support_is_close(double actual, double expected, double rel);
void support_assert_close(const char *what, const char *file, int line, double actual, double expected, double rel);
#define assert_close(actual, expected, rel) \
  support_assert_close(#actual, __FILE__, __LINE__, (actual), (expected), (rel))

/* A new empty folder (owned path); support_remove deletes it with all it holds. */
char *support_temp_dir(void);
void support_remove(char *dir); /* takes dir */
/* Writes text into dir/name (folders of name are made) and returns the path, owned. */
char *support_write(const char *dir, const char *name, const char *text);

/* Asserts that error is set and says exactly message, then clears it. */
void support_assert_error(const char *file, int line, GError **error, const char *message);
#define assert_error(error, message) support_assert_error(__FILE__, __LINE__, (error), (message))

/* The folder tests/ of the sources: $G_TEST_SRCDIR, else "tests". Owned path of a file in it. */
char *support_source(const char *name);

#endif
