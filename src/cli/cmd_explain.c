/* `aftershock explain`: one entry of docs/methods.md. */
#include "commands.h"

#include <aftershock/base/file.h>
#include <aftershock/base/resource.h>
#include <aftershock/base/text.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_METHODS_BYTES = 1 << 22 };

static const char details[] = "NAME is a model or a test as in study files. Without it, the names are listed.\n\n"
                              "Example: aftershock explain bmp_kp";

/* Name of an entry: the text between backquotes in a line that begins with "### `"; NULL for other lines. Owned. */
static char *entry_name(const char *line) {
  static const char mark[] = "### `";
  if (!g_str_has_prefix(line, mark)) return NULL;
  const char *name = line + strlen(mark), *end = strchr(name, '`');
  return end != NULL ? g_strndup(name, (gsize)(end - name)) : NULL;
}

/* Prints the lines of an entry up to the next heading. */
static void print_entry(char **line) {
  printf("%s\n", *line + strlen("### "));
  for (line++; *line != NULL && !g_str_has_prefix(*line, "## ") && !g_str_has_prefix(*line, "### "); line++) {
    bool last_blank = **line == '\0' && (line[1] == NULL || line[1][0] == '#' || line[1][0] == '\0');
    if (!last_blank) printf("%s\n", *line);
  }
}

static int explain(char **lines, const char *wanted) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  for (char **line = lines; *line != NULL; line++) {
    char *name = entry_name(*line);
    if (name == NULL) continue;
    g_ptr_array_add(names, name);
    if (wanted == NULL) {
      printf("%s\n", *line + strlen("### "));
    } else if (strcmp(name, wanted) == 0) {
      print_entry(line);
      return EXIT_DONE;
    }
  }
  if (wanted == NULL) return EXIT_DONE;
  g_ptr_array_add(names, NULL);
  const char *closest = aft_text_find_closest(wanted, (const char *const *)names->pdata);
  if (closest != NULL)
    fprintf(stderr, "aftershock explain: no entry \"%s\" (did you mean \"%s\"?)\n", wanted, closest);
  else
    fprintf(stderr, "aftershock explain: no entry \"%s\" (aftershock explain lists them)\n", wanted);
  return EXIT_USAGE;
}

int aft_cmd_explain(int argc, char **argv) {
  int status;
  if (!cli_parse(&argc, &argv, "explain", details, NULL, 0, 1, &status)) return status;
  GError *error = NULL;
  g_autofree char *path = aft_resource_find("docs/methods.md", &error);
  g_autofree char *text = NULL;
  size_t size;
  if (path == NULL || !aft_file_read(path, MAX_METHODS_BYTES, &text, &size, &error)) return cli_fail(error);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  return cli_finish(explain(lines, argc > 1 ? argv[1] : NULL));
}
