/* How well an article fits a move: four components and their weighted mean. */
#ifndef AFTERSHOCK_LINK_SCORE_H
#define AFTERSHOCK_LINK_SCORE_H

#include <aftershock/input/articles.h>

#include <stddef.h>

enum aft_component { AFT_COMPONENT_TIME, AFT_COMPONENT_MENTION, AFT_COMPONENT_SURGE, AFT_COMPONENT_TONE };
enum { AFT_N_COMPONENTS = 4 };

enum { AFT_LINK_BEFORE = 3, AFT_LINK_AFTER = 1 }; /* sessions around a move from which articles are taken */
#define AFT_TONE_DEAD 0.05                        /* a tone nearer to 0 is none */

typedef struct aft_link_score {
  double component[AFT_N_COMPONENTS]; /* in [0, 1]; NaN is missing */
  double score;                       /* their weighted mean; 0 when time or mention is 0 */
  double low, high;                   /* the least and the most of it when one component is left out */
} aft_link_score;

/* "time", "mention", "surge", "tone", and the weight of each: 0.35, 0.30, 0.15, 0.20. */
const char *aft_component_name(enum aft_component component);
double aft_component_weight(enum aft_component component);

/* exp(-d) for an article 0 .. 3 sessions before the move; 0.5 exp(-1) for the session after it; else 0. */
double aft_link_time(long sessions_before);

/*
 * 1 when the title names the security; else h/(h+2) of h mentions in the body, to which a provider's tag adds 4 over the number of
 * securities that the article is tagged with: one tagged with this alone has 2/3, with ten of them 1/6. names: or NULL.
 */
double aft_link_mention(const aft_article *article, const char *symbol, char *const *names);

/*
 * Robust score of a session's number of articles against the up to 60 sessions before it: (ln(1+count) - median)/(1.4826 MAD); MAD 0 gives
 * way to the standard deviation; both 0: infinite when above, 0 when not; NaN with fewer than five sessions. counts [column + 1]
 */
double aft_link_surge_score(const double *counts, size_t column);
/* z/(z+2) of a positive one, else 0; also for NaN. */
double aft_link_surge(double z);

/* 1 when tone and move have one sign, 0 when they have two, 0.5 when one is missing, 0, or a tone within AFT_TONE_DEAD. */
double aft_link_tone(double tone, double move);

/*
 * Whether a stays ahead of b: its score is higher, and not lower when any one component is left out of both. Two scores that share what is left out
 * cannot be told apart by it, which comparing their bounds would not see.
 */
bool aft_link_score_is_ahead(const aft_link_score *a, const aft_link_score *b);

/* Fills score, low and high from the components. Missing ones drop out and the weights of the others are scaled to 1. */
void aft_link_score_compute(aft_link_score *score);

#endif
