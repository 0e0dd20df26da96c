/* The fits of a study divided among several processes: each fits a part of the events, one takes the parts together. */
#ifndef AFTERSHOCK_STUDY_PARTS_H
#define AFTERSHOCK_STUDY_PARTS_H

#include <aftershock/study/study.h>

/*
 * The usable events, in the order of the study, are divided into `count` runs whose lengths differ by one at most. A process computes its own
 * part; what becomes of it, and where the others come from, is for the two functions to say:
 *
 *   own 0.., put           fits its own part alone and puts the rows away (a shard; a rank that is not the first)
 *   own 0.., get           fits its own part and gets all the others (the first rank)
 *   own -1, get            gets every part (merging shards)
 *
 * Rows go as bytes of this machine, in one order: fit after fit, and part after part within a fit.
 */
struct aft_parts {
  size_t count;                                                                   /* 1 or more */
  long own;                                                                       /* 0 .. count - 1; -1: none */
  bool (*put)(const void *bytes, size_t size, void *data, GError **error);        /* NULL: get is called */
  bool (*get)(size_t part, void *bytes, size_t size, void *data, GError **error); /* NULL: put is called */
  char *(*name)(size_t part, void *data); /* for a message about a part that cannot be: its file; owned; with get */
  void *data;
};

/* The run first .. last-1 of n things that is part k of count, k from 0: floor(n k / count) .. floor(n (k + 1) / count). */
void aft_parts_range(size_t n, size_t count, size_t k, size_t *first, size_t *last);

/*
 * Makes the fits of aft_study_run and aft_volume_run that are divided, of the own part alone, and puts them away: every model, and with all
 * tables the halves of the days and the other sessions of uncertain events. parts has put. Fails as those do, and when put fails.
 */
bool aft_study_put_fits(const aft_config *config, const aft_panel *panel, const aft_events *events,
                        const aft_parts *parts, unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same for the volume that the config asks for; nothing when it asks for none. */
bool aft_volume_put_fits(const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_parts *parts, unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
