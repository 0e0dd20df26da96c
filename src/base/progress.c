/* How far long work is. A terminal belongs to the process, so this is a place of the library that keeps state, as interrupt.c is. */
#include <aftershock/base/progress.h>

#include <glib.h>
#include <pthread.h>

#include <aftershock/base/banned.h>

enum { EVERY_US = 100000 };

static aft_progress_observer observer; /* not changed while a step is under way, as is data */
static void *observer_data;
static gint busy; /* 1 while a step is heard; atomic */
static pthread_mutex_t told =
    PTHREAD_MUTEX_INITIALIZER; /* one call at a time; not GLib's, which ThreadSanitizer cannot see */
static gint64 next;            /* monotonic time of the next call; guarded by told */

void aft_progress_observe(aft_progress_observer new_observer, void *data) {
  observer = new_observer;
  observer_data = data;
}

static void tell(const aft_progress *progress, size_t done) {
  if (pthread_mutex_trylock(&told) != 0) return; /* another thread is telling */
  gint64 now = g_get_monotonic_time();
  if (now >= next || done == 0) {
    observer(progress->what, MIN(done, progress->total), progress->total, observer_data);
    next = now + EVERY_US;
  }
  pthread_mutex_unlock(&told);
}

void aft_progress_begin(aft_progress *progress, const char *what, size_t total) {
  *progress = (aft_progress){.total = total};
  if (observer == NULL || total == 0 || !g_atomic_int_compare_and_exchange(&busy, 0, 1)) return;
  progress->what = what;
  tell(progress, 0);
}

void aft_progress_add(aft_progress *progress, size_t n) {
  if (progress->what == NULL) return;
  tell(progress, (size_t)g_atomic_pointer_add(&progress->done, (gssize)n) + n);
}

void aft_progress_set(aft_progress *progress, size_t done) {
  if (progress->what == NULL) return;
  progress->done = done;
  tell(progress, done);
}

void aft_progress_end(aft_progress *progress) {
  if (progress->what == NULL) return;
  progress->what = NULL;
  g_atomic_int_set(&busy, 0);
}
