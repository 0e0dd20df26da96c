/* A file of a heading and bytes that shows when it was cut short, changed, or written by another kind of machine. */
#include <aftershock/base/sealed.h>

#include <aftershock/base/error.h>
#include <aftershock/base/file.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <aftershock/base/banned.h>

enum { BLOCK_BYTES = 1 << 18, ORDER = 0x01020304 };

static const char end_mark[AFT_SEALED_KIND + 1] = "AFTSEAL1";

typedef struct start {
  char kind[AFT_SEALED_KIND];
  uint32_t order, length;
} start;

typedef struct ending {
  uint64_t size, sum;
  char mark[AFT_SEALED_KIND];
} ending;

struct aft_sealed_writer {
  aft_file_draft draft;
  size_t n_buffered;
  uint64_t sum, n_body;
  char buffer[BLOCK_BYTES];
};

struct aft_sealed {
  char *path, *heading; /* owned */
  FILE *file;           /* NULL while at rest */
  uint64_t at, end;     /* of the body: next byte to read, and its end, in the file */
};

static bool fail_errno(const char *path, const char *what, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: %s: %s", path, what, g_strerror(code));
  return false;
}

uint64_t aft_sealed_sum(uint64_t sum, const void *bytes, size_t size) {
  const char *at = bytes;
  while (size > 0) {
    uint64_t word = 0;
    size_t n = MIN(size, sizeof word);
    memcpy(&word, at, n);
    sum = (sum ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
    sum ^= sum >> 32;
    at += n;
    size -= n;
  }
  return sum;
}

static bool flush(aft_sealed_writer *writer, GError **error) {
  writer->sum = aft_sealed_sum(writer->sum, writer->buffer, writer->n_buffered);
  if (!aft_file_draft_append(&writer->draft, writer->buffer, writer->n_buffered, error)) return false;
  writer->n_buffered = 0;
  return true;
}

static bool append(aft_sealed_writer *writer, const void *bytes, size_t size, GError **error) {
  const char *at = bytes;
  while (size > 0) {
    size_t n = MIN(size, BLOCK_BYTES - writer->n_buffered);
    memcpy(writer->buffer + writer->n_buffered, at, n);
    writer->n_buffered += n;
    at += n;
    size -= n;
    if (writer->n_buffered == BLOCK_BYTES && !flush(writer, error)) return false;
  }
  return true;
}

aft_sealed_writer *aft_sealed_create(const char *path, const char *kind, const char *heading, GError **error) {
  start head = {.order = ORDER, .length = (uint32_t)strlen(heading)};
  g_assert(strlen(kind) == AFT_SEALED_KIND && strlen(heading) <= AFT_SEALED_MAX_HEADING);
  memcpy(head.kind, kind, sizeof head.kind);
  aft_sealed_writer *writer = g_new0(aft_sealed_writer, 1);
  if (aft_file_draft_begin(&writer->draft, path, error) && append(writer, &head, sizeof head, error) &&
      append(writer, heading, head.length, error))
    return writer;
  aft_sealed_discard(writer);
  return NULL;
}

bool aft_sealed_put(aft_sealed_writer *writer, const void *bytes, size_t size, GError **error) {
  writer->n_body += size;
  return append(writer, bytes, size, error);
}

bool aft_sealed_commit(aft_sealed_writer *writer, GError **error) {
  ending last = {.size = writer->n_body};
  memcpy(last.mark, end_mark, sizeof last.mark);
  bool ok = flush(writer, error);
  last.sum = writer->sum;
  ok = ok && aft_file_draft_append(&writer->draft, (const char *)&last, sizeof last, error) &&
       aft_file_draft_commit(&writer->draft, error);
  aft_sealed_discard(writer);
  return ok;
}

void aft_sealed_discard(aft_sealed_writer *writer) {
  if (writer == NULL) return;
  aft_file_draft_clear(&writer->draft);
  g_free(writer);
}

static bool refuse(const char *path, const char *what, GError **error) {
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: %s", path, what);
  return false;
}

/* The sum over the first size bytes. */
static bool sum_file(FILE *file, uint64_t size, uint64_t *sum) {
  g_autofree char *block = g_malloc(BLOCK_BYTES);
  rewind(file);
  *sum = 0;
  while (size > 0) {
    size_t n = (size_t)MIN(size, (uint64_t)BLOCK_BYTES);
    if (fread(block, 1, n, file) != n) return false;
    *sum = aft_sealed_sum(*sum, block, n);
    size -= n;
  }
  return true;
}

static bool check(aft_sealed *sealed, FILE *file, const char *kind, const char *what, GError **error) {
  struct stat info;
  start head;
  ending last;
  uint64_t sum;
  if (fstat(fileno(file), &info) != 0) return fail_errno(sealed->path, "cannot be read", error);
  uint64_t size = (uint64_t)info.st_size;
  g_autofree char *other = g_strdup_printf("is not %s of aftershock", what);
  if (fread(&head, sizeof head, 1, file) != 1 || memcmp(head.kind, kind, sizeof head.kind) != 0)
    return refuse(sealed->path, other, error);
  if (head.order != ORDER) return refuse(sealed->path, "was written by a machine with another order of bytes", error);
  static const char cut[] = "is cut short or was changed: its length is not what it says (make it again)";
  if (size < sizeof head + sizeof last || head.length > size - sizeof head - sizeof last)
    return refuse(sealed->path, cut, error);
  if (fseeko(file, (off_t)(size - sizeof last), SEEK_SET) != 0 || fread(&last, sizeof last, 1, file) != 1)
    return fail_errno(sealed->path, "cannot be read", error);
  sealed->at = sizeof head + head.length;
  sealed->end = size - sizeof last;
  if (memcmp(last.mark, end_mark, sizeof last.mark) != 0 || last.size != sealed->end - sealed->at)
    return refuse(sealed->path, cut, error);
  if (!sum_file(file, sealed->end, &sum)) return fail_errno(sealed->path, "cannot be read", error);
  if (sum != last.sum)
    return refuse(sealed->path, "its checksum is wrong: the file was changed or damaged (make it again)", error);
  if (head.length > AFT_SEALED_MAX_HEADING) return refuse(sealed->path, other, error);
  sealed->heading = g_malloc(head.length + 1);
  sealed->heading[head.length] = '\0';
  if (fseeko(file, (off_t)sizeof head, SEEK_SET) != 0 || fread(sealed->heading, 1, head.length, file) != head.length)
    return fail_errno(sealed->path, "cannot be read", error);
  return true;
}

aft_sealed *aft_sealed_open(const char *path, const char *kind, const char *what, GError **error) {
  struct stat info;
  if (stat(path, &info) == 0 && !S_ISREG(info.st_mode)) { /* opening a pipe would wait for its writer */
    refuse(path, "is not a regular file", error);
    return NULL;
  }
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    fail_errno(path, "cannot be read", error);
    return NULL;
  }
  aft_sealed *sealed = g_new0(aft_sealed, 1);
  sealed->path = g_strdup(path);
  bool ok = check(sealed, file, kind, what, error);
  fclose(file);
  if (ok) return sealed;
  aft_sealed_free(sealed);
  return NULL;
}

const char *aft_sealed_heading(const aft_sealed *sealed) { return sealed->heading; }
const char *aft_sealed_path(const aft_sealed *sealed) { return sealed->path; }
bool aft_sealed_is_over(const aft_sealed *sealed) { return sealed->at == sealed->end; }

bool aft_sealed_get(aft_sealed *sealed, void *bytes, size_t size, GError **error) {
  if (size > sealed->end - sealed->at) return refuse(sealed->path, "ends too early (make it again)", error);
  if (sealed->file == NULL) {
    sealed->file = fopen(sealed->path, "rb");
    if (sealed->file == NULL) return fail_errno(sealed->path, "cannot be read", error);
    if (fseeko(sealed->file, (off_t)sealed->at, SEEK_SET) != 0)
      return fail_errno(sealed->path, "cannot be read", error);
  }
  if (size > 0 && fread(bytes, 1, size, sealed->file) != size)
    return refuse(sealed->path, "changed while it was read", error);
  sealed->at += size;
  return true;
}

void aft_sealed_rest(aft_sealed *sealed) {
  if (sealed->file != NULL) fclose(sealed->file);
  sealed->file = NULL;
}

void aft_sealed_free(aft_sealed *sealed) {
  if (sealed == NULL) return;
  aft_sealed_rest(sealed);
  g_free(sealed->path);
  g_free(sealed->heading);
  g_free(sealed);
}
