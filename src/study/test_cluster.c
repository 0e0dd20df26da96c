/* Tests of the mean CAR that allow events of one date, of one firm, or of both to be dependent. */
#include "study/test_internal.h"

#include <glib.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

typedef struct aft_cluster_item {
  int date, firm;
  size_t position; /* in the selection */
  size_t first;    /* position of the first event of its cluster */
} cluster_item;

static int compare_clusters(const void *left, const void *right) {
  const cluster_item *a = left, *b = right;
  if (a->date != b->date) return a->date < b->date ? -1 : 1;
  if (a->firm != b->firm) return a->firm < b->firm ? -1 : 1;
  return a->position < b->position ? -1 : a->position > b->position;
}

/* Sorted by cluster, then position. What does not divide the events is set to 0. */
static cluster_item *sort_clusters(const aft_test_input *input, const size_t *row, size_t n, enum aft_cluster_by by) {
  struct aft_test_cache *cache = input->cache;
  if (cache->cluster_item == NULL) cache->cluster_item = g_new(cluster_item, cache->n);
  cluster_item *item = cache->cluster_item;
  for (size_t i = 0; i < n; i++) {
    item[i] = (cluster_item){.position = i};
    if (by == AFT_CLUSTER_DATE || by == AFT_CLUSTER_FIRM_DATE)
      item[i].date = aft_abnormal_date(input->abnormal, row[i], 0);
    if (by == AFT_CLUSTER_FIRM || by == AFT_CLUSTER_FIRM_DATE)
      item[i].firm = aft_abnormal_firm(input->abnormal, row[i]);
  }
  if (n > 1) qsort(item, n, sizeof *item, compare_clusters);
  return item;
}

size_t aft_test_clusters(const aft_test_input *input, enum aft_cluster_by by, const size_t **index) {
  const aft_selection *events = aft_test_complete(input);
  size_t *cluster = aft_test_event_index(input->cache, 0), *leader = aft_test_event_index(input->cache, 1);
  *index = cluster;
  if (by == AFT_CLUSTER_EVENT) {
    for (size_t i = 0; i < events->n; i++) cluster[i] = i;
    return events->n;
  }
  const cluster_item *item = sort_clusters(input, events->row, events->n, by);
  for (size_t i = 0, first = 0; i < events->n; i++) {
    if (item[i].date != item[first].date || item[i].firm != item[first].firm) first = i;
    leader[item[i].position] = item[first].position;
  }
  /* Leaders come before their followers, so one pass numbers the clusters by first appearance. */
  size_t n_clusters = 0;
  for (size_t i = 0; i < events->n; i++) cluster[i] = leader[i] == i ? n_clusters++ : cluster[leader[i]];
  return n_clusters;
}

const size_t *aft_test_date_order(const aft_test_input *input) {
  const aft_selection *events = aft_test_complete(input);
  const cluster_item *item = sort_clusters(input, events->row, events->n, AFT_CLUSTER_DATE);
  size_t *order = aft_test_event_index(input->cache, 0);
  for (size_t i = 0; i < events->n; i++) order[i] = item[i].position;
  return order;
}

bool aft_test_has_repeated_firm(const aft_test_input *input) {
  const cluster_item *item = sort_clusters(input, input->member, input->n, AFT_CLUSTER_FIRM);
  for (size_t i = 1; i < input->n; i++)
    if (item[i].firm == item[i - 1].firm) return true;
  return false;
}

double aft_test_cluster_variance(const double *deviation, size_t n_clusters, size_t n) {
  aft_sum squares = {0.0, 0.0};
  for (size_t g = 0; g < n_clusters; g++) aft_sum_add(&squares, deviation[g] * deviation[g]);
  double groups = (double)n_clusters;
  return groups / (groups - 1.0) * aft_sum_get(&squares) / ((double)n * (double)n);
}

/* G/(G-1) sum_g (sum_{i in g} (x_i - mean))^2 / n^2; NaN for fewer than 2 clusters. */
static double variance_by(const aft_test_input *input, enum aft_cluster_by by, double mean, size_t *n_clusters) {
  const size_t *cluster;
  size_t groups = aft_test_clusters(input, by, &cluster);
  const aft_selection *events = &input->cache->complete;
  *n_clusters = groups;
  if (groups < 2) return (double)NAN;
  double *deviation = aft_test_event_work(input->cache, 0);
  for (size_t g = 0; g < groups; g++) deviation[g] = 0.0;
  for (size_t i = 0; i < events->n; i++) deviation[cluster[i]] += events->value[i] - mean;
  return aft_test_cluster_variance(deviation, groups, events->n);
}

/*
 * t = mean / sqrt(V), Student(G - 1). Two-way: V by date + V by firm - V by both, the smaller G.
 * Source: Cameron, Gelbach and Miller (2011), J. Business and Economic Statistics 29.
 */
void aft_test_clustered(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  if (events->n == 0) {
    aft_test_start(result, 0, (double)NAN);
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
    return;
  }
  double mean = aft_mean(events->value, events->n);
  aft_test_start(result, events->n, mean);
  size_t groups, other;
  double variance =
      variance_by(input, variant == AFT_CLUSTERED_FIRM ? AFT_CLUSTER_FIRM : AFT_CLUSTER_DATE, mean, &groups);
  if (variant == AFT_CLUSTERED_TWOWAY) {
    variance += variance_by(input, AFT_CLUSTER_FIRM, mean, &other);
    groups = MIN(groups, other);
    variance -= variance_by(input, AFT_CLUSTER_FIRM_DATE, mean, &other);
  }
  if (events->n < 2 || groups < 2) {
    aft_test_undefined(result, events->n, events->n < 2 ? AFT_NOTE_FEWER_THAN_2 : "fewer than 2 clusters");
    return;
  }
  if (!(variance > 0.0) || aft_sd_is_zero(sqrt(variance), mean)) {
    aft_test_undefined(result, events->n, "the clustered variance is not positive");
    return;
  }
  aft_test_student(result, mean / sqrt(variance), (double)groups - 1.0);
}
