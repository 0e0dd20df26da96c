/* Mid-ranks by merge sort. */
#include <aftershock/stats/rank.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { SHORT_RUN = 8 }; /* up to this length insertion sort; 6 to 12 cost the same */

static void sort_short(aft_rank_item *item, size_t n) {
  for (size_t i = 1; i < n; i++) {
    aft_rank_item moving = item[i];
    size_t j = i;
    for (; j > 0 && item[j - 1].value > moving.value; j--) item[j] = item[j - 1];
    item[j] = moving;
  }
}

static void merge(const aft_rank_item *left, size_t n_left, const aft_rank_item *right, size_t n_right,
                  aft_rank_item *out) {
  size_t i = 0, j = 0;
  while (i < n_left && j < n_right) {
    size_t take_right = right[j].value < left[i].value; /* a number, not a branch: half of them would be mispredicted */
    const aft_rank_item *side[2] = {left + i, right + j};
    *out++ = *side[take_right];
    j += take_right;
    i += 1 - take_right;
  }
  memcpy(out, left + i, (n_left - i) * sizeof *out);
  memcpy(out + (n_left - i), right + j, (n_right - j) * sizeof *out);
}

size_t aft_rank_sort(const double *x, size_t n, aft_rank_item *work) {
  aft_rank_item *from = work, *to = work + n;
  size_t m = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(x[i])) work[m++] = (aft_rank_item){x[i], i};
  for (size_t first = 0; first < m; first += SHORT_RUN)
    sort_short(work + first, m - first < SHORT_RUN ? m - first : SHORT_RUN);
  for (size_t width = SHORT_RUN; width < m; width *= 2) {
    for (size_t first = 0; first < m; first += 2 * width) {
      size_t middle = m - first < width ? m : first + width, last = m - first < 2 * width ? m : first + 2 * width;
      merge(from + first, middle - first, from + middle, last - middle, to + first);
    }
    aft_rank_item *swap = from;
    from = to;
    to = swap;
  }
  if (from != work) memcpy(work, from, m * sizeof *work);
  return m;
}

double aft_rank_median(const aft_rank_item *sorted, size_t m) {
  if (m == 0) return (double)NAN;
  double upper = sorted[m / 2].value;
  return m % 2 == 1 ? upper : 0.5 * (sorted[m / 2 - 1].value + upper);
}

void aft_rank_assign(const aft_rank_item *sorted, size_t m, double *rank) {
  for (size_t first = 0, next; first < m; first = next) {
    for (next = first + 1; next < m && sorted[next].value == sorted[first].value; next++) continue;
    for (size_t j = first; j < next; j++) rank[sorted[j].index] = 0.5 * (double)(first + 1 + next);
  }
}

size_t aft_rank_mid(const double *x, size_t n, aft_rank_item *work, double *rank) {
  for (size_t i = 0; i < n; i++)
    if (isnan(x[i])) rank[i] = (double)NAN;
  size_t m = aft_rank_sort(x, n, work);
  aft_rank_assign(work, m, rank);
  return m;
}
