/* What the charts share: the facts they draw from, the TSV they write, the geometry of the canvas. */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include <aftershock/base/error.h>
#include <aftershock/report/table.h>
#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * The canvas is CHART_WIDTH pixels wide and as high as the chart asks; y counts from the bottom. All layout is decided
 * here, in pixels, and reaches the fixed scripts of plots/ as numbers.
 */
enum {
  CHART_WIDTH = 1800,
  CHART_HEIGHT = 1125,
  CHART_LEFT = 150,     /* usual left edge of a panel: room for tick labels */
  CHART_HEADER = 165,   /* pixels at the top for title and subtitle */
  CHART_FOOTER = 165,   /* pixels at the bottom for two rows of tick labels and the footer */
  CHART_LINE = 32,      /* height of a line of label text */
  CHART_MAX_TEXT = 110, /* longest text that a chart shows, in characters */
  CHART_MAX_COLOURS = 8 /* of plots/style.gp: 0 is the focus */
};

/* Mean width of a character of label text, 18 point DejaVu Sans at 96 dots per inch; measured on English titles. */
#define CHART_CHAR 13.5

/* Facts that several charts need. Texts are borrowed from root and series. */
typedef struct chart_source {
  const char *folder;
  json_t *root; /* result.json */
  const char *event, *symbol, *market, *session, *previous_session;
  double previous_close, close, simple_return; /* of the focus; NaN when not known */
  bool price_return_matches;                   /* both closes are known and say what simple_return says */
  bool is_log;                                 /* the study's returns are logarithmic */
  const char *model, *model_title;             /* the headline: the first model */
  int grid_first, grid_last;                   /* the event grid, relative sessions */
  char confidence[16];                         /* "95 %" */
  aft_table series;                            /* series.csv */
  char *sample;                                /* whose averages are shown; owned */
  bool sample_is_story;                        /* "event:ID": one story's securities */
  int n_sessions, first_rel;                   /* sessions of the series, without gaps */
  const char **sessions;                       /* [n_sessions] dates; "" unknown */
} chart_source;

/* Reads result.json and series.csv. Fails with AFT_REPORT_ERROR_FOLDER. */
bool chart_source_read(chart_source *source, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of another folder: its JSON file `name` alone, without an event and its series. */
bool chart_source_read_other(chart_source *source, const char *folder, const char *name,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void chart_source_clear(chart_source *source);
bool chart_source_has_focus(const chart_source *source); /* false when no event was used: nothing to tell */
/* ISO date of a relative session; "" outside the series. */
const char *chart_source_session(const chart_source *source, int rel_day);
/* The relative session of an ISO date; false outside the series. */
bool chart_source_find(const chart_source *source, const char *session, int *rel_day);
/* Number or text of a JSON object's key; NaN or "" when it is missing, null or of another type. object may be NULL. */
double chart_json_number(const json_t *object, const char *key);
const char *chart_json_text(const json_t *object, const char *key);
/* Rows of one of the folder's tables about the focus event under a model. */
bool chart_source_read_focus(const chart_source *source, const char *file, const char *model, aft_table *rows,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Estimation days of the focus event under a model (fits.csv), NaN when unknown. */
double chart_source_n_obs(const chart_source *source, const char *model);

/* Write the charts of the folders of commands other than run, as aft_charts_write does those of a result. */
bool chart_simulation_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool chart_claims_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool chart_case_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool chart_robust_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool chart_correlate_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool chart_scan_write(const char *folder, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The sample whose averages are told, as the documents choose it, from source's root, model and event. */
void chart_sample_choose(chart_source *source);
/* Whether an event of a group belongs to it. */
bool chart_sample_holds(const chart_source *source, const char *event, const char *group);
/* What another sample is to it: "" the same, the label of one of its groups, NULL something else. Borrowed from name. */
const char *chart_sample_find_group(const chart_source *source, const char *name);
/* "on 2025-01-27", or "on day 0" when its events have several sessions. Owned. */
char *chart_sample_when(const chart_source *source);

/* Fails with AFT_REPORT_ERROR_CHART when the data cannot fill it; the message completes "chart NAME left out: ". */
typedef bool (*chart_builder)(const chart_source *source, GString *tsv, GError **error);
bool chart_price_build(const chart_source *source, GString *tsv, GError **error);
bool chart_abnormal_build(const chart_source *source, GString *tsv, GError **error);
bool chart_car_build(const chart_source *source, GString *tsv, GError **error);
bool chart_caar_build(const chart_source *source, GString *tsv, GError **error);
bool chart_fit_build(const chart_source *source, GString *tsv, GError **error);
bool chart_forest_build(const chart_source *source, GString *tsv, GError **error);
bool chart_timeline_build(const chart_source *source, GString *tsv, GError **error);
bool chart_value_build(const chart_source *source, GString *tsv, GError **error);       /* of a verification's */
bool chart_placebo_build(const chart_source *source, GString *tsv, GError **error);     /* of a case's */
bool chart_size_build(const chart_source *source, GString *tsv, GError **error);        /* of a simulation's folder */
bool chart_attention_build(const chart_source *source, GString *tsv, GError **error);   /* of a correlation's */
bool chart_correlogram_build(const chart_source *source, GString *tsv, GError **error); /* the same */
bool chart_specification_build(const chart_source *source, GString *tsv,
                               GError **error);                                   /* of a specification curve's */
bool chart_moves_build(const chart_source *source, GString *tsv, GError **error); /* of a scan's */
/* Sets error to AFT_REPORT_ERROR_CHART. */
void chart_set_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* The same, and false; a macro, so that the analyzers see that nothing goes on. */
#define chart_fail(...) (chart_set_error(__VA_ARGS__), false)

/*
 * The TSV: blocks with a comment line each, separated by two empty lines, which gnuplot counts from 0. Every block has
 * at least one row, because gnuplot does not count an empty one: end fills it with NaN.
 */
typedef struct chart_block {
  GString *out;
  gsize start;
  int n_columns;
} chart_block;
/* columns: names in the order of the row, separated by blanks. */
chart_block chart_block_begin(GString *out, const char *name, const char *columns);
void chart_block_end(const chart_block *block);
/* A block of rows that are written already. */
void chart_write_block(GString *out, const char *name, const char *columns, const GString *rows);
/* One row of numbers; with text, one more field. NaN is written as NaN. */
void chart_row_append(GString *out, const double *values, size_t n, const char *text);
#define chart_row(out, ...) chart_row_text(out, NULL, __VA_ARGS__)
#define chart_row_text(out, text, ...) \
  chart_row_append(out, (const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double), text)
/*
 * Foreign text made fit for a TSV field that gnuplot draws: control and formatting characters become blanks; a
 * backslash and a double quote, which gnuplot reads as escape and delimiter, become look-alikes; longer than max_chars
 * ends in an ellipsis.
 */
void chart_text_append(GString *out, const char *text, size_t max_chars);
char *chart_text_cut(const char *text, size_t max_chars); /* the same, owned */
/* Pixels that text takes as a label, wide (East Asian) characters counted twice. */
double chart_text_width(const char *text);
char *chart_text_fit(const char *text, double pixels); /* cut to a width, at least three characters; owned */

/* "−13.3 %", "+8.9 %", and the number alone; a true minus sign; "n/a" for what is not finite. */
#define CHART_NUMBER 48
char *chart_percent(double fraction, int digits, char buffer[CHART_NUMBER]);
char *chart_decimal(double value, int digits, char buffer[CHART_NUMBER]);
/* Place of name in names, where it is added when it is new. names: of char *, owned. */
int chart_names_index(GPtrArray *names, const char *name);
/* "27 Jan" of an ISO date, or the text itself. Owned. */
char *chart_day_label(const char *iso);
/* "fell 17.0 %", "rose 8.9 %", "did not move" (below half a unit of the last digit). Owned. */
char *chart_move(double fraction);

/* The panel: its edges in pixels, its axes, and tick steps. */
typedef struct chart_frame {
  double height, left, right, bottom, top;
  double x_min, x_max, y_min, y_max, x_tick, x_step, y_step;
} chart_frame;
/* Usual edges; right_room: pixels kept right of the panel for labels. */
void chart_frame_init(chart_frame *frame, double right_room);
/* Rounds [low, high] outwards to steps of 1, 2 or 5 times a power of ten, about n of them. */
void chart_range(double low, double high, int n, double *first, double *last, double *step);
/* Widens a range that holds one value only (to rounding) by margin on both sides: an axis must not be empty. */
void chart_open_range(double *low, double *high, double margin);
#define CHART_MARGIN 0.005                                /* for returns: half a percent */
double chart_frame_x(const chart_frame *frame, double x); /* pixels */
double chart_frame_y(const chart_frame *frame, double y);
double chart_frame_at_y(const chart_frame *frame, double pixels); /* the inverse */
/* Tick positions for relative sessions from first to last: 0 is one of them, labels do not touch. */
void chart_frame_sessions(chart_frame *frame, int first, int last);

/* Blocks 0 to 2 of every chart: layout; title, subtitle and footer; labels of the session axis (frame NULL: none). */
void chart_write_layout(GString *out, const chart_frame *frame);
void chart_write_header(GString *out, const char *title, const char *subtitle, const char *footer);
void chart_write_sessions(GString *out, const chart_frame *frame, const chart_source *source);
/*
 * "Data: prices.csv · model …": where the numbers come from; owned. files: keys of the study, blanks between; with returns_files the
 * chart shows returns, and says when they are logarithmic.
 */
char *chart_footer(const chart_source *source, const char *files, const char *extra);

/* Labels in pixels, and the rectangles that marks and labels have taken. */
enum chart_align { CHART_ALIGN_LEFT, CHART_ALIGN_CENTER, CHART_ALIGN_RIGHT };
enum chart_weight { CHART_WEIGHT_PLAIN, CHART_WEIGHT_STRONG, CHART_WEIGHT_SMALL };
enum { CHART_INK = -1, CHART_GREY = -2 }; /* colours beside the palette's 0, 1, ... */
typedef struct chart_box {
  double left, right, bottom, top;
} chart_box;
typedef struct chart_labels {
  GString *rows;
  GArray *boxes; /* of chart_box */
  double height; /* of the canvas */
} chart_labels;
void chart_labels_init(chart_labels *labels, double height);
void chart_labels_clear(chart_labels *labels);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(chart_labels, chart_labels_clear)
/* Marks a place as taken by something drawn. */
void chart_labels_block(chart_labels *labels, chart_box box);
/* Adds a label, its middle at height y; try only where it is on the canvas and covers nothing. */
void chart_labels_add(chart_labels *labels, double x, double y, enum chart_align align, enum chart_weight weight,
                      int colour, const char *text);
bool chart_labels_try(chart_labels *labels, double x, double y, enum chart_align align, enum chart_weight weight,
                      int colour, const char *text);
/* Block 3 of every chart. */
void chart_write_labels(GString *out, const chart_labels *labels);
/* Moves y[0..n) apart, as little as possible and keeping their order, until neighbours differ by gap. */
void chart_spread(double *y, size_t n, double gap);

#endif
