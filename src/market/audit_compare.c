/* The audit of series against each other. */
#include "audit_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

enum {
  MIN_SHIFTED = 40, /* sessions of a span that is called shifted */
  MIN_TWIN = 20     /* common returns of two series that are called the same */
};

/*
 * How many standard errors the best span must gain by the shift. Of 150 series without any correlation, 2500 sessions each, none gained 4; of
 * 150 real stocks over ten years none gained 2.6.
 */
static const double MIN_GAIN = 4.5;
/* Standardised returns count for no more than this, so that a few wild days decide nothing. */
static const double CAP = 3;

/* Sum of value - centre, or of its square. */
LANES_INLINE double sum_all(const double *values, size_t n, double centre, bool squared) {
  lanes sum = {0}, x;
  size_t k = 0;
  for (; k + LANES <= n; k += LANES) {
    lanes_load(&x, values + k);
    x -= centre;
    sum += squared ? x * x : x;
  }
  lanes_load_rest(&x, values + k, (int)(n - k), centre);
  x -= centre;
  sum += squared ? x * x : x;
  return lanes_sum(&sum);
}

/* Mean and sd; NaN where any value is missing. */
WIDEST static void describe_whole(const double *values, size_t n, double *mean, double *sd) {
  *mean = sum_all(values, n, 0, false) / (double)n;
  *sd = sqrt(sum_all(values, n, *mean, true) / (double)n);
}

/* Mean and sd of the values that are there. */
static void describe_some(const double *values, size_t n, double *mean, double *sd) {
  double sum = 0, squares = 0;
  size_t count = 0;
  for (size_t k = 0; k < n; k++)
    if (!isnan(values[k])) {
      sum += values[k];
      count++;
    }
  *mean = sum / (double)count;
  for (size_t k = 0; k < n; k++)
    if (!isnan(values[k])) squares += (values[k] - *mean) * (values[k] - *mean);
  *sd = sqrt(squares / (double)count);
}

/* The first growth of a series is missing, and mostly no other. */
static void describe(const double *growth, size_t n, double *mean, double *sd) {
  if (n > 1) describe_whole(growth + 1, n - 1, mean, sd);
  if (n <= 1 || isnan(*mean) || !isnan(growth[0])) describe_some(growth, n, mean, sd);
}

/* NaN where the value is missing: it is neither below nor above a limit. */
static inline double standardise(double value, double mean, double sd) {
  double z = (value - mean) / sd;
  z = z < -CAP ? -CAP : z;
  return z > CAP ? CAP : z;
}

void audit_moves_init(audit_moves *m, const audit_series *market) {
  double mean, sd;
  *m = (audit_moves){.symbol = market->symbol};
  if (market->n == 0) return;
  m->first = market->session[0];
  m->n = (size_t)(market->session[market->n - 1] - m->first) + 1;
  m->move = g_new(double, m->n + AUDIT_MOVES_MARGINS);
  describe(market->growth, market->n, &mean, &sd);
  for (size_t t = 0; t < m->n + AUDIT_MOVES_MARGINS; t++) m->move[t] = (double)NAN;
  for (size_t k = 0; k < market->n; k++)
    m->move[market->session[k] - m->first + AUDIT_MOVES_MARGIN] = standardise(market->growth[k], mean, sd);
}

void audit_moves_clear(audit_moves *m) { g_free(m->move); }

/* The move of a session, with that of the session before and after it on either side; far from all of them, missing ones. */
static inline const double *move_at(const audit_moves *m, long session) {
  long t = session - m->first + AUDIT_MOVES_MARGIN, last = (long)m->n + AUDIT_MOVES_MARGINS - 2;
  return m->move + CLAMP(t, 1, last);
}

enum { BEFORE, AFTER, N_LAGS };

/* What day k gains by the shift: x[t] (m[t+lag] - m[t]); at_lag: the first product alone. NaN where one of them lacks. */
typedef struct gains {
  double gain[N_LAGS], at_lag[N_LAGS];
} gains;

static inline gains find_gains(const audit_series *s, size_t k, const audit_moves *m, double mean, double sd) {
  const double *move = move_at(m, s->session[k]);
  double x = standardise(s->growth[k], mean, sd), same = x * move[0], before = x * move[-1], after = x * move[1];
  return (gains){{before - same, after - same}, {before, after}};
}

/* A span of days and what the shift gains there; while it is sought, and the best one so far. */
typedef struct span {
  size_t first, last, n;
  double sum, at_lag;
} span;

static inline void extend_span(span *now, span *best, size_t k, double at_lag, double gain) {
  if (now->sum <= 0) *now = (span){.first = k};
  now->sum += gain;
  now->at_lag += at_lag;
  now->n++;
  if (now->sum <= best->sum) return;
  *best = *now;
  best->last = k;
}

/*
 * The spans in which returns go with the benchmark's of one session before or after rather than of the same: largest sum of
 *
 *   d[t] = x[t] (m[t+lag] - m[t]),     x, m standardised;  E d = rho where shifted, -rho elsewhere, Var d about 2
 *
 * A security that moves against the benchmark gains by any shift: at_lag tells it from a shifted one.
 */
static void find_spans(const audit_series *s, const audit_moves *m, double mean, double sd, span best[N_LAGS]) {
  span now[N_LAGS] = {{.n = 0}};
  for (int l = 0; l < N_LAGS; l++) best[l] = (span){.n = 0};
  for (size_t k = 0; k < s->n; k++) {
    gains g = find_gains(s, k, m, mean, sd);
    for (int l = 0; l < N_LAGS; l++)
      if (!isnan(g.gain[l])) extend_span(&now[l], &best[l], k, g.at_lag[l], g.gain[l]);
  }
}

/* The largest of these sums alone, by which nearly every series is found to be in its place. */
static double find_most(const audit_series *s, const audit_moves *m, double mean, double sd) {
  double now[N_LAGS] = {0}, most[N_LAGS] = {0};
  for (size_t k = 0; k < s->n; k++) {
    gains g = find_gains(s, k, m, mean, sd);
    for (int l = 0; l < N_LAGS; l++) {
      double gain = isnan(g.gain[l]) ? 0 : g.gain[l];
      now[l] = (now[l] > 0 ? now[l] : 0) + gain;
      most[l] = now[l] > most[l] ? now[l] : most[l];
    }
  }
  return fmax(most[BEFORE], most[AFTER]);
}

/* Whether the shift gains enough, in standard errors. */
static bool is_shifted(const span *found) {
  double n = (double)found->n;
  return found->n >= MIN_SHIFTED && found->sum / sqrt(2 * n) >= MIN_GAIN && found->at_lag / sqrt(n) >= MIN_GAIN;
}

void audit_check_shift(aft_audit *audit, const audit_series *s, const audit_moves *market) {
  double mean, sd;
  span found[N_LAGS];
  if (s->n < MIN_SHIFTED || market->n < MIN_SHIFTED) return;
  describe(s->growth, s->n, &mean, &sd);
  if (!(sd > 0) || find_most(s, market, mean, sd) / sqrt(2.0 * MIN_SHIFTED) < MIN_GAIN) return;
  find_spans(s, market, mean, sd, found);
  for (int l = 0; l < N_LAGS; l++) {
    if (!is_shifted(&found[l])) continue;
    char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
    audit_tell(
        audit, s, found[l].first, AFT_SEVERITY_ERROR, "shifted",
        g_strdup_printf(
            "from about %s to %s returns go with those of %s one session %s: rows are dated a session %s, as when "
            "a holiday is pasted over",
            aft_day_print(s->day[found[l].first], first), aft_day_print(s->day[found[l].last], last), market->symbol,
            l == BEFORE ? "before" : "after", l == BEFORE ? "late" : "early"),
        g_strdup("compare the dates with the exchange's sessions and correct them"));
  }
}

static bool is_one_of(const char *symbol, const char *const *names) {
  if (*symbol == '^') symbol++;
  for (; *names != NULL; names++)
    if (g_ascii_strcasecmp(symbol, *names) == 0) return true;
  return false;
}

void audit_check_benchmark(aft_audit *audit, const audit_series *market, size_t n_with, size_t n) {
  /* Vendors give an index an adjusted close too, which is its close. */
  static const char *const without[] = {"GSPC", "SPX",  "SP500", "INX",  "DJI",      "DJIA", "IXIC", "NASDAQCOM", "NDX",
                                        "RUT",  "FTSE", "N225",  "FCHI", "STOXX50E", "HSI",  "SOX",  NULL};
  static const char *const included[] = {"GDAXI", "DAX", "SP500TR", "SPXTR", NULL};
  if (market->price == NULL || market->n == 0 || n_with == 0 || is_one_of(market->symbol, included)) return;
  if (audit_series_has_dividends(market) && !is_one_of(market->symbol, without)) return;
  audit_tell(
      audit, market, 0, AFT_SEVERITY_NOTE, "benchmark",
      g_strdup_printf("the benchmark has no dividends, but the returns of %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                      " securities have",
                      n_with, n),
      g_strdup("if it is a price index, its dividends are left in the abnormal returns: take a total-return index"));
}

/* Number of days on which both returns are there; -1 when two differ. */
static long compare_series(const audit_series *a, const audit_series *b) {
  long n = 0;
  for (size_t i = 0, j = 0; i < a->n && j < b->n;) {
    if (a->session[i] != b->session[j]) {
      if (a->session[i] < b->session[j])
        i++;
      else
        j++;
      continue;
    }
    double x = a->growth[i++], y = b->growth[j++];
    if (isnan(x) || isnan(y)) continue;
    if (fabs(x - y) > 1e-9) return -1;
    n++;
  }
  return n;
}

audit_key audit_key_find(const audit_series *s) {
  size_t k = s->n / 2;
  while (k < s->n && (isnan(s->growth[k]) || s->growth[k] == 0)) k++;
  if (k == s->n || !isfinite(s->growth[k])) return (audit_key){.is_there = false};
  return (audit_key){true, s->session[k], (gint64)llround(s->growth[k] * 1e7)};
}

static guint hash_key(gconstpointer data) {
  const audit_key *key = data;
  return g_int64_hash(&key->growth) ^ (guint)key->session;
}

static gboolean equal_keys(gconstpointer a, gconstpointer b) {
  const audit_key *x = a, *y = b;
  return x->session == y->session && x->growth == y->growth;
}

static void compare_two(aft_audit *audit, const audit_rows *rows, size_t first, size_t second) {
  aft_audit unheard;
  audit_series a, b;
  aft_audit_init(&unheard);
  audit_series_build(&unheard, &a, rows, first);
  audit_series_build(&unheard, &b, rows, second);
  long common = compare_series(&a, &b);
  if (common >= MIN_TWIN)
    audit_tell(
        audit, &b, 0, AFT_SEVERITY_WARNING, "twin",
        g_strdup_printf("its %ld returns are those of %s: one security under two names, or a file of another one",
                        common, a.symbol),
        g_strdup("find out what the file holds, and leave one of them out"));
  audit_series_clear(&a);
  audit_series_clear(&b);
  aft_audit_clear(&unheard);
}

void audit_check_twins(aft_audit *audit, const audit_rows *rows, const audit_key *keys) {
  g_autoptr(GHashTable) seen = g_hash_table_new(hash_key, equal_keys); /* the keys lie in keys[] */
  for (size_t i = 0; i < rows->n; i++) {
    if (!keys[i].is_there) continue;
    const audit_key *other = g_hash_table_lookup(seen, &keys[i]);
    if (other != NULL)
      compare_two(audit, rows, (size_t)(other - keys), i);
    else
      g_hash_table_add(seen, (gpointer)(guintptr)&keys[i]);
  }
}
