/* The bytes of a price file, unpacked where they are packed. */
#include "price_bytes.h"

#include <aftershock/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <aftershock/base/banned.h>

/* From here on a digest is worth its start (base/digest.h). */
enum { LARGE_BYTES = 1 << 20 };
enum { PACKED_BYTES = 1 << 16 };

struct price_gzip {
  z_stream stream;
  bool is_between; /* a member has ended, and no byte of the next one was seen */
};

static bool fail_errno(const char *path, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be read: %s", path, g_strerror(code));
  return false;
}

bool price_bytes_open(price_bytes *bytes, const price_source *source, GError **error) {
  struct stat info;
  *bytes = (price_bytes){.source = *source, .fd = -1};
  if (source->bytes != NULL) return true;
  if (source->pull != NULL) bytes->digest = aft_digest_new(true);
  if (source->pull != NULL) return true;
  bytes->fd = strcmp(source->path, "-") == 0 ? dup(STDIN_FILENO) : open(source->path, O_RDONLY | O_CLOEXEC);
  if (bytes->fd < 0) return fail_errno(source->path, error);
  if (fstat(bytes->fd, &info) != 0) return fail_errno(source->path, error);
  bytes->digest = aft_digest_new(!S_ISREG(info.st_mode) || info.st_size >= LARGE_BYTES);
  bytes->is_stream = strcmp(source->path, "-") == 0 || !S_ISREG(info.st_mode);
  if (S_ISREG(info.st_mode)) aft_progress_begin(&bytes->progress, "MB of prices read", (size_t)info.st_size >> 20);
  if (!S_ISDIR(info.st_mode)) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: is a folder, not a file", source->path);
  return false;
}

void price_bytes_clear(price_bytes *bytes) {
  if (bytes->fd >= 0) close(bytes->fd);
  bytes->fd = -1;
  g_clear_pointer(&bytes->digest, aft_digest_free);
  g_clear_pointer(&bytes->first, g_free);
  if (bytes->gzip != NULL) (void)inflateEnd(&bytes->gzip->stream);
  g_clear_pointer(&bytes->gzip, g_free);
  aft_progress_end(&bytes->progress);
}

static size_t read_memory(price_source *source, char *target, size_t size) {
  size_t n = MIN(size, source->n_bytes);
  memcpy(target, source->bytes, n);
  source->bytes += n;
  source->n_bytes -= n;
  return n;
}

static ssize_t read_file(const price_bytes *bytes, char *target, size_t size, GError **error) {
  ssize_t got;
  do got = read(bytes->fd, target, size);
  while (got < 0 && errno == EINTR);
  if (got < 0) (void)fail_errno(bytes->source.path, error);
  return got;
}

/* What the descriptor or the giver has, collected; fewer than size only at the end; negative with error set. */
static ssize_t read_raw(price_bytes *bytes, char *target, size_t size, GError **error) {
  const price_source *source = &bytes->source;
  size_t filled = 0;
  while (filled < size) {
    ssize_t got = source->pull != NULL ? source->pull(source->pull_data, target + filled, size - filled, error)
                                       : read_file(bytes, target + filled, size - filled, error);
    if (got < 0) return got;
    if (got == 0) break;
    filled += (size_t)got;
  }
  aft_digest_add(bytes->digest, target, filled);
  bytes->n_read += filled;
  aft_progress_set(&bytes->progress, (size_t)(bytes->n_read >> 20));
  return (ssize_t)filled;
}

/* The first bytes say whether they are packed: no text begins with those of gzip. */
static bool look(price_bytes *bytes, GError **error) {
  bytes->first = g_malloc(PACKED_BYTES);
  ssize_t got = read_raw(bytes, bytes->first, PACKED_BYTES, error);
  if (got < 0) return false;
  bytes->n_first = (size_t)got;
  if (got < 2 || memcmp(bytes->first, "\x1F\x8B", 2) != 0) return true;
  bytes->gzip = g_new0(price_gzip, 1);
  bytes->gzip->stream.next_in = (Bytef *)bytes->first;
  bytes->gzip->stream.avail_in = (uInt)got;
  if (inflateInit2(&bytes->gzip->stream, MAX_WBITS + 16) == Z_OK) return true; /* 16: gzip alone */
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be unpacked: no memory", bytes->source.path);
  return false;
}

static bool fail_packed(const price_bytes *bytes, const char *what, GError **error) {
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: the gzip data %s (copy or fetch the file again)",
              bytes->source.path, what);
  return false;
}

/* One step of unpacking; false with error set, or at the end without. */
static bool unpack_some(price_bytes *bytes, GError **error) {
  price_gzip *gzip = bytes->gzip;
  z_stream *stream = &gzip->stream;
  if (stream->avail_in == 0) {
    ssize_t got = read_raw(bytes, bytes->first, PACKED_BYTES, error);
    if (got < 0 || (got == 0 && gzip->is_between)) return false;
    if (got == 0) return fail_packed(bytes, "end too early", error);
    stream->next_in = (Bytef *)bytes->first;
    stream->avail_in = (uInt)got;
  }
  if (gzip->is_between && inflateReset(stream) != Z_OK) return fail_packed(bytes, "are damaged", error);
  gzip->is_between = false;
  int state = inflate(stream, Z_NO_FLUSH);
  if (state == Z_STREAM_END)
    gzip->is_between = true;
  else if (state != Z_OK && state != Z_BUF_ERROR)
    return fail_packed(bytes, "are damaged", error);
  return true;
}

static ssize_t read_packed(price_bytes *bytes, char *target, size_t size, GError **error) {
  z_stream *stream = &bytes->gzip->stream;
  GError *problem = NULL;
  size_t left = size;
  while (left > 0) {
    uInt room = (uInt)MIN(left, (size_t)1 << 30);
    stream->next_out = (Bytef *)target + (size - left);
    stream->avail_out = room;
    bool more = unpack_some(bytes, &problem);
    left -= room - stream->avail_out;
    if (!more) break;
  }
  if (problem == NULL) return (ssize_t)(size - left);
  g_propagate_error(error, problem);
  return -1;
}

/* What was looked at first, then what follows. */
static ssize_t read_text(price_bytes *bytes, char *target, size_t size, GError **error) {
  size_t n = MIN(size, bytes->n_first - bytes->at_first);
  memcpy(target, bytes->first + bytes->at_first, n);
  bytes->at_first += n;
  ssize_t got = n < size ? read_raw(bytes, target + n, size - n, error) : 0;
  return got < 0 ? got : (ssize_t)n + got;
}

ssize_t price_bytes_read(price_bytes *bytes, char *target, size_t size, GError **error) {
  if (bytes->source.bytes != NULL) return (ssize_t)read_memory(&bytes->source, target, size);
  if (bytes->first == NULL && !look(bytes, error)) return -1;
  return bytes->gzip != NULL ? read_packed(bytes, target, size, error) : read_text(bytes, target, size, error);
}
