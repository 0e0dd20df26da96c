/* Finds the files that come with the program: chart scripts, the study schema, sample data. */
#ifndef AFTERSHOCK_BASE_RESOURCE_H
#define AFTERSHOCK_BASE_RESOURCE_H

#include <glib.h>

/*
 * Path of a file or folder of ours, named from the project's top: "plots/style.gp", "data/study.schema.json". The first that exists:
 *
 *   $AFTERSHOCK_DATA/name                   when the variable is set and not empty
 *   <folder of the program>/../share/aftershock/name   installed, wherever that was moved to
 *   TOP/name                                for a program in TOP/build/VARIANT/ or TOP/build/VARIANT/tests/
 *   PREFIX/share/aftershock/name            the PREFIX of `make install`
 *
 * Owned. Fails with AFT_BASE_ERROR_IO and the places that were looked at.
 */
char *aft_resource_find(const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
