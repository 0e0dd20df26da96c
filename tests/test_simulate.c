/* study/simulate: designs, draws against their definition, sizes and powers against theory, and the size card. */
#include "support/support.h"

#include "study/simulate_internal.h"

#include <aftershock/stats/random.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* One-factor panel, benchmark in row 0: T = 110 estimation sessions, a grid of 11, as in the sizes that are expected below. */
enum { FIRST_EST = -115, LAST_EST = -6, FIRST_REL = -5, LAST_REL = 5 };

/* A study read from a file, so that it has every default; tests and windows are JSON. */
static void init_config(aft_config *config, const char *windows, const char *tests) {
  GError *error = NULL;
  char *folder = support_temp_dir();
  g_autofree char *text = g_strdup_printf(
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"prices\": [\"p.csv\"], \"market\": \"M\", \"events\": \"e.csv\", \"tests\": %s, "
      "\"estimation\": {\"first\": %d, \"last\": %d, \"min_obs\": 100}, \"event_window\": {\"first\": %d, \"last\": %d}, "
      "\"windows\": %s, \"resampling\": {\"replicates\": 99}}",
      tests, FIRST_EST, LAST_EST, FIRST_REL, LAST_REL, windows);
  g_autofree char *path = support_write(folder, "study.json", text);
  g_assert_true(aft_config_read(config, path, &error));
  g_assert_no_error(error);
  g_free(config->path);
  config->path = g_strdup("study.json");
  support_remove(folder);
}

/* Firms differ in beta (0.5 to 1.5) and in the sd of their shocks (1 to 3 %), which are correlated on each session. */
static void init_panel(aft_panel *panel, size_t n_firms, size_t n_sessions, double correlation) {
  uint64_t key = aft_random_key(17, AFT_STREAM_WILD), index = 0;
  *panel = (aft_panel){.n_sessions = n_sessions,
                       .n_securities = n_firms + 1,
                       .symbols = g_new0(char *, n_firms + 2),
                       .returns = g_new(double, (n_firms + 1) * n_sessions),
                       .day = g_new(aft_day, n_sessions)};
  for (size_t t = 0; t < n_sessions; t++) panel->day[t] = (aft_day)t;
  g_autofree double *common = g_new(double, n_sessions);
  panel->market = panel->returns;
  for (size_t t = 0; t < n_sessions; t++) {
    panel->returns[t] = 0.01 * aft_random_normal(key, index++);
    common[t] = aft_random_normal(key, index++);
  }
  panel->symbols[0] = g_strdup("M");
  for (size_t i = 0; i < n_firms; i++) {
    double share = (double)i / (double)n_firms, sd = 0.01 + 0.02 * share, beta = 1.5 - share;
    panel->symbols[i + 1] = g_strdup_printf("F%zu", i);
    for (size_t t = 0; t < n_sessions; t++) {
      double own = aft_random_normal(key, index++);
      double shock = sqrt(correlation) * common[t] + sqrt(1 - correlation) * own;
      panel->returns[(i + 1) * n_sessions + t] = beta * panel->market[t] + sd * shock;
    }
  }
}

static void clear_panel(aft_panel *panel) {
  g_strfreev(panel->symbols);
  g_free(panel->returns);
  g_free(panel->day);
}

static GArray *parse(const char *list) {
  GError *error = NULL;
  GArray *designs = aft_designs_parse(list, &error);
  g_assert_no_error(error);
  return designs;
}

static aft_simulation simulate(const aft_config *config, const aft_panel *panel, const char *list, size_t n,
                               int replications, unsigned n_threads, aft_warnings *warnings) {
  const aft_simulation_options options = {
      .n_events = n, .replications = replications, .seed = 42, .n_threads = n_threads};
  aft_simulation simulation;
  GError *error = NULL;
  g_assert_true(aft_simulation_run(&simulation, config, panel, parse(list), &options, warnings, &error));
  g_assert_no_error(error);
  return simulation;
}

static void test_designs(void) {
  g_autoptr(GArray) designs = parse("null, clustered,variance,shift,clustered+variance:1.5+shift:-0.01");
  static const struct {
    const char *name;
    bool one_date;
    double variance, shift;
  } expected[] = {{"null", false, 1, 0},
                  {"clustered", true, 1, 0},
                  {"variance:2", false, 2, 0},
                  {"shift:0.005", false, 1, 0.005},
                  {"shift:0.01", false, 1, 0.01},
                  {"shift:0.02", false, 1, 0.02},
                  {"clustered+variance:1.5+shift:-0.01", true, 1.5, -0.01}};
  g_assert_cmpuint(designs->len, ==, G_N_ELEMENTS(expected));
  for (guint i = 0; i < designs->len; i++) {
    const aft_design *design = &g_array_index(designs, aft_design, i);
    g_assert_cmpstr(design->name, ==, expected[i].name);
    g_assert_cmpint(design->one_date, ==, expected[i].one_date);
    g_assert_cmpfloat(design->variance, ==, expected[i].variance);
    g_assert_cmpfloat(design->shift, ==, expected[i].shift);
  }
}

static void test_designs_refused(void) {
  static const struct {
    const char *list, *message;
  } cases[] = {
      {"nul", "\"nul\" is not a design (did you mean \"null\"?)"},
      {"null,null", "the design \"null\" stands twice"},
      {"shift,shift:0.01", "the design \"shift:0.01\" stands twice"},
      {"", "\"\" is not a design (known: null, clustered, variance:C, shift:D, and sums like clustered+variance:2)"},
      {"null,",
       "\"\" is not a design (known: null, clustered, variance:C, shift:D, and sums like clustered+variance:2)"},
      {"null:1", "\"null:1\" is not a design (did you mean \"null\"?)"},
      {"variance:0",
       "\"variance:0\": say by what factor the variance grows, above 0 and at most 1000, e.g. variance:2"},
      {"clustered+variance",
       "\"variance\": say by what factor the variance grows, above 0 and at most 1000, e.g. variance:2"},
      {"shift:1%",
       "\"shift:1%\": say how large the abnormal return of day 0 is, as a fraction from -1 to 1, e.g. shift:0.01"},
      {"shift:2",
       "\"shift:2\": say how large the abnormal return of day 0 is, as a fraction from -1 to 1, e.g. shift:0.01"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GError *error = NULL;
    g_assert_null(aft_designs_parse(cases[i].list, &error));
    assert_error(&error, cases[i].message);
  }
}

/* The definition, written the slow way: where a security can have an event. */
static bool is_open(const aft_config *config, const aft_panel *panel, size_t security, long t) {
  int n_obs = 0;
  for (long s = t + config->first_est; s <= t + config->last_est; s++) {
    if (s < 0 || s >= (long)panel->n_sessions) return false;
    n_obs += !isnan(panel->returns[security * panel->n_sessions + (size_t)s]) && !isnan(panel->market[s]);
  }
  for (long s = t + config->first_rel; s <= t + config->last_rel; s++)
    if (s >= (long)panel->n_sessions || isnan(panel->returns[security * panel->n_sessions + (size_t)s]) ||
        isnan(panel->market[s]))
      return false;
  return n_obs >= config->min_obs;
}

/* A panel with holes: a firm listed late, one that trades rarely, one that never does, and a session without the benchmark. */
static void make_holes(aft_panel *panel) {
  size_t n = panel->n_sessions;
  for (size_t t = 0; t < n; t++) {
    if (t < 60) panel->returns[2 * n + t] = (double)NAN;
    if (t % 13 == 5) panel->returns[3 * n + t] = (double)NAN;
    panel->returns[5 * n + t] = (double)NAN;
  }
  panel->returns[150] = (double)NAN; /* the market */
}

static const char few_tests[] = "[\"csect_t\", \"bmp_kp\"]";
static const char one_window[] = "[[0, 0]]", two_windows[] = "[[0, 0], [-2, 2]]";

static void test_pool(void) {
  aft_config config;
  aft_panel panel;
  simulate_pool pool;
  GError *error = NULL;
  init_config(&config, one_window, few_tests);
  init_panel(&panel, 7, 190, 0);
  make_holes(&panel);
  g_assert_true(simulate_pool_build(&pool, &config, &panel, &error));
  g_assert_no_error(error);
  size_t firm = 0, n_dates = 0;
  for (size_t i = 1; i < panel.n_securities; i++) { /* 0 is the benchmark */
    size_t n_open = 0;
    for (long t = 0; t < (long)panel.n_sessions; t++) n_open += is_open(&config, &panel, i, t);
    if (n_open == 0) continue;
    g_assert_cmpuint(pool.firm[firm], ==, i);
    g_assert_cmpuint(pool.n_open[firm], ==, n_open);
    for (long t = 0; t < (long)panel.n_sessions; t++)
      g_assert_cmpint(pool.open[firm * panel.n_sessions + (size_t)t], ==, is_open(&config, &panel, i, t));
    firm++;
  }
  g_assert_cmpuint(pool.n_firms, ==, firm);
  g_assert_cmpuint(firm, ==, 6); /* all but the one that never trades */
  for (long t = 0; t < (long)panel.n_sessions; t++) {
    size_t crowd = 0;
    for (size_t i = 1; i < panel.n_securities; i++) crowd += is_open(&config, &panel, i, t);
    g_assert_cmpuint(pool.crowd[t], ==, crowd);
    n_dates += crowd > 0;
  }
  g_assert_cmpuint(pool.n_dates, ==, n_dates);
  simulate_pool_clear(&pool);

  static const char *const symbols[] = {"F2", "F5", "M", NULL};
  config.symbols = g_strdupv((char **)(gpointer)(guintptr)symbols);
  g_assert_true(simulate_pool_build(&pool, &config, &panel, &error));
  g_assert_cmpuint(pool.n_firms, ==, 2);
  g_assert_cmpuint(pool.firm[0], ==, 3);
  g_assert_cmpuint(pool.firm[1], ==, 6);
  simulate_pool_clear(&pool);

  config.first_est = -400;
  g_assert_false(simulate_pool_build(&pool, &config, &panel, &error));
  assert_error(
      &error,
      "study.json: no event can be drawn: no security has a session with its whole estimation window [-400, -6] (at "
      "least 100 returns) and event window [-5, 5] in the data; bring longer series or shorten the windows");
  clear_panel(&panel);
  aft_config_clear(&config);
}

/* Draws by their definition: 2(rN+i) picks the security, the next draw one of its sessions. */
static void test_draws_apart(void) {
  aft_config config;
  aft_panel panel;
  simulate_pool pool;
  simulate_pattern pattern;
  init_config(&config, one_window, few_tests);
  init_panel(&panel, 7, 190, 0);
  make_holes(&panel);
  g_assert_true(simulate_pool_build(&pool, &config, &panel, NULL));
  enum { N = 5 };
  simulate_pattern_init(&pattern);
  simulate_pattern_apart(&pattern, N);
  g_assert_true(simulate_pattern_place(&pattern, &pool));
  g_assert_cmpuint(pattern.blocks->len, ==, N);
  uint64_t key = aft_random_key(9, AFT_STREAM_SIMULATION);
  g_autofree size_t *work = g_new(size_t, pool.n_firms);
  for (uint64_t r = 0; r < 200; r++) {
    aft_event rows[N] = {{.security = -1}};
    simulate_draw(&pool, &pattern, key, r, work, rows);
    for (uint64_t i = 0; i < N; i++) {
      uint64_t index = 2 * (r * N + i);
      size_t security = pool.firm[(size_t)(aft_random_uniform(key, index) * (double)pool.n_firms)], n_open = 0;
      g_assert_cmpint(rows[i].security, ==, (long)security);
      for (long t = 0; t < (long)panel.n_sessions; t++) n_open += is_open(&config, &panel, security, t);
      size_t left = (size_t)(aft_random_uniform(key, index + 1) * (double)n_open);
      long column = 0;
      while (!is_open(&config, &panel, security, column) || left-- > 0) column++;
      g_assert_cmpint(rows[i].column, ==, column);
    }
  }
  simulate_pattern_clear(&pattern);
  simulate_pool_clear(&pool);
  clear_panel(&panel);
  aft_config_clear(&config);
}

/* Events of one session stay together, near sessions keep their distance, distant ones move apart; securities differ. */
static void test_draws_like_a_sample(void) {
  aft_config config;
  aft_panel panel;
  simulate_pool pool;
  simulate_pattern pattern;
  init_config(&config, one_window, few_tests);
  init_panel(&panel, 7, 190, 0);
  make_holes(&panel);
  g_assert_true(simulate_pool_build(&pool, &config, &panel, NULL));
  static const long columns[] = {130, 130, 130, 133, 143, 160, 175, 175};
  enum { N = G_N_ELEMENTS(columns), REACH = 10 };
  simulate_pattern_init(&pattern);
  simulate_pattern_imitate(&pattern, columns, N, REACH);
  g_assert_cmpuint(pattern.n_events, ==, N);
  g_assert_cmpuint(pattern.blocks->len, ==, 3); /* 130-143, 160, 175 */
  g_assert_true(simulate_pattern_place(&pattern, &pool));
  uint64_t key = aft_random_key(9, AFT_STREAM_SIMULATION);
  g_autofree size_t *work = g_new(size_t, pool.n_firms);
  bool moved = false;
  for (uint64_t r = 0; r < 200; r++) {
    aft_event rows[N] = {{.security = -1}};
    simulate_draw(&pool, &pattern, key, r, work, rows);
    for (size_t i = 0; i < N; i++) {
      g_assert_true(is_open(&config, &panel, (size_t)rows[i].security, rows[i].column));
      for (size_t j = 0; j < i; j++) {
        if (columns[i] == columns[j]) g_assert_cmpint(rows[i].security, !=, rows[j].security);
        if (columns[i] <= 143) g_assert_cmpint(rows[i].column - rows[j].column, ==, columns[i] - columns[j]);
        moved = moved || (columns[i] > 143 && rows[i].column - rows[j].column != columns[i] - columns[j]);
      }
    }
  }
  g_assert_true(moved);
  simulate_pattern_clear(&pattern);

  static const long crowded[] = {1, 1, 1, 1, 1, 1, 1}; /* seven events, six firms */
  simulate_pattern_init(&pattern);
  simulate_pattern_imitate(&pattern, crowded, G_N_ELEMENTS(crowded), REACH);
  g_assert_false(simulate_pattern_place(&pattern, &pool));
  simulate_pattern_clear(&pattern);
  simulate_pool_clear(&pool);
  clear_panel(&panel);
  aft_config_clear(&config);
}

static const aft_simulated_test *get_row(const aft_simulation *simulation, guint design, const char *test) {
  for (guint i = 0; i < simulation->tests->len; i++) {
    const aft_simulated_test *row = &g_array_index(simulation->tests, aft_simulated_test, i);
    if (row->design == design && row->window == 0 && strcmp(row->test->name, test) == 0) return row;
  }
  return NULL;
}

static void assert_same(const aft_simulation *a, const aft_simulation *b) {
  g_assert_cmpuint(a->tests->len, ==, b->tests->len);
  for (guint i = 0; i < a->tests->len; i++) {
    const aft_simulated_test *x = &g_array_index(a->tests, aft_simulated_test, i);
    const aft_simulated_test *y = &g_array_index(b->tests, aft_simulated_test, i);
    g_assert_true(x->test == y->test && x->design == y->design && x->window == y->window);
    g_assert_cmpuint(x->replications, ==, y->replications);
    g_assert_cmpuint(x->rejections, ==, y->rejections);
    g_assert_cmpfloat(x->rate, ==, y->rate);
    g_assert_cmpfloat(x->error, ==, y->error);
  }
}

/* Every test, both kinds of draws: threads change nothing, nor do a factor of one and a shift of zero. */
static void test_identities(void) {
  size_t n_tests;
  const aft_test *all = aft_tests(&n_tests);
  aft_config config;
  aft_panel panel;
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  init_config(&config, two_windows, "\"all\"");
  init_panel(&panel, 9, 200, 0.1);
  make_holes(&panel);
  static const char list[] = "null,clustered,variance:1,shift:0,clustered+variance:1+shift:0";
  aft_simulation one = simulate(&config, &panel, list, 6, 25, 1, &warnings);
  aft_simulation three = simulate(&config, &panel, list, 6, 25, 3, &warnings);
  g_assert_cmpuint(warnings.messages->len, ==, 0);
  assert_same(&one, &three);
  g_assert_nonnull(get_row(&one, 0, "csect_t"));
  g_assert_null(get_row(&one, 0, "sq")); /* a test of one firm */
  for (size_t t = 0; t < n_tests; t++) {
    static const guint same[][2] = {{0, 2}, {0, 3}, {1, 4}};
    for (size_t k = 0; k < G_N_ELEMENTS(same); k++) {
      const aft_simulated_test *a = get_row(&one, same[k][0], all[t].name), *b = get_row(&one, same[k][1], all[t].name);
      g_assert_true((a == NULL) == (b == NULL));
      if (a != NULL) g_assert_cmpuint(a->rejections, ==, b->rejections);
    }
  }
  aft_simulation_clear(&one);
  aft_simulation_clear(&three);

  /* One event: the one-firm tests over both windows and nothing else. */
  aft_simulation single = simulate(&config, &panel, "null", 1, 25, 1, &warnings);
  guint n_single = 0;
  for (size_t t = 0; t < n_tests; t++) n_single += all[t].single_only;
  g_assert_cmpuint(single.tests->len, ==, config.n_windows * n_single);
  g_assert_nonnull(get_row(&single, 0, "sq"));
  aft_simulation_clear(&single);

  /* A session has at most eight of the nine firms: one never trades. */
  aft_simulation crowded = simulate(&config, &panel, "null,clustered", 20, 3, 1, &warnings);
  g_assert_cmpuint(g_array_index(crowded.designs, aft_design, 0).n_events, ==, 20);
  g_assert_cmpuint(g_array_index(crowded.designs, aft_design, 1).n_events, ==, 8);
  g_assert_cmpstr(
      g_ptr_array_index(warnings.messages, 0), ==,
      "designs with one date have 8 events instead of 20: no session has more securities that can have one");
  aft_simulation_clear(&crowded);
  aft_warnings_clear(&warnings);
  clear_panel(&panel);
  aft_config_clear(&config);
}

/*
 * Rates that theory or an implementation that shares no code with this one gives for T = 110, N = 30, L = 1, 5 % two-sided: with
 * residual correlation 0.1 on one date Patell rejects 32.1 % by the normal limit, with doubled variance 16.6 %.
 */
static void test_rates(void) {
  static const struct {
    guint design;
    const char *test;
    double percent;
  } expected[] = {{0, "csect_t", 4.9}, {0, "patell", 5.0},         {0, "bmp", 5.0},      {0, "bmp_kp", 5.0},
                  {0, "sign_cz", 5.0}, {0, "corrado_zivney", 5.0}, {0, "grank_t", 5.4},  {1, "patell", 32.1},
                  {1, "bmp", 33.5},    {1, "bmp_kp", 4.8},         {1, "grank_t", 5.2},  {1, "csect_t", 32.4},
                  {2, "patell", 16.6}, {2, "mackinlay_j1", 16.6},  {2, "bmp", 5.1},      {2, "grank_t", 5.8},
                  {3, "bmp_kp", 5.1},  {3, "patell", 48.3},        {4, "csect_t", 25.4}, {4, "patell", 32.5},
                  {4, "bmp", 30.7},    {4, "grank_t", 30.8},       {5, "csect_t", 73.3}, {5, "bmp", 82.7}};
  static const char tests[] =
      "[\"csect_t\", \"mackinlay_j1\", \"patell\", \"bmp\", \"bmp_kp\", \"sign_cz\", \"corrado_zivney\", \"grank_t\"]";
  int replications = g_test_slow() ? 3000 : 300;
  size_t n_sessions = g_test_slow() ? 6000 : 2000;
  aft_config config;
  aft_panel panel;
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  init_config(&config, one_window, tests);
  init_panel(&panel, 60, n_sessions, 0.1);
  aft_simulation simulation =
      simulate(&config, &panel, "null,clustered,variance,clustered+variance:2,shift:0.005,shift:0.01", 30, replications,
               0, &warnings);
  bool failed = false;
  for (size_t k = 0; k < G_N_ELEMENTS(expected); k++) {
    const aft_simulated_test *row = get_row(&simulation, expected[k].design, expected[k].test);
    g_assert_nonnull(row);
    double p = expected[k].percent / 100, n = replications, n_dates = (double)simulation.n_dates;
    /* The expected rate has an error of its own (3000 replications); so has a panel of so many dates, one of which is a draw. */
    double error = sqrt(p * (1 - p) * (1 / n + 1 / 3000.0 + 1 / n_dates));
    bool far = fabs(row->rate - p) > 4 * error;
    g_test_message("%s %-16s %5.1f %% expected %5.1f (+- %.1f)%s",
                   g_array_index(simulation.designs, aft_design, row->design).name, expected[k].test, 100 * row->rate,
                   expected[k].percent, 100 * error, far ? "  FAR" : "");
    assert_close(row->error, sqrt(row->rate * (1 - row->rate) / n), 1e-12);
    failed = failed || far;
  }
  g_assert_false(failed);
  aft_simulation_clear(&simulation);
  aft_warnings_clear(&warnings);
  clear_panel(&panel);
  aft_config_clear(&config);
}

/* A study of events on the given sessions, each of another firm, with its size card; one story, or a story each. */
typedef struct carded_study {
  aft_result result;
  aft_events events;
  aft_warnings warnings;
} carded_study;

static void carded_study_init(carded_study *study, const aft_config *config, const aft_panel *panel, const long *column,
                              size_t n, bool one_story, unsigned n_threads) {
  const aft_simulation_options options = {.replications = 40, .seed = 42, .n_threads = n_threads};
  GError *error = NULL;
  aft_warnings_init(&study->warnings);
  study->events = (aft_events){.n = n, .rows = g_new0(aft_event, n), .texts = aft_texts_new()};
  for (size_t i = 0; i < n; i++) {
    g_autofree char *story = one_story ? g_strdup("s") : g_strdup_printf("s%zu", i);
    study->events.rows[i] = (aft_event){.event = aft_texts_add(study->events.texts, story),
                                        .symbol = panel->symbols[i + 1],
                                        .group = "",
                                        .article = "",
                                        .published = "",
                                        .security = (int32_t)i + 1,
                                        .column = (int32_t)column[i]};
  }
  g_assert_true(aft_study_run(&study->result, config, panel, &study->events, 1, &study->warnings, &error));
  g_assert_no_error(error);
  aft_size_card_run(&study->result, &options, &study->warnings);
}

static void carded_study_clear(carded_study *study) {
  aft_result_clear(&study->result);
  aft_events_clear(&study->events);
  aft_warnings_clear(&study->warnings);
}

/* A card of events far apart is the null, one of events of one session the clustered design: the same draws, to the last bit. */
static void test_size_card(void) {
  enum { N = 5 };
  static const char tests[] = "[\"csect_t\", \"patell\", \"bmp_kp\", \"grank_t\", \"wild\"]";
  static const struct {
    const char *sample, *design; /* NULL: no design is like it */
    long column[N];
    bool one_story;
  } cases[] = {{"all", "null", {210, 300, 150, 270, 180}, false},
               {"event:s", "clustered", {200, 200, 200, 200, 200}, true},
               {"all", NULL, {200, 200, 204, 250, 290}, false}};
  aft_config config;
  aft_panel panel;
  init_config(&config, two_windows, tests);
  init_panel(&panel, 9, 400, 0.1);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    carded_study one, three;
    carded_study_init(&one, &config, &panel, cases[i].column, N, cases[i].one_story, 1);
    carded_study_init(&three, &config, &panel, cases[i].column, N, cases[i].one_story, 3);
    const aft_simulation *card = one.result.size_card;
    g_assert_cmpstr(card->sample, ==, cases[i].sample);
    g_assert_cmpuint(g_array_index(card->designs, aft_design, 0).n_events, ==, N);
    assert_same(card, three.result.size_card);
    if (cases[i].design != NULL) {
      aft_simulation simulation = simulate(&config, &panel, cases[i].design, N, 40, 1, &one.warnings);
      assert_same(card, &simulation);
      aft_simulation_clear(&simulation);
    }
    carded_study_clear(&one);
    carded_study_clear(&three);
  }
  clear_panel(&panel);
  aft_config_clear(&config);
}

/* 121 sessions leave one for events, and there every firm jumps: all draws are the sample itself, and every test rejects. */
static void test_size_card_warns(void) {
  enum { N = 5, N_SESSIONS = 121, ONLY = 115 };
  static const long there[N] = {ONLY, ONLY, ONLY, ONLY, ONLY}, elsewhere[N] = {ONLY - 1, ONLY, ONLY, ONLY, ONLY};
  aft_config config;
  aft_panel panel;
  carded_study study;
  init_config(&config, one_window, few_tests);
  init_panel(&panel, N, N_SESSIONS, 0);
  for (size_t i = 1; i <= N; i++) panel.returns[i * N_SESSIONS + ONLY] = 0.2 + 0.01 * (double)i;
  carded_study_init(&study, &config, &panel, there, N, true, 1);
  g_assert_cmpuint(study.warnings.messages->len, ==, 1); /* csect_t is no headline test */
  g_assert_cmpstr(
      g_ptr_array_index(study.warnings.messages, 0), ==,
      "bmp_kp over [0, 0] rejects 100.0 % of draws without an effect at the 5 % level (dates like those of event:s; see "
      "size_card.csv): take its p-values with care");
  carded_study_clear(&study);

  /* The study fits an event on 109 sessions; a draw asks for all 110, and two sessions in a row have them nowhere. */
  carded_study_init(&study, &config, &panel, elsewhere, N, true, 1);
  g_assert_null(study.result.size_card);
  g_assert_cmpuint(study.warnings.messages->len, ==, 1);
  g_assert_cmpstr(
      g_ptr_array_index(study.warnings.messages, 0), ==,
      "size_card left out: nowhere in the data can as many securities have events on sessions like those of event:s; "
      "bring longer series or more securities");
  carded_study_clear(&study);

  g_assert_true(aft_simulation_is_too_high(0.0701, 0.05));
  g_assert_false(aft_simulation_is_too_high(0.07, 0.05));
  clear_panel(&panel);
  aft_config_clear(&config);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/simulate/designs", test_designs);
  g_test_add_func("/simulate/designs-refused", test_designs_refused);
  g_test_add_func("/simulate/pool", test_pool);
  g_test_add_func("/simulate/draws-apart", test_draws_apart);
  g_test_add_func("/simulate/draws-like-a-sample", test_draws_like_a_sample);
  g_test_add_func("/simulate/identities", test_identities);
  g_test_add_func("/simulate/rates", test_rates);
  g_test_add_func("/simulate/size-card", test_size_card);
  g_test_add_func("/simulate/size-card-warns", test_size_card_warns);
  return g_test_run();
}
