/* The size of a study's tests for its own sample: made-up events with the same number, dates and overlaps. */
#include "simulate_internal.h"

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Tests that the report's verdict rests on. */
static const char *const headline[] = {"bmp_kp", "grank_t", "sq"};

static int compare_columns(const void *a, const void *b) {
  long x = *(const long *)a, y = *(const long *)b;
  return x < y ? -1 : x > y;
}

/* Two event windows have a session in common when they are at most their length less one apart. */
static void imitate(simulate_pattern *pattern, const aft_model_result *model, const aft_sample *sample) {
  g_autofree long *column = g_new(long, sample->n);
  for (size_t i = 0; i < sample->n; i++) column[i] = model->abnormal.session[sample->member[i]];
  qsort(column, sample->n, sizeof *column, compare_columns);
  simulate_pattern_imitate(pattern, column, sample->n, model->abnormal.n_rel - 1);
}

static void warn_headline(const aft_result *result, aft_warnings *warnings) {
  const aft_simulation *card = result->size_card;
  for (guint i = 0; i < card->tests->len; i++) {
    const aft_simulated_test *row = &g_array_index(card->tests, aft_simulated_test, i);
    bool shown = false;
    for (size_t h = 0; h < G_N_ELEMENTS(headline); h++) shown = shown || strcmp(row->test->name, headline[h]) == 0;
    if (!shown || !aft_simulation_is_too_high(row->rate, card->level)) continue;
    const aft_window *window = &result->config->windows[row->window];
    aft_warnings_add(
        warnings,
        "%s over [%d, %d] rejects %.1f %% of draws without an effect at the %.4g %% level (dates like those of %s; see "
        "size_card.csv): take its p-values with care",
        row->test->name, window->first, window->last, 100 * row->rate, 100 * card->level, card->sample);
  }
}

void aft_size_card_run(aft_result *result, const aft_simulation_options *options, aft_warnings *warnings) {
  g_autoptr(GError) error = NULL;
  simulate_pool pool;
  simulate_pattern pattern;
  long index = aft_simulation_find_sample(result);
  if (index < 0) return; /* that no event could be used has been said */
  const aft_model_result *model = &result->models[0];
  if (!simulate_pool_build(&pool, result->config, result->panel, &error)) {
    aft_warnings_add(warnings, "size_card left out: %s", error->message);
    return;
  }
  simulate_pattern_init(&pattern);
  imitate(&pattern, model, &model->samples[index]);
  if (simulate_pattern_place(&pattern, &pool)) {
    const simulate_pattern *const patterns[2] = {&pattern, NULL};
    aft_design null = {.name = g_strdup("null"), .variance = 1};
    GArray *designs = simulate_designs_new();
    g_array_append_val(designs, null);
    result->size_card = g_new0(aft_simulation, 1);
    bool made = simulate_run(result->size_card, result->config, result->panel, &pool, patterns, designs, options, NULL);
    g_assert(made); /* it has no parts */
    result->size_card->sample = g_strdup(model->samples[index].name);
    warn_headline(result, warnings);
  } else {
    aft_warnings_add(
        warnings,
        "size_card left out: nowhere in the data can as many securities have events on sessions like those of %s; bring "
        "longer series or more securities",
        model->samples[index].name);
  }
  simulate_pattern_clear(&pattern);
  simulate_pool_clear(&pool);
}
