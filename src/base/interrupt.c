/*
 * Ctrl-C. Signals belong to the process, so this is a place of the library that keeps state of its own: which folders
 * to remove. A waiting thread instead of a handler may lock and remove files.
 */
#include <aftershock/base/interrupt.h>

#include <aftershock/base/file.h>

#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { EXIT_INTERRUPTED = 130, CALL_SECONDS = 3 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* not GLib's, which ThreadSanitizer cannot see */
static GPtrArray *folders;                               /* of char *, NULL before the first; guarded by lock */
static GArray *children;                                 /* of int, NULL before the first; guarded by lock */
static bool hushed;                                      /* guarded by lock */

static void (*last_call)(void *data); /* NULL: none; guarded by lock */
static void *last_data;

static void fill_set(sigset_t *set) {
  sigemptyset(set);
  sigaddset(set, SIGINT);
  sigaddset(set, SIGTERM);
  sigaddset(set, SIGHUP);
}

static void leave(int number) {
  (void)number;
  _exit(EXIT_INTERRUPTED);
}

static void make_last_call(void) {
  if (last_call == NULL) return;
  signal(SIGALRM, leave);
  alarm(CALL_SECONDS);
  last_call(last_data);
}

/*
 * Under another name first, because other threads may still be writing there: what they make from now on has no folder to be in, and whoever
 * fails for that waits for the lock.
 */
static void remove_folder(const char *path) {
  g_autofree char *aside = g_strconcat(path, ".gone", NULL);
  const char *place = rename(path, aside) == 0 ? aside : path;
  for (int i = 0; i < 20 && !aft_file_remove(place, NULL); i++) g_usleep(1000);
}

static void *wait_for_signal(void *data) {
  sigset_t set;
  int number;
  fill_set(&set);
  while (sigwait(&set, &number) != 0) continue;
  pthread_mutex_lock(&lock);
  /* The answer comes first: large folders take a while to remove. */
  static const char message[] = "\naftershock: interrupted\n";
  bool told = hushed || write(STDERR_FILENO, message, sizeof message - 1) > 0;
  (void)told;
  for (guint c = 0; children != NULL && c < children->len; c++) kill(g_array_index(children, int, c), SIGKILL);
  for (guint f = 0; folders != NULL && f < folders->len; f++) remove_folder(g_ptr_array_index(folders, f));
  make_last_call();
  _exit(EXIT_INTERRUPTED);
  return data;
}

void aft_interrupt_watch(void) {
  sigset_t set;
  pthread_t thread;
  fill_set(&set);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
  if (pthread_create(&thread, NULL, wait_for_signal, NULL) == 0)
    pthread_detach(thread);
  else
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void aft_interrupt_hush(void) {
  pthread_mutex_lock(&lock);
  hushed = true;
  pthread_mutex_unlock(&lock);
}

void aft_interrupt_add_folder(const char *path) {
  if (folders == NULL) folders = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(folders, g_strdup(path));
}

void aft_interrupt_drop_folder(const char *path) {
  guint place;
  pthread_mutex_lock(&lock);
  if (folders != NULL && g_ptr_array_find_with_equal_func(folders, path, g_str_equal, &place))
    g_ptr_array_remove_index(folders, place);
  if (folders != NULL && folders->len == 0) g_clear_pointer(&folders, g_ptr_array_unref);
  pthread_mutex_unlock(&lock);
}

void aft_interrupt_set_call(void (*call)(void *data), void *data) {
  pthread_mutex_lock(&lock);
  last_call = call;
  last_data = data;
  pthread_mutex_unlock(&lock);
}

void aft_interrupt_add_child(int pid) {
  if (children == NULL) children = g_array_new(FALSE, FALSE, sizeof(int));
  g_array_append_val(children, pid);
}

void aft_interrupt_drop_child(int pid) {
  pthread_mutex_lock(&lock);
  for (guint c = 0; c < children->len; c++)
    if (g_array_index(children, int, c) == pid) {
      g_array_remove_index_fast(children, c);
      break;
    }
  if (children->len == 0) {
    g_array_unref(children);
    children = NULL;
  }
  pthread_mutex_unlock(&lock);
}

void aft_interrupt_hold(void) { pthread_mutex_lock(&lock); }
void aft_interrupt_release(void) { pthread_mutex_unlock(&lock); }

void aft_interrupt_reset_child(void) {
  sigset_t set;
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  signal(SIGPIPE, SIG_DFL);
}
