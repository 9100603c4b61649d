# SPDX-License-Identifier: MIT
"""What the writers of C reference files share: arrays and cases as C text."""
import re
import textwrap

import numpy as np

rng = np.random.default_rng(20)
values, cases = [], []


def text(v):
    v = float(v.real)
    if np.isnan(v):
        return "NAN"
    if np.isinf(v):
        return "INFINITY" if v > 0 else "-INFINITY"
    return repr(v)


def wrapped(line):
    """Broken at blanks, but not in texts."""
    line = re.sub('"[^"]*"', lambda m: m.group().replace(" ", "\0"), line)
    lines = textwrap.wrap(line, 104, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines).replace("\0", " ")


def numbers(a):
    """The name of a C array with the elements in C order."""
    flat = np.asarray(a).ravel(order="C")
    if flat.size == 0:
        return "NULL"
    body = ", ".join(text(v) for v in flat)
    line = "static const double v%d[] = {%s};"
    for known in values:
        if known.split("=", 1)[1] == (line % (0, body)).split("=", 1)[1]:
            return known.split("[", 1)[0].split()[-1]
    values.append(line % (len(values), body))
    return "v%d" % (len(values) - 1)


def array(a, kind="A", fortran=False):
    a = np.asarray(a)
    dims = ", ".join(str(d) for d in a.shape) or "0"
    code = a.dtype.kind + str(a.dtype.itemsize)
    return '{\'%s\', "%s", %d, {%s}, %s, %s}' % (kind, code, a.ndim, dims, "true" if fortran else "false", numbers(a))


NONE = "{0}"


def case(op, params, given, result=None, *, kind="A", gives="A", fortran=False, operand=None, fields=None,
         tolerance=1e-12):
    cases.append('\t{"%s", "%s", %s, %s, %s, {%s}, %s},' % (
        op, params, array(given, kind, fortran), NONE if operand is None else array(operand),
        NONE if result is None else array(result, gives),
        ", ".join('{"%s", %s}' % (k, text(v)) for k, v in (fields or {}).items()) or "{0}", text(tolerance)))



def write(program):
    """The whole C file."""
    print("/* SPDX-License-Identifier: MIT */")
    print("/* Made by tests/reference/%s with NumPy %s; not to be edited. */" % (program, np.__version__))
    print("/* clang-format off */")
    for line in values:
        print(wrapped(line))
    print("static const struct ref_case ref_cases[] = {")
    for line in cases:
        print("\t" + wrapped(line.strip()).replace("\n", "\n\t"))
    print("};")
    print("/* clang-format on */")
