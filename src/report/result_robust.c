/* The key `robust` of the study as results echo it. */
#include "result_json.h"

#include <aftershock/base/banned.h>

static json_t *describe_pairs(const aft_window *list, size_t n) {
  json_t *array = json_array();
  for (size_t i = 0; i < n; i++) json_array_append_new(array, json_pack("[i, i]", list[i].first, list[i].last));
  return array;
}

static json_t *describe_alignments(unsigned set) {
  json_t *array = json_array();
  const char *const *names = aft_config_alignment_names();
  for (unsigned i = 0; names[i] != NULL; i++)
    if ((set & 1u << i) != 0) json_array_append_new(array, json_string(names[i]));
  return array;
}

json_t *result_describe_robust(const aft_result *result) {
  const aft_robust_options *robust = &result->config->robust;
  json_t *returns = json_array();
  if (robust->returns[0]) json_array_append_new(returns, json_string("simple"));
  if (robust->returns[1]) json_array_append_new(returns, json_string("log"));
  json_t *models = robust->n_models > 0 ? result_describe_models(robust->models, robust->n_models) : json_null();
  return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:i}", "windows", describe_pairs(robust->windows, robust->n_windows),
                   "estimation", describe_pairs(robust->estimation, robust->n_estimation), "models", models,
                   "benchmarks", result_describe_texts(robust->benchmarks), "returns", returns, "alignments",
                   describe_alignments(robust->alignments), "placebos", robust->placebos);
}
