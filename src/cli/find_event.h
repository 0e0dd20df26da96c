/* The one event that a command is about. */
#ifndef CLI_FIND_EVENT_H
#define CLI_FIND_EVENT_H

#include "load.h"

/* Both names, or what the study's focus says where one is NULL. Borrowed from the study; NULL with an error when there is none. */
const aft_event *cli_find_event(const cli_study *study, const char *event, const char *symbol, GError **error);

#endif
