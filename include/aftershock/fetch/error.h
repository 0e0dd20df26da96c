/* The error domain of fetch/. */
#ifndef AFTERSHOCK_FETCH_ERROR_H
#define AFTERSHOCK_FETCH_ERROR_H

#include <glib.h>

#define AFT_FETCH_ERROR (aft_fetch_error_quark())
GQuark aft_fetch_error_quark(void);

enum aft_fetch_error {
  AFT_FETCH_ERROR_URL,       /* an address that this program does not ask */
  AFT_FETCH_ERROR_NETWORK,   /* no answer, or a broken one */
  AFT_FETCH_ERROR_LIMIT,     /* larger than allowed */
  AFT_FETCH_ERROR_REDIRECT,  /* sent somewhere we do not go */
  AFT_FETCH_ERROR_KEY,       /* the provider wants a key that is not there */
  AFT_FETCH_ERROR_REFUSED,   /* the provider says no, in its own words */
  AFT_FETCH_ERROR_ANSWER,    /* an answer of another shape than the provider's */
  AFT_FETCH_ERROR_STORE,     /* the store cannot be read or written */
  AFT_FETCH_ERROR_NOT_STORED /* offline, and not in the store */
};

#endif
