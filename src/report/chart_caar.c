/* Average cumulative abnormal return of the sample and of each of its groups, a panel each, all on the same axes. */
#include "report/chart.h"

#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_GROUPS = 11, MAX_DAYS = 400, RIGHT_EDGE = 1770, GUTTER = 130, ROW_GUTTER = 130 };
#define WIDER 0.4

struct point {
  int rel;
  double aar, caar, low, high, n, n_path; /* n_path: events with every day so far; NaN in older folders */
};

struct sample {
  char *label;
  bool is_total;
  int colour;
  GArray *points;   /* of struct point, in the file's order */
  struct point end; /* the last day on which the path is known */
};

struct caar {
  const chart_source *source;
  GArray *samples; /* of struct sample: groups, then the total */
  size_t n_groups; /* before those beyond MAX_GROUPS were left out */
  chart_frame frame;
  bool has_band; /* somewhere */
  bool is_cut;   /* a band leaves the frame */
  int columns, rows;
};

static void clear_sample(void *data) {
  struct sample *sample = (struct sample *)data;
  g_free(sample->label);
  g_array_unref(sample->points);
}

/* False when the path is never known. */
static bool set_end(struct sample *sample) {
  for (guint i = sample->points->len; i-- > 0;) {
    sample->end = g_array_index(sample->points, struct point, i);
    if (!isnan(sample->end.caar)) return true;
  }
  return false;
}

/* The event's own session; NULL outside the grid. */
static const struct point *find_event_day(const struct sample *sample) {
  for (guint i = 0; i < sample->points->len; i++)
    if (g_array_index(sample->points, struct point, i).rel == 0) return &g_array_index(sample->points, struct point, i);
  return NULL;
}

/* Average abnormal return of the event's own session; NaN unknown. */
static double get_event_day(const struct sample *sample) {
  const struct point *day = find_event_day(sample);
  return day != NULL ? day->aar : (double)NAN;
}

/* The group of the focus security, so that it has the focus's colour. Owned. */
static char *find_focus_group(const chart_source *source) {
  const char *filter[] = {"event", source->event, "symbol", source->symbol, NULL};
  g_auto(aft_table) events = {0};
  if (!aft_table_read_matching(&events, source->folder, "events.csv", filter, NULL) || events.n_rows == 0)
    return g_strdup("");
  return g_strdup(aft_table_text(&events, 0, aft_table_find(&events, "group")));
}

static struct sample *find_sample(GArray *samples, const char *label, bool is_total) {
  for (guint i = 0; i < samples->len; i++) {
    struct sample *sample = &g_array_index(samples, struct sample, i);
    if (sample->is_total == is_total && strcmp(sample->label, label) == 0) return sample;
  }
  struct sample added = {
      .label = g_strdup(label), .is_total = is_total, .points = g_array_new(FALSE, FALSE, sizeof(struct point))};
  g_array_append_val(samples, added);
  return &g_array_index(samples, struct sample, samples->len - 1);
}

/* A day whose path is unknown is kept for its own average: a gap breaks the line, not the chart. */
static void collect(struct caar *caar, const aft_table *table) {
  int group = aft_table_find(table, "group"), rel = aft_table_find(table, "rel_day"),
      value = aft_table_find(table, "caar"), daily = aft_table_find(table, "aar"),
      low = aft_table_find(table, "ci_low"), high = aft_table_find(table, "ci_high"), n = aft_table_find(table, "n"),
      n_path = aft_table_find(table, "n_path");
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *label = chart_sample_find_group(caar->source, aft_table_text(table, row, group));
    double day = aft_table_number(table, row, rel);
    struct point point = {.aar = aft_table_number(table, row, daily),
                          .caar = aft_table_number(table, row, value),
                          .low = aft_table_number(table, row, low),
                          .high = aft_table_number(table, row, high),
                          .n = aft_table_number(table, row, n),
                          .n_path = aft_table_number(table, row, n_path)};
    if (label == NULL || !(fabs(day) <= MAX_DAYS) || (isnan(point.caar) && isnan(point.aar))) continue;
    point.rel = (int)day;
    g_array_append_val(find_sample(caar->samples, label, label[0] == '\0')->points, point);
  }
}

/* Totals after groups, each in the file's order otherwise. */
static int compare_kinds(const void *a, const void *b) {
  return (int)((const struct sample *)a)->is_total - (int)((const struct sample *)b)->is_total;
}

/* Groups first, those with the largest moves when there are too many, in the file's order; the total last. */
static void choose(struct caar *caar) {
  g_array_sort(caar->samples, compare_kinds); /* stable since GLib 2.32 */
  bool has_total =
      caar->samples->len > 0 && g_array_index(caar->samples, struct sample, caar->samples->len - 1).is_total;
  caar->n_groups = caar->samples->len - (has_total ? 1 : 0);
  for (guint groups = (guint)caar->n_groups; groups > MAX_GROUPS; groups--) {
    guint smallest = 0;
    for (guint i = 1; i < groups; i++)
      if (fabs(g_array_index(caar->samples, struct sample, i).end.caar) <
          fabs(g_array_index(caar->samples, struct sample, smallest).end.caar))
        smallest = i;
    g_array_remove_index(caar->samples, smallest);
  }
}

static void set_colours(struct caar *caar) {
  g_autofree char *focus = find_focus_group(caar->source);
  int next = 1;
  for (guint i = 0; i < caar->samples->len; i++) {
    struct sample *sample = &g_array_index(caar->samples, struct sample, i);
    if (sample->is_total)
      sample->colour = caar->samples->len == 1 ? 1 : CHART_INK;
    else if (strcmp(sample->label, focus) == 0)
      sample->colour = 0;
    else
      sample->colour = 1 + (next++ - 1) % (CHART_MAX_COLOURS - 1);
  }
}

/* Whether there is a path to draw: several days, and several events to average. */
static bool is_worth_drawing(const struct caar *caar) {
  double most = 0;
  for (guint i = 0; i < caar->samples->len; i++)
    most = fmax(most, g_array_index(caar->samples, struct sample, i).end.n);
  return most > 1 && caar->source->grid_last > caar->source->grid_first;
}

static bool read_samples(struct caar *caar, GError **error) {
  const char *filter[] = {"model", caar->source->model, NULL};
  g_auto(aft_table) table = {0};
  if (!aft_table_read_matching(&table, caar->source->folder, "caar.csv", filter, error)) return false;
  collect(caar, &table);
  for (guint i = caar->samples->len; i-- > 0;)
    if (!set_end(&g_array_index(caar->samples, struct sample, i))) g_array_remove_index(caar->samples, i);
  if (caar->samples->len == 0)
    return chart_fail(error, "caar.csv has no average path of %s under %s", caar->source->sample, caar->source->model);
  if (!is_worth_drawing(caar)) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "one event or one day has no average path");
    return false;
  }
  choose(caar);
  set_colours(caar);
  return true;
}

/*
 * The axes hold every path and as much of the bands as WIDER times the paths' span allows on either side: the interval
 * of a group of two securities would otherwise flatten all panels.
 */
static void set_frame(struct caar *caar) {
  double low = 0, high = 0, band_low = 0, band_high = 0;
  int first = MAX_DAYS, last = -MAX_DAYS;
  for (guint i = 0; i < caar->samples->len; i++) {
    const GArray *points = g_array_index(caar->samples, struct sample, i).points;
    for (guint k = 0; k < points->len; k++) {
      const struct point *p = &g_array_index(points, struct point, k);
      low = fmin(low, p->caar);
      high = fmax(high, p->caar);
      band_low = fmin(band_low, p->low); /* fmin and fmax pass over NaN */
      band_high = fmax(band_high, p->high);
      if (!isnan(p->low) && !isnan(p->high)) caar->has_band = true;
      first = MIN(first, p->rel);
      last = MAX(last, p->rel);
    }
  }
  double room = WIDER * (high - low);
  caar->is_cut = caar->samples->len > 1 && (band_low < low - room || band_high > high + room);
  low = caar->is_cut ? fmin(low, fmax(band_low, low - room)) : fmin(low, band_low);
  high = caar->is_cut ? fmax(high, fmin(band_high, high + room)) : fmax(high, band_high);
  chart_open_range(&low, &high, CHART_MARGIN);
  int n = (int)caar->samples->len;
  caar->columns = n <= 3 ? n : n == 4 ? 2 : 3;
  caar->rows = (n + caar->columns - 1) / caar->columns;
  chart_frame *frame = &caar->frame;
  chart_frame_init(frame, CHART_WIDTH - RIGHT_EDGE);
  if (caar->rows > 2) frame->height += 360 * (caar->rows - 2);
  frame->top = frame->height - CHART_HEADER - 40;
  frame->bottom = 130;
  chart_frame_sessions(frame, first, last);
  double pixels = ((frame->right - frame->left) / caar->columns - GUTTER) / (frame->x_max - frame->x_min), unused;
  if (caar->columns > 1 && last - first >= 5) /* numbers without dates, so narrower labels */
    frame->x_step = 5 * ceil(4 * CHART_CHAR / (5 * pixels));
  frame->x_tick = frame->x_step * ceil(first / frame->x_step);
  chart_range(100 * low, 100 * high, caar->rows == 1 ? 7 : 5, &unused, &unused, &frame->y_step);
  frame->y_min = 100 * low;
  frame->y_max = 100 * high;
}

/* The frame of one panel of the grid. */
static chart_frame get_panel(const struct caar *caar, guint i) {
  chart_frame panel = caar->frame;
  int column = (int)i % caar->columns, row = (int)i / caar->columns;
  double width = (caar->frame.right - caar->frame.left) / caar->columns;
  double height = (caar->frame.top - caar->frame.bottom + ROW_GUTTER) / caar->rows;
  panel.left = caar->frame.left + column * width;
  panel.right = panel.left + width - GUTTER;
  panel.top = caar->frame.top - row * height;
  panel.bottom = panel.top - height + ROW_GUTTER;
  return panel;
}

/* "22", or "17; line: 14" where gaps leave fewer events on the path than on the event's day. Owned. */
static char *print_count(const struct point *day, const struct point *end) {
  char n[CHART_NUMBER], n_path[CHART_NUMBER];
  chart_decimal(day->n, 0, n);
  if (isnan(end->n_path) || end->n_path == day->n) return g_strdup(n);
  return g_strdup_printf("%s; line: %s", n, chart_decimal(end->n_path, 0, n_path));
}

static void label_samples(const struct caar *caar, chart_labels *labels) {
  for (guint i = 0; i < caar->samples->len; i++) {
    const struct sample *sample = &g_array_index(caar->samples, struct sample, i);
    chart_frame panel = get_panel(caar, i);
    const struct point *end = &sample->end, *day = find_event_day(sample);
    char percent[CHART_NUMBER];
    g_autofree char *count = print_count(day != NULL ? day : end, end);
    double room = (panel.right - panel.left + GUTTER) / 1.15 - CHART_CHAR * (10 + (double)strlen(count));
    g_autofree char *label = chart_text_fit(sample->is_total ? "all" : sample->label, room);
    chart_percent(day != NULL ? day->aar : end->aar, 1, percent);
    g_autofree char *text = g_strdup_printf("%s (%s): %s", label, count, percent);
    chart_labels_add(labels, panel.left, panel.top + 26, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, sample->colour, text);
    chart_labels_add(labels, panel.right + 10, chart_frame_y(&panel, 100 * end->caar), CHART_ALIGN_LEFT,
                     CHART_WEIGHT_PLAIN, sample->colour, chart_percent(end->caar, 1, percent));
  }
}

/* The groups with the lowest and the highest average on the event's session, or the whole sample. Owned. */
static char *make_title(const struct caar *caar) {
  const struct sample *low = NULL, *high = NULL;
  for (guint i = 0; i < caar->samples->len; i++) {
    const struct sample *sample = &g_array_index(caar->samples, struct sample, i);
    if (sample->is_total || isnan(get_event_day(sample))) continue;
    if (low == NULL || get_event_day(sample) < get_event_day(low)) low = sample;
    if (high == NULL || get_event_day(sample) > get_event_day(high)) high = sample;
  }
  char a[CHART_NUMBER], b[CHART_NUMBER];
  g_autofree char *when = chart_sample_when(caar->source);
  if (low != high) {
    g_autofree char *low_label = chart_text_cut(low->label, 12);
    g_autofree char *high_label = chart_text_cut(high->label, 12);
    return g_strdup_printf("Average abnormal return %s: %s %s, %s %s", when, low_label,
                           chart_percent(get_event_day(low), 1, a), high_label,
                           chart_percent(get_event_day(high), 1, b));
  }
  const struct sample *total = &g_array_index(caar->samples, struct sample, caar->samples->len - 1);
  if (!isnan(get_event_day(total)))
    return g_strdup_printf("Average abnormal return %s: %s", when, chart_percent(get_event_day(total), 1, a));
  return g_strdup_printf("Average abnormal return added up to session %s: %s", chart_decimal(total->end.rel, 0, b),
                         chart_percent(total->end.caar, 1, a));
}

static void write_texts(const struct caar *caar, GString *out) {
  const chart_source *source = caar->source;
  g_autofree char *title = make_title(caar);
  char first[CHART_NUMBER];
  const struct sample *sample = &g_array_index(caar->samples, struct sample, 0);
  chart_decimal(g_array_index(sample->points, struct point, 0).rel, 0, first);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_string_printf(subtitle, "%s: average abnormal return added up from session %s; in bold: session 0 alone",
                  caar->samples->len > 1 ? "Lines" : "Line", first);
  if (caar->has_band)
    g_string_append_printf(subtitle, "; band: %s%s", source->confidence, caar->is_cut ? ", cut at the frame" : "");
  g_autofree char *errors = caar->has_band ? g_strdup_printf(" · standard errors from the spread across %s",
                                                             source->sample_is_story ? "securities" : "events")
                                           : g_strdup("");
  g_autofree char *facts = caar->n_groups > MAX_GROUPS
                               ? g_strdup_printf("%s · %d of %zu groups shown, those with the largest averages",
                                                 source->model, MAX_GROUPS, caar->n_groups)
                               : g_strdup_printf("%s%s", source->model, errors);
  g_autofree char *footer = chart_footer(source, "prices returns_files", facts);
  chart_write_header(out, title, subtitle->str, footer);
}

static void write(const struct caar *caar, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, caar->frame.height);
  label_samples(caar, &labels);
  chart_write_layout(out, &caar->frame);
  write_texts(caar, out);
  chart_write_sessions(out, NULL, caar->source);
  chart_write_labels(out, &labels);
  chart_block panels = chart_block_begin(out, "panels", "left right bottom top colour is_left");
  for (guint i = 0; i < caar->samples->len; i++) {
    chart_frame panel = get_panel(caar, i);
    chart_row(out, panel.left, panel.right, panel.bottom, panel.top,
              g_array_index(caar->samples, struct sample, i).colour, (int)i % caar->columns == 0);
  }
  chart_block_end(&panels);
  for (guint i = 0; i < caar->samples->len; i++) {
    const GArray *points = g_array_index(caar->samples, struct sample, i).points;
    chart_block block = chart_block_begin(out, "path_percent", "rel_day caar ci_low ci_high");
    for (guint k = 0; k < points->len; k++) {
      const struct point *p = &g_array_index(points, struct point, k);
      chart_row(out, p->rel, 100 * p->caar, 100 * p->low, 100 * p->high);
    }
    chart_block_end(&block);
  }
}

bool chart_caar_build(const chart_source *source, GString *tsv, GError **error) {
  struct caar caar = {.source = source, .samples = g_array_new(FALSE, FALSE, sizeof(struct sample))};
  g_array_set_clear_func(caar.samples, clear_sample);
  bool ok = read_samples(&caar, error);
  if (ok) {
    set_frame(&caar);
    write(&caar, tsv);
  }
  g_array_unref(caar.samples);
  return ok;
}
