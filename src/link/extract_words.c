/* The words that the extraction of claims knows. */
#include "extract_text.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* Lists of words between blanks, looked up whole. */
static bool holds(const char *list, const char *word) {
  size_t length = strlen(word);
  if (length == 0 || strchr(word, ' ') != NULL) return false;
  for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
    if (at[-1] == ' ' && at[length] == ' ') return true;
  return false;
}

static const char down_verbs[] =
    " fell fall falls falling fallen dropped drops plunged plunges plunging tumbled tumbles tumbling sank sink sinks sinking sunk "
    "slid slides sliding slumped slumps slumping lost lose loses losing shed sheds shedding wiped wiping wipes erased erasing erases "
    "declined declines dipped dips dipping crashed crashes crashing cratered plummeted plummets plummeting tanked tanks tanking "
    "nosedived collapsed collapses evaporated vanished slipped slips slipping down lower dropping tumble retreated eased skidded ";
static const char up_verbs[] =
    " rose rise rises rising risen gained gains gaining jumped jumps jumping surged surges surging soared soars soaring climbed "
    "climbs climbing rallied rallies rallying added adds adding advanced advances leapt leaped leaps rebounded rebounds up higher "
    "spiked recovered ";
static const char down_nouns[] =
    " drop fall decline loss losses plunge slump tumble slide crash rout selloff sell-off wipeout dip loser losers decliner laggard "
    "sink performance day performer ";
static const char up_nouns[] =
    " rise gain gains jump surge rally climb increase advance gainer gainers winner rebound ";

int extract_direction_verb(const char *lower) { return holds(down_verbs, lower) ? -1 : holds(up_verbs, lower) ? 1 : 0; }

int extract_direction_noun(const char *lower) { return holds(down_nouns, lower) ? -1 : holds(up_nouns, lower) ? 1 : 0; }

static const char *const classes[] = {
    [WORD_HYPOTHETIC] =
        " could may might would should will can if not n't didn't doesn't won't wouldn't never expects expect expected "
        "forecast forecasts predicts predicted predict target targets unless fears fear feared hopes hope warned deny denied ",
    [WORD_BUSINESS] =
        " revenue revenues sales profit profits earnings income orders output spending costs cost price-to-earnings "
        "shipments margin margins dividend guidance deliveries employment jobs inflation budget cheaper budgets "
        "investment invest debt ",
    [WORD_PERIOD] =
        " year years quarter quarters month months week weeks decade since annually yearly ytd year-to-date "
        "quarterly monthly weekly ",
    [WORD_VALUE] =
        " value valuation capitalization capitalisation cap worth wiped wiping wipes erased erasing erases evaporated vanished ",
    [WORD_LOSING] =
        " lost lose loses losing shed sheds shedding wiped wiping wipes erased erasing erases evaporated vanished added adds "
        "adding gained gains loss wipeout ",
    [WORD_LARGEST] = " largest biggest greatest worst steepest record sharpest deepest heaviest best top ",
    [WORD_RECORD] = " history ever record single-day one-day one-session all-time any ",
    [WORD_MEMBER] = " loser losers decliner laggard gainer gainers winner performer ",
    [WORD_GROUP] = " stocks sector market markets chipmakers index shares companies industry ",
    [WORD_BREAK] = " while but whereas although though however ",
};

bool extract_is(enum word_class class, const char *lower) { return holds(classes[class], lower); }

int extract_ordinal(const char *lower) {
  static const char *const words[] = {"second", "third", "fourth", "fifth"};
  static const char *const digits[] = {"2nd", "3rd", "4th", "5th"};
  for (int i = 0; i < (int)G_N_ELEMENTS(words); i++)
    if (strcmp(lower, words[i]) == 0 || strcmp(lower, digits[i]) == 0) return i + 2;
  return 0;
}
