#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes src/ops/array/colormaps.c from Matplotlib's table of colors: tools/colormaps.py .../matplotlib/_cm_listed.py

The four maps are by Nathaniel J. Smith, Stefan van der Walt and Eric Firing (viridis), given to the public domain (CC0).
A color is 255 times the table's number without its fraction, as Matplotlib makes bytes of it.
"""
import runpy
import sys
import types

# The table's file wants the class that it makes maps of; its numbers are enough here.
sys.modules["matplotlib"] = types.ModuleType("matplotlib")
sys.modules["matplotlib.colors"] = types.SimpleNamespace(ListedColormap=lambda *a, **k: types.SimpleNamespace(reversed=lambda: None))
tables = runpy.run_path(sys.argv[1], run_name="matplotlib._cm_listed")

print("""/* SPDX-License-Identifier: MIT */
/*
 * Colors of viridis, magma, inferno and plasma, made by tools/colormaps.py from Matplotlib's tables. The maps are by
 * Nathaniel J. Smith, Stefan van der Walt and Eric Firing (viridis), given to the public domain (CC0).
 */
#include "ops/array/colormaps.h"

/* clang-format off */
const uint32_t leat_colormaps[LEAT_N_COLORMAPS][256] = {""")
for name in ("viridis", "magma", "inferno", "plasma"):
    print("\t{ /* %s */" % name)
    colors = ["0x%02x%02x%02x" % tuple(int(v * 255) for v in rgb) for rgb in tables["_%s_data" % name]]
    assert len(colors) == 256
    for i in range(0, 256, 10):
        print("\t\t" + ", ".join(colors[i:i + 10]) + ",")
    print("\t},")
print("};\n/* clang-format on */")
