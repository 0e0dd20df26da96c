/* Folders in the user's cache. */
#include <aftershock/base/cache.h>

#include <aftershock/base/error.h>
#include <aftershock/base/file.h>
#include <aftershock/base/interrupt.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

#define DRAFT_MARK ".new-"

char *aft_cache_find(const char *name) {
  const char *cache = g_get_user_cache_dir();
  g_autofree char *home = g_path_get_dirname(cache);
  if (!g_path_is_absolute(cache) || !g_file_test(home, G_FILE_TEST_IS_DIR)) return NULL;
  return g_build_filename(cache, "aftershock", name, NULL);
}

static bool fail_errno(const char *path, const char *what, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: %s: %s", path, what, g_strerror(code));
  return false;
}

bool aft_cache_make(const char *folder, GError **error) {
  static const char text[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
                             "# Made by aftershock from files of yours, to start sooner. All of it may be deleted.\n";
  g_autofree char *tag = g_build_filename(folder, "CACHEDIR.TAG", NULL);
  if (g_mkdir_with_parents(folder, 0700) != 0) return fail_errno(folder, "cannot be made", error);
  aft_interrupt_hold();
  bool ok = g_file_test(tag, G_FILE_TEST_EXISTS) || aft_file_write(tag, text, strlen(text), error);
  aft_interrupt_release();
  return ok;
}

typedef struct cached_file {
  char *path; /* owned */
  uint64_t size;
  struct timespec used;
} cached_file;

static void clear_file(gpointer file) { g_free(((cached_file *)file)->path); }

static gint compare_use(gconstpointer a, gconstpointer b) {
  const cached_file *x = a, *y = b;
  if (x->used.tv_sec != y->used.tv_sec) return x->used.tv_sec < y->used.tv_sec ? -1 : 1;
  if (x->used.tv_nsec != y->used.tv_nsec) return x->used.tv_nsec < y->used.tv_nsec ? -1 : 1;
  return strcmp(x->path, y->path);
}

/* A draft whose process is there no more. */
static bool is_left_over(const char *name) {
  const char *mark = strstr(name, DRAFT_MARK);
  guint64 pid;
  if (mark == NULL || !g_ascii_string_to_unsigned(mark + strlen(DRAFT_MARK), 10, 1, G_MAXINT32, &pid, NULL))
    return false;
  return kill((pid_t)pid, 0) != 0 && errno == ESRCH;
}

/* The files with that ending, by their last use; what is left over is removed on the way. Owned. */
static GArray *list_files(const char *folder, const char *ending) {
  GArray *files = g_array_new(FALSE, FALSE, sizeof(cached_file));
  GDir *dir = g_dir_open(folder, 0, NULL);
  const char *name;
  g_array_set_clear_func(files, clear_file);
  while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
    struct stat info;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    if (is_left_over(name)) (void)unlink(path);
    if (!g_str_has_suffix(name, ending) || lstat(path, &info) != 0 || !S_ISREG(info.st_mode)) continue;
    cached_file file = {.path = g_steal_pointer(&path), .size = (uint64_t)info.st_size};
#ifdef __APPLE__
    file.used = (struct timespec){info.st_mtime, info.st_mtimensec};
#else
    file.used = info.st_mtim;
#endif
    g_array_append_val(files, file);
  }
  if (dir != NULL) g_dir_close(dir);
  g_array_sort(files, compare_use);
  return files;
}

/* What the disk will have free when the files to be removed are gone. */
static bool has_space(const char *folder, uint64_t n_bytes, uint64_t removed, GError **error) {
  struct statvfs disk;
  if (statvfs(folder, &disk) != 0) return fail_errno(folder, "cannot be examined", error);
  if ((double)disk.f_bavail * (double)disk.f_frsize + (double)removed >= 2.0 * (double)n_bytes) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: the disk has too little room", folder);
  return false;
}

bool aft_cache_make_room(const char *folder, const char *ending, uint64_t n_bytes, uint64_t most_bytes,
                         GError **error) {
  uint64_t total = 0, removed = 0;
  guint n_removed = 0;
  if (n_bytes > most_bytes) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: a file is larger than all of them may be", folder);
    return false;
  }
  g_autoptr(GArray) files = list_files(folder, ending);
  for (guint i = 0; i < files->len; i++) total += g_array_index(files, cached_file, i).size;
  for (; n_removed < files->len && total - removed > most_bytes - n_bytes; n_removed++)
    removed += g_array_index(files, cached_file, n_removed).size;
  if (!has_space(folder, n_bytes, removed, error)) return false;
  for (guint i = 0; i < n_removed; i++) {
    const char *path = g_array_index(files, cached_file, i).path;
    if (unlink(path) != 0 && errno != ENOENT) return fail_errno(path, "cannot be removed", error);
  }
  return true;
}

void aft_cache_touch(const char *path) { (void)utimensat(AT_FDCWD, path, NULL, AT_SYMLINK_NOFOLLOW); }
