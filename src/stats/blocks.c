/* Means, squares and products by blocks of sessions, and their union over a window. */
#include <aftershock/stats/blocks.h>

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

/* Sessions of a block: whole lanes. Longer ones leave more at the ends of a window, shorter ones make more of them. */
enum { BLOCK = 32, BLOCK_LANES = BLOCK / LANES };

/* At most this many whole lanes lie outside whole blocks: a window of less than two blocks has none. */
enum { MOST_ENDS = 2 * BLOCK_LANES + 2 };

static size_t count_blocks(long n) { return (size_t)(n + BLOCK - 1) / BLOCK; }

size_t aft_blocks_size(long n) { return 8 * (count_blocks(n) + LANES); }

void aft_blocks_place(aft_blocks *b, long n, double *room) {
  size_t stride = count_blocks(n) + LANES; /* lanes are read from any block on */
  double **const arrays[] = {&b->count, &b->x_mean, &b->x_rest, &b->y_mean, &b->y_rest, &b->xx, &b->xy, &b->yy};
  for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) *arrays[i] = room + i * stride;
  for (size_t i = 0; i < G_N_ELEMENTS(arrays) * stride; i++) room[i] = 0;
  b->x = b->y = NULL;
}

void aft_blocks_begin(aft_blocks *b, const double *x, const double *y, long n) {
  b->x = x;
  b->y = y;
  b->n = n;
  for (size_t i = 0; i < count_blocks(n); i++) b->count[i] = -1;
}

/* Eight pairs and their weights, 0 or 1; a pair of weight 0 is of finite numbers. */
typedef struct pairs {
  lanes x, y, weight;
} pairs;

/* Weights of eight from `start` on, of which those of lower .. upper-1 count. Read from a table: comparing lanes is slow. */
LANES_INLINE void weigh(lanes *weight, long start, long lower, long upper) {
  static const double steps[3 * LANES] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  lanes other;
  lanes_load(weight, &steps[LANES] - CLAMP(lower - start, 0, LANES));
  lanes_load(&other, &steps[LANES + LANES] - CLAMP(upper - start, 0, LANES));
  *weight *= other;
}

LANES_INLINE void load_whole(pairs *out, const aft_blocks *b, long start, long lower, long upper) {
  lanes_load(&out->x, b->x + start);
  lanes_load(&out->y, b->y + start);
  weigh(&out->weight, start, lower, upper);
}

/* The same where values are missing, or the series ends. */
LANES_INLINE void load_some(pairs *out, const aft_blocks *b, long start, long lower, long upper) {
  double x[LANES], y[LANES], weight[LANES];
  for (long i = 0; i < LANES; i++) {
    long t = start + i;
    bool counts = t >= lower && t < upper && !isnan(b->x[t] + b->y[t]);
    x[i] = counts ? b->x[t] : 0;
    y[i] = counts ? b->y[t] : 0;
    weight[i] = counts;
  }
  lanes_load(&out->x, x);
  lanes_load(&out->y, y);
  lanes_load(&out->weight, weight);
}

/* Sums of pairs about a centre. */
typedef struct totals {
  lanes x, y, xx, xy, yy;
} totals;

LANES_INLINE void add_pairs(totals *t, const pairs *p, double x_centre, double y_centre) {
  lanes u = (p->x - x_centre) * p->weight, v = (p->y - y_centre) * p->weight;
  t->x += u;
  t->y += v;
  t->xx += u * u;
  t->xy += u * v;
  t->yy += v * v;
}

/* Moments about the centre become those about the means, which are centre + rest. */
typedef struct spread {
  double x_rest, y_rest, xx, xy, yy;
} spread;

LANES_INLINE void centre(const totals *t, double n, spread *m) {
  double x = lanes_sum(&t->x), y = lanes_sum(&t->y);
  m->x_rest = x / n;
  m->y_rest = y / n;
  m->xx = fmax(0, lanes_sum(&t->xx) - x * m->x_rest);
  m->xy = lanes_sum(&t->xy) - x * m->y_rest;
  m->yy = fmax(0, lanes_sum(&t->yy) - y * m->y_rest);
}

/* Whether no value of the block is missing; the last of a series that ends within it counts as if one were. */
LANES_INLINE bool is_whole(const aft_blocks *b, long first) {
  lanes sum = {0}, a;
  if (first + BLOCK > b->n) return false;
  for (long i = first; i < first + BLOCK; i += LANES) {
    lanes_load(&a, b->x + i);
    sum += a;
    lanes_load(&a, b->y + i);
    sum += a;
  }
  return !isnan(lanes_sum(&sum));
}

WIDEST static void make_block(const aft_blocks *b, long j) {
  pairs p[BLOCK_LANES];
  lanes count = {0}, x = {0}, y = {0};
  totals t = {{0}, {0}, {0}, {0}, {0}};
  spread m = {0, 0, 0, 0, 0};
  long first = j * BLOCK, last = MIN(first + BLOCK, b->n);
  bool whole = is_whole(b, first);
  for (int i = 0; i < BLOCK_LANES; i++) {
    long start = first + (long)i * LANES;
    if (whole)
      load_whole(&p[i], b, start, first, last);
    else
      load_some(&p[i], b, start, first, last);
    count += p[i].weight;
    x += p[i].x;
    y += p[i].y;
  }
  double n = lanes_sum(&count), x_mean = n > 0 ? lanes_sum(&x) / n : 0, y_mean = n > 0 ? lanes_sum(&y) / n : 0;
  for (int i = 0; i < BLOCK_LANES; i++) add_pairs(&t, &p[i], x_mean, y_mean);
  if (n > 0) centre(&t, n, &m);
  b->count[j] = n;
  b->x_mean[j] = x_mean;
  b->y_mean[j] = y_mean;
  b->x_rest[j] = m.x_rest;
  b->y_rest[j] = m.y_rest;
  b->xx[j] = m.xx;
  b->xy[j] = m.xy;
  b->yy[j] = m.yy;
}

/* An end of a window: pairs of lower .. upper-1, in whole lanes of the series. Returns the pairs behind them. */
LANES_INLINE pairs *load_end(const aft_blocks *b, long lower, long upper, pairs *end) {
  for (long start = lower / LANES * LANES; start < upper; start += LANES, end++) {
    if (b->count[start / BLOCK] == BLOCK)
      load_whole(end, b, start, lower, upper);
    else
      load_some(end, b, start, lower, upper);
  }
  return end;
}

/* How many pairs eight blocks from j on have, those before `last`. */
LANES_INLINE void load_count(lanes *count, const aft_blocks *b, long j, long last) {
  lanes weight;
  weigh(&weight, j, j, last);
  lanes_load(count, b->count + j);
  *count *= weight;
}

/* Adds these blocks to the sums about the centres. */
LANES_INLINE void add_blocks(totals *t, const aft_blocks *b, long j, long last, double x_centre, double y_centre) {
  lanes count, u, v, rest, squares, weight;
  load_count(&count, b, j, last);
  weigh(&weight, j, j, last);
  lanes_load(&u, b->x_mean + j);
  lanes_load(&rest, b->x_rest + j);
  u = (u - x_centre) + rest;
  lanes_load(&v, b->y_mean + j);
  lanes_load(&rest, b->y_rest + j);
  v = (v - y_centre) + rest;
  lanes nu = count * u, nv = count * v;
  t->x += nu;
  t->y += nv;
  lanes_load(&squares, b->xx + j);
  t->xx += squares * weight + nu * u;
  lanes_load(&squares, b->xy + j);
  t->xy += squares * weight + nu * v;
  lanes_load(&squares, b->yy + j);
  t->yy += squares * weight + nv * v;
}

WIDEST static int unite(const aft_blocks *b, long first, int n, aft_line_moments *out) {
  pairs ends[MOST_ENDS];
  lanes count = {0}, x = {0}, y = {0}, a, c;
  totals t = {{0}, {0}, {0}, {0}, {0}};
  spread m;
  long last = first + n, from = (first + BLOCK - 1) / BLOCK, to = last / BLOCK;
  bool has_blocks = from < to;
  const pairs *end = load_end(b, first, has_blocks ? from * BLOCK : last, ends);
  if (has_blocks) end = load_end(b, to * BLOCK, last, ends + (end - ends));
  for (const pairs *p = ends; p < end; p++) {
    count += p->weight;
    x += p->x * p->weight;
    y += p->y * p->weight;
  }
  for (long j = from; j < to; j += LANES) {
    load_count(&c, b, j, to);
    count += c;
    lanes_load(&a, b->x_mean + j);
    x += a * c;
    lanes_load(&a, b->y_mean + j);
    y += a * c;
  }
  double n_used = lanes_sum(&count);
  if (!(n_used > 0)) return 0;
  double x_mean = lanes_sum(&x) / n_used, y_mean = lanes_sum(&y) / n_used;
  for (const pairs *p = ends; p < end; p++) add_pairs(&t, p, x_mean, y_mean);
  for (long j = from; j < to; j += LANES) add_blocks(&t, b, j, to, x_mean, y_mean);
  centre(&t, n_used, &m);
  *out =
      (aft_line_moments){.x_mean = x_mean + m.x_rest, .y_mean = y_mean + m.y_rest, .xx = m.xx, .xy = m.xy, .yy = m.yy};
  return (int)n_used;
}

int aft_blocks_moments(aft_blocks *b, long first, int n, aft_line_moments *moments) {
  g_assert(first >= 0 && n >= 1 && first + n <= b->n);
  for (long j = first / BLOCK; j <= (first + n - 1) / BLOCK; j++)
    if (b->count[j] < 0) make_block(b, j);
  return unite(b, first, n, moments);
}
