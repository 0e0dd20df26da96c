/* study/candidates: sessions of a story, the test against a loop over its definition, and its size. */
#include "support/support.h"

#include "study/candidates_internal.h"

#include <aftershock/stats/random.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum {
  N_FIRMS = 10,
  N_SESSIONS = 270,
  FIRST_EST = -240,
  LAST_EST = -1,
  T = 240,
  EVENT = 250,
  SPAN = 4,
  N_CANDIDATES = 4
};

typedef struct setting {
  aft_calendar *calendar;
  aft_config config;
  aft_panel panel;
  aft_event rows[N_FIRMS];
  aft_events events;
  aft_warnings warnings;
} setting;

/* Candidates: two instants of one session (an evening and the next noon), one date alone, and a range with the story's time in it. */
static void init(setting *s, const char *window, const char *candidates) {
  GError *error = NULL;
  char *folder = support_temp_dir();
  *s = (setting){.calendar = aft_calendar_new("XNYS", &error)};
  g_assert_no_error(error);
  g_autofree char *text = g_strdup_printf(
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"prices\": [\"p\"], \"market\": \"M\", \"events\": \"e\",\n"
      "\"estimation\": {\"first\": %d, \"last\": %d}, \"event_window\": {\"first\": 0, \"last\": 2}, \"windows\": [%s],\n"
      "\"candidates\": %s}",
      FIRST_EST, LAST_EST, window, candidates);
  g_autofree char *path = support_write(folder, "study.json", text);
  g_assert_true(aft_config_read(&s->config, path, &error));
  g_assert_no_error(error);
  support_remove(folder);
  g_free(s->config.path);
  s->config.path = g_strdup("study.json");
  aft_warnings_init(&s->warnings);
  long first = aft_calendar_find_next(s->calendar, aft_day_from_ymd(2024, 1, 23));
  s->panel = (aft_panel){.calendar = s->calendar,
                         .first_session = first,
                         .n_sessions = N_SESSIONS,
                         .n_securities = N_FIRMS + 1,
                         .day = g_new(aft_day, N_SESSIONS),
                         .returns = g_new(double, (N_FIRMS + 1) * N_SESSIONS)};
  s->panel.market = s->panel.returns;
  for (int t = 0; t < N_SESSIONS; t++)
    s->panel.day[t] = aft_calendar_get_session(s->calendar, (size_t)(first + t))->day;
  s->events = (aft_events){.n = N_FIRMS, .rows = s->rows};
  for (int i = 0; i < N_FIRMS; i++) {
    static char story[] = "rout", empty[] = "";
    s->rows[i] = (aft_event){.event = story, .symbol = empty, .group = empty, .panel = &s->panel, .firm = i};
    s->rows[i].security = i + 1;
    s->rows[i].column = EVENT + SPAN;
    s->rows[i].alignment.session = (int32_t)first + EVENT + SPAN;
  }
}

static void clear(setting *s) {
  aft_config_clear(&s->config);
  g_free(s->panel.day);
  g_free(s->panel.returns);
  aft_calendar_free(s->calendar);
  aft_warnings_clear(&s->warnings);
}

/* One-factor returns; residuals share a factor of their own. */
static void draw(setting *s, uint64_t seed) {
  uint64_t key = aft_random_key(seed, AFT_STREAM_SIMULATION), index = 0;
  for (int t = 0; t < N_SESSIONS; t++) {
    double market = 0.01 * aft_random_normal(key, index++), common = 0.005 * aft_random_normal(key, index++);
    s->panel.returns[t] = market;
    for (int i = 1; i <= N_FIRMS; i++)
      s->panel.returns[i * N_SESSIONS + t] =
          (0.5 + 0.1 * i) * market + common + 0.015 * aft_random_normal(key, index++);
  }
}

static aft_result run(setting *s) {
  GError *error = NULL;
  aft_result result = {.config = &s->config, .panel = &s->panel, .events = &s->events, .focus = -1};
  g_assert_true(aft_study_test_candidates(&result, 1, &s->warnings, &error));
  g_assert_no_error(error);
  return result;
}

static const char *day_text(const setting *s, int column, char text[AFT_DAY_TEXT]) {
  return aft_day_print(s->panel.day[column], text);
}

/* Fits the market model by the textbook and lays the pattern on its residuals, all in plain loops. */
static void slow_security(const setting *s, int firm, const int *offset, int length, double *car, double *p_max) {
  const double *x = s->panel.returns + EVENT, *y = s->panel.returns + firm * N_SESSIONS + EVENT;
  double x_mean = 0, y_mean = 0, xx = 0, xy = 0, ss = 0, e[T];
  for (int t = FIRST_EST; t <= LAST_EST; t++) x_mean += x[t] / T, y_mean += y[t] / T;
  for (int t = FIRST_EST; t <= LAST_EST; t++) {
    xx += (x[t] - x_mean) * (x[t] - x_mean);
    xy += (x[t] - x_mean) * (y[t] - y_mean);
  }
  double beta = xy / xx;
  for (int t = 0; t < T; t++) {
    e[t] = y[t + FIRST_EST] - y_mean - beta * (x[t + FIRST_EST] - x_mean);
    ss += e[t] * e[t];
  }
  double s2 = ss / (T - 2);
  for (int k = 0; k < N_CANDIDATES; k++) {
    double x_sum = 0;
    int as_large = 0, places = 0;
    car[k] = 0;
    for (int l = 0; l < length; l++) {
      int t = offset[k] + l;
      car[k] += y[t] - y_mean - beta * (x[t] - x_mean);
      x_sum += x[t] - x_mean;
    }
    double variance = s2 * (length + (double)(length * length) / T + x_sum * x_sum / xx);
    double z = car[k] * sqrt((1 - (double)length / T) * length * s2 / variance);
    for (int u = 0; u + SPAN + length <= T; u++) {
      double most = 0;
      for (int j = 0; j < N_CANDIDATES; j++) {
        double sum = 0;
        for (int l = 0; l < length; l++) sum += e[u + offset[j] + l];
        most = fmax(most, fabs(sum));
      }
      as_large += most >= fabs(z);
      places++;
    }
    p_max[k] = (1.0 + as_large) / (1.0 + places);
  }
}

static void test_definition(void) {
  static const int offset[N_CANDIDATES] = {0, 1, 3, 4};
  for (int length = 1; length <= 2; length++) {
    setting s;
    char a[AFT_DAY_TEXT], b[AFT_DAY_TEXT], c[AFT_DAY_TEXT];
    init(&s, length == 1 ? "[0, 0]" : "[0, 1]", "[]");
    g_autofree char *list =
        g_strdup_printf("[{\"event\": \"rout\", \"published\": \"%s\", \"what\": \"paper\"},\n"
                        "{\"event\": \"rout\", \"published\": \"%sT12:00\", \"what\": \"talk\"},\n"
                        "{\"event\": \"rout\", \"published\": \"%sT21:30\", \"until\": \"%s\"}]",
                        day_text(&s, EVENT, a), a, day_text(&s, EVENT + 2, b), day_text(&s, EVENT + 3, c));
    clear(&s);
    g_autofree char *more = g_strdup_printf("%.*s,\n{\"event\": \"rout\", \"published\": \"%s\", \"what\": \"print\"}]",
                                            (int)strlen(list) - 1, list, "2025-01-23");
    init(&s, length == 1 ? "[0, 0]" : "[0, 1]", more);
    g_assert_cmpstr(day_text(&s, EVENT + 1, b), ==, "2025-01-23");
    draw(&s, 5 + (uint64_t)length);
    aft_result result = run(&s);
    g_assert_cmpuint(result.candidates->len, ==, (N_FIRMS + 1) * N_CANDIDATES);
    for (int i = 0; i < N_FIRMS; i++) {
      double car[N_CANDIDATES], p_max[N_CANDIDATES];
      slow_security(&s, i + 1, offset, length, car, p_max);
      for (int k = 0; k < N_CANDIDATES; k++) {
        const aft_candidate_row *row =
            &g_array_index(result.candidates, aft_candidate_row, (guint)(i * N_CANDIDATES + k));
        g_assert_cmpint(row->session, ==, s.panel.day[EVENT + offset[k]]);
        assert_close(row->car, car[k], 1e-10);
        assert_close(row->p_max, p_max[k], 1e-12);
        g_assert_cmpuint(row->n_placebos, ==, (guint)(T - SPAN - length + 1));
      }
    }
    const aft_candidate_row *first = &g_array_index(result.candidates, aft_candidate_row, 0);
    g_assert_cmpstr(first[0].what, ==, "paper; talk");
    g_assert_cmpstr(first[1].what, ==, "print");
    g_assert_cmpstr(first[3].what, ==, "the story's time");
    const aft_candidate_row *mean = first + N_FIRMS * N_CANDIDATES;
    double car = 0;
    for (int i = 0; i < N_FIRMS; i++) car += first[i * N_CANDIDATES].car / N_FIRMS;
    assert_close(mean->car, car, 1e-12);
    g_assert_null(mean->symbol);
    g_assert_cmpfloat(mean->p_max, >=, mean->p_value - 1e-2); /* the largest of four is as large as one more often */
    g_array_unref(result.candidates);
    clear(&s);
  }
}

/* Share of draws without an effect whose smallest p_max is at most 5 %: of the first security, and of the average. */
static void measure_size(int n_draws, double *one, double *average) {
  setting s;
  *one = *average = 0;
  init(&s, "[0, 0]", "[{\"event\": \"rout\", \"published\": \"2025-01-22\", \"until\": \"2025-01-28\"}]");
  for (int d = 0; d < n_draws; d++) {
    draw(&s, 1000 + (uint64_t)d);
    aft_result result = run(&s);
    double least[2] = {1, 1};
    for (guint i = 0; i < result.candidates->len; i++) {
      const aft_candidate_row *row = &g_array_index(result.candidates, aft_candidate_row, i);
      if (i < 5) least[0] = fmin(least[0], row->p_max);
      if (row->symbol == NULL) least[1] = fmin(least[1], row->p_max);
    }
    *one += least[0] <= 0.05;
    *average += least[1] <= 0.05;
    g_array_unref(result.candidates);
  }
  *one /= n_draws;
  *average /= n_draws;
  clear(&s);
}

/* Three Monte Carlo errors about 5 %, and one percentage point for the places that overlap. */
static void test_size(void) {
  int n = g_test_slow() ? 4000 : 400;
  double one, average, reach = 3 * sqrt(0.05 * 0.95 / n) + 0.01;
  measure_size(n, &one, &average);
  g_test_message("one security %.4f, average %.4f of %d draws", one, average, n);
  g_assert_cmpfloat(fabs(one - 0.05), <, reach);
  g_assert_cmpfloat(fabs(average - 0.05), <, reach);
}

static void test_gaps_and_zero(void) {
  setting s;
  init(&s, "[0, 0]", "[{\"event\": \"rout\", \"published\": \"2025-01-22\", \"until\": \"2025-01-28\"}]");
  draw(&s, 77);
  s.panel.returns[1 * N_SESSIONS + EVENT - 100] = (double)NAN; /* five places fewer */
  s.panel.returns[2 * N_SESSIONS + EVENT + 1] = (double)NAN;   /* no CAR on one candidate */
  for (int t = 0; t < N_SESSIONS; t++) s.panel.returns[3 * N_SESSIONS + t] = 2 * s.panel.returns[t]; /* no residual */
  aft_result result = run(&s);
  const aft_candidate_row *row = &g_array_index(result.candidates, aft_candidate_row, 0);
  g_assert_cmpuint(row->n_placebos, ==, T - SPAN - 5);
  g_assert_true(isnan(row[5 + 1].car) && isnan(row[5 + 1].p_max) && !isnan(row[5].p_max));
  g_assert_cmpstr(row[10].note, ==, "the residuals do not vary");
  g_assert_true(isnan(row[10].p_max) && !isnan(row[10].car));
  const aft_candidate_row *mean = row + 5 * N_FIRMS;
  g_assert_true(mean->note != NULL && isnan(mean->p_max)); /* one of them has no scale */
  g_array_unref(result.candidates);
  clear(&s);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/candidates/definition", test_definition);
  g_test_add_func("/candidates/gaps-and-zero", test_gaps_and_zero);
  g_test_add_func("/candidates/size", test_size);
  return g_test_run();
}
