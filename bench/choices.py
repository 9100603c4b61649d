#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The figures of docs/CONCURRENCY.md: each of its recipes with what leat chooses, and with other places for its work.

The recipes are taken from the page, so that what is measured is what stands there. Rounds alternate, each run into a
fresh folder; medians. --write puts the table into the page.
"""

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import auto

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(HERE, "..", "docs", "CONCURRENCY.md")
WAYS = ["auto", "processes", "threads", "inline", "openmp", "async"]

INPUTS = r'''
mkdir photos icons matrices tables
i=0; while [ $i -lt 40 ]; do for f in "$CORPUS"/kodak/*.png; do cp "$f" photos/$i.png; i=$((i+1)); done; done
"$LEAT" run --quiet -e "read $CORPUS/kodak/01.png | crop 64x64 | write $PWD/icon.png"
for k in $(seq 1 1000); do cp icon.png icons/$k.png; done
"$LEAT" run --quiet -e "read $CORPUS/kodak/03.png | resize 3000x3000 enlarge=yes | encode png level=1 | write g.png"
mv g.png giant.png
/usr/bin/python3 -c "
import numpy as n
r = n.random.default_rng(7)
for i in range(100): n.save(f'matrices/{i:03}.npy', r.standard_normal((256, 256)) + 32 * n.eye(256))
n.save('large.npy', r.standard_normal((1200, 1200)) + 32 * n.eye(1200))
names = dict(header='a,b,c,d,e,f,g,h', comments='', delimiter=',', fmt='%.6g')
for i in range(60): n.savetxt(f'tables/{i:02}.csv', r.standard_normal((8000, 8)), **names)
"
'''


def recipes():
    """Name and text of every recipe of the page, in its order."""
    with open(PAGE, encoding="utf-8") as f:
        return re.findall(r"```leat\n# (\S+)\.leat\n(.*?)```", f.read(), re.S)


def placed(text, way):
    """The recipe with all that computes in one place; reading and writing on threads, or on the event loop."""
    if way == "auto":
        return text
    text = re.sub(r"^job .*\n", "", re.sub(r" (on|workers)=\S+", "", text), flags=re.M)
    ends = " on=async workers=32" if way == "async" else " on=threads workers=2"
    lines = []
    for line in text.strip().split("\n"):
        parts = [p.strip() + (ends if re.match(r"(read|write) ", p.strip()) else "") for p in line.split("|")]
        lines.append(" | ".join(parts))
    cores = len(os.sched_getaffinity(0))
    head = {"inline": "on=inline", "async": ""}.get(way, f"on={way} workers={cores}")
    isolate = "" if way in ("processes", "async") else "job isolate=no\n"
    return isolate + (f"defaults {head}\n" if head else "") + "\n".join(lines)


def run(args, name, text, work, env):
    """Seconds; None where this place is refused."""
    out = tempfile.mkdtemp(dir=work)
    for entry in os.listdir(os.path.join(work, "in")):
        os.symlink(os.path.join(work, "in", entry), os.path.join(out, entry))
    file = os.path.join(out, name + ".leat")
    with open(file, "w", encoding="utf-8") as f:
        f.write(text)
    taken = auto.least_disturbed(lambda: auto.Taken([args.leat, "run", "--quiet", file], env, cwd=out))
    if args.verbose and taken.why:
        print(name, taken.why, file=sys.stderr)
    return None if taken.why else taken.wall


def measure(args, work, env):
    rows = []
    for name, text in recipes():
        mine = {**env, "LD_PRELOAD": args.slow} if name == "slow" else env
        ways = {way: placed(text, way) for way in WAYS if not (name == "slow" and way == "async")}
        first = {way: run(args, name, t, work, mine) for way, t in ways.items()}
        walls = {way: [] for way, w in first.items() if w is not None}
        for i in range(args.rounds):
            for way in (list(walls) if i % 2 == 0 else list(walls)[::-1]):
                walls[way].append(run(args, name, ways[way], work, mine))
        rows.append((name, {way: statistics.median(w) for way, w in walls.items()}))
    return rows


def table(rows):
    heads = [f"all on={way}" for way in WAYS[1:-1]] + ["files on=async"]
    out = ["| recipe | as written | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(WAYS)]
    for name, middle in rows:
        cells = [f"{middle[w]:.2f}" if w in middle else "–" for w in WAYS]
        out.append(f"| `{name}.leat` | " + " | ".join(cells) + " |")
    return "\n".join(out)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--slow", default="build/bench/slow.so", help="the library that delays reading")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--write", action="store_true", help="put the table into the page")
    p.add_argument("--verbose", action="store_true", help="say why a place was refused")
    args = p.parse_args()
    args.leat, args.slow = os.path.abspath(args.leat), os.path.abspath(args.slow)
    env = {**os.environ, "LEAT": args.leat, "CORPUS": os.path.abspath(args.corpus)}
    work = tempfile.mkdtemp(prefix="leat-choices-")
    try:
        os.mkdir(os.path.join(work, "in"))
        subprocess.run(["bash", "-euc", INPUTS], env=env, cwd=os.path.join(work, "in"), check=True)
        made = table(measure(args, work, env))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(made)
    if args.write:
        with open(PAGE, encoding="utf-8") as f:
            page = f.read()
        page = re.sub(r"(?<=<!-- figures -->\n).*?(?=<!-- end -->)", lambda m: made + "\n", page, flags=re.S)
        with open(PAGE, "w", encoding="utf-8") as f:
            f.write(page)


if __name__ == "__main__":
    main()
