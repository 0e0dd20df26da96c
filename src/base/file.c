/* Files: whole reads, digests, atomic writes and folders that appear complete or not at all. */
#include <aftershock/base/file.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/digest.h>
#include <aftershock/base/error.h>
#include <aftershock/base/interrupt.h>

#include <aftershock/base/banned.h>

/* From LARGE_BYTES on a digest is worth its start (base/digest.h). */
enum { BLOCK_BYTES = 1 << 18, LARGE_BYTES = 1 << 20 };

static bool fail_errno(const char *path, const char *what, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: %s: %s", path, what, g_strerror(code));
  return false;
}

/* Opens for reading; a folder is refused here because read() on it gives an obscure message. */
static int open_input(const char *path, GError **error) {
  struct stat info;
  int fd = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    fail_errno(path, "cannot be read", error);
    return -1;
  }
  if (fstat(fd, &info) == 0 && S_ISDIR(info.st_mode)) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: is a folder, not a file", path);
    close(fd);
    return -1;
  }
  return fd;
}

static ssize_t read_some(int fd, void *buffer, size_t size) {
  ssize_t got;
  do got = read(fd, buffer, size);
  while (got < 0 && errno == EINTR);
  return got;
}

/* Room for one byte more than a file of known size has, so that its end shows; of others, for some of it. */
static size_t find_room(int fd, size_t max_bytes) {
  struct stat info;
  bool is_sized = fstat(fd, &info) == 0 && S_ISREG(info.st_mode) && info.st_size > 0;
  return (is_sized ? MIN((size_t)info.st_size, max_bytes) : BLOCK_BYTES) + 1;
}

bool aft_file_read(const char *path, size_t max_bytes, char **text, size_t *size, GError **error) {
  int fd = open_input(path, error);
  if (fd < 0) return false;
  size_t room = find_room(fd, max_bytes), n = 0;
  g_autofree char *bytes = g_malloc(room);
  ssize_t got;
  while ((got = read_some(fd, bytes + n, room - n)) > 0) {
    n += (size_t)got;
    if (n > max_bytes) break;
    if (n == room) bytes = g_realloc(bytes, room *= 2);
  }
  if (got < 0) fail_errno(path, "cannot be read", error);
  close(fd);
  if (got < 0) return false;
  if (n > max_bytes) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: larger than %" G_GSIZE_FORMAT " bytes", path, max_bytes);
    return false;
  }
  bytes[n] = '\0'; /* there is room: the last reading had some left */
  *size = n;
  *text = g_steal_pointer(&bytes);
  return true;
}

static bool write_all(int fd, const char *text, size_t size) {
  while (size > 0) {
    ssize_t put = write(fd, text, size);
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    text += put;
    size -= (size_t)put;
  }
  return true;
}

/* Watched from the moment the file is there. */
static bool open_draft(aft_file_draft *draft, const char *final_path, bool watched, GError **error) {
  char *path = g_strdup_printf("%s.new-%ld", final_path, (long)getpid());
  *draft = (aft_file_draft){.path = path, .final_path = g_strdup(final_path), .watched = watched};
  if (watched) {
    aft_interrupt_hold();
    aft_interrupt_add_folder(path);
  }
  draft->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  int failure = errno;
  if (watched) aft_interrupt_release();
  if (draft->fd >= 0) return true;
  errno = failure;
  fail_errno(final_path, "cannot be written", error);
  aft_file_draft_clear(draft);
  return false;
}

bool aft_file_draft_begin(aft_file_draft *draft, const char *final_path, GError **error) {
  return open_draft(draft, final_path, true, error);
}

bool aft_file_draft_append(aft_file_draft *draft, const char *text, size_t size, GError **error) {
  return write_all(draft->fd, text, size) || fail_errno(draft->final_path, "cannot be written", error);
}

bool aft_file_draft_commit(aft_file_draft *draft, GError **error) {
  bool closed = close(draft->fd) == 0;
  draft->fd = -1;
  draft->placed = closed && rename(draft->path, draft->final_path) == 0;
  return draft->placed || fail_errno(draft->final_path, "cannot be written", error);
}

void aft_file_draft_clear(aft_file_draft *draft) {
  if (draft->path == NULL) return;
  if (draft->fd >= 0) close(draft->fd);
  if (!draft->placed) unlink(draft->path);
  if (draft->watched) aft_interrupt_drop_folder(draft->path);
  g_free(draft->path);
  g_free(draft->final_path);
  *draft = (aft_file_draft){0};
}

/* Not watched: it is short, and done while signals are held back too. */
bool aft_file_write(const char *path, const char *text, size_t size, GError **error) {
  aft_file_draft draft;
  if (!open_draft(&draft, path, false, error)) return false;
  bool ok = aft_file_draft_append(&draft, text, size, error) && aft_file_draft_commit(&draft, error);
  aft_file_draft_clear(&draft);
  return ok;
}

bool aft_file_check_regular(const char *path, GError **error) {
  struct stat info;
  if (stat(path, &info) != 0 || S_ISREG(info.st_mode) || S_ISDIR(info.st_mode)) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO,
              "%s: is not a regular file (write it to one, or give it as \"-\", standard input)", path);
  return false;
}

char *aft_file_digest(const char *path, uint64_t *size_bytes, GError **error) {
  int fd = aft_file_check_regular(path, error) ? open_input(path, error) : -1;
  if (fd < 0) return NULL;
  struct stat info;
  g_autoptr(aft_digest) digest = aft_digest_new(fstat(fd, &info) == 0 && info.st_size >= LARGE_BYTES);
  g_autofree guint8 *block = g_malloc(BLOCK_BYTES);
  uint64_t size = 0;
  ssize_t got;
  while ((got = read_some(fd, block, BLOCK_BYTES)) > 0) {
    aft_digest_add(digest, block, (size_t)got);
    size += (uint64_t)got;
  }
  if (got < 0) fail_errno(path, "cannot be read", error);
  close(fd);
  if (got < 0) return NULL;
  *size_bytes = size;
  return aft_digest_finish(g_steal_pointer(&digest));
}

bool aft_file_remove(const char *path, GError **error) {
  struct stat info;
  if (lstat(path, &info) != 0) return errno == ENOENT ? true : fail_errno(path, "cannot be removed", error);
  if (!S_ISDIR(info.st_mode)) return unlink(path) == 0 ? true : fail_errno(path, "cannot be removed", error);
  GDir *folder = g_dir_open(path, 0, NULL);
  bool ok = true;
  const char *name;
  while (folder != NULL && ok && (name = g_dir_read_name(folder)) != NULL) {
    g_autofree char *child = g_build_filename(path, name, NULL);
    ok = aft_file_remove(child, error);
  }
  if (folder != NULL) g_dir_close(folder);
  if (!ok) return false;
  return rmdir(path) == 0 ? true : fail_errno(path, "cannot be removed", error);
}
