/* How the work of `run` and `simulate` is divided: not at all, as one shard of several, or merging the shards. */
#include "division.h"

#include <aftershock/base/sealed.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_COUNT = 1000000 };

bool cli_division_parse(cli_division *division, const char *command, const char *text) {
  const char *slash = strchr(text, '/');
  g_autofree char *number = g_strndup(text, slash != NULL ? (gsize)(slash - text) : 0);
  guint64 own, count;
  if (slash != NULL && g_ascii_string_to_unsigned(slash + 1, 10, 1, MAX_COUNT, &count, NULL) &&
      g_ascii_string_to_unsigned(number, 10, 1, count, &own, NULL)) {
    division->own = (size_t)own - 1;
    division->count = (size_t)count;
    return true;
  }
  fprintf(stderr, "aftershock %s: --shard \"%s\" is not a part like 2/8: the second of eight (at most %d)\n", command,
          text, MAX_COUNT);
  return false;
}

static bool is_divided(const cli_division *division) { return division->count > 0 || division->shards != NULL; }

/* What comes through a pipe is there once, for one process. */
static bool check_files(const aft_provenance *provenance, GError **error) {
  for (guint i = 0; i < provenance->inputs->len; i++) {
    const aft_input_fact *input = &g_array_index(provenance->inputs, aft_input_fact, i);
    if (*input->sha256 != '\0') continue;
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG,
                "%s: %s come from standard input, which several processes cannot read (write them to a file)",
                provenance->study_file.path, input->role);
    return false;
  }
  return true;
}

static bool put_bytes(const void *bytes, size_t size, void *data, GError **error) {
  return aft_sealed_put(data, bytes, size, error);
}

bool cli_division_begin(cli_division *division, const aft_shard_task *task, const aft_provenance *provenance,
                        const char *folder, GError **error) {
  if (!is_divided(division)) return true;
  if (!check_files(provenance, error)) return false;
  if (division->shards != NULL) {
    division->parts = aft_shards_get_parts(division->shards);
    return aft_shards_check_inputs(division->shards, provenance, error);
  }
  division->path = aft_shard_file_name(folder, division->own, division->count);
  division->writer = aft_shard_create(division->path, division->own, division->count, task, provenance, error);
  division->parts =
      (aft_parts){.count = division->count, .own = (long)division->own, .put = put_bytes, .data = division->writer};
  return division->writer != NULL;
}

bool cli_division_is_part(const cli_division *division) { return division->count > 0; }

const aft_parts *cli_division_get_parts(const cli_division *division) {
  return is_divided(division) ? &division->parts : NULL;
}

bool cli_division_end(cli_division *division, GError **error) {
  if (division->writer != NULL) return aft_sealed_commit(g_steal_pointer(&division->writer), error);
  return division->shards == NULL || aft_shards_check_end(division->shards, error);
}

void cli_division_clear(cli_division *division) {
  aft_sealed_discard(g_steal_pointer(&division->writer));
  g_clear_pointer(&division->path, g_free);
}
