/* Claims recorded with an article: what it says about a move, in words that can be checked. */
#ifndef AFTERSHOCK_INPUT_CLAIMS_H
#define AFTERSHOCK_INPUT_CLAIMS_H

#include <glib.h>
#include <stdbool.h>

enum aft_claim_kind {
  AFT_CLAIM_PRICE_MOVE,           /* of a security, percent, without dividends */
  AFT_CLAIM_TOTAL_RETURN,         /* the same with dividends */
  AFT_CLAIM_VALUE_CHANGE,         /* of a firm's market value, money */
  AFT_CLAIM_VALUE_CHANGE_PERCENT, /* the same, percent */
  AFT_CLAIM_GROUP_VALUE_CHANGE,   /* of several firms together, money */
  AFT_CLAIM_RANK,                 /* of a security among others on one day */
  AFT_CLAIM_RECORD,               /* of a change among those of a list */
  AFT_CLAIM_DIRECTION,            /* after an event */
  AFT_CLAIM_EVENT_DATE,
  AFT_CLAIM_ELAPSED_DAYS,
  AFT_CLAIM_ELAPSED_SESSIONS,
  AFT_CLAIM_NOT_MARKET, /* prices cannot decide it */
  AFT_CLAIM_N_KINDS
};

enum aft_claim_qualifier {
  AFT_QUALIFIER_NONE, /* not said: exactly for a number printed with a decimal point, about for others */
  AFT_QUALIFIER_EXACTLY,
  AFT_QUALIFIER_ABOUT,
  AFT_QUALIFIER_NEARLY,
  AFT_QUALIFIER_MORE_THAN,
  AFT_QUALIFIER_LESS_THAN
};

/* What a rank compares: changes of market value, or of price. */
enum aft_claim_measure { AFT_MEASURE_NONE, AFT_MEASURE_VALUE, AFT_MEASURE_PERCENT };

/* Texts are owned and "" when absent. */
typedef struct aft_claim {
  char *id;
  enum aft_claim_kind kind;
  char *subject; /* a symbol; a group in words; an event for AFT_CLAIM_EVENT_DATE */
  char *event;   /* whose session is meant; "": that of the article */
  char *session; /* a date in place of an event */
  char *stated;  /* as printed: its last place is its precision */
  char *unit;    /* "percent", "USD", "days", ...; shown, never converted */
  double scale;  /* of stated: 1e9 for billions */
  enum aft_claim_qualifier qualifier;
  enum aft_claim_measure measure;
  bool largest_gain;           /* ranks count gains; else losses */
  char **members;              /* symbols of a group; NULL when not given */
  char *group;                 /* the label of a group of the study's events */
  char *among;                 /* name of the file of records */
  char *from, *to;             /* dates */
  char *from_event, *to_event; /* or events */
  int horizon_sessions;        /* of a direction, the event's session included */
  char *note, *quote;          /* for the reader */
} aft_claim;

/* Names as in article files; NULL-terminated. */
const char *const *aft_claim_kinds(void);
const char *const *aft_claim_qualifiers(void);

/* An empty list of claims that clears what it holds; owned. Texts of a claim that is added must not be NULL. */
GArray *aft_claims_new(void);
/* A claim with every text "", scale 1 and a horizon of one session. */
void aft_claim_init(aft_claim *claim);
/* The claims as the JSON list that `claims` of an article holds; owned. Texts that are "" and numbers that are the default are left out. */
char *aft_claims_print(const GArray *claims);

#endif
