/* Child processes by argument vector with a time limit. */
#include <aftershock/base/process.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/error.h>
#include <aftershock/base/interrupt.h>

#include <aftershock/base/banned.h>

enum { MAX_OUTPUT = 1 << 20, MAX_MESSAGE = 2000 };

bool aft_process_exists(const char *program) {
  g_autofree char *path = g_find_program_in_path(program);
  return path != NULL;
}

static void set_up_child(void *data) {
  (void)data;
  aft_interrupt_reset_child();
}

/* The parent's environment with additions. */
static char **make_environment(const char *const *additions) {
  char **environment = g_get_environ();
  for (; additions != NULL && *additions != NULL; additions++) {
    const char *equals = strchr(*additions, '=');
    g_assert(equals != NULL);
    g_autofree char *name = g_strndup(*additions, (gsize)(equals - *additions));
    environment = g_environ_setenv(environment, name, equals + 1, TRUE);
  }
  return environment;
}

/* Reads what has arrived; closes the descriptor at its end. */
static void drain(struct pollfd *stream, GString *text, size_t limit) {
  char block[4096];
  ssize_t got = read(stream->fd, block, sizeof block);
  if (got < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (got <= 0) {
    close(stream->fd);
    stream->fd = -1;
    return;
  }
  if (text->len < limit) g_string_append_len(text, block, (gssize)MIN((size_t)got, limit - text->len));
}

/* Collects both streams until they close or the time is over; false when it is over. */
static bool collect(int out_fd, int err_fd, int timeout_ms, GString *output, GString *messages) {
  struct pollfd streams[2] = {{.fd = out_fd, .events = POLLIN}, {.fd = err_fd, .events = POLLIN}};
  gint64 end = g_get_monotonic_time() + (gint64)timeout_ms * 1000;
  bool in_time = true;
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    gint64 left = (end - g_get_monotonic_time()) / 1000;
    if (left <= 0) {
      in_time = false;
      break;
    }
    int ready = poll(streams, 2, (int)MIN(left, 1000));
    if (ready < 0 && errno != EINTR) break;
    if (ready <= 0) continue;
    if (streams[0].fd >= 0 && streams[0].revents != 0) drain(&streams[0], output, MAX_OUTPUT);
    if (streams[1].fd >= 0 && streams[1].revents != 0) drain(&streams[1], messages, MAX_OUTPUT);
  }
  for (int i = 0; i < 2; i++)
    if (streams[i].fd >= 0) close(streams[i].fd);
  return in_time;
}

static int wait_child(GPid pid) {
  int status = 0;
  siginfo_t info;
  /* While it is not reaped its number is its own: nothing else can be killed in its place. */
  while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) < 0 && errno == EINTR) continue;
  aft_interrupt_drop_child(pid);
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return status;
}

bool aft_process_run(const char *const *argv, const char *folder, const char *const *environment, int timeout_ms,
                     char **output, GError **error) {
  GPid pid;
  int out_fd, err_fd;
  g_autoptr(GError) spawn_error = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (const char *const *argument = argv; *argument != NULL; argument++) g_strv_builder_add(builder, *argument);
  g_auto(GStrv) arguments = g_strv_builder_end(builder);
  g_auto(GStrv) child_environment = make_environment(environment);
  aft_interrupt_hold();
  bool started =
      g_spawn_async_with_pipes(folder, arguments, child_environment, G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD,
                               set_up_child, NULL, &pid, NULL, &out_fd, &err_fd, &spawn_error);
  if (started) aft_interrupt_add_child(pid);
  aft_interrupt_release();
  if (!started) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "%s: cannot be started: %s", argv[0],
                spawn_error->message);
    return false;
  }
  g_autoptr(GString) text = g_string_new(NULL);
  g_autoptr(GString) messages = g_string_new(NULL);
  bool in_time = collect(out_fd, err_fd, timeout_ms, text, messages);
  if (!in_time) kill(pid, SIGKILL);
  int status = wait_child(pid);
  g_spawn_close_pid(pid);
  g_strchomp(messages->str);
  size_t length = strlen(messages->str);
  const char *tail = messages->str + (length > MAX_MESSAGE ? length - MAX_MESSAGE : 0);
  if (!in_time)
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "%s: stopped after %d ms", argv[0], timeout_ms);
  else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_PROCESS, "%s: ended with %s %d: %s", argv[0],
                WIFEXITED(status) ? "status" : "signal", WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status),
                tail);
  else if (output != NULL)
    *output = g_string_free(g_steal_pointer(&text), FALSE);
  return in_time && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}
