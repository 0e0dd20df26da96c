/* Mid-ranks by sorting. */
#include <aftershock/stats/rank.h>

#include <math.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

static int compare_items(const void *left, const void *right) {
  double a = ((const aft_rank_item *)left)->value, b = ((const aft_rank_item *)right)->value;
  return a < b ? -1 : a > b;
}

size_t aft_rank_mid(const double *x, size_t n, aft_rank_item *work, double *rank) {
  size_t m = 0;
  for (size_t i = 0; i < n; i++) {
    rank[i] = (double)NAN;
    if (!isnan(x[i]))
      work[m++] = (aft_rank_item){x[i], i};
  }
  if (m > 1)
    qsort(work, m, sizeof *work, compare_items);
  for (size_t first = 0, next; first < m; first = next) {
    for (next = first + 1; next < m && work[next].value == work[first].value; next++)
      continue;
    for (size_t j = first; j < next; j++)
      rank[work[j].index] = 0.5 * (double)(first + 1 + next);
  }
  return m;
}
