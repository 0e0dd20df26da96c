/* Small tables beside the prices: factors, splits and dividends, events. */
#ifndef AFTERSHOCK_INPUT_TABLES_H
#define AFTERSHOCK_INPUT_TABLES_H

#include <aftershock/base/error.h>
#include <aftershock/base/stamp.h>
#include <aftershock/base/texts.h>
#include <stddef.h>

/* Daily factors: one row a day, columns named in lower case as in the header. */
typedef struct aft_factors {
  char *path; /* owned */
  size_t n_days;
  int n_columns;
  char **names;   /* [n_columns] and NULL, owned, without `date` */
  aft_day *day;   /* [n_days], strictly increasing */
  long *line;     /* [n_days] */
  double *values; /* [n_columns][n_days], fractions (percent already divided) */
} aft_factors;

/*
 * Reads `date` and numeric factor columns. Units: fractions, unless the column says `mkt_rf (percent)` or a comment line before
 * the header says `# units: percent`. Values > 1 in size without a declared unit are refused as probable percent.
 * `mktrf`, `mkt-rf`, `Mkt-RF` are mkt_rf; `umd` and `wml` are mom. Sorts days; a repeated day is an error. -99.99 and -999 are missing.
 */
bool aft_factors_read_csv(aft_factors *factors, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_factors_clear(aft_factors *factors);

enum aft_action_kind { AFT_ACTION_SPLIT, AFT_ACTION_DIVIDEND };

typedef struct aft_action {
  aft_day day;  /* ex-date */
  char *symbol; /* owned */
  enum aft_action_kind kind;
  double value; /* SPLIT: new shares per old share, > 0; DIVIDEND: cash per share (on that day's share count), > 0 */
  long line;
} aft_action;

typedef struct aft_actions {
  char *path;
  size_t n;
  aft_action *rows; /* [n], as in the file */
} aft_actions;

/* `date,symbol,kind,value`; kind `split` or `dividend`; a split value may also be written 10:1. Repeated rows are an error. */
bool aft_actions_read_csv(aft_actions *actions, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_actions_clear(aft_actions *actions);

/* Shares outstanding of a security, in effect from a day on. */
typedef struct aft_share_count {
  aft_day day;
  char *symbol; /* owned */
  double shares;
  char *source; /* where the number comes from, as the file says; "" when it does not; owned */
  long line;
} aft_share_count;

typedef struct aft_shares {
  char *path;   /* owned */
  GArray *rows; /* of aft_share_count, by day */
} aft_shares;

/* `date,symbol,shares[,source]`; the days need not be sessions. Two numbers of one security and day are an error. */
bool aft_shares_read_csv(aft_shares *shares, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_shares_clear(aft_shares *shares);

/* A change of market value that a list of records holds. */
typedef struct aft_value_record {
  aft_day day;
  char *symbol; /* owned */
  double change;
  long line;
} aft_value_record;

typedef struct aft_value_records {
  char *path;   /* owned */
  GArray *rows; /* of aft_value_record, as in the file */
} aft_value_records;

/* `symbol,date,market_value_change`; the column may name its currency: market_value_change_usd. A symbol and day twice is an error. */
bool aft_value_records_read_csv(aft_value_records *records, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_value_records_clear(aft_value_records *records); /* zeroed ones too */

/* A name under which texts know a security; one may have several. */
typedef struct aft_name {
  char *symbol, *name; /* owned */
} aft_name;

typedef struct aft_names {
  GArray *rows; /* of aft_name, as in the file; NULL: none */
} aft_names;

/* `symbol,name`; a name that stands for two symbols is an error. */
bool aft_names_read_csv(aft_names *names, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_names_clear(aft_names *names); /* zeroed ones too */

/* When a firm published its results. */
typedef struct aft_earnings_row {
  char *symbol, *published; /* owned; published as written */
  aft_stamp stamp;          /* a day at least */
  long line;
} aft_earnings_row;

typedef struct aft_earnings {
  char *path;   /* owned */
  GArray *rows; /* of aft_earnings_row, as in the file */
} aft_earnings;

/* `symbol` and `date` or `published`, a date or a time as in articles; a time that is no day is an error. */
bool aft_earnings_read_csv(aft_earnings *earnings, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_earnings_clear(aft_earnings *earnings);

/*
 * Reads `symbol,benchmark`: symbol -> symbol of the security that it is compared with, both owned by the table. A symbol twice, or its
 * own benchmark, is an error. Owned by the caller.
 */
bool aft_matches_read_csv(GHashTable **matches, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is known about securities, stories or both: one row a symbol, an event, or a pair of them. */
typedef struct aft_covariates {
  char *path;               /* owned, as all here */
  bool by_event, by_symbol; /* which of the two a row is found by; one or both */
  char **names;             /* [n_columns] and NULL, as in the header, the two keys among them */
  int n_columns;
  size_t n_rows;
  GPtrArray *cells;   /* of char *: [n_rows][n_columns] */
  long *line;         /* [n_rows] */
  GHashTable *places; /* "event\nsymbol" -> row + 1; what a row is not found by is empty */
} aft_covariates;

/* Reads `event` or `symbol` or both, and any other columns as texts. A key that is empty or stands twice is an error. */
bool aft_covariates_read_csv(aft_covariates *covariates, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_covariates_clear(aft_covariates *covariates);
/* Row of an event of a symbol, or -1. */
long aft_covariates_find(const aft_covariates *covariates, const char *event, const char *symbol);
/* Column by name in any letter case; an error that lists what there is when it is missing. */
bool aft_covariates_find_column(const aft_covariates *covariates, const char *name, int *column,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The text of a cell; "" when it is missing: empty, NA, NaN, null or a point. Borrowed. */
const char *aft_covariates_text(const aft_covariates *covariates, size_t row, int column);
/* Its number; NaN when it is missing. Fails, with file and line, on what is no number. */
bool aft_covariates_number(const aft_covariates *covariates, size_t row, int column, double *value,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One (story, symbol) pair with the time at which it became public. */
typedef struct aft_event_row {
  const char *event; /* story id; borrowed from the rows' texts, as all of them */
  const char *symbol;
  const char *group;     /* "" for none */
  const char *article;   /* id of the article it comes from; "" when from an event file */
  const char *published; /* as written; "" when unknown */
  aft_stamp stamp;
  long line; /* in its file; 0 when there is none */
} aft_event_row;

typedef struct aft_event_rows {
  char *path;          /* of the file, for messages; owned */
  aft_event_row *rows; /* [n] owned */
  size_t n, room;      /* rows; how many there is room for */
  aft_texts *texts;    /* a reference */
  char *ignored;       /* "grp, note": columns that were not read; NULL for none; owned */
  /* How twins are found. While ids only rise, by length and then by bytes, no story can come again and none is looked up. */
  size_t story;        /* first row of the last story */
  GHashTable *symbols; /* of the last story: symbol -> row + 1; NULL while it has few rows */
  GHashTable *stories; /* event -> its first row + 1; NULL while ids rise */
  GHashTable *pairs;   /* "event\nsymbol" -> row + 1; likewise */
} aft_event_rows;

void aft_event_rows_init(aft_event_rows *events);
void aft_event_rows_clear(aft_event_rows *events);
/*
 * Appends the rows of `event,symbol,published[,group]`. Event and symbol must not be empty; an empty published is an unknown time. An event id
 * holds no '/' and no control character, because it names samples ("event:ID/GROUP"). The same (event, symbol) twice, or one
 * event with two times, is an error that names both lines; of several errors the first of the file. n_threads 0: one per processor; what
 * is read does not depend on it.
 */
bool aft_event_rows_read_csv(aft_event_rows *events, const char *path, unsigned n_threads,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Checks one row as above and adds copies of its texts. */
bool aft_event_rows_add(aft_event_rows *events, const char *event, const char *symbol, const char *group,
                        const char *published, long line, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds a row as it is, whose texts are in the rows' texts: for rows that no other is looked up by. */
void aft_event_rows_append(aft_event_rows *events, const aft_event_row *row);

#endif
