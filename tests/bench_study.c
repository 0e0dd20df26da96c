/*
 * Bench: fits of each model and time of each test, on a made-up panel of 500 securities and 2,520 sessions.
 *
 *   bench_study [EVENTS [MODEL]]   default 10000: events of the tests and of the fast models; slow models get fewer
 *
 * Prints "fit MODEL EVENTS_PER_CPU_SECOND" for each model that the panel can be fitted with: coefficients, s, CAR and its variance;
 * "car MODEL ..." for the same with no day but those of the CAR: alpha, beta, s, the CAR over [-1, 1] and the variance of its whole forecast error;
 * "days MODEL ..." for fits that keep the returns and residuals of every day as well; "fit plain ..." for a plain two-pass line on the same
 * events (the yardstick); and "test NAME CPU_SECONDS" for each test over [-1, 1] alone, with what it needs computed anew. With MODEL only
 * its fits and the plain ones. Estimation window [-260, -11], event window [-10, 10].
 */
#include "study/study_internal.h"

#include <aftershock/base/text.h>
#include <aftershock/stats/library.h>
#include <aftershock/stats/random.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { N_SECURITIES = 501, N_SESSIONS = 2520, N_FACTORS = 6, FIRST_EST = -260, LAST_EST = -11, LAST_REL = 10 };

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void read_config(aft_config *config) {
  static const char text[] =
      "{\"title\": \"bench\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"M\", \"factors\": \"f.csv\","
      "\"events\": \"e.csv\", \"estimation\": {\"first\": -260, \"last\": -11}, \"windows\": [[-1, 1]], \"models\":"
      "[\"constant_mean\", \"market_adjusted\", \"market_model\", \"capm\", \"ff3\", \"carhart\", \"ff5\", \"ff6\","
      "\"scholes_williams\", \"dimson\", \"trade_to_trade\", \"theil_sen\", \"huber\", \"bisquare\", \"garch\", \"gjr\","
      "\"egarch\"]}";
  GError *error = NULL;
  char *path = NULL;
  int fd = g_file_open_tmp("bench-XXXXXX.json", &path, &error);
  if (fd < 0 || !g_file_set_contents(path, text, -1, &error) || !aft_config_read(config, path, &error)) {
    fprintf(stderr, "bench_study: %s\n", error->message);
    exit(1);
  }
  close(fd);
  unlink(path);
  g_free(path);
}

/* The market is row 0 and the first factor; closes are not needed. */
static void make_panel(aft_panel *panel) {
  static const char *const names[] = {"mkt_rf", "smb", "hml", "rmw", "cma", "mom", NULL};
  uint64_t key = aft_random_key(1, AFT_STREAM_SIMULATION), index = 0;
  size_t cells = (size_t)N_SECURITIES * N_SESSIONS;
  *panel = (aft_panel){.n_sessions = N_SESSIONS,
                       .n_securities = N_SECURITIES,
                       .symbols = g_new0(char *, N_SECURITIES + 1),
                       .returns = g_new(double, cells),
                       .gap = g_new(int, cells),
                       .day = g_new(aft_day, N_SESSIONS),
                       .n_factors = N_FACTORS,
                       .factors = g_new(double, N_FACTORS *N_SESSIONS),
                       .rf = g_new0(double, N_SESSIONS)};
  panel->factor_names = aft_text_copy_list(names);
  for (int i = 0; i < N_FACTORS * N_SESSIONS; i++) panel->factors[i] = 0.01 * aft_random_normal(key, index++);
  for (int t = 0; t < N_SESSIONS; t++) panel->day[t] = t;
  for (size_t i = 0; i < N_SECURITIES; i++) {
    panel->symbols[i] = i == 0 ? g_strdup("M") : g_strdup_printf("S%zu", i);
    for (size_t t = 0; t < N_SESSIONS; t++) {
      double own = i == 0 ? 0 : 0.02 * aft_random_normal(key, index++);
      panel->returns[i * N_SESSIONS + t] = panel->factors[t] * (0.5 + (double)(i % 100) / 100) + own;
      panel->gap[i * N_SESSIONS + t] = 1;
    }
  }
  panel->gap_returns = panel->returns;
  panel->market = panel->returns;
}

static aft_events make_events(size_t n) {
  static char no_text[] = "";
  aft_events events = {.n = n, .rows = g_new0(aft_event, n)};
  size_t first = (size_t)-FIRST_EST + 1, room = N_SESSIONS - LAST_REL - first;
  for (size_t i = 0; i < n; i++) {
    aft_event *event = &events.rows[i];
    event->security = event->firm = (int32_t)(1 + i % (N_SECURITIES - 1));
    event->column = (int32_t)(first + (i * 7919) % room);
    event->event = event->symbol = event->group = no_text;
  }
  return events;
}

static bool is_slow(const aft_model *model) {
  return g_str_has_suffix(model->name, "garch") || strcmp(model->name, "gjr") == 0;
}

static void bench_fit(const aft_result *study, const aft_model_spec *spec, const char *name) {
  aft_model_result model = {.spec = spec};
  aft_events events = *study->events;
  aft_result few = *study;
  GError *error = NULL;
  if (is_slow(spec->model)) events.n = MIN(events.n, 200);
  few.events = &events;
  double start = cpu_seconds();
  if (!aft_study_estimate(&model, &few, 1, &error)) {
    fprintf(stderr, "bench_study: %s\n", error->message);
    exit(1);
  }
  printf("%s %s %.0f\n", name, spec->label, (double)events.n / (cpu_seconds() - start));
  aft_study_clear_model(&model, study->config->n_windows);
}

/* alpha, beta, s and the CAR of the market model as a textbook has them, nothing else kept. */
static void bench_plain(const aft_result *study) {
  double start = cpu_seconds(), checksum = 0;
  int n = LAST_EST - FIRST_EST + 1;
  for (size_t i = 0; i < study->events->n; i++) {
    const aft_event *event = &study->events->rows[i];
    const double *y = study->panel->returns + (size_t)event->security * N_SESSIONS + event->column;
    const double *x = study->panel->market + event->column;
    double x_mean = 0, y_mean = 0, xx = 0, xy = 0, ee = 0, car = 0;
    for (int t = FIRST_EST; t <= LAST_EST; t++) x_mean += x[t] / n, y_mean += y[t] / n;
    for (int t = FIRST_EST; t <= LAST_EST; t++) {
      xx += (x[t] - x_mean) * (x[t] - x_mean);
      xy += (x[t] - x_mean) * (y[t] - y_mean);
    }
    double beta = xy / xx, alpha = y_mean - beta * x_mean;
    for (int t = FIRST_EST; t <= LAST_EST; t++) ee += (y[t] - alpha - beta * x[t]) * (y[t] - alpha - beta * x[t]);
    for (int t = -1; t <= 1; t++) car += y[t] - alpha - beta * x[t];
    checksum += car / sqrt(ee / (n - 2));
  }
  printf("fit plain %.0f\n", (double)study->events->n / (cpu_seconds() - start));
  if (isnan(checksum)) printf("# no number\n");
}

static void bench_tests(const aft_result *study, const aft_model_spec *spec) {
  aft_model_result model = {.spec = spec};
  GError *error = NULL;
  size_t n_tests;
  const aft_test *tests = aft_tests(&n_tests);
  if (!aft_study_estimate(&model, study, 1, &error)) exit(1);
  g_autofree size_t *member = g_new(size_t, model.abnormal.n_events);
  for (size_t i = 0; i < model.abnormal.n_events; i++) member[i] = i;
  for (size_t t = 0; t < n_tests; t++) {
    if (tests[t].single_only) continue;
    const aft_test_options options = {.replicates = study->config->replicates, .seed = 1, .n_threads = 1};
    struct aft_test_cache *cache = aft_test_cache_new(&model.abnormal, member, model.abnormal.n_events);
    const aft_test_input input = {&model.abnormal, &model.windows[0], member, model.abnormal.n_events, &options, cache};
    aft_test_result result;
    if (tests[t].applies != NULL && !tests[t].applies(&input)) {
      aft_test_cache_free(cache);
      continue;
    }
    double start = cpu_seconds();
    tests[t].compute(&input, tests[t].variant, &result);
    printf("test %s %.4f\n", tests[t].name, cpu_seconds() - start);
    aft_test_cache_free(cache);
  }
  aft_study_clear_model(&model, study->config->n_windows);
}

int main(int argc, char **argv) {
  aft_config config;
  aft_panel panel;
  aft_stats_init();
  read_config(&config);
  make_panel(&panel);
  aft_events events = make_events(argc > 1 ? (size_t)strtol(argv[1], NULL, 10) : 10000);
  const aft_result study = {.config = &config, .panel = &panel, .events = &events, .focus = -1};
  for (size_t m = 0; m < config.n_models; m++) {
    if (argc > 2 && strcmp(config.models[m].label, argv[2]) != 0) continue;
    aft_config lean = config;
    aft_result bare = study;
    lean.tables = AFT_TABLES_EVENTS;
    lean.n_tests = 0;
    bare.config = &lean;
    bench_fit(&bare, &config.models[m], "fit");
    aft_config least = lean;
    aft_result narrow = bare;
    least.first_rel = least.windows[0].first;
    least.last_rel = least.windows[0].last;
    narrow.config = &least;
    bench_fit(&narrow, &config.models[m], "car");
    if (argc < 3) bench_fit(&study, &config.models[m], "days");
  }
  bench_plain(&study);
  if (argc < 3) bench_tests(&study, &config.models[2]);
  return 0;
}
