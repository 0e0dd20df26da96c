/* The error domain of base/ and the list of warnings. */
#include <aftershock/base/error.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_base_error, aft_base_error)

void aft_warnings_init(aft_warnings *warnings) { warnings->messages = g_ptr_array_new_with_free_func(g_free); }

void aft_warnings_clear(aft_warnings *warnings) { g_clear_pointer(&warnings->messages, g_ptr_array_unref); }

void aft_warnings_add(aft_warnings *warnings, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_ptr_array_add(warnings->messages, g_strdup_vprintf(format, arguments));
  va_end(arguments);
}
