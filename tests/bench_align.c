/*
 * Bench: instants placed in sessions, per CPU second.
 *
 *   bench_align [MILLIONS]
 *
 * Prints name, CPU seconds and a check sum of the sessions, tab-separated, for MILLIONS (10) of random instants, 1990-2030:
 *   align   aft_calendar_place on XNYS, XLON and XTKS in turn
 *   draw    drawing the instants alone: the floor
 */
#include <aftershock/market/calendar.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <aftershock/base/banned.h>

enum { N_CALENDARS = 3 };

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* A step of a 64-bit linear congruential generator (Knuth's MMIX), of whose upper bits an instant is made. */
static aft_millis draw(uint64_t *state, aft_millis first, aft_millis span) {
  *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return first + (aft_millis)((*state >> 20) % (uint64_t)span);
}

int main(int argc, char **argv) {
  static const char *const mics[N_CALENDARS] = {"XNYS", "XLON", "XTKS"};
  long n = (argc > 1 ? strtol(argv[1], NULL, 10) : 10) * 1000000;
  aft_calendar *calendar[N_CALENDARS];
  for (int k = 0; k < N_CALENDARS; k++) {
    GError *error = NULL;
    calendar[k] = aft_calendar_new(mics[k], &error);
    if (calendar[k] == NULL) {
      fprintf(stderr, "bench_align: %s\n", error->message);
      return 1;
    }
  }
  aft_millis first = (aft_millis)aft_day_from_ymd(1990, 1, 1) * AFT_MILLIS_PER_DAY;
  aft_millis span = (aft_millis)aft_day_from_ymd(2031, 1, 1) * AFT_MILLIS_PER_DAY - first;
  for (int floor = 0; floor < 2; floor++) {
    uint64_t state = 1;
    int64_t sum = 0;
    double begin = cpu_seconds();
    for (long i = 0; i < n; i++) {
      aft_stamp stamp = {.kind = AFT_STAMP_INSTANT,
                         .precision = AFT_PRECISION_SECOND,
                         .day = AFT_DAY_NONE,
                         .instant = draw(&state, first, span)};
      aft_alignment place;
      if (floor) {
        sum += stamp.instant & 1;
        continue;
      }
      aft_calendar_align(calendar[i % N_CALENDARS], &stamp, false, &place);
      sum += place.session;
    }
    printf("%s\t%.3f\t%" PRId64 "\n", floor ? "draw" : "align", cpu_seconds() - begin, sum);
  }
  for (int k = 0; k < N_CALENDARS; k++) aft_calendar_free(calendar[k]);
  return 0;
}
