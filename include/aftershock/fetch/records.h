/* What providers gave, in one form: rows of prices, factors, series, articles; and from which answers it came. */
#ifndef AFTERSHOCK_FETCH_RECORDS_H
#define AFTERSHOCK_FETCH_RECORDS_H

#include <aftershock/base/clock.h>
#include <aftershock/base/error.h>
#include <aftershock/input/prices.h>
#include <aftershock/input/symbols.h>
#include <aftershock/input/tables.h>

typedef struct aft_price_record {
  uint32_t symbol; /* in aft_records.symbols */
  aft_day day;
  double value[AFT_PRICE_RETURN]; /* open to volume, by enum aft_price_column; NaN: none */
} aft_price_record;

typedef struct aft_action_record {
  uint32_t symbol;
  aft_day day;
  enum aft_action_kind kind;
  double value;
} aft_action_record;

/* One value of a daily series: factors are series whose rows are written side by side. */
typedef struct aft_series_record {
  uint32_t series; /* name, in aft_records.symbols */
  aft_day day;
  double value;
} aft_series_record;

/* What the time of an article means, and how finely it is known. */
enum aft_time_meaning {
  AFT_TIME_PUBLISHED,
  AFT_TIME_CLAIMED,
  AFT_TIME_ACCEPTED,
  AFT_TIME_FIRST_SEEN,
  AFT_TIME_SUBMITTED
};
enum aft_news_precision { AFT_NEWS_SECOND, AFT_NEWS_QUARTER_HOUR, AFT_NEWS_DAY };

typedef struct aft_news_record {
  char *id;
  char *published; /* ISO 8601, or a day; "" when unknown */
  enum aft_time_meaning meaning;
  enum aft_news_precision precision;
  char *field;                         /* of the provider's answer that the time comes from */
  char *title, *source, *url, *detail; /* "" when absent */
  char *timing;                        /* "before_open", "after_close"; "" when it is not said */
  char **symbols;                      /* NULL-terminated */
  double tone;                         /* NaN when absent */
  aft_millis first_seen;               /* by us; 0: now */
} aft_news_record;

/* An answer that the records come from. */
typedef struct aft_source_record {
  char *url, *digest, *etag, *last_modified;
  aft_millis fetched, checked;
  size_t size;
  bool from_store;
} aft_source_record;

typedef struct aft_records {
  aft_symbols symbols;
  GArray *prices;      /* of aft_price_record, by symbol and day */
  GArray *actions;     /* of aft_action_record */
  GArray *returns;     /* of aft_series_record: symbol, day, return */
  GArray *series;      /* of aft_series_record */
  GPtrArray *articles; /* of aft_news_record *, owned */
  GHashTable *ids;     /* of articles, borrowed from them */
  GArray *sources;     /* of aft_source_record, texts owned */
  GPtrArray *notes;    /* of char *: what the provider says about its data, e.g. the data cut; owned */
} aft_records;

void aft_records_init(aft_records *records);
void aft_records_clear(aft_records *records);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aft_records, aft_records_clear)

/* A row of NaN for (symbol, day), appended. Borrowed until the next row. */
aft_price_record *aft_records_add_price(aft_records *records, const char *symbol, aft_day day);
void aft_records_add_action(aft_records *records, const char *symbol, aft_day day, enum aft_action_kind kind,
                            double value);
void aft_records_add_value(aft_records *records, const char *series, aft_day day, double value);
void aft_records_add_return(aft_records *records, const char *symbol, aft_day day, double value);

/* An article whose texts are "" and whose tone is NaN. Owned by the caller until it is given to add. */
aft_news_record *aft_news_record_new(void);
void aft_news_record_free(aft_news_record *article);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_news_record, aft_news_record_free)
/* Takes article. One whose id is there already is dropped: false. */
bool aft_records_add_article(aft_records *records, aft_news_record *article);

/* Forgets the rows of prices and returns; the symbols keep their numbers. */
void aft_records_drop_rows(aft_records *records);

/* Prices and series by name and day, keeping the last of two with one day; articles by time, those without one last. */
void aft_records_sort(aft_records *records);

/* The files' texts; owned. */
char *aft_records_print_prices(const aft_records *records);
char *aft_records_print_returns(const aft_records *records); /* date,symbol,ret */
char *aft_records_print_actions(const aft_records *records);
char *aft_records_print_factors(const aft_records *records); /* date and one column a series, in order of appearance */
char *aft_records_print_series(const aft_records *records);  /* date,series,value */
char *aft_records_print_articles(const aft_records *records, aft_millis now); /* NDJSON */

#endif
