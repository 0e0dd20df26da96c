/* Release clocks: when a paper was announced, a release published, a model's repository made. */
#include "news.h"
#include "provider.h"

#include <aftershock/base/zone.h>
#include <aftershock/fetch/error.h>
#include <aftershock/input/feed.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_PAGES = 20 };

/* Calls one for each name of the query, separated by commas. */
static bool each_name(fetch_session *session, fetch_symbol_call *call, GError **error) {
  g_auto(GStrv) names = g_strsplit(session->query->text, ",", -1);
  guint n = g_strv_length(names);
  for (guint i = 0; i < n; i++) {
    fetch_progress(session, i, n);
    if (!call(session, g_strstrip(names[i]), error)) return false;
  }
  return true;
}

/* ---- arXiv */

/*
 * Papers received by 14:00 New York on a weekday are announced at 20:00, those of Friday on Sunday; later ones and those of the
 * weekend count as received on the next weekday. Holidays and moderation may delay it further.
 */
static aft_millis announcement(aft_millis submitted, GTimeZone *zone) {
  aft_millis local = aft_zone_to_local(zone, submitted, NULL, NULL);
  aft_day day = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
  if (local - day * AFT_MILLIS_PER_DAY >= INT64_C(50400000)) day++; /* 14:00 */
  while (aft_day_weekday(day) >= AFT_SATURDAY) day++;
  if (aft_day_weekday(day) == AFT_FRIDAY) day += 2;
  return aft_zone_to_utc(zone, day * AFT_MILLIS_PER_DAY + INT64_C(72000000), NULL); /* 20:00 */
}

static bool ask_paper(fetch_session *session, const char *id, GError **error) {
  g_autofree char *url = aft_url_build(fetch_base(session), "api/query", AFT_PAIRS("id_list", id, "max_results", "1"));
  const fetch_ask ask = {url, FETCH_XML, FETCH_HOURS(24), "application/atom+xml", NULL};
  g_auto(fetch_reply) reply = {0};
  g_auto(aft_feed) feed = {0};
  aft_millis submitted;
  bool failed;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, id, &reply, &failed, error)) return !failed;
  if (!aft_feed_read(&feed, url, reply.download.body, reply.download.size, error)) return false;
  const aft_feed_entry *entry = feed.entries->len > 0 ? g_ptr_array_index(feed.entries, 0) : NULL;
  if (entry == NULL || strcmp(entry->title, "Error") == 0) {
    fetch_warn_no_news(session, id);
    return fetch_keep(session, &reply, true, error);
  }
  if (strcmp(entry->field, "published") != 0 || !fetch_read_instant(entry->time, &submitted))
    return fetch_fail_answer(&reply, error, "a paper without a time of submission");
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  g_assert(zone != NULL);
  char text[AFT_MILLIS_TEXT];
  g_autofree char *detail = g_strdup_printf("submitted %s", aft_millis_print(submitted, text));
  aft_news_record *article = fetch_article_new(session, NULL, "arxiv", id);
  fetch_set_title(article, entry->title);
  fetch_set_text(&article->source, "arXiv");
  fetch_set_text(&article->url, entry->url);
  fetch_set_text(&article->detail, detail);
  fetch_set_instant(article, announcement(submitted, zone), "published, announced at the next 20:00 in New York",
                    AFT_TIME_PUBLISHED, AFT_NEWS_SECOND);
  aft_records_add_article(session->records, article);
  return fetch_keep(session, &reply, false, error);
}

static bool run_arxiv(fetch_session *session, GError **error) { return each_name(session, ask_paper, error); }

/* ---- GitHub */

static bool add_release(fetch_session *session, const fetch_reply *reply, const char *name, json_t *row,
                        GError **error) {
  const char *tag = fetch_json_get_text(row, "tag_name"), *title = fetch_json_get_text(row, "name");
  aft_millis when;
  if (json_is_true(json_object_get(row, "draft"))) return true;
  /* created_at is the date of the commit: too early, and anybody can set it. */
  if (!fetch_read_instant(fetch_json_get_text(row, "published_at"), &when))
    return fetch_fail_answer(reply, error, "a release without published_at");
  if (!fetch_instant_in_window(session, when)) return true;
  g_autofree char *key = g_strdup_printf("%s %s", name, tag);
  g_autofree char *words = g_strdup_printf("%s: %s", name, *title != '\0' ? title : tag);
  aft_news_record *article = fetch_article_new(session, NULL, "github", key);
  fetch_set_title(article, words);
  fetch_set_text(&article->source, "GitHub");
  fetch_set_text(&article->url, fetch_json_get_text(row, "html_url"));
  fetch_set_instant(article, when, "published_at", AFT_TIME_PUBLISHED, AFT_NEWS_SECOND);
  aft_records_add_article(session->records, article);
  return true;
}

/* The address of the next page in a Link header; on the same host only. Owned, NULL for none. */
static char *next_page(const fetch_session *session, const char *link) {
  const char *mark = strstr(link, "rel=\"next\"");
  if (mark == NULL) return NULL;
  const char *close = g_strrstr_len(link, mark - link, ">"),
             *open = close != NULL ? g_strrstr_len(link, close - link, "<") : NULL;
  if (open == NULL) return NULL;
  char *url = g_strndup(open + 1, (gsize)(close - open - 1));
  if (!aft_url_check_redirect(fetch_base(session), url, true, NULL)) g_clear_pointer(&url, g_free);
  return url;
}

static bool read_releases(fetch_session *session, fetch_reply *reply, const char *name, json_t *root, GError **error) {
  json_t *row;
  size_t i;
  bool ok = json_is_array(root) || fetch_fail_answer(reply, error, "not a list of releases");
  json_array_foreach(root, i, row) ok = ok && add_release(session, reply, name, row, error);
  return ok && fetch_keep(session, reply, json_array_size(root) == 0, error);
}

/* The name becomes a part of the address. has_owner: it is as long as it must be. */
static bool check_name(const char *name, bool has_owner, const char *what, GError **error) {
  static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._/";
  if (has_owner && strspn(name, letters) == strlen(name)) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "\"%s\" is no %s (write owner/name)", name, what);
  return false;
}

static bool ask_repository(fetch_session *session, const char *name, GError **error) {
  g_autofree char *path = g_strdup_printf("repos/%s/releases", name);
  g_autofree char *url = NULL;
  guint before = session->records->articles->len;
  if (!check_name(name, strchr(name, '/') != NULL, "repository", error)) return false;
  url = aft_url_build(fetch_base(session), path, AFT_PAIRS("per_page", "100"));
  for (int page = 0; url != NULL && page < MAX_PAGES; page++) {
    const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(1), "application/vnd.github+json",
                           "X-GitHub-Api-Version: 2022-11-28"};
    g_auto(fetch_reply) reply = {0};
    json_t *root;
    if (!fetch_get_json(session, &ask, name, &reply, &root, error)) return false;
    if (root == NULL) return true;
    bool ok = read_releases(session, &reply, name, root, error);
    size_t n = json_array_size(root);
    json_decref(root);
    if (!ok) return false;
    /* A page from the store has no header: the number of its rows says whether there is another. */
    char *next = next_page(session, reply.link);
    if (next == NULL && reply.from_store && n == 100) {
      g_autofree char *number = g_strdup_printf("%d", page + 2);
      next = aft_url_build(fetch_base(session), path, AFT_PAIRS("per_page", "100", "page", number));
    }
    g_free(url);
    url = next;
  }
  if (session->records->articles->len == before) fetch_warn_no_news(session, name);
  return true;
}

static bool run_github(fetch_session *session, GError **error) { return each_name(session, ask_repository, error); }

/* ---- Hugging Face */

static bool ask_model(fetch_session *session, const char *name, GError **error) {
  g_autofree char *path = g_strdup_printf("api/models/%s", name),
                  *page = g_strdup_printf("https://huggingface.co/%s", name);
  g_autofree char *url = aft_url_build(fetch_base(session), path, NULL);
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(24), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root;
  aft_millis when;
  if (!check_name(name, true, "model", error)) return false; /* the oldest have no owner */
  if (!fetch_get_json(session, &ask, name, &reply, &root, error)) return false;
  if (root == NULL) return true;
  bool ok = fetch_read_instant(fetch_json_get_text(root, "createdAt"), &when) ||
            fetch_fail_answer(&reply, error, "a model without createdAt");
  /* Everything older carries the moment in which the field was introduced. */
  bool unknown = ok && when == aft_day_from_ymd(2022, 3, 2) * AFT_MILLIS_PER_DAY + INT64_C(84544000);
  if (ok) {
    aft_news_record *article = fetch_article_new(session, NULL, "hf", name);
    fetch_set_title(article, name);
    fetch_set_text(&article->source, "Hugging Face");
    fetch_set_text(&article->url, page);
    fetch_set_text(&article->detail,
                   unknown ? "made before March 2022" : "the repository may have been private at first");
    fetch_set_instant(article, when, "createdAt", AFT_TIME_CLAIMED, AFT_NEWS_SECOND);
    if (unknown) fetch_set_text(&article->published, "");
    aft_records_add_article(session->records, article);
    ok = fetch_keep(session, &reply, false, error);
  }
  json_decref(root);
  return ok;
}

static bool run_huggingface(fetch_session *session, GError **error) { return each_name(session, ask_model, error); }

const aft_provider fetch_arxiv = {
    .facts = {.name = "arxiv",
              .title = "arXiv, papers by number",
              .kind = AFT_FETCH_NEWS,
              .gives = "when each paper of --query (2501.12948,1706.03762) was announced",
              .asks = "--query",
              .terms = "no key; one request in 3 seconds",
              .meaning =
                  "the announcement that follows the submission of version 1; moderation and holidays may delay it",
              .base = "https://export.arxiv.org"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 3000,
    .max_bytes = 16 << 20,
    .run = run_arxiv};

const aft_provider fetch_github = {.facts = {.name = "github",
                                             .title = "GitHub, releases of repositories",
                                             .kind = AFT_FETCH_NEWS,
                                             .gives = "the releases of each repository of --query (owner/name)",
                                             .asks = "--query",
                                             .key = "GITHUB_TOKEN",
                                             .terms = "60 requests an hour, with a token 5000",
                                             .meaning = "when the release was made public",
                                             .base = "https://api.github.com"},
                                   .key_place = AFT_KEY_HEADER,
                                   .key_name = "Authorization",
                                   .key_prefix = "Bearer ",
                                   .pace_ms = 200,
                                   .max_bytes = 32 << 20,
                                   .run = run_github};

const aft_provider fetch_huggingface = {
    .facts = {.name = "huggingface",
              .title = "Hugging Face, models",
              .kind = AFT_FETCH_NEWS,
              .gives = "when the repository of each model of --query (org/name) was made",
              .asks = "--query",
              .key = "HF_TOKEN",
              .terms = "no key needed",
              .meaning = "the repository's making: a lower bound, because it may have been private at first",
              .base = "https://huggingface.co"},
    .key_place = AFT_KEY_HEADER,
    .key_name = "Authorization",
    .key_prefix = "Bearer ",
    .pace_ms = 200,
    .max_bytes = 16 << 20,
    .run = run_huggingface};
