/* Daily rows as read: prices (long or wide CSV) or returns (long CSV), of many symbols, from several files. */
#ifndef AFTERSHOCK_INPUT_PRICES_H
#define AFTERSHOCK_INPUT_PRICES_H

#include <aftershock/base/clock.h>
#include <aftershock/base/error.h>
#include <aftershock/input/symbols.h>

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

typedef struct aft_prices {
  aft_symbols symbols;
  size_t n_rows, capacity;
  uint32_t *symbol;                    /* [n_rows] id in symbols */
  aft_day *day;                        /* [n_rows] */
  uint32_t *line;                      /* [n_rows] line in its file */
  uint16_t *file;                      /* [n_rows] index in files */
  double *column[AFT_PRICE_N_COLUMNS]; /* [n_rows] each, NaN where empty; NULL while no file has the column */
  GPtrArray *files;                    /* of char *, paths as given, owned */
} aft_prices;

void aft_prices_init(aft_prices *prices);
void aft_prices_clear(aft_prices *prices);

/*
 * Appends the rows of one CSV file in the order of the file.
 *
 * Long form: the header has `date` and `symbol` and any subset of open high low close adj_close volume, in any order and letter
 * case; `close` or `adj_close` must be there. Wide form: `date` first, every other column a symbol whose cells are closes.
 * Dates YYYY-MM-DD or YYYYMMDD. Empty, NA, NaN, null and . are missing. A close <= 0, a negative volume, a number with a
 * comma, an infinite number, low > high: refused with file, line, column and advice. Other columns are ignored (listed
 * in one warning). Rows with no value at all are kept (all NaN). Duplicates and order are judged when the panel is built.
 *
 * Cost: one pass over blocks of the file; `-` reads standard input. prices is untouched on failure.
 */
bool aft_prices_read_csv(aft_prices *prices, const char *path, aft_warnings *warnings,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The same for returns: `date,symbol,ret` (also `return`); fractions; a simple return < -1 or an infinite value is refused.
 * Letters in place of a number (CRSP's B, C codes) are missing, counted in one warning per file.
 * is_log: the file holds log returns, so the lower bound does not apply.
 */
bool aft_returns_read_csv(aft_prices *prices, const char *path, bool is_log, aft_warnings *warnings,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
