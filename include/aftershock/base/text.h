/* Numbers and fields as text: strict parsing in, shortest round-trip and safely quoted text out. */
#ifndef AFTERSHOCK_BASE_TEXT_H
#define AFTERSHOCK_BASE_TEXT_H

#include <glib.h>
#include <stdbool.h>

/*
 * Parses a decimal number in the C locale's form: optional sign, digits, point, exponent. No blanks, no hexadecimal,
 * no "nan", no "inf", no thousands separators. Exact (correctly rounded). Returns false for anything else.
 */
bool aft_number_parse(const char *text, size_t length, double *value) G_GNUC_WARN_UNUSED_RESULT;

/* Shortest decimal that reads back to the same double; NaN, and infinity of a computation that overflowed, give an empty text. */
#define AFT_NUMBER_TEXT 32
char *aft_number_print(double value, char buffer[AFT_NUMBER_TEXT]);
size_t aft_number_write(double value, char buffer[AFT_NUMBER_TEXT]); /* the same; returns its length */
void aft_number_append(GString *out, double value);

/*
 * Appends one CSV field, quoted when RFC 4180 asks for it. A text that begins with = + - @ tab or carriage return and
 * is not a number gets a leading apostrophe, so that a spreadsheet does not run it.
 */
void aft_csv_append(GString *out, const char *text);
/* Copies a field of fewer than room bytes that stands in a file as it is, and returns its length; -1: aft_csv_append must do it. */
ptrdiff_t aft_csv_copy(const char *text, char *out, size_t room);

/* Closest of names (NULL-terminated) to a mistyped word, or NULL when none is near. Borrowed from names. */
const char *aft_text_find_closest(const char *word, const char *const *names);

/* Cuts the unit off a column's name, "name (unit)" or "name [unit]", and returns it, "" when there is none. Borrowed from name. */
const char *aft_text_cut_unit(char *name);

/* A copy of a NULL-terminated list of texts; owned. */
char **aft_text_copy_list(const char *const *list);

/* Whether the bytes are ASCII without NUL, and so UTF-8. */
bool aft_text_is_ascii(const char *text, size_t length);

#endif
