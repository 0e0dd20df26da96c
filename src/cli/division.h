/* How the work of `run` and `simulate` is divided: not at all, as one shard of several, merging the shards, or among ranks of mpirun. */
#ifndef CLI_DIVISION_H
#define CLI_DIVISION_H

#include "load.h"

#include <aftershock/base/cluster.h>
#include <aftershock/report/shard.h>

typedef struct cli_division {
  size_t own, count;         /* --shard: part own (from 0) of count; count 0: none */
  aft_shards *shards;        /* of `merge`; borrowed; NULL: none */
  aft_cluster cluster;       /* that was joined */
  char *path;                /* of the shard; owned */
  aft_sealed_writer *writer; /* owned */
  aft_parts parts;           /* once the work has begun */
} cli_division;

/* Of processes that mpirun started together the first one alone shall be heard: silences the others until they have joined it. */
void cli_division_hush(void);
/* Joins the processes that were started together, after the options were read. */
bool cli_division_join(cli_division *division, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads "k/K"; says on stderr what is wrong with it. */
bool cli_division_parse(cli_division *division, const char *command, const char *text);

/*
 * Begins the work that task says on a study that was loaded. A shard goes into `folder`. Fails when an input cannot be compared
 * between processes, or is not that of the shards. Clear it with cli_division_clear also after a failure.
 */
bool cli_division_begin(cli_division *division, const aft_shard_task *task, const aft_provenance *provenance,
                        const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether this process makes a part alone, which another one merges. */
bool cli_division_is_part(const cli_division *division);
/* What the study is to know; NULL when nothing is divided. */
const aft_parts *cli_division_get_parts(const cli_division *division);
/* Ends the work: the shard appears, or every shard was used up, or every rank is done; afterwards this process is alone. */
bool cli_division_end(cli_division *division, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* cli_fail for work that may be divided: ends the other processes too. After everything was removed that is not to stay. Takes error. */
int cli_division_fail(const cli_division *division, GError *error);
void cli_division_clear(cli_division *division);

#endif
