/* The price of the focus security around the event, the benchmark rebased, and articles below at their sessions. */
#include "report/chart.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { LEAD = 20, RIGHT_ROOM = 190, STRIP_TOP = 345, ABOVE_STRIP = 400, MAX_DOT = 22, MAX_STORIES = 12 };

struct bar {
  double open, high, low, close, market; /* market: its close, later rebased */
};

/* A dated article inside the chart. */
struct mark {
  int rel, story;
  const char *title, *source; /* borrowed */
};

/* What is drawn, sessions first .. last of the series. */
struct price {
  const chart_source *source;
  int first, last;
  struct bar *bars; /* [last - first + 1], owned */
  bool has_range;   /* open, high and low are known somewhere */
  aft_table articles;
  GArray *marks;      /* of struct mark, in order of publication */
  GPtrArray *stories; /* names, the focus event first */
  int n_left_out;     /* articles without a usable time */
  double bottom;      /* of the prices, in pixels: above the strip, or down to the axis when no article is in it */
  chart_frame frame;
};

static void clear(struct price *price) {
  g_free(price->bars);
  aft_table_clear(&price->articles);
  g_clear_pointer(&price->marks, g_array_unref);
  g_clear_pointer(&price->stories, g_ptr_array_unref);
}

static void read_bars(struct price *price) {
  const aft_table *series = &price->source->series;
  int rel = aft_table_find(series, "rel_day"), role = aft_table_find(series, "role"),
      open = aft_table_find(series, "open"), high = aft_table_find(series, "high"), low = aft_table_find(series, "low"),
      close = aft_table_find(series, "close");
  int n = price->last - price->first + 1;
  price->bars = g_new(struct bar, (gsize)n);
  for (int i = 0; i < n; i++)
    price->bars[i] = (struct bar){(double)NAN, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
  for (size_t row = 0; row < series->n_rows; row++) {
    double day = aft_table_number(series, row, rel);
    if (!(day >= price->first && day <= price->last)) continue;
    struct bar *bar = &price->bars[(int)day - price->first];
    if (strcmp(aft_table_text(series, row, role), "market") == 0) {
      bar->market = aft_table_number(series, row, close);
      continue;
    }
    bar->open = aft_table_number(series, row, open);
    bar->high = aft_table_number(series, row, high);
    bar->low = aft_table_number(series, row, low);
    bar->close = aft_table_number(series, row, close);
    if (!isnan(bar->open) && !isnan(bar->high) && !isnan(bar->low)) price->has_range = true;
  }
}

/* The benchmark is scaled to the focus security's last known close before the event. */
static void rebase_market(struct price *price) {
  double scale = (double)NAN;
  for (int rel = price->first; rel < 0 && rel <= price->last; rel++) {
    const struct bar *bar = &price->bars[rel - price->first];
    if (bar->close > 0 && bar->market > 0) scale = bar->close / bar->market;
  }
  for (int rel = price->first; rel <= price->last; rel++) price->bars[rel - price->first].market *= scale;
}

static bool read_articles(struct price *price, GError **error) {
  price->marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
  price->stories = g_ptr_array_new_with_free_func(g_free);
  chart_names_index(price->stories, price->source->event);
  aft_table *articles = &price->articles;
  if (!aft_table_read(articles, price->source->folder, "articles.csv", error)) return false;
  int session = aft_table_find(articles, "session"), status = aft_table_find(articles, "status"),
      event = aft_table_find(articles, "event"), title = aft_table_find(articles, "title"),
      source = aft_table_find(articles, "source");
  for (size_t row = 0; row < articles->n_rows; row++) {
    struct mark mark = {.title = aft_table_text(articles, row, title), .source = aft_table_text(articles, row, source)};
    if (strcmp(aft_table_text(articles, row, status), "used") != 0) {
      price->n_left_out++;
      continue;
    }
    if (!chart_source_find(price->source, aft_table_text(articles, row, session), &mark.rel) ||
        mark.rel < price->first || mark.rel > price->last)
      continue;
    const char *story = aft_table_text(articles, row, event);
    mark.story = story[0] != '\0' ? chart_names_index(price->stories, story) : CHART_GREY;
    g_array_append_val(price->marks, mark);
  }
  return true;
}

static bool set_frame(struct price *price, GError **error) {
  double low = DBL_MAX, high = -DBL_MAX;
  for (int i = 0; i <= price->last - price->first; i++) {
    const struct bar *bar = &price->bars[i];
    const double values[] = {bar->open, bar->high, bar->low, bar->close, bar->market};
    for (size_t k = 0; k < G_N_ELEMENTS(values); k++) { /* fmin and fmax pass over NaN */
      low = fmin(low, values[k]);
      high = fmax(high, values[k]);
    }
  }
  if (low > high) return chart_fail(error, "series.csv has no prices around the event of %s", price->source->symbol);
  chart_frame *frame = &price->frame;
  chart_frame_init(frame, RIGHT_ROOM);
  chart_frame_sessions(frame, price->first, price->last);
  chart_open_range(&low, &high, 0.01 * fabs(high));
  double margin = 0.03 * (high - low), first, last;
  chart_range(low - margin, high + margin, 7, &first, &last, &frame->y_step);
  frame->y_min = low - 2 * margin;
  frame->y_max = high + 2 * margin;
  price->bottom = price->marks->len > 0 ? ABOVE_STRIP : frame->bottom;
  return true;
}

/* Vertical pixels of a price in the main panel. */
static double price_y(const struct price *price, double value) {
  chart_frame panel = price->frame;
  panel.bottom = price->bottom;
  return chart_frame_y(&panel, value);
}

static void label_lines(const struct price *price, chart_labels *labels) {
  const struct bar *end = &price->bars[price->last - price->first];
  double y[] = {price_y(price, end->close), price_y(price, end->market)};
  if (!isnan(y[0]) && !isnan(y[1])) chart_spread(y, 2, CHART_LINE);
  g_autofree char *market = chart_text_cut(price->source->market, 11);
  g_autofree char *symbol = chart_text_cut(price->source->symbol, 11);
  double x = price->frame.right + 12;
  if (!isnan(y[0])) chart_labels_add(labels, x, y[0], CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, CHART_INK, symbol);
  if (!isnan(y[1])) chart_labels_add(labels, x, y[1], CHART_ALIGN_LEFT, CHART_WEIGHT_PLAIN, CHART_GREY, market);
}

/* The return beside the event's bar, where nothing else is drawn. */
static void label_event(const struct price *price, chart_labels *labels) {
  const chart_frame *frame = &price->frame;
  if (price->first > 0 || price->last < 0) return;
  const struct bar *event = &price->bars[-price->first];
  double top = fmax(event->close, isnan(event->high) ? event->close : event->high);
  double bottom = fmin(event->close, isnan(event->low) ? event->close : event->low);
  double x = chart_frame_x(frame, 0), half = (chart_frame_x(frame, 1) - x) / 2 + 6;
  char percent[CHART_NUMBER];
  g_autofree char *day = chart_day_label(price->source->session);
  g_autofree char *text = g_strdup_printf("%s: %s", day, chart_percent(price->source->simple_return, 1, percent));
  const struct {
    double x, y;
    enum chart_align align;
  } places[] = {{x - half, price_y(price, event->close), CHART_ALIGN_RIGHT},
                {x + half, price_y(price, event->close), CHART_ALIGN_LEFT},
                {x, price_y(price, bottom) - CHART_LINE, CHART_ALIGN_CENTER},
                {x, price_y(price, top) + CHART_LINE, CHART_ALIGN_CENTER},
                {x - half, frame->top - CHART_LINE, CHART_ALIGN_RIGHT},
                {x + half, frame->top - CHART_LINE, CHART_ALIGN_LEFT}};
  for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
    if (chart_labels_try(labels, places[i].x, places[i].y, places[i].align, CHART_WEIGHT_STRONG, 0, text)) return;
}

static void block_bars(const struct price *price, chart_labels *labels) {
  for (int i = 0; i <= price->last - price->first; i++) {
    const struct bar *bar = &price->bars[i];
    double left = chart_frame_x(&price->frame, price->first + i - 0.5);
    double right = chart_frame_x(&price->frame, price->first + i + 0.5);
    double low = fmin(bar->low, bar->close), high = fmax(bar->high, bar->close);
    if (!isnan(low))
      chart_labels_block(labels, (chart_box){left, right, price_y(price, low) - 4, price_y(price, high) + 4});
    if (!isnan(bar->market)) {
      double y = price_y(price, bar->market);
      chart_labels_block(labels, (chart_box){left, right, y - 6, y + 6});
    }
  }
}

/* Dots stacked upwards at each session, smaller when many share one. */
static void stack_dots(const struct price *price, GString *dots, chart_labels *labels) {
  int n = price->last - price->first + 1, highest = 1;
  g_autofree int *count = g_new0(int, (gsize)n);
  for (guint i = 0; i < price->marks->len; i++) {
    int dots_here = ++count[g_array_index(price->marks, struct mark, i).rel - price->first];
    highest = MAX(highest, dots_here);
  }
  double room = STRIP_TOP - CHART_LINE - CHART_FOOTER;
  double pitch = fmin(MAX_DOT, room / highest);
  double half = pitch / 2 + 4;
  for (int i = 0; i < n; i++) {
    double x = chart_frame_x(&price->frame, price->first + i);
    if (count[i] > 0)
      chart_labels_block(labels, (chart_box){x - half, x + half, CHART_FOOTER, CHART_FOOTER + pitch * count[i]});
    count[i] = 0;
  }
  for (guint i = 0; i < price->marks->len; i++) {
    const struct mark *mark = &g_array_index(price->marks, struct mark, i);
    int level = count[mark->rel - price->first]++;
    chart_row(dots, chart_frame_x(&price->frame, mark->rel), CHART_FOOTER + pitch * (level + 0.5), mark->story,
              pitch / MAX_DOT);
  }
}

/* Story and first title beside the session of the story's first article, on the first free place. */
static void label_story(const struct price *price, int story, const struct mark *first, int n, chart_labels *labels) {
  double x = chart_frame_x(&price->frame, first->rel), half = 0.6 * MAX_DOT + 8;
  bool left_first = first->rel - price->first > price->last - first->rel;
  g_autofree char *name = chart_text_cut((const char *)g_ptr_array_index(price->stories, (guint)story), 20);
  g_autofree char *head = g_strdup_printf("%s: %d article%s", name, n, n == 1 ? "" : "s");
  for (int attempt = 0; attempt < 10; attempt++) {
    bool left = left_first == (attempt % 2 == 0);
    int lower = 16 * (attempt / 2); /* each height is tried on both sides */
    double y = CHART_FOOTER + 110 - lower, at = left ? x - half : x + half;
    double room = left ? at - price->frame.left : CHART_WIDTH - 30 - at;
    size_t fits = (size_t)fmax(room / (0.84 * CHART_CHAR), 0);
    if (fits < 24) continue;
    g_autofree char *title = chart_text_cut(first->title, fits - 7);
    g_autofree char *text = g_strdup_printf("first: %s", title);
    enum chart_align align = left ? CHART_ALIGN_RIGHT : CHART_ALIGN_LEFT;
    guint boxes = labels->boxes->len;
    gsize rows = labels->rows->len;
    if (chart_labels_try(labels, at, y, align, CHART_WEIGHT_STRONG, story, head) &&
        chart_labels_try(labels, at, y - 34, align, CHART_WEIGHT_SMALL, CHART_INK, text))
      return;
    g_array_set_size(labels->boxes, boxes);
    g_string_truncate(labels->rows, rows);
  }
}

/* Whether a story's first article comes before another's. */
static bool is_earlier(const struct mark *a, const struct mark *b) { return b == NULL || a->rel < b->rel; }

/* In order of time, so that an early story has the room on its left and the later ones look for theirs on the right. */
static void label_stories(const struct price *price, chart_labels *labels) {
  bool told[MAX_STORIES] = {false};
  for (;;) {
    const struct mark *first = NULL;
    int count = 0;
    for (guint i = 0; i < price->marks->len; i++) {
      const struct mark *mark = &g_array_index(price->marks, struct mark, i);
      if (mark->story < 0 || mark->story >= MAX_STORIES || told[mark->story]) continue;
      if (is_earlier(mark, first)) first = mark;
    }
    if (first == NULL) return;
    for (guint i = 0; i < price->marks->len; i++)
      count += g_array_index(price->marks, struct mark, i).story == first->story;
    label_story(price, first->story, first, count, labels);
    told[first->story] = true;
  }
}

/* With both closes only where they say the same as the return, which a split or a dividend between them prevents. Owned. */
static char *make_title(const chart_source *source, const char *symbol) {
  char from[CHART_NUMBER], to[CHART_NUMBER];
  if (!source->price_return_matches)
    return g_strdup_printf("%s: return %s on %s", symbol, chart_percent(source->simple_return, 2, from),
                           source->session);
  g_autofree char *move = chart_move(source->simple_return);
  return g_strdup_printf("%s %s on %s: from %s to %s", symbol, move, source->session,
                         chart_decimal(source->previous_close, 2, from), chart_decimal(source->close, 2, to));
}

static void write_texts(const struct price *price, GString *out) {
  const chart_source *source = price->source;
  g_autofree char *symbol = chart_text_cut(source->symbol, 16);
  g_autofree char *title = make_title(source, symbol);
  g_autoptr(GString) subtitle = g_string_new(price->has_range ? "Daily open, high, low, close" : "Daily closes");
  if (source->market[0] != '\0') {
    g_autofree char *market = chart_text_cut(source->market, 16);
    g_string_append_printf(subtitle, "; line: %s scaled to %s's close of %s", market, symbol, source->previous_session);
  }
  if (price->marks->len > 0)
    g_string_append(subtitle, "; dots: articles");
  else if (price->n_left_out > 0)
    g_string_append_printf(subtitle, "; %d articles without a usable time", price->n_left_out);
  g_autofree char *span = g_strdup_printf("%s to %s", chart_source_session(source, price->first),
                                          chart_source_session(source, price->last));
  g_autofree char *footer = chart_footer(source, "prices news", span);
  chart_write_header(out, title, subtitle->str, footer);
}

static void write_prices(const struct price *price, GString *out) {
  chart_block bars = chart_block_begin(out, "bars", "rel_day open low high close kind");
  for (int rel = price->first; rel <= price->last; rel++) {
    const struct bar *bar = &price->bars[rel - price->first];
    double kind = rel == 0 ? 2 : bar->close >= bar->open ? 1 : 0;
    chart_row(out, rel, bar->open, bar->low, bar->high, bar->close, kind);
  }
  chart_block_end(&bars);
  chart_block lines = chart_block_begin(out, "lines", "rel_day market close");
  for (int rel = price->first; rel <= price->last; rel++) {
    const struct bar *bar = &price->bars[rel - price->first];
    chart_row(out, rel, bar->market, price->has_range ? (double)NAN : bar->close);
  }
  chart_block_end(&lines);
}

static void label_strip(const struct price *price, chart_labels *labels) {
  g_autoptr(GString) caption = g_string_new("Articles, each at the first session whose close can contain it");
  if (price->n_left_out > 0) g_string_append_printf(caption, " (%d without a usable time left out)", price->n_left_out);
  chart_labels_add(labels, price->frame.left + 8, STRIP_TOP + 20, CHART_ALIGN_LEFT, CHART_WEIGHT_SMALL, CHART_GREY,
                   caption->str);
  label_stories(price, labels);
}

static void write(const struct price *price, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, price->frame.height);
  g_autoptr(GString) dots = g_string_new(NULL);
  block_bars(price, &labels);
  label_lines(price, &labels);
  label_event(price, &labels);
  stack_dots(price, dots, &labels);
  if (price->marks->len > 0) label_strip(price, &labels);
  chart_write_layout(out, &price->frame);
  write_texts(price, out);
  chart_write_sessions(out, &price->frame, price->source);
  chart_write_labels(out, &labels);
  write_prices(price, out);
  chart_block block = chart_block_begin(out, "articles", "x y story size");
  g_string_append_len(out, dots->str, (gssize)dots->len);
  chart_block_end(&block);
  chart_block panels = chart_block_begin(out, "panels", "prices_bottom strip_top");
  chart_row(out, price->bottom, price->marks->len > 0 ? STRIP_TOP : price->frame.bottom);
  chart_block_end(&panels);
}

bool chart_price_build(const chart_source *source, GString *tsv, GError **error) {
  struct price price = {.source = source,
                        .first = MAX(source->grid_first - LEAD, source->first_rel),
                        .last = MIN(source->grid_last, source->first_rel + source->n_sessions - 1)};
  if (price.first >= price.last) return chart_fail(error, "series.csv has no sessions around the event");
  read_bars(&price);
  rebase_market(&price);
  bool ok = read_articles(&price, error) && set_frame(&price, error);
  if (ok) write(&price, tsv);
  clear(&price);
  return ok;
}
