/* How far long work is: one line on a terminal, nothing anywhere else. */
#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { SECOND = 1000000, EVERY = SECOND / 10 };

void cli_progress_init(cli_progress *progress, const char *what, bool shown) {
  const char *terminal = g_getenv("TERM");
  *progress = (cli_progress){.what = what, .began = g_get_monotonic_time()};
  progress->shown = shown && isatty(STDERR_FILENO) && g_strcmp0(terminal, "dumb") != 0;
  g_mutex_init(&progress->lock);
}

static void draw(const cli_progress *progress, size_t done, size_t total, gint64 now) {
  double seconds = (double)(now - progress->began) / SECOND, rate = (double)done / seconds;
  long left = (long)((double)(total - done) / rate + 0.5);
  fprintf(stderr, "\r\033[K%zu/%zu %s, %.*f/s, %ld:%02ld left", done, total, progress->what, rate < 10 ? 1 : 0, rate,
          left / 60, left % 60);
  fflush(stderr);
}

void cli_progress_tell(size_t done, size_t total, void *data) {
  cli_progress *progress = data;
  if (!progress->shown) return;
  g_mutex_lock(&progress->lock);
  gint64 now = g_get_monotonic_time();
  if (now - progress->drawn >= EVERY && now > progress->began) {
    draw(progress, done, total, now);
    progress->drawn = now;
  }
  g_mutex_unlock(&progress->lock);
}

void cli_progress_clear(cli_progress *progress) {
  if (progress->shown && progress->drawn > 0) fprintf(stderr, "\r\033[K");
  g_mutex_clear(&progress->lock);
}
