#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The choice that leat makes by itself against an exhaustive sweep of static choices.

Every pipeline runs with nothing written (auto), and with each combination of executor, its workers and the workers of
reading and writing (but what is 1.4 times behind with two that read is not tried with other numbers of them). One round
of all of them leaves the fastest few; those alternate for --rounds rounds with auto, each run into a fresh folder, and
medians are compared.

`auto` is a first run, which knows nothing; `learned` is a run of a job with a name after --teach others of the same
job: their times over that of the best static choice, which may decode without isolation. `isolated` is auto's time over
that of the best static choice with isolation, and `fastest runs` compares the fastest run of each instead of the
medians (for a machine that does other work, too). The gate: auto within 10 % of the best static choice on nine of ten
pipelines, never above 1.3 times.
"""

import argparse
import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NUMPY = '/usr/bin/python3 -c "import numpy as n; r = n.random.default_rng(7); '
KODAK = ('i=0; while [ $i -lt $N ]; do for f in "$CORPUS"/kodak/*.png; do '
         '[ $i -ge $N ] || cp "$f" $i.png; i=$((i+1)); done; done')
GROW = ('"$LEAT" run --quiet -e "read $CORPUS/kodak/0[1-%d].png | resize %dx%d enlarge=yes | encode png level=1 | '
        'write $IN/z{stem}.png"')

# name, how many inputs, how they are made (shell, in $IN, $N of them), the recipe ({out} is where results go)
PIPELINES = [
    ("icons", 600, 'for k in $(seq 1 $N); do cp "$ICON" $k.png; done',
     "read {in}/*.png | resize 32x32 | write {out}/{stem}.png"),
    ("photos", 72, KODAK, "read {in}/*.png | resize 256x256 | write {out}/{stem}.png"),
    ("giants", 1, GROW % (1, 3000, 3000), "read {in}/*.png | blur 8 | resize 1024x1024 | write {out}/{stem}.png"),
    ("statistics", 48, KODAK, "read {in}/*.png | stats | report csv={out}/s.csv"),
    ("re-encode", 12, KODAK, "read {in}/*.png | decode | encode png level=6 | write {out}/{stem}.png"),
    ("matrices", 160,
     NUMPY + "[n.save(f'm{i:03}.npy', r.standard_normal((256, 256)) + 32 * n.eye(256)) for i in range($N)]\"",
     "read {in}/*.npy | inv | write {out}/{stem}.npy"),
    ("slow disk", 32, KODAK, "read {in}/*.png | resize 64x64 | write {out}/{stem}.png"),
    ("mixed sizes", 300, 'for f in "$CORPUS"/kodak/*.png; do cp "$f" ${f##*/}; done; for k in $(seq 1 $N); do '
     'cp "$ICON" i$k.png; done; ' + GROW % (2, 3000, 2000),
     "read {in}/*.png | resize 128x128 | write {out}/{stem}.png"),
    ("branches", 10, KODAK, "read {in}/*.png\n" + "\n".join(
        f"branch b{n}\nresize {n}x{n}\nwrite {{out}}/{{stem}}-{n}.png\nend" for n in (32, 64, 96, 128, 192, 256))),
    ("csv", 60,
     NUMPY + "[n.savetxt(f't{i:02}.csv', r.standard_normal((12000, 8)), delimiter=',', fmt='%.6g') "
     "for i in range($N)]\"",
     "read {in}/*.csv | parse | stats | report csv={out}/s.csv"),
]
TRIES = 3  # of a run that others disturb
FEWEST = 3  # rounds, however long they take
SLOW = "slow disk"  # the one that runs with the preloaded library


def choices(cores, slow):
    """Every static choice: where the work between reading and writing runs, and how many read and write.

    A preloaded library cannot delay what io_uring reads, so the slow disk is not read by it.
    """
    works = [("threads", cores), ("processes", cores), ("inline", None), ("openmp", cores), ("threads", 2 * cores),
             ("processes", 2 * cores), ("threads", 1), ("processes", 1)]
    ends = [("threads", n) for n in ((2, 1, 8, 16, 32) if slow else (2, 1, 8))] + ([] if slow else [("async", 32)])
    return list(itertools.product(works, ends))


def placed(recipe, choice):
    """The recipe with the choice written into it."""
    (on, n), (end, io) = choice
    job = "job isolate=no\n" if on in ("inline", "threads", "openmp") else ""
    head = f"{job}defaults on={on}" + (f" workers={n}" if n else "") + "\n"
    cut = "|" if "|" in recipe else "\n"
    read, rest = recipe.split(cut, 1)
    where = f" on={end} workers={io}"
    rest = rest.strip().replace("/{stem}.png", "/{stem}.png" + where).replace("/{stem}.npy", "/{stem}.npy" + where)
    return head + f"{read.strip()}{where}\n{rest}"


def told(choice):
    (on, n), (end, io) = choice
    return f"on={on}" + (f" workers={n}" if n else "") + f"; read and write on={end} workers={io}"


def others():
    """CPU seconds that all processes but this one's children have used, and what a hypervisor took, since boot."""
    with open("/proc/stat", encoding="ascii") as f:
        ticks = [int(t) for t in f.readline().split()[1:]]
    mine = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = sum(ticks[:8]) - ticks[3] - ticks[4]  # without idle, and waiting for disks
    return busy / os.sysconf("SC_CLK_TCK") - mine.ru_utime - mine.ru_stime


def timed(words, env, cwd=None, tries=TRIES):
    """Seconds, or None and the first line of what went wrong.

    Where others used more than a tenth of a core meanwhile, it is measured again; the least disturbed try counts.
    """
    seen = []
    for _ in range(tries):
        before, start = others(), time.perf_counter()
        p = subprocess.run(words, env=env, cwd=cwd, capture_output=True, text=True)
        wall = time.perf_counter() - start
        if p.returncode != 0:
            return None, p.stderr.strip().splitlines()[:1]
        disturbed = max(0, others() - before) / wall
        seen.append((disturbed, wall))
        if disturbed < 0.1:
            break
    return min(seen)[1], None


def run(leat, recipe, work, env, tries):
    out = tempfile.mkdtemp(dir=work)
    return timed([leat, "run", "--quiet", "-e", recipe.replace("{out}", out)], env, tries=tries)


class Sweep:
    """One pipeline: its inputs, and every way to run it by a key."""

    def __init__(self, one, args, work, env):
        self.name, n, make, recipe = one
        self.leat, self.work = args.leat, work
        folder = os.path.join(work, self.name.replace(" ", "-"))
        os.makedirs(folder)
        made = {**env, "IN": folder, "N": str(max(1, round(n * args.size)))}
        subprocess.run(["bash", "-euc", make], env=made, cwd=folder, check=True)
        self.env = {**env, "LD_PRELOAD": args.slow} if self.name == SLOW else env
        recipe = recipe.replace("{in}", folder)
        cores = len(os.sched_getaffinity(0))
        state = os.path.join(work, self.name.replace(" ", "-") + ".state")
        self.ways = {"auto": recipe, "learned": f"job name=bench state={state}\n" + recipe}
        self.ways.update({c: placed(recipe, c) for c in choices(cores, self.name == SLOW)})

    def run(self, way, tries=1):
        return run(self.leat, self.ways[way], self.work, self.env, tries)

    def first(self, teach):
        """Seconds by way of one run each, without those that are refused."""
        for way in ["auto"] + ["learned"] * teach:
            wall, why = self.run(way)
            if wall is None:
                raise SystemExit(f"{self.name}: {way}: {why}")
        seen = {}
        for way in self.ways:
            if way not in ("auto", "learned") and not self.hopeless(way, seen):
                wall, _why = self.run(way)
                if wall is not None:
                    seen[way] = wall
        return seen

    def hopeless(self, way, seen):
        """Is the computing alone so far behind that other workers for reading and writing cannot save it?"""
        same = [w for other, w in seen.items() if other[0] == way[0]]
        return self.name != SLOW and same and min(same) > 1.4 * min(seen.values())

    def measure(self, args):
        until = time.monotonic() + args.seconds
        seen = self.first(args.teach)
        close = sorted(seen, key=seen.get)[:args.finalists]
        close += sorted((c for c in seen if c[0][0] == "processes" and c not in close), key=seen.get)[:1]
        walls = {way: [] for way in ["auto", "learned"] + close}
        for i in range(args.rounds):
            if i >= FEWEST and time.monotonic() > until:
                break
            order = list(walls) if i % 2 == 0 else list(walls)[::-1]
            for way in order:
                wall, why = self.run(way, TRIES if time.monotonic() < until else 1)
                if wall is None:
                    raise SystemExit(f"{self.name}: {way}: {why}")
                walls[way].append(wall)
        middle = {way: statistics.median(w) for way, w in walls.items()}
        best = min(close, key=middle.get)
        safe = min(middle[c] for c in close if c[0][0] == "processes")
        fastest = min(walls["auto"]) / min(min(walls[c]) for c in close)
        return {"pipeline": self.name, "auto": middle["auto"], "learned": middle["learned"], "best": middle[best],
                "ratio": middle["auto"] / middle[best], "learned_ratio": middle["learned"] / middle[best],
                "safe_ratio": middle["auto"] / safe, "fastest_ratio": fastest, "choice": told(best),
                "worst": max(seen.values()), "swept": len(seen),
                "walls": {way if isinstance(way, str) else told(way): w for way, w in walls.items()}}


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", action="append", metavar="NAME", help="this pipeline only; may be given again")
    p.add_argument("--size", type=float, default=1, metavar="F", help="F times the usual number of inputs")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=45, help="for one pipeline, about: then fewer rounds")
    p.add_argument("--finalists", type=int, default=2, help="static choices that take part in the rounds")
    p.add_argument("--teach", type=int, default=2, help="runs before a learned one")
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--slow", default="build/bench/slow.so", help="the library that delays reading")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--json", help="write every time to this file")
    args = p.parse_args()
    names = [one[0] for one in PIPELINES]
    for name in args.only or []:
        if name not in names:
            p.error(f"no pipeline '{name}': there are {', '.join(names)}")
    args.leat, args.slow, args.corpus = map(os.path.abspath, (args.leat, args.slow, args.corpus))
    return args


def main():
    args = options()
    env = {**os.environ, "LEAT": args.leat, "CORPUS": args.corpus}
    work = tempfile.mkdtemp(prefix="leat-auto-")
    rows = []
    try:
        env["ICON"] = os.path.join(work, "icon.png")
        subprocess.run([args.leat, "run", "--quiet", "-e",
                        f"read {args.corpus}/kodak/01.png | crop 64x64 | write {env['ICON']}"], check=True)
        print("| pipeline | auto s | learned s | best static s | auto | learned | isolated | fastest runs | "
              "slowest static s | the best static choice |\n"
              "|---|---:|---:|---:|---:|---:|---:|---:|---:|---|")
        for one in PIPELINES:
            if args.only and one[0] not in args.only:
                continue
            r = Sweep(one, args, work, env).measure(args)
            rows.append(r)
            print(f"| {r['pipeline']} | {r['auto']:.3f} | {r['learned']:.3f} | {r['best']:.3f} | {r['ratio']:.2f} | "
                  f"{r['learned_ratio']:.2f} | {r['safe_ratio']:.2f} | {r['fastest_ratio']:.2f} | {r['worst']:.3f} | "
                  f"{r['choice']} |", flush=True)
        for key, what in (("ratio", "auto"), ("learned_ratio", "learned"), ("safe_ratio", "isolated"),
                          ("fastest_ratio", "fastest runs")):
            near = sum(r[key] <= 1.1 for r in rows)
            worst = max(r[key] for r in rows)
            print(f"\n{what}: within 10 % of the best: {near} of {len(rows)}; the worst {worst:.2f}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if args.json:
            with open(args.json, "w", encoding="utf-8") as f:
                json.dump(rows, f, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
