/* A specification curve: its statistics on the event and on the placebo dates, for all specifications and for each choice. */
#include "robust_internal.h"

#include <aftershock/stats/describe.h>

#include <math.h>

#include <aftershock/base/banned.h>

/* As in the resampling tests: a value that is rounding away from another is as extreme. */
#define SLACK 1e-12

/* Some of the specifications, those that are defined. */
typedef struct subset {
  size_t *spec; /* [n] by session */
  size_t n;
  size_t *end; /* [n_sessions] where each session's end */
  double *t;   /* [n] room */
} subset;

static void subset_init(subset *some, const aft_robust *robust) {
  some->spec = g_new(size_t, MAX(robust->n_specs, 1));
  some->end = g_new(size_t, robust->sessions->len);
  some->t = g_new(double, MAX(robust->n_specs, 1));
}

static void subset_clear(subset *some) {
  g_free(some->spec);
  g_free(some->end);
  g_free(some->t);
}

/* A choice on one axis; of no axis every specification. */
typedef struct selection {
  size_t (*get)(const aft_specification *spec);
  size_t value;
} selection;

static size_t get_model(const aft_specification *spec) { return spec->model; }
static size_t get_benchmark(const aft_specification *spec) { return (size_t)(spec->benchmark + 1); }
static size_t get_form(const aft_specification *spec) { return spec->is_log; }
static size_t get_estimation(const aft_specification *spec) { return spec->estimation; }
static size_t get_window(const aft_specification *spec) { return spec->window; }
static size_t get_session(const aft_specification *spec) { return spec->session; }

static bool is_selected(const aft_specification *spec, const selection *choice) {
  return choice->get == NULL || choice->get(spec) == choice->value;
}

static void select(subset *some, const aft_robust *robust, const selection *choice) {
  some->n = 0;
  for (size_t k = 0; k < robust->sessions->len; k++) {
    for (size_t s = 0; s < robust->n_specs; s++) {
      const aft_specification *spec = &robust->specs[s];
      if (spec->session == k && spec->reason == NULL && is_selected(spec, choice)) some->spec[some->n++] = s;
    }
    some->end[k] = some->n;
  }
}

/* Every statistic of one date: the largest over the sessions. */
static void measure(const subset *some, const aft_robust *robust, const robust_values *values, size_t date,
                    double out[AFT_ROBUST_N_STATISTICS]) {
  for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) out[s] = 0;
  for (size_t k = 0, i = 0; k < robust->sessions->len; k++) {
    size_t n = 0, hits[2] = {0, 0};
    for (; i < some->end[k]; i++) {
      size_t cell = some->spec[i] * values->n_dates + date;
      some->t[n++] = values->t[cell];
      if (values->hit[cell] != 0) hits[values->hit[cell] > 0]++;
    }
    if (n == 0) continue;
    out[AFT_ROBUST_SIGNIFICANT] = fmax(out[AFT_ROBUST_SIGNIFICANT], (double)MAX(hits[0], hits[1]) / (double)n);
    out[AFT_ROBUST_MEAN] = fmax(out[AFT_ROBUST_MEAN], fabs(aft_mean(some->t, n)));
    out[AFT_ROBUST_MEDIAN] = fmax(out[AFT_ROBUST_MEDIAN], fabs(aft_median(some->t, n)));
  }
}

/* statistic [AFT_ROBUST_N_STATISTICS][n_dates], and what share of the placebos comes as far. */
static void test_subset(const subset *some, const aft_robust *robust, const robust_values *values, double *statistic,
                        double p_value[AFT_ROBUST_N_STATISTICS]) {
  size_t n = values->n_dates, extreme[AFT_ROBUST_N_STATISTICS] = {0};
  for (size_t d = 0; d < n; d++) {
    double out[AFT_ROBUST_N_STATISTICS];
    measure(some, robust, values, d, out);
    for (size_t s = 0; s < AFT_ROBUST_N_STATISTICS; s++) {
      statistic[s * n + d] = out[s];
      if (d > 0 && out[s] >= statistic[s * n] - SLACK * fmax(1, statistic[s * n])) extreme[s]++;
    }
  }
  for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++)
    p_value[s] = n < 2 || some->n == 0 ? (double)NAN : (double)(1 + extreme[s]) / (double)n;
}

typedef struct workspace {
  const robust_values *values;
  subset some;
  double *statistic;
} workspace;

static double median_of(const aft_robust *robust, const subset *some, bool of_estimates) {
  for (size_t i = 0; i < some->n; i++) {
    const aft_specification *spec = &robust->specs[some->spec[i]];
    some->t[i] = of_estimates ? spec->estimate : spec->statistic;
  }
  return aft_median(some->t, some->n);
}

/* choice is taken. */
static void add_choice(aft_robust *robust, workspace *w, const char *axis, const selection *selected, char *choice) {
  aft_robust_choice row = {.axis = axis, .choice = choice};
  double p_value[AFT_ROBUST_N_STATISTICS];
  select(&w->some, robust, selected);
  for (size_t s = 0; s < robust->n_specs; s++)
    if (is_selected(&robust->specs[s], selected)) row.n++;
  for (size_t i = 0; i < w->some.n; i++) {
    signed char hit = w->values->hit[w->some.spec[i] * w->values->n_dates];
    if (hit != 0) row.n_significant[hit > 0]++;
    if (robust->specs[w->some.spec[i]].estimate < 0) row.n_negative++;
  }
  row.n_defined = w->some.n;
  row.median_estimate = median_of(robust, &w->some, true);
  row.median_statistic = median_of(robust, &w->some, false);
  test_subset(&w->some, robust, w->values, w->statistic, p_value);
  row.p_value = p_value[AFT_ROBUST_MEDIAN];
  g_array_append_val(robust->choices, row);
}

static char *print_window(aft_window window) { return g_strdup_printf("[%d,%d]", window.first, window.last); }

static void add_choices(aft_robust *robust, workspace *w) {
  const aft_robust_options *asked = robust->asked;
  for (size_t i = 0; i < robust->n_models; i++)
    add_choice(robust, w, "model", &(selection){get_model, i}, g_strdup(robust->models[i].label));
  for (size_t i = 0; asked->benchmarks != NULL && asked->benchmarks[i] != NULL; i++)
    add_choice(robust, w, "benchmark", &(selection){get_benchmark, i + 1}, g_strdup(asked->benchmarks[i]));
  for (size_t i = 0; i < 2; i++)
    if (asked->returns[i])
      add_choice(robust, w, "returns", &(selection){get_form, i}, g_strdup(i == 1 ? "log" : "simple"));
  for (size_t i = 0; i < asked->n_estimation; i++)
    add_choice(robust, w, "estimation", &(selection){get_estimation, i}, print_window(asked->estimation[i]));
  for (size_t i = 0; i < asked->n_windows; i++)
    add_choice(robust, w, "window", &(selection){get_window, i}, print_window(asked->windows[i]));
  for (guint k = 0; k < robust->sessions->len; k++) {
    char day[AFT_DAY_TEXT];
    long column = g_array_index(robust->sessions, aft_robust_session, k).column;
    bool is_inside = column >= 0 && column < (long)robust->panel->n_sessions;
    aft_day_print(is_inside ? robust->panel->day[column] : 0, day);
    add_choice(robust, w, "session", &(selection){get_session, k}, g_strdup(is_inside ? day : "beyond the data"));
  }
}

void robust_test(aft_robust *robust, const robust_values *values) {
  workspace w = {.values = values};
  selection everything = {NULL, 0};
  subset_init(&w.some, robust);
  select(&w.some, robust, &everything);
  robust->n_defined = w.some.n;
  robust->statistic = g_new(double, AFT_ROBUST_N_STATISTICS * values->n_dates);
  test_subset(&w.some, robust, values, robust->statistic, robust->p_value);
  w.statistic = g_new(double, AFT_ROBUST_N_STATISTICS * values->n_dates);
  add_choice(robust, &w, "all", &everything, g_strdup("all"));
  add_choices(robust, &w);
  g_free(w.statistic);
  subset_clear(&w.some);
}
