/* stats/ols against the certified values of NIST's Statistical Reference Datasets, linear regression. */
#include "support/support.h"

#include <aftershock/stats/ols.h>

#include <math.h>

#include <aftershock/base/banned.h>

/*
 * Data and certified values: NIST StRD, https://www.itl.nist.gov/div898/strd/lls/lls.shtml (works of the United States
 * government). Norris and Pontius: calibration data of NIST. Longley (1967), J. American Statistical Association 62.
 * Filip: Filippelli, NIST. Wampler (1970), J. American Statistical Association 65.
 */
#define MAX_N 82
#define MAX_K 11

typedef struct certified {
  int k;
  double coefficient[MAX_K], standard_error[MAX_K], sigma;
} certified;

static const double norris_y[] = {0.1, 338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3,
                                  0.1, 778.1, 668.8, 339.3, 448.9, 10.8,  557.7, 228.3, 998.0, 888.8, 119.6, 0.3,
                                  0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
static const double norris_x[] = {0.2, 337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4,
                                  0.6, 775.5, 666.9, 338.0, 447.5, 11.6,  556.0, 228.1, 995.8, 887.6, 120.2, 0.3,
                                  0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
static const certified norris = {
    2, {-0.262323073774029, 1.00211681802045}, {0.232818234301152, 0.429796848199937E-03}, 0.884796396144373};

/* Through the origin: 11 and 3 points on and about a line. */
static const double noint1_y[] = {130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140};
static const double noint1_x[] = {60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70};
static const certified noint1 = {1, {2.07438016528926}, {0.165289256198347E-01}, 3.56753034006338};
static const double noint2_y[] = {3, 4, 4}, noint2_x[] = {4, 5, 6};
static const certified noint2 = {1, {0.727272727272727}, {0.420827318078432E-01}, 0.369274472937998};

/* two runs over loads 150000, 300000, ..., 3000000 */
static const double pontius_y[] = {.11019,  .21956,  .32949,  .43899,  .54803,  .65694,  .76562,  .87487,
                                   .98292,  1.09146, 1.20001, 1.30822, 1.41599, 1.52399, 1.63194, 1.73947,
                                   1.84646, 1.95392, 2.06128, 2.16844, .11052,  .22018,  .32939,  .43886,
                                   .54798,  .65739,  .76596,  .87474,  .98300,  1.09150, 1.20004, 1.30818,
                                   1.41613, 1.52408, 1.63159, 1.73965, 1.84696, 1.95445, 2.06177, 2.16829};
static const certified pontius = {3,
                                  {0.673565789473684E-03, 0.732059160401003E-06, -0.316081871345029E-14},
                                  {0.107938612033077E-03, 0.157817399981659E-09, 0.486652849992036E-16},
                                  0.205177424076185E-03};

static const double longley[16][7] = {
    {60323, 83.0, 234289, 2356, 1590, 107608, 1947},  {61122, 88.5, 259426, 2325, 1456, 108632, 1948},
    {60171, 88.2, 258054, 3682, 1616, 109773, 1949},  {61187, 89.5, 284599, 3351, 1650, 110929, 1950},
    {63221, 96.2, 328975, 2099, 3099, 112075, 1951},  {63639, 98.1, 346999, 1932, 3594, 113270, 1952},
    {64989, 99.0, 365385, 1870, 3547, 115094, 1953},  {63761, 100.0, 363112, 3578, 3350, 116219, 1954},
    {66019, 101.2, 397469, 2904, 3048, 117388, 1955}, {67857, 104.6, 419180, 2822, 2857, 118734, 1956},
    {68169, 108.4, 442769, 2936, 2798, 120445, 1957}, {66513, 110.8, 444546, 4681, 2637, 121950, 1958},
    {68655, 112.6, 482704, 3813, 2552, 123366, 1959}, {69564, 114.2, 502601, 3931, 2514, 125368, 1960},
    {69331, 115.7, 518173, 4806, 2572, 127852, 1961}, {70551, 116.9, 554894, 4007, 2827, 130081, 1962}};
static const certified longley_values = {7,
                                         {-3482258.63459582, 15.0618722713733, -0.358191792925910E-01,
                                          -2.02022980381683, -1.03322686717359, -0.511041056535807E-01,
                                          1829.15146461355},
                                         {890420.383607373, 84.9149257747669, 0.334910077722432E-01, 0.488399681651699,
                                          0.214274163161675, 0.226073200069370, 455.478499142212},
                                         304.854073561965};

static const double filip_y[] = {
    0.8116, 0.9072, 0.9052, 0.9039, 0.8053, 0.8377, 0.8667, 0.8809, 0.7975, 0.8162, 0.8515, 0.8766, 0.8885, 0.8859,
    0.8959, 0.8913, 0.8959, 0.8971, 0.9021, 0.909,  0.9139, 0.9199, 0.8692, 0.8872, 0.89,   0.891,  0.8977, 0.9035,
    0.9078, 0.7675, 0.7705, 0.7713, 0.7736, 0.7775, 0.7841, 0.7971, 0.8329, 0.8641, 0.8804, 0.7668, 0.7633, 0.7678,
    0.7697, 0.77,   0.7749, 0.7796, 0.7897, 0.8131, 0.8498, 0.8741, 0.8061, 0.846,  0.8751, 0.8856, 0.8919, 0.8934,
    0.894,  0.8957, 0.9047, 0.9129, 0.9209, 0.9219, 0.7739, 0.7681, 0.7665, 0.7703, 0.7702, 0.7761, 0.7809, 0.7961,
    0.8253, 0.8602, 0.8809, 0.8301, 0.8664, 0.8834, 0.8898, 0.8964, 0.8963, 0.9074, 0.9119, 0.9228};
static const double filip_x[] = {
    -6.860120914, -4.324130045, -4.358625055, -4.358426747, -6.955852379, -6.661145254, -6.355462942, -6.118102026,
    -7.115148017, -6.815308569, -6.519993057, -6.204119983, -5.853871964, -6.109523091, -5.79832982,  -5.482672118,
    -5.171791386, -4.851705903, -4.517126416, -4.143573228, -3.709075441, -3.499489089, -6.300769497, -5.953504836,
    -5.642065153, -5.031376979, -4.680685696, -4.329846955, -3.928486195, -8.56735134,  -8.363211311, -8.107682739,
    -7.823908741, -7.522878745, -7.218819279, -6.920818754, -6.628932138, -6.323946875, -5.991399828, -8.781464495,
    -8.663140179, -8.473531488, -8.247337057, -7.971428747, -7.676129393, -7.352812702, -7.072065318, -6.774174009,
    -6.478861916, -6.159517513, -6.835647144, -6.53165267,  -6.224098421, -5.910094889, -5.598599459, -5.290645224,
    -4.974284616, -4.64454848,  -4.290560426, -3.885055584, -3.408378962, -3.13200249,  -8.726767166, -8.66695597,
    -8.511026475, -8.165388579, -7.886056648, -7.588043762, -7.283412422, -6.995678626, -6.691862621, -6.392544977,
    -6.067374056, -6.684029655, -6.378719832, -6.065855188, -5.752272167, -5.132414673, -4.811352704, -4.098269308,
    -3.66174277,  -3.2644011};
static const certified filip = {
    11,
    {-1467.48961422980, -2772.17959193342, -2316.37108160893, -1127.97394098372, -354.478233703349, -75.1242017393757,
     -10.8753180355343, -1.06221498588947, -0.670191154593408E-01, -0.246781078275479E-02, -0.402962525080404E-04},
    {298.084530995537, 559.779865474950, 466.477572127796, 227.204274477751, 71.6478660875927, 15.2897178747400,
     2.23691159816033, 0.221624321934227, 0.142363763154724E-01, 0.535617408889821E-03, 0.896632837373868E-05},
    0.334801051324544E-02};

/* Wampler3 at x = 0..20; Wampler1 is its polynomial 1 + x + ... + x^5 alone, 4 and 5 have 100 and 10000 times its noise. */
static const double wampler3_y[] = {760,    -2042,  2111,    -1684,   3888,    1858,    11379,
                                    17560,  39287,  64382,   113159,  175108,  273291,  400186,
                                    581243, 811568, 1121004, 1506550, 2002767, 2611612, 3369180};
static const certified wampler3 = {
    6,
    {1, 1, 1, 1, 1, 1},
    {2152.32624678170, 2363.55173469681, 779.343524331583, 101.475507550350, 5.64566512170752, 0.112324854679312},
    2360.14502379268};

static void powers(const double *x, int n, int k, double *columns) {
  for (int j = 0; j < k; j++)
    for (int i = 0; i < n; i++) columns[j * n + i] = j == 0 ? 1 : columns[(j - 1) * n + i] * x[i];
}

/* Fits and compares; certified standard errors of zero mean a perfect fit: they must be small against the data. */
static void check(const double *columns, const double *y, int n, const certified *values, double tolerance) {
  double x[MAX_N * MAX_K], qty[MAX_N], b[MAX_K], r[MAX_K * MAX_K], unit_error[MAX_K], rss = 0, size = 0;
  int k = values->k;
  for (int i = 0; i < n * k; i++) x[i] = columns[i];
  for (int i = 0; i < n; i++) qty[i] = y[i];
  g_assert_true(aft_ols_fit(x, qty, n, k, b, r));
  aft_ols_unit_errors(r, k, unit_error);
  for (int i = 0; i < n; i++) {
    double e = y[i];
    for (int j = 0; j < k; j++) e -= b[j] * columns[j * n + i];
    rss += e * e;
    size += y[i] * y[i];
  }
  double sigma = sqrt(rss / (n - k));
  if (values->sigma > 0)
    assert_close(sigma, values->sigma, tolerance);
  else
    g_assert_cmpfloat(sigma, <, 1e-12 * sqrt(size));
  for (int j = 0; j < k; j++) {
    assert_close(b[j] / values->coefficient[j], 1, tolerance); /* ratios: some values lie below assert_close's floor */
    if (values->sigma > 0) assert_close(sigma * unit_error[j] / values->standard_error[j], 1, tolerance);
  }
}

static void test_norris(void) {
  double columns[2 * 36];
  powers(norris_x, 36, 2, columns);
  check(columns, norris_y, 36, &norris, 1e-11); /* well conditioned; the small intercept cancels two digits */
}

static void test_origin(void) {
  check(noint1_x, noint1_y, 11, &noint1, 1e-13); /* certified to 15 digits, and nothing cancels */
  check(noint2_x, noint2_y, 3, &noint2, 1e-13);
}

static void test_pontius(void) {
  double load[40], columns[3 * 40];
  for (int i = 0; i < 40; i++) load[i] = 150000 * (i % 20 + 1);
  powers(load, 40, 3, columns);
  check(columns, pontius_y, 40, &pontius, 1e-11); /* the intercept is 1e-3 of y: three digits cancel */
}

static void test_longley(void) {
  double y[16], columns[7 * 16];
  for (int i = 0; i < 16; i++) {
    y[i] = longley[i][0];
    columns[i] = 1;
    for (int j = 1; j < 7; j++) columns[j * 16 + i] = longley[i][j];
  }
  check(columns, y, 16, &longley_values,
        1e-10); /* the smallest pivot is 9e-5 of the largest: four digits, and one of margin */
}

static void test_filip(void) {
  double columns[11 * 82];
  powers(filip_x, 82, 11, columns);
  check(columns, filip_y, 82, &filip,
        1e-6); /* the smallest pivot is 5e-8: the powers themselves are rounded to 1e-16 */
}

static void test_wampler(void) {
  static const double noise[] = {0, 1, 100, 10000};
  double x[21], y[21], columns[6 * 21];
  for (int i = 0; i < 21; i++) x[i] = i;
  powers(x, 21, 6, columns);
  for (int level = 0; level < 4; level++) {
    certified values = wampler3;
    values.sigma *= noise[level];
    for (int j = 0; j < 6; j++) values.standard_error[j] *= noise[level];
    for (int i = 0; i < 21; i++) {
      double exact = 0;
      for (int j = 0; j < 6; j++) exact += columns[j * 21 + i];
      y[i] = exact + noise[level] * (wampler3_y[i] - exact); /* integers: exact */
    }
    /* y reaches 3e6 and the noise 2e7 beside a coefficient of 1: 1e-16 times 1e7 times what the columns share */
    check(columns, y, 21, &values, level < 2 ? 1e-8 : level == 2 ? 1e-7 : 1e-5);
  }
  for (int i = 0; i < 21; i++) { /* Wampler2 */
    y[i] = 0;
    for (int j = 5; j >= 0; j--) y[i] = y[i] * x[i] / 10 + 1;
  }
  certified second = {6, {1, 0.1, 0.01, 0.001, 0.0001, 0.00001}, {0}, 0};
  check(columns, y, 21, &second, 1e-9);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/strd/norris", test_norris);
  g_test_add_func("/strd/origin", test_origin);
  g_test_add_func("/strd/pontius", test_pontius);
  g_test_add_func("/strd/longley", test_longley);
  g_test_add_func("/strd/filip", test_filip);
  g_test_add_func("/strd/wampler", test_wampler);
  return g_test_run();
}
