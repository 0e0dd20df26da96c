/* `aftershock fetch`: prices, factors, news and attention from providers, into files that a study can name. */
#include "commands.h"
#include "fetch_output.h"
#include "progress.h"

#include <aftershock/base/progress.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/fetch.h>
#include <aftershock/fetch/store.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "KIND is prices, factors, news or attention. Writes FILE, which a study can name, and FILE.provenance.json with where\n"
    "each row comes from. Answers are kept in a store, so that a call that was interrupted goes on where it was, and the\n"
    "same call with --offline writes the same file. Keys come from the environment or ~/.netrc, never from arguments.\n"
    "Dates are YYYY-MM-DD, both included. docs/providers.md says more about each provider.\n\n"
    "Example: aftershock fetch prices --from yahoo --symbols NVDA,^GSPC --first 2023-12-01 --last 2025-03-01 --out prices.csv";

typedef struct fetch_options {
  char *from, *symbols, *first, *last, *query, *input, *out, *actions, *store, *contact, *base;
  char **urls;
  double timeout_s;
  int tries;
  gboolean list, offline, refresh, verbose, quiet, strict;
} fetch_options;

static int refuse(const char *format, ...) G_GNUC_PRINTF(1, 2);

static int refuse(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  fprintf(stderr, "aftershock fetch: %s\n", message);
  return EXIT_USAGE;
}

static int print_list(void) {
  for (int k = 0; k < AFT_FETCH_N_KINDS; k++) {
    bool any = false;
    for (size_t i = 0; aft_provider_get(i) != NULL; i++) {
      const aft_provider_facts *f = aft_provider_facts_of(aft_provider_get(i));
      if (f->kind != (enum aft_fetch_kind)k) continue;
      if (!any) printf("%s%s\n", k > 0 ? "\n" : "", aft_fetch_kind_name(f->kind));
      any = true;
      printf("  %-10s %s\n", f->name, f->title);
      printf("             gives  %s\n", f->gives);
      printf("             means  %s\n", f->meaning);
      printf("             wants  %s%s%s%s\n", f->asks, f->key != NULL ? "; key " : "", f->key != NULL ? f->key : "",
             f->key != NULL && !f->key_required ? " (optional)" : "");
      printf("             terms  %s\n", f->terms);
      if (f->missing != NULL && *f->missing != '\0') printf("             needs  %s\n", f->missing);
    }
  }
  return cli_finish(EXIT_DONE);
}

/* The provider, or NULL after saying which there are. */
static const aft_provider *choose_provider(enum aft_fetch_kind kind, const char *name) {
  const aft_provider *provider = aft_provider_find(kind, name);
  if (provider != NULL) return provider;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (size_t i = 0; aft_provider_get(i) != NULL; i++) {
    const aft_provider_facts *f = aft_provider_facts_of(aft_provider_get(i));
    if (f->kind == kind) g_ptr_array_add(names, (void *)(uintptr_t)f->name);
  }
  g_ptr_array_add(names, NULL);
  g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
  const char *closest = aft_text_find_closest(name, (const char *const *)names->pdata);
  g_autofree char *advice = closest != NULL ? g_strdup_printf("; did you mean \"%s\"?", closest) : g_strdup("");
  refuse("no provider of %s is called \"%s\" (%s)%s", aft_fetch_kind_name(kind), name, known, advice);
  return NULL;
}

static bool read_day(const char *option, const char *text, aft_day *day) {
  *day = AFT_DAY_NONE;
  if (text == NULL || aft_day_parse(text, strlen(text), day)) return true;
  refuse("--%s: \"%s\" is not a date: write it as YYYY-MM-DD", option, text);
  return false;
}

static char **split_symbols(const char *text) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  g_auto(GStrv) parts = g_strsplit(text != NULL ? text : "", ",", -1);
  for (char **part = parts; *part != NULL; part++)
    if (*g_strstrip(*part) != '\0') g_strv_builder_add(builder, *part);
  return g_strv_builder_end(builder);
}

static void tell(const char *line, void *data) {
  (void)data;
  fprintf(stderr, "aftershock: %s\n", line);
}

static void tell_requests(size_t done, size_t total, void *data) {
  aft_progress *progress = data;
  if (progress->what == NULL || progress->total != total) {
    aft_progress_end(progress);
    aft_progress_begin(progress, "requests", total);
  }
  aft_progress_set(progress, done);
}

static bool ask(const fetch_options *o, const aft_provider *provider, const aft_fetch_query *query,
                aft_fetch_settings *settings, aft_records *records, aft_warnings *warnings, GError **error) {
  aft_progress progress = {.what = NULL};
  cli_progress_start(!o->quiet && !o->verbose);
  settings->progress = tell_requests;
  settings->progress_data = &progress;
  bool ok = aft_fetch_run(provider, query, settings, records, warnings, error);
  aft_progress_end(&progress);
  cli_progress_stop();
  settings->progress = NULL;
  settings->progress_data = NULL;
  return ok;
}

static int fetch(const fetch_options *o, const aft_provider *provider, const aft_fetch_query *query,
                 aft_fetch_settings *settings) {
  const aft_provider_facts *facts = aft_provider_facts_of(provider);
  GError *error = NULL;
  g_auto(aft_records) records;
  aft_warnings warnings;
  fetch_output output;
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  fetch_output_init(&output, o->out, facts->kind, settings->now);
  settings->take = fetch_output_take;
  settings->take_data = &output;
  bool ok =
      ask(o, provider, query, settings, &records, &warnings, &error) && fetch_output_take(&records, &output, &error);
  settings->take = NULL;
  settings->take_data = NULL;
  if (ok && output.n_rows == 0) {
    g_set_error(&error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s gave no rows, so %s is not written", facts->name,
                o->out);
    ok = false;
  }
  guint n_warnings = cli_print_warnings(&warnings, 0);
  ok = ok && fetch_output_finish(&output, provider, query, &records, &warnings, o->actions, &error);
  size_t n = output.n_rows;
  aft_warnings_clear(&warnings);
  fetch_output_clear(&output);
  if (!ok) return cli_fail(error);
  if (!o->quiet)
    printf("%s: %" G_GSIZE_FORMAT " row%s from %u answer%s\n", o->out, n, n == 1 ? "" : "s", records.sources->len,
           records.sources->len == 1 ? "" : "s");
  return cli_finish(o->strict && n_warnings > 0 ? EXIT_FAILED : EXIT_DONE);
}

/* What the environment says where the options are silent. */
static char *choose(const char *option, const char *const *variables) {
  if (option != NULL) return g_strdup(option);
  for (; *variables != NULL; variables++) {
    const char *value = g_getenv(*variables);
    if (value != NULL && *value != '\0') return g_strdup(value);
  }
  return NULL;
}

static int start(const fetch_options *o, const aft_provider *provider) {
  static const char *const contacts[] = {"AFTERSHOCK_CONTACT", "EDGAR_IDENTITY", NULL};
  static const char *const netrcs[] = {"NETRC", NULL}, *const stores[] = {"AFTERSHOCK_STORE", NULL};
  const char *none[] = {NULL};
  g_auto(GStrv) symbols = split_symbols(o->symbols);
  aft_fetch_query query = {.symbols = (const char *const *)symbols,
                           .text = o->query,
                           .urls = o->urls != NULL ? (const char *const *)o->urls : none,
                           .input = o->input};
  g_autofree char *contact = choose(o->contact, contacts), *netrc = choose(NULL, netrcs),
                  *store = choose(o->store, stores);
  g_autofree char *agent =
      g_strdup_printf("aftershock/%s%s%s", AFT_VERSION, contact != NULL ? " " : "", contact != NULL ? contact : "");
  if (!read_day("first", o->first, &query.first) || !read_day("last", o->last, &query.last)) return EXIT_USAGE;
  if (contact != NULL && strpbrk(contact, "\r\n") != NULL) return refuse("--contact: is more than one line");
  if (netrc == NULL) netrc = g_build_filename(g_get_home_dir(), ".netrc", NULL);
  if (store == NULL) store = aft_store_default_path();
  aft_fetch_settings settings = {.http = aft_http_defaults(agent),
                                 .store = store,
                                 .offline = o->offline,
                                 .refresh = o->refresh,
                                 .base = o->base,
                                 .netrc = netrc,
                                 .contact = contact};
  if (o->timeout_s > 0) settings.http.total_ms = (int)CLAMP(o->timeout_s * 1000, 1, 3600000);
  if (o->tries > 0) settings.http.tries = o->tries;
  if (o->verbose) settings.http.tell = tell;
  GError *error = NULL;
  if (!cli_find_now(&settings.now, &error)) return cli_fail(error);
  return fetch(o, provider, &query, &settings);
}

/* A provider that a file describes. */
static int start_described(const fetch_options *o, enum aft_fetch_kind kind) {
  GError *error = NULL;
  aft_provider *provider = aft_provider_read(o->from, &error);
  if (provider == NULL) return cli_fail(error);
  bool fits = aft_provider_facts_of(provider)->kind == kind;
  int status = fits ? start(o, provider)
                    : refuse("%s describes a provider of %s", o->from,
                             aft_fetch_kind_name(aft_provider_facts_of(provider)->kind));
  aft_provider_free(provider);
  return status;
}

static int start_kind(const fetch_options *o, enum aft_fetch_kind kind) {
  if (g_str_has_suffix(o->from, ".json")) return start_described(o, kind);
  const aft_provider *provider = choose_provider(kind, o->from);
  return provider != NULL ? start(o, provider) : EXIT_USAGE;
}

int aft_cmd_fetch(int argc, char **argv) {
  fetch_options o = {0};
  const GOptionEntry entries[] = {
      {"from", 0, 0, G_OPTION_ARG_STRING, &o.from, "The provider, or the JSON file that describes one", "NAME"},
      {"symbols", 0, 0, G_OPTION_ARG_STRING, &o.symbols, "Symbols as the provider spells them", "A,B"},
      {"query", 0, 0, G_OPTION_ARG_STRING, &o.query, "Words, data sets or names to ask for", "TEXT"},
      {"url", 0, 0, G_OPTION_ARG_STRING_ARRAY, &o.urls, "A feed; may be repeated", "URL"},
      {"input", 0, 0, G_OPTION_ARG_FILENAME, &o.input, "A file saved in a browser", "FILE"},
      {"first", 0, 0, G_OPTION_ARG_STRING, &o.first, "First day [as far back as it goes]", "DATE"},
      {"last", 0, 0, G_OPTION_ARG_STRING, &o.last, "Last day [today]", "DATE"},
      {"out", 0, 0, G_OPTION_ARG_FILENAME, &o.out, "File to write", "FILE"},
      {"actions", 0, 0, G_OPTION_ARG_FILENAME, &o.actions, "File for dividends and splits, of prices", "FILE"},
      {"list", 0, 0, G_OPTION_ARG_NONE, &o.list, "Show the providers: what they give, want and mean", NULL},
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &o.store, "Where answers are kept [in the cache folder]", "FILE"},
      {"offline", 0, 0, G_OPTION_ARG_NONE, &o.offline, "Use the store alone", NULL},
      {"refresh", 0, 0, G_OPTION_ARG_NONE, &o.refresh, "Ask again for what is in the store", NULL},
      {"contact", 0, 0, G_OPTION_ARG_STRING, &o.contact, "Your name and e-mail address, sent to the provider", "TEXT"},
      {"base", 0, 0, G_OPTION_ARG_STRING, &o.base, "Ask this address in place of the provider's", "URL"},
      {"timeout", 0, 0, G_OPTION_ARG_DOUBLE, &o.timeout_s, "For one answer [300]", "SECONDS"},
      {"tries", 0, 0, G_OPTION_ARG_INT, &o.tries, "At most, for one answer [4]", "N"},
      {"verbose", 0, 0, G_OPTION_ARG_NONE, &o.verbose, "Show each request, without keys", NULL},
      {"quiet", 0, 0, G_OPTION_ARG_NONE, &o.quiet, "Print no progress and no summary", NULL},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &o.strict, "Exit with status 1 when there are warnings", NULL},
      G_OPTION_ENTRY_NULL};
  enum aft_fetch_kind kind;
  int status;
  bool parsed = cli_parse(&argc, &argv, "fetch", details, entries, 0, 1, &status);
  if (parsed && o.list) {
    status = print_list();
  } else if (parsed && (argc < 2 || !aft_fetch_kind_find(argv[1], &kind))) {
    status = refuse("say what to fetch: prices, factors, news or attention (or --list)");
  } else if (parsed && (o.from == NULL || o.out == NULL)) {
    status = refuse("needs --from and --out (see aftershock fetch --list)");
  } else if (parsed) {
    status = start_kind(&o, kind);
  }
  char *const texts[] = {o.from, o.symbols, o.first, o.last,    o.query, o.input,
                         o.out,  o.actions, o.store, o.contact, o.base};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  g_strfreev(o.urls);
  return status;
}
