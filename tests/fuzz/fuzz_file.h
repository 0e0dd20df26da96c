/* A temporary file with the fuzzer's bytes, for readers that take a path. */
#ifndef TESTS_FUZZ_FILE_H
#define TESTS_FUZZ_FILE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

/* A new file; template holds XXXXXX. Owned path; the caller unlinks it. */
static inline char *fuzz_file_new(const char *template, const uint8_t *data, size_t size) {
  char *path = NULL;
  int fd = g_file_open_tmp(template, &path, NULL);
  g_assert_cmpint(fd, >=, 0);
  for (size_t done = 0; done < size;) {
    ssize_t put = write(fd, data + done, size - done);
    g_assert_cmpint(put, >, 0);
    done += (size_t)put;
  }
  close(fd);
  return path;
}

#endif
