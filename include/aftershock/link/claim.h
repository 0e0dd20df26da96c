/* What becomes of a claim when it is compared with what was measured. */
#ifndef AFTERSHOCK_LINK_CLAIM_H
#define AFTERSHOCK_LINK_CLAIM_H

#include <aftershock/input/claims.h>

enum aft_verdict { AFT_VERDICT_EXACT, AFT_VERDICT_CONSISTENT, AFT_VERDICT_CONTRADICTED, AFT_VERDICT_UNDETERMINED };

/* "exact", "consistent", "contradicted", "undetermined". */
const char *aft_verdict_name(enum aft_verdict verdict);

typedef struct aft_judgement {
  enum aft_verdict verdict;
  double claimed, difference, tolerance; /* scaled; measured - claimed; half of the last printed place */
} aft_judgement;

/*
 * Compares a measured number with one as printed, times its scale word.
 *
 *   h = half of the last printed place x scale        3.2 -> 0.05, 589 billion -> 0.5 billion
 *   exact         |measured - claim| <= h
 *   consistent    about: |difference| <= 10 % of |claim|;  more than: not below claim - h in the claim's direction;
 *                 nearly, less than: not above claim + h and at least 90 % of it
 *   contradicted  otherwise;  undetermined: measured is NaN
 *
 * AFT_QUALIFIER_NONE is exactly for a number printed with a decimal point and about for others. stated must be a number; h is widened by
 * 1e-9 of itself, for the rounding of the comparison.
 */
aft_judgement aft_claim_judge(double measured, const char *stated, double scale, enum aft_claim_qualifier qualifier);

#endif
