/* base/progress: what the observer hears. */
#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>

#include <glib.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct heard {
  const char *what;
  size_t calls, done, total;
} heard;

static void hear(const char *what, size_t done, size_t total, void *data) {
  heard *h = data;
  g_assert_cmpuint(done, <=, total);
  h->what = what;
  h->calls++;
  h->done = MAX(h->done, done);
  h->total = total;
}

static void test_step(void) {
  heard h = {.calls = 0};
  aft_progress step, inner;
  aft_progress_observe(hear, &h);
  aft_progress_begin(&step, "things", 10);
  g_assert_true(h.calls == 1 && h.done == 0 && h.total == 10);
  g_assert_cmpstr(h.what, ==, "things");
  aft_progress_begin(&inner, "parts", 3); /* within the other: not heard */
  aft_progress_add(&inner, 3);
  aft_progress_end(&inner);
  g_assert_cmpuint(h.calls, ==, 1);
  aft_progress_add(&step, 4); /* at once after the first call: too soon to be told */
  g_assert_cmpuint(h.calls, ==, 1);
  g_usleep(110000);
  aft_progress_add(&step, 1);
  g_assert_true(h.calls == 2 && h.done == 5);
  g_usleep(110000);
  aft_progress_set(&step, 12); /* more than there should be is told as all */
  g_assert_true(h.calls == 3 && h.done == 10);
  aft_progress_end(&step);
  aft_progress_begin(&step, "others", 2); /* the step is over: the next one is heard */
  g_assert_cmpstr(h.what, ==, "others");
  aft_progress_end(&step);
  aft_progress_begin(&step, "nothing", 0);
  aft_progress_end(&step);
  g_assert_cmpstr(h.what, ==, "others");
  aft_progress_observe(NULL, NULL);
  aft_progress_begin(&step, "silence", 5);
  aft_progress_add(&step, 5);
  aft_progress_end(&step);
  g_assert_cmpstr(h.what, ==, "others");
}

static void work(size_t first, size_t last, unsigned worker, void *data) {
  (void)worker;
  for (size_t i = first; i < last; i++) aft_progress_add(data, 1);
}

static void test_threads(void) {
  heard h = {.calls = 0};
  aft_progress step;
  aft_progress_observe(hear, &h);
  aft_progress_begin(&step, "things", 100001);
  aft_parallel_for(100000, 4, work, &step);
  g_usleep(110000);
  aft_progress_add(&step, 1);
  g_assert_cmpuint(h.done, ==, 100001);
  aft_progress_end(&step);
  aft_progress_observe(NULL, NULL);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/progress/step", test_step);
  g_test_add_func("/progress/threads", test_threads);
  return g_test_run();
}
