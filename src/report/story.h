/* The story of a study: the facts, what it is told about, and the sections that tell it. */
#ifndef AFTERSHOCK_REPORT_STORY_H
#define AFTERSHOCK_REPORT_STORY_H

#include "document.h"
#include "story_facts.h"
#include "story_words.h"

#include <aftershock/study/adjust.h>
#include <aftershock/study/model.h>
#include <aftershock/study/volume.h>

/* A publication that moved one or more securities of one exchange, as aligned; texts are borrowed from the facts. */
typedef struct aft_told_event {
  const char *event, *article, *published, *local_time, *rule, *session, *market;
  size_t n_used, n_dropped; /* securities */
  bool is_repeat;           /* an earlier one has the same name: one story on several exchanges */
} aft_told_event;

/* The texts that functions return to callers live as long as the story. */
typedef struct aft_story {
  const aft_facts *facts; /* borrowed */
  const char *folder;     /* borrowed */
  aft_document *document; /* borrowed; what the sections are added to */
  aft_words words;
  const char *model;              /* the headline model: all prose is about it */
  const char *sample;             /* the sample that the tests are told about, "" when there is none */
  bool is_one_story;              /* the sample is one story's securities, not many stories' */
  const aft_fact_window *windows; /* [n_windows] those of the study, or else those of car.csv; owned */
  size_t n_windows;
  aft_fact_window window; /* the first one: the main window */
  GArray *events;         /* of aft_told_event, in the order of events.csv */
  size_t n_stories;       /* those of them that are no repeat */
  GPtrArray *groups;      /* of const char *: the samples that divide `sample`, in the order of result.json */
  size_t n_symbols;       /* different securities in events.csv */
  double alpha;           /* 1 - confidence */
  bool has_told_pdf;      /* the report said that there are figures in PDF alone */
  GHashTable *car_index, *fits_index, *abnormal_index; /* model, event, symbol -> first row + 1 */
} aft_story;

void aft_story_init(aft_story *story, const aft_facts *facts, const char *folder);
void aft_story_clear(aft_story *story);

/* Adds every section, in the order of the report. */
void aft_story_tell(aft_story *story, aft_document *document);

/* The sections, each in a file of its own. */
void aft_story_tell_question(aft_story *story);
void aft_story_tell_data(aft_story *story);
void aft_story_tell_alignment(aft_story *story);
void aft_story_tell_focus(aft_story *story);
void aft_story_tell_synthetic(aft_story *story);   /* nothing without a synthetic control of the focus event */
void aft_story_tell_volume(aft_story *story);      /* nothing when volume was not studied */
void aft_story_tell_confounders(aft_story *story); /* inside the focus section; nothing without confounders.csv */
void aft_story_tell_others(aft_story *story);
void aft_story_tell_tests(aft_story *story);
void aft_story_tell_calendar_time(aft_story *story); /* nothing without calendar_time.csv */
void aft_story_tell_regressions(aft_story *story);   /* nothing without regression_fits.csv */
void aft_story_tell_compat(aft_story *story);        /* nothing without compat.csv */
void aft_story_tell_size(aft_story *story);          /* nothing without size_card.csv */
void aft_story_tell_scan(aft_story *story);          /* nothing when the study was not scanned */
void aft_story_tell_diagnostics(aft_story *story);   /* nothing without diagnostics.csv */
void aft_story_tell_care(aft_story *story);
void aft_story_tell_again(aft_story *story);

/*
 * A figure when folder/charts has NAME.png or else NAME.svg: returns the caption's line. Otherwise NULL; if there is a NAME.pdf, the
 * first such call adds a sentence that says where to look.
 */
aft_line *aft_story_add_chart(aft_story *story, const char *name, const char *alt);
bool aft_story_has_focus(const aft_story *story);
/* The last part of a group's sample name: "chips" of "event:rout/chips". */
const char *aft_story_group_name(const aft_story *story, const char *group);
/* Section "Which date carries the move?"; nothing when no story has candidate dates. focus_only: what the report shows. */
void aft_story_tell_candidates(aft_story *story);
aft_grid *aft_story_grid_candidates(aft_story *story, bool focus_only);
/* The paragraph about the focus day's two halves, inside its section; nothing without opening prices. */
void aft_story_tell_gap(aft_story *story);
/* What rests on sessions that are uncertain, inside the section on alignment; nothing when every session is certain. */
void aft_story_tell_uncertain(aft_story *story);
/* Several exchanges: whether there are; whether an event trades on the study's own; what is said of them. */
bool aft_story_has_markets(const aft_story *story);
bool aft_story_is_home(const aft_story *story, const aft_told_event *told);
void aft_story_say_markets(aft_story *story, aft_line *line);
void aft_story_warn_markets(aft_line *line);
/* A model in a sentence, after "the": "market model", "Scholes-Williams model", "CAPM". */
const char *aft_story_model(aft_story *story, const char *model);
/* What a model explains a return with; the benchmark for a model that this version does not know. */
enum aft_model_regressors aft_story_regressors(const aft_story *story, const char *model);
/* Whether the expected return has parameters that are estimated. */
bool aft_story_is_fitted(const aft_story *story, const char *model);
/* What the model measures against: "benchmark IDX", "factors mkt_rf, smb and hml", "no benchmark". */
const char *aft_story_yardstick(aft_story *story, const char *model);
/* The sessions that the headline model learns from, and where they lie: "before" or "around" the event. */
aft_fact_window aft_story_window(const aft_story *story);
const char *aft_story_where(const aft_story *story);
/* The estimation window of the study, and that a model has its own where one does. */
const char *aft_story_windows(aft_story *story);
/* "returned +1.20 %"; in a study of log returns "had a log return of +1.19 % (simple return +1.20 %)". */
const char *aft_story_returned(aft_story *story, double value, double simple);
/* Why an abnormal return or a CAR with that standard error has no t. Static text, a sentence. */
const char *aft_story_no_statistic(double standard_error);
/* "Market model; [0, 0]; ...": what every number of a table rests on. */
const char *aft_story_basis(aft_story *story);
/* Row of fits.csv, car.csv, abnormal.csv (all through an index) or tests.csv; the table's n_rows when there is none. */
size_t aft_story_find_fit(const aft_story *story, const char *model, const char *event, const char *symbol);
size_t aft_story_find_car(const aft_story *story, const char *model, const char *event, const char *symbol,
                          aft_fact_window window);
size_t aft_story_find_day(const aft_story *story, const char *model, const char *event, const char *symbol,
                          int rel_day);
size_t aft_story_find_test(const aft_story *story, const char *sample, aft_fact_window window, const char *test);
/* The same for the story's sample; one-firm tests of a sample of one event stand under its event's name. */
size_t aft_story_find_sample_test(const aft_story *story, aft_fact_window window, const char *test);
/* Number of the sample's events that the headline model was fitted to, whether or not they have a CAR. */
size_t aft_story_count_members(const aft_story *story, const char *sample);
/* Number of different sessions of the sample's used events; with_car: only of those with a CAR over the main window. */
size_t aft_story_count_sessions(const aft_story *story, const char *sample, bool with_car);
/* Whether a row (event, group) of events.csv or car.csv belongs to a sample. */
bool aft_story_is_member(const char *sample, const char *event, const char *group);

/* What is known about a test; names that are not known have all false. */
typedef struct aft_known_test {
  const char *name;
  const char *assumes; /* for a table cell */
  bool about_mean;     /* of the mean or median effect, not of its variance */
  bool holds_one_date; /* right when all events share a date and returns move together */
  bool holds_variance; /* right when the news makes returns vary more */
} aft_known_test;
const aft_known_test *aft_story_known_test(const char *name); /* NULL when unknown */

/* Whether the study asked for both tests of the pair to trust, bmp_kp and grank_t. */
bool aft_story_has_pair(const aft_story *story);
/* The paragraph about groups against each other, inside the section of the tests; nothing when there are no groups. */
void aft_story_tell_pairs(aft_story *story);
/* "5 %": the level at which tests reject. */
const char *aft_story_level(aft_story *story);
/* What p_adjusted is in this folder; folders from before there was a choice hold Holm's. */
const aft_adjustment *aft_story_adjustment(const aft_story *story);
/* Below the first, a test across events needs a caution; below the second, it says hardly anything. */
enum { AFT_FEW_EVENTS = 10, AFT_TOO_FEW_EVENTS = 5 };
/* The caution: what tests across few events do wrong. */
void aft_story_say_few(aft_line *line);
/* Number of events in a defined test when it is fewer than those of the sample with a CAR; NaN otherwise. */
double aft_story_fewer_events(const aft_story *story, size_t test_row, const aft_fact_aggregate *whole);

/* The tables, owned by the caller; most_rows 0: all. */
aft_grid *aft_story_grid_alignment(aft_story *story, size_t most_rows);
aft_grid *aft_story_grid_articles(aft_story *story, size_t most_rows);
aft_grid *aft_story_grid_fits(aft_story *story);
aft_grid *aft_story_grid_focus(aft_story *story);
aft_grid *aft_story_grid_securities(aft_story *story, size_t most_rows);
aft_grid *aft_story_grid_car(aft_story *story);
aft_grid *aft_story_grid_caar(aft_story *story);
aft_grid *aft_story_grid_caar_window(aft_story *story, aft_fact_window window);
aft_grid *aft_story_grid_pair(aft_story *story);
aft_grid *aft_story_grid_headline_tests(aft_story *story);
aft_grid *aft_story_grid_tests(aft_story *story);
aft_grid *aft_story_grid_synthetic(aft_story *story);
aft_grid *aft_story_grid_volume(aft_story *story);
aft_grid *aft_story_grid_moves(aft_story *story);
aft_grid *aft_story_grid_groups(aft_story *story);
aft_grid *aft_story_grid_calendar_time(aft_story *story);
aft_grid *aft_story_grid_uncertain(aft_story *story, size_t most); /* 0: all */
aft_grid *aft_story_grid_compat(aft_story *story);
aft_grid *aft_story_grid_regressions(aft_story *story);
aft_grid *aft_story_grid_regression_fits(aft_story *story);
aft_grid *aft_story_grid_size_card(aft_story *story, bool preferred_only);
/* Tests in the order in which a reader should look; NULL-terminated. */
const char *const *aft_story_preferred_tests(void);

#endif
