/* Runs one fuzz target over every file of its corpus, without a fuzzer. TAP. */
#include "fuzz.h"

#include <glib.h>
#include <stdbool.h>
#include <stdio.h>

#include <aftershock/base/banned.h>

static int compare_names(const void *a, const void *b) {
  return g_strcmp0(*(const char *const *)a, *(const char *const *)b);
}

/* Names of the files in a folder, sorted; owned. */
static GPtrArray *list_names(const char *folder) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  return names;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
    return 2;
  }
  g_autoptr(GPtrArray) names = list_names(argv[1]);
  if (names->len == 0) {
    printf("Bail out! %s: no corpus\n", argv[1]);
    return 1;
  }
  printf("1..%u\n", names->len);
  for (guint i = 0; i < names->len; i++) {
    const char *name = g_ptr_array_index(names, i);
    g_autofree char *path = g_build_filename(argv[1], name, NULL);
    g_autofree char *bytes = NULL;
    gsize size;
    bool ok =
        g_file_get_contents(path, &bytes, &size, NULL) && LLVMFuzzerTestOneInput((const uint8_t *)bytes, size) == 0;
    printf("%sok %u - %s\n", ok ? "" : "not ", i + 1, name);
    fflush(stdout);
  }
  return 0;
}
