/* Claims of articles: which kinds there are, and what each must say. */
#include "claims_read.h"

#include "fields.h"

#include <aftershock/base/clock.h>
#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_CLAIMS = 1000, MAX_TEXT = 4096, MAX_MEMBERS = 10000, MAX_HORIZON = 20000 };

static const char *const kind_names[] = {[AFT_CLAIM_PRICE_MOVE] = "price_move",
                                         [AFT_CLAIM_TOTAL_RETURN] = "total_return",
                                         [AFT_CLAIM_VALUE_CHANGE] = "market_value_change",
                                         [AFT_CLAIM_VALUE_CHANGE_PERCENT] = "market_value_change_percent",
                                         [AFT_CLAIM_GROUP_VALUE_CHANGE] = "group_market_value_change",
                                         [AFT_CLAIM_RANK] = "rank_in_group",
                                         [AFT_CLAIM_RECORD] = "record",
                                         [AFT_CLAIM_DIRECTION] = "direction",
                                         [AFT_CLAIM_EVENT_DATE] = "event_date",
                                         [AFT_CLAIM_ELAPSED_DAYS] = "elapsed_days",
                                         [AFT_CLAIM_ELAPSED_SESSIONS] = "elapsed_sessions",
                                         [AFT_CLAIM_NOT_MARKET] = "not_market",
                                         NULL};
static const char *const qualifier_names[] = {"", "exactly", "about", "nearly", "more than", "less than", NULL};
static const char *const measure_names[] = {"", "market_value", "percent", NULL};
static const char *const order_names[] = {"largest loss", "largest gain", NULL};

const char *const *aft_claim_kinds(void) { return kind_names; }

const char *const *aft_claim_qualifiers(void) { return qualifier_names; }

/* The texts of a claim, in the order in which they are printed. */
typedef struct claim_text {
  const char *key;
  size_t offset;
} claim_text;
#define TEXT(member) \
  { #member, offsetof(aft_claim, member) }
static const claim_text texts[] = {TEXT(id),   TEXT(subject), TEXT(event),      TEXT(session), TEXT(stated),
                                   TEXT(unit), TEXT(group),   TEXT(among),      TEXT(from),    TEXT(to),
                                   TEXT(note), TEXT(quote),   TEXT(from_event), TEXT(to_event)};
#undef TEXT

static char **text_of(aft_claim *claim, const claim_text *text) {
  return (char **)(void *)((char *)claim + text->offset);
}

static void clear_claim(void *data) {
  aft_claim *claim = data;
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(*text_of(claim, &texts[i]));
  g_strfreev(claim->members);
}

void aft_claim_init(aft_claim *claim) {
  *claim = (aft_claim){.scale = 1, .horizon_sessions = 1};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) *text_of(claim, &texts[i]) = g_strdup("");
}

GArray *aft_claims_new(void) {
  GArray *claims = g_array_new(FALSE, TRUE, sizeof(aft_claim));
  g_array_set_clear_func(claims, clear_claim);
  return claims;
}

static void set_error(const aft_claim *claim, size_t index, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

/* Says what is wrong and is false; a macro, so that the analyzers see that nothing goes on. */
#define fail(...) (set_error(__VA_ARGS__), false)

static void set_error(const aft_claim *claim, size_t index, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  if (claim->id != NULL && *claim->id != '\0')
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_VALUE, "claim \"%s\": %s", claim->id, message);
  else
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_VALUE, "claim %" G_GSIZE_FORMAT ": %s", index, message);
}

static bool take_word(const json_t *object, const char *key, const char *const *words, int *out, const aft_claim *claim,
                      size_t index, GError **error) {
  const json_t *value = json_object_get(object, key);
  if (value == NULL || json_is_null(value)) return true;
  const char *text = json_string_value(value);
  for (int i = 0; text != NULL && words[i] != NULL; i++)
    if (*text != '\0' && strcmp(words[i], text) == 0) {
      *out = i;
      return true;
    }
  g_auto(GStrv) copy = aft_text_copy_list(*words[0] == '\0' ? words + 1 : words);
  g_autofree char *list = g_strjoinv(", ", copy);
  return fail(claim, index, error, "%s is none of: %s", key, list);
}

static bool take_texts(const json_t *object, aft_claim *claim, size_t index, GError **error) {
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    const json_t *value = json_object_get(object, texts[i].key);
    const char *text = value == NULL || json_is_null(value) ? "" : json_string_value(value);
    if (text == NULL) return fail(claim, index, error, "%s is not a text", texts[i].key);
    if (strlen(text) > MAX_TEXT) return fail(claim, index, error, "%s is longer than %d bytes", texts[i].key, MAX_TEXT);
    *text_of(claim, &texts[i]) = g_strdup(text);
  }
  if (*claim->id == '\0') return fail(claim, index, error, "no \"id\" (every claim needs its own)");
  return true;
}

static bool take_members(const json_t *object, aft_claim *claim, size_t index, GError **error) {
  const json_t *list = json_object_get(object, "members"), *item;
  size_t i;
  if (list == NULL || json_is_null(list)) return true;
  if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > MAX_MEMBERS)
    return fail(claim, index, error, "members is not a list of symbols");
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  json_array_foreach(list, i, item) {
    const char *text = json_string_value(item);
    if (text == NULL || *text == '\0' || strlen(text) > INPUT_MAX_NAME)
      return fail(claim, index, error, "members: element %" G_GSIZE_FORMAT " is not a symbol", i + 1);
    g_strv_builder_add(builder, text);
  }
  claim->members = g_strv_builder_end(builder);
  return true;
}

static bool take_numbers(const json_t *object, aft_claim *claim, size_t index, GError **error) {
  const json_t *scale = json_object_get(object, "scale"), *horizon = json_object_get(object, "horizon_sessions");
  claim->scale = scale == NULL ? 1 : json_number_value(scale);
  if (!(claim->scale > 0) || !isfinite(claim->scale))
    return fail(claim, index, error, "scale is not a positive number");
  json_int_t sessions = horizon == NULL ? 1 : json_integer_value(horizon);
  if (sessions < 1 || sessions > MAX_HORIZON)
    return fail(claim, index, error, "horizon_sessions is not a whole number between 1 and %d", MAX_HORIZON);
  claim->horizon_sessions = (int)sessions;
  return true;
}

static bool check_date(const char *key, const char *text, const aft_claim *claim, size_t index, GError **error) {
  aft_day day;
  if (*text == '\0' || (strlen(text) == 10 && aft_day_parse(text, 10, &day))) return true;
  return fail(claim, index, error, "%s \"%s\" is not a date (write YYYY-MM-DD)", key, text);
}

static bool check_stated(const aft_claim *claim, size_t index, GError **error) {
  const char *text = claim->stated;
  double value;
  switch (claim->kind) {
  case AFT_CLAIM_DIRECTION:
    if (strcmp(text, "up") == 0 || strcmp(text, "down") == 0) return true;
    return fail(claim, index, error, "stated \"%s\" is neither up nor down", text);
  case AFT_CLAIM_EVENT_DATE:
    if (*text == '\0') break;
    return check_date("stated", text, claim, index, error);
  case AFT_CLAIM_NOT_MARKET: return true;
  case AFT_CLAIM_RANK:
  case AFT_CLAIM_RECORD:
    if (aft_number_parse(text, strlen(text), &value) && value >= 1 && value == floor(value)) return true;
    return fail(claim, index, error, "stated \"%s\" is not a rank (write a whole number from 1)", text);
  default:
    if (aft_number_parse(text, strlen(text), &value) && strpbrk(text, "eE") == NULL) return true;
    break;
  }
  return fail(claim, index, error, "stated \"%s\" is not a number as printed (write a text such as \"-16.9\")", text);
}

static bool check_claim(const aft_claim *claim, size_t index, GError **error) {
  bool is_elapsed = claim->kind == AFT_CLAIM_ELAPSED_DAYS || claim->kind == AFT_CLAIM_ELAPSED_SESSIONS;
  bool has_start = *claim->from != '\0' || *claim->from_event != '\0',
       has_end = *claim->to != '\0' || *claim->to_event != '\0';
  if (claim->kind != AFT_CLAIM_NOT_MARKET && !is_elapsed && *claim->subject == '\0')
    return fail(claim, index, error, "no \"subject\" (what it is about: a symbol, a group or an event)");
  if (is_elapsed && (!has_start || !has_end))
    return fail(claim, index, error, "needs \"from\" or \"from_event\", and \"to\" or \"to_event\"");
  return check_stated(claim, index, error) && check_date("session", claim->session, claim, index, error) &&
         check_date("from", claim->from, claim, index, error) && check_date("to", claim->to, claim, index, error);
}

static bool read_claim(json_t *object, aft_claim *claim, size_t index, GError **error) {
  static const char *const keys[] = {
      "id",         "kind",     "subject",          "event",   "session", "stated", "unit", "scale",
      "qualifier",  "order",    "measure",          "members", "group",   "among",  "from", "to",
      "from_event", "to_event", "horizon_sessions", "note",    "quote",   NULL};
  const char *key;
  json_t *value;
  int kind = -1, qualifier = AFT_QUALIFIER_NONE, measure = AFT_MEASURE_NONE, order = 0;
  if (!json_is_object(object)) return fail(claim, index, error, "is not an object");
  if (!take_texts(object, claim, index, error)) return false;
  json_object_foreach(object, key, value) {
    if (g_strv_contains(keys, key)) continue;
    const char *closest = aft_text_find_closest(key, keys);
    return fail(claim, index, error, "unknown key \"%s\"%s%s%s", key, closest != NULL ? " (did you mean \"" : "",
                closest != NULL ? closest : "", closest != NULL ? "\"?)" : "");
  }
  if (!take_word(object, "kind", kind_names, &kind, claim, index, error) ||
      !take_word(object, "qualifier", qualifier_names, &qualifier, claim, index, error) ||
      !take_word(object, "measure", measure_names, &measure, claim, index, error) ||
      !take_word(object, "order", order_names, &order, claim, index, error))
    return false;
  if (kind < 0) return fail(claim, index, error, "no \"kind\"");
  claim->kind = (enum aft_claim_kind)kind;
  claim->qualifier = (enum aft_claim_qualifier)qualifier;
  claim->measure = (enum aft_claim_measure)measure;
  claim->largest_gain = order == 1;
  return take_members(object, claim, index, error) && take_numbers(object, claim, index, error) &&
         check_claim(claim, index, error);
}

bool input_claims_read(const json_t *list, GArray **claims, GError **error) {
  *claims = NULL;
  if (list == NULL || json_is_null(list)) return true;
  if (!json_is_array(list) || json_array_size(list) > MAX_CLAIMS) {
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_VALUE,
                json_is_array(list) ? "claims: more than %d" : "claims is not a list", MAX_CLAIMS);
    return false;
  }
  g_autoptr(GArray) read = aft_claims_new();
  g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < json_array_size(list); i++) {
    aft_claim empty = {.id = NULL};
    g_array_append_val(read, empty);
    aft_claim *claim = &g_array_index(read, aft_claim, i);
    if (!read_claim(json_array_get(list, i), claim, i + 1, error)) return false;
    if (!g_hash_table_add(ids, claim->id)) return fail(claim, i + 1, error, "the id stands twice in the article");
  }
  *claims = g_steal_pointer(&read);
  return true;
}

static json_t *describe(const aft_claim *claim) {
  json_t *object = json_object();
  aft_claim copy = *claim;
  json_object_set_new(object, "id", json_string(claim->id));
  json_object_set_new(object, "kind", json_string(kind_names[claim->kind]));
  for (size_t i = 1; i < G_N_ELEMENTS(texts); i++) {
    const char *text = *text_of(&copy, &texts[i]);
    if (*text != '\0') json_object_set_new(object, texts[i].key, json_string(text));
  }
  if (claim->scale != 1) json_object_set_new(object, "scale", json_real(claim->scale));
  if (claim->qualifier != AFT_QUALIFIER_NONE)
    json_object_set_new(object, "qualifier", json_string(qualifier_names[claim->qualifier]));
  if (claim->measure != AFT_MEASURE_NONE)
    json_object_set_new(object, "measure", json_string(measure_names[claim->measure]));
  if (claim->kind == AFT_CLAIM_RANK || claim->kind == AFT_CLAIM_RECORD)
    json_object_set_new(object, "order", json_string(order_names[claim->largest_gain]));
  if (claim->horizon_sessions != 1)
    json_object_set_new(object, "horizon_sessions", json_integer(claim->horizon_sessions));
  json_t *members = claim->members != NULL ? json_array() : NULL;
  for (char **member = claim->members; member != NULL && *member != NULL; member++)
    json_array_append_new(members, json_string(*member));
  if (members != NULL) json_object_set_new(object, "members", members);
  return object;
}

char *aft_claims_print(const GArray *claims) {
  json_t *list = json_array();
  for (guint i = 0; i < claims->len; i++) json_array_append_new(list, describe(&g_array_index(claims, aft_claim, i)));
  char *printed = json_dumps(list, JSON_INDENT(2) | JSON_REAL_PRECISION(15)), *text = g_strconcat(printed, "\n", NULL);
  free(printed);
  json_decref(list);
  return text;
}
