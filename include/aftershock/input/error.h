/* The error domain of input/. */
#ifndef AFTERSHOCK_INPUT_ERROR_H
#define AFTERSHOCK_INPUT_ERROR_H

#include <glib.h>

#define AFT_INPUT_ERROR (aft_input_error_quark())
GQuark aft_input_error_quark(void);

enum aft_input_error {
  AFT_INPUT_ERROR_COLUMN,    /* a column is missing or stands twice */
  AFT_INPUT_ERROR_VALUE,     /* a field is not what its column holds */
  AFT_INPUT_ERROR_DUPLICATE, /* two records claim the same place */
  AFT_INPUT_ERROR_LIMIT      /* larger than this program accepts */
};

#endif
