/*
 * Bench: rows and bytes per CPU second of the price loader, beside measures of the machine on the same file in the same run.
 *
 *   bench_load FILE.csv [REPEATS]
 *
 * Prints name, rows per CPU second, CPU seconds and GB per CPU second, tab-separated, best of REPEATS (5):
 *   loader  aft_prices_read_csv: rows kept as they are
 *   cells   aft_prices_read into market/cells, on one thread: what a study does
 *   plain   what a short program does: getline, cut at commas, strtod, hash table of symbols, growable arrays
 *   count   reading the bytes and counting the lines
 *   copy    reading the bytes and copying them once: the floor
 */
#include <aftershock/base/text.h>
#include <aftershock/input/prices.h>
#include <aftershock/market/cells.h>

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { BLOCK_BYTES = 1 << 18, MAX_FIELDS = 16 };

/* CPU time of all threads of this process. */
static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static size_t load(const char *path) {
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  if (!aft_prices_read_csv(&prices, path, &warnings, &error)) {
    fprintf(stderr, "bench_load: %s\n", error->message);
    exit(1);
  }
  size_t rows = prices.n_rows;
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
  return rows;
}

static size_t load_cells(const char *path) {
  const aft_cells_options options = {.drop_volume = true};
  aft_price_reading reading = {.n_threads = 1};
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  g_autoptr(aft_cells) cells = calendar != NULL ? aft_cells_new(calendar, &options) : NULL;
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  prices.sink = aft_cells_sink;
  prices.sink_data = cells;
  if (cells == NULL || !aft_prices_read(&prices, path, &reading, &warnings, &error)) {
    fprintf(stderr, "bench_load: %s\n", error->message);
    exit(1);
  }
  size_t rows = prices.n_rows;
  g_free(reading.sha256);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
  return rows;
}

typedef struct plain_row {
  guint symbol;
  aft_day day;
  double value[MAX_FIELDS];
} plain_row;

/* date,symbol,number... or symbol,date,number... ; no checks, no quotes. */
static size_t load_plain(const char *path) {
  FILE *file = fopen(path, "r");
  char *line = NULL;
  size_t size = 0;
  g_autoptr(GHashTable) symbols = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(plain_row));
  if (file == NULL || getline(&line, &size, file) < 0) exit(1);
  while (getline(&line, &size, file) > 0) {
    plain_row row = {.symbol = 0};
    char *symbol = line, *date = strchr(line, ',') + 1;
    char *field = strchr(date, ',') + 1;
    date[-1] = field[-1] = '\0';
    if (!aft_day_parse(date, (size_t)(field - date - 1), &row.day)) {
      symbol = date;
      if (!aft_day_parse(line, (size_t)(date - line - 1), &row.day)) exit(1);
    }
    gpointer known = g_hash_table_lookup(symbols, symbol);
    if (known == NULL) {
      known = GUINT_TO_POINTER(g_hash_table_size(symbols) + 1);
      g_hash_table_insert(symbols, g_strdup(symbol), known);
    }
    row.symbol = GPOINTER_TO_UINT(known);
    for (int i = 0; i < MAX_FIELDS && *field != '\0'; i++) {
      row.value[i] = strtod(field, &field);
      if (*field == ',') field++;
      if (*field == '\n') break;
    }
    g_array_append_val(rows, row);
  }
  free(line);
  fclose(file);
  return rows->len;
}

static size_t count_lines(const char *path) {
  g_autofree char *block = g_malloc(BLOCK_BYTES);
  size_t lines = 0;
  ssize_t got;
  int fd = open(path, O_RDONLY);
  while ((got = read(fd, block, BLOCK_BYTES)) > 0)
    for (const char *p = block; (p = memchr(p, '\n', (size_t)(block + got - p))) != NULL; p++) lines++;
  close(fd);
  return lines - 1;
}

/* No rows are found: SIZE_MAX. */
static size_t copy_bytes(const char *path) {
  g_autofree char *block = g_malloc(BLOCK_BYTES), *copy = g_malloc(BLOCK_BYTES);
  ssize_t got;
  int fd = open(path, O_RDONLY);
  size_t sum = 0;
  while ((got = read(fd, block, BLOCK_BYTES)) > 0) {
    memcpy(copy, block, (size_t)got);
    sum += (unsigned char)copy[got - 1];
  }
  close(fd);
  return sum > 0 ? SIZE_MAX : 0;
}

static double size_of(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0) exit(1);
  double size = (double)ftell(file);
  fclose(file);
  return size;
}

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    size_t (*run)(const char *path);
  } workloads[] = {
      {"loader", load}, {"cells", load_cells}, {"plain", load_plain}, {"count", count_lines}, {"copy", copy_bytes}};
  double best[G_N_ELEMENTS(workloads)] = {0};
  size_t rows = 0;
  if (argc < 2) {
    fprintf(stderr, "usage: bench_load FILE.csv [REPEATS]\n");
    return 2;
  }
  long repeats = argc > 2 ? strtol(argv[2], NULL, 10) : 5;
  for (long r = 0; r < repeats; r++) {
    for (size_t w = 0; w < G_N_ELEMENTS(workloads); w++) {
      double start = cpu_seconds();
      size_t found = workloads[w].run(argv[1]);
      double took = cpu_seconds() - start;
      if (r == 0 || took < best[w]) best[w] = took;
      if (found == SIZE_MAX) continue;
      if (rows != 0 && found != rows) {
        fprintf(stderr, "bench_load: %s finds %zu rows, not %zu\n", workloads[w].name, found, rows);
        return 1;
      }
      rows = found;
    }
  }
  for (size_t w = 0; w < G_N_ELEMENTS(workloads); w++)
    printf("%s\t%.0f\t%.4f\t%.3f\n", workloads[w].name, (double)rows / best[w], best[w],
           size_of(argv[1]) / best[w] / 1e9);
  return 0;
}
