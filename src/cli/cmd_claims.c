/* `aftershock claims extract`: claims that a text seems to make, for a person to confirm. */
#include "commands.h"

#include <aftershock/base/file.h>
#include <aftershock/link/extract.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_TEXT_BYTES = 1 << 24 };

static const char details[] =
    "Reads an article's text (`-`: standard input) and prints proposals as the JSON list that `claims` of an article holds, each with its\n"
    "sentence as `quote`. Read every one before you keep it: rules find words, they do not understand. Firms are known\n"
    "from a CSV file symbol,name, and from $TICKER and (EXCHANGE: TICKER) in the text.\n\n"
    "Example: aftershock claims extract article.txt --names data/deepseek/names.csv --event rout";

typedef struct claims_options {
  char *names, *event, *session;
} claims_options;

static void set_text(char **text, const char *value) {
  if (value == NULL) return;
  g_free(*text);
  *text = g_strdup(value);
}

static int extract(const char *path, const claims_options *options) {
  GError *error = NULL;
  aft_names names = {NULL};
  g_autofree char *text = NULL;
  size_t size;
  bool ok = (options->names == NULL || aft_names_read_csv(&names, options->names, &error)) &&
            aft_file_read(path, MAX_TEXT_BYTES, &text, &size, &error);
  if (ok && (strlen(text) != size || !g_utf8_validate(text, (gssize)size, NULL))) {
    g_set_error(&error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: is no UTF-8 text", path);
    ok = false;
  }
  if (ok) {
    g_autoptr(GArray) claims = aft_claims_extract(text, &names);
    for (guint i = 0; i < claims->len; i++) {
      aft_claim *claim = &g_array_index(claims, aft_claim, i);
      set_text(&claim->event, options->event);
      set_text(&claim->session, options->session);
    }
    g_autofree char *json = aft_claims_print(claims);
    fputs(json, stdout);
  }
  aft_names_clear(&names);
  return cli_finish(ok ? EXIT_DONE : cli_fail(error));
}

int aft_cmd_claims(int argc, char **argv) {
  claims_options options = {.names = NULL};
  const GOptionEntry entries[] = {
      {"names", 0, 0, G_OPTION_ARG_FILENAME, &options.names, "CSV file symbol,name of the firms to look for", "FILE"},
      {"event", 0, 0, G_OPTION_ARG_STRING, &options.event, "Story that every claim is given", "ID"},
      {"session", 0, 0, G_OPTION_ARG_STRING, &options.session, "Date that every claim is given", "DATE"},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "claims", details, entries, 2, 2, &status)) {
    status = EXIT_USAGE;
    if (strcmp(argv[1], "extract") == 0)
      status = extract(argv[2], &options);
    else
      fprintf(stderr, "aftershock claims: \"%s\" is not extract, the one thing it does\n", argv[1]);
  }
  g_free(options.names);
  g_free(options.event);
  g_free(options.session);
  return status;
}
