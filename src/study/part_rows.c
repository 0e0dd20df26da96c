/* The rows of one fit over one part of the events, put away as bytes and got back. */
#include "part_rows.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MARK = 0x46495453, MAX_TEXTS = 1000, MAX_TEXT_BYTES = 1 << 16, MAX_COLUMNS = 24 };

/* In front of a part of a fit; its shape must be that of the fit that gets it. */
typedef struct heading {
  gint64 mark, n, n_kept, row_bytes, n_texts, text_bytes;
} heading;

/* One array of the result with a row for each fitted event. */
typedef struct column {
  char *base;
  size_t row_bytes;
} column;

static size_t list_columns(const aft_model_result *model, column *columns) {
  const aft_abnormal *a = &model->abnormal;
  size_t n = 0, n_rel = (size_t)a->n_rel, n_z = (size_t)a->n_z, width = (size_t)model->width;
  const column kept[] = {
      {(char *)a->loglik, sizeof(double)},
      {(char *)a->abnormal, n_rel * sizeof(double)}, /* of the rest, what a model or its study keeps */
      {(char *)a->h, n_rel * sizeof(double)},
      {(char *)a->z, n_rel * n_z * sizeof(double)},
      {(char *)a->root, n_z * (n_z + 1) / 2 * sizeof(double)},
      {(char *)a->realised, n_rel * sizeof(double)},
      {(char *)a->expected, n_rel * sizeof(double)}};
  columns[n++] = (column){(char *)a->fit, sizeof *a->fit};
  for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
    if (kept[i].base != NULL) columns[n++] = kept[i];
  columns[n++] = (column){(char *)model->coefficient, width * sizeof *model->coefficient};
  if (a->gap != NULL) columns[n++] = (column){(char *)a->gap, n_rel * sizeof(int)};
  if (a->residual != NULL) columns[n++] = (column){(char *)a->residual, (size_t)a->n_est * sizeof(double)};
  if (model->donors != NULL) {
    const aft_donors *donors = model->donors;
    size_t n_donors = (size_t)donors->n;
    columns[n++] = (column){(char *)donors->weight, n_donors * sizeof(double)};
    columns[n++] = (column){(char *)donors->pre, n_donors * sizeof(double)};
    columns[n++] = (column){(char *)donors->abnormal, n_donors * n_rel * sizeof(double)};
  }
  return n;
}

static size_t sum_bytes(const column *columns, size_t n) {
  size_t sum = 0;
  for (size_t i = 0; i < n; i++) sum += columns[i].row_bytes;
  return sum;
}

/* Numbers of the texts, which are few: each stands once in `texts`; -1 for none. Owned. */
static gint32 *number_texts(const char *const *text, size_t n, GPtrArray *texts) {
  gint32 *number = g_new(gint32, MAX(n, 1));
  for (size_t i = 0; i < n; i++) {
    guint place = 0;
    number[i] = -1;
    if (text[i] == NULL) continue;
    if (!g_ptr_array_find_with_equal_func(texts, text[i], g_str_equal, &place)) {
      place = texts->len;
      g_ptr_array_add(texts, (gpointer)(guintptr)text[i]);
    }
    number[i] = (gint32)place;
  }
  return number;
}

static bool put(const aft_parts *parts, const void *bytes, size_t size, GError **error) {
  return size == 0 || parts->put(bytes, size, parts->data, error);
}

bool part_rows_put(const aft_parts *parts, const aft_model_result *model, const part_lists *lists, GError **error) {
  column columns[MAX_COLUMNS];
  size_t n_columns = list_columns(model, columns), n_kept = model->abnormal.n_events;
  g_autoptr(GPtrArray) texts = g_ptr_array_new();
  g_autofree gint32 *reason = number_texts(lists->reason, lists->n, texts);
  size_t n_notes = model->abnormal.note == NULL ? 0 : n_kept;
  g_autofree gint32 *note = number_texts(model->abnormal.note, n_notes, texts);
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < texts->len; i++) {
    const char *text = g_ptr_array_index(texts, i);
    g_string_append_len(all, text, (gssize)strlen(text) + 1);
  }
  g_assert(texts->len <= MAX_TEXTS && all->len <= MAX_TEXT_BYTES);
  const heading head = {MARK,
                        (gint64)lists->n,
                        (gint64)n_kept,
                        (gint64)sum_bytes(columns, n_columns),
                        (gint64)texts->len,
                        (gint64)all->len};
  bool ok = put(parts, &head, sizeof head, error) && put(parts, all->str, all->len, error) &&
            put(parts, reason, lists->n * sizeof *reason, error) &&
            put(parts, lists->n_obs, lists->n * sizeof *lists->n_obs, error) &&
            put(parts, note, n_notes * sizeof *note, error);
  for (size_t i = 0; ok && i < n_columns; i++) ok = put(parts, columns[i].base, n_kept * columns[i].row_bytes, error);
  for (size_t w = 0; ok && w < lists->n_windows; w++)
    ok = put(parts, model->bhar + w * lists->stride, n_kept * sizeof *model->bhar, error);
  return ok;
}

static bool refuse(const aft_parts *parts, size_t part, const char *what, GError **error) {
  g_autofree char *name = parts->name(part, parts->data);
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: its %s cannot be of this study (make it again with the program that merges)", name, what);
  return false;
}

static bool get(const aft_parts *parts, size_t part, void *bytes, size_t size, GError **error) {
  return size == 0 || parts->get(part, bytes, size, parts->data, error);
}

/* The texts of a part by their numbers, static. NULL when they are not as the heading says. */
static const char **read_texts(const char *all, const heading *head) {
  g_autofree const char **texts = g_new0(const char *, (size_t)head->n_texts + 1);
  const char *at = all, *end = all + head->text_bytes;
  for (gint64 i = 0; i < head->n_texts; i++) {
    const char *stop = memchr(at, '\0', (size_t)(end - at));
    if (stop == NULL || !g_utf8_validate(at, stop - at, NULL)) return NULL;
    texts[i] = g_intern_string(at);
    at = stop + 1;
  }
  return at == end ? g_steal_pointer(&texts) : NULL;
}

/* Gets numbers of texts and puts the texts in their place; false with *known false when a number is of no text. */
static bool get_texts(const aft_parts *parts, size_t part, const char *const *texts, gint64 n_texts, const char **text,
                      size_t n, bool *known, GError **error) {
  g_autofree gint32 *number = g_new(gint32, MAX(n, 1));
  if (!get(parts, part, number, n * sizeof *number, error)) return false;
  *known = true;
  for (size_t i = 0; i < n && *known; i++) {
    *known = number[i] >= -1 && number[i] < n_texts;
    if (*known) text[i] = number[i] < 0 ? NULL : texts[number[i]];
  }
  return *known;
}

static bool is_heading_sound(const heading *head, const part_lists *lists, size_t row_bytes) {
  return head->mark == MARK && head->n == (gint64)lists->n && head->n_kept >= 0 && head->n_kept <= head->n &&
         head->row_bytes == (gint64)row_bytes && head->n_texts >= 0 && head->n_texts <= MAX_TEXTS &&
         head->text_bytes >= 0 && head->text_bytes <= MAX_TEXT_BYTES;
}

/* As many kept candidates as rows. */
static bool are_lists_sound(const part_lists *lists, size_t n_kept) {
  size_t n = 0;
  for (size_t i = 0; i < lists->n; i++) n += lists->reason[i] == NULL;
  return n == n_kept;
}

/* No more coefficients than there is room for. */
static bool are_fits_sound(const aft_event_fit *fit, size_t n, int width) {
  for (size_t i = 0; i < n; i++)
    if (fit[i].n_terms < 0 || fit[i].n_terms > width) return false;
  return true;
}

bool part_rows_get(const aft_parts *parts, size_t part, aft_model_result *model, size_t row, part_lists *lists,
                   size_t *n_kept, GError **error) {
  column columns[MAX_COLUMNS];
  size_t n_columns = list_columns(model, columns);
  heading head;
  bool known = true;
  if (!get(parts, part, &head, sizeof head, error)) return false;
  if (!is_heading_sound(&head, lists, sum_bytes(columns, n_columns))) return refuse(parts, part, "heading", error);
  g_autofree char *all = g_malloc((size_t)head.text_bytes + 1);
  if (!get(parts, part, all, (size_t)head.text_bytes, error)) return false;
  g_autofree const char **texts = read_texts(all, &head);
  if (texts == NULL) return refuse(parts, part, "texts", error);
  *n_kept = (size_t)head.n_kept;
  bool ok = get_texts(parts, part, texts, head.n_texts, lists->reason, lists->n, &known, error) &&
            get(parts, part, lists->n_obs, lists->n * sizeof *lists->n_obs, error) &&
            (model->abnormal.note == NULL ||
             get_texts(parts, part, texts, head.n_texts, model->abnormal.note + row, *n_kept, &known, error));
  if (!known || (ok && !are_lists_sound(lists, *n_kept))) return refuse(parts, part, "list of events", error);
  for (size_t i = 0; ok && i < n_columns; i++)
    ok = get(parts, part, columns[i].base + row * columns[i].row_bytes, *n_kept * columns[i].row_bytes, error);
  if (ok && !are_fits_sound(model->abnormal.fit + row, *n_kept, model->width))
    return refuse(parts, part, "fits", error);
  for (size_t w = 0; ok && w < lists->n_windows; w++)
    ok = get(parts, part, model->bhar + w * lists->stride + row, *n_kept * sizeof *model->bhar, error);
  return ok;
}
