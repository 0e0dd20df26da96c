/* Abnormal returns of every event of the sample in the first window, with intervals, sorted within groups. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum {
  MAX_SECURITIES = 60,
  MIN_PITCH = 30,
  MAX_PITCH = 44,
  GROUP_GAP = 14,
  NAME_LEFT = 48,
  NAME_RIGHT = 430, /* at least; farther when group and name together need it */
  NAME_GAP = 30,
  GROUP_ROOM = 270, /* pixels of the longest label of a group */
  RIGHT_ROOM = 430,
  BOTTOM = 130
};

#define STRONG_WIDTH 1.12 /* of bold text, to plain */

struct security {
  const char *symbol, *event; /* borrowed from the table */
  bool is_focus;
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
  bool many_events;            /* rows of several events, so that a symbol alone does not say which */
  size_t n_all;                /* securities, before the middle ones were left out */
  double name_right;           /* pixels */
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
  const char *filter[] = {"model", source->model, "first", first, "last", last, NULL};
  if (!aft_table_read_matching(&forest->car, source->folder, "car.csv", filter, error)) return false;
  const aft_table *table = &forest->car;
  int event = aft_table_find(table, "event"), symbol = aft_table_find(table, "symbol"),
      group = aft_table_find(table, "group"), car = aft_table_find(table, "car"), low = aft_table_find(table, "ci_low"),
      high = aft_table_find(table, "ci_high");
  for (size_t row = 0; row < table->n_rows; row++) {
    struct security security = {.symbol = aft_table_text(table, row, symbol),
                                .event = aft_table_text(table, row, event),
                                .car = aft_table_number(table, row, car),
                                .low = aft_table_number(table, row, low),
                                .high = aft_table_number(table, row, high)};
    const char *label = aft_table_text(table, row, group);
    if (isnan(security.car) || !chart_sample_holds(source, security.event, label)) continue;
    security.is_focus = strcmp(security.symbol, source->symbol) == 0 && strcmp(security.event, source->event) == 0;
    security.group = chart_names_index(forest->names, label);
    if (forest->securities->len > 0 &&
        strcmp(security.event, g_array_index(forest->securities, struct security, 0).event) != 0)
      forest->many_events = true;
    g_array_append_val(forest->securities, security);
  }
  forest->n_all = forest->securities->len;
  if (forest->n_all == 0)
    return chart_fail(error, "car.csv has no window [%d, %d] of %s under %s", forest->first, forest->last,
                      source->sample, source->model);
  return true;
}

static int compare_car(const void *a, const void *b) {
  const struct security *x = (const struct security *)a, *y = (const struct security *)b;
  if (x->car != y->car) return x->car < y->car ? -1 : 1;
  int order = strcmp(x->symbol, y->symbol);
  return order != 0 ? order : strcmp(x->event, y->event);
}

/* Keeps the lowest, the highest and the focus when there are too many. */
static void keep_extremes(struct forest *forest) {
  GArray *all = forest->securities;
  g_array_sort(all, compare_car);
  if (all->len <= MAX_SECURITIES) return;
  guint first = MAX_SECURITIES / 2, end = all->len - MAX_SECURITIES / 2;
  for (guint i = first; i < end; i++) {
    if (!g_array_index(all, struct security, i).is_focus) continue;
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
  const chart_source *source = forest->source;
  double mean = forest->n_all > 1 ? find_mean(forest, source->sample) : (double)NAN; /* of one, it says nothing new */
  forest->total = (struct group){.mean = mean, .n = forest->n_all, .colour = CHART_INK};
  forest->groups = g_new0(struct group, forest->names->len);
  int next = 0, focus_group = -1;
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *security = &g_array_index(forest->securities, struct security, i);
    struct group *group = &forest->groups[security->group];
    group->n++;
    group->sort += (security->car - group->sort) / (double)group->n;
    if (security->is_focus) focus_group = security->group;
  }
  for (guint i = 0; i < forest->names->len; i++) {
    struct group *group = &forest->groups[i];
    const char *name = (const char *)g_ptr_array_index(forest->names, i);
    g_autofree char *within = source->sample_is_story ? g_strdup_printf("%s/%s", source->sample, name) : g_strdup(name);
    group->mean = find_mean(forest, within);
    if (!isnan(group->mean)) group->sort = group->mean;
    bool is_focus = (int)i == focus_group && forest->names->len > 1; /* a single group is not told apart from others */
    group->colour = is_focus ? 0 : 1 + next++ % (CHART_MAX_COLOURS - 1);
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

/* "F03 · e03", or the symbol alone where one event moved them all. Owned. */
static char *print_name(const struct forest *forest, const struct security *security) {
  g_autofree char *symbol = chart_text_fit(security->symbol, 12 * CHART_CHAR);
  if (!forest->many_events) return g_steal_pointer(&symbol);
  g_autofree char *event = chart_text_fit(security->event, 14 * CHART_CHAR);
  return g_strdup_printf("%s · %s", symbol, event);
}

static char *print_group(const struct forest *forest, int group) {
  const char *name = (const char *)g_ptr_array_index(forest->names, (guint)group);
  return chart_text_fit(name[0] != '\0' ? name : "no group", GROUP_ROOM / STRONG_WIDTH);
}

/* Names end where the longest of them does not reach into the longest label of a group. */
static void set_name_right(struct forest *forest) {
  double names = 0, groups = 0;
  bool many = count_shown_groups(forest, false) > 1;
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *security = &g_array_index(forest->securities, struct security, i);
    g_autofree char *name = print_name(forest, security);
    g_autofree char *group = print_group(forest, security->group);
    names = fmax(names, STRONG_WIDTH * chart_text_width(name));
    if (many) groups = fmax(groups, STRONG_WIDTH * chart_text_width(group) + NAME_GAP);
  }
  forest->name_right = fmax(NAME_RIGHT, NAME_LEFT + groups + names);
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
  set_name_right(forest);
  frame->left = forest->name_right + NAME_GAP;
  frame->bottom = BOTTOM;
  forest->pitch = CLAMP((frame->top - frame->bottom - gaps) / rows, MIN_PITCH, MAX_PITCH);
  frame->top = frame->bottom + forest->pitch * rows + gaps;
  frame->height = frame->top + CHART_HEADER - 10;
  frame->y_min = frame->bottom; /* rows are placed in pixels */
  frame->y_max = frame->top;
  frame->y_step = frame->top;
  chart_open_range(&low, &high, CHART_MARGIN);
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
  chart_labels_add(labels, forest->name_right, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_STRONG, group->colour, name);
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
    if (opens && many) {
      g_autofree char *label = print_group(forest, s->group);
      chart_labels_add(labels, NAME_LEFT, y, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, group->colour, label);
    }
    bool focus = s->is_focus;
    g_autofree char *name = print_name(forest, s);
    g_autofree char *interval = print_interval(s->car, s->low, s->high);
    enum chart_weight weight = focus ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN;
    chart_row(rows, 100 * s->car, y, 100 * s->low, 100 * s->high, focus ? 0 : group->colour, focus);
    chart_labels_add(labels, forest->name_right, y, CHART_ALIGN_RIGHT, weight, CHART_INK, name);
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
  if (low != high && strcmp(low->symbol, high->symbol) == 0) { /* one security's events: their names tell them apart */
    g_free(low_name);
    g_free(high_name);
    low_name = chart_text_cut(low->event, 12);
    high_name = chart_text_cut(high->event, 12);
  }
  if (low == high) return g_strdup_printf("Abnormal return %s: %s %s", when, low_name, chart_percent(low->car, 1, a));
  return g_strdup_printf("Abnormal returns %s: from %s %s to %s %s", when, low_name, chart_percent(low->car, 1, a),
                         high_name, chart_percent(high->car, 1, b));
}

/* Groups with the lowest and highest mean, or single securities when there are no groups. Owned. */
static char *make_title(const struct forest *forest) {
  char a[CHART_NUMBER], b[CHART_NUMBER], first[CHART_NUMBER], last[CHART_NUMBER];
  g_autofree char *when = forest->first == 0 && forest->last == 0
                              ? chart_sample_when(forest->source)
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

static bool has_interval(const struct forest *forest) {
  for (guint i = 0; i < forest->securities->len; i++) {
    const struct security *security = &g_array_index(forest->securities, struct security, i);
    if (!isnan(security->low) && !isnan(security->high)) return true;
  }
  return false;
}

static void write_texts(const struct forest *forest, GString *out) {
  const chart_source *source = forest->source;
  char first[CHART_NUMBER], last[CHART_NUMBER];
  g_autofree char *title = make_title(forest);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_autofree char *event = chart_text_cut(source->event, 30);
  if (forest->many_events)
    g_string_append(subtitle, "Each event: estimate");
  else
    g_string_printf(subtitle, "Each security of %s: estimate", event);
  if (has_interval(forest)) g_string_append_printf(subtitle, " and %s interval", source->confidence);
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
