/* Shards: files that each hold one part of a run's fits or of a simulation's counts, and what they are parts of. */
#ifndef AFTERSHOCK_REPORT_SHARD_H
#define AFTERSHOCK_REPORT_SHARD_H

#include <aftershock/report/result.h>
#include <aftershock/study/parts.h>

/* What is divided, besides what the study file says. */
typedef struct aft_shard_task {
  bool simulates;              /* `simulate`; else `run` */
  enum aft_tables_kept tables; /* of a run */
  int replications;            /* of a simulation, as what follows */
  size_t n_events;
  guint64 seed;
  char *designs; /* as on the command line; owned; NULL: none */
} aft_shard_task;

void aft_shard_task_clear(aft_shard_task *task);

/*
 * The task, the study and its inputs by their digests, the program and the versions that numbers depend on, as a JSON text: processes
 * whose texts agree make parts of one result. Owned.
 */
char *aft_shard_describe(const aft_shard_task *task, const aft_provenance *provenance);

/* What differs between two such texts, for a message: "another study file (a.json and b.json)"; owned; NULL when nothing does. */
char *aft_shard_find_difference(const char *a, const char *b);

/* The file of part k (from 0) of count in a folder: shard-<k+1>-of-<count>.aft; owned. */
char *aft_shard_file_name(const char *folder, size_t k, size_t count);

/* Begins the file of a part; its folder is made. See sealed.h. */
typedef struct aft_sealed_writer aft_sealed_writer;
aft_sealed_writer *aft_shard_create(const char *path, size_t k, size_t count, const aft_shard_task *task,
                                    const aft_provenance *provenance, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Every shard of one task. */
typedef struct aft_shards aft_shards;

/*
 * Opens files, and all files *.aft of folders; NULL-terminated. Fails with the name of the file and what to do when one is no shard, is damaged,
 * is of another task, study, input, program or division than the first, stands twice, or is missing. Reads every file
 * once. Owned.
 */
aft_shards *aft_shards_open(const char *const *places, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_shards_free(aft_shards *shards); /* NULL too */

const aft_shard_task *aft_shards_get_task(const aft_shards *shards);
const char *aft_shards_get_study(const aft_shards *shards); /* path of the study file, as it was given */

/* Fails when the study or an input is not the one that the shards were made from. */
bool aft_shards_check_inputs(const aft_shards *shards, const aft_provenance *provenance,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Parts that are got from the shards, for as long as these live. */
aft_parts aft_shards_get_parts(aft_shards *shards);
/* Fails when something of a shard was not asked for, which shows that it is of another study after all. */
bool aft_shards_check_end(const aft_shards *shards, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
