/* The bytes of a file in memory: mapped, or read where another machine may take the file away beneath a mapping. */
#include "mapped_internal.h"

#include <aftershock/base/pages.h>

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif

#include <aftershock/base/banned.h>

/*
 * Whether the disk is this machine's own, so that a file lives on while it is mapped, whoever removes it. A network disk knows only of its own
 * machine's mappings, and a page that is gone ends the program. What is not known is not trusted.
 */
static bool is_own_disk(int fd) {
#ifdef __linux__
  static const uint32_t own[] = {
      0xEF53 /* ext2 to 4 */, 0x58465342 /* XFS */,      0x9123683E /* Btrfs */,     0xF2F52010 /* F2FS */,
      0x2FC12FC1 /* ZFS */,   0xCA451A4E /* bcachefs */, 0x01021994 /* in memory */, 0x794C7630 /* overlay */};
  struct statfs disk;
  if (fstatfs(fd, &disk) != 0) return false;
  for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
    if ((uint32_t)disk.f_type == own[i]) return true;
#else
  (void)fd;
#endif
  return false;
}

static bool read_all(int fd, char *bytes, size_t size) {
  size_t filled = 0;
  while (filled < size) {
    ssize_t got = read(fd, bytes + filled, size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) errno = EIO; /* shorter than it was */
    if (got == 0) return false;
    filled += (size_t)got;
  }
  return true;
}

bool mapped_bytes_open(mapped_bytes *bytes, int fd, size_t size, bool reads) {
  *bytes = (mapped_bytes){.size = size, .is_read = reads || !is_own_disk(fd)};
  void *start = bytes->is_read ? aft_pages_new(size) : mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (!bytes->is_read && start == MAP_FAILED) return false;
  bytes->start = start;
  if (!bytes->is_read || read_all(fd, start, size)) return true;
  int code = errno;
  mapped_bytes_close(bytes);
  errno = code;
  return false;
}

void mapped_bytes_close(mapped_bytes *bytes) {
  void *start = (void *)(uintptr_t)bytes->start;
  if (start == NULL) return;
  if (bytes->is_read)
    aft_pages_free(start, bytes->size);
  else
    munmap(start, bytes->size);
  *bytes = (mapped_bytes){.start = NULL};
}
