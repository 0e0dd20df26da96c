/* Parts of result.json that other descriptions of a run share. */
#ifndef REPORT_RESULT_JSON_H
#define REPORT_RESULT_JSON_H

#include <aftershock/link/scan.h>
#include <aftershock/report/result.h>

#include <jansson.h>

/* New references. The study is described with every default filled in. */
json_t *result_describe_study(const aft_result *result);
json_t *result_describe_robust(const aft_result *result);
json_t *result_describe_models(const aft_model_spec *models, size_t n);
json_t *result_describe_texts(char *const *list); /* null for NULL */
json_t *result_text_or_null(const char *text);
json_t *result_describe_input(const aft_input_fact *input);
json_t *result_describe_inputs(const aft_provenance *provenance);
json_t *result_describe_versions(const aft_provenance *provenance);
json_t *result_describe_warnings(const aft_warnings *warnings);
/* What a scan found, and its three tables. */
json_t *result_describe_scan(const aft_scan *scan);
bool result_write_scan(const aft_scan *scan, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The JSON file of a command with a folder of its own, to which it adds what it found: format, program, inputs, study, warnings, calendar. */
json_t *result_describe_command(const char *format, const aft_result *result, const aft_provenance *provenance,
                                const aft_warnings *warnings);

/* Writes root as folder/name with 15 digits a number. Takes root. */
bool result_save_json(json_t *root, const char *folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
