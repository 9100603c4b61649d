#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes 10,000 random npy files of NumPy's, and some npz, one behind the other, for tests/unit/test_npy_random.c.

A record: kind (N npy, Z npz, R refused), length of the file, the file; but for R: name of the type, shape, order, and the
elements in C order, little-endian. Numbers are 8 bytes, texts and files begin with their length.
"""
import io
import struct
import sys

import numpy as np

rng = np.random.default_rng(9)
out = sys.stdout.buffer
TYPES = "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16".split()
STRANGE = ["U3", "S4", "V6", "M8[s]", "m8[ms]", "g", "O", "i4,f8", "G"]


def put(data):
    out.write(struct.pack("<Q", len(data)) + data)


def shape_of():
    n = int(rng.integers(0, 9))
    return tuple(int(d) for d in rng.integers(0 if rng.random() < 0.1 else 1, 1 + max(2, 24 >> n), n))


def random_array(code):
    shape = shape_of()
    size = int(np.prod(shape, dtype=int))
    t = np.dtype(code)
    raw = rng.integers(0, 256, size * t.itemsize, dtype="u1")
    a = (raw & 1).astype(bool) if code == "b1" else raw.view(t)
    a = a[:size].reshape(shape)
    if rng.random() < 0.3 and t.itemsize > 1:
        a = a.astype(t.newbyteorder(">"))
    return np.asfortranarray(a) if rng.random() < 0.4 else a


def record(kind, a, data):
    out.write(kind)
    put(data)
    if kind == b"R":
        return
    fortran = a.ndim > 1 and a.flags.f_contiguous and not a.flags.c_contiguous
    put(a.dtype.name.encode())
    out.write(struct.pack("<Q", a.ndim) + struct.pack("<%dQ" % a.ndim, *a.shape) + struct.pack("<Q", fortran))
    put(np.ascontiguousarray(a).astype(a.dtype.newbyteorder("<")).tobytes("C"))


def npy(a, version=None):
    f = io.BytesIO()
    np.lib.format.write_array(f, a, version, allow_pickle=True)
    return f.getvalue()


for i in range(10000):
    if i % 50 == 49:
        record(b"R", None, npy(np.zeros(shape_of()[:2], STRANGE[i // 50 % len(STRANGE)])))
        continue
    a = random_array(TYPES[i % len(TYPES)])
    record(b"N", a, npy(a, [(1, 0), (2, 0), (3, 0)][int(rng.integers(0, 3))] if i % 3 == 0 else None))
for i in range(60):
    a, f = random_array(TYPES[i % len(TYPES)]), io.BytesIO()
    (np.savez if i % 2 else np.savez_compressed)(f, **({"the key": a} if i % 3 else {"other": np.arange(3), "the key": a}))
    record(b"Z", a, f.getvalue())
f = io.BytesIO()
np.savez(f, a=np.arange(3), words=np.array(["x"]))
record(b"R", None, f.getvalue())
