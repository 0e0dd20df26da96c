/* How far long work is: one line on a terminal, nothing anywhere else. */
#include "progress.h"

#include <aftershock/base/progress.h>

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { SECOND = 1000000, MOMENT = SECOND / 2 };

/* The line on the terminal. */
typedef struct line {
  const char *what; /* of the step that began last */
  gint64 began;     /* monotonic microseconds */
  bool drawn;
} line;

/* The program has one terminal; calls come one at a time. */
static line shown_line;

static void draw(const line *l, size_t done, size_t total, gint64 now) {
  double seconds = (double)(now - l->began) / SECOND, rate = (double)done / seconds;
  fprintf(stderr, "\r\033[K%zu/%zu %s", done, total, l->what);
  if (done > 0) {
    long left = (long)((double)(total - done) / rate + 0.5);
    fprintf(stderr, ", %.*f/s, %ld:%02ld left", rate < 10 ? 1 : 0, rate, left / 60, left % 60);
  }
  fflush(stderr);
}

static void hear(const char *what, size_t done, size_t total, void *data) {
  line *l = data;
  gint64 now = g_get_monotonic_time();
  if (done == 0) {
    l->what = what;
    l->began = now;
  } else if (now - l->began >= MOMENT) {
    draw(l, done, total, now);
    l->drawn = true;
  }
}

void cli_progress_start(bool shown) {
  const char *terminal = g_getenv("TERM");
  if (!shown || !isatty(STDERR_FILENO) || g_strcmp0(terminal, "dumb") == 0) return;
  aft_progress_observe(hear, &shown_line);
}

void cli_progress_wipe(void) {
  if (shown_line.drawn) fprintf(stderr, "\r\033[K");
  shown_line.drawn = false;
}

void cli_progress_stop(void) {
  aft_progress_observe(NULL, NULL);
  cli_progress_wipe();
}
