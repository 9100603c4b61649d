#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/reference/numeric.h: what NumPy and SciPy make of small arrays, for tests/unit/test_numeric.c.

Debian's python3-numpy and python3-scipy made the file in the repository (1.24 and 1.10).
usage: tests/reference/numeric.py > tests/reference/numeric.h
"""
import warnings

import numpy as np

from cases import case, rng, write

warnings.simplefilter("ignore")
np.seterr(all="ignore")

HOLE = np.array([[1.0, np.nan, 3.0], [4.0, 5.0, np.nan], [7.0, 8.5, 9.0], [1.5, -2.0, 0.25]])
INPUTS = {
    "plain": rng.normal(3, 5, (6, 4)),
    "deep": rng.normal(size=(3, 4, 2)),
    "line": rng.normal(size=11),
    "whole": rng.integers(-100, 100, (5, 4)).astype("i2"),
    "bytes": rng.integers(0, 256, (4, 5)).astype("u1"),
    "long": rng.integers(-2**50, 2**50, (3, 3)).astype("i8"),
    "half": rng.normal(size=(4, 3)).astype("f2"),
    "single": rng.normal(size=(4, 3)).astype("f4"),
    "truth": rng.integers(0, 2, (4, 3)).astype(bool),
    "one": np.array([[2.5]]),
    "number": np.array(-4.5),
    "hole": HOLE,
    "nothing": np.full((3, 2), np.nan),
    "infinite": np.array([[1.0, 2.0], [np.inf, 3.0], [4.0, -np.inf]]),
    "empty": np.zeros((0, 4)),
}


def compute():
    x, w = INPUTS["plain"], rng.normal(2, 1, (6, 4))
    s = rng.normal(0, 2, 77)
    s[:12] = [0, -0.0, np.nan, np.inf, -np.inf, 1e-300, 1e300, -1e-5, 700, -745.5, 1e6, 3e15]
    sin, cos, exp, log, where, pi = np.sin, np.cos, np.exp, np.log, np.where, np.pi
    for text, a, want in (
            ("z=(x-mean(x))/std(x)", x, (x - x.mean()) / x.std()),
            ("z=(x-mean(x))/std(x,1)", x, (x - x.mean()) / x.std(ddof=1)),
            ("z=sin(x)*exp(-x**2)+3*x", x, sin(x) * exp(-x**2) + 3 * x),
            ("z=x", x, x), ("z=2", x, np.full_like(x, 2)), ("z=mean(x)", x, np.full_like(x, x.mean())),
            ("z=sin(x)", s, sin(s)), ("z=cos(x)", s, cos(s)), ("z=exp(x)", s, exp(s)), ("z=log(x)", s, log(s)),
            ("z=sqrt(x)", s, np.sqrt(s)), ("z=abs(x)", s, abs(s)), ("z=-x", s, -s), ("z=+x", s, s),
            ("z=tan(x)", x, np.tan(x)), ("z=arctan(x)", x, np.arctan(x)), ("z=arcsin(x/20)", x, np.arcsin(x / 20)),
            ("z=arccos(x/20)", x, np.arccos(x / 20)), ("z=sinh(x)", x, np.sinh(x)), ("z=cosh(x)", x, np.cosh(x)),
            ("z=tanh(x)", x, np.tanh(x)), ("z=arcsinh(x)", x, np.arcsinh(x)), ("z=arctanh(x/20)", x, np.arctanh(x / 20)),
            ("z=arccosh(x*x+1)", x, np.arccosh(x * x + 1)), ("z=expm1(x)", x, np.expm1(x)),
            ("z=log1p(abs(x))", x, np.log1p(abs(x))), ("z=log2(x)", s, np.log2(s)), ("z=log10(x)", s, np.log10(s)),
            ("z=cbrt(x)", s, np.cbrt(s)), ("z=floor(x)", s, np.floor(s)), ("z=ceil(x)", s, np.ceil(s)),
            ("z=trunc(x)", s, np.trunc(s)), ("z=round(x)", s, np.round(s)), ("z=sign(x)", s, np.sign(s)),
            ("z=isnan(x)", s, np.isnan(s).astype("f8")), ("z=isfinite(x)", s, np.isfinite(s).astype("f8")),
            ("z=x//1.5", x, x // 1.5), ("z=x%1.5", x, x % 1.5), ("z=x//-1.5", x, x // -1.5), ("z=x%-1.5", x, x % -1.5),
            ("z=x%0", x, x % 0), ("z=x//0", x, x // 0), ("z=1/x", s, 1 / s), ("z=x**3", s, s**3), ("z=x**4", s, s**4),
            ("z=x**0.5", s, s**0.5), ("z=x**-1", s, s**-1), ("z=2**x", x, 2**x), ("z=x**2.5", x, x**2.5),
            ("z=-2**2+0*x", x, np.full_like(x, -4)), ("z=2**3**2+0*x", x, np.full_like(x, 512)),
            ("z=2**-1+0*x", x, np.full_like(x, 0.5)), ("z=x-1-2*3/4", x, x - 1 - 2 * 3 / 4),
            ("z=x<3", s, (s < 3).astype("f8")), ("z=x>=0", s, (s >= 0).astype("f8")), ("z=x==0", s, (s == 0).astype("f8")),
            ("z=x!=x", s, (s != s).astype("f8")), ("z=x<=1e-300", s, (s <= 1e-300).astype("f8")),
            ("z=where(x>0,x,-2*x)", x, where(x > 0, x, -2 * x)),
            ("z=minimum(x,3)", s, np.minimum(s, 3)), ("z=max(x,0)", s, np.maximum(s, 0)),
            ("z=arctan2(x,2)", x, np.arctan2(x, 2)), ("z=hypot(x,3)", x, np.hypot(x, 3)), ("z=pow(x,2)", x, x * x),
            ("z=sum(x)+0*x", x, x.sum() + 0 * x), ("z=x/max(x)", x, x / x.max()), ("z=x-min(x)", x, x - x.min()),
            ("z=x/prod(x)", x, x / x.prod()), ("z=x*var(x)", x, x * x.var()), ("z=ptp(x)*x", x, np.ptp(x) * x),
            ("z=count(x)+x", x, x.size + x), ("z=std(x-mean(x))*x", x, (x - x.mean()).std() * x),
            ("z=mean((x-mean(x))**4)/var(x)**2+0*x", x, ((x - x.mean())**4).mean() / x.var()**2 + 0 * x),
            ("z=x*pi/e", x, x * pi / np.e), ("z=.5*x+1e-3", x, .5 * x + 1e-3), ("z=min(x)+0*x", HOLE, HOLE + np.nan),
            ("z=max(x)-x", INPUTS["infinite"], np.inf - INPUTS["infinite"]),
    ):
        case("compute", text, a, np.asarray(want, "f8"), tolerance=4e-15)
    case("compute", "z=(x>0)and(x<3)", x, ((x > 0) & (x < 3)).astype("f8"))
    case("compute", "z=x*2 dtype=float32", x, (x * 2).astype("f4"))
    case("compute", "z=x>0 dtype=bool", x, x > 0)
    case("compute", "z=x*2 dtype=int64", INPUTS["whole"], INPUTS["whole"].astype("i8") * 2)
    for name in ("whole", "bytes", "half", "single", "truth", "one", "number", "empty", "deep", "line", "hole"):
        f = INPUTS[name].astype("f8")
        for fortran in (False, True) if f.ndim > 1 else (False,):
            case("compute", "z=3*x-1", INPUTS[name], 3 * f - 1, fortran=fortran)
    for a, b in ((x, w), (x, w[0]), (x, w[:, :1]), (x[:, :1], w[0]), (x, np.array(2.0)), (x[0], w), (x, w[:1, :1])):
        case("compute", "z=x*w-w with=w", a, a * b - b, operand=b)
        case("compute", "z=x*w-w with=w", a, a * b - b, operand=b, fortran=True)
    for n in (1, 2, 3, 4, 5, 511, 512, 513, 1030):
        v = rng.integers(-9, 9, n).astype("f8")
        case("compute", "z=(x-mean(x))*max(x)+sum(x*x)", v, (v - v.mean()) * v.max() + (v * v).sum(), tolerance=1e-14)


def reduced(how, a, axis, keepdims=False, omit=False, ddof=0):
    """In float64, then of NumPy's type."""
    kind = a.dtype.kind
    if how in ("argmin", "argmax"):
        f = getattr(np, ("nan" if omit else "") + how)
        return np.asarray(f(a, axis=axis, keepdims=keepdims) if not omit else f(a, axis=axis), "i8")
    if how == "count-nonzero":
        return np.asarray(np.count_nonzero(a, axis=axis, keepdims=keepdims), "i8")
    if how == "ptp":
        hi, lo = reduced("max", a, axis, keepdims, omit), reduced("min", a, axis, keepdims, omit)
        return hi - lo
    f = getattr(np, ("nan" if omit else "") + how)
    if kind == "f":
        more = {"ddof": ddof} if how in ("std", "var") else {}
        return np.asarray(f(a.astype("f8"), axis=axis, keepdims=keepdims, **more)).astype(a.dtype)
    more = {"ddof": ddof} if how in ("std", "var") else {}
    return np.asarray(f(a, axis=axis, keepdims=keepdims, **more))


def reductions():
    hows = ("sum", "prod", "mean", "median", "std", "var", "min", "max", "ptp", "argmin", "argmax", "count-nonzero")
    for how in hows:
        for name, a in INPUTS.items():
            if a.size == 0 and how not in ("sum", "prod", "mean", "std", "count-nonzero"):
                continue
            if how == "ptp" and name in ("truth", "infinite"):
                continue
            axes = [None] + list(range(-1, a.ndim - 1))
            for axis in axes if name in ("plain", "deep", "hole", "whole") else axes[:2]:
                if a.size == 0 and axis is not None and how in ("argmin", "argmax"):
                    continue
                want = reduced(how, a, axis)
                words = "" if axis is None else "axis=%d" % axis
                tolerance = 1e-13 if want.dtype.itemsize > 4 or want.dtype.kind != "f" else 1e-3 if want.dtype == "f2" else 1e-7
                case(how, words, a, want, tolerance=tolerance)
                if a.ndim > 1 and name in ("plain", "deep", "whole"):
                    case(how, words, a, want, fortran=True, tolerance=tolerance)
                if name in ("plain", "deep"):
                    case(how, words + " keepdims=yes", a, reduced(how, a, axis, True), tolerance=tolerance)
                if name in ("hole", "nothing") and how != "count-nonzero":
                    if name == "nothing" and how in ("argmin", "argmax"):
                        continue
                    case(how, words + " nan=omit", a, reduced(how, a, axis, omit=True), tolerance=tolerance)
        case(how, "axis=0", INPUTS["plain"], reduced(how, INPUTS["plain"], 0), kind="T")
        case(how, "as=it", INPUTS["plain"], reduced(how, INPUTS["plain"], None),
             fields={"it": reduced(how, INPUTS["plain"], None)})
    for how in ("std", "var"):
        for name in ("plain", "hole"):
            for axis in (None, 0, 1):
                words = "ddof=1" + ("" if axis is None else " axis=%d" % axis)
                case(how, words, INPUTS[name], reduced(how, INPUTS[name], axis, ddof=1))
                case(how, words + " nan=omit", INPUTS[name], reduced(how, INPUTS[name], axis, omit=True, ddof=1))
    case("count-nonzero", "", INPUTS["plain"], fields={"count_nonzero": 24}, result=np.array(24))


def ranks():
    for name in ("plain", "deep", "line", "hole", "whole", "single", "one", "infinite"):
        a = INPUTS[name]
        for axis in (None, *range(a.ndim)):
            for q in ([50], [0, 5, 97.5, 100]):
                if name == "infinite" and len(q) > 1:
                    continue
                words = ",".join("%g" % v for v in q) + ("" if axis is None else " axis=%d" % axis)
                first = q[0] if len(q) == 1 else q
                dtype = a.dtype if a.dtype.kind == "f" else "f8"
                tolerance = 1e-7 if name == "single" else 1e-14
                want = np.asarray(np.percentile(a.astype("f8"), first, axis=axis)).astype(dtype)
                case("percentile", words, a, want, tolerance=tolerance)
                shares = ",".join("%g" % (v / 100) for v in q) + ("" if axis is None else " axis=%d" % axis)
                case("quantile", shares, a, want, tolerance=tolerance)
                if name == "hole":
                    want = np.asarray(np.nanpercentile(a, first, axis=axis))
                    case("percentile", words + " nan=omit", a, want)
    a = INPUTS["plain"]
    case("percentile", "5,50", a, np.percentile(a, [5, 50]), fields={"p05": np.percentile(a, 5), "p50": np.percentile(a, 50)})
    case("percentile", "50 axis=0 keepdims=yes", a, np.percentile(a, 50, axis=0, keepdims=True), fortran=True)


compute()
reductions()
ranks()
write("numeric.py")
