/* Wilcoxon's signed-rank statistic and its null distribution. */
#include <aftershock/stats/signed_rank.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_TOTAL = AFT_SIGNED_RANK_EXACT * (AFT_SIGNED_RANK_EXACT + 1) }; /* sum of doubled ranks */

/*
 * Numbers of sign patterns by doubled rank sum, then both tails. Counts stay below 2^50, so doubles hold them exactly;
 * doubled mid-ranks are integers.
 */
static double exact_p_value(const double *rank, size_t n, double w) {
  double patterns[MAX_TOTAL + 1];
  memset(patterns, 0, sizeof patterns);
  patterns[0] = 1.0;
  size_t total = 0;
  for (size_t i = 0; i < n; i++) {
    size_t doubled = (size_t)lround(2.0 * rank[i]);
    total += doubled;
    for (size_t s = total; s >= doubled; s--) patterns[s] += patterns[s - doubled];
  }
  size_t observed = (size_t)lround(2.0 * w);
  double lower = 0.0, upper = 0.0;
  for (size_t s = 0; s <= total; s++) {
    lower += s <= observed ? patterns[s] : 0.0;
    upper += s >= observed ? patterns[s] : 0.0;
  }
  return fmin(1.0, 2.0 * fmin(lower, upper) / ldexp(1.0, (int)n));
}

void aft_signed_rank_compute(const double *x, size_t n, double *magnitude, double *rank, aft_rank_item *work,
                             aft_signed_rank *result) {
  size_t m = 0;
  for (size_t i = 0; i < n; i++)
    if (x[i] != 0.0) magnitude[m++] = fabs(x[i]);
  *result = (aft_signed_rank){.n = m, .z = (double)NAN, .p_value = (double)NAN, .exact = m <= AFT_SIGNED_RANK_EXACT};
  if (m == 0) return;
  aft_rank_mid(magnitude, m, work, rank);
  aft_sum positive = {0.0, 0.0}, squares = {0.0, 0.0};
  for (size_t i = 0, j = 0; i < n; i++) {
    if (x[i] == 0.0) continue;
    if (x[i] > 0.0) aft_sum_add(&positive, rank[j]);
    aft_sum_add(&squares, rank[j] * rank[j]);
    j++;
  }
  double centre = 0.25 * (double)m * ((double)m + 1.0), sd = 0.5 * sqrt(aft_sum_get(&squares));
  result->w = aft_sum_get(&positive);
  result->z = (result->w - centre) / sd;
  if (result->exact)
    result->p_value = exact_p_value(rank, m, result->w);
  else
    result->p_value = aft_normal_p_value(fmax(0.0, fabs(result->w - centre) - 0.5) / sd);
}
