/* What shard.c and shards.c share. */
#ifndef REPORT_SHARD_TASK_H
#define REPORT_SHARD_TASK_H

#include <aftershock/report/shard.h>

#include <jansson.h>

#define SHARD_KIND "AFTSHARD"
#define SHARD_FORMAT "aftershock-shard-1"
#define SHARD_ENDING ".aft"

/* What differs between two descriptions; owned; NULL when nothing does. */
char *shard_compare(const json_t *a, const json_t *b);

#endif
