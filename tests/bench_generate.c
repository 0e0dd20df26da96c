/*
 * Bench: a made-up market, the same bytes on every machine.
 *
 *   bench_generate FOLDER FIRMS SESSIONS EVENTS MISSING [ARTICLES]
 *
 * Writes prices.csv (symbol,date,close,volume; MKT first, then the firms, MISSING percent of whose rows are left out), factors.csv (six
 * columns and rf), events.csv (EVENTS stories of one firm each) and study.json (market model) and ff5.json into an existing folder;
 * with ARTICLES also news.ndjson, so many articles about one to three firms each, and scan.json.
 * Returns follow a one-factor model with betas 0.5 to 1.5 and normal errors, on sessions of XNYS from 2010 on.
 */
#include <aftershock/base/text.h>
#include <aftershock/market/calendar.h>
#include <aftershock/stats/random.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { FIRST_EST = -260, LAST_EST = -11, FIRST_REL = -10, LAST_REL = 10, SEED = 20100104 };

static FILE *create(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    fprintf(stderr, "bench_generate: %s cannot be written\n", path);
    exit(1);
  }
  return file;
}

static void finish(FILE *file) {
  if (ferror(file) || fclose(file) != 0) {
    fprintf(stderr, "bench_generate: the disk is full\n");
    exit(1);
  }
}

/* Days of n sessions as texts, [n][AFT_DAY_TEXT]. */
static char *list_days(long n) {
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  if (calendar == NULL) {
    fprintf(stderr, "bench_generate: %s\n", error->message);
    exit(1);
  }
  long first = aft_calendar_find_next(calendar, 14613); /* 2010-01-04 */
  char *days = g_malloc((size_t)n * AFT_DAY_TEXT);
  for (long t = 0; t < n; t++)
    aft_day_print(aft_calendar_get_session(calendar, (size_t)(first + t))->day, days + t * AFT_DAY_TEXT);
  return days;
}

static void write_prices(const char *folder, const char *days, long n_firms, long n_sessions, int missing) {
  uint64_t key = aft_random_key(SEED, AFT_STREAM_SIMULATION), index = 0;
  g_autofree double *market = g_new(double, n_sessions);
  FILE *file = create(folder, "prices.csv");
  fprintf(file, "symbol,date,close,volume\n");
  for (long t = 0; t < n_sessions; t++) market[t] = 0.0004 + 0.011 * aft_random_normal(key, index++);
  for (long i = 0; i <= n_firms; i++) {
    double beta = i == 0 ? 1 : 0.5 + (double)(i % 101) / 100, sd = i == 0 ? 0 : 0.01 + 0.0002 * (double)(i % 53);
    double price = 20 + (double)(i % 97);
    char symbol[16] = "MKT";
    if (i > 0) g_snprintf(symbol, sizeof symbol, "S%04ld", i);
    for (long t = 0; t < n_sessions; t++) {
      price *= 1 + beta * market[t] + (i == 0 ? 0 : sd * aft_random_normal(key, index++));
      price = CLAMP(price, 1, 9999);
      uint64_t draw = aft_random_below(key, index++, 100000);
      if (i > 0 && (int)(draw % 100) < missing) continue;
      fprintf(file, "%s,%s,%.2f,%lu\n", symbol, days + t * AFT_DAY_TEXT, price, (unsigned long)(500000 + draw * 37));
    }
  }
  finish(file);
}

static void write_factors(const char *folder, const char *days, long n_sessions) {
  uint64_t key = aft_random_key(SEED, AFT_STREAM_WILD), index = 0;
  FILE *file = create(folder, "factors.csv");
  fprintf(file, "date,mkt_rf,smb,hml,rmw,cma,mom,rf\n");
  for (long t = 0; t < n_sessions; t++) {
    fprintf(file, "%s", days + t * AFT_DAY_TEXT);
    for (int k = 0; k < 6; k++) fprintf(file, ",%.6f", (k == 0 ? 0.011 : 0.005) * aft_random_normal(key, index++));
    fprintf(file, ",0.0001\n");
  }
  finish(file);
}

/* Stories at noon in New York, of different (firm, session) pairs: each firm's events take every step-th of its possible sessions. */
static void write_events(const char *folder, const char *days, long n_firms, long n_sessions, long n_events) {
  long first = 1 - FIRST_EST, room = n_sessions - LAST_REL - first;
  long each = (n_events + n_firms - 1) / n_firms;
  if (room < each) {
    fprintf(stderr, "bench_generate: %ld sessions have no room for %ld events of a firm\n", n_sessions, each);
    exit(1);
  }
  FILE *file = create(folder, "events.csv");
  fprintf(file, "event,symbol,published\n");
  for (long e = 0; e < n_events; e++) {
    long firm = 1 + e % n_firms, k = e / n_firms;
    long t = first + (firm * 7 + k * (room / each)) % room;
    fprintf(file, "e%ld,S%04ld,%sT17:00:00Z\n", e, firm, days + t * AFT_DAY_TEXT);
  }
  finish(file);
}

static void write_study(const char *folder, const char *name, const char *model) {
  FILE *file = create(folder, name);
  fprintf(file,
          "{ \"title\": \"%s\", \"calendar\": \"XNYS\", \"prices\": [\"prices.csv\"], \"market\": \"MKT\",\n"
          "  \"factors\": \"factors.csv\", \"events\": \"events.csv\", \"models\": [\"%s\"],\n"
          "  \"estimation\": {\"first\": %d, \"last\": %d}, \"event_window\": {\"first\": %d, \"last\": %d},\n"
          "  \"windows\": [[-1, 1]], \"tests\": [\"csect_t\", \"mackinlay_j1\", \"patell\", \"bmp\"] }\n",
          name, model, FIRST_EST, LAST_EST, FIRST_REL, LAST_REL);
  finish(file);
}

/* Articles at every hour of every day, of a title like a headline's; one of ten names its firm, most carry a tone. */
static void write_news(const char *folder, const char *days, long n_firms, long n_sessions, long n_articles) {
  static const char *const verbs[] = {"raises", "cuts", "confirms", "denies", "reviews", "discloses", "delays", "wins"};
  static const char *const things[] = {"its forecast",       "a supply contract", "its dividend",
                                       "talks with a rival", "a patent dispute",  "plans for a plant",
                                       "its credit rating",  "a product recall"};
  uint64_t key = aft_random_key(SEED, AFT_STREAM_BLOCK), index = 0;
  FILE *file = create(folder, "news.ndjson");
  for (long a = 0; a < n_articles; a++) {
    uint64_t draw = aft_random_bits(key, index++);
    long firm = 1 + (long)(draw % (uint64_t)n_firms), n = draw >> 20 & 3;
    const char *day = days + (a * n_sessions / n_articles) * AFT_DAY_TEXT;
    fprintf(file, "{\"id\": \"a%ld\", \"published\": \"%sT%02d:%02d:00Z\", \"symbols\": [\"S%04ld\"", a, day,
            (int)(draw >> 24 & 15) + 4, (int)(draw >> 28 & 31), firm);
    for (long k = 1; k < n; k++) fprintf(file, ", \"S%04ld\"", 1 + (firm + 37 * k) % n_firms);
    fprintf(file, (draw >> 33) % 10 == 0 ? "], \"title\": \"S%04ld %s %s\"" : "], \"title\": \"Firm %ld %s %s\"", firm,
            verbs[draw >> 40 & 7], things[draw >> 43 & 7]);
    if ((draw >> 46 & 3) != 0) fprintf(file, ", \"tone\": %.2f", (double)(draw >> 48 & 127) / 64 - 1);
    fprintf(file, "}\n");
  }
  finish(file);
  file = create(folder, "scan.json");
  fprintf(file, "{ \"title\": \"scan\", \"calendar\": \"XNYS\", \"prices\": [\"prices.csv\"], \"market\": \"MKT\",\n"
                "  \"news\": [\"news.ndjson\"] }\n");
  finish(file);
}

int main(int argc, char **argv) {
  if (argc != 6 && argc != 7) {
    fprintf(stderr, "usage: bench_generate FOLDER FIRMS SESSIONS EVENTS MISSING [ARTICLES]\n");
    return 2;
  }
  const char *folder = argv[1];
  long n_firms = strtol(argv[2], NULL, 10), n_sessions = strtol(argv[3], NULL, 10),
       n_events = strtol(argv[4], NULL, 10);
  g_autofree char *days = list_days(n_sessions);
  write_prices(folder, days, n_firms, n_sessions, (int)strtol(argv[5], NULL, 10));
  write_factors(folder, days, n_sessions);
  write_events(folder, days, n_firms, n_sessions, n_events);
  write_study(folder, "study.json", "market_model");
  write_study(folder, "ff5.json", "ff5");
  if (argc == 7) write_news(folder, days, n_firms, n_sessions, strtol(argv[6], NULL, 10));
  return 0;
}
