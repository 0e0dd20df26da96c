/* Decimal numbers, exactly rounded, most of them without the C library; internal to input/. */
#ifndef INPUT_DECIMAL_H
#define INPUT_DECIMAL_H

#include <aftershock/base/text.h>

#include <stddef.h>
#include <stdint.h>

/* 10^22 is the largest power of ten that a double holds exactly, 10^19 the largest in 64 bits. */
enum { DECIMAL_MAX_POWER = 22, DECIMAL_MAX_WIDE_POWER = 19, DECIMAL_MAX_DIGITS = 19, DECIMAL_MAX_FAST = 32 };

/* Digits from *p on, appended to *mantissa; returns how many. Wraps round behind 19 digits, which the caller refuses. */
static inline size_t decimal_take_digits(const char **p, const char *end, uint64_t *mantissa) {
  const char *start = *p;
  uint64_t m = *mantissa;
  for (; *p < end; (*p)++) {
    unsigned digit = (unsigned)(unsigned char)**p - '0';
    if (digit > 9) break;
    m = m * 10 + digit;
  }
  *mantissa = m;
  return (size_t)(*p - start);
}

/* "e-5" at *p as -5; false unless it is a sign or none and one to three digits. */
static inline bool decimal_take_exponent(const char **p, const char *end, int *exponent) {
  uint64_t size = 0;
  (*p)++;
  bool negative = *p < end && **p == '-';
  if (*p < end && (**p == '-' || **p == '+')) (*p)++;
  size_t digits = decimal_take_digits(p, end, &size);
  if (digits == 0 || digits > 3) return false;
  *exponent = negative ? -(int)size : (int)size;
  return true;
}

/*
 * The double nearest to m / 10^power, half to even, for 2^53 < m and power <= DECIMAL_MAX_WIDE_POWER: a quotient of 64 bits or
 * more in 128-bit integers. False, value untouched, where the compiler has none.
 */
bool decimal_divide(uint64_t m, int power, double *value);

/*
 * The same numbers, and the same refusals, as aft_number_parse.
 *
 *   text = m 10^e,  |m| <= 2^53,  |e| <= 22:  value = m * 10^e or m / 10^-e
 *
 * Both operands are then exact doubles, so the one operation rounds correctly. Numbers printed with all 17 digits have a
 * larger m, which decimal_divide takes in a third of the C library's time; all other texts go to aft_number_parse.
 *
 * text    [length] not NUL-terminated
 * value   set on success
 *
 * Source: Clinger (1990), How to read floating point numbers accurately, PLDI, 92-101.
 */
static inline bool decimal_parse(const char *text, size_t length, double *value) {
  static const double powers[DECIMAL_MAX_POWER + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                       1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                       1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
  const char *p = text, *end = text + length;
  uint64_t mantissa = 0;
  int exponent = 0;
  if (length > DECIMAL_MAX_FAST) return aft_number_parse(text, length, value);
  bool negative = p < end && *p == '-';
  if (p < end && (*p == '-' || *p == '+')) p++;
  size_t digits = decimal_take_digits(&p, end, &mantissa), decimals = 0;
  if (p < end && *p == '.') {
    p++;
    decimals = decimal_take_digits(&p, end, &mantissa);
  }
  digits += decimals;
  if (digits == 0) return false;
  if (text[negative] == '0') digits--; /* adds nothing to m */
  if (p < end && (*p == 'e' || *p == 'E') && !decimal_take_exponent(&p, end, &exponent))
    return aft_number_parse(text, length, value);
  if (p != end) return false;
  exponent -= (int)decimals;
  if (digits > DECIMAL_MAX_DIGITS || exponent < -DECIMAL_MAX_POWER || exponent > DECIMAL_MAX_POWER)
    return aft_number_parse(text, length, value);
  double size;
  if (mantissa <= UINT64_C(1) << 53)
    size = exponent < 0 ? (double)mantissa / powers[-exponent] : (double)mantissa * powers[exponent];
  else if (exponent > 0 || exponent < -DECIMAL_MAX_WIDE_POWER || !decimal_divide(mantissa, -exponent, &size))
    return aft_number_parse(text, length, value);
  *value = negative ? -size : size;
  return true;
}

#endif
