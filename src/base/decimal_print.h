/* Shortest decimals without the C library; internal to base/. */
#ifndef BASE_DECIMAL_PRINT_H
#define BASE_DECIMAL_PRINT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Writes the fewest digits that read back to value, laid out as by printf's %.15g (%.16g, %.17g where more digits are needed): the
 * text that aft_number_print finds by trying these. All in exact integers:
 *
 *   value 10^k = 2 m 5^k / 2^s  in [10^15, 10^16);   numbers between (2 m -+ 1) 5^k / 2^s read back
 *
 * out  at least 32 bytes, all of which may be written
 *
 * Where the text ends, at its closing zero. NULL, out untouched, for what is left to the C library: fractions below 2^-33 (10^-10) or
 * from 2^46 (7 10^13) on in size, fractions that are powers of two, NaN, and whole numbers from 10^15 on.
 * Source: Steele and White (1990), How to print floating-point numbers accurately, PLDI, 112-126. As in Giulietti (2022), The Schubfach way
 * to render doubles, the shorter candidate and the longer are both made, and one is chosen.
 */
char *decimal_print(double value, char *out);

/* A whole number of that size; out at least 22 bytes. Where the text ends, as above. */
char *decimal_print_whole(bool negative, uint64_t size, char *out);

#endif
