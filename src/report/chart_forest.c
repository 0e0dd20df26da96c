/* Abnormal returns of every security of the focus story in the first window, with intervals, sorted within groups. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum {
  MAX_SECURITIES = 60,
  MIN_PITCH = 30,
  MAX_PITCH = 44,
  GROUP_GAP = 14,
  NAME_RIGHT = 430,
  PANEL_LEFT = 460,
  RIGHT_ROOM = 430,
  BOTTOM = 130
};

struct security {
  const char *symbol; /* borrowed from the table */
  int group;
  double car, low, high;
};

struct group {
  double mean; /* from result.json; NaN unknown */
  double sort; /* mean, or the mean of what is drawn */
  size_t n;
  int colour;
};

struct forest {
  const chart_source *source;
  int first, last; /* the window */
  aft_table car;
  GArray *securities;          /* of struct security */
  GPtrArray *names;            /* of the groups, in the order of the file */
  struct group *groups, total; /* [names->len], owned */
  size_t n_all;                /* securities, before the middle ones were left out */
  double pitch;                /* pixels from row to row */
  chart_frame frame;
};

/* The first window of the study. */
static bool find_window(struct forest *forest, GError **error) {
  const json_t *study = json_object_get(forest->source->root, "study");
  const json_t *window = json_array_get(json_object_get(study, "windows"), 0);
  const json_t *first = json_array_get(window, 0), *last = json_array_get(window, 1);
  if (!json_is_integer(first) || !json_is_integer(last)) return chart_fail(error, "the study has no windows");
  forest->first = (int)CLAMP(json_integer_value(first), -100000, 100000);
  forest->last = (int)CLAMP(json_integer_value(last), -100000, 100000);
  return true;
}

static bool read_securities(struct forest *forest, GError **error) {
  const chart_source *source = forest->source;
  g_autofree char *first = g_strdup_printf("%d", forest->first);
  g_autofree char *last = g_strdup_printf("%d", forest->last);
  const char *filter[] = {"model", source->model, "event", source->event, "first", first, "last", last, NULL};
  if (!aft_table_read_matching(&forest->car, source->folder, "car.csv", filter, error)) return false;
  const aft_table *table = &forest->car;
  int symbol = aft_table_find(table, "symbol"), group = aft_table_find(table, "group"),
      car = aft_table_find(table, "car"), low = aft_table_find(table, "ci_low"),
      high = aft_table_find(table, "ci_high");
  for (size_t row = 0; row < table->n_rows; row++) {
    struct security security = {.symbol = aft_table_text(table, row, symbol),
                                .car = aft_table_number(table, row, car),
                                .low = aft_table_number(table, row, low),
                                .high = aft_table_number(table, row, high)};
    if (isnan(security.car)) continue;
    security.group = chart_names_index(forest->names, aft_table_text(table, row, group));
    g_array_append_val(forest->securities, security);
  }
  forest->n_all = forest->securities->len;
  if (forest->n_all == 0)
    return chart_fail(error, "car.csv has no window [%d, %d] of %s under %s", forest->first, forest->last,
                      source->event, source->model);
  return true;
}

static int compare_car(const void *a, const void *b) {
  const struct security *x = (const struct security *)a, *y = (const struct security *)b;
  if (x->car != y->car) return x->car < y->car ? -1 : 1;
  return strcmp(x->symbol, y->symbol);
}

/* Keeps the lowest, the highest and the focus when there are too many. */
static void keep_extremes(struct forest *forest) {
  GArray *all = forest->securities;
  g_array_sort(all, compare_car);
  if (all->len <= MAX_SECURITIES) return;
  guint first = MAX_SECURITIES / 2, end = all->len - MAX_SECURITIES / 2;
  for (guint i = first; i < end; i++) {
    if (strcmp(g_array_index(all, struct security, i).symbol, forest->source->symbol) != 0) continue;
    struct security focus = g_array_index(all, struct security, i);
    g_array_index(all, struct security, first++) = focus;
    break;
  }
  g_array_remove_range(all, first, end - first);
}

/* Average of a sample over the window, as result.json has it. */
static double find_mean(const struct forest *forest, const char *sample) {
  const json_t *aggregates = json_object_get(forest->source->root, "aggregates");
  for (size_t i = 0; i < json_array_size(aggregates); i++) {
    const json_t *row = json_array_get(aggregates, i);
    if (strcmp(chart_json_text(row, "model"), forest->source->model) == 0 &&
        strcmp(chart_json_text(row, "group"), sample) == 0 && (int)chart_json_number(row, "first") == forest->first &&
        (int)chart_json_number(row, "last") == forest->last)
      return chart_json_number(row, "caar");
  }
  return (double)NAN;
}

static void set_groups(struct forest *forest) {
  const char *event = forest->source->event;
  g_autofree char *all = g_strdup_printf("event:%s", event);
  forest->total = (struct group){.mean = find_mean(forest, all), .n = forest->n_all, .colour = CHART_INK};
  forest->groups = g_new0(struct group, forest->names->len);
  int next = 0, focus_group = -1;
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *security = &g_array_index(forest->securities, struct security, i);
    struct group *group = &forest->groups[security->group];
    group->n++;
    group->sort += (security->car - group->sort) / (double)group->n;
    if (strcmp(security->symbol, forest->source->symbol) == 0) focus_group = security->group;
  }
  for (guint i = 0; i < forest->names->len; i++) {
    struct group *group = &forest->groups[i];
    g_autofree char *sample = g_strdup_printf("event:%s/%s", event, (const char *)g_ptr_array_index(forest->names, i));
    group->mean = find_mean(forest, sample);
    if (!isnan(group->mean)) group->sort = group->mean;
    group->colour = (int)i == focus_group ? 0 : 1 + next++ % (CHART_MAX_COLOURS - 1);
  }
}

static int compare_rows(const void *a, const void *b, void *data) {
  const struct security *x = (const struct security *)a, *y = (const struct security *)b;
  const struct forest *forest = (const struct forest *)data;
  double p = forest->groups[x->group].sort, q = forest->groups[y->group].sort;
  if (x->group != y->group && p != q) return p < q ? -1 : 1;
  if (x->group != y->group) return x->group < y->group ? -1 : 1;
  return compare_car(x, y);
}

/* Groups with a security on the chart; with_mean: only those whose mean is known too. */
static guint count_shown_groups(const struct forest *forest, bool with_mean) {
  guint n = 0;
  for (guint i = 0; i < forest->names->len; i++)
    n += forest->groups[i].n > 0 && (!with_mean || !isnan(forest->groups[i].mean));
  return n;
}

static void set_frame(struct forest *forest) {
  double low = fmin(0, forest->total.mean), high = fmax(0, forest->total.mean);
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *s = &g_array_index(forest->securities, struct security, i);
    low = fmin(low, isnan(s->low) ? s->car : s->low);
    high = fmax(high, isnan(s->high) ? s->car : s->high);
  }
  guint groups = count_shown_groups(forest, false);
  guint rows = forest->securities->len + (groups > 1 ? count_shown_groups(forest, true) : 0) +
               (isnan(forest->total.mean) ? 0 : 1);
  double gaps = GROUP_GAP * (groups + 0.5);
  chart_frame *frame = &forest->frame;
  chart_frame_init(frame, RIGHT_ROOM);
  frame->left = PANEL_LEFT;
  frame->bottom = BOTTOM;
  forest->pitch = CLAMP((frame->top - frame->bottom - gaps) / rows, MIN_PITCH, MAX_PITCH);
  frame->top = frame->bottom + forest->pitch * rows + gaps;
  frame->height = frame->top + CHART_HEADER - 10;
  frame->y_min = frame->bottom; /* rows are placed in pixels */
  frame->y_max = frame->top;
  frame->y_step = frame->top;
  double x_last, margin = 0.02 * (high - low);
  chart_range(100 * low, 100 * high, 7, &frame->x_tick, &x_last, &frame->x_step);
  frame->x_min = 100 * (low - margin);
  frame->x_max = 100 * (high + margin);
}

/* "−13.2 % [−18.4, −8.1]"; owned. */
static char *print_interval(double car, double low, double high) {
  char a[CHART_NUMBER], b[CHART_NUMBER], c[CHART_NUMBER];
  chart_percent(car, 1, a);
  if (isnan(low) || isnan(high)) return g_strdup(a);
  return g_strdup_printf("%s  [%s, %s]", a, chart_decimal(100 * low, 1, b), chart_decimal(100 * high, 1, c));
}

/* A row of a mean: a diamond and its name. */
static void add_mean(const struct forest *forest, const struct group *group, const char *name, double y, GString *rows,
                     chart_labels *labels) {
  char percent[CHART_NUMBER];
  chart_row(rows, 100 * group->mean, y, (double)NAN, (double)NAN, group->colour, 2);
  chart_labels_add(labels, NAME_RIGHT, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_STRONG, group->colour, name);
  chart_labels_add(labels, forest->frame.right + 24, y, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, group->colour,
                   chart_percent(group->mean, 1, percent));
}

static void place_rows(const struct forest *forest, GString *rows, chart_labels *labels) {
  bool many = count_shown_groups(forest, false) > 1;
  double y = forest->frame.top - forest->pitch / 2;
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *s = &g_array_index(forest->securities, struct security, i);
    const struct group *group = &forest->groups[s->group];
    bool opens = i == 0 || g_array_index(forest->securities, struct security, i - 1).group != s->group;
    bool closes =
        i + 1 == forest->securities->len || g_array_index(forest->securities, struct security, i + 1).group != s->group;
    const char *name = (const char *)g_ptr_array_index(forest->names, (guint)s->group);
    if (opens && many) {
      g_autofree char *label = chart_text_cut(name[0] != '\0' ? name : "no group", 16);
      chart_labels_add(labels, 48, y, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, group->colour, label);
    }
    bool focus = strcmp(s->symbol, forest->source->symbol) == 0;
    g_autofree char *symbol = chart_text_cut(s->symbol, 12);
    g_autofree char *interval = print_interval(s->car, s->low, s->high);
    enum chart_weight weight = focus ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN;
    chart_row(rows, 100 * s->car, y, 100 * s->low, 100 * s->high, group->colour, focus);
    chart_labels_add(labels, NAME_RIGHT, y, CHART_ALIGN_RIGHT, weight, CHART_INK, symbol);
    chart_labels_add(labels, forest->frame.right + 24, y, CHART_ALIGN_LEFT, weight, focus ? CHART_INK : CHART_GREY,
                     interval);
    y -= forest->pitch;
    if (!closes) continue;
    if (many && !isnan(group->mean)) {
      add_mean(forest, group, "mean", y, rows, labels);
      y -= forest->pitch;
    }
    y -= GROUP_GAP;
  }
  if (isnan(forest->total.mean)) return;
  g_autofree char *name = g_strdup_printf("mean of all %zu", forest->n_all);
  add_mean(forest, &forest->total, name, y, rows, labels);
}

/* The lowest and the highest security. Owned. */
static char *title_from_extremes(const struct forest *forest, const char *when) {
  const struct security *low = &g_array_index(forest->securities, struct security, 0), *high = low;
  char a[CHART_NUMBER], b[CHART_NUMBER];
  for (guint i = 1; i < forest->securities->len; i++) {
    const struct security *security = &g_array_index(forest->securities, struct security, i);
    if (security->car < low->car) low = security;
    if (security->car > high->car) high = security;
  }
  g_autofree char *low_name = chart_text_cut(low->symbol, 12);
  g_autofree char *high_name = chart_text_cut(high->symbol, 12);
  if (low == high) return g_strdup_printf("Abnormal return %s: %s %s", when, low_name, chart_percent(low->car, 1, a));
  return g_strdup_printf("Abnormal returns %s: from %s %s to %s %s", when, low_name, chart_percent(low->car, 1, a),
                         high_name, chart_percent(high->car, 1, b));
}

/* Groups with the lowest and highest mean, or single securities when there are no groups. Owned. */
static char *make_title(const struct forest *forest) {
  char a[CHART_NUMBER], b[CHART_NUMBER], first[CHART_NUMBER], last[CHART_NUMBER];
  g_autofree char *when = forest->first == 0 && forest->last == 0
                              ? g_strdup_printf("on %s", forest->source->session)
                              : g_strdup_printf("over sessions %s to %s", chart_decimal(forest->first, 0, first),
                                                chart_decimal(forest->last, 0, last));
  int low = -1, high = -1;
  for (int i = 0; i < (int)forest->names->len; i++) {
    if (isnan(forest->groups[i].mean)) continue;
    if (low < 0 || forest->groups[i].mean < forest->groups[low].mean) low = i;
    if (high < 0 || forest->groups[i].mean > forest->groups[high].mean) high = i;
  }
  if (low == high) return title_from_extremes(forest, when);
  g_autofree char *low_name = chart_text_cut((const char *)g_ptr_array_index(forest->names, (guint)low), 13);
  g_autofree char *high_name = chart_text_cut((const char *)g_ptr_array_index(forest->names, (guint)high), 13);
  return g_strdup_printf("Abnormal returns %s: %s %s, %s %s", when, low_name,
                         chart_percent(forest->groups[low].mean, 1, a), high_name,
                         chart_percent(forest->groups[high].mean, 1, b));
}

static void write_texts(const struct forest *forest, GString *out) {
  const chart_source *source = forest->source;
  char first[CHART_NUMBER], last[CHART_NUMBER];
  g_autofree char *title = make_title(forest);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_autofree char *event = chart_text_cut(source->event, 30);
  g_string_printf(subtitle, "Each security of %s: estimate and %s interval", event, source->confidence);
  if (!isnan(forest->total.mean)) g_string_append(subtitle, "; diamonds: means");
  if (forest->n_all > forest->securities->len)
    g_string_append_printf(subtitle, "; the %d lowest and %d highest of %zu", MAX_SECURITIES / 2, MAX_SECURITIES / 2,
                           forest->n_all);
  g_autofree char *facts =
      g_strdup_printf("%s · window [%s, %s]", source->model, chart_decimal(forest->first, 0, first),
                      chart_decimal(forest->last, 0, last));
  g_autofree char *footer = chart_footer(source, "prices returns_files events", facts);
  chart_write_header(out, title, subtitle->str, footer);
}

static void write(const struct forest *forest, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, forest->frame.height);
  g_autoptr(GString) rows = g_string_new(NULL);
  place_rows(forest, rows, &labels);
  chart_write_layout(out, &forest->frame);
  write_texts(forest, out);
  chart_write_sessions(out, NULL, forest->source);
  chart_write_labels(out, &labels);
  chart_block block = chart_block_begin(out, "rows", "car_percent y ci_low ci_high colour kind");
  g_string_append_len(out, rows->str, (gssize)rows->len);
  chart_block_end(&block);
}

bool chart_forest_build(const chart_source *source, GString *tsv, GError **error) {
  struct forest forest = {.source = source,
                          .securities = g_array_new(FALSE, FALSE, sizeof(struct security)),
                          .names = g_ptr_array_new_with_free_func(g_free)};
  bool ok = find_window(&forest, error) && read_securities(&forest, error);
  if (ok) {
    keep_extremes(&forest);
    set_groups(&forest);
    g_array_sort_with_data(forest.securities, compare_rows, &forest);
    set_frame(&forest);
    write(&forest, tsv);
  }
  aft_table_clear(&forest.car);
  g_array_unref(forest.securities);
  g_ptr_array_unref(forest.names);
  g_free(forest.groups);
  return ok;
}
