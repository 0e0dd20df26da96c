/* The facts of a result folder: result.json and the CSV files that every view is made from. */
#ifndef AFTERSHOCK_REPORT_RESULT_H
#define AFTERSHOCK_REPORT_RESULT_H

#include <aftershock/base/file.h>
#include <aftershock/link/scan.h>
#include <aftershock/study/study.h>

/* A file that was read. */
typedef struct aft_input_fact {
  char *role;   /* "prices", "events", ...; owned */
  char *path;   /* as in the study file; owned */
  char *sha256; /* owned */
  guint64 bytes;
  bool
      is_stream; /* standard input or a pipe, which can be read only once; sha256 is that of what came, "" where nobody knows */
} aft_input_fact;

/* An article with its place on the calendar. Texts are owned; "" when there is none. */
typedef struct aft_article_fact {
  char *id, *published, *local_time, *event, *symbols, *source, *title, *url;
  const char *precision, *known_to, *rule; /* static */
  const char *reason;                      /* static, or borrowed from the calendar */
  aft_day session;                         /* AFT_DAY_NONE when there is none */
  aft_day other;                           /* the session that it may belong to as well; AFT_DAY_NONE */
} aft_article_fact;

/* An article in its story. Texts are owned. */
typedef struct aft_story_fact {
  char *story, *first, *article, *published, *local_time, *source, *title,
      *url;             /* first: id of the story's first article */
  const char *relation; /* static */
  double similarity;    /* NaN when titles did not decide */
  size_t place;         /* in the story, from 1 */
} aft_story_fact;

/* From what, when and with what the result was made. */
typedef struct aft_provenance {
  char *started;   /* UTC; owned */
  char *tzdata;    /* version of the time-zone data; owned */
  const char *gsl; /* version of the numerical library; static */
  aft_input_fact study_file;
  GArray *inputs;      /* of aft_input_fact, owned */
  GArray *articles;    /* of aft_article_fact, owned */
  GArray *stories;     /* of aft_story_fact, owned; story by story */
  GArray *occurrences; /* of aft_occurrence, owned */
  size_t n_rows;       /* price or return rows read */
} aft_provenance;

void aft_provenance_init(aft_provenance *provenance);
void aft_provenance_clear(aft_provenance *provenance);

/* What makes a folder a result folder, and what is ours in it. */
const aft_folder_form *aft_result_folder_form(void);

/*
 * Writes every fact file of docs/result-folder.md into an existing folder. scan: of the same study; NULL for none. warnings are recorded as they stand. The order of rows is
 * that of models, then of events in the study, then of time, whatever the number of threads.
 */
bool aft_result_write(const aft_result *result, const aft_scan *scan, const aft_provenance *provenance,
                      const aft_warnings *warnings, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
