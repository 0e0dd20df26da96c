/* Panels kept in files, so that the next run of a study over the same prices has them without reading those. */
#ifndef AFTERSHOCK_MARKET_PANEL_CACHE_H
#define AFTERSHOCK_MARKET_PANEL_CACHE_H

#include <aftershock/market/panel.h>

/* About the bytes of the file that aft_panel_keep writes. */
uint64_t aft_panel_count_bytes(const aft_panel *panel);

/*
 * Writes what was made of price files and actions (no factors, no benchmark, no shares) into a file as base/mapped.h has it, of kind "AFTPANEL".
 *
 * key    says all that it was made of and how; not empty
 * note   [n_note] bytes that come back with it; not empty
 *
 * The heading of the file is a line about the program (version, a sum over its sources, sizes of its types), then the key. Its sections are numbered in
 * panel_cache.c.
 */
bool aft_panel_keep(const aft_panel *panel, const char *path, const char *key, const char *note, size_t n_note,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The panel of a file, as it was before factors were placed, when the same program wrote it with the same key; its matrices lie in the
 * mapped file and must not be written to. drop_volume: leaves the volumes out. *note: owned, with a NUL behind it. Fails where
 * anything is not as it must be; outputs are untouched then. calendar: borrowed.
 */
bool aft_panel_recall(aft_panel *panel, const aft_calendar *calendar, const char *path, const char *key,
                      bool drop_volume, unsigned n_threads, char **note, size_t *n_note,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
