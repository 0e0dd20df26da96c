/* A parallel loop over GLib's thread pool. */
#include <aftershock/base/parallel.h>

#include <glib.h>

#include <aftershock/base/banned.h>

/* ThreadSanitizer does not see GLib's locks, so it is told what they order: what was before a pass is before what is after its wait. */
#ifdef __SANITIZE_THREAD__
#include <sanitizer/tsan_interface.h>
#define ORDER_PASS(address) __tsan_release(address)
#define ORDER_WAIT(address) __tsan_acquire(address)
#else
#define ORDER_PASS(address) ((void)(address))
#define ORDER_WAIT(address) ((void)(address))
#endif

/* Below this many indices a worker each, starting threads costs more than it saves. */
#define MIN_PER_WORKER 4

typedef struct loop {
  aft_parallel_body body;
  void *data;
  size_t n, chunk;
  gint next_worker; /* atomic */
  gsize next_chunk; /* atomic */
} loop;

static void run_worker(void *job, void *data) {
  loop *l = data;
  (void)job;
  ORDER_WAIT(l);
  unsigned worker = (unsigned)g_atomic_int_add(&l->next_worker, 1);
  for (;;) {
    size_t first = (size_t)g_atomic_pointer_add(&l->next_chunk, 1) * l->chunk;
    if (first >= l->n) break;
    l->body(first, MIN(first + l->chunk, l->n), worker, l->data);
  }
  ORDER_PASS(l);
}

unsigned aft_parallel_workers(unsigned n_threads) { return n_threads == 0 ? g_get_num_processors() : n_threads; }

void aft_parallel_for(size_t n, unsigned n_threads, aft_parallel_body body, void *data) {
  unsigned workers = aft_parallel_workers(n_threads);
  if (workers > n / MIN_PER_WORKER) workers = (unsigned)(n / MIN_PER_WORKER);
  if (workers <= 1) {
    if (n > 0) body(0, n, 0, data);
    return;
  }
  loop l = {.body = body, .data = data, .n = n, .chunk = MAX(1, n / ((size_t)workers * 8))};
  GThreadPool *pool = g_thread_pool_new(run_worker, &l, (int)workers, FALSE, NULL);
  ORDER_PASS(&l);
  for (unsigned i = 0; i < workers; i++) g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
  g_thread_pool_free(pool, FALSE, TRUE);
  ORDER_WAIT(&l);
}
