/* Price files examined: each series given to every check. */
#include "audit_internal.h"

#include <aftershock/base/parallel.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMED = 3 };

const char *aft_severity_name(enum aft_severity severity) {
  static const char *const names[] = {"note", "warning", "error"};
  return names[severity];
}

static void clear_finding(void *data) {
  aft_finding *finding = data;
  g_free(finding->file);
  g_free(finding->symbol);
  g_free(finding->what);
  g_free(finding->advice);
}

void aft_audit_init(aft_audit *audit) {
  *audit = (aft_audit){.findings = g_array_new(FALSE, TRUE, sizeof(aft_finding))};
  g_array_set_clear_func(audit->findings, clear_finding);
}

void aft_audit_clear(aft_audit *audit) { g_clear_pointer(&audit->findings, g_array_unref); }

void aft_audit_add(aft_audit *audit, enum aft_severity severity, const char *check, const char *file, long line,
                   const char *symbol, aft_day day, char *what, char *advice) {
  aft_finding finding = {severity, check, g_strdup(file), line, g_strdup(symbol), day, what, advice};
  g_array_append_val(audit->findings, finding);
}

size_t aft_audit_count(const aft_audit *audit, enum aft_severity severity) {
  size_t count = 0;
  for (guint i = 0; i < audit->findings->len; i++)
    count += g_array_index(audit->findings, aft_finding, i).severity >= severity;
  return count;
}

const char *audit_find_place(const audit_series *series, size_t k, uint32_t *line) {
  uint16_t file;
  if (series->line != NULL) {
    *line = series->line[k];
    file = series->file[k];
  } else {
    aft_cells_get_lines(series->cells, series->security, series->session[k], 1, line, &file);
  }
  return g_ptr_array_index(series->input->prices->files, file);
}

void audit_tell(aft_audit *audit, const audit_series *series, size_t k, enum aft_severity severity, const char *check,
                char *what, char *advice) {
  uint32_t line;
  const char *file = audit_find_place(series, k, &line);
  aft_audit_add(audit, severity, check, file, line, series->symbol, series->day[k], what, advice);
}

/* Sessions between the first and the last row without one. */
static void check_missing(aft_audit *audit, const audit_series *s) {
  g_autoptr(GString) days = g_string_new(NULL);
  size_t n = 0, first = 0;
  for (size_t k = 1; k < s->n; k++)
    for (long t = s->session[k - 1] + 1; t < s->session[k]; t++) {
      char day[AFT_DAY_TEXT];
      if (n++ == 0) first = k;
      if (n <= MOST_NAMED)
        g_string_append_printf(days, "%s%s", n > 1 ? ", " : "",
                               aft_day_print(aft_calendar_get_session(s->input->calendar, (size_t)t)->day, day));
    }
  if (n == 0) return;
  audit_tell(audit, s, first, AFT_SEVERITY_WARNING, "missing",
             g_strdup_printf("%" G_GSIZE_FORMAT " session%s of %s without a row before this one or later: %s%s", n,
                             n == 1 ? "" : "s", aft_calendar_mic(s->input->calendar), days->str,
                             n > MOST_NAMED ? ", ..." : ""),
             g_strdup("add the rows; if the security did not trade, nothing is wrong: its returns are missing there"));
}

void audit_check_series(aft_audit *audit, const audit_series *s, const audit_moves *market) {
  bool all = audit_seeks(audit, AFT_SEVERITY_WARNING);
  if (all) check_missing(audit, s);
  if (s->price != NULL) {
    audit_check_ohlc(audit, s);
    audit_check_splits(audit, s);
    audit_check_units(audit, s);
    if (all) audit_check_standstill(audit, s);
    audit_check_adjustment(audit, s);
  }
  if (market != NULL && strcmp(market->symbol, s->symbol) != 0) audit_check_shift(audit, s, market);
}

/* What the parallel loop over symbols shares; workers write only what is of their own symbols. */
typedef struct examination {
  const audit_rows *rows;
  const audit_moves *market; /* NULL for none */
  GArray **found;            /* [n] findings of each symbol; NULL for none */
  audit_key *keys;           /* [n] */
  bool *has_dividends;       /* [n] */
} examination;

static void examine(size_t first, size_t last, unsigned worker, void *data) {
  examination *e = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    aft_audit audit;
    audit_series series;
    aft_audit_init(&audit);
    audit_series_build(&audit, &series, e->rows, i);
    audit_check_series(&audit, &series, e->market);
    e->keys[i] = audit_key_find(&series);
    e->has_dividends[i] = audit_series_has_dividends(&series);
    audit_series_clear(&series);
    if (audit.findings->len > 0) e->found[i] = g_steal_pointer(&audit.findings);
    aft_audit_clear(&audit);
  }
}

/* Place of the benchmark among the symbols; their number when it has no rows. */
static size_t find_market(const audit_rows *rows) {
  const aft_prices *p = rows->input->prices;
  size_t i = 0;
  if (rows->input->market == NULL) return rows->n;
  while (i < rows->n &&
         strcmp(aft_symbols_name(&p->symbols, p->symbol[rows->order[rows->first[i]]]), rows->input->market) != 0)
    i++;
  return i;
}

void audit_take_findings(aft_audit *audit, GArray *found) {
  g_array_append_vals(audit->findings, found->data, found->len);
  g_array_set_clear_func(found, NULL);
  g_array_unref(found);
}

static void check_benchmark(aft_audit *audit, const examination *e, const audit_series *market, size_t place) {
  size_t n_with = 0;
  for (size_t i = 0; i < e->rows->n; i++) n_with += i != place && e->has_dividends[i];
  audit_check_benchmark(audit, market, n_with, e->rows->n - 1);
}

void aft_audit_run(aft_audit *audit, const aft_audit_input *input) {
  audit_rows rows;
  aft_audit unheard; /* what is said of the benchmark's series is said in its turn */
  audit_series market;
  audit_moves moves;
  audit_rows_init(&rows, input);
  aft_audit_init(&unheard);
  size_t n = rows.n, place = find_market(&rows);
  bool has_market = place < n;
  g_autofree GArray **found = g_new0(GArray *, MAX(n, 1));
  g_autofree audit_key *keys = g_new0(audit_key, MAX(n, 1));
  g_autofree bool *has_dividends = g_new0(bool, MAX(n, 1));
  if (has_market) {
    audit_series_build(&unheard, &market, &rows, place);
    audit_moves_init(&moves, &market);
  }
  examination e = {&rows, has_market ? &moves : NULL, found, keys, has_dividends};
  aft_parallel_for(n, input->n_threads, examine, &e);
  for (size_t i = 0; i < n; i++)
    if (found[i] != NULL) audit_take_findings(audit, found[i]);
  audit_check_twins(audit, &rows, keys);
  if (has_market) {
    check_benchmark(audit, &e, &market, place);
    audit_moves_clear(&moves);
    audit_series_clear(&market);
  }
  audit->n_symbols += n;
  audit->n_rows += input->prices->n_rows;
  aft_audit_clear(&unheard);
  audit_rows_clear(&rows);
}
