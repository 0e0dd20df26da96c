/* `aftershock init`: a study folder to start from. */
#include "commands.h"

#include <aftershock/base/file.h>
#include <aftershock/base/resource.h>

#include <stdio.h>
#include <sys/stat.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "DIR is made, or must be empty. It gets study.json, prices.csv, events.csv, articles.json, a README.md that\n"
    "explains them, and the script make-report.\n\n"
    "Example: aftershock init my-study && cd my-study && ./make-report";

enum { MAX_SAMPLE_BYTES = 1 << 26 };

static const struct {
  const char *resource, *name;
  bool is_script;
} samples[] = {{"data/init/study.json", "study.json", false},       {"data/init/events.csv", "events.csv", false},
               {"data/init/articles.json", "articles.json", false}, {"data/init/README.md", "README.md", false},
               {"data/init/make-report", "make-report", true},      {"data/deepseek/prices.csv", "prices.csv", false}};

static bool copy_sample(size_t i, const char *folder, GError **error) {
  g_autofree char *source = aft_resource_find(samples[i].resource, error);
  g_autofree char *target = g_build_filename(folder, samples[i].name, NULL);
  g_autofree char *text = NULL;
  size_t size;
  if (source == NULL || !aft_file_read(source, MAX_SAMPLE_BYTES, &text, &size, error)) return false;
  if (!aft_file_write(target, text, size, error)) return false;
  return !samples[i].is_script || chmod(target, 0755) == 0;
}

int aft_cmd_init(int argc, char **argv) {
  int status;
  if (!cli_parse(&argc, &argv, "init", details, NULL, 1, 1, &status)) return status;
  aft_folder_draft draft = {.path = NULL};
  GError *error = NULL;
  /* No marker: only an empty folder is replaced, never someone's study. */
  bool ok = aft_folder_draft_begin(&draft, argv[1], NULL, &error);
  for (size_t i = 0; ok && i < G_N_ELEMENTS(samples); i++) ok = copy_sample(i, draft.path, &error);
  ok = ok && aft_folder_draft_commit(&draft, &error);
  aft_folder_draft_clear(&draft);
  if (!ok) return cli_fail(error);
  printf("%s: edit study.json, then run ./make-report there\n", argv[1]);
  return cli_finish(EXIT_DONE);
}
