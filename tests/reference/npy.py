#!/usr/bin/python3
"""Writes npy.tsv: what NumPy makes of every npy file of the corpus.

usage: npy.py CORPUS > npy.tsv     (Debian's python3-numpy)
A line: file, type of the elements, shape, order (C or F) and SHA-256 of the elements, little-endian in C order; or file,
"refused" and why, for what leat does not read: NumPy refuses it too (objects), or its elements are no numbers.
"""
import glob
import hashlib
import os
import sys

import numpy

NAMES = {"S": "strings", "U": "strings", "M": "dates", "m": "durations", "V": "void", "g": "long doubles"}


def line(path):
    try:
        a = numpy.load(path, allow_pickle=False)
    except ValueError as e:
        return ["refused", "objects" if "Object arrays" in str(e) else str(e)]
    if a.dtype.fields:
        return ["refused", "structured"]
    if a.dtype.kind in NAMES or a.dtype.itemsize > 16 or a.dtype.char in "gG":
        return ["refused", NAMES.get(a.dtype.kind, "long doubles")]
    little = numpy.ascontiguousarray(a).astype(a.dtype.newbyteorder("<"))
    order = "F" if a.ndim > 1 and a.flags.f_contiguous and not a.flags.c_contiguous else "C"
    shape = "x".join(map(str, a.shape)) or "scalar"
    return [a.dtype.name, shape, order, hashlib.sha256(little.tobytes("C")).hexdigest()]


for folder in ("npy-numpy", "npy-numpy-written", "npy-xtensor"):
    for path in sorted(glob.glob(os.path.join(sys.argv[1], folder, "*.npy"))):
        print(os.path.relpath(path, sys.argv[1]), *line(path), sep="\t")
