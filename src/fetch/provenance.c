/* What stands beside a file that was fetched: from where, when, what it means. */
#include <aftershock/fetch/fetch.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void set_text(json_t *object, const char *key, const char *text) {
  if (text != NULL && *text != '\0') json_object_set_new(object, key, json_string(text));
}

static void set_instant(json_t *object, const char *key, aft_millis instant) {
  char text[AFT_MILLIS_TEXT];
  json_object_set_new(object, key, json_string(aft_millis_print(instant, text)));
}

static void set_day(json_t *object, const char *key, aft_day day) {
  char text[AFT_DAY_TEXT];
  if (day != AFT_DAY_NONE) json_object_set_new(object, key, json_string(aft_day_print(day, text)));
}

static void set_list(json_t *object, const char *key, const char *const *texts) {
  json_t *list = json_array();
  for (; *texts != NULL; texts++) json_array_append_new(list, json_string(*texts));
  if (json_array_size(list) > 0)
    json_object_set_new(object, key, list);
  else
    json_decref(list);
}

static json_t *query_json(const aft_fetch_query *query) {
  json_t *object = json_object();
  set_list(object, "symbols", query->symbols);
  set_list(object, "urls", query->urls);
  set_text(object, "query", query->text);
  set_text(object, "input", query->input);
  set_day(object, "first", query->first);
  set_day(object, "last", query->last);
  return object;
}

static json_t *sources_json(const aft_records *records) {
  json_t *list = json_array();
  for (guint i = 0; i < records->sources->len; i++) {
    const aft_source_record *source = &g_array_index(records->sources, aft_source_record, i);
    json_t *object = json_object();
    set_text(object, "url", source->url);
    set_text(object, "sha256", source->digest);
    json_object_set_new(object, "bytes", json_integer((json_int_t)source->size));
    set_instant(object, "fetched", source->fetched);
    if (source->checked != source->fetched) set_instant(object, "confirmed", source->checked);
    set_text(object, "etag", source->etag);
    set_text(object, "last_modified", source->last_modified);
    if (source->from_store) json_object_set_new(object, "from_store", json_true());
    json_array_append_new(list, object);
  }
  return list;
}

static json_t *texts_json(const GPtrArray *texts) {
  json_t *list = json_array();
  for (guint i = 0; i < texts->len; i++) json_array_append_new(list, json_string(g_ptr_array_index(texts, i)));
  return list;
}

char *aft_fetch_print_provenance(const aft_provider *provider, const aft_fetch_query *query, const aft_records *records,
                                 const aft_warnings *warnings, aft_millis now, const char *digest) {
  const aft_provider_facts *facts = aft_provider_facts_of(provider);
  json_t *root = json_object();
  set_text(root, "program", "aftershock " AFT_VERSION);
  set_instant(root, "written", now);
  set_text(root, "kind", aft_fetch_kind_name(facts->kind));
  set_text(root, "provider", facts->name);
  set_text(root, "title", facts->title);
  set_text(root, "meaning", facts->meaning);
  set_text(root, "terms", facts->terms);
  set_text(root, "sha256", digest);
  json_object_set_new(root, "query", query_json(query));
  json_object_set_new(root, "sources", sources_json(records));
  json_object_set_new(root, "notes", texts_json(records->notes));
  json_object_set_new(root, "warnings", texts_json(warnings->messages));
  char *dumped = json_dumps(root, JSON_INDENT(2));
  char *out = g_strconcat(dumped, "\n", NULL);
  free(dumped);
  json_decref(root);
  return out;
}
