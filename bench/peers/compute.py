# compute.py OUT numpy|numexpr zscore|wave FILES...   one file after the other, each at once over all numbers
import os
import sys

import numpy as np

out, how, what = sys.argv[1:4]
if how == "numexpr":
    import numexpr as ne


def zscore(x):
    mean, std = x.mean(), x.std()
    return ne.evaluate("(x - mean) / std") if how == "numexpr" else (x - mean) / std


def wave(x):
    if how == "numexpr":
        return ne.evaluate("sin(x) * exp(-x**2) + 3 * x")
    return np.sin(x) * np.exp(-x**2) + 3 * x


for path in sys.argv[4:]:
    np.save(f"{out}/{os.path.basename(path)}", (zscore if what == "zscore" else wave)(np.load(path)))
