/* CSV records from any bytes: every field is text, every record is as wide as the header, lines go forward. */
#include "fuzz.h"

#include <aftershock/base/csv.h>

#include <aftershock/base/banned.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autoptr(GError) error = NULL;
  g_autoptr(aft_csv) csv = aft_csv_open_bytes("fuzz.csv", (const char *)data, size, &error);
  g_assert((csv == NULL) == (error != NULL));
  if (csv == NULL) return 0;
  const char *const *fields;
  long line = 0;
  while (aft_csv_next(csv, &fields, &error)) {
    g_assert_cmpint(aft_csv_line(csv), >, line);
    line = aft_csv_line(csv);
    for (int i = 0; i < aft_csv_n_columns(csv); i++) g_assert_true(g_utf8_validate(fields[i], -1, NULL));
  }
  for (int i = 0; i < aft_csv_n_columns(csv); i++) g_assert_cmpint(aft_csv_find(csv, aft_csv_name(csv, i)), ==, i);
  return 0;
}
