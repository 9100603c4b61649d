# leat: `make help` lists the targets.
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
CC      ?= gcc
CLANG   ?= clang
CFLAGS  ?= -O2 -g
OPENMP  ?= -fopenmp
STRICT  ?=
CSTD     = -std=c17 -D_GNU_SOURCE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes $(STRICT)
# What makes leat faster where it is there; `make ISAL=` builds without.
ifeq ($(origin ISAL),undefined)
ISAL    := $(shell echo '\#include <isa-l.h>' | $(CC) -E -x c - >/dev/null 2>&1 && echo -lisal)
endif
# Formats whose libraries are loaded when they are needed, built where their headers are; `make AVIF= JXL=` builds without.
ifeq ($(origin AVIF),undefined)
AVIF    := $(shell echo '\#include <avif/avif.h>' | $(CC) -E -x c - >/dev/null 2>&1 && echo -DLEAT_WITH_AVIF)
endif
ifeq ($(origin JXL),undefined)
JXL     := $(shell echo '\#include <jxl/decode.h>' | $(CC) -E -x c - >/dev/null 2>&1 && echo -DLEAT_WITH_JXL)
endif
WITHOUT  = $(if $(AVIF),,src/formats/avif_%.c) $(if $(JXL),,src/formats/jxl_%.c)
LIBS     = $(ISAL) -lpng16 -lz -ldeflate -ljpeg -lwebp -llcms2 -lsqlite3 -ljansson -luring -lmd -lm -lpthread
# Hidden, unless a public header says otherwise; and no path of this machine in what is built.
SHAPE    = -fPIC -fvisibility=hidden -ffile-prefix-map=$(call quoted,$(CURDIR))=.
COMPILE  = $(CC) $(CSTD) $(WARN) $(CFLAGS) $(OPENMP) $(SHAPE) -MMD -MP
LINK     = $(CC) $(CFLAGS) $(OPENMP) $(LDFLAGS)

BINDIR     = $(PREFIX)/bin
LIBDIR     = $(PREFIX)/lib
LIBEXECDIR = $(PREFIX)/libexec
INCLUDEDIR = $(PREFIX)/include
DATADIR    = $(PREFIX)/share
VERSION   := $(shell sed -n 's/^.define LEAT_VERSION "\(.*\)".*/\1/p' include/leat/types.h)
SOVERSION  = 0
quoted     = '$(subst ','\'',$(1))'

LIB_SRC   := $(sort $(filter-out src/cli/% $(WITHOUT),$(wildcard src/*/*.c src/*/*/*.c)))
LIB_HEAD  := $(sort $(wildcard src/*/*.h src/*/*/*.h src/*/*.def include/leat/*.h))
CLI_SRC   := $(sort $(wildcard src/cli/*.c))
UNIT_SRC  := $(sort $(wildcard tests/unit/test_*.c))
UNIT_HELP := $(sort $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c)))
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o)
UNIT_OBJ  := $(UNIT_SRC:%.c=$(BUILD)/%.o) $(UNIT_HELP:%.c=$(BUILD)/%.o)
UNIT_BIN  := $(UNIT_SRC:%.c=$(BUILD)/%)
EXAMPLE_BIN := $(patsubst %.c,$(BUILD)/%,$(wildcard docs/examples/*.c))

# Every recipe may use all cores; `make -j1` still means one.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

all: $(BUILD)/leat $(BUILD)/leat-worker $(BUILD)/libleat.so ## build the program and the library

$(BUILD)/leat: $(CLI_OBJ) $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/libleat.a: $(LIB_OBJ)
	@echo "[ AR ] $@"
	@rm -f $@ && $(AR) qcsD $@ $^

# It exports what the public headers declare, and nothing else.
$(BUILD)/libleat.so.$(VERSION): $(LIB_OBJ) src/libleat.map
	@echo "[LINK] $@"
	@$(LINK) -shared -Wl,-soname,libleat.so.$(SOVERSION) -Wl,--version-script=src/libleat.map \
		$(if $(findstring sanitize,$(CFLAGS)),,-Wl,-z,defs) -o $@ $(LIB_OBJ) $(LIBS)

$(BUILD)/libleat.so: $(BUILD)/libleat.so.$(VERSION)
	@ln -sf libleat.so.$(VERSION) $(BUILD)/libleat.so.$(SOVERSION)
	@ln -sf libleat.so.$(SOVERSION) $@

$(BUILD)/leat-worker: $(BUILD)/tools/leat-worker.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

# What things are built with, each in a file that changes only when its content does: the flags of all; where workers are
# installed; what tells two builds apart.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(call quoted,$(CC) $(CFLAGS) $(OPENMP) $(SHAPE) $(ISAL) $(AVIF) $(JXL)) | tools/update $@

$(BUILD)/worker-path: FORCE
	@mkdir -p $(@D)
	@printf '%s' $(call quoted,$(LIBEXECDIR)/leat/leat-worker) | tools/update $@

$(BUILD)/source-id: FORCE
	@mkdir -p $(@D)
	@cat $(LIB_SRC) $(LIB_HEAD) | sha256sum | cut -c 1-8 | tools/update $@

$(BUILD)/src/report/page.o: src/report/page.html
$(BUILD)/src/formats/inflate_%.o: WORDS = $(if $(ISAL),-DLEAT_WITH_ISAL)
$(BUILD)/src/formats/avif.o: WORDS = $(AVIF)
$(BUILD)/src/formats/jxl.o: WORDS = $(JXL)
$(BUILD)/src/api/worker_path.o: $(BUILD)/worker-path
$(BUILD)/src/api/worker_path.o: WORDS = -DLEAT_WORKER_PATH=$(call quoted,"$(LIBEXECDIR)/leat/leat-worker")
$(BUILD)/src/exec/processes/exe.o: $(BUILD)/source-id
$(BUILD)/src/exec/processes/exe.o: WORDS = -DLEAT_SOURCE_ID=\"$$(cat $(BUILD)/source-id)\"

# The command line may use the public headers only.
$(BUILD)/src/cli/%.o: src/cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(COMPILE) -Iinclude -c -o $@ $<

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(COMPILE) $(WORDS) -Isrc -Iinclude -Itests/unit -c -o $@ $<

# What NumPy and SciPy make of small arrays: of Debian's Python, whatever else is on the PATH.
$(BUILD)/tests/reference/%.h: tests/reference/%.py tests/reference/cases.py
	@mkdir -p $(@D)
	@echo "[MAKE] $@"
	@/usr/bin/python3 -B $< >$@.new && mv $@.new $@

# Files that NumPy wrote.
$(BUILD)/tests/reference/%.bin: tests/reference/%.py
	@mkdir -p $(@D)
	@echo "[MAKE] $@"
	@/usr/bin/python3 -B $< >$@.new && mv $@.new $@

$(BUILD)/tests/unit/test_npy_random: | $(BUILD)/tests/reference/npys.bin
$(BUILD)/tests/unit/test_array_ops.o: $(BUILD)/tests/reference/arrays.h
$(BUILD)/tests/unit/test_numeric.o: $(BUILD)/tests/reference/numeric.h
$(BUILD)/tests/unit/test_array_ops.o $(BUILD)/tests/unit/test_numeric.o: WORDS = -I$(call quoted,$(BUILD)/tests)

# Unit tests: one cmocka program per file; files without test_ help them.
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(UNIT_HELP:%.c=$(BUILD)/%.o) $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ -lcmocka $(LIBS)

unit: $(UNIT_BIN) $(EXAMPLE_BIN) ## build the unit tests and the examples

# Examples are programs like any other: public headers, shared library.
$(BUILD)/docs/examples/%: docs/examples/%.c $(BUILD)/flags $(BUILD)/libleat.so $(wildcard include/leat/*.h)
	@mkdir -p $(@D)
	@echo "[LINK] $@"
	@$(LINK) $(CSTD) $(WARN) -Iinclude -o $@ $< -L$(BUILD) -lleat -lm -Wl,-rpath,'$$ORIGIN/../..'

DEPS      = libpng-dev libdeflate-dev libisal-dev libjpeg62-turbo-dev libwebp-dev libtiff-dev libavif-dev libjxl-dev liblcms2-dev libsqlite3-dev libjansson-dev liburing-dev libmd-dev libxxhash-dev libzip-dev
TEST_DEPS = libcmocka-dev pkgconf bats jq dash zsh fish libopenblas0-pthread libtiff6 libavif15 libjxl0.7 libzip4 python3-jsonschema python3-yaml python3-numpy python3-scipy systemd cron strace
LINT_DEPS = gcc-aarch64-linux-gnu libc6-dev-arm64-cross clang clang-format clang-tidy cppcheck shellcheck mandoc groff-base
DIST_DEPS = libomp-dev g++

BROWSER_DEPS = chromium
browser-deps: ## install what the test of the report page in a browser needs
	@tools/deps $(BROWSER_DEPS)
	@command -v node >/dev/null || tools/deps nodejs
	@command -v npm >/dev/null || tools/deps npm
	@cd tests/browser && npm install --no-audit --no-fund --silent

deps: ## install what the build needs (only what is missing)
	@tools/deps $(DEPS)

test-deps: deps ## install what the tests need
	@tools/deps $(TEST_DEPS)

lint-deps: ## install what the lint needs
	@tools/deps $(LINT_DEPS)

# A second make, so that the build starts only when the packages are there.
demo: deps ## build, and run pipelines/thumbnails.leat on testdata/
	@$(MAKE) --no-print-directory all testdata
	@$(BUILD)/leat run pipelines/thumbnails.leat || [ $$? = 1 ]
	@echo "The results are in $(BUILD)/demo; one file of testdata/ is broken on purpose, and the summary says so."

test: test-deps ## build and run all tests; ends with "N passed, N failed"
	@$(MAKE) --no-print-directory all unit testdata
	@tests/run $(BUILD)

testdata: testdata/.made ## make the small files of testdata/

testdata/.made: $(BUILD)/tools/testdata
	@$< testdata && touch $@

$(BUILD)/tools/testdata: $(BUILD)/tools/testdata.o $(BUILD)/libleat.a
	@$(LINK) -o $@ $^ $(LIBS)

BENCH_DEPS = optipng libvips-tools graphicsmagick imagemagick python3-pil python3-numpy python3-numexpr python3-pandas
bench-deps: ## install the peers that leat is measured against
	@tools/deps $(BENCH_DEPS)
	@command -v node >/dev/null || tools/deps nodejs
	@command -v npm >/dev/null || tools/deps npm
	@cd bench/peers && npm install --no-audit --no-fund --silent

BENCH = photos icons jpeg reencode optimize optimize-2 inverses csv-stats
bench: all ## leat and every installed peer on the same work; BENCH="photos ..." ROUNDS=5; figures in $(BUILD)/bench.json
	@bench/bench.py --leat $(BUILD)/leat --rounds $(or $(ROUNDS),5) --json $(BUILD)/bench.json $(BENCH)

bench-doc: ## the figures of the last bench into docs/BENCHMARKS.md
	@bench/doc.py $(BUILD)/bench.json docs/BENCHMARKS.md

bench-auto: all $(BUILD)/bench/slow.so ## what leat chooses by itself against a sweep of static choices (needs the corpus); ONLY=photos ROUNDS=5
	@bench/auto.py --leat $(BUILD)/leat --slow $(BUILD)/bench/slow.so --json $(BUILD)/bench-auto.json --rounds $(or $(ROUNDS),5) \
		$(if $(ONLY),--only $(call quoted,$(ONLY)))

$(BUILD)/bench/slow.so: bench/parts/slow.c $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "[LINK] $@"
	@$(CC) $(CSTD) $(WARN) $(CFLAGS) -fPIC -shared -o $@ $<

bench-scaling: all $(BUILD)/bench/parts/parts ## two cores against one, beside two pinned bare loops (needs the corpus)
	@bench/scaling.py --leat $(BUILD)/leat --parts $(BUILD)/bench/parts/parts --json $(BUILD)/bench-scaling.json

bench-slopes: all $(BUILD)/bench/parts/parts ## how costs grow from 100 to 10,000 files, and what they are made of (needs the corpus)
	@bench/slopes.py --leat $(BUILD)/leat --parts $(BUILD)/bench/parts/parts --json $(BUILD)/bench-slopes.json

bench-smallfiles: all ## many small files: the event loop, threads, and what leat chooses by itself
	@bench/smallfiles.py --leat $(BUILD)/leat

bench-parts: $(BUILD)/bench/parts/parts ## what the parts of a thumbnail take in bare loops (needs the corpus)
	@$< $(addprefix $(or $(LEAT_CORPUS),../shared/corpus)/kodak/,$(notdir $(wildcard $(or $(LEAT_CORPUS),../shared/corpus)/kodak/*.png)))

$(BUILD)/bench/parts/parts: $(BUILD)/bench/parts/parts.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

bench-numeric: $(BUILD)/bench/parts/numeric ## what the numeric kernels take over 8 million numbers in memory, beside plain reading
	@$<

$(BUILD)/bench/parts/numeric: $(BUILD)/bench/parts/numeric.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

bench-start: all $(BUILD)/tests/bench/bench_start ## how long help, check and an empty run take from process start
	@$(BUILD)/tests/bench/bench_start $(BUILD)/leat

bench-exec: $(BUILD)/tests/bench/bench_handoff $(BUILD)/tests/bench/bench_exec ## what a hand-off costs: inline, threads, processes
	@$(BUILD)/tests/bench/bench_handoff
	@$(BUILD)/tests/bench/bench_exec

bench-python: $(BUILD)/tests/bench/bench_tasks ## the executors beside Python's pools (needs /usr/bin/python3 with NumPy); ROUNDS=5
	@bench/peers/executors.py --tasks-program $< --rounds $(or $(ROUNDS),5)

bench-unchanged: all ## a night in which nothing changed, beside find, over FILES=100000 small files
	@bench/unchanged.py --leat $(BUILD)/leat --files $(or $(FILES),100000)

chaos: all $(BUILD)/tests/chaos/eio.so ## kill a run KILLS=500 times, fill its disk, break it: ten minutes
	@tests/chaos/chaos.py --leat $(BUILD)/leat --kills $(or $(KILLS),500) --shim $(BUILD)/tests/chaos/eio.so

$(BUILD)/tests/chaos/eio.so: tests/chaos/eio.c
	@mkdir -p $(@D)
	@$(CC) -shared -fPIC -o $@ $< -ldl

stress-exec: $(BUILD)/tests/bench/stress_exec ## random cancels, timeouts, kills and resizes for SECONDS=600
	@nice -n 19 $< $(or $(SECONDS),600)

$(BUILD)/tests/bench/stress_exec: $(BUILD)/tests/bench/stress_exec.o $(BUILD)/tests/unit/stress_kit.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

SANITIZE_ENV = ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1
asan: test-deps ## all tests under the address and undefined-behavior sanitizers
	@$(MAKE) --no-print-directory BUILD=build/asan CFLAGS="-O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer" all unit testdata
	@$(SANITIZE_ENV) TEST_TIMEOUT=900 tests/run build/asan

tsan: test-deps ## all tests under the thread sanitizer (OpenMP off: libgomp is not instrumented)
	@$(MAKE) --no-print-directory BUILD=build/tsan CFLAGS="-O1 -g -fsanitize=thread" OPENMP=-Wno-unknown-pragmas all unit testdata
	@TSAN_OPTIONS=halt_on_error=1 TEST_TIMEOUT=900 tests/run build/tsan

FUZZ_SECONDS ?= 60
FUZZ_BIN := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
fuzz: $(BUILD)/leat ## fuzz every target for FUZZ_SECONDS (needs clang)
	@tests/fuzz/prepare $(abspath $<) $(CURDIR)/build/fuzz/lang
	@$(MAKE) --no-print-directory BUILD=build/fuzz CC="$(CLANG)" OPENMP=-Wno-unknown-pragmas \
		CFLAGS="-g -O2 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined" \
		TEXT_FLAGS=-fno-sanitize-coverage=trace-cmp fuzzers
	@set -e; for name in $(notdir $(FUZZ_BIN)); do echo "[FUZZ] $$name"; mkdir -p build/fuzz/$$name.corpus; \
		build/fuzz/tests/fuzz/$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -print_final_stats=0 -verbosity=0 build/fuzz/$$name.corpus \
			$$(ls -d tests/fuzz/seeds/$${name##*_} 2>/dev/null) \
			$$([ $$name != fuzz_lang ] || echo -dict=build/fuzz/lang/dict build/fuzz/lang/seeds); done

fuzzers: $(FUZZ_BIN)

# Texts teach the fuzzer by whole words (strcmp, memcmp, its dictionary); comparisons of single characters as well would cost
# it half of its inputs.
$(foreach room,base core lang registry plan gen,$(BUILD)/src/$(room)/%.o): WORDS = $(TEXT_FLAGS)

# The messages of the language are checked with the steps that they speak of.
$(BUILD)/tests/fuzz/fuzz_lang: $(BUILD)/tests/unit/frozen_registry.o

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -fsanitize=fuzzer -o $@ $^ $(LIBS)

lint: ## layers, tables, names, sizes, format, static analysis
	@tools/lint/run $(BUILD)

generate: $(BUILD)/leat ## write the generated files: manual pages, completion, editor syntax
	@sed '/^#/d' tools/generated | while read -r file words; do mkdir -p "$${file%/*}" && $< $$words > "$$file" || exit 1; done

INSTALL_ENV = DESTDIR=$(call quoted,$(DESTDIR)) BINDIR=$(call quoted,$(BINDIR)) LIBDIR=$(call quoted,$(LIBDIR)) \
	LIBEXECDIR=$(call quoted,$(LIBEXECDIR)) INCLUDEDIR=$(call quoted,$(INCLUDEDIR)) DATADIR=$(call quoted,$(DATADIR)) \
	BUILD=$(BUILD) VERSION=$(VERSION) SOVERSION=$(SOVERSION) PREFIX=$(call quoted,$(PREFIX)) LIBS_PRIVATE=$(call quoted,$(LIBS) $(OPENMP))

install: all ## put program, library, headers, manual and completions under PREFIX (/usr/local), below DESTDIR
	@$(INSTALL_ENV) tools/install install

uninstall: ## remove what `make install` with the same PREFIX and DESTDIR put there
	@$(INSTALL_ENV) tools/install uninstall

installcheck: all testdata ## install into a folder of its own, use it as others would, uninstall
	@CC=$(call quoted,$(CC)) tools/installcheck $(BUILD)
	@$(MAKE) --no-print-directory all

distcheck: test-deps lint-deps ## all of it on a clean copy: two compilers, sanitizers, install, manual pages
	@tools/deps $(DIST_DEPS)
	@tools/distcheck

clean: ## remove what was built
	rm -rf build testdata

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 14

.PHONY: all unit chaos bench bench-unchanged bench-doc bench-auto bench-scaling bench-smallfiles bench-slopes bench-deps bench-parts bench-numeric bench-exec bench-start stress-exec bench-python deps test-deps lint-deps demo test testdata asan tsan fuzz fuzzers lint generate install uninstall installcheck distcheck clean help FORCE
.SECONDARY: $(UNIT_OBJ)
-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d) $(wildcard $(BUILD)/tools/*.d)
