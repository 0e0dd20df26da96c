# aftershock: build, test, check. See README.md for the two commands most people need.
#
#   make                 the program, optimised            build/release/aftershock
#   make check           all tests, with the runner's count at the end
#   make check-slow      the same with the long runs: size of the tests by simulation
#   make bench           named workloads with their times
#   make demo            set-up, build, the DeepSeek study
#   make asan tsan valgrind fuzz coverage lint layers      quality gates
#   make format          lays the sources out as .clang-format says
#   make MPI=1            also build/release-mpi/aftershock, which shares its work with others under mpirun (Open MPI)
#   make install PREFIX=/usr/local DESTDIR=                also: uninstall, dist, clean
#   make CC=clang VARIANT=clang                            another compiler beside the first; V=1 shows commands
#   make POSTGRES=0                                        without `fetch --from wrds` and postgres; 1 insists on libpq
#
# Objects live in build/<variant>/; a change of flags or of the list of sources rebuilds what it must.

VERSION   := 0.1.0
VARIANT   ?= release
CC        ?= cc
PKG_CONFIG ?= pkg-config
PREFIX    ?= /usr/local
DESTDIR   ?=
DATADIR   := $(PREFIX)/share/aftershock
B         := build/$(VARIANT)

LIBRARIES := glib-2.0 gsl jansson libcurl sqlite3 libzip zlib expat
# Optional: used where it is installed.
ifndef POSTGRES
POSTGRES  := $(shell $(PKG_CONFIG) --exists libpq 2>/dev/null && echo 1 || echo 0)
endif
ifeq ($(POSTGRES),1)
LIBRARIES += libpq
endif
TEST_LIBRARIES := libmicrohttpd
ifneq ($(filter-out clean demo dist format layers,$(or $(MAKECMDGOALS),all)),)
MISSING := $(shell $(PKG_CONFIG) --exists $(LIBRARIES) 2>/dev/null || echo yes)
ifeq ($(MISSING),yes)
$(error missing libraries: on Debian run: apt-get install pkg-config libglib2.0-dev libgsl-dev libjansson-dev libcurl4-openssl-dev libsqlite3-dev libzip-dev zlib1g-dev libexpat1-dev gnuplot-nox$(if $(filter 1,$(POSTGRES)), libpq-dev); or run scripts/install-deps, which does it on other systems too)
endif
LIB_CFLAGS := $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))
LIB_LIBS   := $(shell $(PKG_CONFIG) --libs $(LIBRARIES))
# Open MPI is asked for by `make MPI=1`, and by the tests when it is there.
MPI_HERE   := $(shell $(PKG_CONFIG) --exists ompi-c 2>/dev/null && echo yes)
ifeq ($(MPI)$(MPI_HERE),1)
$(error make MPI=1 needs Open MPI: on Debian run: apt-get install libopenmpi-dev openmpi-bin)
endif
MPI_CFLAGS := $(if $(MPI_HERE),-DAFT_WITH_MPI $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags ompi-c)))
MPI_LIBS   := $(if $(MPI_HERE),$(shell $(PKG_CONFIG) --libs ompi-c))
# Used where it is there, for large digests.
ifeq ($(shell $(PKG_CONFIG) --exists libcrypto 2>/dev/null && echo yes),yes)
LIB_CFLAGS += -DAFT_HAVE_CRYPTO $(patsubst -I%,-isystem %,$(shell $(PKG_CONFIG) --cflags libcrypto))
LIB_LIBS   += $(shell $(PKG_CONFIG) --libs libcrypto)
endif
# Asked for when a test is built; the program needs none of them.
TEST_LIBS   = $(shell $(PKG_CONFIG) --libs $(TEST_LIBRARIES) || echo missing-run-scripts/install-deps---check)
endif

WARNINGS := -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow \
            -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
            -Wformat=2 -Wundef -Wvla -Wnull-dereference -Wimplicit-fallthrough -Werror=implicit-function-declaration
WERROR   ?=

HARDEN_release := -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
FLAGS_release  := -O2 -g $(HARDEN_release)
FLAGS_asan     := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all
FLAGS_tsan     := -O1 -g -fsanitize=thread
FLAGS_fuzz     := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FLAGS_debug    := -O0 -g
FLAGS_coverage := -O0 -g --coverage
FLAGS_analyze  := -O2 -g -fanalyzer
LINK_release   := -pie -Wl,-z,relro -Wl,-z,now
LINK_asan      := -fsanitize=address,undefined
LINK_tsan      := -fsanitize=thread
LINK_fuzz      := -fsanitize=address,undefined
LINK_coverage  := --coverage
ifeq ($(shell uname -s),Darwin)
LINK_release   :=
endif

CFLAGS   ?=
LDFLAGS  ?=
# A variant without flags of its own is built like the release.
VARIANT_FLAGS := $(or $(FLAGS_$(VARIANT)),$(FLAGS_release))
VARIANT_LINK  := $(if $(FLAGS_$(VARIANT)),$(LINK_$(VARIANT)),$(LINK_release))
# 700 is POSIX.1-2008; glibc shows realpath, which belongs to it, under this name alone.
ALL_CFLAGS = -std=c17 -D_XOPEN_SOURCE=700 -Iinclude -Isrc -fPIE -ffp-contract=off -ffile-prefix-map=$(CURDIR)=. \
             -DAFT_VERSION='"$(VERSION)"' $(LIB_CFLAGS) $(WARNINGS) $(WERROR) $(VARIANT_FLAGS) $(CFLAGS)
ALL_LDFLAGS = $(VARIANT_LINK) $(LDFLAGS)

LIB_SRC  := $(filter-out src/fetch/postgres$(if $(filter 1,$(POSTGRES)),_absent).c,$(sort $(wildcard $(foreach d,base stats input fetch market study link report,src/$(d)/*.c))))
CLI_SRC  := $(sort $(wildcard src/cli/*.c))
SUP_SRC  := $(sort $(wildcard tests/support/*.c))
TEST_SRC := $(sort $(wildcard tests/test_*.c))
SLOW_SRC := $(sort $(wildcard tests/slow_*.c))
FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
BENCH_SRC := $(sort $(wildcard tests/bench_*.c))
SCRIPT_TESTS := $(sort $(wildcard tests/*.t) $(wildcard tests/cli/*.test))
obj = $(patsubst %.c,$(B)/%.o,$(1))
TESTS := $(patsubst tests/%.c,$(B)/tests/%,$(TEST_SRC))
SLOWS := $(patsubst tests/%.c,$(B)/tests/%,$(SLOW_SRC))
BENCHES := $(patsubst tests/%.c,$(B)/tests/%,$(BENCH_SRC))
FUZZERS := $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(FUZZ_SRC))
REPLAYS := $(patsubst tests/fuzz/fuzz_%.c,$(B)/tests/replay_%,$(FUZZ_SRC))

.PHONY: all check check-slow bench demo asan tsan valgrind fuzz coverage lint lint-format lint-headers lint-analyze \
        lint-tidy lint-cppcheck layers format install uninstall dist clean tests FORCE
.DELETE_ON_ERROR:
.SECONDARY:

PROGRAM := $(B)$(if $(MPI),-mpi)/aftershock
all: $(B)/aftershock $(PROGRAM)

# One short line for each step; `make V=1` shows the commands.
say = $(if $(V),,@printf '  %s  %s\n' $(1) $@ &&)

# Stamps: their content changes only when flags or the list of sources change.
define update_stamp
@mkdir -p $(@D); echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@
endef
$(B)/flags.stamp: FORCE
	$(call update_stamp,$(CC) $(subst ','\'',$(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIB_LIBS)))
$(B)/sources.stamp: FORCE
	$(call update_stamp,$(LIB_SRC) $(CLI_SRC) $(SUP_SRC))
$(B)/prefix.stamp: FORCE
	$(call update_stamp,$(DATADIR))

$(B)/%.o: %.c $(B)/flags.stamp
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CFLAGS) $(FILE_CFLAGS) -MMD -MP -c $< -o $@

# The sources that have a part in a panel: what programs of others kept in the cache is not used.
PANEL_SRC := $(sort $(wildcard $(foreach d,base input market,src/$(d)/*.[ch] include/aftershock/$(d)/*.h)))
PANEL_CODE = $(word 1,$(shell cat $(PANEL_SRC) | cksum))
$(B)/panel.stamp: FORCE
	$(call update_stamp,$(PANEL_CODE))
$(B)/src/market/panel_cache.o: $(B)/panel.stamp
$(B)/src/market/panel_cache.o: FILE_CFLAGS = -DAFT_PANEL_CODE='"$(PANEL_CODE)"'

# The one file that knows where `make install` puts things.
$(B)/src/base/resource.o: $(B)/prefix.stamp
$(B)/src/base/resource.o: FILE_CFLAGS := -DAFT_DATADIR='"$(DATADIR)"'

$(B)/libaftershock.a: $(call obj,$(LIB_SRC)) $(B)/sources.stamp
	@rm -f $@
	$(call say,AR) $(AR) rcs $@ $(filter %.o,$^)

define link
$(call say,LD) $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(filter %.o,$^) $(B)/libaftershock.a $(LIB_LIBS) $(1) -o $@
endef
$(B)/aftershock: $(call obj,$(CLI_SRC)) $(B)/libaftershock.a
	$(link)
# The same objects, and the one file that knows MPI built again.
$(B)-mpi/cluster.o: src/base/cluster.c $(B)/flags.stamp
	@mkdir -p $(@D)
	$(call say,CC) $(CC) $(ALL_CFLAGS) $(MPI_CFLAGS) -MMD -MP -c $< -o $@
$(B)-mpi/aftershock: $(call obj,$(CLI_SRC)) $(B)-mpi/cluster.o $(B)/libaftershock.a
	$(call link,$(MPI_LIBS))
$(B)/tests/%: $(B)/tests/%.o $(call obj,$(SUP_SRC)) $(B)/libaftershock.a
	$(call link,$(TEST_LIBS))
$(REPLAYS): $(B)/tests/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o $(B)/libaftershock.a
	$(link)
$(FUZZERS): $(B)/fuzz/%: $(B)/tests/fuzz/%.o $(B)/libaftershock.a
	@mkdir -p $(@D)
	$(link) -fsanitize=fuzzer

# ---- tests

JOBS := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
# tests/run starts each test as its kind needs; prove counts.
PROVE = AFTERSHOCK='$(CURDIR)/$(B)/aftershock' G_TEST_SRCDIR='$(CURDIR)/tests' G_TEST_BUILDDIR='$(CURDIR)/$(B)/tests' \
        prove --exec tests/run --jobs $(JOBS)

tests: $(TESTS) $(REPLAYS) $(B)/aftershock $(if $(MPI_HERE),$(B)-mpi/aftershock)

check: tests
	@$(PROVE) $(TESTS) $(REPLAYS) $(SCRIPT_TESTS)

check-slow: tests $(SLOWS)
	@AFT_TEST_ARGS='-m slow' $(PROVE) $(TESTS) $(REPLAYS) $(SLOWS) $(SCRIPT_TESTS)

bench: $(B)/aftershock $(BENCHES)
	scripts/bench $(B)

demo:
	scripts/demo

# ---- quality gates

# GLib's own pools would hide who frees what: G_SLICE.
asan:
	G_SLICE=always-malloc UBSAN_OPTIONS=print_stacktrace=1 $(MAKE) VARIANT=asan check

tsan:
	G_SLICE=always-malloc TSAN_OPTIONS='halt_on_error=1 suppressions=$(CURDIR)/tests/tsan.supp' $(MAKE) VARIANT=tsan check

valgrind: $(B)/aftershock $(TESTS) $(REPLAYS)
	@AFT_WRAP='valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite' \
	  G_SLICE=always-malloc G_DEBUG=gc-friendly $(PROVE) $(TESTS) $(REPLAYS)

FUZZ_SECONDS ?= 30
fuzz:
	$(MAKE) CC=clang VARIANT=fuzz fuzz-run
.PHONY: fuzz-run
fuzz-run: $(FUZZERS)
	@for f in $(FUZZERS); do name=$${f##*/fuzz_}; mkdir -p build/fuzz/corpus/$$name; echo "== $$name: $(FUZZ_SECONDS) s"; \
	  $$f -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -timeout=10 -print_final_stats=1 -verbosity=0 \
	    -artifact_prefix=build/fuzz/$$name- build/fuzz/corpus/$$name tests/fuzz/corpus/$$name >build/fuzz/$$name.log 2>&1 || \
	    { tail -40 build/fuzz/$$name.log; exit 1; }; grep 'stat::.*units' build/fuzz/$$name.log; done

coverage:
	$(MAKE) VARIANT=coverage check
	scripts/coverage build/coverage

LINT_SRC := $(LIB_SRC) $(CLI_SRC)
OWN_FILES := $(sort $(wildcard include/aftershock/*/*.h src/*/*.[ch] tests/*.[ch] tests/support/*.[ch] tests/fuzz/*.[ch]))

lint: layers lint-format lint-headers lint-analyze lint-tidy lint-cppcheck

layers:
	scripts/check-layers

lint-format:
	clang-format --dry-run -Werror $(OWN_FILES)

# Every header compiles alone.
lint-headers:
	@set -e; for h in $(filter %.h,$(filter include/% src/%,$(OWN_FILES))); do printf '#include "%s"\ntypedef int alone;\n' "$$h" | \
	  $(CC) $(ALL_CFLAGS) -I. -Werror -fsyntax-only -x c - || { echo "$$h: does not compile alone"; exit 1; }; done

lint-analyze:
	$(MAKE) CC=gcc VARIANT=analyze WERROR=-Werror build/analyze/libaftershock.a $(patsubst %.c,build/analyze/%.o,$(CLI_SRC))

lint-tidy:
	printf '%s\n' $(LINT_SRC) | xargs -P $(JOBS) -n 4 sh -c 'clang-tidy --quiet "$$@" -- $(subst ','\'',$(filter-out -f%,$(ALL_CFLAGS))) \
	  -DAFT_DATADIR="\"/\""' sh

lint-cppcheck:
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 -j $(JOBS) \
	  --library=gtk --library=posix '-DG_DEFINE_QUARK(a,b)=' '-DG_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(a,b)=' '-DG_GNUC_PRINTF(a,b)=' \
	  --suppress=duplicateAssignExpression -Iinclude -Isrc -DAFT_VERSION='"$(VERSION)"' src

format:
	clang-format -i $(OWN_FILES)

# ---- installing

BINDIR  := $(PREFIX)/bin
MANDIR  := $(PREFIX)/share/man/man1
DOCDIR  := $(PREFIX)/share/doc/aftershock
# What the program looks for while it runs; docs/methods.md is what `aftershock explain` prints.
DATA    := $(sort $(wildcard data/*.md data/*.json data/*/*)) docs/methods.md
PLOTS   := $(sort $(wildcard plots/*.gp))
# For reading. The repository's README.md speaks of sources and tests, which are not installed.
DOCS    := LICENSE $(sort $(wildcard docs/*.md))

install: $(PROGRAM)
	install -d '$(DESTDIR)$(BINDIR)' '$(DESTDIR)$(MANDIR)' '$(DESTDIR)$(DOCDIR)' '$(DESTDIR)$(DATADIR)/plots'
	install -m 755 $(PROGRAM) '$(DESTDIR)$(BINDIR)/'
	install -m 755 scripts/reproduce '$(DESTDIR)$(BINDIR)/aftershock-reproduce'
	install -m 644 docs/aftershock.1 '$(DESTDIR)$(MANDIR)/'
	install -m 644 $(DOCS) '$(DESTDIR)$(DOCDIR)/'
	install -m 644 scripts/aftershock.sbatch '$(DESTDIR)$(DOCDIR)/'
	install -m 644 data/init/README.md '$(DESTDIR)$(DOCDIR)/study-folder.md'
	$(if $(PLOTS),install -m 644 $(PLOTS) '$(DESTDIR)$(DATADIR)/plots/')
	for f in $(DATA); do install -d "$(DESTDIR)$(DATADIR)/$${f%/*}" && install -m 644 $$f "$(DESTDIR)$(DATADIR)/$$f" || exit 1; done

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/aftershock' '$(DESTDIR)$(BINDIR)/aftershock-reproduce' '$(DESTDIR)$(MANDIR)/aftershock.1'
	rm -rf '$(DESTDIR)$(DATADIR)' '$(DESTDIR)$(DOCDIR)'

dist:
	mkdir -p dist
	git archive --prefix=aftershock-$(VERSION)/ -o dist/aftershock-$(VERSION).tar.gz HEAD

clean:
	rm -rf build dist

-include $(patsubst %.o,%.d,$(call obj,$(LIB_SRC) $(CLI_SRC) $(SUP_SRC) $(TEST_SRC) $(SLOW_SRC) $(BENCH_SRC) $(FUZZ_SRC) tests/fuzz/replay.c)) $(B)-mpi/cluster.d

