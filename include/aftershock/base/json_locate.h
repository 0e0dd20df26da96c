/* Where a value stands in a JSON text, for messages that name the line. */
#ifndef AFTERSHOCK_BASE_JSON_LOCATE_H
#define AFTERSHOCK_BASE_JSON_LOCATE_H

/*
 * Line (from 1) of the value at `path` in a well-formed JSON text; keys and array indices are separated by '.', e.g.
 * "estimation.first", "models.0.name". Keys with escapes or points are not found. Line 1 when there is no such value.
 */
long aft_json_find_line(const char *text, const char *path);

#endif
