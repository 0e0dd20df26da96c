/* Price and return files from their bytes: blocks scanned on every processor, taken in the order of the file. */
#include "price_reader.h"

#include "fields.h"
#include "price_names.h"
#include "price_rounds.h"

#include <aftershock/base/parallel.h>
#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILES = 65535 };

typedef struct price_reader {
  aft_prices *prices;
  price_rounds rounds;
  price_header header;
  price_form form;
  price_names names;
  uint32_t *wide_symbol; /* [n_columns]; of a wide file */
  size_t n_rows;         /* with those of this file, which prices->n_rows does not count yet */
  uint32_t n_symbols_before;
  bool had_column[AFT_PRICE_N_COLUMNS]; /* before this file */
  uint64_t n_lines;                     /* taken */
  GByteArray *open;                     /* a record that began in the blocks taken and runs on behind them */
  price_rows joined;                    /* rows of a block with such a record before it */
  size_t n_codes, n_returns, n_large;
  bool has_price;
  uint64_t first_code_line;
  GError *error;
} price_reader;

static const char *path_of(const price_reader *r) { return r->rounds.bytes.source.path; }

/* The first failure in the order of the file. line: of the file. */
static void fail(price_reader *r, uint64_t line, int code, const char *message) {
  (void)input_fail(path_of(r), (long)MIN(line, UINT32_MAX), code, &r->error, "%s", message);
}

static void fail_open(price_reader *r, bool too_long) {
  g_autofree char *message = too_long ? price_scan_too_long() : price_scan_never_closed();
  fail(r, r->n_lines + 1, too_long ? AFT_INPUT_ERROR_LIMIT : AFT_INPUT_ERROR_VALUE, message);
}

/* ---- header ---- */

/*
 * Reads lines until the first record is whole; it is in scan then, and what follows it in the first round. False with the error set, or
 * without a record.
 */
static bool find_header(price_reader *r, price_scan *scan) {
  g_autoptr(GByteArray) text = g_byte_array_new();
  price_round *round = &r->rounds.round[0];
  enum price_scan_state state = PRICE_SCAN_END;
  for (bool is_start = true; state != PRICE_SCAN_RECORD && r->error == NULL; is_start = false) {
    price_rounds_fill(&r->rounds, round);
    bool has_mark = is_start && round->length >= 3 && memcmp(round->text, "\xEF\xBB\xBF", 3) == 0;
    g_byte_array_append(text, (const guint8 *)round->text + (has_mark ? 3 : 0),
                        (guint)round->length - (has_mark ? 3 : 0));
    size_t length = text->len;
    g_byte_array_set_size(text, (guint)(length + PRICE_SCAN_PADDING));
    price_scan_start(scan, (const char *)text->data, length, r->n_lines + 1);
    state = price_scan_next_header(scan);
    r->n_lines = scan->next_line - 1;
    size_t left = (size_t)(scan->limit - scan->begin);
    if (state == PRICE_SCAN_RECORD) {
      if (!price_header_read(&r->header, path_of(r), scan,
                             r->form.is_returns ? PRICE_CONTENT_RETURNS : PRICE_CONTENT_PRICES, &r->error))
        return false;
      /* lines that are no text are behind the limit, and are the round's to refuse */
      price_rounds_set_text(round, scan->begin, length - (size_t)(scan->begin - (const char *)text->data));
      return true;
    }
    if (state == PRICE_SCAN_FAILED)
      fail(r, scan->failure.line, scan->failure.code, scan->failure.message);
    else if (round->error != NULL)
      g_propagate_error(&r->error, g_steal_pointer(&round->error));
    else if (round->is_overlong || left > PRICE_SCAN_MAX_RECORD_BYTES)
      fail_open(r, true);
    else if (round->is_last && state == PRICE_SCAN_OPEN)
      fail_open(r, false);
    else if (round->is_last)
      fail(r, MAX(r->n_lines + 1, 1), AFT_INPUT_ERROR_COLUMN, "the file is empty (a header line is needed)");
    g_byte_array_set_size(text, (guint)length);
    g_byte_array_remove_range(text, 0, (guint)(length - left));
  }
  return false;
}

static bool is_given(const price_reader *r, int k) {
  return r->header.is_wide ? k == AFT_PRICE_CLOSE : r->header.value[k] != PRICE_HEADER_NONE;
}

static bool read_header(price_reader *r) {
  price_scan scan = {.begin = NULL};
  bool ok = find_header(r, &scan);
  price_scan_clear(&scan);
  if (!ok) return false;
  aft_symbols *symbols = &r->prices->symbols;
  if (r->header.is_wide) {
    r->wide_symbol = g_new(uint32_t, r->header.n_columns);
    for (size_t i = 1; i < r->header.n_columns; i++)
      r->wide_symbol[i] = aft_symbols_add(symbols, r->header.names[i], strlen(r->header.names[i]));
  }
  for (int k = 0; k < AFT_PRICE_N_COLUMNS && r->prices->sink == NULL; k++)
    if (is_given(r, k)) prices_add_column(r->prices, (enum aft_price_column)k, r->n_rows);
  r->form.header = &r->header;
  r->form.wide_symbol = r->wide_symbol;
  price_names_init(&r->names, symbols);
  price_rows_init(&r->joined, &r->form);
  price_rounds_set_form(&r->rounds, &r->form);
  return true;
}

/* ---- rows, in the order of the file ---- */

static void number_symbols(price_reader *r, price_rows *rows) {
  const symbol_run *runs = (const symbol_run *)(gpointer)rows->runs->data;
  for (guint i = 0; i < rows->runs->len; i++) {
    uint32_t id = price_names_take(&r->names, runs[i].text, runs[i].length);
    size_t end = i + 1 < rows->runs->len ? runs[i + 1].first : rows->n;
    for (size_t row = runs[i].first; row < end; row++) rows->symbol[row] = id;
  }
}

static bool has_price(const price_reader *r, const price_rows *rows) {
  static const int columns[] = {AFT_PRICE_CLOSE, AFT_PRICE_ADJ_CLOSE};
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    for (size_t row = 0; is_given(r, columns[i]) && row < rows->n; row++)
      if (!isnan(rows->column[columns[i]][row])) return true;
  return false;
}

static void take_rows(price_reader *r, price_rows *rows) {
  aft_price_batch batch = {.n = rows->n,
                           .file = (uint16_t)(r->prices->files->len - 1),
                           .symbol = rows->symbol,
                           .day = rows->day,
                           .line = rows->line};
  number_symbols(r, rows);
  r->has_price = r->has_price || has_price(r, rows);
  for (size_t i = 0; i < rows->n; i++) rows->line[i] += (uint32_t)r->n_lines;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) batch.column[k] = rows->column[k];
  if (rows->n_codes > 0 && r->n_codes == 0) r->first_code_line = r->n_lines + rows->first_code_line;
  r->n_codes += rows->n_codes;
  r->n_returns += rows->n_returns;
  r->n_large += rows->n_large;
  if (r->prices->sink != NULL)
    r->prices->sink(r->prices->sink_data, r->prices, &batch);
  else
    prices_append(r->prices, &batch, r->n_rows);
  r->n_rows += rows->n;
}

static const price_rows *join(price_reader *r, const char *text, size_t length) {
  g_byte_array_append(r->open, (const guint8 *)text, (guint)length);
  size_t whole = r->open->len;
  g_byte_array_set_size(r->open, (guint)(whole + PRICE_SCAN_PADDING));
  g_byte_array_set_size(r->open, (guint)whole);
  price_rows_read(&r->joined, (const char *)r->open->data, whole);
  return &r->joined;
}

/* What the block leaves open, which may lie in r->open already. */
static void keep_open(price_reader *r, const price_scan *scan) {
  guint length = (guint)(scan->limit - scan->begin);
  bool is_joined = r->open->len > 0;
  if (is_joined)
    g_byte_array_remove_range(r->open, 0, r->open->len - length);
  else
    g_byte_array_append(r->open, (const guint8 *)scan->begin, length);
  if (length > PRICE_SCAN_MAX_RECORD_BYTES) fail_open(r, true);
}

static void take_block(price_reader *r, price_rows *rows, const char *text, size_t length) {
  if (r->open->len > 0) {
    (void)join(r, text, length);
    rows = &r->joined;
    text = (const char *)r->open->data;
    length = r->open->len;
  }
  if (r->n_lines + rows->scan.next_line - 1 >
      UINT32_MAX) { /* once a file at most: the line that is too many is found */
    rows->scan.last_line = UINT32_MAX - r->n_lines;
    price_rows_read(rows, text, length);
  }
  if (rows->state == PRICE_SCAN_FAILED) {
    fail(r, r->n_lines + rows->scan.failure.line, rows->scan.failure.code, rows->scan.failure.message);
    return;
  }
  take_rows(r, rows);
  r->n_lines += rows->scan.next_line - 1;
  if (rows->state == PRICE_SCAN_OPEN)
    keep_open(r, &rows->scan);
  else
    g_byte_array_set_size(r->open, 0);
}

static void take_round(price_reader *r, price_round *round) {
  for (size_t b = 0; b < round->n_blocks && r->error == NULL; b++)
    take_block(r, &round->rows[b], round->text + round->start[b], round->start[b + 1] - round->start[b]);
  if (r->error != NULL) return;
  if (round->error != NULL)
    g_propagate_error(&r->error, g_steal_pointer(&round->error));
  else if (round->is_overlong)
    fail_open(r, true);
  else if (round->is_last && r->open->len > 0)
    fail_open(r, false);
}

/* What is done at once: three rounds at different stages. */
typedef struct price_step {
  price_reader *reader;
  price_round *filled, *scanned, *taken; /* NULL: none */
} price_step;

/* Index 0 fills, 1 takes, those above scan a block each. */
static void run_step(size_t first, size_t last, unsigned worker, void *data) {
  price_step *step = data;
  (void)worker;
  for (size_t i = first; i < last; i++)
    if (i >= 2) {
      price_rounds_scan(step->scanned, i - 2);
    } else if (i == 1 && step->taken != NULL) {
      take_round(step->reader, step->taken);
    } else if (i == 0 && step->filled != NULL) {
      price_rounds_fill(&step->reader->rounds, step->filled);
      price_rounds_cut(&step->reader->rounds, step->filled);
    }
}

static void read_rows(price_reader *r) {
  price_step step = {.reader = r, .scanned = &r->rounds.round[0]};
  price_rounds_cut(&r->rounds, step.scanned);
  for (size_t k = 1; (step.scanned != NULL || step.taken != NULL) && r->error == NULL; k++) {
    bool more = step.scanned != NULL && !step.scanned->is_last && !step.scanned->is_overlong;
    step.filled = more ? &r->rounds.round[k % PRICE_N_ROUNDS] : NULL;
    aft_parallel_for(2 + (step.scanned != NULL ? step.scanned->n_blocks : 0), r->rounds.bytes.source.n_threads,
                     run_step, &step);
    step.taken = step.scanned;
    step.scanned = step.filled;
  }
}

/* ---- files ---- */

/* A misspelt column of prices beside an empty one that is spelt right would otherwise be a warning, and a study without a return. */
static void check_prices(price_reader *r) {
  if (r->error != NULL || r->form.is_returns || r->has_price || r->n_rows == r->prices->n_rows) return;
  (void)price_header_fail_empty(&r->header, path_of(r), &r->error);
}

static void roll_back(price_reader *r) {
  aft_symbols *symbols = &r->prices->symbols;
  for (guint i = r->n_symbols_before; i < symbols->names->len; i++)
    g_hash_table_remove(symbols->index, g_ptr_array_index(symbols->names, i));
  g_ptr_array_set_size(symbols->names, (gint)r->n_symbols_before);
  g_ptr_array_set_size(r->prices->files, (gint)r->prices->files->len - 1);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (!r->had_column[k]) g_clear_pointer(&r->prices->column[k], g_free);
}

static void warn(const price_reader *r, aft_warnings *warnings) {
  const char *path = path_of(r);
  if (r->n_rows == r->prices->n_rows) aft_warnings_add(warnings, "%s: no rows below the header", path);
  if (r->header.unused != NULL)
    aft_warnings_add(warnings, "%s:%u: columns that are not read: %s", path, r->header.line, r->header.unused);
  if (r->n_codes > 0)
    aft_warnings_add(
        warnings, "%s:%u: %" G_GSIZE_FORMAT " %s of a letter instead of a number, the first here, taken as missing",
        path, (uint32_t)r->first_code_line, r->n_codes, r->n_codes == 1 ? "return consists" : "returns consist");
  if (2 * r->n_large > r->n_returns)
    aft_warnings_add(warnings,
                     "%s: most returns are above 0.5 in size, as if in percent (returns are fractions: 5 %% is 0.05)",
                     path);
}

static void commit(price_reader *r, aft_price_reading *reading) {
  price_bytes *bytes = &r->rounds.bytes;
  r->prices->n_rows = r->n_rows;
  if (bytes->digest != NULL) reading->sha256 = aft_digest_finish(g_steal_pointer(&bytes->digest));
  reading->n_bytes = bytes->n_read;
  reading->is_stream = bytes->is_stream;
}

static void clear(price_reader *r) {
  g_free(r->wide_symbol);
  g_byte_array_unref(r->open);
  price_names_clear(&r->names);
  price_rows_clear(&r->joined);
  price_header_clear(&r->header);
  price_rounds_clear(&r->rounds);
}

bool prices_read_source(aft_prices *prices, const price_source *source, aft_price_reading *reading,
                        aft_warnings *warnings, GError **error) {
  price_reader r = {.prices = prices,
                    .form = {.is_returns = reading->is_returns, .is_log = reading->is_log},
                    .n_rows = prices->n_rows,
                    .n_symbols_before = prices->symbols.names->len,
                    .open = NULL};
  if (prices->files->len >= MAX_FILES) {
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_LIMIT, "%s: more than %d price files (join some of them)",
                source->path, MAX_FILES);
    return false;
  }
  r.open = g_byte_array_new();
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) r.had_column[k] = prices->column[k] != NULL;
  g_ptr_array_add(prices->files, g_strdup(source->path));
  if (price_rounds_open(&r.rounds, source, &r.error) && read_header(&r)) {
    read_rows(&r);
    check_prices(&r);
  }
  bool ok = r.error == NULL;
  if (ok) {
    warn(&r, warnings);
    commit(&r, reading);
  } else {
    roll_back(&r);
    g_propagate_error(error, g_steal_pointer(&r.error));
  }
  clear(&r);
  return ok;
}
