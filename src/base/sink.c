/* A CSV file being written. */
#include <aftershock/base/sink.h>

#include "decimal_print.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/error.h>
#include <aftershock/base/parallel.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

enum {
  FLUSH_BYTES = 1 << 18,
  BLOCK_ROWS = 1024, /* of a table that threads fill; their number does not change what is written */
  N_PLACES = 16      /* blocks that are filled, or wait for the file */
};

struct aft_sink {
  char *path;
  char *text; /* [room] what is not written yet */
  size_t length, room;
  size_t row, row_before; /* where they begin in text */
  size_t marked;          /* bytes of the row that aft_sink_repeat repeats */
  int fd;                 /* -1: a block of rows in memory */
  int failure;            /* errno of the first failed write, 0 while all is well */
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
  sink->row = sink->length;
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
  from->length = from->row = 0;
}

/* Where the next field goes, of size bytes at most. */
static inline char *begin_field(aft_sink *sink, size_t size) {
  char *out = reserve(sink, size + 1);
  if (sink->in_row) {
    *out = ',';
    sink->length++;
    return out + 1;
  }
  sink->in_row = true;
  sink->marked = 0;
  return out;
}

void aft_sink_text(aft_sink *sink, const char *text) {
  enum { SHORT = 64 };
  ptrdiff_t length = aft_csv_copy(text, begin_field(sink, SHORT), SHORT);
  if (length >= 0) {
    sink->length += (size_t)length;
    return;
  }
  g_autoptr(GString) field = g_string_new(NULL);
  aft_csv_append(field, text);
  put(sink, field->str, field->len);
}

void aft_sink_word(aft_sink *sink, const char *text, size_t length) {
  memcpy(begin_field(sink, length), text, length);
  sink->length += length;
}

void aft_sink_number(aft_sink *sink, double value) {
  char *out = begin_field(sink, AFT_NUMBER_TEXT);
  sink->length += aft_number_write(value, out);
}

void aft_sink_integer(aft_sink *sink, gint64 value) {
  char *out = begin_field(sink, AFT_NUMBER_TEXT);
  guint64 size = value < 0 ? -(guint64)value : (guint64)value;
  sink->length += (size_t)(decimal_print_whole(value < 0, size, out) - out);
}

void aft_sink_day(aft_sink *sink, aft_day day) {
  char *out = begin_field(sink, AFT_DAY_TEXT);
  if (day != AFT_DAY_NONE) sink->length += aft_day_write(day, out);
}

void aft_sink_mark(aft_sink *sink) { sink->marked = sink->length - sink->row; }

/* What was just written to the file stands in memory until the next row does. */
void aft_sink_repeat(aft_sink *sink) {
  g_assert(!sink->in_row && sink->marked > 0);
  char *out = reserve(sink, sink->marked);
  memmove(out, sink->text + sink->row_before, sink->marked);
  sink->length += sink->marked;
  sink->in_row = true;
}

void aft_sink_end_row(aft_sink *sink) {
  put(sink, "\n", 1);
  sink->in_row = false;
  sink->row_before = sink->row;
  sink->row = sink->length;
  if (sink->length >= FLUSH_BYTES && sink->fd >= 0) flush(sink, sink);
}

/* What threads that fill a table share: blocks are taken, filled into the places of a ring, and written in their order. */
typedef struct filling {
  aft_sink *sink;
  aft_sink place[N_PLACES]; /* block b stands in place b % N_PLACES */
  bool is_full[N_PLACES];
  bool is_writing;          /* one thread is at the file */
  size_t n, taken, written; /* rows; blocks */
  pthread_mutex_t lock;     /* of all but n and the places that are being filled */
  pthread_cond_t room;      /* a place is free again */
  aft_sink_rows *rows;
  const void *data;
} filling;

/* Writes the full blocks whose turn it is, unless another thread does; it will see what is full by then. Locked. */
static void write_ready(filling *f) {
  if (f->is_writing) return;
  f->is_writing = true;
  while (f->is_full[f->written % N_PLACES]) {
    size_t place = f->written % N_PLACES;
    pthread_mutex_unlock(&f->lock);
    flush(f->sink, &f->place[place]);
    pthread_mutex_lock(&f->lock);
    f->is_full[place] = false;
    f->written++;
    pthread_cond_broadcast(&f->room);
  }
  f->is_writing = false;
}

/* One block for each index, whichever is next: the first that is not written has a place, so that nobody waits for long. */
static void fill_blocks(size_t first, size_t last, unsigned worker, void *data) {
  filling *f = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    pthread_mutex_lock(&f->lock);
    size_t block = f->taken++, place = block % N_PLACES;
    while (block - f->written >= N_PLACES) pthread_cond_wait(&f->room, &f->lock);
    pthread_mutex_unlock(&f->lock);
    f->rows(&f->place[place], block * BLOCK_ROWS, MIN((block + 1) * BLOCK_ROWS, f->n), f->data);
    pthread_mutex_lock(&f->lock);
    f->is_full[place] = true;
    write_ready(f);
    pthread_mutex_unlock(&f->lock);
  }
}

void aft_sink_fill(aft_sink *sink, size_t n, unsigned n_threads, aft_sink_rows *rows, const void *data) {
  if (n <= BLOCK_ROWS || aft_parallel_workers(n_threads) < 2) {
    rows(sink, 0, n, data);
    return;
  }
  filling f = {.sink = sink, .n = n, .rows = rows, .data = data};
  for (int k = 0; k < N_PLACES; k++) f.place[k].fd = -1;
  pthread_mutex_init(&f.lock, NULL);
  pthread_cond_init(&f.room, NULL);
  flush(sink, sink);
  aft_parallel_for((n + BLOCK_ROWS - 1) / BLOCK_ROWS, n_threads, fill_blocks, &f);
  pthread_cond_destroy(&f.room);
  pthread_mutex_destroy(&f.lock);
  for (int k = 0; k < N_PLACES; k++) g_free(f.place[k].text);
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
