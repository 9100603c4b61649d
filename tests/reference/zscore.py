#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/reference/zscore.tsv: z-scores of photographs as NumPy and Pillow make them, for tests/unit/test_zscore.c.

usage: zscore.py CORPUS > zscore.tsv     (Debian's python3-numpy and python3-pil)
A line: name, per (all, channel), shape, then the sum of |z|, the norm, and 40 elements as index:value.
"""
import glob
import os
import sys

import numpy as np
from PIL import Image

for path in sorted(glob.glob(os.path.join(sys.argv[1], "kodak", "0[1-3].png"))):
    a = np.asarray(Image.open(path).convert("RGB")).astype("f8")
    for per in ("all", "channel"):
        # of packed numbers, which NumPy adds pairwise: along other axes its sums are good to some 1e-12 only
        planes = [a] if per == "all" else [np.ascontiguousarray(a[..., c]) for c in range(3)]
        z = (a - [p.mean() for p in planes]) / [p.std() for p in planes]
        flat = z.ravel()
        some = ["%d:%r" % (i, float(flat[i])) for i in (np.arange(40) * 29303 + 11) % flat.size]
        shape = "x".join(str(n) for n in z.shape)
        print(os.path.basename(path), per, shape, repr(float(np.abs(z).sum())), repr(float(np.sqrt((z * z).sum()))), *some,
              sep="\t")
