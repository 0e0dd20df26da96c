/* Shortest decimals without the C library, for the doubles that tables are full of. */
#include "decimal_print.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/banned.h>

enum { EIGHT_DIGITS = 100000000 };

static const uint64_t ZEROS = UINT64_C(0x3030303030303030); /* "00000000" */

/*
 * Eight digits in one word, the first in the lowest byte: halves, quarters and eighths are divided side by side. Where x = h t + r,
 * x 2^b - h (t 2^b - 1) is h with r put b bits above it.
 */
static inline uint64_t spread_eight(uint32_t digits) {
  uint64_t x = digits;
  x = (x << 32) - (x * 3518437209 >> 45) * ((UINT64_C(10000) << 32) - 1);                         /* 2^45 / 10^4 */
  x = (x << 16) - (x * 10486 >> 20 & UINT64_C(0x0000007f0000007f)) * ((UINT64_C(100) << 16) - 1); /* 2^20 / 100 */
  return (x << 8) - (x * 103 >> 10 & UINT64_C(0x000f000f000f000f)) * ((UINT64_C(10) << 8) - 1);   /* 2^10 / 10 */
}

static inline void put_word(char *out, uint64_t word) {
  word = GUINT64_TO_LE(word);
  memcpy(out, &word, sizeof word);
}

char *decimal_print_whole(bool negative, uint64_t size, char *out) {
  uint32_t behind[2]; /* eights of digits: 2^64 has 20 */
  int n_behind = 0;
  for (; size >= EIGHT_DIGITS; size /= EIGHT_DIGITS) behind[n_behind++] = (uint32_t)(size % EIGHT_DIGITS);
  *out = '-';
  out += negative;
  uint64_t digits = spread_eight((uint32_t)size);
  int n_zeros = __builtin_ctzll(digits | UINT64_C(1) << 56) / 8; /* in front; the last digit stands, be it 0 */
  put_word(out, (digits | ZEROS) >> 8 * n_zeros);
  out += 8 - n_zeros;
  while (n_behind > 0) {
    put_word(out, spread_eight(behind[--n_behind]) | ZEROS);
    out += 8;
  }
  *out = '\0';
  return out;
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

enum { FIRST_DECADE = -10, END_DECADE = 14, FIRST_BINARY = -33, END_BINARY = 46 };

/* How the numbers between two powers of ten become 16 digits, and how these are laid out, as by printf's %.17g. */
typedef struct decade {
  double end;      /* the double nearest to the upper power */
  uint64_t five;   /* 5^k 2^j with its first bit at bit 58; 10^k leaves 16 digits before the point */
  int8_t move;     /* k - j: see scale */
  uint8_t lead;    /* place of the first digit */
  uint8_t point;   /* place of the point */
  uint8_t rest;    /* place of the digits behind the point, or behind the first */
  uint8_t skip;    /* bits of the digits in front of these */
  uint8_t n_added; /* characters besides the digits, but for the exponent */
  uint8_t n_exponent;
  char exponent[4];
} decade;

#define WITH_EXPONENT(text) 0, 1, 2, 8, 1, 4, text
#define WITH_ZEROS(lead) lead, 1, (lead) + 1, 8, lead, 0, ""
#define WITH_POINT(place) 0, place, (place) + 1, 8 * (place), 1, 0, ""

static const decade decades[END_DECADE - FIRST_DECADE] = {
    {1e-9, UINT64_C(298023223876953125) << 0, 25, WITH_EXPONENT("e-10")},
    {1e-8, UINT64_C(59604644775390625) << 3, 21, WITH_EXPONENT("e-09")},
    {1e-7, UINT64_C(11920928955078125) << 5, 18, WITH_EXPONENT("e-08")},
    {1e-6, UINT64_C(2384185791015625) << 7, 15, WITH_EXPONENT("e-07")},
    {1e-5, UINT64_C(476837158203125) << 10, 11, WITH_EXPONENT("e-06")},
    {1e-4, UINT64_C(95367431640625) << 12, 8, WITH_EXPONENT("e-05")},
    {1e-3, UINT64_C(19073486328125) << 14, 5, WITH_ZEROS(5)},
    {1e-2, UINT64_C(3814697265625) << 17, 1, WITH_ZEROS(4)},
    {1e-1, UINT64_C(762939453125) << 19, -2, WITH_ZEROS(3)},
    {1e0, UINT64_C(152587890625) << 21, -5, WITH_ZEROS(2)},
    {1e1, UINT64_C(30517578125) << 24, -9, WITH_POINT(1)},
    {1e2, UINT64_C(6103515625) << 26, -12, WITH_POINT(2)},
    {1e3, UINT64_C(1220703125) << 28, -15, WITH_POINT(3)},
    {1e4, UINT64_C(244140625) << 31, -19, WITH_POINT(4)},
    {1e5, UINT64_C(48828125) << 33, -22, WITH_POINT(5)},
    {1e6, UINT64_C(9765625) << 35, -25, WITH_POINT(6)},
    {1e7, UINT64_C(1953125) << 38, -29, WITH_POINT(7)},
    {1e8, UINT64_C(390625) << 40, -32, WITH_POINT(8)},
    {1e9, UINT64_C(78125) << 42, -35, WITH_POINT(9)},
    {1e10, UINT64_C(15625) << 45, -39, WITH_POINT(10)},
    {1e11, UINT64_C(3125) << 47, -42, WITH_POINT(11)},
    {1e12, UINT64_C(625) << 49, -45, WITH_POINT(12)},
    {1e13, UINT64_C(125) << 52, -49, WITH_POINT(13)},
    {1e14, UINT64_C(25) << 54, -52, WITH_POINT(14)},
};

/* The decade of a number from 2^e to 2^(e + 1). Where 10^k is no double, the one nearest to it may come into the decade below. */
static inline const decade *find_decade(uint64_t size_bits, int e) {
  enum { LOG = 315653 };                                                            /* log10(2) 2^20 */
  const decade *d = &decades[(uint32_t)(e * LOG - FIRST_DECADE * (1 << 20)) >> 20]; /* floor(log10(2^e)) */
  uint64_t end_bits;
  memcpy(&end_bits, &d->end, sizeof end_bits);
  return d + (size_bits >= end_bits); /* numbers above 0 are ordered as their bits */
}

/* A double times a power of ten, 16 digits, exactly: whole + part 2^-64. */
typedef struct scaled {
  uint64_t whole, part;
  uint64_t reach; /* what is at most so far away reads back; 2^-63 */
} scaled;

/*
 * m 2^(e - 52) 10^k 2^64 = m five 2^move. As the value has 16 digits, of 59 bits five, and m 53, move is 2 to 7. The neighbours of m are
 * half way at m -+ 1/2. A tie reads back to an even m, so the ends of the interval belong to it for that alone.
 */
static inline scaled scale(uint64_t mantissa, int e, const decade *d) {
  int move = 12 + e + d->move;
  wide value = (wide)(mantissa << move) * d->five;
  return (scaled){(uint64_t)(value >> 64), (uint64_t)value, (d->five << (move - 2)) - mantissa % 2};
}

/* 17 digits: two words of eight, and one. */
typedef struct digits {
  uint64_t high, low;
  uint32_t last;
  int length; /* of those that count, with the characters that are added */
} digits;

/* Digits to the last that is not 0. */
static int count_digits(uint64_t high, uint64_t low) {
  if (low != 0) return 16 - __builtin_clzll(low) / 8;
  return high != 0 ? 8 - __builtin_clzll(high) / 8 : 1;
}

/*
 * The nearest number of 15 digits, when it reads back: all shorter numbers that do are that one, as what has 15 digits survives the way
 * through a double. It is not 10^16, as the double that a power of ten is read to belongs to the decade above.
 */
static bool shorten_to_fifteen(const scaled *s, const decade *d, digits *x) {
  uint64_t past = s->whole % 10;
  bool up = past >= 5;
  wide away = (wide)past << 64 | s->part;
  if (up) away = ((wide)10 << 64) - away;
  if (away >> 1 > s->reach) return false;
  uint64_t whole = s->whole - past + (up ? 10 : 0);
  x->high = spread_eight((uint32_t)(whole / EIGHT_DIGITS));
  x->low = spread_eight((uint32_t)(whole % EIGHT_DIGITS));
  x->last = 0;
  int n = count_digits(x->high, x->low);
  x->length = n + d->n_added - (n == 1 && d->n_exponent > 0); /* one digit has no point */
  return true;
}

/*
 * The fewest digits that read back, and of as many the nearest, ties to the even one: 16 when the nearest whole number does. Whether there
 * are 16 or 17 is as good as random, so no jump hangs on it.
 */
static inline digits shorten(const scaled *s, const decade *d) {
  const uint64_t half = UINT64_C(1) << 63, ten = UINT64_C(10) << 60;
  digits x;
  uint64_t sixteenth = s->whole % 10, past = sixteenth << 60 | s->part >> 4, near = (s->reach >> 3) + 2;
  if (past - near > ten - 2 * near) /* a multiple of 10 is about as near; seldom but for short numbers */
    if (shorten_to_fifteen(s, d, &x)) return x;
  uint32_t high = (uint32_t)(s->whole / EIGHT_DIGITS), low = (uint32_t)(s->whole - (uint64_t)high * EIGHT_DIGITS);
  uint64_t up = s->part > half - sixteenth % 2, away = up ? -s->part : s->part, reads_back = away >> 1 <= s->reach;
  wide behind = (wide)s->part * 10;
  uint32_t seventeenth = (uint32_t)(behind >> 64);
  seventeenth += (uint64_t)behind > half - seventeenth % 2;
  x.high = spread_eight(high);
  x.low = spread_eight(low) + ((up & reads_back) << 56); /* 9 is not raised: 15 digits would do */
  x.last = seventeenth & ((uint32_t)reads_back - 1);
  x.length = 17 - (int)reads_back + d->n_added;
  return x;
}

static inline char *lay_out(char *out, bool negative, digits x, const decade *d) {
  uint64_t high = x.high | ZEROS, low = x.low | ZEROS;
  size_t lead = d->lead, rest = d->rest, skip = d->skip, last = d->n_added + 16, point = d->point;
  *out = '-';
  out += negative;
  memcpy(out, "0.000", 5);
  put_word(out + lead, high);
  put_word(out + lead + 8, low);
  if (skip < 64) {
    put_word(out + rest, high >> skip | low << (64 - skip));
    put_word(out + rest + 8, low >> skip);
  } else {
    put_word(out + rest, low >> (skip - 64));
  }
  out[last] = (char)('0' + x.last);
  out[point] = '.';
  out += x.length;
  memcpy(out, d->exponent, sizeof d->exponent);
  out += d->n_exponent;
  *out = '\0';
  return out;
}

/* What is printed otherwise: whole numbers, and those left to the C library. */
static char *print_rest(double value, char *out) {
  double size = fabs(value);
  if (size < 1e15 && (double)(int64_t)size == size) return decimal_print_whole(value < 0, (uint64_t)size, out);
  return NULL;
}

char *decimal_print(double value, char *out) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  int e = (int)(bits >> 52 & 0x7ff) - 1023;
  if (e < FIRST_BINARY || e >= END_BINARY) return print_rest(value, out);
  /* Whole, or a power of two, which has a nearer neighbour below than above. */
  if (bits << 12 << MAX(e, 0) == 0) return print_rest(value, out);
  const decade *d = find_decade(bits & ~(UINT64_C(1) << 63), e);
  scaled s = scale((bits & ((UINT64_C(1) << 52) - 1)) | UINT64_C(1) << 52, e, d);
  return lay_out(out, bits >> 63, shorten(&s, d), d);
}

#else

char *decimal_print(double value, char *out) {
  (void)value, (void)out;
  return NULL;
}

#endif
