/* A small result folder of our own making, for the tests of the charts, and what they ask of it. */
#ifndef TESTS_CHART_FOLDER_H
#define TESTS_CHART_FOLDER_H

#include <glib.h>

/* Texts that gnuplot would run, format or take apart if they came to it in another way than as a field of data. */
#define HOSTILE "`touch pwned` <touch pwned $(touch pwned) \"\\n\" @HEADER %s%n {/Bold x}_2 #"

/*
 * One story with seven securities in three groups, the focus first, whose abnormal return is -20 % on 2025-03-31.
 * formats: a JSON list. Owned path; support_remove deletes it.
 */
char *chart_folder_make(const char *event, const char *symbol, const char *formats);
/* Replaces a value of an object of result.json, NULL: the outermost; value: JSON. */
void chart_folder_set(const char *dir, const char *object, const char *key, const char *value);
/* A file of charts/, owned, or NULL. */
char *chart_folder_read(const char *dir, const char *chart, const char *ending);
/* Files of charts/ that end so. */
guint chart_folder_count(const char *dir, const char *ending);
/* Draws, looking for gnuplot in path only (NULL: where it is). Checks the number of warnings; returns the first, owned. */
char *chart_folder_draw(const char *dir, const char *path, guint n_warnings);

#endif
