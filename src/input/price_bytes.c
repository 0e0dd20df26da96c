/* The bytes of a price file. */
#include "price_bytes.h"

#include <aftershock/base/error.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

/* From here on a digest is worth its start (base/digest.h). */
enum { LARGE_BYTES = 1 << 20 };

static bool fail_errno(const char *path, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be read: %s", path, g_strerror(code));
  return false;
}

bool price_bytes_open(price_bytes *bytes, const price_source *source, GError **error) {
  struct stat info;
  *bytes = (price_bytes){.source = *source, .fd = -1};
  if (source->bytes != NULL) return true;
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
  aft_progress_end(&bytes->progress);
}

static size_t read_memory(price_source *source, char *target, size_t size) {
  size_t n = MIN(size, source->n_bytes);
  memcpy(target, source->bytes, n);
  source->bytes += n;
  source->n_bytes -= n;
  return n;
}

ssize_t price_bytes_read(price_bytes *bytes, char *target, size_t size, GError **error) {
  size_t filled = 0;
  if (bytes->fd < 0) return (ssize_t)read_memory(&bytes->source, target, size);
  while (filled < size) {
    ssize_t got = read(bytes->fd, target + filled, size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      (void)fail_errno(bytes->source.path, error);
      return got;
    }
    if (got == 0) break;
    filled += (size_t)got;
  }
  aft_digest_add(bytes->digest, target, filled);
  bytes->n_read += filled;
  aft_progress_set(&bytes->progress, (size_t)(bytes->n_read >> 20));
  return (ssize_t)filled;
}
