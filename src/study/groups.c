/* Every pair of groups of a sample: do their CARs differ in the mean, or in how far they scatter? */
#include "study_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const aft_group_test table[] = {
    {"welch", "Welch t, difference of means", aft_compare_means},
    {"brown_forsythe", "Brown-Forsythe F, difference of spreads", aft_compare_spreads},
};

const aft_group_test *aft_group_tests(size_t *n) {
  *n = G_N_ELEMENTS(table);
  return table;
}

static const char *group_of(const aft_model_result *model, const aft_result *study, size_t row) {
  return study->events->rows[model->abnormal.event[row]].group;
}

/* Labels of a sample's events by first appearance, borrowed; index [n] is filled with each member's, -1 for one without. */
static GPtrArray *collect_groups(const aft_model_result *model, const aft_result *study, const aft_sample *sample,
                                 long *index) {
  GPtrArray *names = g_ptr_array_new();
  g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < sample->n; i++) {
    const char *group = group_of(model, study, sample->member[i]);
    index[i] = -1;
    if (group[0] == '\0') continue;
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(known, group));
    if (at == 0) {
      g_ptr_array_add(names, (gpointer)(guintptr)group);
      g_hash_table_insert(known, (gpointer)(guintptr)group, GUINT_TO_POINTER(at = names->len));
    }
    index[i] = (long)at - 1;
  }
  return names;
}

/* CARs of one group over one window; work has room for the sample. */
static aft_sample_moments measure(const aft_sample *sample, const double *car, const long *index, long group,
                                  double *work) {
  size_t n = 0;
  for (size_t i = 0; i < sample->n; i++)
    if (index[i] == group && !isnan(car[sample->member[i]])) work[n++] = car[sample->member[i]];
  return aft_sample_moments_compute(work, n);
}

static void compare_pairs(const aft_group_row *start, const GPtrArray *names, const aft_sample_moments *moments,
                          GArray *rows) {
  for (guint a = 0; a < names->len; a++)
    for (guint b = a + 1; b < names->len; b++)
      for (size_t t = 0; t < G_N_ELEMENTS(table); t++) {
        aft_group_row row = *start;
        row.test = &table[t];
        row.group[0] = g_ptr_array_index(names, a);
        row.group[1] = g_ptr_array_index(names, b);
        row.n[0] = moments[a].n;
        row.n[1] = moments[b].n;
        row.comparison = table[t].compare(&moments[a], &moments[b]);
        g_array_append_val(rows, row);
      }
}

bool aft_study_compare_groups(aft_model_result *model, const aft_result *study) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_group_row));
  bool all_compared = true;
  for (size_t s = 0; s < model->n_samples; s++) {
    const aft_sample *sample = &model->samples[s];
    g_autofree long *index = g_new(long, MAX(sample->n, 1));
    g_autofree double *work = g_new(double, MAX(sample->n, 1));
    aft_sample_moments moments[AFT_STUDY_MAX_GROUPS];
    g_autoptr(GPtrArray) names = collect_groups(model, study, sample, index);
    all_compared = all_compared && names->len <= AFT_STUDY_MAX_GROUPS;
    if (names->len < 2 || names->len > AFT_STUDY_MAX_GROUPS) continue;
    for (size_t w = 0; w < study->config->n_windows; w++) {
      for (guint g = 0; g < names->len; g++) moments[g] = measure(sample, model->windows[w].car, index, g, work);
      compare_pairs(&(aft_group_row){.sample = s, .window = w}, names, moments, rows);
    }
  }
  model->n_groups = rows->len;
  model->groups = (aft_group_row *)(gpointer)g_array_free(rows, FALSE);
  return all_compared;
}
