# leat: `make help` lists the targets.
PREFIX  ?= /usr/local
BUILD   ?= build
CC      ?= gcc
CSTD     = -std=c17 -D_GNU_SOURCE
WARN     = -Wall -Wextra -Wpedantic -Wshadow -Wmissing-prototypes
CFLAGS  ?= -O2 -g
OPENMP  ?= -fopenmp
LIBS     = -lpng16 -ljpeg -llcms2 -lsqlite3 -lmd -lm -lpthread
ALL_CFLAGS = $(CSTD) $(WARN) $(CFLAGS) $(OPENMP) -fPIC -MMD -MP

LIB_SRC := $(sort $(filter-out src/cli/%,$(wildcard src/*/*.c src/*/*/*.c)))
CLI_SRC := $(sort $(wildcard src/cli/*.c))
LIB_OBJ := $(LIB_SRC:%.c=$(BUILD)/%.o)
CLI_OBJ := $(CLI_SRC:%.c=$(BUILD)/%.o)

all: $(BUILD)/leat ## build the program and the library

$(BUILD)/leat: $(CLI_OBJ) $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(CC) $(CFLAGS) $(OPENMP) -o $@ $^ $(LDFLAGS) $(LIBS)

$(BUILD)/libleat.a: $(LIB_OBJ)
	@echo "[ AR ] $@"
	@rm -f $@ && $(AR) rcs $@ $^

# The command line may use the public headers only.
$(BUILD)/src/cli/%.o: src/cli/%.c
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(CC) $(ALL_CFLAGS) -Iinclude -c -o $@ $<

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	@echo "[ CC ] $<"
	@$(CC) $(ALL_CFLAGS) -Isrc -Iinclude -c -o $@ $<

# Unit tests: one cmocka program per file.
$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libleat.a
	@echo "[LINK] $@"
	@$(CC) $(CFLAGS) $(OPENMP) -o $@ $^ $(LDFLAGS) -lcmocka $(LIBS)

-include $(LIB_OBJ:.o=.d) $(CLI_OBJ:.o=.d)
