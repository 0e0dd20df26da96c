/* An HTTP server on this machine that plays a provider. */
#include "loopback.h"

#include <microhttpd.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>
#include <zlib.h>

#include <aftershock/base/banned.h>

enum { MAX_REQUESTS = 20000, BOMB_BYTES = 1 << 22, POLL_US = 2000 };

struct loopback {
  struct MHD_Daemon *daemon;
  loopback_route *route;
  void *data;
  char *url;
  pthread_mutex_t lock; /* guards what follows, and the route */
  unsigned n_requests, n_connections;
  bool closing;
  GString *log;
};

/* A body on its way. */
typedef struct stream {
  loopback *server;
  char *bytes; /* owned */
  size_t size;
  enum loopback_fault fault;
} stream;

static void free_stream(void *data) {
  stream *s = data;
  g_free(s->bytes);
  g_free(s);
}

static bool is_closing(loopback *server) {
  pthread_mutex_lock(&server->lock);
  bool closing = server->closing;
  pthread_mutex_unlock(&server->lock);
  return closing;
}

/* Gives bytes from pos on; what happens at the end of the half is the fault. */
static ssize_t give(void *data, uint64_t pos, char *buffer, size_t max) {
  stream *s = data;
  size_t end = s->fault == LOOPBACK_STALL || s->fault == LOOPBACK_TRUNCATED ? s->size / 2 : s->size;
  if (s->fault == LOOPBACK_ENDLESS) {
    if (is_closing(s->server)) return MHD_CONTENT_READER_END_WITH_ERROR;
    memset(buffer, ' ', max);
    return (ssize_t)max;
  }
  if (pos < end) {
    size_t n = MIN(max, end - (size_t)pos);
    memcpy(buffer, s->bytes + pos, n);
    return (ssize_t)n;
  }
  if (s->fault == LOOPBACK_STALL) {
    if (is_closing(s->server)) return MHD_CONTENT_READER_END_WITH_ERROR;
    g_usleep(POLL_US);
    return 0;
  }
  return s->fault == LOOPBACK_TRUNCATED ? MHD_CONTENT_READER_END_WITH_ERROR : MHD_CONTENT_READER_END_OF_STREAM;
}

static char *compress_bytes(const char *bytes, size_t size, size_t *out_size) {
  z_stream z = {0};
  g_assert_cmpint(deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  size_t room = deflateBound(&z, size);
  unsigned char *out = g_malloc(room);
  z.next_in = (unsigned char *)g_memdup2(bytes, size);
  unsigned char *in = z.next_in;
  z.avail_in = (unsigned)size;
  z.next_out = out;
  z.avail_out = (unsigned)room;
  g_assert_cmpint(deflate(&z, Z_FINISH), ==, Z_STREAM_END);
  *out_size = z.total_out;
  deflateEnd(&z);
  g_free(in);
  return (char *)out;
}

static const char *find_header(const loopback_request *request, const char *name) {
  return MHD_lookup_connection_value(request->connection, MHD_HEADER_KIND, name);
}

static enum MHD_Result log_pair(void *data, enum MHD_ValueKind kind, const char *key, const char *value) {
  GString *log = data;
  (void)kind;
  g_string_append_printf(log, "%s: %s\n", key, value != NULL ? value : "");
  return MHD_YES;
}

/* The query as it was sent, from the parsed pairs. */
static enum MHD_Result add_pair(void *data, enum MHD_ValueKind kind, const char *key, const char *value) {
  GString *query = data;
  (void)kind;
  g_string_append_printf(query, "%s%s=%s", query->len > 0 ? "&" : "", key, value != NULL ? value : "");
  return MHD_YES;
}

static struct MHD_Response *build_response(loopback *server, loopback_answer *answer) {
  size_t size = answer->size > 0 ? answer->size : answer->body != NULL ? strlen(answer->body) : 0;
  stream *s = g_new(stream, 1);
  *s = (stream){server, answer->body != NULL ? answer->body : g_strdup(""), size, answer->fault};
  if (answer->fault == LOOPBACK_BOMB) {
    g_autofree char *blanks = g_malloc(BOMB_BYTES);
    memset(blanks, ' ', BOMB_BYTES);
    g_free(s->bytes);
    s->bytes = compress_bytes(blanks, BOMB_BYTES, &s->size);
  } else if (answer->fault == LOOPBACK_GZIP) {
    char *packed = compress_bytes(s->bytes, s->size, &s->size);
    g_free(s->bytes);
    s->bytes = packed;
  }
  bool unknown = answer->fault == LOOPBACK_CHUNKED || answer->fault == LOOPBACK_ENDLESS;
  struct MHD_Response *response =
      MHD_create_response_from_callback(unknown ? MHD_SIZE_UNKNOWN : s->size, 1 << 15, give, s, free_stream);
  if (answer->fault == LOOPBACK_GZIP || answer->fault == LOOPBACK_BOMB || answer->fault == LOOPBACK_BAD_GZIP)
    MHD_add_response_header(response, "Content-Encoding", "gzip");
  if (answer->fault == LOOPBACK_CLOSE) MHD_add_response_header(response, "Connection", "close");
  MHD_add_response_header(response, "Content-Type", answer->type != NULL ? answer->type : "application/json");
  for (int i = 0; i < LOOPBACK_MAX_HEADERS && answer->name[i] != NULL; i++) {
    MHD_add_response_header(response, answer->name[i], answer->value[i]);
    g_free(answer->name[i]);
    g_free(answer->value[i]);
  }
  return response;
}

static enum MHD_Result handle(void *data, struct MHD_Connection *connection, const char *path, const char *method,
                              const char *version, const char *upload, size_t *upload_size, void **state) {
  loopback *server = data;
  loopback_answer answer = {.status = MHD_HTTP_OK};
  (void)version;
  (void)upload;
  (void)upload_size;
  if (*state == NULL) { /* an answer to this first call would end the connection */
    *state = server;
    return MHD_YES;
  }
  g_autoptr(GString) query = g_string_new(NULL);
  MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, add_pair, query);
  pthread_mutex_lock(&server->lock);
  loopback_request request = {path, query->str, find_header, connection, ++server->n_requests};
  g_string_append_printf(server->log, "%s %s?%s\n", method, path, query->str);
  MHD_get_connection_values(connection, MHD_HEADER_KIND, log_pair, server->log);
  if (server->n_requests > MAX_REQUESTS)
    answer.status = 599;
  else
    server->route(&request, &answer, server->data);
  pthread_mutex_unlock(&server->lock);
  struct MHD_Response *response = build_response(server, &answer);
  enum MHD_Result queued = MHD_queue_response(connection, answer.status, response);
  MHD_destroy_response(response);
  return queued;
}

static void count_connection(void *data, struct MHD_Connection *connection, void **state,
                             enum MHD_ConnectionNotificationCode code) {
  loopback *server = data;
  (void)connection;
  (void)state;
  if (code != MHD_CONNECTION_NOTIFY_STARTED) return;
  pthread_mutex_lock(&server->lock);
  server->n_connections++;
  pthread_mutex_unlock(&server->lock);
}

loopback *loopback_new(loopback_route *route, void *data) {
  loopback *server = g_new0(loopback, 1);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  *server = (loopback){.route = route, .data = data, .log = g_string_new(NULL)};
  pthread_mutex_init(&server->lock, NULL);
  server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL,
                                    handle, server, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
                                    MHD_OPTION_NOTIFY_CONNECTION, count_connection, server, MHD_OPTION_END);
  g_assert_nonnull(server->daemon);
  const union MHD_DaemonInfo *info = MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_BIND_PORT);
  server->url = g_strdup_printf("http://127.0.0.1:%u", (unsigned)info->port);
  return server;
}

void loopback_free(loopback *server) {
  if (server == NULL) return;
  pthread_mutex_lock(&server->lock);
  server->closing = true;
  pthread_mutex_unlock(&server->lock);
  MHD_stop_daemon(server->daemon);
  pthread_mutex_destroy(&server->lock);
  g_string_free(server->log, TRUE);
  g_free(server->url);
  g_free(server);
}

const char *loopback_url(const loopback *server) { return server->url; }

unsigned loopback_n_requests(loopback *server) {
  pthread_mutex_lock(&server->lock);
  unsigned n = server->n_requests;
  pthread_mutex_unlock(&server->lock);
  return n;
}

unsigned loopback_n_connections(loopback *server) {
  pthread_mutex_lock(&server->lock);
  unsigned n = server->n_connections;
  pthread_mutex_unlock(&server->lock);
  return n;
}

char *loopback_log(loopback *server) {
  pthread_mutex_lock(&server->lock);
  char *log = g_strdup(server->log->str);
  pthread_mutex_unlock(&server->lock);
  return log;
}

void loopback_add_header(loopback_answer *answer, const char *name, const char *value) {
  int i = 0;
  while (i < LOOPBACK_MAX_HEADERS && answer->name[i] != NULL) i++;
  g_assert_cmpint(i, <, LOOPBACK_MAX_HEADERS);
  answer->name[i] = g_strdup(name);
  answer->value[i] = g_strdup(value);
}

static void put(GByteArray *out, guint64 value, int n_bytes) {
  for (int i = 0; i < n_bytes; i++) {
    guint8 byte = (guint8)(value >> (8 * i));
    g_byte_array_append(out, &byte, 1);
  }
}

/* What the local header and the directory say alike of a member, from "version needed" on. */
static void put_member(GByteArray *out, const char *name, guint32 crc, size_t packed, size_t size) {
  put(out, 20, 2);
  put(out, 0, 2);
  put(out, Z_DEFLATED, 2);
  put(out, 0, 4); /* time */
  put(out, crc, 4);
  put(out, packed, 4);
  put(out, size, 4);
  put(out, strlen(name), 2);
  put(out, 0, 2);
}

char *loopback_zip(const char *const *names, const char *const *texts, size_t n, size_t *size) {
  GByteArray *out = g_byte_array_new(), *directory = g_byte_array_new();
  for (size_t i = 0; i < n; i++) {
    guint at = out->len;
    size_t length = strlen(texts[i]), packed;
    /* A gzip stream is ten bytes, the deflated ones, and eight more. */
    g_autofree char *gzip = compress_bytes(texts[i], length, &packed);
    guint32 crc = (guint32)crc32(0, (const Bytef *)texts[i], (uInt)length);
    put(out, 0x04034b50, 4);
    put_member(out, names[i], crc, packed - 18, length);
    g_byte_array_append(out, (const guint8 *)names[i], (guint)strlen(names[i]));
    g_byte_array_append(out, (const guint8 *)gzip + 10, (guint)(packed - 18));
    put(directory, 0x02014b50, 4);
    put(directory, 20, 2);
    put_member(directory, names[i], crc, packed - 18, length);
    put(directory, 0, 8); /* comment, disk, attributes */
    put(directory, 0, 2);
    put(directory, at, 4);
    g_byte_array_append(directory, (const guint8 *)names[i], (guint)strlen(names[i]));
  }
  guint start = out->len;
  g_byte_array_append(out, directory->data, directory->len);
  put(out, 0x06054b50, 4);
  put(out, 0, 4);
  put(out, n, 2);
  put(out, n, 2);
  put(out, directory->len, 4);
  put(out, start, 4);
  put(out, 0, 2);
  g_byte_array_free(directory, TRUE);
  *size = out->len;
  return (char *)g_byte_array_free(out, FALSE);
}
