/* Panels in files that are mapped. */
#include <aftershock/market/panel_cache.h>

#include "panel_internal.h"

#include <string.h>

#include <aftershock/base/banned.h>

#define KIND "AFTPANEL"

/* The Makefile sums up the sources that have a part in a panel: one that others made is not used. */
#ifndef AFT_PANEL_CODE
#define AFT_PANEL_CODE "unknown"
#endif

/* Sections of the file; a matrix that the panel does not have is of no bytes. */
enum section {
  SECTION_SHAPE = 1,
  SECTION_SYMBOLS, /* each with a NUL behind it */
  SECTION_NOTE,
  SECTION_FIRST_VALID,
  SECTION_LAST_VALID,
  SECTION_GAP,
  SECTION_VOLUME_COUNT,
  SECTION_RETURNS,
  SECTION_GAP_RETURNS,
  SECTION_BASIS,
  SECTION_SPLIT,
  SECTION_PRICE, /* the columns one after the other */
  N_SECTIONS = SECTION_PRICE + AFT_PRICE_N_COLUMNS
};

typedef struct shape {
  int64_t first_session;
  uint64_t n_sessions, n_securities;
} shape;

/* Matrices of doubles, in the order of their sections from SECTION_RETURNS on. */
enum { N_MATRICES = N_SECTIONS - SECTION_RETURNS };

static void list_matrices(aft_panel *panel, double **list[N_MATRICES]) {
  double **const first[] = {&panel->returns, &panel->gap_returns, &panel->basis, &panel->split};
  for (size_t i = 0; i < G_N_ELEMENTS(first); i++) list[i] = first[i];
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) list[SECTION_PRICE - SECTION_RETURNS + c] = &panel->price[c];
}

static char *make_heading(const char *key) {
  return g_strdup_printf("aftershock %s, sources %s, long %d, sections %d\n%s", AFT_VERSION, AFT_PANEL_CODE,
                         (int)sizeof(long), N_SECTIONS, key);
}

uint64_t aft_panel_count_bytes(const aft_panel *panel) {
  aft_panel copy = *panel;
  double **list[N_MATRICES];
  uint64_t cells = (uint64_t)panel->n_securities * panel->n_sessions, n = panel->gap != NULL ? cells * sizeof(int) : 0;
  if (panel->volume_count != NULL) n += cells * sizeof *panel->volume_count;
  list_matrices(&copy, list);
  for (int i = 0; i < N_MATRICES; i++)
    if (*list[i] != NULL) n += cells * sizeof(double);
  return n;
}

/* ---- keeping ---- */

static bool put_symbols(aft_mapped_writer *writer, const aft_panel *panel, GError **error) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (size_t i = 0; i < panel->n_securities; i++)
    g_string_append_len(text, panel->symbols[i], (gssize)strlen(panel->symbols[i]) + 1);
  return aft_mapped_put(writer, text->str, text->len, error);
}

static bool put_panel(aft_mapped_writer *writer, const aft_panel *panel, const char *note, size_t n_note,
                      GError **error) {
  aft_panel copy = *panel;
  double **list[N_MATRICES];
  size_t n = panel->n_securities, cells = n * panel->n_sessions;
  shape s = {panel->first_session, panel->n_sessions, n};
  list_matrices(&copy, list);
  if (!aft_mapped_put(writer, &s, sizeof s, error) || !put_symbols(writer, panel, error) ||
      !aft_mapped_put(writer, note, n_note, error) ||
      !aft_mapped_put(writer, panel->first_valid, n * sizeof *panel->first_valid, error) ||
      !aft_mapped_put(writer, panel->last_valid, n * sizeof *panel->last_valid, error) ||
      !aft_mapped_put(writer, panel->gap, panel->gap != NULL ? cells * sizeof *panel->gap : 0, error) ||
      !aft_mapped_put(writer, panel->volume_count,
                      panel->volume_count != NULL ? cells * sizeof *panel->volume_count : 0, error))
    return false;
  for (int i = 0; i < N_MATRICES; i++)
    if (!aft_mapped_put(writer, *list[i], *list[i] != NULL ? cells * sizeof **list[i] : 0, error)) return false;
  return true;
}

bool aft_panel_keep(const aft_panel *panel, const char *path, const char *key, const char *note, size_t n_note,
                    GError **error) {
  g_autofree char *heading = make_heading(key);
  g_assert(*key != '\0' && n_note > 0);
  aft_mapped_writer *writer = aft_mapped_create(path, KIND, heading, error);
  if (writer == NULL) return false;
  if (put_panel(writer, panel, note, n_note, error)) return aft_mapped_commit(writer, error);
  aft_mapped_discard(writer);
  return false;
}

/* ---- recalling ---- */

typedef struct recalled {
  aft_panel panel; /* panel.file is the file */
  unsigned n_threads;
  const char *path;
} recalled;

static bool refuse(const char *path, GError **error) {
  g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL, "%s: what it holds is no panel of this calendar", path);
  return false;
}

/* A section that must have exactly so many bytes; NULL on failure. */
static const void *take(recalled *r, size_t section, size_t size, GError **error) {
  if (size > 0 && aft_mapped_size(r->panel.file, section) == size)
    return aft_mapped_take(r->panel.file, section, r->n_threads, error);
  refuse(r->path, error);
  return NULL;
}

static bool take_shape(recalled *r, const aft_calendar *calendar, GError **error) {
  shape s;
  const void *there = take(r, SECTION_SHAPE, sizeof s, error);
  uint64_t n_sessions = aft_calendar_n_sessions(calendar);
  if (there == NULL) return false;
  memcpy(&s, there, sizeof s);
  if (s.first_session < 0 || (uint64_t)s.first_session >= n_sessions || s.n_sessions == 0 ||
      s.n_sessions > n_sessions - (uint64_t)s.first_session || s.n_securities == 0 || s.n_securities > UINT32_MAX)
    return refuse(r->path, error);
  panel_set_sessions(&r->panel, (long)s.first_session, (size_t)s.n_sessions);
  r->panel.n_securities = (size_t)s.n_securities;
  return true;
}

static bool take_symbols(recalled *r, GError **error) {
  size_t size = aft_mapped_size(r->panel.file, SECTION_SYMBOLS), n = r->panel.n_securities;
  const char *text = take(r, SECTION_SYMBOLS, size, error);
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  if (text == NULL) return false;
  if (text[size - 1] != '\0') return refuse(r->path, error);
  for (size_t at = 0; at < size; at += strlen(text + at) + 1) g_ptr_array_add(names, (gpointer)(guintptr)(text + at));
  if (names->len != n) return refuse(r->path, error);
  panel_set_symbols(&r->panel, (const char *const *)names->pdata, n);
  return true;
}

/* A matrix in the file; one of no bytes is not there. */
static bool take_matrix(recalled *r, size_t section, size_t width, const void **matrix, GError **error) {
  *matrix = NULL;
  if (aft_mapped_size(r->panel.file, section) == 0) return true;
  *matrix = take(r, section, r->panel.n_securities * r->panel.n_sessions * width, error);
  return *matrix != NULL;
}

static bool take_matrices(recalled *r, bool drop_volume, GError **error) {
  aft_panel *panel = &r->panel;
  double **list[N_MATRICES];
  const void *matrix;
  list_matrices(panel, list);
  for (size_t i = 0; i < N_MATRICES; i++) {
    if (drop_volume && i + SECTION_RETURNS == SECTION_PRICE + AFT_PRICE_VOLUME) continue;
    if (!take_matrix(r, SECTION_RETURNS + i, sizeof(double), &matrix, error)) return false;
    *list[i] = (double *)(guintptr)matrix;
  }
  if (!take_matrix(r, SECTION_GAP, sizeof *panel->gap, &matrix, error)) return false;
  panel->gap = (int *)(guintptr)matrix;
  if (!drop_volume && !take_matrix(r, SECTION_VOLUME_COUNT, sizeof *panel->volume_count, &matrix, error)) return false;
  if (!drop_volume) panel->volume_count = (uint32_t *)(guintptr)matrix;
  return (panel->returns != NULL && (panel->gap == NULL) == (panel->gap_returns == NULL)) || refuse(r->path, error);
}

static bool take_spans(recalled *r, GError **error) {
  size_t size = r->panel.n_securities * sizeof(long);
  const void *first = take(r, SECTION_FIRST_VALID, size, error);
  const void *last = first != NULL ? take(r, SECTION_LAST_VALID, size, error) : NULL;
  if (last == NULL) return false;
  r->panel.first_valid = g_memdup2(first, size);
  r->panel.last_valid = g_memdup2(last, size);
  for (size_t i = 0; i < r->panel.n_securities; i++)
    if (r->panel.first_valid[i] < -1 || r->panel.last_valid[i] < r->panel.first_valid[i] ||
        r->panel.last_valid[i] >= (long)r->panel.n_sessions)
      return refuse(r->path, error);
  return true;
}

static bool take_note(recalled *r, char **note, size_t *n_note, GError **error) {
  size_t size = aft_mapped_size(r->panel.file, SECTION_NOTE);
  const char *there = take(r, SECTION_NOTE, size, error);
  if (there == NULL) return false;
  *note = g_malloc(size + 1);
  memcpy(*note, there, size);
  (*note)[size] = '\0';
  *n_note = size;
  return true;
}

bool aft_panel_recall(aft_panel *panel, const aft_calendar *calendar, const char *path, const char *key,
                      bool drop_volume, unsigned n_threads, char **note, size_t *n_note, GError **error) {
  g_autofree char *heading = make_heading(key);
  recalled r = {.panel = {.calendar = calendar, .market_security = -1}, .n_threads = n_threads, .path = path};
  r.panel.file = aft_mapped_open(path, KIND, heading, error);
  if (r.panel.file == NULL) return false;
  if (take_shape(&r, calendar, error) && take_symbols(&r, error) && take_spans(&r, error) &&
      take_matrices(&r, drop_volume, error) && take_note(&r, note, n_note, error)) {
    *panel = r.panel;
    return true;
  }
  aft_panel_clear(&r.panel);
  return false;
}
