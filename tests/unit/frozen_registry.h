/* SPDX-License-Identifier: MIT */
/*
 * A registry that never changes: tables of the steps and formats that the catalogue of messages speaks of,
 * whatever the program has built. Nothing in it can run.
 */
#ifndef LEAT_TESTS_FROZEN_REGISTRY_H
#define LEAT_TESTS_FROZEN_REGISTRY_H

#include "registry/registry.h"

extern const struct leat_registry leat_frozen_registry;

#endif
