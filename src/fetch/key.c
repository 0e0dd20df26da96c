/* Keys of providers. */
#include "key.h"

#include <aftershock/base/file.h>

#include <string.h>
#include <sys/stat.h>

#include <aftershock/base/banned.h>

enum { MAX_NETRC_BYTES = 1 << 16 };

/* Words of a netrc text; `macdef` runs to the next empty line, # to the end of its line. */
static char **split_words(const char *text) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  bool in_macro = false;
  for (char **line = lines; *line != NULL; line++) {
    g_auto(GStrv) words = g_strsplit_set(*line, " \t\r", -1);
    bool empty = true;
    for (char **word = words; *word != NULL; word++) {
      if (**word == '\0') continue;
      empty = false;
      if (**word == '#') break;
      if (strcmp(*word, "macdef") == 0) in_macro = true;
      if (!in_macro) g_strv_builder_add(builder, *word);
    }
    if (empty) in_macro = false;
  }
  return g_strv_builder_end(builder);
}

char *fetch_read_netrc(const char *text, const char *host) {
  g_auto(GStrv) words = split_words(text);
  bool ours = false;
  for (char **word = words; *word != NULL; word++) {
    if (strcmp(*word, "default") == 0) {
      ours = true;
    } else if (word[1] == NULL) {
      break;
    } else if (strcmp(*word, "machine") == 0) {
      ours = g_ascii_strcasecmp(*++word, host) == 0;
    } else if (strcmp(*word, "password") == 0) {
      if (ours) return g_strdup(word[1]);
      word++;
    } else {
      word++; /* login, account, with their values */
    }
  }
  return NULL;
}

char *fetch_find_key(const char *variable, const char *host, const char *netrc, aft_warnings *warnings) {
  const char *value = g_getenv(variable);
  struct stat info;
  g_autofree char *text = NULL;
  size_t size;
  if (value != NULL && *value != '\0') return g_strdup(value);
  if (netrc == NULL || stat(netrc, &info) != 0 || !S_ISREG(info.st_mode)) return NULL;
  if (!aft_file_read(netrc, MAX_NETRC_BYTES, &text, &size, NULL)) return NULL;
  char *key = fetch_read_netrc(text, host);
  if (key != NULL && (info.st_mode & 077) != 0)
    aft_warnings_add(warnings, "%s: others may read the keys in it (chmod 600 %s)", netrc, netrc);
  return key;
}
