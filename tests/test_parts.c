/* study/parts: the division of events, and the rows of a fit as bytes: the same back, and nothing unsound from damaged bytes. */
#include "study/part_rows.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_ROWS = 7, N_CANDIDATES = 10, N_EST = 5, N_REL = 3, WIDTH = 4, N_Z = 2, N_WINDOWS = 3 };

static void test_range(void) {
  static const size_t sizes[] = {0, 1, 5, 64, 1000003};
  for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++)
    for (size_t count = 1; count < 70; count += count < 9 ? 1 : 13) {
      size_t n = sizes[i], end = 0, first, last;
      for (size_t k = 0; k < count; k++, end = last) {
        aft_parts_range(n, count, k, &first, &last);
        g_assert_cmpuint(first, ==, end); /* no gap, no overlap */
        g_assert_true(last - first == n / count || last - first == n / count + 1);
        g_assert_cmpuint(first, ==, n * k / count);
      }
      g_assert_cmpuint(end, ==, n);
    }
  size_t first, last; /* where n k does not fit into 64 bits */
  aft_parts_range(G_MAXSIZE, 3, 2, &first, &last);
  g_assert_true(first == G_MAXSIZE / 3 * 2 && last == G_MAXSIZE);
}

/* A model result with rows of every kind: gaps, residuals, no donors. */
static void fill(aft_model_result *model, guint32 seed) {
  static const char *const notes[] = {NULL, "a note", NULL, "another note", "a note", NULL, NULL};
  aft_abnormal *a = &model->abnormal;
  GRand *draws = g_rand_new_with_seed(seed);
  *model = (aft_model_result){.width = WIDTH};
  a->n_est = N_EST;
  a->n_rel = N_REL;
  a->n_z = N_Z;
  a->n_events = N_ROWS;
  a->note = g_new0(const char *, N_ROWS);
  memcpy(a->note, notes, sizeof notes);
  a->fit = g_new(aft_event_fit, N_ROWS);
  a->gap = g_new(int, N_ROWS *N_REL);
  for (int i = 0; i < N_ROWS; i++)
    a->fit[i] = (aft_event_fit){.n_obs = g_rand_int_range(draws, -9, 300),
                                .n_coef = g_rand_int_range(draws, -9, 300),
                                .n_terms = g_rand_int_range(draws, 0, WIDTH + 1),
                                .first_used = g_rand_int_range(draws, -300, 9),
                                .last_used = g_rand_int_range(draws, -300, 9),
                                .df = g_rand_double(draws),
                                .sigma = g_rand_double(draws),
                                .r_squared = (double)NAN};
  for (int j = 0; j < N_ROWS * N_REL; j++) a->gap[j] = g_rand_int_range(draws, -9, 300);
  model->coefficient = g_new(aft_coefficient, N_ROWS * WIDTH);
  for (int j = 0; j < N_ROWS * WIDTH; j++)
    model->coefficient[j] = (aft_coefficient){g_rand_double(draws), g_rand_double(draws)};
  double **values[] = {&a->loglik, &a->realised, &a->expected, &a->abnormal, &a->h, &a->z, &a->residual, &model->bhar};
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
    *values[i] = g_new(double, N_ROWS *N_REL *N_EST);
    for (int j = 0; j < N_ROWS * N_REL * N_EST; j++)
      (*values[i])[j] = g_rand_int_range(draws, 0, 9) == 0 ? (double)NAN : g_rand_double(draws);
  }
  g_rand_free(draws);
}

static void clear(aft_model_result *model) {
  aft_abnormal *a = &model->abnormal;
  void *const owned[] = {(void *)a->note, a->fit, a->gap, a->loglik,   a->realised,        a->expected,
                         a->abnormal,     a->h,   a->z,   a->residual, model->coefficient, model->bhar};
  for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) g_free(owned[i]);
}

typedef struct tape {
  GByteArray *bytes;
  size_t at;
} tape;

static bool put(const void *bytes, size_t size, void *data, GError **error) {
  (void)error;
  g_byte_array_append(((tape *)data)->bytes, bytes, (guint)size);
  return true;
}

static bool get(size_t part, void *bytes, size_t size, void *data, GError **error) {
  tape *t = data;
  g_assert_cmpuint(part, ==, 5);
  if (size > t->bytes->len - t->at) {
    g_set_error_literal(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA, "over");
    return false;
  }
  memcpy(bytes, t->bytes->data + t->at, size);
  t->at += size;
  return true;
}

static char *name(size_t part, void *data) {
  (void)data;
  return g_strdup_printf("part %zu", part);
}

static void record(tape *t, const aft_model_result *model) {
  const char *reason[N_CANDIDATES] = {NULL, NULL, "too few", NULL, "no benchmark", NULL, NULL, NULL, "too few", NULL};
  int n_obs[N_CANDIDATES] = {0, 0, 17, 0, 0, 0, 0, 0, 99, 0};
  GError *error = NULL;
  const aft_parts parts = {.count = 6, .own = 5, .put = put, .data = t};
  const part_lists lists = {N_CANDIDATES, reason, n_obs, N_WINDOWS, N_ROWS};
  *t = (tape){g_byte_array_new(), 0};
  g_assert_true(part_rows_put(&parts, model, &lists, &error));
  g_assert_no_error(error);
}

/* Whether the bytes were taken; what they filled is sound then. */
static bool take(tape *t, aft_model_result *model, size_t row, GError **error) {
  const char *reason[N_CANDIDATES];
  int n_obs[N_CANDIDATES];
  size_t n_kept = 0, n = 0;
  const aft_parts parts = {.count = 6, .own = -1, .get = get, .name = name, .data = t};
  part_lists lists = {N_CANDIDATES, reason, n_obs, N_WINDOWS, N_ROWS};
  t->at = 0;
  if (!part_rows_get(&parts, 5, model, row, &lists, &n_kept, error)) return false;
  for (size_t i = 0; i < N_CANDIDATES; i++) {
    g_assert_true(reason[i] == NULL || g_utf8_validate(reason[i], -1, NULL));
    n += reason[i] == NULL;
  }
  g_assert_cmpuint(n, ==, n_kept);
  g_assert_cmpuint(n_kept, ==, N_ROWS);
  for (size_t i = row; i < row + n_kept; i++)
    g_assert_true(model->abnormal.fit[i].n_terms >= 0 && model->abnormal.fit[i].n_terms <= WIDTH);
  return true;
}

static void test_round_trip(void) {
  aft_model_result model, back;
  tape t;
  GError *error = NULL;
  fill(&model, 1);
  fill(&back, 2);
  record(&t, &model);
  bool taken = take(&t, &back, 0, &error);
  g_assert_no_error(error);
  g_assert_true(taken);
  g_assert_cmpuint(t.at, ==, t.bytes->len);
  const aft_abnormal *a = &model.abnormal, *b = &back.abnormal;
  g_assert_true(memcmp(a->z, b->z, N_ROWS * N_REL * N_Z * sizeof(double)) == 0);
  g_assert_true(memcmp(a->residual, b->residual, N_ROWS * N_EST * sizeof(double)) == 0);
  g_assert_true(memcmp(a->gap, b->gap, N_ROWS * N_REL * sizeof(int)) == 0);
  g_assert_true(memcmp(model.coefficient, back.coefficient, N_ROWS * WIDTH * sizeof *model.coefficient) == 0);
  g_assert_true(memcmp(model.bhar, back.bhar, N_ROWS * N_WINDOWS * sizeof(double)) == 0);
  g_assert_true(memcmp(a->fit, b->fit, N_ROWS * sizeof *a->fit) == 0);
  for (size_t i = 0; i < N_ROWS; i++) g_assert_cmpstr(a->note[i], ==, b->note[i]);
  g_byte_array_unref(t.bytes);
  clear(&model);
  clear(&back);
}

/* Any byte changed: refused, or numbers that can be (a checksum finds those); never a crash. Any end cut off: refused. */
static void test_damage(void) {
  aft_model_result model, back;
  tape t;
  GRand *draws = g_rand_new_with_seed(3);
  size_t n_refused = 0;
  fill(&model, 1);
  fill(&back, 2);
  record(&t, &model);
  for (guint i = 0; i < t.bytes->len; i++) {
    GError *error = NULL;
    guint8 old = t.bytes->data[i];
    t.bytes->data[i] = (guint8)(old ^ (guint8)g_rand_int_range(draws, 1, 256));
    if (!take(&t, &back, 0, &error)) {
      g_assert_nonnull(error);
      g_clear_error(&error);
      n_refused++;
    }
    t.bytes->data[i] = old;
  }
  g_assert_cmpuint(n_refused, >, 48); /* at least the heading */
  for (guint n = t.bytes->len; n-- > 0;) {
    GError *error = NULL;
    g_byte_array_set_size(t.bytes, n);
    g_assert_false(take(&t, &back, 0, &error));
    g_clear_error(&error);
  }
  g_byte_array_unref(t.bytes);
  g_rand_free(draws);
  clear(&model);
  clear(&back);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/parts/range", test_range);
  g_test_add_func("/parts/round-trip", test_round_trip);
  g_test_add_func("/parts/damage", test_damage);
  return g_test_run();
}
