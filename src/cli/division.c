/* How the work of `run` and `simulate` is divided: not at all, as one shard of several, merging the shards, or among ranks of mpirun. */
#include "division.h"

#include "commands.h"

#include <aftershock/base/interrupt.h>
#include <aftershock/base/sealed.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { MAX_COUNT = 1000000, MAX_DESCRIPTION = 1 << 24, GRACE_MS = 3000 };

/* Where a hushed process keeps its standard error: beyond what a program that starts has open. */
enum { KEPT_DESCRIPTOR = 200 };

void cli_division_hush(void) {
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0) return;
  dup2(STDERR_FILENO, KEPT_DESCRIPTOR);
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  if (nowhere > STDERR_FILENO) close(nowhere);
}

bool cli_division_join(cli_division *division, GError **error) {
  if (!aft_cluster_join(&division->cluster, error)) return false;
  if (division->cluster.rank > 0) {
    dup2(KEPT_DESCRIPTOR, STDERR_FILENO); /* what it says as it fails is heard */
    aft_interrupt_hush();
  }
  if (division->cluster.size <= 1 || division->count == 0) return true;
  g_set_error_literal(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS,
                      "mpirun divides the work already: leave --shard out, or start one process");
  return false;
}

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

static bool is_divided(const cli_division *division) {
  return division->count > 0 || division->shards != NULL || division->cluster.size > 1;
}

/* What comes through a pipe is there once, for one process. */
static bool check_files(const aft_provenance *provenance, GError **error) {
  for (guint i = 0; i < provenance->inputs->len; i++) {
    const aft_input_fact *input = &g_array_index(provenance->inputs, aft_input_fact, i);
    if (!input->is_stream) continue;
    g_set_error(
        error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG,
        "%s: %s come through standard input or a pipe, which several processes cannot read (write them to a file)",
        provenance->study_file.path, input->role);
    return false;
  }
  return true;
}

static bool put_bytes(const void *bytes, size_t size, void *data, GError **error) {
  return aft_sealed_put(data, bytes, size, error);
}

static bool send_bytes(const void *bytes, size_t size, void *data, GError **error) {
  return aft_cluster_send(&((cli_division *)data)->cluster, bytes, size, error);
}

static bool receive_bytes(size_t part, void *bytes, size_t size, void *data, GError **error) {
  return aft_cluster_receive(&((cli_division *)data)->cluster, (unsigned)part, bytes, size, error);
}

static char *name_rank(size_t part, void *data) {
  (void)data;
  return g_strdup_printf("rank %" G_GSIZE_FORMAT, part);
}

/* Receives what a rank works on and compares it with what is here. */
static bool check_rank(const cli_division *division, unsigned rank, const char *own, GError **error) {
  guint64 size;
  if (!aft_cluster_receive(&division->cluster, rank, &size, sizeof size, error)) return false;
  g_autofree char *text = g_malloc0((size_t)MIN(size, MAX_DESCRIPTION) + 1);
  if (!aft_cluster_receive(&division->cluster, rank, text, (size_t)MIN(size, MAX_DESCRIPTION), error)) return false;
  g_autofree char *difference = aft_shard_find_difference(own, text);
  if (difference == NULL) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "rank %u: has %s than rank 0", rank, difference);
  return false;
}

/* The first rank sees to it that all work on the same. */
static bool begin_ranks(cli_division *division, const aft_shard_task *task, const aft_provenance *provenance,
                        GError **error) {
  const aft_cluster *cluster = &division->cluster;
  g_autofree char *own = aft_shard_describe(task, provenance);
  guint64 size = strlen(own);
  division->parts = (aft_parts){.count = cluster->size, .own = (long)cluster->rank, .data = division};
  if (cluster->rank > 0) {
    division->parts.put = send_bytes;
    return aft_cluster_send(cluster, &size, sizeof size, error) && aft_cluster_send(cluster, own, size, error);
  }
  division->parts.get = receive_bytes;
  division->parts.name = name_rank;
  for (unsigned rank = 1; rank < cluster->size; rank++)
    if (!check_rank(division, rank, own, error)) return false;
  return true;
}

bool cli_division_begin(cli_division *division, const aft_shard_task *task, const aft_provenance *provenance,
                        const char *folder, GError **error) {
  if (!is_divided(division)) return true;
  if (!check_files(provenance, error)) return false;
  if (division->shards != NULL) {
    division->parts = aft_shards_get_parts(division->shards);
    return aft_shards_check_inputs(division->shards, provenance, error);
  }
  if (division->count == 0) return begin_ranks(division, task, provenance, error);
  division->path = aft_shard_file_name(folder, division->own, division->count);
  division->writer = aft_shard_create(division->path, division->own, division->count, task, provenance, error);
  division->parts =
      (aft_parts){.count = division->count, .own = (long)division->own, .put = put_bytes, .data = division->writer};
  return division->writer != NULL;
}

bool cli_division_is_part(const cli_division *division) { return division->count > 0 || division->cluster.rank > 0; }

const aft_parts *cli_division_get_parts(const cli_division *division) {
  return is_divided(division) ? &division->parts : NULL;
}

bool cli_division_end(cli_division *division, GError **error) {
  if (division->writer != NULL) return aft_sealed_commit(g_steal_pointer(&division->writer), error);
  if (!aft_cluster_leave(&division->cluster, error)) return false;
  return division->shards == NULL || aft_shards_check_end(division->shards, error);
}

int cli_division_fail(const cli_division *division, GError *error) {
  const aft_cluster *cluster = &division->cluster;
  g_autofree char *name = aft_cluster_name(cluster);
  int status = EXIT_FAILED;
  if (cluster->rank > 0 && name != NULL) g_prefix_error(&error, "%s: ", name);
  /* What befalls all of them is for the first to say, which ends the others. */
  if (aft_cluster_is_ending(cluster, GRACE_MS))
    g_error_free(error);
  else
    status = cli_fail(error);
  fflush(stderr);
  aft_cluster_abort(cluster, status);
  return status;
}

void cli_division_clear(cli_division *division) {
  aft_sealed_discard(g_steal_pointer(&division->writer));
  g_clear_pointer(&division->path, g_free);
}
