/* Finds the files that come with the program, installed or in a build tree. */
#include <aftershock/base/resource.h>

#include <stdlib.h>
#include <string.h>

#ifdef __APPLE__
#include <mach-o/dyld.h>
#endif
#ifdef __linux__
#include <sys/auxv.h>
#endif

#include <aftershock/base/error.h>

#include <aftershock/base/banned.h>

/* The Makefile says where `make install` puts the files. */
#ifndef AFT_DATADIR
#define AFT_DATADIR "/usr/local/share/aftershock"
#endif

/* Path of the running program; owned; NULL when the system does not tell. */
static char *find_program(void) {
#ifdef __APPLE__
  char path[4096];
  uint32_t size = sizeof path;
  return _NSGetExecutablePath(path, &size) == 0 ? g_strdup(path) : NULL;
#else
  char *path = g_file_read_link("/proc/self/exe", NULL);
#ifdef __linux__
  /* A root without /proc, as of a plain chroot: the kernel also hands over the path that was executed. */
  const char *executed = path == NULL ? (const char *)getauxval(AT_EXECFN) : NULL;
  char *real = executed != NULL ? realpath(executed, NULL) : NULL;
  if (real != NULL) path = g_strdup(real);
  free(real);
#endif
  return path;
#endif
}

static char *find_program_folder(void) {
  g_autofree char *path = find_program();
  return path != NULL ? g_path_get_dirname(path) : NULL;
}

/*
 * TOP of TOP/build/VARIANT[/tests], or NULL: no other program looks for files above its own folder, because anyone may be able to
 * write there. Owned.
 */
static char *find_build_top(const char *program_folder) {
  g_autofree char *inner = g_path_get_basename(program_folder);
  g_autofree char *variant =
      strcmp(inner, "tests") == 0 ? g_path_get_dirname(program_folder) : g_strdup(program_folder);
  g_autofree char *build = g_path_get_dirname(variant);
  g_autofree char *name = g_path_get_basename(build);
  return strcmp(name, "build") == 0 ? g_path_get_dirname(build) : NULL;
}

/* The folders to look in, first to last. */
static char **list_folders(void) {
  g_autoptr(GStrvBuilder) folders = g_strv_builder_new();
  const char *chosen = g_getenv("AFTERSHOCK_DATA");
  if (chosen != NULL && *chosen != '\0') g_strv_builder_add(folders, chosen);
  g_autofree char *program_folder = find_program_folder();
  if (program_folder != NULL) {
    g_autofree char *prefix = g_path_get_dirname(program_folder);
    g_autofree char *shared = g_build_filename(prefix, "share", "aftershock", NULL);
    g_strv_builder_add(folders, shared);
    g_autofree char *top = find_build_top(program_folder);
    if (top != NULL) g_strv_builder_add(folders, top);
  }
  g_strv_builder_add(folders, AFT_DATADIR);
  return g_strv_builder_end(folders);
}

char *aft_resource_find(const char *name, GError **error) {
  g_auto(GStrv) folders = list_folders();
  for (char **folder = folders; *folder != NULL; folder++) {
    g_autofree char *path = g_build_filename(*folder, name, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) return g_steal_pointer(&path);
  }
  g_autofree char *places = g_strjoinv(", ", folders);
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO,
              "%s: not found in %s; install the program again or set AFTERSHOCK_DATA to the folder that holds %s", name,
              places, name);
  return NULL;
}
