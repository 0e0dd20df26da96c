/* Every shard of one task: found, compared with each other and with the inputs, and read in turn. */
#include "shard_task.h"

#include <aftershock/base/sealed.h>
#include <aftershock/report/report.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_SHARDS = 1000000 };

typedef struct shard {
  aft_sealed *file;     /* owned */
  json_t *heading;      /* owned */
  size_t number, count; /* from 1 */
} shard;

struct aft_shards {
  GArray *list;   /* of shard, by number once they are complete */
  size_t resting; /* the one that was read last */
  aft_shard_task task;
};

static void clear_shard(void *data) {
  shard *s = data;
  aft_sealed_free(s->file);
  json_decref(s->heading);
}

static shard *get_shard(const aft_shards *shards, size_t i) { return &g_array_index(shards->list, shard, i); }

static const char *path_of(const shard *s) { return aft_sealed_path(s->file); }

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool refuse(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, message);
  return false;
}

static bool open_shard(aft_shards *shards, const char *path, GError **error) {
  shard s = {.file = aft_sealed_open(path, SHARD_KIND, "a shard", error)};
  if (s.file == NULL) return false;
  s.heading = json_loads(aft_sealed_heading(s.file), 0, NULL);
  json_int_t number = json_integer_value(json_object_get(s.heading, "shard"));
  json_int_t count = json_integer_value(json_object_get(s.heading, "of"));
  const char *format = json_string_value(json_object_get(s.heading, "format"));
  g_array_append_val(shards->list, s);
  if (g_strcmp0(format, SHARD_FORMAT) != 0 || count < 1 || count > MAX_SHARDS || number < 1 || number > count)
    return refuse(error, "%s: is a shard of another version of aftershock (make it again with this one)", path);
  shard *kept = get_shard(shards, shards->list->len - 1);
  kept->number = (size_t)number;
  kept->count = (size_t)count;
  return true;
}

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool open_folder(aft_shards *shards, const char *folder, GError **error) {
  GDir *dir = g_dir_open(folder, 0, NULL);
  if (dir == NULL) return refuse(error, "%s: cannot be read", folder);
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  const char *name;
  while ((name = g_dir_read_name(dir)) != NULL)
    if (g_str_has_suffix(name, SHARD_ENDING)) g_ptr_array_add(names, g_build_filename(folder, name, NULL));
  g_dir_close(dir);
  g_ptr_array_sort(names, compare_names);
  if (names->len == 0) return refuse(error, "%s: has no shard (files *" SHARD_ENDING ")", folder);
  for (guint i = 0; i < names->len; i++)
    if (!open_shard(shards, g_ptr_array_index(names, i), error)) return false;
  return true;
}

/* How a missing shard is made. */
static char *command_of(const aft_shards *shards, size_t number) {
  const json_t *heading = get_shard(shards, 0)->heading;
  const char *study = aft_shards_get_study(shards);
  const char *command = json_string_value(json_object_get(json_object_get(heading, "task"), "command"));
  return g_strdup_printf("aftershock %s %s --shard %" G_GSIZE_FORMAT "/%" G_GSIZE_FORMAT,
                         command != NULL ? command : "run", study, number, get_shard(shards, 0)->count);
}

static int compare_numbers(gconstpointer a, gconstpointer b) {
  size_t x = ((const shard *)a)->number, y = ((const shard *)b)->number;
  return x < y ? -1 : x > y;
}

/* Of one task and division. */
static bool check_alike(const aft_shards *shards, GError **error) {
  const shard *first = get_shard(shards, 0);
  for (guint i = 1; i < shards->list->len; i++) {
    const shard *s = get_shard(shards, i);
    g_autofree char *difference = shard_compare(first->heading, s->heading);
    if (difference != NULL)
      return refuse(error, "%s: is not a shard of the same result as %s: it has %s", path_of(s), path_of(first),
                    difference);
    if (s->count != first->count)
      return refuse(error,
                    "%s: is one of %" G_GSIZE_FORMAT " shards, and %s one of %" G_GSIZE_FORMAT
                    " (merge the files of one division; remove the others)",
                    path_of(s), s->count, path_of(first), first->count);
  }
  return true;
}

/* Each once. */
static bool check_complete(aft_shards *shards, GError **error) {
  g_array_sort(shards->list, compare_numbers);
  for (guint i = 1; i < shards->list->len; i++) {
    const shard *a = get_shard(shards, i - 1), *b = get_shard(shards, i);
    if (a->number == b->number)
      return refuse(error, "%s and %s: both are shard %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " (give it once)",
                    path_of(a), path_of(b), a->number, a->count);
  }
  size_t count = get_shard(shards, 0)->count;
  for (size_t number = 1; number <= count; number++) {
    if (number <= shards->list->len && get_shard(shards, number - 1)->number == number) continue;
    g_autofree char *command = command_of(shards, number);
    return refuse(error, "shard %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " is missing (make it: %s --out DIR)", number,
                  count, command);
  }
  return true;
}

static bool read_task(aft_shards *shards, GError **error) {
  const json_t *task = json_object_get(get_shard(shards, 0)->heading, "task");
  const char *command = json_string_value(json_object_get(task, "command"));
  const char *tables = json_string_value(json_object_get(task, "tables"));
  json_int_t replications = json_integer_value(json_object_get(task, "replications"));
  shards->task = (aft_shard_task){.simulates = g_strcmp0(command, "simulate") == 0,
                                  .replications = (int)CLAMP(replications, 0, G_MAXINT),
                                  .n_events = (size_t)json_integer_value(json_object_get(task, "n")),
                                  .seed = (guint64)json_integer_value(json_object_get(task, "seed")),
                                  .designs = g_strdup(json_string_value(json_object_get(task, "design")))};
  if (shards->task.simulates && shards->task.replications > 0 && shards->task.designs != NULL) return true;
  for (int i = 0; tables != NULL && aft_config_tables_names()[i] != NULL; i++) {
    if (strcmp(aft_config_tables_names()[i], tables) != 0) continue;
    shards->task.tables = (enum aft_tables_kept)i;
    return true;
  }
  return refuse(error, "%s: does not say what it is a shard of (make it again)", path_of(get_shard(shards, 0)));
}

aft_shards *aft_shards_open(const char *const *places, GError **error) {
  aft_shards *shards = g_new0(aft_shards, 1);
  shards->list = g_array_new(FALSE, TRUE, sizeof(shard));
  g_array_set_clear_func(shards->list, clear_shard);
  bool ok = true;
  for (const char *const *place = places; ok && *place != NULL; place++)
    ok = g_file_test(*place, G_FILE_TEST_IS_DIR) ? open_folder(shards, *place, error)
                                                 : open_shard(shards, *place, error);
  ok = ok && check_alike(shards, error) && check_complete(shards, error) && read_task(shards, error);
  if (ok) return shards;
  aft_shards_free(shards);
  return NULL;
}

void aft_shards_free(aft_shards *shards) {
  if (shards == NULL) return;
  g_array_unref(shards->list);
  aft_shard_task_clear(&shards->task);
  g_free(shards);
}

const aft_shard_task *aft_shards_get_task(const aft_shards *shards) { return &shards->task; }

const char *aft_shards_get_study(const aft_shards *shards) {
  const json_t *study = json_object_get(get_shard(shards, 0)->heading, "study_file");
  const char *path = json_string_value(json_object_get(study, "path"));
  return path != NULL ? path : "STUDY.json";
}

bool aft_shards_check_inputs(const aft_shards *shards, const aft_provenance *provenance, GError **error) {
  const shard *first = get_shard(shards, 0);
  g_autofree char *here = aft_shard_describe(&shards->task, provenance);
  json_t *own = json_loads(here, 0, NULL);
  g_autofree char *difference = shard_compare(first->heading, own);
  json_decref(own);
  if (difference == NULL) return true;
  return refuse(
      error,
      "%s: was not made from what is here now: there is %s (bring back what the shards were made from, or make "
      "them again)",
      path_of(first), difference);
}

static bool get_bytes(size_t part, void *bytes, size_t size, void *data, GError **error) {
  aft_shards *shards = data;
  if (shards->resting != part) aft_sealed_rest(get_shard(shards, shards->resting)->file);
  shards->resting = part;
  return aft_sealed_get(get_shard(shards, part)->file, bytes, size, error);
}

static char *name_part(size_t part, void *data) { return g_strdup(path_of(get_shard(data, part))); }

aft_parts aft_shards_get_parts(aft_shards *shards) {
  return (aft_parts){.count = shards->list->len, .own = -1, .get = get_bytes, .name = name_part, .data = shards};
}

bool aft_shards_check_end(const aft_shards *shards, GError **error) {
  for (guint i = 0; i < shards->list->len; i++)
    if (!aft_sealed_is_over(get_shard(shards, i)->file))
      return refuse(error, "%s: holds more than this study asks for (make it again)", path_of(get_shard(shards, i)));
  return true;
}
