/* Digests of files that were read before. */
#include <aftershock/base/known.h>

#include <aftershock/base/file.h>
#include <aftershock/base/interrupt.h>
#include <aftershock/base/sealed.h>

#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include <aftershock/base/banned.h>

enum { MOST_BYTES = 1 << 20, N_NUMBERS = 6, SHA256_DIGITS = 64 };
static const char first_line[] = "aftershock digests 1";

typedef struct known_file {
  aft_file_stamp stamp;
  int64_t start_ns;
  char sha256[SHA256_DIGITS + 1];
} known_file;

struct aft_known {
  GArray *files; /* of known_file, in the order in which they were noted */
};

bool aft_file_stamp_read(aft_file_stamp *stamp, const char *path) {
  struct stat info;
  if (stat(path, &info) != 0 || !S_ISREG(info.st_mode)) return false;
#ifdef __APPLE__
  const struct timespec changed = {info.st_mtime, info.st_mtimensec}, status = {info.st_ctime, info.st_ctimensec};
#else
  const struct timespec changed = info.st_mtim, status = info.st_ctim;
#endif
  *stamp = (aft_file_stamp){.device = (uint64_t)info.st_dev,
                            .number = (uint64_t)info.st_ino,
                            .n_bytes = (uint64_t)info.st_size,
                            .changed_ns = (int64_t)changed.tv_sec * 1000000000 + changed.tv_nsec,
                            .status_ns = (int64_t)status.tv_sec * 1000000000 + status.tv_nsec};
  return true;
}

bool aft_file_stamp_is_equal(const aft_file_stamp *a, const aft_file_stamp *b) {
  return a->device == b->device && a->number == b->number && a->n_bytes == b->n_bytes &&
         a->changed_ns == b->changed_ns && a->status_ns == b->status_ns;
}

/* What stands before a line, in so many digits. Owned. */
enum { SUM_DIGITS = 16 };
static char *print_sum(const char *line) {
  return g_strdup_printf("%0*" PRIx64, SUM_DIGITS, aft_sealed_sum(1, line, strlen(line)));
}

static bool is_digest(const char *text) {
  return strlen(text) == SHA256_DIGITS && strspn(text, "0123456789abcdef") == SHA256_DIGITS;
}

/* A line as it was written; false for any other. */
static bool parse_line(const char *line, known_file *file) {
  if (strlen(line) <= SUM_DIGITS || line[SUM_DIGITS] != ' ') return false;
  g_autofree char *sum = print_sum(line + SUM_DIGITS + 1);
  if (strncmp(line, sum, SUM_DIGITS) != 0) return false;
  g_auto(GStrv) words = g_strsplit(line + SUM_DIGITS + 1, " ", N_NUMBERS + 2);
  int64_t number[N_NUMBERS];
  if (g_strv_length(words) != N_NUMBERS + 1 || !is_digest(words[N_NUMBERS])) return false;
  for (int i = 0; i < N_NUMBERS; i++)
    if (!g_ascii_string_to_signed(words[i], 10, G_MININT64, G_MAXINT64, &number[i], NULL)) return false;
  *file = (known_file){.stamp = {.device = (uint64_t)number[0],
                                 .number = (uint64_t)number[1],
                                 .n_bytes = (uint64_t)number[2],
                                 .changed_ns = number[3],
                                 .status_ns = number[4]},
                       .start_ns = number[5]};
  memcpy(file->sha256, words[N_NUMBERS], sizeof file->sha256);
  return true;
}

aft_known *aft_known_read(const char *path) {
  aft_known *known = g_new0(aft_known, 1);
  aft_file_stamp stamp;
  g_autofree char *text = NULL;
  size_t size;
  known->files = g_array_new(FALSE, FALSE, sizeof(known_file));
  if (!aft_file_stamp_read(&stamp, path) || !aft_file_read(path, MOST_BYTES, &text, &size, NULL)) return known;
  g_auto(GStrv) lines = g_strsplit(text, "\n", AFT_KNOWN_MOST + 2);
  if (g_strcmp0(lines[0], first_line) != 0) return known;
  for (char **line = lines + 1; *line != NULL; line++) {
    known_file file;
    if (parse_line(*line, &file)) g_array_append_val(known->files, file);
  }
  return known;
}

void aft_known_free(aft_known *known) {
  if (known == NULL) return;
  g_array_unref(known->files);
  g_free(known);
}

const char *aft_known_find(const aft_known *known, const aft_file_stamp *stamp) {
  for (guint i = known->files->len; i-- > 0;) {
    const known_file *file = &g_array_index(known->files, known_file, i);
    if (!aft_file_stamp_is_equal(&file->stamp, stamp)) continue;
    int64_t latest = MAX(stamp->changed_ns, stamp->status_ns);
    return file->start_ns >= AFT_KNOWN_MARGIN_NS && latest <= file->start_ns - AFT_KNOWN_MARGIN_NS ? file->sha256
                                                                                                   : NULL;
  }
  return NULL;
}

bool aft_known_has_size(const aft_known *known, uint64_t n_bytes) {
  for (guint i = 0; i < known->files->len; i++)
    if (g_array_index(known->files, known_file, i).stamp.n_bytes == n_bytes) return true;
  return false;
}

void aft_known_note(aft_known *known, const aft_file_stamp *stamp, const char *sha256, int64_t start_ns) {
  known_file noted = {.stamp = *stamp, .start_ns = start_ns};
  g_assert(is_digest(sha256));
  memcpy(noted.sha256, sha256, sizeof noted.sha256);
  for (guint i = known->files->len; i-- > 0;) {
    const aft_file_stamp *there = &g_array_index(known->files, known_file, i).stamp;
    if (there->device == stamp->device && there->number == stamp->number) g_array_remove_index(known->files, i);
  }
  g_array_append_val(known->files, noted);
  if (known->files->len > AFT_KNOWN_MOST) g_array_remove_range(known->files, 0, known->files->len - AFT_KNOWN_MOST);
}

bool aft_known_write(const aft_known *known, const char *path, GError **error) {
  g_autoptr(GString) text = g_string_new(first_line);
  g_string_append_c(text, '\n');
  for (guint i = 0; i < known->files->len; i++) {
    const known_file *file = &g_array_index(known->files, known_file, i);
    const aft_file_stamp *s = &file->stamp;
    g_autofree char *line = g_strdup_printf(
        "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s", (int64_t)s->device,
        (int64_t)s->number, (int64_t)s->n_bytes, s->changed_ns, s->status_ns, file->start_ns, file->sha256);
    g_autofree char *sum = print_sum(line);
    g_string_append_printf(text, "%s %s\n", sum, line);
  }
  aft_interrupt_hold();
  bool ok = aft_file_write(path, text->str, text->len, error);
  aft_interrupt_release();
  return ok;
}
