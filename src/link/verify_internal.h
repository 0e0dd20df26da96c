/* The parts of verification: verify.c has the table of kinds, verify_list.c sums, ranks and records, verify_time.c dates. */
#ifndef LINK_VERIFY_INTERNAL_H
#define LINK_VERIFY_INTERNAL_H

#include <aftershock/link/verify.h>

/* Column of a session in a panel, or -1. */
long verify_find_column(const aft_panel *panel, aft_day day);
/* Close as read and new shares for one old of a cell. */
double verify_close(const aft_panel *panel, long security, long column);
double verify_split(const aft_panel *panel, long security, long column);
/* Simple return of a cell; NaN without one, as for a panel that is NULL. */
double verify_return(const aft_verify_data *data, const aft_panel *panel, long security, long column);

/* The study's event of that name, for the security if it has it; NULL when there is none. */
const aft_event *verify_find_event(const aft_verify_data *data, const char *event, const char *symbol);
/* Day of the session of an event; AFT_DAY_NONE when it has none. */
aft_day verify_event_session(const aft_verify_data *data, const aft_event *event);
/* The event that a claim is about: its own, else the article's. */
const char *verify_event_name(const aft_verified *v);
/* Session of the claim; AFT_DAY_NONE and `how` says why when there is none. */
aft_day verify_session(const aft_verify_data *data, aft_verified *v);

/* Appends to `how`. */
void verify_say(aft_verified *v, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* "-592.658 billion"; a sign always stands before a gain when that matters to the reader: "+105.889 billion". */
char *verify_money(double value);
/* Compares a number with the claim and fills measured, verdict, difference and tolerance. */
void verify_judge(aft_verified *v, double measured);

/* One kind each; they fill v, whose verdict is undetermined before. */
typedef void verify_kind(const aft_verify_data *data, aft_verified *v);
verify_kind verify_group_value, verify_rank, verify_record;
verify_kind verify_direction, verify_event_date, verify_elapsed;

#endif
