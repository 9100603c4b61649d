#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes a C header: what NumPy and SciPy make of small arrays, for tests/unit/test_numeric.c. The Makefile calls it.

usage: /usr/bin/python3 tests/reference/numeric.py > numeric.h
"""
import warnings

import numpy as np
from scipy import ndimage, signal

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


def shapes():
    a, deep, line = INPUTS["plain"], INPUTS["deep"], INPUTS["line"]
    for fortran in (False, True):
        for shape in ((24,), (4, 6), (2, 3, 4), (1, 24), (-1, 8), (2, -1)):
            words = ",".join(map(str, shape))
            case("reshape", words, a, a.reshape(shape), fortran=fortran, tolerance=0)
            case("reshape", words + " order=f", a, a.reshape(shape, order="F"), fortran=fortran, tolerance=0)
        for words in ("1:4", "::2", "::-1", ":,1", "2:", ":-2,::3", "-1", "5:1:-2,2:0:-1", "3:3", "-100:100"):
            case("slice", words, a, eval("a[%s]" % words), fortran=fortran, tolerance=0)
        case("slice", "1,:,0", deep, deep[1, :, 0], fortran=fortran, tolerance=0)
        for axis in (0, 1, -1):
            case("take", "0,2,-1,2 axis=%d" % axis, a, np.take(a, [0, 2, -1, 2], axis), fortran=fortran, tolerance=0)
            for shift in (0, 1, -2, 9):
                case("roll", "%d axis=%d" % (shift, axis), a, np.roll(a, shift, axis), fortran=fortran, tolerance=0)
        for words, mode in (("constant", "constant"), ("reflect", "symmetric"), ("nearest", "edge"), ("mirror", "reflect"),
                            ("wrap", "wrap")):
            case("pad", "2,1 edge=" + words, a, np.pad(a, (2, 1), mode), fortran=fortran, tolerance=0)
            case("pad", "0,1,3,0 edge=" + words, a, np.pad(a, ((0, 1), (3, 0)), mode), fortran=fortran, tolerance=0)
        case("squeeze", "", a[:, :1], a[:, 0], fortran=fortran, tolerance=0)
    case("pad", "1,1 cval=7", INPUTS["bytes"], np.pad(INPUTS["bytes"], 1, constant_values=7), tolerance=0)
    case("squeeze", "axes=0,-1", a[None, :, :, None], a, tolerance=0)
    case("squeeze", "", INPUTS["one"], np.array(2.5), tolerance=0)
    case("slice", "1:4", line, line[1:4], tolerance=0)
    case("take", "1", INPUTS["truth"], INPUTS["truth"][1:2], tolerance=0)
    for name in ("whole", "bytes", "half", "single", "truth", "plain"):
        a = INPUTS[name]
        for to in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8 c8 c16".split():
            for casting in ("same_kind", "safe"):
                if np.can_cast(a.dtype, to, casting) and (to != "i1" and to[0] != "u" or a.dtype == bool or name == "bytes" and to != "i1"):
                    case("astype", "%s casting=%s" % (np.dtype(to), casting.replace("_", "-")), a, a.astype(to), tolerance=0)
    case("astype", "int32 casting=unsafe", INPUTS["plain"], INPUTS["plain"].astype("i4"), tolerance=0)
    case("astype", "float32", INPUTS["plain"], INPUTS["plain"].astype("f4"), fortran=True, tolerance=0)
    for name in ("plain", "whole", "bytes", "long", "half", "single", "hole", "infinite", "empty", "number"):
        a = INPUTS[name]
        case("clip", "-3..7", a, np.clip(a, max(-3, 0) if name == "bytes" else -3, 7).astype(a.dtype), tolerance=0)
        case("round", "1", a, np.round(a, 1), tolerance=1e-15)
        case("round", "-1", a, np.round(a.astype("f8"), -1).astype(a.dtype) if name != "long" else
             np.array([[int(round(int(v), -1)) for v in r] for r in a]), tolerance=0)
        case("nan-to-num", "", a, np.nan_to_num(a), tolerance=0)
        case("nan-to-num", "nan=5 posinf=9 neginf=-9", a, np.nan_to_num(a, nan=5, posinf=9, neginf=-9), tolerance=0)
    case("clip", "0..1", INPUTS["plain"], np.clip(INPUTS["plain"], 0, 1), kind="T", gives="T", tolerance=0)
    for name in ("plain", "deep", "line", "whole", "bytes", "truth", "single", "hole"):
        a = INPUTS[name]
        for axis in range(-1, a.ndim - 1):
            cum = np.cumsum(a.astype("f8"), axis).astype("f4") if name == "single" else np.cumsum(a, axis)
            case("cumsum", "axis=%d" % axis, a, cum, tolerance=1e-6 if name == "single" else 1e-15)
            for n in (0, 1, 2, 9):
                case("diff", "axis=%d n=%d" % (axis, n), a, np.diff(a, n, axis), tolerance=2e-7 if name == "single" else 1e-15)
            if a.shape[axis] >= 2 and name != "truth":
                f = a.astype("f8")
                case("gradient", "axis=%d spacing=0.5" % axis, a, np.gradient(f, 0.5, axis=axis))
        case("cumsum", "axis=0", a, np.cumsum(a.astype("f8"), 0).astype("f4") if name == "single" else np.cumsum(a, 0),
             fortran=True, tolerance=1e-6)
    x = [0, 0.25, 3, 4.5, 5]
    a = INPUTS["plain"]
    case("interp", "x=0,0.25,3,4.5,5", a, np.stack([np.interp(x, range(6), c) for c in a.T], 1))
    case("interp", "x=0,0.5,3 axis=1", a, np.stack([np.interp([0, .5, 3], range(4), r) for r in a]))
    case("interp", "x=-1,2,9 outside=edge", a, np.stack([np.interp([-1, 2, 9], range(6), c) for c in a.T], 1))
    at = np.array([[5, 0, 2.75], [1e-3, 4.5, 1]])
    case("interp", "x=b", a, np.stack([np.interp(at.ravel(), range(6), c) for c in a.T], 1), operand=at)
    case("interp", "x=b axis=1 outside=edge", a, np.stack([np.interp(at.ravel(), range(4), r) for r in a]), operand=at)
    case("interp", "x=-1,2,9 outside=nan", a, np.stack([np.interp([-1, 2, 9], range(6), c, np.nan, np.nan) for c in a.T], 1))


def transforms():
    for n in (1, 2, 3, 4, 5, 7, 8, 12, 13, 17, 30, 37, 77, 101):
        v = rng.normal(size=n)
        case("fft", "gives=abs", v, abs(np.fft.fft(v)))
        case("rfft", "gives=power", v, abs(np.fft.rfft(v))**2)
        case("ifft", "gives=abs", v, abs(np.fft.ifft(v)))
        if n > 1:
            case("irfft", "", v, np.fft.irfft(v))
            case("irfft", "n=%d" % (n + 3), v, np.fft.irfft(v, n + 3))
    for name in ("plain", "deep", "whole"):
        a = INPUTS[name].astype("f8") if name == "whole" else INPUTS[name]
        for axis in range(a.ndim):
            for fortran in (False, True):
                case("fft", "axis=%d gives=abs norm=ortho" % axis, INPUTS[name], abs(np.fft.fft(a, axis=axis, norm="ortho")),
                     fortran=fortran)
                case("rfft", "axis=%d gives=abs n=9 norm=forward" % axis, INPUTS[name],
                     abs(np.fft.rfft(a, 9, axis=axis, norm="forward")), fortran=fortran)
            case("fft", "axis=%d" % axis, INPUTS[name], np.fft.fft(a, axis=axis))
            case("resample", "11 axis=%d" % axis, INPUTS[name], signal.resample(a, 11, axis=axis))
            case("resample", "3 axis=%d" % axis, INPUTS[name], signal.resample(a, 3, axis=axis))
            for num in (2, 8):
                case("resample", "%d axis=%d" % (num, axis), INPUTS[name], signal.resample(a, num, axis=axis))


def filters():
    for name in ("plain", "deep", "line", "whole", "single"):
        a = INPUTS[name]
        f = a.astype("f8")
        out = "f4" if name == "single" else "f8"
        tolerance = 1e-7 if name == "single" else 1e-13
        for edge in ("reflect", "nearest", "mirror", "wrap", "constant"):
            for axis in (None, *range(a.ndim)):
                words = " edge=%s cval=2" % edge + ("" if axis is None else " axis=%d" % axis)
                axes = range(a.ndim) if axis is None else (axis,)
                g, u = f, f
                for k in axes:
                    g = ndimage.gaussian_filter1d(g, 1.3, k, mode=edge, cval=2, truncate=3)
                    u = ndimage.uniform_filter1d(u, 4, k, mode=edge, cval=2)
                case("gaussian-filter", "1.3 truncate=3" + words, a, g.astype(out), tolerance=tolerance)
                case("uniform-filter", "4" + words, a, u.astype(out), tolerance=tolerance)
        for axis in range(a.ndim):
            for kind in ("linear", "constant") if a.shape[axis] > 2 else ("constant",):
                case("detrend", "type=%s axis=%d" % (kind, axis), a, signal.detrend(f, axis, kind).astype(out),
                     tolerance=1e-6 if name == "single" else 1e-12)
    v = rng.normal(size=(3, 40))
    for edge in ("interp", "mirror", "constant", "nearest", "wrap"):
        for window, order, deriv in ((5, 2, 0), (11, 3, 0), (7, 4, 1), (9, 2, 2), (3, 0, 0), (1, 0, 0)):
            case("savgol-filter", "%d %d deriv=%d edge=%s" % (window, order, deriv, edge), v,
                 signal.savgol_filter(v, window, order, deriv, mode=edge), tolerance=1e-11)
    case("savgol-filter", "7 2 axis=0", v.T, signal.savgol_filter(v.T, 7, 2, axis=0), fortran=True, tolerance=1e-11)


def settled(v, other=None):
    """Rows whose largest component is positive; the partner's columns turn with them."""
    sign = np.sign(v[np.arange(len(v)), abs(v).argmax(1)])
    return v * sign[:, None], None if other is None else other * sign


def linear():
    n = 6
    a = rng.normal(size=(n, n)) + 3 * np.eye(n)
    b, many = rng.normal(size=(n, 2)), rng.normal(size=(2, 4, 4)) + 4 * np.eye(4)
    sym, tall, wide = a + a.T, rng.normal(size=(9, 4)), rng.normal(size=(3, 5))
    for fortran in (False, True):
        case("solve", "with=b", a, np.linalg.solve(a, b), operand=b, fortran=fortran)
        case("solve", "with=b", a, np.linalg.solve(a, b[:, 0]), operand=b[:, 0], fortran=fortran)
        case("lstsq", "with=b", tall, np.linalg.lstsq(tall, np.ones(9), None)[0], operand=np.ones(9), fortran=fortran)
        case("lstsq", "with=b", wide, np.linalg.lstsq(wide, b[:3], None)[0], operand=b[:3], fortran=fortran)
        case("det", "", a, np.asarray(np.linalg.det(a)), fortran=fortran)
        case("cholesky", "", a @ a.T, np.linalg.cholesky(a @ a.T), fortran=fortran)
        case("eigh", "", sym, np.linalg.eigh(sym)[0], fortran=fortran)
        case("eigh", "gives=vectors", sym, settled(np.linalg.eigh(sym)[1].T)[0].T, fortran=fortran)
        for m in (a, tall, wide):
            case("qr", "", m, np.linalg.qr(m)[1], fortran=fortran)
            case("qr", "gives=q", m, np.linalg.qr(m)[0], fortran=fortran)
            u, s, vt = np.linalg.svd(m, full_matrices=False)
            vt, u = settled(vt, u)
            case("svd", "", m, s, fortran=fortran)
            case("svd", "gives=u", m, u, fortran=fortran)
            case("svd", "gives=vt", m, vt, fortran=fortran)
        case("qr", "full=yes", tall, np.linalg.qr(tall, "complete")[1], fortran=fortran)
        case("qr", "gives=q full=yes", tall, np.linalg.qr(tall, "complete")[0], fortran=fortran)
        case("cov", "", tall, np.cov(tall, rowvar=False), fortran=fortran)
        case("cov", "rowvar=yes ddof=0", tall, np.cov(tall, ddof=0), fortran=fortran)
        case("corrcoef", "", tall, np.corrcoef(tall, rowvar=False), fortran=fortran)
        case("corrcoef", "rowvar=yes", tall, np.corrcoef(tall), fortran=fortran)
        centered = tall - tall.mean(0)
        for words, m in (("", centered), (" scale=yes", centered / tall.std(0, ddof=1))):
            u, s, vt = np.linalg.svd(m, full_matrices=False)
            vt, u = settled(vt, u)
            case("pca", "3" + words, tall, (u * s)[:, :3], fortran=fortran, tolerance=1e-11)
            case("pca", "2 gives=components" + words, tall, vt[:2], fortran=fortran, tolerance=1e-11)
        case("det", "", many, np.linalg.det(many), fortran=fortran)
        case("svd", "", many, np.linalg.svd(many)[1], fortran=fortran)
        case("solve", "with=b", many, np.stack([np.linalg.solve(m, np.arange(4.)) for m in many]), operand=np.arange(4.),
             fortran=fortran)
    case("det", "", np.ones((3, 3)), np.array(0.0), tolerance=1e-12)
    case("cov", "", tall, np.cov(tall, rowvar=False), kind="T")
    case("eigh", "", (sym * 8).round().astype("i2"), np.linalg.eigh((sym * 8).round())[0])


def norms():
    for name in ("plain", "whole", "line", "deep", "infinite"):
        a = INPUTS[name].astype("f8")
        for axis in range(a.ndim):
            for word, ord in (("2", 2), ("1", 1), ("inf", np.inf)):
                case("norm", "ord=%s axis=%d" % (word, axis), INPUTS[name], np.linalg.norm(a, ord, axis))
        case("norm", "ord=fro", INPUTS[name], np.asarray(np.linalg.norm(a)))
        if a.ndim < 3 and name != "infinite":
            for word, ord in (("2", 2), ("1", 1), ("inf", np.inf), ("nuc", "nuc")):
                if a.ndim == 2 or word != "nuc":
                    case("norm", "ord=" + word, INPUTS[name], np.asarray(np.linalg.norm(a, ord)),
                         fields={"norm": np.linalg.norm(a, ord)})
    case("norm", "", INPUTS["number"][None] * 1e200, np.array(4.5e200))


def fits():
    x = np.linspace(-2, 3, 20)
    y = 1.5 * x**3 - x + 2 + rng.normal(0, 0.1, 20)
    for degree in range(6):
        want = np.polyfit(x, y, degree)
        case("polyfit", "%d" % degree, np.stack([x, y], 1), want, tolerance=1e-10)
        case("polyfit", "%d x=1 y=0" % degree, np.stack([y, x], 1), want, fortran=True, tolerance=1e-10)
        case("polyfit", "%d" % degree, y, np.polyfit(np.arange(20.), y, degree), tolerance=1e-8)
    x = np.arange(10.)
    y = 3 * np.exp(-0.4 * x) + 0.5
    case("curve-fit", "y=a*exp(-b*x)+c params=a,b,c p0=1,0.1,0", np.stack([x, y], 1), np.array([3, 0.4, 0.5]))
    case("curve-fit", "y=a*sin(b*x+c) params=a,b,c p0=2,0.75,0", np.stack([x, 2.5 * np.sin(0.7 * x + 0.3)], 1),
         np.array([2.5, 0.7, 0.3]))
    case("minimize", "sum((x-a)**2) params=a p0=1", y, np.array([y.mean()]), tolerance=1e-7)
    case("minimize", "(1-a)**2+100*(b-a**2)**2 params=a,b p0=-1.2,1", y, np.array([1.0, 1.0]), tolerance=1e-7)



def corners():
    """Nothing, one number, many axes, infinities: of every type that holds them."""
    for code in "b1 i1 u1 i2 u2 i4 u4 i8 u8 f2 f4 f8".split():
        for shape in ((0,), (0, 3), (3, 0), (1,), (1, 1), (2, 1, 2, 1, 2, 1, 1, 2)):
            a = rng.integers(0, 2 if code == "b1" else 100, shape).astype(code)
            flat = (a.size,)
            case("reshape", "%d" % a.size, a, a.reshape(flat), tolerance=0)
            case("transpose", "", a, a.T, tolerance=0)
            case("roll", "1 axis=0", a, np.roll(a, 1, 0), tolerance=0)
            case("slice", "::-1", a, a[::-1], tolerance=0)
            case("nan-to-num", "", a, np.nan_to_num(a), tolerance=0)
            case("diff", "axis=0", a, np.diff(a, 1, 0), tolerance=0)
            case("count-nonzero", "", a, np.array(np.count_nonzero(a)), tolerance=0)
            case("compute", "z=x+1", a, a.astype("f8") + 1)
            if code[0] != "f":
                case("sum", "", a, np.array(a.sum()), tolerance=0)
                case("prod", "axis=0", a, a.prod(0), tolerance=0)
            else:
                case("sum", "", a, np.array(a.astype("f8").sum()).astype(code), tolerance=1e-3 if code == "f2" else 1e-7)
            if a.size:
                case("min", "", a, np.array(a.min()), tolerance=0)
                case("max", "axis=-1", a, a.max(-1), tolerance=0)
                case("argmax", "", a, np.array(a.argmax()), tolerance=0)
                case("take", "0", a, np.take(a, [0], 0), tolerance=0)
                case("pad", "1,1 edge=nearest", a, np.pad(a, 1, "edge"), tolerance=0)
    for v in (np.inf, -np.inf, np.nan):
        a = np.array([[1.0, v, -2.0], [v, v, 4.0]])
        for how in ("sum", "mean", "min", "max", "std", "median", "argmax", "argmin", "prod"):
            case(how, "axis=0", a, np.asarray(reduced(how, a, 0)))
        case("cumsum", "axis=1", a, np.cumsum(a, 1))
        case("diff", "axis=1", a, np.diff(a, axis=1))
        case("clip", "-1..3", a, np.clip(a, -1, 3), tolerance=0)
        case("round", "0", a, np.round(a), tolerance=0)
        case("compute", "z=where(isfinite(x),x,0)", a, np.where(np.isfinite(a), a, 0), tolerance=0)


compute()
reductions()
ranks()
shapes()
transforms()
filters()
linear()
norms()
fits()
corners()
write("numeric.py")
