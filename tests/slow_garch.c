/*
 * stats/garch on the benchmark series of the field: 1974 daily returns of the German mark against the pound (Bollerslev and
 * Ghysels 1996, J. Business and Economic Statistics 14). The series is not ours to ship: AFT_DEM2GBP names a file with one
 * return a line (R's fGarch has it as dem2gbp); without it the test is skipped.
 */
#include "support/support.h"

#include <aftershock/stats/garch.h>

#include <gsl/gsl_errno.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 1974 };

static bool read_series(double *y) {
  const char *path = g_getenv("AFT_DEM2GBP");
  g_autofree char *text = NULL;
  GError *error = NULL;
  if (path == NULL) return false;
  g_assert_true(g_file_get_contents(path, &text, NULL, &error));
  char *at = text, *end = text;
  for (int i = 0; i < N; i++, at = end) {
    y[i] = g_ascii_strtod(at, &end);
    g_assert_true(end != at);
  }
  return true;
}

/* What Fiorentini, Calzolari and Panattoni (1996), J. Applied Econometrics 11, print, to their six digits. */
static void test_benchmark(void) {
  static double y[N];
  g_autofree double *work = g_new(double, aft_garch_work_size(N));
  aft_garch_result fit;
  if (!read_series(y)) {
    g_test_skip("AFT_DEM2GBP names no file");
    return;
  }
  g_assert_true(aft_garch_fit(AFT_GARCH_PLAIN, NULL, y, N, work, &fit));
  g_test_message("mu %.9g w %.9g a %.9g c %.9g logL %.9g; errors %.6g %.6g %.6g %.6g", fit.model.alpha, fit.model.w,
                 fit.model.a, fit.model.c, fit.loglik, fit.standard_error[0], fit.standard_error[1],
                 fit.standard_error[2], fit.standard_error[3]);
  assert_close(fit.model.alpha, -0.00619041, 1e-5);
  assert_close(fit.model.w, 0.0107613, 1e-5);
  assert_close(fit.model.a, 0.153134, 1e-5);
  assert_close(fit.model.c, 0.805974, 1e-5);
  assert_close(fit.loglik, -1106.61, 5e-6);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/garch/benchmark", test_benchmark);
  return g_test_run();
}
