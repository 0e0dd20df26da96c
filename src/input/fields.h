/* Columns and fields of the small CSV tables, with the messages they share; internal to input/. */
#ifndef INPUT_FIELDS_H
#define INPUT_FIELDS_H

#include <aftershock/base/clock.h>
#include <aftershock/base/csv.h>

/* Longest symbol, event id or group label. */
enum { INPUT_MAX_NAME = 64 };

/* Index of a column in any letter case, or -1. */
int input_find_optional(const aft_csv *csv, const char *name);

/* Index of a column that must be there, asked for before the first record; the message lists what was found and the nearest name. */
bool input_find_column(const aft_csv *csv, const char *name, int *column, GError **error);

/* A date, or an error that says how to write one. */
bool input_read_day(const aft_csv *csv, const char *const *fields, int column, aft_day *day, GError **error);

/* A number in a text that was read from that file and line, as column `name`; missing values are NaN. */
bool input_parse_number(const char *file, long line, const char *name, const char *text, double *value, GError **error);

/* A number; an empty field or NA is NaN. The message says what to change. */
bool input_read_number(const aft_csv *csv, const char *const *fields, int column, double *value, GError **error);

/* Whether a field is a missing value: empty, NA, NaN, null or a point. */
bool input_is_missing(const char *text);

/* What is wrong with a name, owned, and its code; NULL when nothing is. */
char *input_judge_name(const char *what, const char *name, int *code);

/* A name: not empty, at most INPUT_MAX_NAME bytes, no control characters. */
bool input_check_name(const char *file, long line, const char *what, const char *name, GError **error);

/* Whether a group label would be taken for another sample of the results: "all", "event:...". */
bool input_names_sample(const char *group);

/* Sets error to "file:line: message" and returns false. */
bool input_fail(const char *file, long line, int code, GError **error, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* For files with one row a symbol and day: the line where the two stood before, 0 for the first time. seen is of input_days_new. */
GHashTable *input_days_new(void); /* owned */
long input_note_day(GHashTable *seen, const char *symbol, aft_day day, long line);

#endif
