/* Verdicts on numbers. */
#include <aftershock/link/claim.h>

#include <aftershock/base/text.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* How far "about" and "nearly" reach, as a share of the claim. */
#define REACH 0.1
/* Slack of comparisons between doubles that decimal numbers became. */
#define SLACK 1e-9

const char *aft_verdict_name(enum aft_verdict verdict) {
  static const char *const names[] = {"exact", "consistent", "contradicted", "undetermined"};
  return names[verdict];
}

static double half_unit(const char *stated) {
  const char *point = strchr(stated, '.');
  return point == NULL ? 0.5 : 0.5 * pow(10, -(double)strlen(point + 1));
}

static bool agrees(double measured, double claimed, double tolerance, enum aft_claim_qualifier qualifier) {
  double size = fabs(claimed), along = claimed < 0 ? -measured : measured; /* in the direction of the claim */
  double slack = SLACK * size;
  switch (qualifier) {
  case AFT_QUALIFIER_ABOUT: return fabs(measured - claimed) <= REACH * size + slack;
  case AFT_QUALIFIER_MORE_THAN: return along >= size - tolerance;
  case AFT_QUALIFIER_NEARLY:
  case AFT_QUALIFIER_LESS_THAN: return along <= size + tolerance && along >= (1 - REACH) * size - slack;
  default: return false;
  }
}

aft_judgement aft_claim_judge(double measured, const char *stated, double scale, enum aft_claim_qualifier qualifier) {
  aft_judgement out = {.verdict = AFT_VERDICT_UNDETERMINED, .claimed = (double)NAN};
  bool is_number = aft_number_parse(stated, strlen(stated), &out.claimed);
  g_assert(is_number);
  out.claimed *= scale;
  out.tolerance = half_unit(stated) * scale * (1 + SLACK);
  out.difference = measured - out.claimed;
  if (qualifier == AFT_QUALIFIER_NONE)
    qualifier = strchr(stated, '.') != NULL ? AFT_QUALIFIER_EXACTLY : AFT_QUALIFIER_ABOUT;
  if (isnan(measured)) return out;
  if (fabs(out.difference) <= out.tolerance)
    out.verdict = AFT_VERDICT_EXACT;
  else
    out.verdict =
        agrees(measured, out.claimed, out.tolerance, qualifier) ? AFT_VERDICT_CONSISTENT : AFT_VERDICT_CONTRADICTED;
  return out;
}
