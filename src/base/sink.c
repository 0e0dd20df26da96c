/* A CSV file being written. */
#include <aftershock/base/sink.h>

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <aftershock/base/error.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

enum { FLUSH_BYTES = 1 << 18 };

struct aft_sink {
  char *path;
  GString *buffer;
  int fd;
  int failure; /* errno of the first failed write, 0 while all is well */
  bool in_row;
};

aft_sink *aft_sink_open(const char *folder, const char *name, const char *header, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be written: %s", name, g_strerror(errno));
    return NULL;
  }
  aft_sink *sink = g_new0(aft_sink, 1);
  sink->path = g_strdup(name);
  sink->buffer = g_string_sized_new(FLUSH_BYTES + 4096);
  sink->fd = fd;
  g_string_append(sink->buffer, header);
  g_string_append_c(sink->buffer, '\n');
  return sink;
}

static void flush(aft_sink *sink) {
  const char *text = sink->buffer->str;
  size_t left = sink->buffer->len;
  while (left > 0 && sink->failure == 0) {
    ssize_t put = write(sink->fd, text, left);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      sink->failure = errno;
      break;
    }
    text += put;
    left -= (size_t)put;
  }
  g_string_truncate(sink->buffer, 0);
}

static void separate(aft_sink *sink) {
  if (sink->in_row) g_string_append_c(sink->buffer, ',');
  sink->in_row = true;
}

void aft_sink_text(aft_sink *sink, const char *text) {
  separate(sink);
  aft_csv_append(sink->buffer, text);
}

void aft_sink_number(aft_sink *sink, double value) {
  separate(sink);
  aft_number_append(sink->buffer, value);
}

void aft_sink_integer(aft_sink *sink, gint64 value) {
  char text[24], *first = text + sizeof text; /* a 64-bit number has 20 characters at most */
  guint64 size = value < 0 ? -(guint64)value : (guint64)value;
  do *--first = (char)('0' + size % 10);
  while ((size /= 10) > 0);
  if (value < 0) *--first = '-';
  separate(sink);
  g_string_append_len(sink->buffer, first, text + sizeof text - first);
}

void aft_sink_day(aft_sink *sink, aft_day day) {
  char text[AFT_DAY_TEXT];
  separate(sink);
  if (day != AFT_DAY_NONE) g_string_append(sink->buffer, aft_day_print(day, text));
}

void aft_sink_end_row(aft_sink *sink) {
  g_string_append_c(sink->buffer, '\n');
  sink->in_row = false;
  if (sink->buffer->len >= FLUSH_BYTES) flush(sink);
}

bool aft_sink_close(aft_sink *sink, GError **error) {
  flush(sink);
  if (close(sink->fd) != 0 && sink->failure == 0) sink->failure = errno;
  int failure = sink->failure;
  if (failure != 0)
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be written: %s", sink->path, g_strerror(failure));
  g_string_free(sink->buffer, TRUE);
  g_free(sink->path);
  g_free(sink);
  return failure == 0;
}
