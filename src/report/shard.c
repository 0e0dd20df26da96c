/* What a shard is part of: described, compared, and written in front of its part. */
#include "shard_task.h"

#include "result_json.h"

#include <aftershock/base/sealed.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

void aft_shard_task_clear(aft_shard_task *task) { g_clear_pointer(&task->designs, g_free); }

static json_t *describe_task(const aft_shard_task *task) {
  if (!task->simulates)
    return json_pack("{s:s, s:s}", "command", "run", "tables", aft_config_tables_names()[task->tables]);
  return json_pack("{s:s, s:i, s:I, s:I, s:s}", "command", "simulate", "replications", task->replications, "n",
                   (json_int_t)task->n_events, "seed", (json_int_t)task->seed, "design", task->designs);
}

static json_t *describe(const aft_shard_task *task, const aft_provenance *provenance) {
  return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "format", SHARD_FORMAT, "version", AFT_VERSION, "versions",
                   result_describe_versions(provenance), "task", describe_task(task), "study_file",
                   result_describe_input(&provenance->study_file), "inputs", result_describe_inputs(provenance));
}

static char *dump(json_t *root) {
  char *text = json_dumps(root, JSON_COMPACT), *copy = g_strdup(text);
  free(text);
  json_decref(root);
  return copy;
}

char *aft_shard_describe(const aft_shard_task *task, const aft_provenance *provenance) {
  return dump(describe(task, provenance));
}

static const char *text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL ? text : "?";
}

static char *differ(const char *what, const char *key, const json_t *a, const json_t *b) {
  return g_strdup_printf("another %s (%s and %s)", what, text_of(a, key), text_of(b, key));
}

/* Two lists of files that are to be the same. */
static char *compare_inputs(const json_t *a, const json_t *b) {
  for (size_t i = 0; i < MAX(json_array_size(a), json_array_size(b)); i++) {
    const json_t *x = json_array_get(a, i), *y = json_array_get(b, i);
    if (x == NULL || y == NULL) return g_strdup_printf("another list of input files");
    if (strcmp(text_of(x, "path"), text_of(y, "path")) != 0) return differ("input file", "path", x, y);
    if (strcmp(text_of(x, "sha256"), text_of(y, "sha256")) != 0)
      return g_strdup_printf("another content of %s", text_of(x, "path"));
  }
  return NULL;
}

/* The options of a command, which are few and short. */
static char *compare_tasks(const json_t *a, const json_t *b) {
  const char *key;
  json_t *value;
  if (strcmp(text_of(a, "command"), text_of(b, "command")) != 0) return differ("command", "command", a, b);
  json_object_foreach((json_t *)(guintptr)a, key, value) {
    if (json_equal(value, json_object_get(b, key))) continue;
    char *x = json_dumps(value, JSON_ENCODE_ANY), *y = json_dumps(json_object_get(b, key), JSON_ENCODE_ANY);
    char *difference = g_strdup_printf("another --%s (%s and %s)", key, x, y != NULL ? y : "?");
    free(x);
    free(y);
    return difference;
  }
  return NULL;
}

char *shard_compare(const json_t *a, const json_t *b) {
  static const char *const libraries[] = {"gsl", "tzdata"};
  if (strcmp(text_of(a, "version"), text_of(b, "version")) != 0)
    return differ("version of aftershock", "version", a, b);
  for (size_t i = 0; i < G_N_ELEMENTS(libraries); i++) {
    const json_t *x = json_object_get(a, "versions"), *y = json_object_get(b, "versions");
    g_autofree char *what = g_strconcat("version of ", libraries[i], NULL);
    if (strcmp(text_of(x, libraries[i]), text_of(y, libraries[i])) != 0) return differ(what, libraries[i], x, y);
  }
  const json_t *x = json_object_get(a, "study_file"), *y = json_object_get(b, "study_file");
  if (strcmp(text_of(x, "sha256"), text_of(y, "sha256")) != 0)
    return strcmp(text_of(x, "path"), text_of(y, "path")) != 0
               ? differ("study file", "path", x, y)
               : g_strdup_printf("another content of the study file %s", text_of(x, "path"));
  char *difference = compare_inputs(json_object_get(a, "inputs"), json_object_get(b, "inputs"));
  return difference != NULL ? difference : compare_tasks(json_object_get(a, "task"), json_object_get(b, "task"));
}

char *aft_shard_find_difference(const char *a, const char *b) {
  json_t *x = json_loads(a, 0, NULL), *y = json_loads(b, 0, NULL);
  char *difference = x == NULL || y == NULL ? g_strdup("something that is not of this program") : shard_compare(x, y);
  json_decref(x);
  json_decref(y);
  return difference;
}

char *aft_shard_file_name(const char *folder, size_t k, size_t count) {
  g_autofree char *name = g_strdup_printf("shard-%" G_GSIZE_FORMAT "-of-%" G_GSIZE_FORMAT SHARD_ENDING, k + 1, count);
  return g_build_filename(folder, name, NULL);
}

aft_sealed_writer *aft_shard_create(const char *path, size_t k, size_t count, const aft_shard_task *task,
                                    const aft_provenance *provenance, GError **error) {
  g_autofree char *folder = g_path_get_dirname(path);
  json_t *root = describe(task, provenance);
  json_object_set_new(root, "shard", json_integer((json_int_t)k + 1));
  json_object_set_new(root, "of", json_integer((json_int_t)count));
  g_autofree char *heading = dump(root);
  if (g_mkdir_with_parents(folder, 0777) != 0) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s: cannot be made: %s", folder, g_strerror(errno));
    return NULL;
  }
  return aft_sealed_create(path, SHARD_KIND, heading, error);
}
