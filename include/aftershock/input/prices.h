/* Daily rows as read: prices (long or wide CSV) or returns (long CSV), of many symbols, from several files. */
#ifndef AFTERSHOCK_INPUT_PRICES_H
#define AFTERSHOCK_INPUT_PRICES_H

#include <aftershock/base/clock.h>
#include <aftershock/base/error.h>
#include <aftershock/input/symbols.h>

#include <sys/types.h>

enum aft_price_column {
  AFT_PRICE_OPEN,
  AFT_PRICE_HIGH,
  AFT_PRICE_LOW,
  AFT_PRICE_CLOSE,
  AFT_PRICE_ADJ_CLOSE,
  AFT_PRICE_VOLUME,
  AFT_PRICE_RETURN,
  AFT_PRICE_N_COLUMNS
};

/* Consecutive rows of one file. */
typedef struct aft_price_batch {
  size_t n;
  uint16_t file;                             /* index in the files of the prices */
  const uint32_t *symbol;                    /* [n] id in their symbols */
  const aft_day *day;                        /* [n] */
  const uint32_t *line;                      /* [n] line in the file */
  const double *column[AFT_PRICE_N_COLUMNS]; /* [n] each, NaN where empty; NULL when the file does not have it */
} aft_price_batch;

typedef struct aft_prices aft_prices;

/* Where rows go instead of being kept; the batch is borrowed for the call. */
typedef void (*aft_price_sink)(void *data, const aft_prices *prices, const aft_price_batch *batch);

struct aft_prices {
  aft_symbols symbols;
  GPtrArray *files; /* of char *, paths as given, owned */
  size_t n_rows;
  aft_price_sink sink;                 /* NULL: rows are kept here */
  void *sink_data;                     /* borrowed */
  size_t capacity;                     /* of the arrays below, which stay NULL where a sink takes the rows */
  uint32_t *symbol;                    /* [n_rows] id in symbols */
  aft_day *day;                        /* [n_rows] */
  uint32_t *line;                      /* [n_rows] line in its file */
  uint16_t *file;                      /* [n_rows] index in files */
  double *column[AFT_PRICE_N_COLUMNS]; /* [n_rows] each, NaN where empty; NULL while no file has the column */
};

void aft_prices_init(aft_prices *prices);
void aft_prices_clear(aft_prices *prices);

/* Where text comes from that is in no file: at most size bytes of it into target, 0 at its end, negative with error set. */
typedef ssize_t (*aft_price_pull)(void *data, char *target, size_t size, GError **error);

/* How a file is to be read, and what is known of it afterwards. */
typedef struct aft_price_reading {
  bool is_returns;     /* a file of returns, not of prices */
  bool is_log;         /* ... of log returns */
  unsigned n_threads;  /* 0: one a processor; nothing depends on it but the time */
  aft_price_pull pull; /* gives the text in place of the file, of which the path is the name; NULL: there is a file */
  void *pull_data;     /* borrowed */
  char *sha256;        /* set on success: of the bytes as they came; owned */
  uint64_t n_bytes;    /* likewise */
  bool is_stream;      /* likewise: standard input or a pipe, which can be read only this once */
} aft_price_reading;

/*
 * Appends the rows of one CSV file in the order of the file, or gives them to the sink.
 *
 * Prices, long form: the header has `date` and `symbol` and any subset of open high low close adj_close volume, in any order and letter
 * case; `close` or `adj_close` must be there. Wide form: `date` first, every other column a symbol whose cells are closes.
 * Dates YYYY-MM-DD or YYYYMMDD. Empty, NA, NaN, null and . are missing. A close <= 0, a negative volume, a number with a
 * comma, an infinite number, low > high: refused with file, line, column and advice, as are rows of which none has a price. Other
 * columns are ignored (listed in one warning). Rows with no value at all are kept (all NaN). Duplicates and order are judged when the
 * panel is built.
 *
 * Returns: `date,symbol,ret` (also `return`); fractions; a simple return < -1 or an infinite value is refused.
 * Letters in place of a number (CRSP's B, C codes) are missing, counted in one warning per file.
 * is_log: the file holds log returns, so the lower bound does not apply.
 *
 * Of several bad lines the first is named. Cost: one pass over blocks of the file, shared by the threads; memory O(threads). The path
 * may be a pipe; `-` reads standard input; gzip is unpacked. prices is untouched on failure, but a sink may have been given rows.
 */
bool aft_prices_read(aft_prices *prices, const char *path, aft_price_reading *reading, aft_warnings *warnings,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for prices, and for returns, on every processor. */
bool aft_prices_read_csv(aft_prices *prices, const char *path, aft_warnings *warnings,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_returns_read_csv(aft_prices *prices, const char *path, bool is_log, aft_warnings *warnings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
