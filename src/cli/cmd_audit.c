/* `aftershock audit`: what may be wrong with the data of a study. */
#include "commands.h"
#include "load.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/base/text.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Examines prices, splits and event dates before anything is computed: rows on closed days, missing\n"
    "sessions, splits nobody recorded or recorded twice, other units, prices that stand still, series shifted\n"
    "by a session, rows of two downloads. Prints one line a finding: severity, file:line, symbol, date, check,\n"
    "what was found and what to do. docs/methods.md says how each check decides.\n\n"
    "Exit status 1 when there is an error; with --strict also when there is a warning.\n\n"
    "Example: aftershock audit data/deepseek/study.json --out audit.csv";

static void append_place(GString *out, const aft_finding *f) {
  g_string_append(out, f->file);
  if (f->line > 0) g_string_append_printf(out, ":%ld", f->line);
}

static void print_finding(const aft_finding *f) {
  char day[AFT_DAY_TEXT] = "-";
  g_autoptr(GString) place = g_string_new(NULL);
  append_place(place, f);
  if (f->day != AFT_DAY_NONE) aft_day_print(f->day, day);
  printf("%-8s%s  %s  %s  %s: %s (%s)\n", aft_severity_name(f->severity), place->len > 0 ? place->str : "-",
         f->symbol[0] != '\0' ? f->symbol : "-", day, f->check, f->what, f->advice);
}

/* The findings as CSV, owned. */
static GString *make_csv(const aft_audit *audit) {
  GString *out = g_string_new("severity,check,file,line,symbol,date,what,advice\n");
  for (guint i = 0; i < audit->findings->len; i++) {
    const aft_finding *f = &g_array_index(audit->findings, aft_finding, i);
    char day[AFT_DAY_TEXT] = "";
    if (f->day != AFT_DAY_NONE) aft_day_print(f->day, day);
    g_string_append_printf(out, "%s,%s,", aft_severity_name(f->severity), f->check);
    aft_csv_append(out, f->file);
    g_string_append_c(out, ',');
    if (f->line > 0) g_string_append_printf(out, "%ld", f->line);
    g_string_append_c(out, ',');
    aft_csv_append(out, f->symbol);
    g_string_append_printf(out, ",%s,", day);
    aft_csv_append(out, f->what);
    g_string_append_c(out, ',');
    aft_csv_append(out, f->advice);
    g_string_append_c(out, '\n');
  }
  return out;
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static bool tell(const aft_audit *audit, const char *out, GError **error) {
  size_t errors = aft_audit_count(audit, AFT_SEVERITY_ERROR), warnings = aft_audit_count(audit, AFT_SEVERITY_WARNING);
  bool to_pipe = out != NULL && strcmp(out, "-") == 0, ok = true;
  if (out != NULL) {
    GString *csv = make_csv(audit);
    if (to_pipe)
      fwrite(csv->str, 1, csv->len, stdout);
    else
      ok = aft_file_write(out, csv->str, csv->len, error);
    g_string_free(csv, TRUE);
  }
  for (guint i = 0; !to_pipe && i < audit->findings->len; i++)
    print_finding(&g_array_index(audit->findings, aft_finding, i));
  fprintf(to_pipe ? stderr : stdout,
          "%" G_GSIZE_FORMAT " symbol%s, %" G_GSIZE_FORMAT " row%s: %" G_GSIZE_FORMAT " error%s, %" G_GSIZE_FORMAT
          " warning%s, %" G_GSIZE_FORMAT " note%s\n",
          audit->n_symbols, plural(audit->n_symbols), audit->n_rows, plural(audit->n_rows), errors, plural(errors),
          warnings - errors, plural(warnings - errors), audit->findings->len - warnings,
          plural(audit->findings->len - warnings));
  return ok;
}

int aft_cmd_audit(int argc, char **argv) {
  char *out = NULL;
  gboolean strict = FALSE;
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &out, "Also write the findings as CSV; - is standard output", "FILE"},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &strict, "Exit with status 1 when there are warnings", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (!cli_parse(&argc, &argv, "audit", details, entries, 1, 1, &status)) {
    g_free(out);
    return status;
  }
  cli_study study;
  aft_audit audit;
  GError *error = NULL;
  aft_audit_init(&audit);
  cli_progress_start(true);
  bool ok = cli_study_audit(&study, argv[1], &audit, &error);
  cli_print_warnings(&study.warnings, 0);
  ok = ok && tell(&audit, out, &error);
  status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && aft_audit_count(&audit, strict ? AFT_SEVERITY_WARNING : AFT_SEVERITY_ERROR) > 0) status = EXIT_FAILED;
  aft_audit_clear(&audit);
  cli_study_clear(&study);
  g_free(out);
  return cli_finish(status);
}
