/* What a study asks of its news: how moves are found and linked, and which lags are correlated. */
#ifndef AFTERSHOCK_STUDY_NEWS_H
#define AFTERSHOCK_STUDY_NEWS_H

#include <glib.h>
#include <stdbool.h>

enum aft_detector { AFT_DETECTOR_MAD, AFT_DETECTOR_STUDENTIZED, AFT_DETECTOR_LEE_MYKLAND };

typedef struct aft_scan_options {
  enum aft_detector detector;
  double
      threshold; /* mad: |z|; studentized: level after adjustment; lee_mykland: chance of one false flag a security */
  bool bh;       /* studentized: Benjamini-Hochberg in place of Bonferroni */
  int window;    /* mad: sessions before a day; lee_mykland: its K */
  double min_score;   /* a link below it does not explain a move */
  int links;          /* articles that are listed for a move */
  int story_articles; /* articles of one session that make a big story */
  bool report;        /* `run` scans too, and tells it in its report */
  GHashTable *names;  /* symbol -> NULL-terminated names, owned; NULL: none */
} aft_scan_options;

typedef struct aft_correlate_options {
  int lags;         /* sessions on both sides */
  int granger;      /* own and other lags of the Granger test */
  int min_articles; /* securities with fewer are left out */
} aft_correlate_options;

/* "mad", "studentized", "lee_mykland"; NULL-terminated. */
const char *const *aft_detector_names(void);

#endif
