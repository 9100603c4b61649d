# leat: `make help` lists the targets.
PREFIX  ?= /usr/local
BUILD   ?= build
CC      ?= gcc
CFLAGS  ?= -O2 -g
OPENMP  ?= -fopenmp
STRICT  ?=
CSTD     = -std=c17 -D_GNU_SOURCE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes $(STRICT)
LIBS     = -lpng16 -ljpeg -llcms2 -lsqlite3 -lmd -lm -lpthread
COMPILE  = $(CC) $(CSTD) $(WARN) $(CFLAGS) $(OPENMP) -fPIC -MMD -MP
LINK     = $(CC) $(CFLAGS) $(OPENMP) $(LDFLAGS)

LIB_SRC   := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c src/*/*/*.c)))
CLI_SRC   := $(sort $(wildcard src/cli/*.c))
UNIT_SRC  := $(sort $(wildcard tests/unit/test_*.c))
UNIT_HELP := $(sort $(filter-out $(UNIT_SRC),$(wildcard tests/unit/*.c)))
LIB_OBJ   := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ   := $(CLI_SRC:%.c=$(BUILD)/%.o)
UNIT_OBJ  := $(UNIT_SRC:%.c=$(BUILD)/%.o) $(UNIT_HELP:%.c=$(BUILD)/%.o)
UNIT_BIN  := $(UNIT_SRC:%.c=$(BUILD)/%)

# Every recipe may use all cores; `make -j1` still means one.
ifeq ($(filter -j%,$(MAKEFLAGS)),)
MAKEFLAGS += -j$(shell nproc)
endif

all: $(BUILD)/leat ## build the program and the library

$(BUILD)/leat: $(CLI_OBJ) $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ $(LIBS)

$(BUILD)/libleat.a: $(LIB_OBJ)
	@echo "[ AR ] $@"
	@rm -f $@ && $(AR) rcs $@ $^

# The command line may use the public headers only.
$(BUILD)/src/cli/%.o: src/cli/%.c
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(COMPILE) -Iinclude -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(COMPILE) -Isrc -Iinclude -Itests/unit -c -o $@ $<

# Unit tests: one cmocka program per file; files without test_ help them.
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(UNIT_HELP:%.c=$(BUILD)/%.o) $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(LINK) -o $@ $^ -lcmocka $(LIBS)

unit: $(UNIT_BIN) ## build the unit tests

.PHONY: all unit
.SECONDARY: $(UNIT_OBJ)
-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d) $(UNIT_OBJ:.o=.d)
