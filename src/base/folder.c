/* Folders that appear complete or not at all, and leave what is not ours alone. */
#include <aftershock/base/file.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/error.h>
#include <aftershock/base/interrupt.h>
#include <aftershock/base/parallel.h>

#include <aftershock/base/banned.h>

#define DRAFT_MARK ".partial-"

static bool fail_errno(const char *path, const char *what, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: %s: %s", path, what, g_strerror(code));
  return false;
}

static bool is_empty_folder(const char *path) {
  GDir *folder = g_dir_open(path, 0, NULL);
  bool empty = folder != NULL && g_dir_read_name(folder) == NULL;
  if (folder != NULL) g_dir_close(folder);
  return empty;
}

static bool has_marker(const char *path, const aft_folder_form *form) {
  if (form->marker == NULL) return true;
  g_autofree char *mark = g_build_filename(path, form->marker, NULL);
  char head[4097];
  FILE *file = g_file_test(mark, G_FILE_TEST_IS_REGULAR) ? fopen(mark, "rb") : NULL;
  if (file == NULL) return false;
  size_t size = fread(head, 1, sizeof head - 1, file);
  fclose(file);
  head[size] = '\0';
  return strstr(head, form->marker_text) != NULL;
}

/* Whether a folder may be made anew: it is not there, empty, or of our form. */
static bool may_replace(const char *path, const char *shown, const aft_folder_form *form, GError **error) {
  if (!g_file_test(path, G_FILE_TEST_EXISTS) || is_empty_folder(path)) return true;
  if (form != NULL && has_marker(path, form)) return true;
  if (form != NULL)
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_EXISTS,
                "%s: exists and was not made by this command (it has no %s of ours); choose another place or remove it",
                shown, form->marker);
  else
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_EXISTS, "%s: exists and is not empty; choose another place",
                shown);
  return false;
}

/* Removes drafts of this place whose process was killed before it could. */
static void remove_stale_drafts(const char *final_path) {
  g_autofree char *parent = g_path_get_dirname(final_path), *name = g_path_get_basename(final_path);
  g_autofree char *prefix = g_strconcat(name, DRAFT_MARK, NULL);
  GDir *folder = g_dir_open(parent, 0, NULL);
  const char *entry;
  while (folder != NULL && (entry = g_dir_read_name(folder)) != NULL) {
    guint64 pid;
    if (!g_str_has_prefix(entry, prefix)) continue;
    /* What is being replaced, or was being removed, has a word more behind the number. */
    g_autofree char *number = g_strndup(entry + strlen(prefix), strcspn(entry + strlen(prefix), "."));
    if (!g_ascii_string_to_unsigned(number, 10, 1, G_MAXINT32, &pid, NULL)) continue;
    if (kill((pid_t)pid, 0) == 0 || errno != ESRCH) continue;
    g_autofree char *path = g_build_filename(parent, entry, NULL);
    bool removed = aft_file_remove(path, NULL); /* a leftover more does no harm */
    (void)removed;
  }
  if (folder != NULL) g_dir_close(folder);
}

/* The real place of a folder: symbolic links followed where it exists. Owned. */
static char *find_place(const char *path) {
  char *real = realpath(path, NULL);
  char *place = real != NULL ? g_strdup(real) : g_canonicalize_filename(path, NULL);
  free(real);
  return place;
}

bool aft_folder_draft_begin(aft_folder_draft *draft, const char *final_path, const aft_folder_form *form,
                            GError **error) {
  g_autofree char *place = find_place(final_path);
  g_autofree char *parent = g_path_get_dirname(place);
  if (!may_replace(place, final_path, form, error)) return false;
  aft_interrupt_hold(); /* a parent may be a draft itself, which must not come again after its removal */
  int failure = g_mkdir_with_parents(parent, 0777) == 0 ? 0 : errno;
  aft_interrupt_release();
  if (failure != 0) {
    errno = failure;
    return fail_errno(parent, "cannot be made", error);
  }
  remove_stale_drafts(place);
  g_autofree char *path = g_strdup_printf("%s" DRAFT_MARK "%ld", place, (long)getpid());
  if (!aft_file_remove(path, error)) return false;
  aft_interrupt_hold();
  aft_interrupt_add_folder(path);
  failure = g_mkdir(path, 0777) == 0 ? 0 : errno;
  aft_interrupt_release();
  if (failure != 0) {
    errno = failure;
    fail_errno(final_path, "cannot be made", error);
    aft_interrupt_drop_folder(path);
    return false;
  }
  draft->path = g_steal_pointer(&path);
  draft->final_path = g_steal_pointer(&place);
  draft->form = form;
  return true;
}

/* Moves one entry between folders; one that is not there is passed over. */
static bool move_entry(const char *from, const char *to, const char *name, GError **error) {
  g_autofree char *source = g_build_filename(from, name, NULL), *target = g_build_filename(to, name, NULL);
  if (rename(source, target) == 0 || errno == ENOENT) return true;
  return fail_errno(target, "cannot be put in place", error);
}

static bool move_all_entries(const char *from, const char *to, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
  GDir *folder = g_dir_open(from, 0, error);
  const char *entry;
  if (folder == NULL) return false;
  while ((entry = g_dir_read_name(folder)) != NULL) g_ptr_array_add(names, g_strdup(entry));
  g_dir_close(folder);
  for (guint i = 0; i < names->len; i++)
    if (!move_entry(from, to, g_ptr_array_index(names, i), error)) return false;
  return true;
}

/* The old entries of ours go into `old`, a folder that is made, and the new ones take their place. */
static bool swap_entries(const aft_folder_draft *draft, const char *old, GError **error) {
  if (g_mkdir(old, 0777) != 0) return fail_errno(old, "cannot be made", error);
  const char *const none[] = {NULL};
  const char *const *name = draft->form != NULL ? draft->form->names : none;
  for (; *name != NULL; name++)
    if (!move_entry(draft->final_path, old, *name, error)) return false;
  return move_all_entries(draft->path, draft->final_path, error);
}

static void remove_entry(size_t first, size_t last, unsigned worker, void *data) {
  const GPtrArray *entries = data;
  (void)last;
  (void)worker;
  bool removed = aft_file_remove(g_ptr_array_index(entries, first), NULL); /* else the folder's removal says why */
  (void)removed;
}

/* Large tables take the system a while: several at the same time. */
static bool remove_old(const char *old, unsigned n_threads, GError **error) {
  g_autoptr(GPtrArray) entries = g_ptr_array_new_with_free_func(g_free);
  GDir *folder = g_dir_open(old, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name(folder)) != NULL)
    g_ptr_array_add(entries, g_build_filename(old, name, NULL));
  if (folder != NULL) g_dir_close(folder);
  aft_parallel_tasks(entries->len, n_threads, remove_entry, entries);
  return aft_file_remove(old, error);
}

bool aft_folder_draft_commit(aft_folder_draft *draft, GError **error) {
  if (!may_replace(draft->final_path, draft->final_path, draft->form, error)) return false;
  g_autofree char *old = g_strconcat(draft->path, ".old", NULL);
  bool done, replaces = g_file_test(draft->final_path, G_FILE_TEST_EXISTS);
  aft_interrupt_hold();
  if (replaces) aft_interrupt_add_folder(old);
  if (replaces)
    done = swap_entries(draft, old, error);
  else
    done =
        rename(draft->path, draft->final_path) == 0 || fail_errno(draft->final_path, "cannot be put in place", error);
  aft_interrupt_release();
  /* Signals are not held back while what was replaced is removed, which takes a while when it is large. */
  if (done && replaces) done = remove_old(old, draft->n_threads, error) && aft_file_remove(draft->path, error);
  if (replaces) aft_interrupt_drop_folder(old);
  if (!done) return false;
  aft_interrupt_drop_folder(draft->path);
  g_clear_pointer(&draft->path, g_free);
  return true;
}

void aft_folder_draft_clear(aft_folder_draft *draft) {
  if (draft->path != NULL) {
    /* What cannot be removed is left: the error that brought us here matters more. */
    bool removed = aft_file_remove(draft->path, NULL);
    (void)removed;
    aft_interrupt_drop_folder(draft->path);
  }
  g_clear_pointer(&draft->path, g_free);
  g_clear_pointer(&draft->final_path, g_free);
}
