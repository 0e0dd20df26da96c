/* RSS and Atom by expat: the texts of each entry, whatever the prefixes. */
#include <aftershock/input/feed.h>

#include <aftershock/input/error.h>

#include <expat.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_DEPTH = 64, MAX_TEXT_BYTES = 1 << 16, MAX_ENTRIES = 200000, SEPARATOR = '|' };

/* What a text of an entry is; later ones in the list of a field's preference do not replace earlier ones. */
enum field { NO_FIELD, ID, TITLE, LINK, PUB_DATE, DC_DATE, PUBLISHED, UPDATED, N_FIELDS };

/* Elements by name without prefix; those of dc by their name space. */
static const struct {
  const char *name;
  enum field field;
} elements[] = {{"guid", ID},
                {"id", ID},
                {"title", TITLE},
                {"link", LINK},
                {"pubDate", PUB_DATE},
                {"issued", PUBLISHED},
                {"published", PUBLISHED},
                {"updated", UPDATED},
                {"modified", UPDATED}};

typedef struct reader {
  XML_Parser parser;
  aft_feed *feed;
  int depth, entry_depth; /* entry_depth: of the open entry, 0: none */
  char *text[N_FIELDS];   /* of the open entry; NULL: not there */
  char *about;            /* rdf:about of the open entry */
  enum field open;        /* the field whose text comes */
  int open_depth;
  GString *buffer;
  char *problem; /* why it was stopped; NULL */
} reader;

static void stop(reader *r, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void stop(reader *r, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  if (r->problem == NULL) r->problem = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  XML_StopParser(r->parser, XML_FALSE);
}

static const char *local_name(const char *name) {
  const char *mark = strrchr(name, SEPARATOR);
  return mark != NULL ? mark + 1 : name;
}

static enum field find_field(const char *name) {
  const char *local = local_name(name);
  if (strstr(name, "purl.org/dc/") != NULL) return strcmp(local, "date") == 0 ? DC_DATE : NO_FIELD;
  if (strstr(name, "search.yahoo.com/mrss") != NULL || strstr(name, "itunes") != NULL)
    return NO_FIELD; /* media:title */
  for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
    if (strcmp(local, elements[i].name) == 0) return elements[i].field;
  return NO_FIELD;
}

static const char *attribute(const char **attributes, const char *name) {
  for (; *attributes != NULL; attributes += 2)
    if (strcmp(local_name(attributes[0]), name) == 0) return attributes[1];
  return NULL;
}

static void set_field(reader *r, enum field field, const char *text) {
  if (r->text[field] == NULL && *text != '\0') r->text[field] = g_strdup(text);
}

/* An Atom link is an attribute; the page is the one without rel, or with alternate. */
static void take_link(reader *r, const char **attributes) {
  const char *place = attribute(attributes, "href"), *relation = attribute(attributes, "rel");
  if (place != NULL && (relation == NULL || strcmp(relation, "alternate") == 0)) set_field(r, LINK, place);
}

static void XMLCALL start_element(void *data, const char *name, const char **attributes) {
  reader *r = data;
  const char *local = local_name(name);
  r->depth++;
  if (r->depth > MAX_DEPTH) {
    stop(r, "more than %d levels", MAX_DEPTH);
    return;
  }
  if (r->depth == 1 && strcmp(local, "rss") != 0 && strcmp(local, "feed") != 0 && strcmp(local, "RDF") != 0) {
    stop(r, "neither RSS nor Atom: its outermost element is \"%.40s\"", local);
    return;
  }
  if (r->entry_depth == 0 && (strcmp(local, "item") == 0 || strcmp(local, "entry") == 0)) {
    const char *about = attribute(attributes, "about");
    r->entry_depth = r->depth;
    r->about = g_strdup(about);
    return;
  }
  bool of_channel = r->entry_depth == 0 && r->depth <= 3 && strcmp(local, "title") == 0 && *r->feed->title == '\0';
  bool of_entry = r->entry_depth != 0 && r->depth == r->entry_depth + 1;
  enum field field = of_channel ? TITLE : of_entry ? find_field(name) : NO_FIELD;
  if (of_entry && field == LINK) take_link(r, attributes);
  if (field == NO_FIELD || r->open != NO_FIELD) return;
  r->open = field;
  r->open_depth = r->depth;
  g_string_truncate(r->buffer, 0);
}

static void XMLCALL take_text(void *data, const char *bytes, int n) {
  reader *r = data;
  if (r->open == NO_FIELD) return;
  if (r->buffer->len + (gsize)n > MAX_TEXT_BYTES)
    stop(r, "a text is longer than 64 KiB");
  else
    g_string_append_len(r->buffer, bytes, n);
}

static void free_entry(void *data) {
  aft_feed_entry *entry = data;
  g_free(entry->id);
  g_free(entry->title);
  g_free(entry->url);
  g_free(entry->time);
  g_free(entry);
}

static char *or_empty(const char *text) { return g_strdup(text != NULL ? text : ""); }

static void end_entry(reader *r) {
  static const struct {
    enum field field;
    const char *name;
  } times[] = {{PUB_DATE, "pubDate"}, {PUBLISHED, "published"}, {DC_DATE, "dc:date"}, {UPDATED, "updated"}};
  aft_feed_entry *entry = g_new0(aft_feed_entry, 1);
  const char *id = r->text[ID] != NULL ? r->text[ID] : r->about;
  if (id == NULL) id = r->text[LINK] != NULL ? r->text[LINK] : r->text[TITLE];
  entry->id = or_empty(id);
  entry->title = or_empty(r->text[TITLE]);
  entry->url = or_empty(r->text[LINK]);
  entry->field = "";
  for (size_t i = 0; i < G_N_ELEMENTS(times) && entry->time == NULL; i++)
    if (r->text[times[i].field] != NULL) {
      entry->time = g_strdup(r->text[times[i].field]);
      entry->field = times[i].name;
    }
  if (entry->time == NULL) entry->time = g_strdup("");
  g_ptr_array_add(r->feed->entries, entry);
  if (r->feed->entries->len > MAX_ENTRIES) stop(r, "more than %d entries", MAX_ENTRIES);
}

static void clear_entry(reader *r) {
  for (int f = 0; f < N_FIELDS; f++) g_clear_pointer(&r->text[f], g_free);
  g_clear_pointer(&r->about, g_free);
}

static void XMLCALL end_element(void *data, const char *name) {
  reader *r = data;
  (void)name;
  if (r->open != NO_FIELD && r->depth == r->open_depth) {
    g_strstrip(r->buffer->str);
    r->buffer->len = strlen(r->buffer->str);
    if (r->entry_depth == 0) {
      g_free(r->feed->title);
      r->feed->title = g_strdup(r->buffer->str);
    } else {
      set_field(r, r->open, r->buffer->str);
    }
    r->open = NO_FIELD;
  }
  if (r->entry_depth != 0 && r->depth == r->entry_depth) {
    end_entry(r);
    clear_entry(r);
    r->entry_depth = 0;
  }
  r->depth--;
}

static void XMLCALL refuse_doctype(void *data, const char *name, const char *place, const char *public_id,
                                   int internal) {
  (void)name;
  (void)place;
  (void)public_id;
  (void)internal;
  stop(data, "holds a DOCTYPE, which no feed needs");
}

/* Windows-1252, which many feeds declare: Latin-1 but for 32 places. */
static int XMLCALL know_encoding(void *data, const char *name, XML_Encoding *info) {
  static const int middle[32] = {0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
                                 0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
                                 0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};
  (void)data;
  if (g_ascii_strcasecmp(name, "windows-1252") != 0 && g_ascii_strcasecmp(name, "cp1252") != 0) return XML_STATUS_ERROR;
  for (int i = 0; i < 256; i++) info->map[i] = i >= 0x80 && i < 0xA0 ? middle[i - 0x80] : i;
  info->data = NULL;
  info->convert = NULL;
  info->release = NULL;
  return XML_STATUS_OK;
}

/* Names of HTML that feeds use although XML does not know them. */
static const struct {
  const char *name;
  int code;
} html_names[] = {{"nbsp", 160},   {"copy", 169},    {"reg", 174},    {"eacute", 233}, {"egrave", 232},
                  {"agrave", 224}, {"ouml", 246},    {"auml", 228},   {"uuml", 252},   {"szlig", 223},
                  {"ccedil", 231}, {"ntilde", 241},  {"pound", 163},  {"yen", 165},    {"ndash", 8211},
                  {"mdash", 8212}, {"lsquo", 8216},  {"rsquo", 8217}, {"ldquo", 8220}, {"rdquo", 8221},
                  {"bull", 8226},  {"hellip", 8230}, {"euro", 8364},  {"trade", 8482}};

/* Entities by number, so that the encoding does not matter; a name that nobody knows is the replacement character. Owned. */
static GString *number_entities(const char *bytes, size_t size) {
  static const char *const known[] = {"amp", "lt", "gt", "quot", "apos", NULL};
  GString *out = g_string_sized_new(size + 64);
  for (size_t i = 0; i < size;) {
    size_t n = 0;
    while (bytes[i] == '&' && i + 1 + n < size && n < 10 && g_ascii_isalnum(bytes[i + 1 + n])) n++;
    bool named = n > 0 && i + 1 + n < size && bytes[i + 1 + n] == ';';
    g_autofree char *name = named ? g_strndup(bytes + i + 1, n) : NULL;
    if (!named || g_strv_contains(known, name)) {
      g_string_append_c(out, bytes[i++]);
      continue;
    }
    int code = 0xFFFD;
    for (size_t k = 0; k < G_N_ELEMENTS(html_names); k++)
      if (strcmp(name, html_names[k].name) == 0) code = html_names[k].code;
    g_string_append_printf(out, "&#%d;", code);
    i += n + 2;
  }
  return out;
}

static bool parse(reader *r, const char *name, const GString *text, const char *encoding, GError **error) {
  r->parser = XML_ParserCreateNS(encoding, SEPARATOR);
  XML_SetUserData(r->parser, r);
  XML_SetElementHandler(r->parser, start_element, end_element);
  XML_SetCharacterDataHandler(r->parser, take_text);
  XML_SetStartDoctypeDeclHandler(r->parser, refuse_doctype);
  XML_SetUnknownEncodingHandler(r->parser, know_encoding, NULL);
  bool ok = XML_Parse(r->parser, text->str, (int)text->len, XML_TRUE) == XML_STATUS_OK;
  if (!ok)
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_VALUE, "%s:%lu: %s", name,
                (unsigned long)XML_GetCurrentLineNumber(r->parser),
                r->problem != NULL ? r->problem : XML_ErrorString(XML_GetErrorCode(r->parser)));
  XML_ParserFree(r->parser);
  return ok;
}

static void clear_reader(reader *r) {
  clear_entry(r);
  g_string_free(r->buffer, TRUE);
  g_free(r->problem);
}

static bool read_with(aft_feed *feed, const char *name, const GString *text, const char *encoding, GError **error) {
  aft_feed got = {g_strdup(""), g_ptr_array_new_with_free_func(free_entry)};
  reader r = {.feed = &got, .buffer = g_string_new(NULL)};
  bool ok = parse(&r, name, text, encoding, error);
  clear_reader(&r);
  if (ok)
    *feed = got;
  else
    aft_feed_clear(&got);
  return ok;
}

bool aft_feed_read(aft_feed *feed, const char *name, const char *bytes, size_t size, GError **error) {
  while (size > 0 && g_ascii_isspace(*bytes)) { /* in front of <?xml it is a fault to the letter */
    bytes++;
    size--;
  }
  if (size > G_MAXINT / 8) {
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_LIMIT, "%s: the feed is too large", name);
    return false;
  }
  GString *text = number_entities(bytes, size);
  g_autoptr(GError) problem = NULL;
  bool ok = read_with(feed, name, text, NULL, &problem);
  if (!ok && memchr(bytes, 0, size) == NULL && !g_utf8_validate(bytes, (gssize)size, NULL)) {
    g_clear_error(&problem);
    ok = read_with(feed, name, text, "ISO-8859-1", &problem);
  }
  g_string_free(text, TRUE);
  if (!ok) g_propagate_error(error, g_steal_pointer(&problem));
  return ok;
}

void aft_feed_clear(aft_feed *feed) {
  g_clear_pointer(&feed->title, g_free);
  g_clear_pointer(&feed->entries, g_ptr_array_unref);
}

char *aft_feed_entry_published(const aft_feed_entry *entry) {
  aft_stamp stamp;
  char text[AFT_MILLIS_TEXT], day[AFT_DAY_TEXT];
  if (*entry->time == '\0' || !aft_stamp_parse(entry->time, &stamp, NULL)) return g_strdup("");
  if (stamp.kind == AFT_STAMP_DAY) return g_strdup(aft_day_print(stamp.day, day));
  return g_strdup(stamp.kind == AFT_STAMP_INSTANT ? aft_millis_print(stamp.instant, text) : "");
}
