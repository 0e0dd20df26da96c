/* Shortest decimals without the C library, for the doubles that tables are full of. */
#include "decimal_print.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/banned.h>

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

enum {
  MAX_DIGITS = 17,   /* enough for every double */
  MAX_POWER = 27,    /* 5^27 < 2^63: a mantissa of 54 bits times it fits in 128 */
  MIN_EXPONENT = -11 /* MAX_DIGITS - 1 + 11 = MAX_POWER */
};

static const uint64_t powers_of_ten[MAX_DIGITS + 1] = {UINT64_C(1),
                                                       UINT64_C(10),
                                                       UINT64_C(100),
                                                       UINT64_C(1000),
                                                       UINT64_C(10000),
                                                       UINT64_C(100000),
                                                       UINT64_C(1000000),
                                                       UINT64_C(10000000),
                                                       UINT64_C(100000000),
                                                       UINT64_C(1000000000),
                                                       UINT64_C(10000000000),
                                                       UINT64_C(100000000000),
                                                       UINT64_C(1000000000000),
                                                       UINT64_C(10000000000000),
                                                       UINT64_C(100000000000000),
                                                       UINT64_C(1000000000000000),
                                                       UINT64_C(10000000000000000),
                                                       UINT64_C(100000000000000000)};

/* 5^k for k up to MAX_POWER. */
static const uint64_t powers_of_five[MAX_POWER + 1] = {UINT64_C(1),
                                                       UINT64_C(5),
                                                       UINT64_C(25),
                                                       UINT64_C(125),
                                                       UINT64_C(625),
                                                       UINT64_C(3125),
                                                       UINT64_C(15625),
                                                       UINT64_C(78125),
                                                       UINT64_C(390625),
                                                       UINT64_C(1953125),
                                                       UINT64_C(9765625),
                                                       UINT64_C(48828125),
                                                       UINT64_C(244140625),
                                                       UINT64_C(1220703125),
                                                       UINT64_C(6103515625),
                                                       UINT64_C(30517578125),
                                                       UINT64_C(152587890625),
                                                       UINT64_C(762939453125),
                                                       UINT64_C(3814697265625),
                                                       UINT64_C(19073486328125),
                                                       UINT64_C(95367431640625),
                                                       UINT64_C(476837158203125),
                                                       UINT64_C(2384185791015625),
                                                       UINT64_C(11920928955078125),
                                                       UINT64_C(59604644775390625),
                                                       UINT64_C(298023223876953125),
                                                       UINT64_C(1490116119384765625),
                                                       UINT64_C(7450580596923828125)};

/* A double in (10^-11, 10^17) times 10^power, exactly: value / 2^shift, its neighbours half way at value -+ half. */
typedef struct scaled {
  wide value, half;
  int shift;
  bool closed; /* a tie reads back to an even mantissa, so the ends of the interval belong to it */
} scaled;

/*
 * x = m 2^q;  x 10^k = m 5^k 2^(q + k). False where the number of bits to cut off does not lie in 1..126, which happens to no
 * double of the range that is not a whole number.
 */
static bool scale(uint64_t mantissa, int exponent, int power, scaled *out) {
  uint64_t five = powers_of_five[power];
  out->shift = 1 - (exponent + power);
  out->value = (wide)(2 * mantissa) * five;
  out->half = five;
  out->closed = mantissa % 2 == 0;
  return out->shift >= 1 && out->shift <= 126;
}

/* The integer nearest to value / (10^dropped 2^shift), halves to the even one. */
static uint64_t round_to(const scaled *s, int dropped) {
  uint64_t whole = (uint64_t)(s->value >> s->shift), quotient, rest, half;
  wide fraction = s->value & (((wide)1 << s->shift) - 1);
  if (dropped == 0) {
    wide middle = (wide)1 << (s->shift - 1);
    return whole + (fraction > middle || (fraction == middle && whole % 2 == 1) ? 1 : 0);
  }
  quotient = dropped == 1 ? whole / 10 : whole / powers_of_ten[dropped];
  rest = whole - quotient * powers_of_ten[dropped];
  half = powers_of_ten[dropped] / 2;
  return quotient + (rest > half || (rest == half && (fraction != 0 || quotient % 2 == 1)) ? 1 : 0);
}

/*
 * The fewest digits that read back: drops as many of 17 as leave a multiple of a power of ten in the interval, and takes the
 * multiple nearest to the value. Digits and number of dropped ones.
 */
static uint64_t shorten(const scaled *s, int *n_dropped) {
  wide low = s->value - s->half, high = s->value + s->half;
  wide below = ((wide)1 << s->shift) - 1;
  uint64_t least = (uint64_t)(low >> s->shift), most = (uint64_t)(high >> s->shift);
  if ((low & below) != 0 || !s->closed) least++; /* an open end that is whole does not belong */
  if ((high & below) == 0 && !s->closed) most--;
  int dropped = 0;
  /* Most have all digits but two at least; dividing by what the compiler knows is ten times as fast. */
  if (most / 10 * 10 >= least) dropped = most / 100 * 100 >= least ? 2 : 1;
  while (dropped >= 2 && dropped < MAX_DIGITS - 1 &&
         most / powers_of_ten[dropped + 1] * powers_of_ten[dropped + 1] >= least)
    dropped++;
  *n_dropped = dropped;
  return round_to(s, dropped);
}

static const char pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748"
    "49505152535455565758596061626364656667686970717273747576777879808182838485868788899091929394959697"
    "9899";

/* Two digits; pair < 100. */
static void put_pair(char *text, uint32_t pair) { memcpy(text, pairs + (size_t)2 * pair, 2); }

/* The last eight digits, in divisions that need not wait for each other. */
static void put_eight(char *text, uint32_t digits) {
  uint32_t high = digits / 10000, low = digits % 10000;
  put_pair(text, high / 100);
  put_pair(text + 2, high % 100);
  put_pair(text + 4, low / 100);
  put_pair(text + 6, low % 100);
}

/* The n digits; n <= 17. */
static void put_digits(char *text, uint64_t digits, int n) {
  for (; n >= 8; n -= 8) {
    put_eight(text + n - 8, (uint32_t)(digits % 100000000));
    digits /= 100000000;
  }
  uint32_t rest = (uint32_t)digits;
  for (; n >= 2; n -= 2) {
    put_pair(text + n - 2, rest % 100);
    rest /= 100;
  }
  if (n > 0) text[0] = (char)('0' + rest);
}

/* As printf's %.Pg, P the number of digits and at least 15. */
static char *lay_out(char *out, bool negative, uint64_t digits, int n, int point) {
  char text[MAX_DIGITS + 1];
  put_digits(text, digits, n);
  if (negative) *out++ = '-';
  if (point <= -4 || point > MAX(n, 15)) { /* 0.d1d2... 10^point; %g's exponent is one less */
    int exponent = point - 1;
    *out++ = text[0];
    if (n > 1) {
      *out++ = '.';
      memcpy(out, text + 1, (size_t)n - 1);
      out += n - 1;
    }
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    exponent = ABS(exponent);
    *out++ = (char)('0' + exponent / 10);
    *out++ = (char)('0' + exponent % 10);
  } else if (point <= 0) {
    *out++ = '0';
    *out++ = '.';
    for (int i = point; i < 0; i++) *out++ = '0';
    memcpy(out, text, sizeof text); /* there is room, and the length is known before */
    out += n;
  } else {
    int whole = MIN(n, point);
    memcpy(out, text, (size_t)whole);
    out += whole;
    for (int i = whole; i < point; i++) *out++ = '0';
    if (n > point) {
      *out++ = '.';
      memcpy(out, text + point, (size_t)(n - point));
      out += n - point;
    }
  }
  *out = '\0';
  return out;
}

/*
 * floor(log10(x)) of x = 1.f 2^e, or in one case of forty one less. log2(1.f) lies above .f; what log10(2) is rounded by is less than the
 * ten thousandth of a decade that is taken off.
 */
static int find_decimal(uint64_t mantissa, int e) {
  enum { LOG = 315653 };                                                 /* log10(2) 2^20 */
  int64_t two = e * INT64_C(65536) + (int64_t)(mantissa >> 36 & 0xffff); /* log2(x) 2^16, from below */
  return (int)((two * LOG - 6871948) >> 36);
}

char *decimal_print(double value, char *out) {
  uint64_t bits, mantissa;
  memcpy(&bits, &value, sizeof bits);
  bool negative = bits >> 63;
  int biased = (int)(bits >> 52 & 0x7ff);
  mantissa = bits & ((UINT64_C(1) << 52) - 1);
  double size = negative ? -value : value;
  /* A power of two has a nearer neighbour below than above. */
  if (mantissa == 0 || !(size >= 1e-11) || !(size < 1e17)) return NULL;
  mantissa |= UINT64_C(1) << 52;
  int exponent = biased - 1075;
  int decimal = find_decimal(mantissa, exponent + 52);
  scaled s;
  if (decimal < MIN_EXPONENT) decimal = MIN_EXPONENT;
  if (MAX_DIGITS - 1 - decimal < 0 || !scale(mantissa, exponent, MAX_DIGITS - 1 - decimal, &s)) return NULL;
  if ((uint64_t)(s.value >> s.shift) >= powers_of_ten[MAX_DIGITS]) {
    decimal++;
    if (MAX_DIGITS - 1 - decimal < 0 || !scale(mantissa, exponent, MAX_DIGITS - 1 - decimal, &s)) return NULL;
  }
  int dropped;
  uint64_t digits = shorten(&s, &dropped);
  int n = MAX_DIGITS - dropped, point = decimal + 1;
  if (digits == powers_of_ten[n]) { /* rounded up to one digit more */
    digits = 1;
    n = 1;
    point++;
  }
  return lay_out(out, negative, digits, n, point);
}

#else

char *decimal_print(double value, char *out) {
  (void)value, (void)out;
  return NULL;
}

#endif
