/*
 * Bench: rows per CPU second of the price loader, beside two measures of the machine on the same file in the same run.
 *
 *   bench_load FILE.csv [REPEATS]
 *
 * Prints name, rows per CPU second and CPU seconds, tab-separated, best of REPEATS (5):
 *   loader  aft_prices_read_csv
 *   plain   what a short program does: getline, cut at commas, strtod, hash table of symbols, growable arrays
 *   count   reading the bytes and counting the lines: the floor
 */
#include <aftershock/base/text.h>
#include <aftershock/input/prices.h>

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

typedef struct plain_row {
  guint symbol;
  aft_day day;
  double value[MAX_FIELDS];
} plain_row;

/* date,symbol,number... ; no checks, no quotes. */
static size_t load_plain(const char *path) {
  FILE *file = fopen(path, "r");
  char *line = NULL;
  size_t size = 0;
  g_autoptr(GHashTable) symbols = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(plain_row));
  if (file == NULL || getline(&line, &size, file) < 0) exit(1);
  while (getline(&line, &size, file) > 0) {
    plain_row row = {.symbol = 0};
    char *symbol = strchr(line, ',') + 1;
    char *field = strchr(symbol, ',');
    *field++ = '\0';
    if (!aft_day_parse(line, (size_t)(symbol - line - 1), &row.day)) exit(1);
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

int main(int argc, char **argv) {
  static const struct {
    const char *name;
    size_t (*run)(const char *path);
  } workloads[] = {{"loader", load}, {"plain", load_plain}, {"count", count_lines}};
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
      if (rows != 0 && found != rows) {
        fprintf(stderr, "bench_load: %s finds %zu rows, not %zu\n", workloads[w].name, found, rows);
        return 1;
      }
      rows = found;
    }
  }
  for (size_t w = 0; w < G_N_ELEMENTS(workloads); w++)
    printf("%s\t%.0f\t%.4f\n", workloads[w].name, (double)rows / best[w], best[w]);
  return 0;
}
