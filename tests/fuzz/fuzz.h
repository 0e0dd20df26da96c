/* The entry point that each fuzz_*.c defines: libFuzzer calls it with inputs of its own, replay.c with the files of the corpus. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Returns 0; what must not happen ends the program. data is borrowed. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
