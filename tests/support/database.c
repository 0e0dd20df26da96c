/* A PostgreSQL server on this machine. */
#include "database.h"
#include "support.h"

#include <aftershock/base/process.h>
#include <aftershock/base/text.h>

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { PATIENCE_MS = 60000 };

static const char owner[] = "keeper", owner_password[] = "own3r";

/* ---- finding and starting it */

/* The folder of its programs, which Debian keeps off the PATH; the newest version counts. Owned; NULL: not installed. */
static char *find_programs(void) {
  g_autofree char *postgres = g_find_program_in_path("postgres"), *initdb = g_find_program_in_path("initdb");
  static const char parent[] = "/usr/lib/postgresql";
  char *best = NULL;
  long newest = 0;
  if (postgres != NULL && initdb != NULL) return g_path_get_dirname(postgres);
  GDir *folder = g_dir_open(parent, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
    g_autofree char *program = g_build_filename(parent, name, "bin", "initdb", NULL);
    long version = strtol(name, NULL, 10);
    if (version <= newest || !g_file_test(program, G_FILE_TEST_IS_EXECUTABLE)) continue;
    newest = version;
    g_free(best);
    best = g_path_get_dirname(program);
  }
  if (folder != NULL) g_dir_close(folder);
  return best;
}

/* PostgreSQL does not run as root. */
static const struct passwd *find_user(void) {
  const struct passwd *user = getpwnam("postgres");
  return user != NULL ? user : getpwnam("nobody");
}

static void become(const char *log) {
  const struct passwd *user = geteuid() == 0 ? find_user() : NULL;
  int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0 || dup2(fd, STDERR_FILENO) < 0) _exit(9);
  if (user != NULL && (setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(9);
}

static void run_as_user(const char *const *argv, const char *log) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    become(log);
    execv(argv[0], aft_text_copy_list(argv));
    _exit(9);
  }
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  if (status != 0) g_error("%s failed; see %s", argv[0], log);
}

static int find_port(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint(bind(fd, (struct sockaddr *)&address, size), ==, 0);
  g_assert_cmpint(getsockname(fd, (struct sockaddr *)&address, &size), ==, 0);
  close(fd);
  return ntohs(address.sin_port);
}

/* The server as the child of a keeper, who ends it when the test's end of the leash is closed. */
static void start_server(database *db, const char *const *argv, const char *log) {
  int ends[2];
  g_assert_cmpint(pipe(ends), ==, 0);
  g_assert_cmpint(fcntl(ends[1], F_SETFD, FD_CLOEXEC), ==, 0);
  db->keeper = fork();
  if (db->keeper == 0) {
    char byte;
    close(ends[1]);
    pid_t server = fork();
    if (server == 0) {
      close(ends[0]);
      become(log);
      execv(argv[0], aft_text_copy_list(argv));
      _exit(9);
    }
    signal(SIGINT, SIG_IGN);
    while (read(ends[0], &byte, 1) < 0 && errno == EINTR) continue;
    kill(server, SIGQUIT);
    waitpid(server, NULL, 0);
    _exit(0);
  }
  close(ends[0]);
  db->leash = ends[1];
}

/* A certificate of its own, where the program for that is there. */
static bool make_certificate(const char *dir, const char *log) {
  g_autofree char *openssl = g_find_program_in_path("openssl");
  g_autofree char *key = g_build_filename(dir, "server.key", NULL), *cert = g_build_filename(dir, "server.crt", NULL);
  if (openssl == NULL) return false;
  const char *argv[] = {
      openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes",           "-keyout", key,
      "-out",  cert,  "-days", "2",       "-subj",    "/CN=wrds.example", "-addext", "subjectAltName=DNS:wrds.example",
      NULL};
  run_as_user(argv, log);
  return true;
}

static char *try_run(const database *db, const char *base, const char *sql, GError **error) {
  g_autofree char *port = g_strdup_printf("%d", db->port), *secret = g_strdup_printf("PGPASSWORD=%s", owner_password);
  const char *argv[] = {"psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", port, "-U",
                        owner,  "-d", base, "-c", sql,  NULL};
  const char *environment[] = {secret, "PGSSLMODE=disable", NULL};
  char *output = NULL;
  if (!aft_process_run(argv, db->dir, environment, PATIENCE_MS, &output, error)) return NULL;
  return g_strchomp(output);
}

char *database_run(const database *db, const char *sql) {
  GError *error = NULL;
  char *output = try_run(db, "wrds", sql, &error);
  g_assert_no_error(error);
  return output;
}

void database_set_tls(const database *db, bool on) {
  const char *state = on ? "on" : "off";
  g_autofree char *set = g_strconcat("ALTER SYSTEM SET ssl = ", state, NULL);
  g_free(database_run(db, set));
  g_free(database_run(db, "SELECT pg_reload_conf()"));
  for (bool done = false; !done;) {
    g_autofree char *now = database_run(db, "SHOW ssl");
    done = strcmp(now, state) == 0;
  }
}

static void run_quietly(const database *db, const char *sql) {
  g_autofree char *output = database_run(db, sql);
  g_assert_cmpstr(output, ==, "");
}

/*
 * 10001 trades all week, with a day without a return; 10002 was renamed and delisted; 10003 has the old ticker of 10002, later; 10004
 * has all codes; 10005 has 3000 days, for wires that are cut.
 */
static const char tables[] =
    "CREATE SCHEMA crsp; CREATE SCHEMA closed; CREATE SCHEMA odd; CREATE TABLE closed.dsf_v2 (permno int);"
    "CREATE TABLE crsp.stksecurityinfohist (permno int, secinfostartdt date, secinfoenddt date, ticker text,"
    " sharetype text, securitytype text, securitysubtype text, usincflg text, issuertype text, primaryexch text,"
    " conditionaltype text, tradingstatusflg text);"
    "INSERT INTO crsp.stksecurityinfohist SELECT permno, first::date, last::date, ticker, 'NS', 'EQTY', sub, 'Y',"
    " 'CORP', exchange, 'RW', 'A' FROM (VALUES (10001, '2010-01-04', '2024-12-31', 'AAA', 'COM', 'N'),"
    " (10002, '2015-01-02', '2023-06-30', 'BBB', 'COM', 'Q'), (10002, '2023-07-03', '2024-01-05', 'BBX', 'COM', 'Q'),"
    " (10003, '2023-09-01', '2024-12-31', 'BBB', 'ETF', 'P'), (10004, '2020-01-02', '2024-12-31', 'DDD', 'COM', 'A'),"
    " (10005, '2010-01-04', '2024-12-31', 'EEE', 'ADR', 'N')) AS v (permno, first, last, ticker, sub, exchange);"
    "CREATE TABLE crsp.dsf_v2 (permno int, dlycaldt date, dlyret numeric, dlyretmissflg text, dlyprc numeric);"
    "INSERT INTO crsp.dsf_v2 VALUES (10001, '2024-01-03', -0.0125, NULL, 10), (10001, '2024-01-02', 0.037037, NULL, 10),"
    " (10001, '2024-01-04', NULL, 'MP', NULL), (10001, '2024-01-05', 1e-5, NULL, 10), (10001, '2023-12-29', 0.5, NULL, 9),"
    " (10002, '2024-01-04', 0.01, NULL, 2), (10002, '2024-01-05', -1, NULL, 0), (10003, '2024-01-02', 0.25, NULL, 50),"
    " (10004, '2024-01-02', 'NaN', 'NT', 3);"
    "INSERT INTO crsp.dsf_v2 SELECT 10005, date '2010-01-04' + i, i / 100000.0, NULL, 10 FROM generate_series(0, 2999) i;"
    "CREATE TABLE crsp.dsenames (permno float8, namedt date, nameendt date, ticker text, shrcd int, exchcd int);"
    "INSERT INTO crsp.dsenames VALUES (10001, '2010-01-04', '2024-12-31', 'AAA', 11, 1),"
    " (10002, '2015-01-02', '2024-01-05', 'BBX', 10, 3), (10003, '2023-09-01', '2024-12-31', 'BBB', 73, 4),"
    " (10004, '2020-01-02', '2024-12-31', 'DDD', 11, 2);"
    "CREATE TABLE crsp.dsf (permno float8, date date, ret float8, prc float8);"
    "INSERT INTO crsp.dsf VALUES (10001, '2024-01-02', 0.037037, -10.125), (10001, '2024-01-03', -0.0125, 10.5),"
    " (10002, '2024-01-04', 0.01, 2), (10002, '2024-01-05', 0.1, 1), (10003, '2024-01-04', 0.25, 50),"
    " (10004, '2024-01-02', -66, 3), (10004, '2024-01-03', NULL, 0), (10004, '2024-01-04', -1, 0),"
    " (10004, '2024-01-05', 'NaN', 4), (10004, '2024-01-08', -0.5, 4);"
    "CREATE TABLE crsp.dsedelist (permno int, dlstdt date, dlret float8, dlstcd int);"
    "INSERT INTO crsp.dsedelist VALUES (10001, '2024-01-03', 0.9, 100), (10002, '2024-01-05', -0.6, 574),"
    " (10003, '2024-01-05', -0.3, 231), (10004, '2024-01-08', -55, 580);"
    "CREATE TABLE crsp.dsi (date date, vwretd float8, vwretx float8, ewretd float8, ewretx float8, sprtrn float8);"
    "INSERT INTO crsp.dsi VALUES ('2024-01-02', -0.0061, 1, 2, 3, -0.0057), ('2024-01-03', -0.0093, 1, 2, 3, -0.008);"
    "CREATE VIEW odd.dsf_v2 AS SELECT permno, dlycaldt AS day FROM crsp.dsf_v2;"
    "CREATE SCHEMA slow; CREATE VIEW slow.dsf_v2 AS SELECT d.*, pg_sleep(60) IS NULL AS late FROM crsp.dsf_v2 d;"
    "CREATE SCHEMA dying; CREATE FUNCTION dying.end() RETURNS numeric LANGUAGE sql SECURITY DEFINER AS"
    " 'SELECT pg_terminate_backend(pg_backend_pid())::int';"
    "CREATE VIEW dying.dsf_v2 AS SELECT permno, dlycaldt, CASE WHEN dlycaldt > '2024-01-03' THEN dying.end() ELSE dlyret"
    " END AS dlyret FROM crsp.dsf_v2;"
    "CREATE ROLE " DATABASE_USER " LOGIN PASSWORD '" DATABASE_PASSWORD "';"
    "GRANT USAGE ON SCHEMA crsp, odd, slow, dying TO " DATABASE_USER ";"
    "GRANT SELECT ON ALL TABLES IN SCHEMA crsp, odd, slow, dying, closed TO " DATABASE_USER ";";

database *database_new(const char **reason) {
  g_autofree char *programs = find_programs(), *psql = g_find_program_in_path("psql");
  *reason = programs == NULL || psql == NULL ? "no PostgreSQL server is installed" : NULL;
  if (*reason != NULL) return NULL;
  database *db = g_new0(database, 1);
  db->dir = support_temp_dir();
  db->port = find_port();
  db->url = g_strdup_printf("postgresql://127.0.0.1:%d/wrds", db->port);
  const struct passwd *user = geteuid() == 0 ? find_user() : NULL;
  if (user != NULL) g_assert_cmpint(chown(db->dir, user->pw_uid, user->pw_gid), ==, 0);
  g_autofree char *initdb = g_build_filename(programs, "initdb", NULL),
                  *server = g_build_filename(programs, "postgres", NULL);
  g_autofree char *data = g_build_filename(db->dir, "data", NULL), *log = g_build_filename(db->dir, "log", NULL);
  g_autofree char *secret = support_write(db->dir, "password", owner_password),
                  *port = g_strdup_printf("port=%d", db->port);
  const char *make[] = {initdb,          "-D", data,   "-U",         owner,       "--pwfile", secret, "-A",
                        "scram-sha-256", "-E", "UTF8", "--locale=C", "--no-sync", NULL};
  run_as_user(make, log);
  db->has_tls = make_certificate(data, log);
  const char *start[] = {server,
                         "-D",
                         data,
                         "-c",
                         port,
                         "-c",
                         "listen_addresses=127.0.0.1",
                         "-c",
                         "unix_socket_directories=",
                         "-c",
                         "fsync=off",
                         "-c",
                         "shared_buffers=4MB",
                         "-c",
                         "max_connections=20",
                         NULL};
  start_server(db, start, log);
  g_autofree char *made = NULL;
  for (gint64 end = g_get_monotonic_time() + PATIENCE_MS * (gint64)1000;
       made == NULL && g_get_monotonic_time() < end;) {
    g_usleep(20000);
    made = try_run(db, "postgres", "CREATE DATABASE wrds", NULL);
  }
  if (made == NULL) g_error("the PostgreSQL server does not start; see %s", log);
  run_quietly(db, tables);
  if (db->has_tls) database_set_tls(db, true);
  return db;
}

void database_free(database *db) {
  if (db == NULL) return;
  close(db->leash);
  waitpid(db->keeper, NULL, 0);
  support_remove(db->dir);
  g_free(db->url);
  g_free(db);
}

/* ---- wires */

struct wire {
  int listener, port, server_port;
  size_t n_bytes, n_passed;
  bool dead;
  pthread_t thread;
};

static int connect_to(int port) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint(connect(fd, (const struct sockaddr *)&address, sizeof address), ==, 0);
  return fd;
}

/* Passes bytes on until one side ends or the limit is reached, then cuts, or keeps both open in silence until the client leaves. */
static void carry(wire *w, int client, int server) {
  char block[4096];
  bool open = true;
  while (open) {
    bool spent = w->n_passed >= w->n_bytes;
    struct pollfd ends[2] = {{.fd = client, .events = POLLIN}, {.fd = spent ? -1 : server, .events = POLLIN}};
    if (spent && !w->dead) break;
    if (poll(ends, 2, -1) < 0) continue;
    if (ends[0].revents != 0) {
      ssize_t got = read(client, block, sizeof block);
      open = got > 0 && write(server, block, (size_t)got) == got;
    }
    if (open && ends[1].revents != 0) {
      ssize_t got = read(server, block, MIN(sizeof block, w->n_bytes - w->n_passed));
      open = got > 0 && write(client, block, (size_t)got) == got;
      if (got > 0) w->n_passed += (size_t)got;
    }
  }
}

static void *serve(void *data) {
  wire *w = data;
  int client;
  signal(SIGPIPE, SIG_IGN);
  while ((client = accept(w->listener, NULL, NULL)) >= 0) {
    int server = connect_to(w->server_port);
    carry(w, client, server);
    close(client);
    close(server);
  }
  return NULL;
}

wire *wire_new(const database *db, size_t n_bytes, bool dead) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  wire *w = g_new0(wire, 1);
  *w = (wire){.listener = socket(AF_INET, SOCK_STREAM, 0), .server_port = db->port, .n_bytes = n_bytes, .dead = dead};
  g_assert_cmpint(bind(w->listener, (struct sockaddr *)&address, size), ==, 0);
  g_assert_cmpint(getsockname(w->listener, (struct sockaddr *)&address, &size), ==, 0);
  g_assert_cmpint(listen(w->listener, 4), ==, 0);
  w->port = ntohs(address.sin_port);
  g_assert_cmpint(pthread_create(&w->thread, NULL, serve, w), ==, 0);
  return w;
}

int wire_port(const wire *w) { return w->port; }

size_t wire_free(wire *w) {
  shutdown(w->listener, SHUT_RDWR);
  pthread_join(w->thread, NULL);
  close(w->listener);
  size_t n = w->n_passed;
  g_free(w);
  return n;
}
