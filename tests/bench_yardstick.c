/*
 * Bench: an event study in plain C of the markets that bench_generate writes, for what it is measured beside.
 *
 *   bench_yardstick FOLDER market_model|ff5 OUT.csv
 *
 * Two threads read prices.csv (the market's rows first, then a security at a time), events.csv and, for ff5, factors.csv, fit each event over
 * [-260, -11] (support/plain_fit.h) and write event,symbol,car,standard_error,t,p of the CAR over [-1, 1] with its whole prediction error, in the
 * order of the file. Prints the number of events and the sums of what it wrote. With days missing the numbers are right, but no time is saved.
 *
 * It believes what it reads: it looks for nothing but reasons why it cannot go on. No digest, no quotes, no other table. An instant is the session of
 * its date, noon in New York, and the next one on 3 July, when 17:00 UTC is 13:00 and the exchange has closed. The writer of numbers,
 * the distribution of t and the lanes of sums are the program's own; flags are those of the other benches.
 */
#include "support/plain_fit.h"

#include <aftershock/base/text.h>
#include <aftershock/stats/dist.h>

#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { N_THREADS = 2, MOST_SESSIONS = 1 << 15, MOST_FIRMS = 1 << 16, PLACES = 2 * MOST_FIRMS };
enum { DAY = 10, N_DAYS = 200 * 372, FIRST_SESSION = 1 - PLAIN_FIRST_EST };
enum { BLOCK_EVENTS = 4096, MOST_NAME = 64, ROW_BYTES = 2 * MOST_NAME + 4 * AFT_NUMBER_TEXT + 8 };

typedef struct text {
  const char *start, *end;
} text;

typedef struct firm {
  const char *name;
  size_t length;
  double *returns; /* [n_sessions] */
} firm;

typedef struct event {
  const char *id;
  int length, firm, session;
} event;

typedef struct task {
  uint32_t event;
  int32_t session;
} task;

typedef struct study {
  text prices[N_THREADS], events_text[N_THREADS];
  char (*day)[16]; /* texts of the sessions, [n_sessions] */
  int n_sessions, n_firms, session_of[N_DAYS];
  firm firms[MOST_FIRMS];
  int place[PLACES]; /* 1 + the firm there; 0: free */
  pthread_mutex_t lock;
  pthread_cond_t turned;
  plain_regressors regressors;
  plain_design *designs; /* [n_sessions] */
  event *events;
  size_t n_events, n_events_of[N_THREADS], turn;
  task *tasks; /* by security */
  plain_outcome *outcomes;
  atomic_size_t next_task, next_block;
  int out;
} study;

static void die(const char *what) {
  fprintf(stderr, "bench_yardstick: %s\n", what);
  exit(1);
}

static void *allocate(size_t n, size_t size) {
  void *memory = calloc(n > 0 ? n : 1, size);
  if (memory == NULL) die("no memory");
  return memory;
}

/* ---- two threads */

typedef struct part {
  study *s;
  void (*work)(study *s, int part);
} part;

static void *run_second(void *data) {
  const part *p = data;
  p->work(p->s, 1);
  return NULL;
}

static void both(study *s, void (*work)(study *s, int part)) {
  pthread_t second;
  part p = {s, work};
  if (pthread_create(&second, NULL, run_second, &p) != 0) die("no second thread");
  work(s, 0);
  pthread_join(second, NULL);
}

/* ---- files */

static const char *after(const char *p, char mark) {
  while (*p++ != mark) continue;
  return p;
}

/* A file without its first line. */
static text map(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  struct stat info;
  int fd = open(path, O_RDONLY);
  if (fd < 0 || fstat(fd, &info) != 0 || info.st_size == 0) die("a file cannot be read");
  const char *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (bytes == MAP_FAILED || bytes[info.st_size - 1] != '\n')
    die("a file cannot be mapped, or its last line has no end");
  close(fd);
  return (text){after(bytes, '\n'), bytes + info.st_size};
}

/* A number without sign or exponent of at most 19 digits, as exact as its digits are. */
static const char *parse_number(const char *p, double *value) {
  static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  uint64_t digits = 0;
  const char *point = NULL;
  for (; (unsigned char)(*p - '0') < 10 || *p == '.'; p++) {
    if (*p == '.')
      point = p;
    else
      digits = 10 * digits + (uint64_t)(*p - '0');
  }
  size_t decimals = point != NULL ? (size_t)(p - point - 1) : 0;
  if (decimals >= sizeof power / sizeof *power) die("more than nine decimals");
  *value = (double)digits / power[decimals];
  return p;
}

/* ---- securities */

/* Where the firm of a name is or belongs. */
static int *find_place(study *s, const char *name, size_t length) {
  uint64_t hash = 14695981039346656037U;
  for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)name[i]) * 1099511628211U;
  for (size_t i = (hash ^ hash >> 32) % PLACES;; i = (i + 1) % PLACES) {
    int *place = &s->place[i];
    if (*place == 0) return place;
    const firm *f = &s->firms[*place - 1];
    if (f->length == length && memcmp(f->name, name, length) == 0) return place;
  }
}

/* What stands before the comma. */
static size_t field_length(const char *field) { return (size_t)(after(field, ',') - 1 - field); }

static firm *add_firm(study *s, const char *name) {
  size_t length = field_length(name);
  pthread_mutex_lock(&s->lock);
  int *place = find_place(s, name, length);
  if (*place != 0 || s->n_firms == MOST_FIRMS || length > MOST_NAME)
    die("a symbol that is too long or comes again, or too many");
  firm *f = &s->firms[s->n_firms++];
  *f = (firm){.name = name, .length = length};
  *place = s->n_firms;
  pthread_mutex_unlock(&s->lock);
  f->returns = malloc((size_t)s->n_sessions * sizeof(double));
  if (f->returns == NULL) die("no memory");
  return f;
}

/* Rows of one security from p on: its closes, NaN where there is none, and then its returns. */
static const char *read_firm(study *s, const char *p, const char *end) {
  const firm *f = add_firm(s, p);
  double *close = f->returns;
  int t = 0;
  do {
    p += f->length + 1;
    while (t < s->n_sessions && memcmp(s->day[t], p, DAY) != 0) close[t++] = (double)NAN;
    if (t == s->n_sessions) die("a row of no session of the market, or out of order");
    p = after(parse_number(p + DAY + 1, &close[t++]), '\n');
  } while (p < end && p[f->length] == ',' && memcmp(p, f->name, f->length) == 0);
  while (t < s->n_sessions) close[t++] = (double)NAN;
  while (--t > 0) close[t] = close[t] / close[t - 1] - 1;
  close[0] = (double)NAN;
  return p;
}

static void read_prices(study *s, int i) {
  for (const char *p = s->prices[i].start; p < s->prices[i].end;) p = read_firm(s, p, s->prices[i].end);
}

/* Halves of a file: at the end of a line, or of the last line whose first field is the same. */
static void cut(text whole, bool by_field, text halves[N_THREADS]) {
  const char *at = after(whole.start + (whole.end - whole.start) / 2, '\n'), *name = at;
  size_t length = at < whole.end ? field_length(name) : 0;
  while (by_field && at < whole.end && memcmp(at, name, length + 1) == 0) at = after(at, '\n');
  halves[0] = (text){whole.start, at};
  halves[1] = (text){at, whole.end};
}

static int day_place(const char *d) {
  int year = (d[0] - '0') * 1000 + (d[1] - '0') * 100 + (d[2] - '0') * 10 + d[3] - '0';
  int place = (year - 1900) * 372 + ((d[5] - '0') * 10 + d[6] - '0') * 31 + (d[8] - '0') * 10 + d[9] - '0' - 32;
  if (place < 0 || place >= N_DAYS) die("a date out of range");
  return place;
}

/* Sessions are the days of the first security, the market. */
static void read_sessions(study *s, text prices) {
  size_t length = field_length(prices.start) + 1;
  s->day = allocate(MOST_SESSIONS, sizeof *s->day);
  for (const char *p = prices.start; p < prices.end && memcmp(p, prices.start, length) == 0; p = after(p, '\n')) {
    if (s->n_sessions == MOST_SESSIONS) die("too many sessions");
    memcpy(s->day[s->n_sessions++], p + length, DAY);
  }
  for (int i = N_DAYS - 1, t = s->n_sessions; i >= 0; i--) {
    if (t > 0 && day_place(s->day[t - 1]) == i) t--;
    s->session_of[i] = t;
  }
}

/* ---- regressors */

static void read_factors(study *s, const char *folder) {
  text file = map(folder, "factors.csv");
  const char *p = file.start;
  for (int k = 1; k < s->regressors.n_terms; k++) s->regressors.x[k] = allocate((size_t)s->n_sessions, sizeof(double));
  for (int t = 0; t < s->n_sessions; t++, p = after(p, '\n')) {
    if (p >= file.end || memcmp(p, s->day[t], DAY) != 0) die("factors of other days than the market's");
    p += DAY;
    for (int k = 1; k <= 7; k++) { /* mkt_rf,smb,hml,rmw,cma,mom,rf */
      double value, sign = p[1] == '-' ? -1 : 1;
      p = parse_number(p + 1 + (sign < 0), &value);
      if (k < s->regressors.n_terms) s->regressors.x[k][t] = sign * value;
      if (k == 7) s->regressors.rf[t] = value;
    }
  }
}

/* ---- fits */

/* Every second session. */
static void make_designs(study *s, int i) {
  for (int t = FIRST_SESSION + i; t < s->n_sessions - PLAIN_LAST_CAR; t += N_THREADS)
    s->designs[t] = plain_design_make(&s->regressors, t, NULL);
}

static void fit(study *s, int i) {
  (void)i;
  for (size_t at; (at = atomic_fetch_add(&s->next_task, BLOCK_EVENTS)) < s->n_events;) {
    for (size_t j = at; j < s->n_events && j < at + BLOCK_EVENTS; j++) {
      const task *k = &s->tasks[j];
      const double *y = s->firms[s->events[k->event].firm].returns;
      s->outcomes[k->event] = plain_fit(&s->regressors, &s->designs[k->session], y, k->session);
    }
  }
}

/* ---- events */

static void count_events(study *s, int i) {
  for (const char *p = s->events_text[i].start; p < s->events_text[i].end; s->n_events_of[i]++)
    p = (const char *)memchr(p, '\n', (size_t)(s->events_text[i].end - p)) + 1;
}

static void read_events(study *s, int i) {
  event *e = s->events + (i == 0 ? 0 : s->n_events_of[0]);
  for (const char *p = s->events_text[i].start; p < s->events_text[i].end; p = after(p, '\n'), e++) {
    const char *symbol = after(p, ','), *date = after(symbol, ',');
    int place = *find_place(s, symbol, field_length(symbol));
    *e = (event){p, (int)(symbol - p), place - 1, s->session_of[day_place(date)] + (memcmp(date + 5, "07-03", 5) == 0)};
    if (place == 0 || e->length > MOST_NAME || e->session < FIRST_SESSION ||
        e->session >= s->n_sessions - PLAIN_LAST_CAR)
      die("an event of no security, or without its sessions");
    p = date;
  }
}

static void sort_by_firm(study *s) {
  size_t *next = allocate((size_t)s->n_firms + 1, sizeof *next);
  for (size_t i = 0; i < s->n_events; i++) next[s->events[i].firm + 1]++;
  for (int f = 0; f < s->n_firms; f++) next[f + 1] += next[f];
  for (size_t i = 0; i < s->n_events; i++)
    s->tasks[next[s->events[i].firm]++] = (task){(uint32_t)i, s->events[i].session};
  free(next);
}

/* ---- writing */

static char *write_row(const study *s, size_t i, char *p) {
  const event *e = &s->events[i];
  const plain_outcome *o = &s->outcomes[i];
  double t = o->car / o->se;
  const double number[] = {o->car, isnan(t) ? t : o->se, t, aft_t_p_value(t, o->df)};
  memcpy(p, e->id, (size_t)e->length);
  p += e->length;
  memcpy(p, s->firms[e->firm].name, s->firms[e->firm].length);
  p += s->firms[e->firm].length;
  for (int k = 0; k < 4; k++) {
    *p++ = ',';
    p += aft_number_write(number[k], p);
  }
  *p++ = '\n';
  return p;
}

/* Each block waits for its turn. */
static void write_blocks(study *s, int i) {
  char *buffer = allocate(BLOCK_EVENTS, ROW_BYTES);
  (void)i;
  for (size_t block; (block = atomic_fetch_add(&s->next_block, 1)) * BLOCK_EVENTS < s->n_events;) {
    char *p = buffer;
    for (size_t j = block * BLOCK_EVENTS; j < s->n_events && j < (block + 1) * BLOCK_EVENTS; j++)
      p = write_row(s, j, p);
    pthread_mutex_lock(&s->lock);
    while (s->turn != block) pthread_cond_wait(&s->turned, &s->lock);
    if (write(s->out, buffer, (size_t)(p - buffer)) != p - buffer) die("the file cannot be written");
    s->turn++;
    pthread_cond_broadcast(&s->turned);
    pthread_mutex_unlock(&s->lock);
  }
  free(buffer);
}

int main(int argc, char **argv) {
  static study s = {.lock = PTHREAD_MUTEX_INITIALIZER, .turned = PTHREAD_COND_INITIALIZER};
  static const char header[] = "event,symbol,car,standard_error,t,p\n";
  if (argc != 4 || (strcmp(argv[2], "market_model") != 0 && strcmp(argv[2], "ff5") != 0))
    die("usage: bench_yardstick FOLDER market_model|ff5 OUT.csv");
  text prices = map(argv[1], "prices.csv");
  s.regressors.n_terms = strcmp(argv[2], "ff5") == 0 ? PLAIN_MOST_TERMS : 2;
  read_sessions(&s, prices);
  cut(prices, true, s.prices);
  both(&s, read_prices);
  s.regressors.x[0] = allocate((size_t)s.n_sessions, sizeof(double));
  s.regressors.rf = allocate((size_t)s.n_sessions, sizeof(double));
  s.designs = allocate((size_t)s.n_sessions, sizeof *s.designs);
  for (int t = 0; t < s.n_sessions; t++) s.regressors.x[0][t] = 1;
  if (s.regressors.n_terms == 2)
    s.regressors.x[1] = s.firms[*find_place(&s, prices.start, field_length(prices.start)) - 1].returns;
  else
    read_factors(&s, argv[1]);
  both(&s, make_designs);
  cut(map(argv[1], "events.csv"), false, s.events_text);
  both(&s, count_events);
  s.n_events = s.n_events_of[0] + s.n_events_of[1];
  s.events = allocate(s.n_events, sizeof *s.events);
  s.tasks = allocate(s.n_events, sizeof *s.tasks);
  s.outcomes = allocate(s.n_events, sizeof *s.outcomes);
  both(&s, read_events);
  sort_by_firm(&s);
  both(&s, fit);
  s.out = open(argv[3], O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (s.out < 0 || write(s.out, header, sizeof header - 1) != (ssize_t)sizeof header - 1)
    die("the file cannot be written");
  both(&s, write_blocks);
  if (close(s.out) != 0) die("the file cannot be written");
  double car = 0, se = 0;
  for (size_t i = 0; i < s.n_events; i++)
    if (!isnan(s.outcomes[i].car)) car += s.outcomes[i].car, se += s.outcomes[i].se;
  printf("%zu events, sums %.12g of CARs, %.12g of standard errors\n", s.n_events, car, se);
  return 0;
}
