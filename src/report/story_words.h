/* Numbers, dates and counts as words of a sentence or a cell; the same in every locale. */
#ifndef AFTERSHOCK_REPORT_STORY_WORDS_H
#define AFTERSHOCK_REPORT_STORY_WORDS_H

#include "story_facts.h"

#include <glib.h>

#define AFT_NO_VALUE "\xE2\x80\x93" /* an undefined number in a cell: en dash */
#define AFT_MINUS "\xE2\x88\x92"    /* U+2212 */
#define AFT_NBSP "\xC2\xA0"         /* keeps a number and its unit on one line */

/* Where words live: every text that a function below returns is borrowed from it. */
typedef struct aft_words {
  GStringChunk *chunk;
} aft_words;

void aft_words_init(aft_words *words);
void aft_words_clear(aft_words *words);

const char *aft_words_format(aft_words *words, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* value with that many decimals and a true minus sign; never "-0.00"; numbers beyond 1e9 in scientific form. */
const char *aft_words_fixed(aft_words *words, double value, int decimals);
const char *aft_words_percent(aft_words *words, double fraction);        /* "-13.21 %" */
const char *aft_words_signed_percent(aft_words *words, double fraction); /* "+1.20 %" */
const char *aft_words_hundredths(aft_words *words, double fraction);     /* "-13.21": a cell of a column in percent */
const char *aft_words_price(aft_words *words, double price);             /* two decimals; four digits below 1 */
const char *aft_words_p_cell(aft_words *words, double p);                /* three significant digits */
const char *aft_words_p(aft_words *words, double p);                     /* "p = 0.042", "p < 0.001" */
const char *aft_words_degrees(aft_words *words, double df);              /* whole numbers without decimals */

const char *aft_words_count(aft_words *words, double n); /* "6,923"; "an unknown number of" when NaN */
/* "1 article", "21 articles", "no articles". */
const char *aft_words_noun(aft_words *words, double n, const char *one, const char *many);
const char *aft_words_window(aft_words *words, aft_fact_window window); /* "[-1, 1]" */
/* "over [-1, 1]"; a window of one day is "on day +1". A capital letter begins a sentence. */
const char *aft_words_over(aft_words *words, aft_fact_window window, bool begins);
const char *aft_words_day(aft_words *words, int rel_day); /* "day +4" */
/* "a, b and c"; after `most` names "and n more". */
const char *aft_words_join(aft_words *words, const GPtrArray *names, guint most);
/* An ISO timestamp with a blank instead of T. */
const char *aft_words_time(aft_words *words, const char *iso);
/* How a reader calls a sample: "all events", "group chips", "story rout", "story rout, group chips". */
const char *aft_words_sample(aft_words *words, const char *group);
/* The same for a narrow cell: "all", "chips", "rout", "rout: chips". */
const char *aft_words_sample_cell(aft_words *words, const char *group);
/* A file name or text as one word of a POSIX shell. */
const char *aft_words_shell(aft_words *words, const char *text);

#endif
