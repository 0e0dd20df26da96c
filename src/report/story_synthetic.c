/* Section "Against a synthetic control": what the control of the focus security is made of, and its donors in its place. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_DONORS = 6 };

aft_grid *aft_story_grid_synthetic(aft_story *story) {
  const aft_table *table = &story->facts->synthetic_table;
  aft_words *words = &story->words;
  static const char *const columns[] = {"Donors", "Placebos", "RMSPE before, %", "RMSPE of window, %", "Ratio", "p"};
  aft_grid *grid = aft_grid_new("synthetic", "Events against their synthetic controls");
  aft_grid_add_column(grid, "Model", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Story", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Note", AFT_COLUMN_TEXT);
  for (size_t row = 0; row < table->n_rows; row++) {
    aft_grid_add(grid, aft_facts_text(table, row, "model"));
    aft_grid_add(grid, aft_facts_text(table, row, "event"));
    aft_grid_add(grid, aft_facts_text(table, row, "symbol"));
    aft_grid_add(grid, aft_words_window(words, aft_facts_window(table, row)));
    aft_grid_add(grid, aft_facts_text(table, row, "n_donors"));
    aft_grid_add(grid, aft_facts_text(table, row, "n_placebos"));
    aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(table, row, "pre_rmspe")));
    aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(table, row, "post_rmspe")));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "ratio"), 2));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p_value")));
    aft_grid_add(grid, aft_facts_text(table, row, "note"));
  }
  aft_grid_add_note(grid,
                    "RMSPE: root mean square of the residuals before the event, and of the abnormal returns of the "
                    "window. p: how many of the placebos, donors in the event's place, have as large a ratio; it "
                    "cannot be smaller than 1 / (placebos + 1).");
  return grid;
}

typedef struct share {
  const char *donor;
  double weight;
} share;

static int compare_shares(gconstpointer left, gconstpointer right) {
  const share *a = left, *b = right;
  if (a->weight != b->weight) return a->weight < b->weight ? 1 : -1;
  return strcmp(a->donor, b->donor);
}

/* "COST (53.35 %), META (36.56 %) and AAPL (10.09 %)", the heaviest first. */
static const char *list_weights(aft_story *story, const char *model) {
  const aft_table *table = &story->facts->weights_table;
  aft_words *words = &story->words;
  static const char *const names[] = {"model", "event", "symbol"};
  const char *values[] = {model, story->facts->focus.event, story->facts->focus.symbol};
  g_autoptr(GArray) shares = g_array_new(FALSE, FALSE, sizeof(share));
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (size_t row = aft_facts_find_row(table, 0, 3, names, values); row < table->n_rows;
       row = aft_facts_find_row(table, row + 1, 3, names, values)) {
    share one = {aft_facts_text(table, row, "donor"), aft_facts_number(table, row, "weight")};
    if (one.weight > 0) g_array_append_val(shares, one);
  }
  g_array_sort(shares, compare_shares);
  for (guint i = 0; i < shares->len; i++) {
    const share *one = &g_array_index(shares, share, i);
    const char *text = aft_words_format(words, "%s (%s)", one->donor, aft_words_percent(words, one->weight));
    g_ptr_array_add(named, (gpointer)(guintptr)text);
  }
  return aft_words_join(words, named, MOST_DONORS);
}

/* What the placebos say of one window. */
static void say_placebos(aft_story *story, aft_line *line, size_t row) {
  const aft_table *table = &story->facts->synthetic_table;
  aft_words *words = &story->words;
  double ratio = aft_facts_number(table, row, "ratio"), n = aft_facts_number(table, row, "n_placebos");
  double p = aft_facts_number(table, row, "p_value");
  if (isnan(p)) {
    aft_line_say(line, "Placebos say nothing of it (%s).", aft_facts_text(table, row, "note"));
    return;
  }
  double n_as_large = round(p * (n + 1) - 1);
  aft_line_say(line, "%s it strayed from the control %s times as far as on ordinary days before. ",
               aft_words_over(words, story->window, true), aft_words_fixed(words, ratio, 2));
  aft_line_say(line,
               "Put in its place one after the other, each with a control of the others, %s of %s strayed as far: %s",
               n_as_large == 0 ? "none" : aft_words_count(words, n_as_large),
               aft_words_noun(words, n, "donor", "donors"), aft_words_p(words, p));
  aft_line_say(line, n_as_large == 0 ? ", the smallest that so many placebos can give." : ".");
}

static void tell_control(aft_story *story, const char *model, size_t row) {
  const aft_table *table = &story->facts->synthetic_table;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "The control of %s under ", story->facts->focus.symbol);
  aft_line_code(line, model);
  aft_line_say(line, " draws on %s, with weights learnt before the event: %s. ",
               aft_words_noun(words, aft_facts_number(table, row, "n_donors"), "donor", "donors"),
               list_weights(story, model));
  say_placebos(story, line, row);
}

void aft_story_tell_synthetic(aft_story *story) {
  const aft_facts *facts = story->facts;
  const aft_table *table = &facts->synthetic_table;
  static const char *const names[] = {"model", "event", "symbol", "first", "last"};
  g_autofree char *first = g_strdup_printf("%d", story->window.first),
                  *last = g_strdup_printf("%d", story->window.last);
  bool is_first = true;
  for (guint m = 0; m < facts->models->len; m++) {
    const char *model = g_array_index(facts->models, aft_fact_model, m).name;
    const char *values[] = {model, facts->focus.event, facts->focus.symbol, first, last};
    size_t row = aft_facts_find_row(table, 0, G_N_ELEMENTS(names), names, values);
    if (row == table->n_rows) continue;
    if (is_first) aft_document_add_heading(story->document, "synthetic", "Against a synthetic control");
    is_first = false;
    tell_control(story, model, row);
  }
  if (is_first) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line, "Judge a synthetic control by its placebos. Its standard errors, t and tests in the other tables leave out "
            "that the weights are estimates, and are a description. A donor that the news reached too pulls the "
            "abnormal return toward zero. Every window and event is in ");
  aft_line_code(line, "tables/synthetic.md");
  aft_line_say(line, ", every weight in ");
  aft_line_code(line, "weights.csv");
  aft_line_say(line, ".");
}
