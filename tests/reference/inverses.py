#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what leat makes of 200 matrices with numpy.linalg.inv; run by hand: tests/reference/inverses.py build/leat

Matrices of 256 x 256 with condition numbers below 10^4 are made in a folder that is removed again, inverted by
pipelines/matrices.leat on every executor, and compared: |X - X_numpy| / |X_numpy| in the Frobenius norm, at most 1e-9.
"""
import hashlib
import pathlib
import subprocess
import sys
import tempfile

import numpy as np

leat = pathlib.Path(sys.argv[1]).resolve()
recipe = pathlib.Path(__file__).resolve().parents[2] / "pipelines" / "matrices.leat"
rng = np.random.default_rng(256)


def matrix(n=256):
    left, right = (np.linalg.qr(rng.normal(size=(n, n)))[0] for _ in range(2))
    return left @ np.diag(np.logspace(0, -rng.uniform(0.5, 3.99), n)) @ right


with tempfile.TemporaryDirectory() as folder:
    at = pathlib.Path(folder)
    (at / "in").mkdir()
    truth = {}
    for i in range(200):
        a = matrix()
        assert np.linalg.cond(a) < 1e4
        np.save(at / "in" / ("m%03d.npy" % i), a)
        truth["m%03d.npy" % i] = np.linalg.inv(a)
    for on, workers in (("inline", None), ("threads", 2), ("processes", 2), ("openmp", 1), ("openmp", 2)):
        out = at / (on + str(workers or ""))
        text = recipe.read_text().replace("inv ", "inv on=%s%s " % (on, " workers=%d" % workers if workers else ""))
        (at / "one.leat").write_text(text)
        subprocess.run([leat, "run", "--quiet", at / "one.leat", "--set", "from=%s" % (at / "in"), "--set", "to=%s" % out],
                       check=True)
        worst, digest = 0, hashlib.sha256()
        for name, want in truth.items():
            got = np.load(out / name)
            digest.update((out / name).read_bytes())
            worst = max(worst, np.linalg.norm(got - want) / np.linalg.norm(want))
        print("%-12s worst %.3g  bytes %s" % (out.name, worst, digest.hexdigest()[:16]))
        assert worst <= 1e-9
