/* The score of a link: ours, there is none in the literature. */
#include <aftershock/link/score.h>

#include <aftershock/link/mention.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/moves.h>

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { SURGE_SESSIONS = 60, SURGE_LEAST = 5 };

static const struct {
  const char *name;
  double weight;
} components[AFT_N_COMPONENTS] = {[AFT_COMPONENT_TIME] = {"time", 0.35},
                                  [AFT_COMPONENT_MENTION] = {"mention", 0.30},
                                  [AFT_COMPONENT_SURGE] = {"surge", 0.15},
                                  [AFT_COMPONENT_TONE] = {"tone", 0.20}};

const char *aft_component_name(enum aft_component component) { return components[component].name; }
double aft_component_weight(enum aft_component component) { return components[component].weight; }

double aft_link_time(long sessions_before) {
  if (sessions_before == -AFT_LINK_AFTER) return 0.5 * exp(-1);
  return sessions_before >= 0 && sessions_before <= AFT_LINK_BEFORE ? exp(-(double)sessions_before) : 0;
}

double aft_link_mention(const aft_article *article, const char *symbol, char *const *names) {
  if (aft_mention_count_security(article->title, symbol, names) > 0) return 1;
  double hits = (double)aft_mention_count_security(article->body, symbol, names), n_tags = 0, tagged = 0;
  for (char **tag = article->symbols; *tag != NULL; tag++) {
    n_tags++;
    if (g_str_equal(*tag, symbol)) tagged = 1;
  }
  if (tagged > 0) hits += 4 / n_tags;
  return hits / (hits + 2);
}

double aft_link_surge_score(const double *counts, size_t column) {
  double value[SURGE_SESSIONS], distance[SURGE_SESSIONS];
  size_t n = MIN(column, SURGE_SESSIONS);
  if (n < SURGE_LEAST) return (double)NAN;
  for (size_t i = 0; i < n; i++) value[i] = log1p(counts[column - n + i]);
  double mean = aft_mean(value, n), sd = aft_sd(value, n, mean), median = aft_median(value, n);
  for (size_t i = 0; i < n; i++) distance[i] = fabs(value[i] - median);
  double above = log1p(counts[column]) - median, scale = AFT_MAD_SCALE * aft_median(distance, n);
  if (!(scale > 0)) scale = aft_sd_is_zero(sd, mean) ? 0 : sd;
  if (scale > 0) return above / scale;
  return above > 0 ? (double)INFINITY : 0;
}

double aft_link_surge(double z) {
  if (!(z > 0)) return 0;
  return isinf(z) ? 1 : z / (z + 2);
}

double aft_link_tone(double tone, double move) {
  if (isnan(tone) || isnan(move) || fabs(tone) <= AFT_TONE_DEAD || !(fabs(move) > 0)) return 0.5;
  return (tone > 0) == (move > 0) ? 1 : 0;
}

/* Weighted mean of the present components but one; NaN when none is left. */
static double mean_without(const double *component, int left_out) {
  double sum = 0, weights = 0;
  for (int c = 0; c < AFT_N_COMPONENTS; c++) {
    if (c == left_out || isnan(component[c])) continue;
    sum += components[c].weight * component[c];
    weights += components[c].weight;
  }
  return weights > 0 ? sum / weights : (double)NAN;
}

void aft_link_score_compute(aft_link_score *score) {
  const double *component = score->component;
  score->score = score->low = score->high = 0;
  if (component[AFT_COMPONENT_TIME] <= 0 || component[AFT_COMPONENT_MENTION] <= 0) return;
  score->score = score->low = score->high = mean_without(component, -1);
  for (int c = 0; c < AFT_N_COMPONENTS; c++) {
    if (isnan(component[c])) continue;
    double without = mean_without(component, c);
    if (isnan(without)) continue;
    score->low = fmin(score->low, without);
    score->high = fmax(score->high, without);
  }
}

bool aft_link_score_is_ahead(const aft_link_score *a, const aft_link_score *b) {
  if (!(a->score > b->score)) return false;
  for (int c = 0; c < AFT_N_COMPONENTS; c++)
    if (mean_without(a->component, c) < mean_without(b->component, c)) return false;
  return true;
}
