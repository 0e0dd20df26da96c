# aftershock: build, test, check. See README.md for the two commands most people need.
#
#   make                 the program, optimised            build/release/aftershock
#   make check           all tests, with the runner's count at the end
#   make check-slow      long runs: size of the tests by simulation
#   make bench           named workloads with their times
#   make asan tsan valgrind fuzz coverage lint layers      quality gates
#   make CC=clang …      another compiler
#
# Objects live in build/<variant>/; a change of flags or of the list of sources rebuilds what it must.

VERSION   := 0.1.0
VARIANT   ?= release
CC        ?= cc
PKG_CONFIG ?= pkg-config
PREFIX    ?= /usr/local
DESTDIR   ?=
B         := build/$(VARIANT)

LIBRARIES := glib-2.0 gsl jansson
ifneq ($(filter-out clean dist format layers,$(or $(MAKECMDGOALS),all)),)
MISSING := $(shell $(PKG_CONFIG) --exists $(LIBRARIES) 2>/dev/null || echo yes)
ifeq ($(MISSING),yes)
$(error missing libraries: on Debian run: apt-get install pkg-config libglib2.0-dev libgsl-dev libjansson-dev gnuplot-nox; or run scripts/demo, which does it)
endif
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))
LIB_LIBS   := $(shell $(PKG_CONFIG) --libs $(LIBRARIES))
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow \
            -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
            -Wformat=2 -Wundef -Wvla -Wnull-dereference -Wimplicit-fallthrough
WERROR   ?=

HARDEN_release := -D_FORTIFY_SOURCE=2 -fstack-protector-strong
FLAGS_release  := -O2 -g $(HARDEN_release)
FLAGS_asan     := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all
FLAGS_tsan     := -O1 -g -fsanitize=thread
FLAGS_debug    := -O0 -g
FLAGS_coverage := -O0 -g --coverage
FLAGS_analyze  := -O2 -g -fanalyzer
LINK_release   := -pie -Wl,-z,relro -Wl,-z,now
LINK_asan      := -fsanitize=address,undefined
LINK_tsan      := -fsanitize=thread
LINK_coverage  := --coverage

CFLAGS   ?=
LDFLAGS  ?=
ALL_CFLAGS = -std=c17 -D_POSIX_C_SOURCE=200809L -Iinclude -Isrc -fPIE -ffp-contract=off \
             -DAFT_VERSION='"$(VERSION)"' $(LIB_CFLAGS) $(WARNINGS) $(WERROR) $(FLAGS_$(VARIANT)) $(CFLAGS)
ALL_LDFLAGS = $(LINK_$(VARIANT)) $(LDFLAGS)

LIB_SRC  := $(sort $(wildcard $(foreach d,base stats input fetch market study link report,src/$(d)/*.c)))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
SUP_SRC  := $(sort $(wildcard tests/support/*.c))
TEST_SRC := $(sort $(wildcard tests/test_*.c))
SLOW_SRC := $(sort $(wildcard tests/slow_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench_*.c))
obj = $(patsubst %.c,$(B)/%.o,$(1))
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC))
SLOWS := $(patsubst tests/%.c,$(B)/tests/%,$(SLOW_SRC))
BENCHES := $(patsubst tests/%.c,$(B)/tests/%,$(BENCH_SRC))

.PHONY: all check check-slow bench demo asan tsan valgrind fuzz coverage lint layers format install uninstall \
        dist clean tests FORCE
.DELETE_ON_ERROR:

all: $(B)/aftershock

# Stamps: their content changes only when flags or the list of sources change.
$(B)/flags.stamp: FORCE
	@mkdir -p $(@D); echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIB_LIBS)' | cmp -s - $@ || \
	  echo '$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIB_LIBS)' > $@
$(B)/sources.stamp: FORCE
	@mkdir -p $(@D); echo '$(LIB_SRC) $(CLI_SRC) $(SUP_SRC)' | cmp -s - $@ || echo '$(LIB_SRC) $(CLI_SRC) $(SUP_SRC)' > $@

$(B)/%.o: %.c $(B)/flags.stamp
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/libaftershock.a: $(call obj,$(LIB_SRC)) $(B)/sources.stamp
	@rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

$(B)/aftershock: $(call obj,$(CLI_SRC)) $(B)/libaftershock.a
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(filter %.o,$^) $(B)/libaftershock.a $(LIB_LIBS) -o $@

$(B)/tests/%: $(B)/tests/%.o $(call obj,$(SUP_SRC)) $(B)/libaftershock.a
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(filter %.o,$^) $(B)/libaftershock.a $(LIB_LIBS) -o $@

tests: $(TESTS) $(B)/aftershock

-include $(patsubst %.o,%.d,$(call obj,$(LIB_SRC) $(CLI_SRC) $(SUP_SRC) $(TEST_SRC) $(SLOW_SRC) $(BENCH_SRC)))

clean:
	rm -rf build dist
