/* `aftershock verify`: the claims recorded with a study's articles, checked against its data. */
#include "commands.h"
#include "load.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/claims.h>

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Compares every claim of the study's articles (key `claims`) with its prices, its numbers of shares (key `shares`), its\n"
    "list of records (key `records`) and the exchange's clock. Verdicts: exact, consistent, contradicted, undetermined.\n"
    "Writes claims.csv, values.csv, claims.json, claims.md, claims.html and charts/value.png, and prints one line a claim.\n"
    "Nothing is estimated.\n\n"
    "Example: aftershock verify data/deepseek/study.json --check";

typedef struct verify_options {
  char *out;
  gboolean check, no_charts, no_cache, quiet;
} verify_options;

static bool write_folder(const cli_study *study, const GArray *verified, const GArray *values, const char *out,
                         const verify_options *options, aft_warnings *late, GError **error) {
  const aft_result asked = {.config = &study->config, .panel = study->panel, .events = &study->events, .focus = -1};
  aft_folder_draft draft = {.path = NULL};
  bool ok = aft_folder_draft_begin(&draft, out, aft_claims_folder_form(), error) &&
            aft_claims_write(verified, values, &asked, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_claims_documents_write(draft.path, error)
                            : aft_claims_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

static void print_claims(const GArray *verified) {
  for (guint i = 0; i < verified->len; i++) {
    const aft_verified *v = &g_array_index(verified, aft_verified, i);
    printf("%s: %s, %s %s: %s", aft_verdict_name(v->verdict), v->claim->id, aft_claim_kinds()[v->claim->kind],
           v->stated, v->how);
    printf("\n");
  }
}

static guint count_contradicted(const GArray *verified) {
  guint n = 0;
  for (guint i = 0; i < verified->len; i++)
    if (g_array_index(verified, aft_verified, i).verdict == AFT_VERDICT_CONTRADICTED) n++;
  return n;
}

/* Fails when no article claims anything. */
static GArray *check_claims(const cli_study *study, const aft_verify_data *data, GError **error) {
  GArray *verified = aft_verify_run(data);
  if (verified->len > 0) return verified;
  g_array_unref(verified);
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: none of the study's %u articles has \"claims\" (aftershock claims extract proposes some for a text)",
              study->config.path, study->articles.rows->len);
  return NULL;
}

static int verify_study(const char *path, const verify_options *options) {
  cli_study study;
  aft_warnings late;
  GError *error = NULL;
  aft_warnings_init(&late);
  g_autoptr(GArray) verified = NULL, values = NULL;
  cli_progress_start(!options->quiet);
  const cli_load_options load = {.no_cache = options->no_cache};
  bool ok = cli_study_load(&study, path, &load, &error);
  g_autofree const aft_shares **shares = g_new0(const aft_shares *, study.n_markets + 1);
  for (size_t i = 0; ok && i < study.n_markets; i++)
    if (study.markets[i].shares.path != NULL) shares[i] = &study.markets[i].shares;
  const aft_verify_data data = {.panel = study.panel,
                                .log_returns = study.config.log_returns,
                                .shares = shares,
                                .records = study.records.path != NULL ? &study.records : NULL,
                                .events = &study.events,
                                .articles = &study.articles};
  if (ok) verified = check_claims(&study, &data, &error);
  if (verified != NULL) values = aft_verify_values(&data, verified);
  g_autofree char *name = g_strconcat(ok ? study.config.name : "", "-claims", NULL);
  g_autofree char *out = options->out != NULL ? g_strdup(options->out) : g_build_filename("out", name, NULL);
  cli_print_warnings(&study.warnings, 0);
  ok = verified != NULL && write_folder(&study, verified, values, out, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) print_claims(verified);
  if (ok && !options->quiet) printf("%s\n", out);
  guint n = ok ? count_contradicted(verified) : 0;
  if (n > 0 && options->check) {
    fprintf(stderr, "aftershock: %u claim%s contradicted, and --check makes that a failure\n", n,
            n == 1 ? " is" : "s are");
    status = EXIT_FAILED;
  }
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_verify(int argc, char **argv) {
  verify_options options = {.out = NULL};
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Folder to write (default: out/<study name>-claims)", "DIR"},
      {"check", 0, 0, G_OPTION_ARG_NONE, &options.check, "Exit with status 1 when a claim is contradicted", NULL},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts, "Draw no chart (aftershock report DIR draws it later)",
       NULL},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "verify", details, entries, 1, 1, &status)) status = verify_study(argv[1], &options);
  g_free(options.out);
  return status;
}
