/* A CSV file being written. */
#include <aftershock/base/sink.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/error.h>
#include <aftershock/base/parallel.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

enum {
  FLUSH_BYTES = 1 << 18,
  BLOCK_ROWS = 1024, /* of a table that threads fill; their number does not change what is written */
  BATCH_BLOCKS = 16
};

struct aft_sink {
  char *path;
  char *text; /* [room] what is not written yet */
  size_t length, room;
  int fd;      /* -1: a block of rows in memory */
  int failure; /* errno of the first failed write, 0 while all is well */
  bool in_row;
};

static void grow(aft_sink *sink, size_t size) {
  sink->room = MAX(sink->length + size, 2 * sink->room);
  sink->text = g_realloc(sink->text, sink->room);
}

/* Where the next size bytes may be written. */
static inline char *reserve(aft_sink *sink, size_t size) {
  if (sink->length + size > sink->room) grow(sink, size);
  return sink->text + sink->length;
}

static inline void put(aft_sink *sink, const char *text, size_t size) {
  memcpy(reserve(sink, size), text, size);
  sink->length += size;
}

aft_sink *aft_sink_open(const char *folder, const char *name, const char *header, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be written: %s", name, g_strerror(errno));
    return NULL;
  }
  aft_sink *sink = g_new0(aft_sink, 1);
  sink->path = g_strdup(name);
  sink->fd = fd;
  grow(sink, FLUSH_BYTES + 4096);
  put(sink, header, strlen(header));
  put(sink, "\n", 1);
  return sink;
}

/* Writes the text to the file of sink, and empties it; the text of sink itself or that of a block. */
static void flush(aft_sink *sink, aft_sink *from) {
  const char *text = from->text;
  while (from->length > 0 && sink->failure == 0) {
    ssize_t written = write(sink->fd, text, from->length);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      sink->failure = errno;
      break;
    }
    text += written;
    from->length -= (size_t)written;
  }
  from->length = 0;
}

static inline void separate(aft_sink *sink) {
  if (sink->in_row) put(sink, ",", 1);
  sink->in_row = true;
}

void aft_sink_text(aft_sink *sink, const char *text) {
  size_t length;
  separate(sink);
  if (aft_csv_is_plain(text, &length)) {
    put(sink, text, length);
    return;
  }
  g_autoptr(GString) field = g_string_new(NULL);
  aft_csv_append(field, text);
  put(sink, field->str, field->len);
}

void aft_sink_number(aft_sink *sink, double value) {
  separate(sink);
  sink->length += aft_number_write(value, reserve(sink, AFT_NUMBER_TEXT));
}

void aft_sink_integer(aft_sink *sink, gint64 value) {
  char text[24], *first = text + sizeof text; /* a 64-bit number has 20 characters at most */
  guint64 size = value < 0 ? -(guint64)value : (guint64)value;
  do *--first = (char)('0' + size % 10);
  while ((size /= 10) > 0);
  if (value < 0) *--first = '-';
  separate(sink);
  put(sink, first, (size_t)(text + sizeof text - first));
}

void aft_sink_day(aft_sink *sink, aft_day day) {
  separate(sink);
  if (day != AFT_DAY_NONE) sink->length += strlen(aft_day_print(day, reserve(sink, AFT_DAY_TEXT)));
}

void aft_sink_end_row(aft_sink *sink) {
  put(sink, "\n", 1);
  sink->in_row = false;
  if (sink->length >= FLUSH_BYTES && sink->fd >= 0) flush(sink, sink);
}

/* Two batches of blocks: one is filled while the other is written. */
typedef struct filling {
  aft_sink *sink;
  aft_sink block[2][BATCH_BLOCKS];
  size_t n, first; /* rows; the first of the batch that is filled */
  int filled;      /* which of the two */
  aft_sink_rows *rows;
  const void *data;
} filling;

/* Index 0 writes the batch before, index i fills block i - 1 of this one. */
static void work(size_t first, size_t last, unsigned worker, void *data) {
  filling *f = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    if (i == 0) {
      for (int b = 0; b < BATCH_BLOCKS; b++) flush(f->sink, &f->block[1 - f->filled][b]);
      continue;
    }
    size_t row = f->first + (i - 1) * BLOCK_ROWS;
    if (row < f->n) f->rows(&f->block[f->filled][i - 1], row, MIN(row + BLOCK_ROWS, f->n), f->data);
  }
}

void aft_sink_fill(aft_sink *sink, size_t n, unsigned n_threads, aft_sink_rows *rows, const void *data) {
  if (n <= BLOCK_ROWS || aft_parallel_workers(n_threads) < 2) {
    rows(sink, 0, n, data);
    return;
  }
  filling f = {.sink = sink, .n = n, .rows = rows, .data = data};
  for (int k = 0; k < 2 * BATCH_BLOCKS; k++) f.block[k / BATCH_BLOCKS][k % BATCH_BLOCKS].fd = -1;
  flush(sink, sink);
  for (; f.first < n; f.first += (size_t)BATCH_BLOCKS * BLOCK_ROWS) {
    aft_parallel_for(BATCH_BLOCKS + 1, n_threads, work, &f);
    f.filled = 1 - f.filled;
  }
  for (int b = 0; b < BATCH_BLOCKS; b++) flush(sink, &f.block[1 - f.filled][b]);
  for (int k = 0; k < 2 * BATCH_BLOCKS; k++) g_free(f.block[k / BATCH_BLOCKS][k % BATCH_BLOCKS].text);
}

bool aft_sink_close(aft_sink *sink, GError **error) {
  flush(sink, sink);
  if (close(sink->fd) != 0 && sink->failure == 0) sink->failure = errno;
  int failure = sink->failure;
  if (failure != 0)
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be written: %s", sink->path, g_strerror(failure));
  g_free(sink->text);
  g_free(sink->path);
  g_free(sink);
  return failure == 0;
}
