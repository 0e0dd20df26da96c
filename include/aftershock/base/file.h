/* Files: whole reads, digests, atomic writes, and output folders that appear complete or not at all. */
#ifndef AFTERSHOCK_BASE_FILE_H
#define AFTERSHOCK_BASE_FILE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Reads a whole file (at most max_bytes); *text is owned, NUL-terminated. */
bool aft_file_read(const char *path, size_t max_bytes, char **text, size_t *size,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes by temporary name, flush and rename; a full disk leaves the old file. */
bool aft_file_write(const char *path, const char *text, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * A file under construction, written piece by piece: `<final>.new-<pid>`, which is removed on SIGINT/SIGTERM. commit renames it into its
 * place, also between aft_interrupt_hold and release; clear, outside of those, removes what was not committed.
 */
typedef struct aft_file_draft {
  char *path, *final_path; /* owned; path NULL: there is none */
  int fd;
  bool watched, placed; /* registered for removal; renamed */
} aft_file_draft;

bool aft_file_draft_begin(aft_file_draft *draft, const char *final_path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_file_draft_append(aft_file_draft *draft, const char *text, size_t size,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_file_draft_commit(aft_file_draft *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_file_draft_clear(aft_file_draft *draft); /* zeroed ones too */

/* That a file may be read twice and has an end: asked before it is opened, because opening a pipe waits for its writer. */
bool aft_file_check_regular(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SHA-256 in lower-case hexadecimal (owned) and the size of a regular file: a pipe could be read only this once. */
char *aft_file_digest(const char *path, uint64_t *size_bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What makes a folder ours, so that it may be made anew. */
typedef struct aft_folder_form {
  const char *marker;       /* a file that holds ...; NULL: a folder within one of ours, which needs none */
  const char *marker_text;  /* ... this text in its first 4 KiB */
  const char *const *names; /* NULL-terminated: what we write there; everything else is somebody's and stays */
} aft_folder_form;

/*
 * A folder under construction. begin makes `<final>.partial-<pid>` beside the final place and registers it for removal on
 * SIGINT/SIGTERM; drafts of processes that are gone are removed. commit puts it in place: by one rename when nothing is there, else entry by
 * entry with signals held back, replacing form->names and leaving whatever else is in the folder. A folder that is neither empty nor of that
 * form is refused. clear removes what was not committed.
 */
typedef struct aft_folder_draft {
  char *path;                  /* where to write; owned */
  char *final_path;            /* owned */
  const aft_folder_form *form; /* borrowed; NULL: only an empty folder will do */
  unsigned n_threads;          /* that remove what is replaced; 0: one a processor */
} aft_folder_draft;

bool aft_folder_draft_begin(aft_folder_draft *draft, const char *final_path, const aft_folder_form *form,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_folder_draft_commit(aft_folder_draft *draft, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_folder_draft_clear(aft_folder_draft *draft);

/* Removes a file or a folder with all it holds; missing is fine. Does not follow symbolic links. */
bool aft_file_remove(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
