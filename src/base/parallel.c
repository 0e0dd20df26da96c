/*
 * A parallel loop over threads that sleep between loops. Threads belong to the process, so this is a place of the library that keeps state of
 * its own: who sleeps, and which loops are open to them.
 */
#include <aftershock/base/parallel.h>

#include <glib.h>
#include <pthread.h>
#include <stdbool.h>

#include <aftershock/base/banned.h>

/* Below this many indices a worker each, waking threads costs more than it saves. */
#define MIN_PER_WORKER 4
/* Loops inside of loops could ask for any number. */
#define MOST_HELPERS 1024

typedef struct loop {
  aft_parallel_body body;
  void *data;
  size_t n, chunk;
  gsize next_chunk; /* atomic */
  /* the rest is guarded by the lock */
  unsigned n_wanted; /* helpers that may still come */
  unsigned n_workers, n_inside;
  pthread_cond_t is_left; /* no helper is inside */
  struct loop *next;
} loop;

/* pthread's locks, not GLib's, which ThreadSanitizer cannot see. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_loop = PTHREAD_COND_INITIALIZER;
static loop *open_loops;   /* that want helpers, the newest first; guarded by lock */
static unsigned n_helpers; /* guarded by lock */
static unsigned
    n_asleep; /* helpers outside of any loop, those that were woken but do not run yet too; guarded by lock */

static void run_chunks(loop *l, unsigned worker) {
  for (;;) {
    size_t first = (size_t)g_atomic_pointer_add(&l->next_chunk, 1) * l->chunk;
    if (first >= l->n) return;
    l->body(first, MIN(first + l->chunk, l->n), worker, l->data);
  }
}

static void close_loop(const loop *l) {
  loop **place = &open_loops;
  while (*place != NULL && *place != l) place = &(*place)->next;
  if (*place != NULL) *place = l->next;
}

/* Joins the newest loop, the innermost where one is in another: its caller waits for it. */
static void help(void) {
  loop *l = open_loops;
  unsigned worker = l->n_workers++;
  l->n_inside++;
  if (--l->n_wanted == 0) close_loop(l);
  n_asleep--;
  pthread_mutex_unlock(&lock);
  run_chunks(l, worker);
  pthread_mutex_lock(&lock);
  n_asleep++;
  if (--l->n_inside == 0) pthread_cond_signal(&l->is_left);
}

static void *run_helper(void *unused) {
  pthread_mutex_lock(&lock);
  for (;;) {
    while (open_loops == NULL) pthread_cond_wait(&has_loop, &lock);
    help();
  }
  return unused;
}

/* A child process has no thread but the one that made it, which may stand in a loop that only its parent goes on with. */
static void forget_helpers(void) {
  lock = (pthread_mutex_t)PTHREAD_MUTEX_INITIALIZER;
  has_loop = (pthread_cond_t)PTHREAD_COND_INITIALIZER;
  open_loops = NULL;
  n_helpers = n_asleep = 0;
}

static void watch_forks(void) { (void)pthread_atfork(NULL, NULL, forget_helpers); }

/* A helper that ends with the process; false when there are enough, or the system has no thread to give. */
static bool add_helper(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_t thread;
  pthread_once(&once, watch_forks);
  if (n_helpers == MOST_HELPERS || pthread_create(&thread, NULL, run_helper, NULL) != 0) return false;
  pthread_detach(thread);
  n_helpers++;
  n_asleep++;
  return true;
}

/* Opens the loop to helpers. Where there are none, the caller does it all. */
static void call_helpers(loop *l) {
  unsigned n_wanted = l->n_wanted;
  for (const loop *other = open_loops; other != NULL; other = other->next) n_wanted += other->n_wanted;
  while (n_asleep < n_wanted && add_helper()) continue;
  l->next = open_loops;
  open_loops = l;
  for (unsigned i = 0; i < l->n_wanted; i++) pthread_cond_signal(&has_loop);
}

unsigned aft_parallel_workers(unsigned n_threads) { return n_threads == 0 ? g_get_num_processors() : n_threads; }

/* Chunks of so many indices. */
static void run_loop(size_t n, unsigned workers, size_t chunk, aft_parallel_body body, void *data) {
  if (workers <= 1) {
    for (size_t first = 0; first < n; first += chunk) body(first, MIN(first + chunk, n), 0, data);
    return;
  }
  loop l = {.body = body, .data = data, .n = n, .chunk = chunk, .n_wanted = workers - 1, .n_workers = 1};
  pthread_cond_init(&l.is_left, NULL);
  pthread_mutex_lock(&lock);
  call_helpers(&l);
  pthread_mutex_unlock(&lock);
  run_chunks(&l, 0);
  pthread_mutex_lock(&lock);
  close_loop(&l);
  while (l.n_inside > 0) pthread_cond_wait(&l.is_left, &lock);
  pthread_mutex_unlock(&lock);
  pthread_cond_destroy(&l.is_left);
}

void aft_parallel_for(size_t n, unsigned n_threads, aft_parallel_body body, void *data) {
  /* How many processors there are is read from a file: not for what one thread does. */
  unsigned workers = n / MIN_PER_WORKER < 2 ? 1 : aft_parallel_workers(n_threads);
  if (workers > n / MIN_PER_WORKER) workers = (unsigned)(n / MIN_PER_WORKER);
  run_loop(n, workers, workers <= 1 ? MAX(n, 1) : MAX(1, n / ((size_t)workers * 8)), body, data);
}

void aft_parallel_tasks(size_t n, unsigned n_threads, aft_parallel_body body, void *data) {
  run_loop(n, n < 2 ? 1 : (unsigned)MIN(aft_parallel_workers(n_threads), n), 1, body, data);
}
