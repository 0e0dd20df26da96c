/* Shortest decimals without the C library, for the doubles that tables are full of. */
#include "decimal_print.h"

#include <stdbool.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/banned.h>

char *decimal_print_whole(bool negative, uint64_t size, char *out) {
  char text[20], *first = text + sizeof text; /* 2^64 has 20 digits */
  do *--first = (char)('0' + size % 10);
  while ((size /= 10) > 0);
  size_t length = (size_t)(text + sizeof text - first);
  *out = '-';
  out += negative;
  memcpy(out, first, length);
  out[length] = '\0';
  return out + length;
}

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

/* A double in (10^-11, 10^17) times 10^power, exactly, its binary point before bit 64; its neighbours half way at value -+ half. */
typedef struct scaled {
  wide value, half;
  bool closed; /* a tie reads back to an even mantissa, so the ends of the interval belong to it */
} scaled;

/*
 * x = m 2^q;  x 10^k = m 5^k 2^(q + k). False where nothing stands behind the binary point. As the value has 17 digits before it, and
 * 5^k fewer than 64 bits, no bit is lost: with 5^k's first bit at bit 63, m must be moved by 0 to 4.
 */
static bool scale(uint64_t mantissa, int exponent, int power, scaled *out) {
  uint64_t five = powers_of_five[power];
  int n_zeros = __builtin_clzll(five), behind = -(exponent + power), move = 64 - n_zeros - behind;
  if (behind < 0 || move < 0 || move > 10) return false;
  five <<= n_zeros;
  out->value = (wide)(mantissa << move) * five;
  out->half = ((wide)five << move) >> 1;
  out->closed = mantissa % 2 == 0;
  return true;
}

static uint64_t whole_of(wide value) { return (uint64_t)(value >> 64); }

/* value / 10^dropped for what has 17 digits: a multiplication where the compiler would not know by what. */
static uint64_t divide(uint64_t value, int dropped) {
  static const struct {
    uint64_t factor;
    int shift;
  } inverse[] = {{UINT64_C(1) << 63, 63}, {UINT64_C(0xcccccccccccccccd), 67}, {UINT64_C(0xa3d70a3d70a3d70b), 70}};
  if (dropped >= (int)G_N_ELEMENTS(inverse)) return value / powers_of_ten[dropped];
  return (uint64_t)((wide)value * inverse[dropped].factor >> inverse[dropped].shift);
}

/* The multiple of 10^dropped nearest to value; halves to the even one. */
static uint64_t round_to(wide value, int dropped) {
  uint64_t unit = powers_of_ten[dropped], whole = whole_of(value), quotient = divide(whole, dropped);
  wide twice = (value - ((wide)(quotient * unit) << 64)) << 1, one = (wide)unit << 64;
  quotient += (uint64_t)((twice > one) | ((twice == one) & (quotient % 2 == 1)));
  return quotient * unit;
}

/*
 * The fewest digits that read back: drops as many of 17 as leave a multiple of a power of ten in the interval, and takes the
 * multiple nearest to the value. All 17 digits, the last *n_dropped of them zeros.
 */
static uint64_t shorten(const scaled *s, int *n_dropped) {
  wide low = s->value - s->half, high = s->value + s->half;
  uint64_t least = whole_of(low), most = whole_of(high);
  least += (uint64_t)(((uint64_t)low != 0) | !s->closed); /* an open end that is whole does not belong */
  most -= (uint64_t)(((uint64_t)high == 0) & !s->closed);
  /* Most have all digits but two at least; nothing is to be guessed until then. */
  int dropped = (most / 10 * 10 >= least) + (most / 100 * 100 >= least);
  while (dropped >= 2 && dropped < MAX_DIGITS - 1 &&
         most / powers_of_ten[dropped + 1] * powers_of_ten[dropped + 1] >= least)
    dropped++;
  *n_dropped = dropped;
  return round_to(s->value, dropped);
}

/* Eight digits in one word, the first in the lowest byte: halves, quarters and eighths are divided side by side. */
static inline uint64_t spread_eight(uint32_t digits) {
  uint64_t x = digits / 10000 | (uint64_t)(digits % 10000) << 32;
  uint64_t hundreds = x * 10486 >> 20 & UINT64_C(0x0000007f0000007f); /* of each four: 10486 / 2^20 is 1 / 100 */
  x = hundreds | (x - hundreds * 100) << 16;
  uint64_t tens = x * 103 >> 10 & UINT64_C(0x000f000f000f000f); /* of each two: 103 / 2^10 is 1 / 10 */
  return (tens | (x - tens * 10) << 8) + UINT64_C(0x3030303030303030);
}

/* The 17 digits; what has just been put is read slowly, so that they go to where they shall stand. */
static void put_digits(char *text, uint64_t digits) {
  uint64_t sixteen = digits % powers_of_ten[16], high, low;
  text[0] = (char)('0' + digits / powers_of_ten[16]);
  high = GUINT64_TO_LE(spread_eight((uint32_t)(sixteen / 100000000)));
  low = GUINT64_TO_LE(spread_eight((uint32_t)(sixteen % 100000000)));
  memcpy(text + 1, &high, sizeof high);
  memcpy(text + 9, &low, sizeof low);
}

/* As printf's %.Pg, P the number of digits and at least 15; digits has all 17, of which n count. */
static char *lay_out(char *out, bool negative, uint64_t digits, int n, int point) {
  *out = '-';
  out += negative;
  if (point <= 0 && point > -4) {
    memcpy(out, "0.000", 5);
    put_digits(out + 2 - point, digits);
    out += 2 - point + n;
  } else {
    bool has_exponent = point <= 0 || point > MAX(n, 15);
    int whole = has_exponent ? 1 : point, exponent = ABS(point - 1);
    put_digits(out + 1, digits); /* zeros where the digits end before the point */
    for (int i = 0; i < whole; i++) out[i] = out[i + 1];
    out[whole] = '.';
    out += n > whole ? n + 1 : whole;
    if (has_exponent) {
      *out++ = 'e';
      *out++ = point < 1 ? '-' : '+';
      *out++ = (char)('0' + exponent / 10);
      *out++ = (char)('0' + exponent % 10);
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
  if (size < 1e15 && (double)(uint64_t)size == size) return decimal_print_whole(value < 0, (uint64_t)size, out);
  /* A power of two has a nearer neighbour below than above. */
  if (mantissa == 0 || !(size >= 1e-11) || !(size < 1e17)) return NULL;
  mantissa |= UINT64_C(1) << 52;
  int exponent = biased - 1075;
  int decimal = find_decimal(mantissa, exponent + 52);
  scaled s;
  decimal = MAX(decimal, MIN_EXPONENT);
  for (;; decimal++) { /* once, or in one case of forty twice */
    if (decimal > MAX_DIGITS - 1 || !scale(mantissa, exponent, MAX_DIGITS - 1 - decimal, &s)) return NULL;
    if (whole_of(s.value) < powers_of_ten[MAX_DIGITS]) break;
  }
  int dropped;
  uint64_t digits = shorten(&s, &dropped);
  int n = MAX_DIGITS - dropped, point = decimal + 1;
  if (digits == powers_of_ten[MAX_DIGITS]) { /* rounded up to one digit more */
    digits = powers_of_ten[MAX_DIGITS - 1];
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
