#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a C header: what NumPy and SciPy make of small arrays, for tests/unit/test_array_ops.c. The Makefile calls it.

usage: /usr/bin/python3 tests/reference/arrays.py > arrays.h
"""
import warnings

import numpy as np
from scipy import stats

from cases import case, rng, write

warnings.simplefilter("ignore")

INPUTS = {
    "plain": rng.normal(3, 5, (7, 4)),
    "wide": rng.normal(size=(2, 37)),
    "tall": rng.normal(1e6, 1, (40, 2)).round(6),
    "whole": rng.integers(-100, 100, (6, 5)).astype("i2"),
    "bytes": rng.integers(0, 256, (5, 6)).astype("u1"),
    "long": rng.integers(-10**12, 10**12, (4, 3)).astype("i8"),
    "half": rng.normal(size=(4, 3)).astype("f2"),
    "single": rng.normal(size=(5, 3)).astype("f4"),
    "truth": rng.integers(0, 2, (6, 3)).astype(bool),
    "one": np.array([[2.5]]),
    "line": rng.normal(size=11),
    "same": np.full((4, 3), 7.25),
    "deep": rng.normal(size=(4, 5, 3)),
    "hole": np.array([[1.0, np.nan, 3.0], [4.0, 5.0, np.nan], [7.0, 8.5, 9.0], [1.5, -2.0, 0.25]]),
    "nothing": np.full((3, 2), np.nan),
    "infinite": np.array([[1.0, 2.0], [np.inf, 3.0], [4.0, 5.5]]),
    "empty": np.zeros((0, 4)),
}
AXIS = {"all": None, "column": 0, "row": 1, "channel": (0, 1), "page": (1, 2)}


def as_float(a):
    return a.astype("f8")


def zscore(a, axis, ddof, nan):
    with np.errstate(all="ignore"):
        mean = (np.nanmean if nan == "omit" else np.mean)(a, axis=axis, keepdims=True)
        std = (np.nanstd if nan == "omit" else np.std)(a, axis=axis, ddof=ddof, keepdims=True)
        z = (a - mean) / std
        if axis is None and not np.isnan(a).any() and np.isfinite(z).all():
            assert np.allclose(z, stats.zscore(a, axis=None, ddof=ddof), rtol=1e-13, atol=1e-13)
        least, most = np.nanmin(a, axis=axis, keepdims=True), np.nanmax(a, axis=axis, keepdims=True)
        return np.where((least == most) & ~np.isnan(a) & ~np.isnan(mean), 0, z)


def standardize():
    for name, a in INPUTS.items():
        if a.size == 0:
            case("standardize", "", a, as_float(a))
            continue
        pers = ["all"] + (["column", "row"] if a.ndim == 2 else ["column"] if a.ndim == 1 else ["channel", "page"])
        for per in pers:
            axis = AXIS[per] if a.ndim > 1 else None
            for nan in ("propagate", "omit") if np.isnan(as_float(a)).any() else ("propagate",):
                case("standardize", "per=%s nan=%s" % (per, nan), a, zscore(as_float(a), axis, 0, nan),
                     tolerance=1e-9 if name == "tall" else 1e-12)
    for per in ("all", "column", "row"):
        case("standardize", "ddof=1 per=" + per, INPUTS["plain"], zscore(INPUTS["plain"], AXIS[per], 1, ""), fortran=True)
    for per in ("channel", "page"):
        case("standardize", "per=" + per, INPUTS["deep"], zscore(INPUTS["deep"], AXIS[per], 0, ""), fortran=True)
    case("standardize", "per=column", INPUTS["plain"], zscore(INPUTS["plain"], 0, 0, ""), kind="T")
    photo = rng.integers(0, 256, (5, 4, 3)).astype("u1")
    case("standardize", "", photo, zscore(as_float(photo), None, 0, ""), kind="I")
    case("standardize", "per=channel", photo, zscore(as_float(photo), (0, 1), 0, ""), kind="I")
    gray = rng.integers(0, 65536, (5, 4)).astype("u2")
    case("standardize", "per=channel", gray, zscore(as_float(gray), None, 0, ""), kind="I")


def stretched(a, low, high, to, clip):
    with np.errstate(all="ignore"):
        step = np.where(a > low, 1.0 if clip else 0, 0)
        part = np.where(high > low, (a - low) / (high - low), np.where(np.isnan(a), np.nan, step))
    out = part * (to[1] - to[0]) + to[0]
    return np.clip(out, *to) if clip else out


def normalize():
    def ends(a, axis, q):
        # each line's finite numbers
        def one(line):
            line = line[np.isfinite(line)]
            return np.percentile(line, q) if line.size else (1, 0)
        if axis is None:
            return one(a.ravel())
        lines = np.apply_along_axis(lambda v: np.array(one(v)), axis, a)
        return np.take(lines, [0], axis), np.take(lines, [1], axis)

    for name, a in INPUTS.items():
        if a.size == 0:
            case("normalize", "", a, as_float(a))
            continue
        f = as_float(a)
        if a.ndim == 2:
            for per in ("all", "column", "row"):
                low, high = ends(f, AXIS[per], (0, 100))
                case("normalize", "per=" + per, a, stretched(f, low, high, (0, 1), True))
        low, high = ends(f, None, (5, 80))
        case("normalize", "range=5%..80%", a, stretched(f, low, high, (0, 1), True), tolerance=1e-11)
        case("normalize", "range=5%..80% to=-2..6 clip=no", a, stretched(f, low, high, (-2, 6), False), tolerance=1e-11)
    f = INPUTS["plain"]
    case("normalize", "range=0..4", f, stretched(f, 0, 4, (0, 1), True))
    case("normalize", "range=0..4 per=column to=0%..50%", f, stretched(f, 0, 4, (0, 0.5), True), fortran=True)
    low, high = ends(f, 0, (10, 90))
    case("normalize", "range=10%..90% per=column", f, stretched(f, low, high, (0, 1), True), fortran=True)
    case("normalize", "range=10%..90% per=column", f, stretched(f, low, high, (0, 1), True), kind="T", gives="T")


def normalize_images():
    def out(a, low, high, to, clip, full):
        v = stretched(a.astype("f8"), low, high, to, False) if high > low else a.astype("f8")
        v = np.clip(v, *(to if clip else (0, full)))
        return np.floor(v + 0.5).astype(a.dtype)

    for dtype, full in (("u1", 255), ("u2", 65535)):
        for channels in (1, 2, 3, 4):
            a = rng.normal(full * 0.4, full * 0.15, (9, 7, channels)).clip(0, full).astype(dtype)
            colors = 1 if channels < 3 else 3
            for q in ((0, 100), (2, 97)):
                want = a.copy()
                low, high = np.percentile(a[..., :colors], q)
                want[..., :colors] = out(a[..., :colors], low, high, (0, full), True, full)
                case("normalize", "range=%d%%..%d%%" % q, a, want, kind="I", gives="I", tolerance=0)
                for c in range(colors):
                    low, high = np.percentile(a[..., c], q)
                    want[..., c] = out(a[..., c], low, high, (full // 5, full // 2), True, full)
                case("normalize", "range=%d%%..%d%% per=channel to=%d..%d" % (*q, full // 5, full // 2), a, want, kind="I",
                     gives="I", tolerance=0)
            want = a.copy()
            want[..., :colors] = out(a[..., :colors], 60, 120, (20, 80), False, full)
            case("normalize", "range=60..120 to=20..80 clip=no", a, want, kind="I", gives="I", tolerance=0)
    flat = np.full((3, 4), 90, "u1")
    case("normalize", "", flat, flat, kind="I", gives="I", tolerance=0)
    case("normalize", "to=0..50", flat, np.full((3, 4), 50, "u1"), kind="I", gives="I", tolerance=0)


def transpose():
    a4 = np.arange(2 * 3 * 2 * 3).reshape(2, 3, 2, 3)
    for code in ("u1", "i2", "f4", "f8", "c16"):
        a = a4.astype(code)
        for axes in ((3, 2, 1, 0), (0, 2, 1, 3), (1, 0, -1, 2), (2, 0, 3, 1)):
            for fortran in (False, True):
                case("transpose", "axes=%d,%d,%d,%d" % axes, a, a.transpose(axes), fortran=fortran, tolerance=0)
    for name in ("plain", "line", "one", "empty", "deep", "bytes", "truth"):
        case("transpose", "", INPUTS[name], INPUTS[name].T, tolerance=0)
    case("transpose", "", INPUTS["plain"], INPUTS["plain"].T, fortran=True, tolerance=0)
    case("transpose", "axes=1,0", INPUTS["plain"], INPUTS["plain"].T, kind="T", tolerance=0)


def inverses():
    for n in (1, 2, 3, 8, 20):
        a = rng.normal(size=(n, n)) + n * np.eye(n)
        case("inv", "", a, np.linalg.inv(a), tolerance=1e-13)
        case("inv", "", a, np.linalg.inv(a), fortran=True, tolerance=1e-13)
    many = rng.normal(size=(2, 3, 4, 4)) + 4 * np.eye(4)
    case("inv", "", many, np.linalg.inv(many), tolerance=1e-13)
    case("inv", "", many, np.linalg.inv(many), fortran=True, tolerance=1e-13)
    whole = (rng.integers(0, 9, (5, 5)) + 9 * np.eye(5)).astype("u1")
    case("inv", "", whole, np.linalg.inv(whole.astype("f8")), tolerance=1e-13)
    case("inv", "", whole.astype("f8"), np.linalg.inv(whole.astype("f8")), kind="T", tolerance=1e-13)
    case("inv", "", np.zeros((0, 0)), np.zeros((0, 0)))


def products():
    r = lambda *shape: rng.normal(size=shape)
    for a, b in ((r(4, 3), r(3, 5)), (r(3), r(3, 5)), (r(4, 3), r(3)), (r(3), r(3)), (r(2, 4, 3), r(3, 5)),
                 (r(4, 3), r(2, 3, 5)), (r(2, 1, 4, 3), r(6, 3, 2)), (r(2, 4, 3), r(3)), (r(5, 0), r(0, 2)),
                 (r(0, 3), r(3, 2)), (r(17, 33), r(33, 9))):
        for fortran in (False, True):
            case("matmul", "", a, a @ b, operand=b, fortran=fortran)
        case("matmul", "side=left", b, a @ b, operand=a, fortran=True)
    case("matmul", "", INPUTS["bytes"], INPUTS["bytes"].astype("f8") @ INPUTS["bytes"].T.astype("f8"),
         operand=INPUTS["bytes"].T)


def pictures():
    a = rng.normal(size=(6, 5))
    a[0, 0], a[5, 4] = a.min() - 1, a.max() + 1

    def steps(v, low, high):
        at = (v - low) / (high - low) * 256 if high > low else np.zeros(v.shape)
        return np.clip(np.floor(np.nan_to_num(at, nan=0, posinf=255, neginf=0)), 0, 255).astype("u1")

    case("to-image", "", a, steps(a, a.min(), a.max()), gives="I", tolerance=0)
    case("to-image", "", a, steps(a, a.min(), a.max()), gives="I", fortran=True, tolerance=0)
    case("to-image", "vmin=-1 vmax=0.5", a, steps(a, -1, 0.5), gives="I", tolerance=0)
    levels = np.arange(256).reshape(16, 16).astype("u1")
    case("to-image", "vmin=0 vmax=255", levels, levels, gives="I", tolerance=0)
    case("to-image", "", np.full((2, 3), 4.0), np.zeros((2, 3), "u1"), gives="I", tolerance=0)
    hole = a.copy()
    hole[1, 2], hole[3, 3], hole[4, 1] = np.nan, np.inf, -np.inf
    finite = hole[np.isfinite(hole)]
    gray = steps(hole, finite.min(), finite.max())
    seen = np.dstack([np.where(np.isnan(hole), 0, gray), np.where(np.isnan(hole), 0, 255)]).astype("u1")
    case("to-image", "", hole, seen, gives="I", tolerance=0)
    case("to-image", "nan=#ffffff", hole, np.where(np.isnan(hole), 255, gray).astype("u1"), gives="I", tolerance=0)
    rgb = rng.integers(0, 65536, (3, 4, 3))
    case("to-image", "", rgb.astype("u2"), rgb.astype("u2"), gives="I", tolerance=0)
    case("to-image", "", (rgb >> 8).astype("u1"), (rgb >> 8).astype("u1"), gives="I", tolerance=0)
    part = rng.uniform(-0.1, 1.1, (3, 4, 4))
    want = np.floor(np.clip(part, 0, 1) * 255 + 0.5).astype("u1")
    case("to-image", "", part, want, gives="I", tolerance=0)
    # the ends and the middle of every map, as Matplotlib's bytes
    ends = np.array([[0.0, 128, 255]])
    for name, colors in {"viridis": (0x440154, 0x20908c, 0xfde724), "magma": (0x000003, 0xb63679, 0xfbfcbf),
                         "inferno": (0x000003, 0xbb3754, 0xfcfea4), "plasma": (0x0c0786, 0xcb4679, 0xeff821)}.items():
        want = np.array([[[c >> 16, c >> 8 & 255, c & 255] for c in colors]], "u1")
        case("to-image", "colormap=" + name, ends, want, gives="I", tolerance=2)


def to_arrays():
    for dtype, channels in (("u1", 1), ("u2", 3), ("u1", 4), ("u2", 2)):
        a = rng.integers(0, 256, (4, 5, channels)).astype(dtype)
        hwc = a[..., 0] if channels == 1 else a
        case("to-array", "", a, hwc, kind="I", tolerance=0)
        case("to-array", "layout=chw", a, hwc if channels == 1 else a.transpose(2, 0, 1), kind="I", tolerance=0)


def figures():
    def of(v, nan, suffix=""):
        v = v.ravel()
        missing = int(np.isnan(v).sum())
        f = {"nan_count": missing}
        kept = v[~np.isnan(v)] if nan == "omit" else v
        with np.errstate(all="ignore"):
            f["sum"], f["norm2"] = kept.sum(), np.linalg.norm(kept)
            if kept.size:
                f.update(min=kept.min(), max=kept.max(), mean=kept.mean(), std=kept.std())
                f.update(median=np.median(kept), p05=np.percentile(kept, 5), p77=np.percentile(kept, 77))
        return {k + suffix: x for k, x in f.items()}

    names = "fields=rows,cols,size,nan_count,sum,norm2,min,max,mean,std,median,p05,p77"
    for name, a in INPUTS.items():
        f = as_float(a)
        shape = {"rows": a.shape[0], "cols": a.shape[1] if a.ndim > 1 else 1, "size": a.size}
        for nan in ("omit", "propagate") if np.isnan(f).any() else ("omit",):
            case("stats", names + " nan=" + nan, a, fields={**shape, **of(f, nan)})
            if a.ndim < 3:
                columns = f.reshape(a.shape[0], a.shape[1] if a.ndim > 1 else 1)
                every = dict(shape)
                for c in range(min(columns.shape[1], 5)):
                    every.update(of(columns[:, c], nan, "_%d" % c))
                if a.ndim > 1 and columns.shape[1] <= 5:
                    for kind, fortran in (("A", False), ("A", True), ("T", False)):
                        if kind == "A" or a.dtype == np.float64:
                            case("stats", names + " per=column nan=" + nan, a, fields=every, kind=kind, fortran=fortran)
    case("stats", names, np.array(4.5), fields={"rows": 1, "cols": 1, "size": 1, **of(np.array(4.5), "omit")})
    case("stats", "", INPUTS["hole"], fields={k: of(INPUTS["hole"], "omit")[k] for k in ("min", "max", "mean", "std")})


def reductions():
    """The items of a case are its first axis."""
    def one(v, how, ddof, omit):
        f = {"mean": np.nanmean, "sum": np.nansum, "min": np.nanmin, "max": np.nanmax, "std": np.nanstd, "var": np.nanvar}
        if how == "count":
            return ((~np.isnan(v)).sum(0) if omit else np.full(v.shape[1:], len(v))).astype("i8")
        more = {"ddof": ddof} if how in ("std", "var") else {}
        return (f[how] if omit else getattr(np, how))(v, axis=0, **more)

    plain = rng.normal(3, 1, (9, 3, 2))
    hole = plain.copy()
    hole[2, 1, 1] = hole[5, 0, 0] = hole[0, 2, 1] = hole[8, 2, 1] = np.nan
    hole[:, 2, 0] = np.nan
    whole = rng.integers(-50, 50, (6, 4)).astype("i2")
    far = rng.normal(1e8, 1, (50, 3)).round(3)
    for how in ("mean", "sum", "min", "max", "std", "var", "count"):
        for ddof in (0, 1) if how in ("std", "var") else (0,):
            words = how + (" ddof=1" if ddof else "")
            case("reduce", words, plain, one(plain, how, ddof, False))
            case("reduce", words, plain, one(plain, how, ddof, False), fortran=True)
            case("reduce", words, whole, one(as_float(whole), how, ddof, False))
            case("reduce", words, hole, one(hole, how, ddof, False))
            case("reduce", words + " nan=omit", hole, one(hole, how, ddof, True))
            case("reduce", words, far, one(far, how, ddof, False))
        case("reduce", how, plain, one(plain, how, 0, False).astype("f8"), kind="T", gives="T")


standardize()
reductions()
figures()
normalize()
normalize_images()
transpose()
inverses()
products()
pictures()
to_arrays()

write("arrays.py")
