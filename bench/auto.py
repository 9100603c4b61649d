#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The choice that leat makes by itself against an exhaustive sweep of static choices.

Every pipeline runs with nothing written (auto), and with each combination of executor, its workers and the workers of reading
and writing. A first round drops what is more than 1.5 times the best; the others alternate for --rounds rounds with auto, each
run into a fresh folder. The gate: auto within 10 % of the best static choice on nine of ten pipelines, never above 1.3 times.
"""

import argparse
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

# name, how the inputs are made (shell, in $IN), the recipe ({write} is where results go), a library to preload
PIPELINES = [
    ("icons", 'n=0; for f in "$CORPUS"/kodak/*.png; do for k in $(seq 1 60); do n=$((n+1)); ln -s "$ICON" $n.png; done; done',
     "read {in}/*.png | resize 32x32 | write {out}/{stem}.png", None),
    ("photos", 'for i in 1 2 3 4; do for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $i-$(basename "$f"); done; done',
     "read {in}/*.png | resize 256x256 | write {out}/{stem}.png", None),
    ("giants", '"$LEAT" run --quiet -e "read $CORPUS/kodak/0[12].png | resize 6000x6000 enlarge=yes | write $IN/{stem}.png"',
     "read {in}/*.png | resize 1024x1024 | write {out}/{stem}.png", None),
    ("statistics", 'for i in 1 2 3 4; do for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $i-$(basename "$f"); done; done',
     "read {in}/*.png | stats | report csv={out}/s.csv", None),
    ("re-encode", 'for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $(basename "$f"); done',
     "read {in}/*.png | decode | encode png level=6 | write {out}/{stem}.png", None),
    ("matrices", '/usr/bin/python3 -c "import numpy as n; r = n.random.default_rng(7); '
     '[n.save(f\'m{i:03}.npy\', r.standard_normal((256, 256)) + 32 * n.eye(256)) for i in range(100)]"',
     "read {in}/*.npy | inv | write {out}/{stem}.npy", None),
    ("slow disk", 'for i in 1 2 3 4; do for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $i-$(basename "$f"); done; done',
     "read {in}/*.png | resize 64x64 | write {out}/{stem}.png", "slow"),
    ("mixed sizes", 'for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $(basename "$f"); done; for k in $(seq 1 300); do '
     'ln -s "$ICON" i$k.png; done; "$LEAT" run --quiet -e "read $CORPUS/kodak/03.png | resize 4000x4000 enlarge=yes | '
     'write $IN/zz-{stem}.png"', "read {in}/*.png | resize 128x128 | write {out}/{stem}.png", None),
    ("branches", 'for i in 1 2; do for f in "$CORPUS"/kodak/*.png; do ln -s "$f" $i-$(basename "$f"); done; done',
     "read {in}/*.png\n" + "\n".join(f"branch b{n}\nresize {n}x{n}\nwrite {{out}}/{{stem}}-{n}.png\nend"
                                     for n in (32, 64, 96, 128, 192, 256)), None),
    ("csv", '/usr/bin/python3 -c "import numpy as n; r = n.random.default_rng(7); '
     '[n.savetxt(f\'t{i:02}.csv\', r.standard_normal((4000, 8)), delimiter=\',\', fmt=\'%.6g\') for i in range(40)]"',
     "read {in}/*.csv | parse | stats | report csv={out}/s.csv", None),
]

SLOW = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <unistd.h>
ssize_t pread(int fd, void *b, size_t n, off_t o)
{
	static ssize_t (*real)(int, void *, size_t, off_t);
	struct timespec t = {0, 20000000};
	if (!real)
		real = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
	if (n > 1)
		nanosleep(&t, 0);
	return real(fd, b, n, o);
}
ssize_t pread64(int fd, void *b, size_t n, off_t o) { return pread(fd, b, n, o); }
"""


def choices(cores):
    """Every static choice: where the work between reading and writing runs, and how many read and write."""
    works = [("inline", None), ("threads", 1), ("threads", cores), ("threads", 2 * cores), ("processes", 1),
             ("processes", cores), ("processes", 2 * cores), ("openmp", cores)]
    return [(on, n, io) for (on, n), io in itertools.product(works, (1, 2, 8, 16))]


def placed(recipe, choice):
    """The recipe with the choice written into it."""
    if choice is None:
        return recipe
    on, n, io = choice
    job = "job isolate=no\n" if on in ("inline", "threads", "openmp") else ""
    head = f"{job}defaults on={on}" + (f" workers={n}" if n else "") + "\n"
    read, rest = recipe.split("|", 1) if "|" in recipe else recipe.split("\n", 1)
    return head + f"{read} on=threads workers={io}\n" + rest.strip()


def run(leat, recipe, work, env):
    out = tempfile.mkdtemp(dir=work)
    text = recipe.replace("{out}", out)
    start = time.perf_counter()
    p = subprocess.run([leat, "run", "--quiet", "-e", text], env=env, capture_output=True, text=True)
    wall = time.perf_counter() - start
    if p.returncode != 0:
        return None, p.stderr.strip().splitlines()[:1]
    return wall, None


def sweep(one, args, work, env, slow):
    name, make, recipe, preload = one
    folder = os.path.join(work, name.replace(" ", "-"))
    os.makedirs(folder)
    made = {**env, "IN": folder}
    subprocess.run(["bash", "-euc", make], env=made, cwd=folder, check=True)
    if preload:
        env = {**env, "LD_PRELOAD": slow}
    recipe = recipe.replace("{in}", folder)
    cores = len(os.sched_getaffinity(0))
    first = {}
    run(args.leat, placed(recipe, None), work, env)  # warm
    for c in [None] + choices(cores):
        wall, why = run(args.leat, placed(recipe, c), work, env)
        if wall is not None:
            first[c] = wall
        elif c is None:
            raise SystemExit(f"{name}: {why}")
    best = min(w for c, w in first.items() if c)
    close = [c for c, w in first.items() if c and w <= 1.5 * best]
    walls = {c: [] for c in [None] + sorted(close, key=lambda c: first[c])[:args.finalists]}
    for _ in range(args.rounds):
        for c in walls:
            wall, _why = run(args.leat, placed(recipe, c), work, env)
            if wall is not None:
                walls[c].append(wall)
    middle = {c: statistics.median(w) for c, w in walls.items() if w}
    winner = min((c for c in middle if c), key=lambda c: middle[c])
    return {"pipeline": name, "auto": middle[None], "best": middle[winner], "ratio": middle[None] / middle[winner],
            "choice": "on=%s workers=%s, read and write workers=%s" % (winner[0], winner[1] or "-", winner[2]),
            "swept": len(first) - 1}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("names", nargs="*")
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--finalists", type=int, default=4)
    p.add_argument("--json")
    args = p.parse_args()
    args.leat = os.path.abspath(args.leat)
    env = {**os.environ, "LEAT": args.leat, "CORPUS": os.path.abspath(args.corpus)}
    work = tempfile.mkdtemp(prefix="leat-auto-")
    rows = []
    try:
        icon = os.path.join(work, "icon.png")
        subprocess.run([args.leat, "run", "--quiet", "-e", f"read {env['CORPUS']}/kodak/01.png | crop 64x64 | write {icon}"],
                       check=True)
        env["ICON"] = icon
        slow = os.path.join(work, "slow.so")
        subprocess.run(["gcc", "-shared", "-fPIC", "-xc", "-", "-o", slow, "-ldl"], input=SLOW, text=True, check=True)
        print("| pipeline | auto s | best static s | ratio | the best static choice |\n|---|---:|---:|---:|---|")
        for one in PIPELINES:
            if args.names and one[0] not in args.names:
                continue
            row = sweep(one, args, work, env, slow)
            rows.append(row)
            print(f"| {row['pipeline']} | {row['auto']:.3f} | {row['best']:.3f} | {row['ratio']:.2f} | {row['choice']} |",
                  flush=True)
        near = sum(r["ratio"] <= 1.1 for r in rows)
        print(f"\nwithin 10 %: {near} of {len(rows)}; the worst {max(r['ratio'] for r in rows):.2f}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if args.json:
            with open(args.json, "w") as f:
                json.dump(rows, f, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
