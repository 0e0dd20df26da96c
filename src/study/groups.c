/* Every pair of groups of a sample: do their CARs differ in the mean, or in how far they scatter? */
#include "study_internal.h"

#include <math.h>

#include <aftershock/base/banned.h>

static const aft_group_test table[] = {
    {"welch", "Welch t, difference of means", aft_compare_means},
    {"brown_forsythe", "Brown-Forsythe F, difference of spreads", aft_compare_spreads},
};

const aft_group_test *aft_group_tests(size_t *n) {
  *n = G_N_ELEMENTS(table);
  return table;
}

/* Groups of a sample's events by first appearance; index [n] is filled with each member's place among them, -1 for one without. */
static GArray *collect_groups(const aft_model_result *model, const aft_membership *members, const aft_sample *sample,
                              int32_t *index) {
  GArray *groups = g_array_new(FALSE, FALSE, sizeof(int32_t));
  g_autofree int32_t *place = g_new(int32_t, members->n_groups);
  for (size_t g = 0; g < members->n_groups; g++) place[g] = -1;
  for (size_t i = 0; i < sample->n; i++) {
    int32_t group = members->group[model->abnormal.event[sample->member[i]]];
    index[i] = -1;
    if (group < 0) continue;
    if (place[group] < 0) {
      place[group] = (int32_t)groups->len;
      g_array_append_val(groups, group);
    }
    index[i] = place[group];
  }
  return groups;
}

/* CARs of one group over one window; work has room for the sample. */
static aft_sample_moments measure(const aft_sample *sample, const double *car, const int32_t *index, int32_t group,
                                  double *work) {
  size_t n = 0;
  for (size_t i = 0; i < sample->n; i++)
    if (index[i] == group && !isnan(car[sample->member[i]])) work[n++] = car[sample->member[i]];
  return aft_sample_moments_compute(work, n);
}

static void compare_pairs(const aft_group_row *start, const aft_membership *members, const GArray *groups,
                          const aft_sample_moments *moments, GArray *rows) {
  for (guint a = 0; a < groups->len; a++)
    for (guint b = a + 1; b < groups->len; b++)
      for (size_t t = 0; t < G_N_ELEMENTS(table); t++) {
        aft_group_row row = *start;
        row.test = &table[t];
        row.group[0] = members->group_name[g_array_index(groups, int32_t, a)];
        row.group[1] = members->group_name[g_array_index(groups, int32_t, b)];
        row.n[0] = moments[a].n;
        row.n[1] = moments[b].n;
        row.comparison = table[t].compare(&moments[a], &moments[b]);
        g_array_append_val(rows, row);
      }
}

bool aft_study_compare_groups(aft_model_result *model, const aft_config *config, const aft_membership *members) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_group_row));
  bool all_compared = true;
  for (size_t s = 0; s < model->n_samples && members->n_groups > 1; s++) {
    const aft_sample *sample = &model->samples[s];
    g_autofree int32_t *index = g_new(int32_t, MAX(sample->n, 1));
    g_autofree double *work = g_new(double, MAX(sample->n, 1));
    aft_sample_moments moments[AFT_STUDY_MAX_GROUPS];
    g_autoptr(GArray) groups = collect_groups(model, members, sample, index);
    all_compared = all_compared && groups->len <= AFT_STUDY_MAX_GROUPS;
    if (groups->len < 2 || groups->len > AFT_STUDY_MAX_GROUPS) continue;
    for (size_t w = 0; w < config->n_windows; w++) {
      for (guint g = 0; g < groups->len; g++)
        moments[g] = measure(sample, model->windows[w].car, index, (int32_t)g, work);
      compare_pairs(&(aft_group_row){.sample = s, .window = w}, members, groups, moments, rows);
    }
  }
  model->n_groups = rows->len;
  model->groups = (aft_group_row *)(gpointer)g_array_free(rows, FALSE);
  return all_compared;
}
