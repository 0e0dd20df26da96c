/* base/parallel: every index once, whoever is called to help; loops in loops, from many threads, and in a child process. */
#include "support/support.h"

#include <aftershock/base/parallel.h>

#include <pthread.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { MOST_WORKERS = 16, N = 1001 };

/* What the body must leave: written without atomics, each place by the index or worker that it belongs to. */
typedef struct tally {
  double out[N];
  unsigned n_calls[N];
  size_t n_of_worker[MOST_WORKERS];
  gint inside[MOST_WORKERS]; /* atomic: a worker is one thread at a time */
  unsigned n_workers;
} tally;

static void square(size_t first, size_t last, unsigned worker, void *data) {
  tally *t = data;
  g_assert_cmpuint(worker, <, t->n_workers);
  g_assert_cmpint(g_atomic_int_add(&t->inside[worker], 1), ==, 0);
  g_assert_cmpuint(first, <, last);
  for (size_t i = first; i < last; i++) {
    t->out[i] = (double)i * (double)i;
    t->n_calls[i]++;
  }
  t->n_of_worker[worker] += last - first;
  g_atomic_int_add(&t->inside[worker], -1);
}

static void check_loop(size_t n, unsigned n_threads) {
  g_autofree tally *t = g_new0(tally, 1);
  size_t sum = 0;
  t->n_workers = aft_parallel_workers(n_threads);
  g_assert_cmpuint(t->n_workers, <=, MOST_WORKERS);
  aft_parallel_for(n, n_threads, square, t);
  for (size_t i = 0; i < N; i++) {
    g_assert_cmpuint(t->n_calls[i], ==, i < n);
    g_assert_true(t->out[i] == (i < n ? (double)(i * i) : 0));
  }
  for (unsigned w = 0; w < MOST_WORKERS; w++) sum += t->n_of_worker[w];
  g_assert_cmpuint(sum, ==, n);
}

static void test_every_index(void) {
  static const size_t sizes[] = {0, 1, 3, 4, 7, 8, 9, 31, 100, N};
  for (size_t k = 0; k < G_N_ELEMENTS(sizes); k++)
    for (unsigned n_threads = 1; n_threads <= MOST_WORKERS; n_threads += 3) check_loop(sizes[k], n_threads);
  check_loop(N, 0 < aft_parallel_workers(0) && aft_parallel_workers(0) <= MOST_WORKERS ? 0 : 2);
}

/* Two tasks that each wait for the other to have begun: they end only when two threads run them. */
typedef struct meeting {
  pthread_mutex_t lock;
  pthread_cond_t has_come;
  int n_here;
} meeting;

static void meet(size_t first, size_t last, unsigned worker, void *data) {
  meeting *m = data;
  (void)worker;
  g_assert_cmpuint(last, ==, first + 1);
  pthread_mutex_lock(&m->lock);
  m->n_here++;
  pthread_cond_broadcast(&m->has_come);
  while (m->n_here < 2) pthread_cond_wait(&m->has_come, &m->lock);
  pthread_mutex_unlock(&m->lock);
}

static void note_order(size_t first, size_t last, unsigned worker, void *data) {
  GArray *order = data;
  g_assert_cmpuint(worker, ==, 0);
  g_assert_cmpuint(last, ==, first + 1);
  g_array_append_val(order, first);
}

static void test_tasks(void) {
  meeting m = {.lock = PTHREAD_MUTEX_INITIALIZER, .has_come = PTHREAD_COND_INITIALIZER};
  aft_parallel_tasks(2, 2, meet, &m);
  g_assert_cmpint(m.n_here, ==, 2);
  g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(size_t));
  aft_parallel_tasks(5, 1, note_order, order);
  aft_parallel_tasks(1, MOST_WORKERS, note_order, order);
  aft_parallel_tasks(0, MOST_WORKERS, note_order, order);
  g_assert_cmpuint(order->len, ==, 6);
  for (guint i = 0; i < order->len; i++) g_assert_cmpuint(g_array_index(order, size_t, i), ==, i % 5);
  g_autofree tally *t = g_new0(tally, 1);
  t->n_workers = 3;
  aft_parallel_tasks(N, 3, square, t);
  for (size_t i = 0; i < N; i++) g_assert_cmpuint(t->n_calls[i], ==, 1);
}

/* Threads seen by any loop: no more than the widest loop has workers, however many loops there were. */
typedef struct seen {
  pthread_mutex_t lock;
  pthread_t thread[256];
  size_t n;
} seen;

static void note_thread(size_t first, size_t last, unsigned worker, void *data) {
  seen *s = data;
  size_t i = 0;
  (void)first;
  (void)last;
  (void)worker;
  pthread_mutex_lock(&s->lock);
  while (i < s->n && !pthread_equal(s->thread[i], pthread_self())) i++;
  if (i == s->n && s->n < G_N_ELEMENTS(s->thread)) s->thread[s->n++] = pthread_self();
  pthread_mutex_unlock(&s->lock);
}

static void test_same_threads(void) {
  seen s = {.lock = PTHREAD_MUTEX_INITIALIZER};
  for (int i = 0; i < 2000; i++) aft_parallel_for(64, MOST_WORKERS, note_thread, &s);
  g_assert_cmpuint(s.n, >=, 1);
  g_assert_cmpuint(s.n, <=, MOST_WORKERS);
}

/* A loop of its own for each index, whose sum is that index's result. */
static void fill(size_t first, size_t last, unsigned worker, void *data) {
  (void)worker;
  for (size_t i = first; i < last; i++) ((size_t *)data)[i] = i + 1;
}

static void sum_inner(size_t first, size_t last, unsigned worker, void *data) {
  (void)worker;
  for (size_t i = first; i < last; i++) {
    size_t inner[50];
    aft_parallel_for(i % 50, 3, fill, inner);
    for (size_t k = 0; k < i % 50; k++) ((size_t *)data)[i] += inner[k];
  }
}

static void check_nested(void) {
  size_t out[300] = {0};
  aft_parallel_for(G_N_ELEMENTS(out), 4, sum_inner, out);
  for (size_t i = 0; i < G_N_ELEMENTS(out); i++) g_assert_cmpuint(out[i], ==, (i % 50) * (i % 50 + 1) / 2);
}

static void test_nested(void) {
  for (int i = 0; i < 20; i++) check_nested();
}

static void *run_loops(void *unused) {
  for (int i = 0; i < 20; i++) {
    check_loop(N, 5);
    check_nested();
  }
  return unused;
}

static void test_many_callers(void) {
  pthread_t caller[6];
  for (size_t i = 0; i < G_N_ELEMENTS(caller); i++)
    g_assert_cmpint(pthread_create(&caller[i], NULL, run_loops, NULL), ==, 0);
  for (size_t i = 0; i < G_N_ELEMENTS(caller); i++) g_assert_cmpint(pthread_join(caller[i], NULL), ==, 0);
}

/* A child process has the sleepers' names, but not them: its loops must end all the same, and so must the process. */
static void test_child(void) {
#ifdef __SANITIZE_THREAD__
  g_test_skip("ThreadSanitizer allows no threads in a child process");
  return;
#endif
  check_loop(N, 4);
  pid_t child = fork();
  if (child == 0) {
    for (int i = 0; i < 100; i++) check_loop(N, 4);
    _exit(7);
  }
  int status = 0;
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 7);
  check_loop(N, 4);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/parallel/same_threads", test_same_threads); /* first: later loops ask for more */
  g_test_add_func("/parallel/every_index", test_every_index);
  g_test_add_func("/parallel/tasks", test_tasks);
  g_test_add_func("/parallel/nested", test_nested);
  g_test_add_func("/parallel/many_callers", test_many_callers);
  g_test_add_func("/parallel/child", test_child);
  return g_test_run();
}
