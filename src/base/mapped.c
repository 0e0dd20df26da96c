/* Maps files of sections and checks them: base/mapped.h says how they are laid out. */
#include "mapped_internal.h"

#include <aftershock/base/error.h>
#include <aftershock/base/parallel.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { LEAST_BYTES = 2 * MAPPED_PAGE }; /* of a file: start and ending */

struct aft_mapped {
  char *path; /* owned */
  mapped_bytes bytes;
  size_t n_sections;
  const mapped_entry *entries; /* [n_sections] in bytes */
  const uint64_t *sums;        /* in bytes */
  bool is_checked[AFT_MAPPED_MOST_SECTIONS];
};

static bool fail_errno(const char *path, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be read: %s", path, g_strerror(code));
  return false;
}

static bool refuse(const char *path, const char *what, GError **error) {
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: %s", path, what);
  return false;
}

/* What is there in one piece: a pipe is not waited for, and nobody else's file is believed. */
static bool load(aft_mapped *mapped, bool reads, GError **error) {
  struct stat info;
  int fd = open(mapped->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (fd < 0) return fail_errno(mapped->path, error);
  bool ok = fstat(fd, &info) == 0 || fail_errno(mapped->path, error);
  ok = ok && ((S_ISREG(info.st_mode) && info.st_uid == geteuid()) ||
              refuse(mapped->path, "is not a regular file of this user", error));
  ok = ok &&
       ((info.st_size >= LEAST_BYTES && info.st_size % MAPPED_PAGE == 0 && (uintmax_t)info.st_size <= SIZE_MAX / 2) ||
        refuse(mapped->path, "is cut short", error));
  ok = ok && (mapped_bytes_open(&mapped->bytes, fd, (size_t)info.st_size, reads) || fail_errno(mapped->path, error));
  close(fd);
  return ok;
}

/* Whether the sections lie one behind the other, and have as many sums as they need. */
static bool fits(const aft_mapped *mapped, uint64_t end, uint64_t n_sums) {
  uint64_t at = MAPPED_PAGE, sum = 0;
  for (size_t i = 0; i < mapped->n_sections; i++) {
    const mapped_entry *entry = &mapped->entries[i];
    if (entry->at != at || entry->first_sum != sum || entry->size > end - at) return false;
    at += mapped_padded(entry->size);
    sum += mapped_n_blocks(entry->size);
    if (at > end || sum > n_sums) return false;
  }
  return at == end;
}

static bool check(aft_mapped *mapped, const char *kind, GError **error) {
  mapped_start start;
  mapped_ending ending;
  uint64_t last = mapped->bytes.size - MAPPED_PAGE;
  static const char damaged[] = "is damaged: its sum is not what it says";
  memcpy(&start, mapped->bytes.start, sizeof start);
  memcpy(&ending, mapped->bytes.start + last, sizeof ending);
  if (memcmp(start.kind, kind, sizeof start.kind) != 0) return refuse(mapped->path, "is of another kind", error);
  if (start.order != MAPPED_ORDER) return refuse(mapped->path, "has another order of bytes", error);
  if (start.version != MAPPED_VERSION) return refuse(mapped->path, "is of another version", error);
  if (memcmp(ending.mark, MAPPED_MARK, sizeof ending.mark) != 0 || ending.size != mapped->bytes.size)
    return refuse(mapped->path, "is cut short", error);
  if (ending.table < MAPPED_PAGE || ending.table % MAPPED_PAGE != 0 || ending.table >= last || ending.n_sections == 0 ||
      ending.n_sections > AFT_MAPPED_MOST_SECTIONS)
    return refuse(mapped->path, damaged, error);
  for (size_t i = sizeof ending; i < MAPPED_PAGE; i++)
    if (mapped->bytes.start[last + i] != 0) return refuse(mapped->path, damaged, error);
  size_t n_table = (size_t)(last - ending.table);
  uint64_t sum_start = mapped_sum(mapped->bytes.start, MAPPED_PAGE);
  uint64_t sum_table = mapped_sum(mapped->bytes.start + ending.table, n_table);
  if (mapped_sum_all(sum_start, sum_table, &ending) != ending.sum) return refuse(mapped->path, damaged, error);
  const void *table = mapped->bytes.start + ending.table;
  mapped->n_sections = (size_t)ending.n_sections;
  mapped->entries = table;
  size_t n_entries = mapped->n_sections * sizeof(mapped_entry);
  mapped->sums = (const uint64_t *)(const void *)(mapped->bytes.start + ending.table + n_entries);
  if (n_entries > n_table || !fits(mapped, ending.table, (n_table - n_entries) / sizeof(uint64_t)))
    return refuse(mapped->path, "is not laid out as it should be", error);
  return true;
}

static bool check_heading(aft_mapped *mapped, const char *heading, GError **error) {
  size_t size = strlen(heading);
  const char *there = aft_mapped_size(mapped, 0) == size ? aft_mapped_take(mapped, 0, 1, error) : heading;
  if (there == NULL) return false;
  return (there != heading && memcmp(there, heading, size) == 0) || refuse(mapped->path, "has another heading", error);
}

static aft_mapped *open_file(const char *path, const char *kind, const char *heading, bool reads, GError **error) {
  g_assert(strlen(kind) == AFT_MAPPED_KIND && *heading != '\0');
  g_autoptr(aft_mapped) mapped = g_new0(aft_mapped, 1);
  mapped->path = g_strdup(path);
  if (!load(mapped, reads, error) || !check(mapped, kind, error) || !check_heading(mapped, heading, error)) return NULL;
  return g_steal_pointer(&mapped);
}

aft_mapped *aft_mapped_open(const char *path, const char *kind, const char *heading, GError **error) {
  return open_file(path, kind, heading, false, error);
}

aft_mapped *mapped_open_read(const char *path, const char *kind, const char *heading, GError **error) {
  return open_file(path, kind, heading, true, error);
}

size_t aft_mapped_n_sections(const aft_mapped *mapped) { return mapped->n_sections; }

size_t aft_mapped_size(const aft_mapped *mapped, size_t section) {
  return section < mapped->n_sections ? (size_t)mapped->entries[section].size : 0;
}

typedef struct section_check {
  const char *bytes;
  size_t padded;
  const uint64_t *sums;
  gint n_bad; /* atomic */
} section_check;

static void check_blocks(size_t first, size_t last, unsigned worker, void *data) {
  section_check *c = data;
  (void)worker;
  for (size_t b = first; b < last; b++) {
    size_t at = b * MAPPED_BLOCK;
    if (mapped_sum(c->bytes + at, MIN(c->padded - at, (size_t)MAPPED_BLOCK)) != c->sums[b]) g_atomic_int_inc(&c->n_bad);
  }
}

const void *aft_mapped_take(aft_mapped *mapped, size_t section, unsigned n_threads, GError **error) {
  g_assert(aft_mapped_size(mapped, section) > 0);
  const mapped_entry *entry = &mapped->entries[section];
  section_check c = {.bytes = mapped->bytes.start + entry->at,
                     .padded = (size_t)mapped_padded(entry->size),
                     .sums = mapped->sums + entry->first_sum};
  if (mapped->is_checked[section]) return c.bytes;
  aft_parallel_for((size_t)mapped_n_blocks(entry->size), n_threads, check_blocks, &c);
  mapped->is_checked[section] = c.n_bad == 0;
  if (mapped->is_checked[section]) return c.bytes;
  refuse(mapped->path, "is damaged: the sum of a section is not what it says", error);
  return NULL;
}

bool aft_mapped_holds(const aft_mapped *mapped, const void *address) {
  uintptr_t start = (uintptr_t)mapped->bytes.start, at = (uintptr_t)address;
  return at >= start && at < start + mapped->bytes.size;
}

void aft_mapped_free(aft_mapped *mapped) {
  if (mapped == NULL) return;
  mapped_bytes_close(&mapped->bytes);
  g_free(mapped->path);
  g_free(mapped);
}
