/*
 * Memory of a run that keeps the windows of its events: prices of 1,000, then of 4,000 securities go through a pipe, with the same 1,000 events of
 * 50 of them. The names of the others are all that may make a difference: a few hundred bytes each, 1 MB; measured were up to 4, since pages
 * come and go with the threads. Matrices of the 3,000 would be 180 MB.
 */
#include "support/support.h"

#include <aftershock/market/calendar.h>

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { N_FIRMS = 50, N_EVENTS = 1000, N_SESSIONS = 2520, FIRST = 5000, MEGABYTE = 1 << 20 };

static void write_study(const char *dir, const aft_calendar *calendar) {
  static const char study[] =
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"keep\": \"windows\", \"prices\": [\"-\"], \"market\": \"S0\","
      " \"events\": \"events.csv\", \"estimation\": {\"first\": -250, \"last\": -11}, \"tests\": [\"csect_t\"]}";
  g_autoptr(GString) events = g_string_new("event,symbol,published\n");
  for (int e = 0; e < N_EVENTS; e++) {
    char day[AFT_DAY_TEXT];
    aft_day d = aft_calendar_get_day(calendar, FIRST + 300 + e / N_FIRMS * 100 + e % N_FIRMS);
    g_string_append_printf(events, "e%d,S%d,%sT15:00:00Z\n", e, 1 + e % N_FIRMS, aft_day_print(d, day));
  }
  g_free(support_write(dir, "study.json", study));
  g_free(support_write(dir, "events.csv", events->str));
}

/* In a process of its own; ends it. */
static void write_prices(int fd, const aft_calendar *calendar, int n_securities) {
  FILE *out = fdopen(fd, "w");
  fputs("symbol,date,close,volume\n", out);
  for (int s = 0; s < n_securities; s++)
    for (int t = 0; t < N_SESSIONS; t++) {
      char day[AFT_DAY_TEXT];
      unsigned noise = (unsigned)(s * 7919 + t * 104729) % 1009;
      fprintf(out, "S%d,%s,%u.%02u,%u\n", s, aft_day_print(aft_calendar_get_day(calendar, FIRST + t), day),
              50 + noise / 100, noise % 100, noise * 100);
    }
  _exit(fclose(out) == 0 ? 0 : 1);
}

/* Starts the program on what comes out of the pipe; returns its process. */
static pid_t start_program(int fd, const char *dir) {
  const char *given = g_getenv("AFTERSHOCK");
  g_autofree char *program = g_canonicalize_filename(given != NULL ? given : "build/release/aftershock", NULL);
  pid_t child = fork();
  if (child != 0) return child;
  if (dup2(fd, STDIN_FILENO) < 0 || chdir(dir) != 0) _exit(9);
  close(fd);
  execl(program, program, "run", "study.json", "--out", "out", "--tables", "events", "--quiet", (char *)NULL);
  _exit(9);
}

static void assert_ended(pid_t child) {
  int status = -1;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_cmpint(status, ==, 0);
}

/* Bytes that the largest process so far has had. */
static double run(const char *dir, const aft_calendar *calendar, int n_securities) {
  int ends[2];
  struct rusage usage;
  g_assert_cmpint(pipe(ends), ==, 0);
  pid_t writer = fork();
  if (writer == 0) {
    close(ends[0]);
    write_prices(ends[1], calendar, n_securities);
  }
  close(ends[1]);
  pid_t program = start_program(ends[0], dir);
  close(ends[0]);
  assert_ended(program);
  assert_ended(writer);
  g_assert_cmpint(getrusage(RUSAGE_CHILDREN, &usage), ==, 0);
#ifdef __APPLE__
  return (double)usage.ru_maxrss;
#else
  return 1024.0 * (double)usage.ru_maxrss;
#endif
}

static void test_memory(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  write_study(dir, calendar);
  double few = run(dir, calendar, 1000), many = run(dir, calendar, 4000);
  g_test_message("1000 securities: %.1f MB, 4000: %.1f MB", few / MEGABYTE, many / MEGABYTE);
  g_assert_cmpfloat(many, <, few + 8.0 * MEGABYTE);
  g_assert_cmpfloat(many, <, 60.0 * MEGABYTE); /* the matrices of all would take 242 MB */
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/keep/memory-of-a-pipe", test_memory);
  return g_test_run();
}
