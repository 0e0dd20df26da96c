/* CARs of a sample on a constant, numbers and dummies. */
#include <aftershock/study/car_regression.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

const aft_car_errors *aft_car_errors_table(size_t *n) {
  static const aft_car_errors table[] = {{"hc3", AFT_ERRORS_HC3, false},
                                         {"hc2", AFT_ERRORS_HC2, false},
                                         {"hc1", AFT_ERRORS_HC1, false},
                                         {"hc0", AFT_ERRORS_HC0, false},
                                         {"ols", AFT_ERRORS_OLS, false},
                                         {"cluster_date", AFT_ERRORS_CLUSTER, false},
                                         {"cluster_firm", AFT_ERRORS_CLUSTER, true}};
  *n = G_N_ELEMENTS(table);
  return table;
}

void aft_car_regression_spec_clear(aft_car_regression_spec *spec) {
  g_free(spec->name);
  g_free(spec->covariates);
  for (size_t t = 0; t < spec->n_terms; t++) {
    aft_car_term *term = &spec->terms[t];
    for (size_t i = 0; term->label != NULL && i < spec->n_events; i++) g_free(term->label[i]);
    g_free(term->label);
    g_free(term->value);
    g_free(term->name);
    g_free(term->base);
  }
  for (size_t i = 0; spec->missing != NULL && i < spec->n_events; i++) g_free(spec->missing[i]);
  g_free(spec->missing);
  g_free(spec->terms);
  g_free(spec->windows);
  memset(spec, 0, sizeof *spec);
}

void aft_car_regression_row_clear(aft_car_regression_row *row) {
  g_strfreev(row->terms);
  row->terms = NULL;
}

/* The events that enter, with what is regressed. */
typedef struct gathered {
  size_t n;
  size_t *row;        /* [n] of abnormal */
  double *y, *weight; /* [n] */
} gathered;

static void gather(const aft_abnormal *a, const size_t *member, size_t n, aft_car_regression_row *out, gathered *g) {
  int first = out->window.first - a->first_rel, last = out->window.last - a->first_rel;
  for (size_t i = 0; i < n; i++) {
    double car, variance;
    aft_abnormal_car(a, member[i], first, last, &car, &variance);
    if (isnan(car) || (out->spec->by_variance && !(variance > 0))) {
      out->without_car++;
    } else if (out->spec->missing != NULL && out->spec->missing[a->event[member[i]]] != NULL) {
      out->without_covariates++;
    } else {
      g->row[g->n] = member[i];
      g->y[g->n] = car;
      g->weight[g->n++] = 1 / variance;
    }
  }
  out->n = g->n;
}

static int compare_texts(gconstpointer a, gconstpointer b) {
  const char *const *x = a, *const *y = b;
  return strcmp(*x, *y);
}

/* Different labels of the events that enter, in alphabetical order, borrowed. */
static GPtrArray *list_labels(const aft_abnormal *a, const gathered *g, const aft_car_term *term) {
  GPtrArray *labels = g_ptr_array_new();
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < g->n; i++) {
    char *label = term->label[a->event[g->row[i]]];
    if (g_hash_table_add(seen, label)) g_ptr_array_add(labels, label);
  }
  g_ptr_array_sort(labels, compare_texts);
  return labels;
}

/* The columns so far; x grows by one column of n values a call. */
typedef struct columns {
  GArray *x;        /* of double, column after column */
  GPtrArray *names; /* owned texts */
} columns;

static double *add_column(columns *c, size_t n, char *name) {
  guint before = c->x->len;
  g_array_set_size(c->x, before + (guint)n);
  g_ptr_array_add(c->names, name);
  return &g_array_index(c->x, double, before);
}

/* A reason when the base is not among the labels. */
static const char *add_dummies(const aft_abnormal *a, const gathered *g, const aft_car_term *term, columns *c) {
  g_autoptr(GPtrArray) labels = list_labels(a, g, term);
  if (labels->len == 0) return NULL;
  const char *base = term->base != NULL ? term->base : g_ptr_array_index(labels, 0);
  bool has_base = false;
  for (guint l = 0; l < labels->len; l++) has_base = has_base || strcmp(g_ptr_array_index(labels, l), base) == 0;
  if (!has_base) return "no event has the base of a categorical term";
  if (labels->len > AFT_OLS_MAX_COEF) return "a categorical term has too many labels";
  for (guint l = 0; l < labels->len; l++) {
    const char *label = g_ptr_array_index(labels, l);
    if (strcmp(label, base) == 0) continue;
    double *x = add_column(c, g->n, g_strdup_printf("%s:%s", term->name, label));
    for (size_t i = 0; i < g->n; i++) x[i] = strcmp(term->label[a->event[g->row[i]]], label) == 0;
  }
  return NULL;
}

static const char *add_terms(const aft_abnormal *a, const gathered *g, const aft_car_regression_spec *spec,
                             columns *c) {
  double *constant = add_column(c, g->n, g_strdup("constant"));
  for (size_t i = 0; i < g->n; i++) constant[i] = 1;
  for (size_t t = 0; t < spec->n_terms; t++) {
    const aft_car_term *term = &spec->terms[t];
    if (term->categorical) {
      const char *note = add_dummies(a, g, term, c);
      if (note != NULL) return note;
      continue;
    }
    double *x = add_column(c, g->n, g_strdup(term->name));
    for (size_t i = 0; i < g->n; i++) x[i] = term->value[a->event[g->row[i]]];
  }
  return c->names->len > AFT_OLS_MAX_COEF ? "more columns than a regression may have" : NULL;
}

/* Clusters of the events that enter, numbered by first appearance; returns their number. */
static size_t find_clusters(const aft_abnormal *a, const gathered *g, bool by_firm, size_t *cluster) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_direct_hash, g_direct_equal);
  for (size_t i = 0; i < g->n; i++) {
    int key = by_firm ? aft_abnormal_firm(a, g->row[i]) : aft_abnormal_date(a, g->row[i], 0);
    size_t known = GPOINTER_TO_SIZE(g_hash_table_lookup(seen, GINT_TO_POINTER(key)));
    if (known == 0)
      g_hash_table_insert(seen, GINT_TO_POINTER(key), GSIZE_TO_POINTER(known = g_hash_table_size(seen) + 1));
    cluster[i] = known - 1;
  }
  return g_hash_table_size(seen);
}

static void fit(const aft_abnormal *a, const gathered *g, const columns *c, aft_car_regression_row *out) {
  const aft_car_regression_spec *spec = out->spec;
  g_autofree size_t *cluster = g_new(size_t, MAX(g->n, 1));
  aft_regression_data data = {.n = g->n,
                              .k = out->k,
                              .y = g->y,
                              .x = (const double *)(const void *)c->x->data,
                              .weight = spec->by_variance ? g->weight : NULL,
                              .errors = spec->errors->errors,
                              .cluster = cluster};
  if (data.errors == AFT_ERRORS_CLUSTER) data.n_clusters = find_clusters(a, g, spec->errors->by_firm, cluster);
  aft_regression_fit(&data, &out->fit);
}

void aft_car_regression_fit(const aft_abnormal *abnormal, const size_t *member, size_t n, aft_car_regression_row *row) {
  g_autofree size_t *kept = g_new(size_t, MAX(n, 1));
  g_autofree double *values = g_new(double, 2 * MAX(n, 1));
  gathered g = {.row = kept, .y = values, .weight = values + n};
  columns c = {g_array_new(FALSE, FALSE, sizeof(double)), g_ptr_array_new()};
  row->without_car = row->without_covariates = 0;
  gather(abnormal, member, n, row, &g);
  const char *note = add_terms(abnormal, &g, row->spec, &c);
  row->k = note == NULL ? (int)c.names->len : 0;
  g_ptr_array_add(c.names, NULL);
  row->terms = (char **)g_ptr_array_free(c.names, FALSE);
  if (note == NULL) {
    fit(abnormal, &g, &c, row);
  } else {
    aft_regression_data nothing = {.n = 0, .k = 1};
    aft_regression_fit(&nothing, &row->fit);
    row->fit.note = row->fit.f_note = note;
  }
  g_array_unref(c.x);
}
