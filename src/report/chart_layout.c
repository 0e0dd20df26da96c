/* Geometry of the charts: frames, ticks, places for labels, and the blocks with which every chart's TSV begins. */
#include "report/chart.h"

#include <math.h>

#include <aftershock/base/banned.h>

void chart_frame_init(chart_frame *frame, double right_room) {
  *frame = (chart_frame){.height = CHART_HEIGHT,
                         .left = CHART_LEFT,
                         .right = CHART_WIDTH - right_room,
                         .bottom = CHART_FOOTER,
                         .top = CHART_HEIGHT - CHART_HEADER,
                         .x_max = 1,
                         .y_max = 1,
                         .x_step = 1,
                         .y_step = 1};
}

void chart_range(double low, double high, int n, double *first, double *last, double *step) {
  double span = high - low;
  if (!(span > 0)) span = fmax(fabs(high), 1e-6);
  double power = pow(10, floor(log10(span / n)));
  double unit = span / n / power;
  *step = power * (unit <= 1 ? 1 : unit <= 2 ? 2 : unit <= 5 ? 5 : 10);
  *first = floor(low / *step + 1e-9) * *step;
  *last = ceil(high / *step - 1e-9) * *step;
  if (!(*last > *first)) *last = *first + *step;
}

void chart_open_range(double *low, double *high, double margin) {
  margin = fmax(margin, 1e-9);
  if (*high - *low > 1e-4 * margin) return;
  *low -= margin;
  *high += margin;
}

double chart_frame_x(const chart_frame *frame, double x) {
  return frame->left + (x - frame->x_min) / (frame->x_max - frame->x_min) * (frame->right - frame->left);
}

double chart_frame_y(const chart_frame *frame, double y) {
  return frame->bottom + (y - frame->y_min) / (frame->y_max - frame->y_min) * (frame->top - frame->bottom);
}

double chart_frame_at_y(const chart_frame *frame, double pixels) {
  return frame->y_min + (pixels - frame->bottom) / (frame->top - frame->bottom) * (frame->y_max - frame->y_min);
}

void chart_frame_sessions(chart_frame *frame, int first, int last) {
  static const int steps[] = {1, 2, 5, 10, 20, 50, 100};
  frame->x_min = first - 0.7;
  frame->x_max = last + 0.7;
  double pixels = (frame->right - frame->left) / (frame->x_max - frame->x_min);
  int step = steps[0];
  for (size_t i = 1; i < G_N_ELEMENTS(steps) && step * pixels < 8 * CHART_CHAR; i++) step = steps[i];
  frame->x_step = step;
  frame->x_tick = step * ceil((double)first / step);
}

void chart_write_layout(GString *out, const chart_frame *frame) {
  chart_block block =
      chart_block_begin(out, "layout", "height left right bottom top x_min x_max y_min y_max x_tick x_step y_step");
  chart_row(out, frame->height, frame->left, frame->right, frame->bottom, frame->top, frame->x_min, frame->x_max,
            frame->y_min, frame->y_max, frame->x_tick, frame->x_step, frame->y_step);
  chart_block_end(&block);
}

void chart_write_header(GString *out, const char *title, const char *subtitle, const char *footer) {
  chart_block block = chart_block_begin(out, "header", "part text");
  const char *texts[] = {title, subtitle, footer};
  const size_t room[] = {80, 120, 150}; /* characters of each part's size that fit the canvas */
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_string_append_printf(out, "%d\t", (int)i + 1);
    chart_text_append(out, texts[i], room[i]);
    g_string_append_c(out, '\n');
  }
  chart_block_end(&block);
}

void chart_write_sessions(GString *out, const chart_frame *frame, const chart_source *source) {
  chart_block block = chart_block_begin(out, "sessions", "rel_day row text");
  if (frame != NULL) {
    for (int rel = (int)frame->x_tick; rel <= frame->x_max; rel += (int)frame->x_step) {
      char number[CHART_NUMBER];
      g_autofree char *day = chart_day_label(chart_source_session(source, rel));
      chart_row_text(out, chart_decimal(rel, 0, number), rel, 1);
      if (day[0] != '\0') chart_row_text(out, day, rel, 2);
    }
  }
  chart_block_end(&block);
}

void chart_labels_init(chart_labels *labels, double height) {
  *labels = (chart_labels){
      .rows = g_string_new(NULL), .boxes = g_array_new(FALSE, FALSE, sizeof(chart_box)), .height = height};
}

void chart_labels_clear(chart_labels *labels) {
  if (labels->rows != NULL) g_string_free(labels->rows, TRUE);
  g_clear_pointer(&labels->boxes, g_array_unref);
  labels->rows = NULL;
}

void chart_labels_block(chart_labels *labels, chart_box box) { g_array_append_val(labels->boxes, box); }

static chart_box get_label_box(double x, double y, enum chart_align align, enum chart_weight weight, const char *text) {
  const double scale = weight == CHART_WEIGHT_STRONG ? 1.12 : weight == CHART_WEIGHT_SMALL ? 0.84 : 1;
  double width = scale * chart_text_width(text);
  double left = align == CHART_ALIGN_LEFT ? x : align == CHART_ALIGN_CENTER ? x - width / 2 : x - width;
  return (chart_box){left, left + width, y - scale * CHART_LINE / 2, y + scale * CHART_LINE / 2};
}

static bool is_free(const chart_labels *labels, chart_box box) {
  if (box.left < 0 || box.right > CHART_WIDTH || box.bottom < 0 || box.top > labels->height) return false;
  for (guint i = 0; i < labels->boxes->len; i++) {
    const chart_box *taken = &g_array_index(labels->boxes, chart_box, i);
    if (box.left < taken->right && taken->left < box.right && box.bottom < taken->top && taken->bottom < box.top)
      return false;
  }
  return true;
}

void chart_labels_add(chart_labels *labels, double x, double y, enum chart_align align, enum chart_weight weight,
                      int colour, const char *text) {
  chart_labels_block(labels, get_label_box(x, y, align, weight, text));
  chart_row_text(labels->rows, text, x, y, align, weight, colour);
}

bool chart_labels_try(chart_labels *labels, double x, double y, enum chart_align align, enum chart_weight weight,
                      int colour, const char *text) {
  if (!is_free(labels, get_label_box(x, y, align, weight, text))) return false;
  chart_labels_add(labels, x, y, align, weight, colour, text);
  return true;
}

void chart_write_labels(GString *out, const chart_labels *labels) {
  chart_block block = chart_block_begin(out, "labels", "x y align weight colour text");
  g_string_append_len(out, labels->rows->str, (gssize)labels->rows->len);
  chart_block_end(&block);
}

/*
 * Pool adjacent violators: y[i] - i gap must not fall along the order; a run that does gets its mean. n is small
 * (labels of one chart), so the quadratic search for the order is the simple one.
 */
void chart_spread(double *y, size_t n, double gap) {
  if (n == 0) return;
  g_autofree size_t *order = g_new(size_t, n);
  g_autofree double *mean = g_new(double, n);
  g_autofree size_t *count = g_new(size_t, n);
  for (size_t i = 0; i < n; i++) {
    size_t j = i;
    for (; j > 0 && y[order[j - 1]] > y[i]; j--) order[j] = order[j - 1];
    order[j] = i;
  }
  size_t runs = 0;
  for (size_t i = 0; i < n; i++) {
    mean[runs] = y[order[i]] - (double)i * gap;
    count[runs++] = 1;
    for (; runs > 1 && mean[runs - 1] < mean[runs - 2]; runs--) {
      double a = (double)count[runs - 2], b = (double)count[runs - 1];
      mean[runs - 2] = (a * mean[runs - 2] + b * mean[runs - 1]) / (a + b);
      count[runs - 2] += count[runs - 1];
    }
  }
  for (size_t run = 0, i = 0; run < runs; run++)
    for (size_t k = 0; k < count[run]; k++, i++) y[order[i]] = mean[run] + (double)i * gap;
}
