/* `aftershock fetch` as a program, against a server on this machine: its files, its store, Ctrl-C. */
#include "support/providers.h"
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/base/process.h>

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { PATIENCE_MS = 60000 };

/* Its whole path: it is started in another folder. Owned. */
static char *find_program(void) {
  const char *path = g_getenv("AFTERSHOCK");
  return g_canonicalize_filename(path != NULL ? path : "build/release/aftershock", NULL);
}

typedef struct room {
  loopback *server;
  char *dir, *out;
  gint stall; /* atomic: whether the second symbol hangs */
} room;

static void play(const loopback_request *request, loopback_answer *answer, void *data) {
  room *r = data;
  bool second = strstr(request->path, "/AMD/") != NULL;
  if (second && g_atomic_int_get(&r->stall)) answer->fault = LOOPBACK_STALL;
  answer->body = g_strdup(second ? "[{\"date\":\"2025-01-27\",\"close\":115.01,\"adjClose\":115.01}]"
                                 : "[{\"date\":\"2025-01-27\",\"close\":118.42,\"adjClose\":118.39}]");
}

static void room_init(room *r) {
  *r = (room){.dir = support_temp_dir()};
  r->server = loopback_new(play, r);
  r->out = g_build_filename(r->dir, "prices.csv", NULL);
}

static void room_clear(room *r) {
  loopback_free(r->server);
  support_remove(r->dir);
  g_free(r->out);
}

static char *read_text(const char *dir, const char *name) {
  g_autofree char *path = g_build_filename(dir, name, NULL);
  char *text = NULL;
  size_t size;
  g_assert_true(aft_file_read(path, 1 << 20, &text, &size, NULL));
  return text;
}

static const char *const environment[] = {"TIINGO_API_KEY=" PROVIDER_KEY, "SOURCE_DATE_EPOCH=1740787200", NULL};

static bool run(room *r, const char *option, char **output, GError **error) {
  g_autofree char *program = find_program();
  const char *argv[] = {program,
                        "fetch",
                        "prices",
                        "--from",
                        "tiingo",
                        "--symbols",
                        "NVDA,AMD",
                        "--first",
                        "2025-01-01",
                        "--last",
                        "2025-01-31",
                        "--out",
                        "prices.csv",
                        "--store",
                        "store.sqlite",
                        "--base",
                        loopback_url(r->server),
                        option,
                        NULL};
  return aft_process_run(argv, r->dir, environment, PATIENCE_MS, output, error);
}

static const char rows[] = "date,symbol,open,high,low,close,adj_close,volume\n"
                           "2025-01-27,NVDA,,,,118.42,118.39,\n2025-01-27,AMD,,,,115.01,115.01,\n";

static void test_files(void) {
  GError *error = NULL;
  g_autofree char *said = NULL, *again = NULL;
  room r;
  room_init(&r);
  g_assert_true(run(&r, NULL, &said, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(said, ==, "prices.csv: 2 rows from 2 answers\n");
  g_autofree char *text = read_text(r.dir, "prices.csv"), *origin = read_text(r.dir, "prices.csv.provenance.json");
  g_assert_cmpstr(text, ==, rows);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_assert_nonnull(strstr(origin, digest));
  g_assert_nonnull(strstr(origin, "\"written\": \"2025-03-01T00:00:00Z\""));
  g_assert_nonnull(strstr(origin, "/tiingo/daily/AMD/prices?startDate=2025-01-01&endDate=2025-01-31\""));
  g_assert_null(strstr(origin, PROVIDER_KEY));
  /* Without the network the same file comes from the store. */
  g_assert_cmpint(g_unlink(r.out), ==, 0);
  g_assert_true(run(&r, "--offline", &again, &error));
  g_assert_no_error(error);
  g_autofree char *same = read_text(r.dir, "prices.csv");
  g_assert_cmpstr(same, ==, rows);
  g_assert_cmpuint(loopback_n_requests(r.server), ==, 2);
  room_clear(&r);
}

/* Ctrl-C while the second answer hangs: status 130, no file, and the next call asks for the second alone. */
static void test_interrupt(void) {
  GError *error = NULL;
  g_autofree char *said = NULL;
  int status;
  room r;
  room_init(&r);
  g_atomic_int_set(&r.stall, 1);
  g_autofree char *program = find_program();
  pid_t child = fork();
  if (child == 0) {
    if (chdir(r.dir) != 0 || freopen("/dev/null", "w", stderr) == NULL) _exit(9);
    for (int i = 0; environment[i] != NULL; i++) {
      g_auto(GStrv) pair = g_strsplit(environment[i], "=", 2);
      g_setenv(pair[0], pair[1], TRUE);
    }
    execl(program, program, "fetch", "prices", "--from", "tiingo", "--symbols", "NVDA,AMD", "--first", "2025-01-01",
          "--last", "2025-01-31", "--out", "prices.csv", "--store", "store.sqlite", "--base", loopback_url(r.server),
          (char *)NULL);
    _exit(9);
  }
  for (int i = 0; i < PATIENCE_MS && loopback_n_requests(r.server) < 2; i++) g_usleep(1000);
  g_assert_cmpuint(loopback_n_requests(r.server), ==, 2);
  g_assert_cmpint(kill(child, SIGINT), ==, 0);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 130);
  g_assert_false(g_file_test(r.out, G_FILE_TEST_EXISTS));
  g_atomic_int_set(&r.stall, 0);
  g_assert_true(run(&r, NULL, &said, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(loopback_n_requests(r.server), ==, 3);
  g_autofree char *text = read_text(r.dir, "prices.csv");
  g_assert_cmpstr(text, ==, rows);
  room_clear(&r);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/command/files", test_files);
  g_test_add_func("/command/interrupt", test_interrupt);
  return g_test_run();
}
