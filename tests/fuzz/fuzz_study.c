/* Study files from any bytes: refused with a message, or a study whose parts fit together. */
#include "fuzz.h"
#include "fuzz_file.h"

#include <aftershock/study/config.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void check_config(const aft_config *config) {
  g_assert_cmpuint(config->n_models, >, 0);
  g_assert_cmpuint(config->n_tests, >, 0);
  g_assert_cmpint(config->first_est, <=, config->last_est);
  g_assert_cmpint(config->first_rel, <=, config->last_rel);
  g_assert_true(config->confidence > 0 && config->confidence < 1);
  for (size_t i = 0; i < config->n_windows; i++) {
    g_assert_cmpint(config->windows[i].first, >=, config->first_rel);
    g_assert_cmpint(config->windows[i].first, <=, config->windows[i].last);
    g_assert_cmpint(config->windows[i].last, <=, config->last_rel);
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  char *path = fuzz_file_new("aftershock-fuzz-XXXXXX.json", data, size);
  aft_config config;
  g_autoptr(GError) error = NULL;
  if (aft_config_read(&config, path, &error)) {
    check_config(&config);
    aft_config_clear(&config);
  } else {
    g_assert_true(error != NULL && g_utf8_validate(error->message, -1, NULL));
  }
  unlink(path);
  g_free(path);
  return 0;
}
