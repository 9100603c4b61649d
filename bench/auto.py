#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The choice that leat makes by itself against an exhaustive sweep of static choices.

Every pipeline runs with nothing written (auto), and with each combination of executor, its workers and the workers of
reading and writing (but what is 1.5 times behind with two that read is not tried with other numbers of them). Whether
files from outside are decoded in the sandbox is the user's to say, so the gate compares like with like: the static
choices that keep the sandbox, which auto keeps, too. One run of each leaves the few that need the least time and CPU
time; those alternate with auto for --rounds rounds, each run into a fresh folder. Every ratio is a median of the
rounds' own ratios, so that a busy minute counts on both sides.

`auto` is a first run, which knows nothing, over the best static choice with the sandbox. `learned` is a run of a job
with a name after --teach others of the same job, over the best choice of the sweep as a job with a name: what state and
report take is then on both sides (durability=none). The gate: auto within 10 % of the best on nine of ten pipelines,
never above 1.3 times. `sandbox` is what isolation costs: that best choice over the best one of all without it
(`job isolate=no`, threads, teams or inline).
"""

import argparse
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

# name, how many inputs, how they are made (shell, in $IN, $N of them), the recipe. A choice is put in for @io (what
# reads and writes), @dec (what takes the bytes from outside) and @op (the steps behind it); {out} is where results go.
PIPELINES = [
    ("icons", 600, 'for k in $(seq 1 $N); do cp "$ICON" $k.png; done',
     "read {in}/*.png @io | decode @dec | resize 32x32 @op | write {out}/{stem}.png @io"),
    ("photos", 72, KODAK, "read {in}/*.png @io | decode @dec | resize 256x256 @op | write {out}/{stem}.png @io"),
    ("giants", 1, GROW % (1, 3000, 3000),
     "read {in}/*.png @io | decode @dec | blur 8 @op | resize 1024x1024 @op | write {out}/{stem}.png @io"),
    ("statistics", 48, KODAK, "read {in}/*.png @io | decode @dec | stats @op | report csv={out}/s.csv"),
    ("re-encode", 12, KODAK, "read {in}/*.png @io | decode @dec | encode png level=6 @op | write {out}/{stem}.png @io"),
    ("matrices", 160,
     NUMPY + "[n.save(f'm{i:03}.npy', r.standard_normal((256, 256)) + 32 * n.eye(256)) for i in range($N)]\"",
     "read {in}/*.npy @io | inv @dec | write {out}/{stem}.npy @io"),
    ("slow disk", 32, KODAK, "read {in}/*.png @io | decode @dec | resize 64x64 @op | write {out}/{stem}.png @io"),
    ("mixed sizes", 300, 'for f in "$CORPUS"/kodak/*.png; do cp "$f" ${f##*/}; done; for k in $(seq 1 $N); do '
     'cp "$ICON" i$k.png; done; ' + GROW % (2, 3000, 2000),
     "read {in}/*.png @io | decode @dec | resize 128x128 @op | write {out}/{stem}.png @io"),
    ("branches", 10, KODAK, "read {in}/*.png @io\ndecode @dec\n" + "\n".join(
        f"branch b{n}\nresize {n}x{n} @op\nwrite {{out}}/{{stem}}-{n}.png @io\nend"
        for n in (32, 64, 96, 128, 192, 256))),
    ("csv", 60,
     NUMPY + "[n.savetxt(f't{i:02}.csv', r.standard_normal((12000, 8)), delimiter=',', fmt='%.6g') "
     "for i in range($N)]\"",
     "read {in}/*.csv @io | parse @dec | stats @op | report csv={out}/s.csv"),
]
SLOW = "slow disk"  # the one that runs with the preloaded library
FEWEST = 3  # rounds, however long they take


def on(kind, n=None):
    return f"on={kind}" + (f" workers={n}" if n else "")


def choices(cores, slow):
    """Every static choice: (keeps the sandbox, where bytes are decoded, where the steps behind run, who reads, writes).

    A preloaded library cannot delay what io_uring reads, so the slow disk is not read by it.
    """
    team, crew = on("openmp", cores), on("threads", cores)
    safe = [(on("processes", n), "") for n in (cores, 1, 2 * cores)]
    safe += [(on("processes", n), op) for n in (1, cores) for op in (crew, team)]
    bare = [(on("threads", n), "") for n in (cores, 1, 2 * cores)] + [("on=inline", ""), (team, team)]
    ends = [on("threads", n) for n in ((2, 1, 8, 16, 32) if slow else (2, 1, 8))] + ([] if slow else [on("async", 32)])
    return [(kept, dec, op, io) for kept, works in ((True, safe), (False, bare)) for dec, op in works for io in ends]


def placed(recipe, choice):
    """The recipe with the choice written into it; without one (None) it is leat's."""
    kept, dec, op, io = choice or (True, "", "", "")
    text = recipe.replace("@dec", dec).replace("@op", op).replace("@io", io)
    return text if kept else "job isolate=no\n" + text


def told(choice):
    _kept, dec, op, io = choice
    return f"{dec}" + (f", then {op}" if op else "") + f"; read and write {io}"


def others():
    """CPU seconds that all processes but this one's children have used, and what a hypervisor took, since boot."""
    with open("/proc/stat", encoding="ascii") as f:
        ticks = [int(t) for t in f.readline().split()[1:]]
    mine = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = sum(ticks[:8]) - ticks[3] - ticks[4]  # without idle, and waiting for disks
    return busy / os.sysconf("SC_CLK_TCK") - mine.ru_utime - mine.ru_stime


class Taken:
    """What one run took."""

    def __init__(self, words, env, cwd=None):
        before, used, start = others(), resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        p = subprocess.run(words, env=env, cwd=cwd, capture_output=True, text=True)
        self.wall = time.perf_counter() - start
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
        self.why = p.stderr.strip().splitlines()[:1] if p.returncode else None
        self.disturbed = max(0, others() - before) / self.wall  # cores that others had meanwhile


def least_disturbed(runs, tries=3):
    """Of as many runs, calls of runs(); one that nobody disturbed is enough."""
    seen = []
    for _ in range(tries):
        seen.append(runs())
        if seen[-1].why or seen[-1].disturbed < 0.1:
            break
    return min(seen, key=lambda t: t.disturbed)


class Sweep:
    """One pipeline: its inputs, and every way to run it by a key."""

    def __init__(self, one, args, work, env):
        self.name, n, make, recipe = one
        self.leat, self.work, self.teach = args.leat, work, args.teach
        folder = os.path.join(work, self.name.replace(" ", "-"))
        os.makedirs(folder)
        made = {**env, "IN": folder, "N": str(max(1, round(n * args.size)))}
        subprocess.run(["bash", "-euc", make], env=made, cwd=folder, check=True)
        self.env = {**env, "LD_PRELOAD": args.slow} if self.name == SLOW else env
        recipe = recipe.replace("{in}", folder)
        cores = len(os.sched_getaffinity(0))
        state = os.path.join(work, self.name.replace(" ", "-") + ".state")
        auto = placed(recipe, None)
        self.job = f"job name=bench state={state}%s durability=none\n"
        self.ways = {"auto": auto, "learned": self.job % "" + auto}
        for c in choices(cores, self.name == SLOW):
            text = placed(recipe, c)
            if text not in self.ways.values():  # a pipeline without steps behind has no place for them
                self.ways[c] = text
        self.cores = cores

    def run(self, way, tries=1):
        def one():
            out = tempfile.mkdtemp(dir=self.work)
            return Taken([self.leat, "run", "--quiet", "-e", self.ways[way].replace("{out}", out)], self.env)

        best = least_disturbed(one, tries)
        if best.why and isinstance(way, str):
            raise SystemExit(f"{self.name}: {way}: {best.why}")
        return best

    def score(self, taken):
        """What is compared to choose who stays: one wall time is noise, CPU time is steadier."""
        return taken.wall + taken.cpu / self.cores

    def first(self, until):
        """One run of each: by way, without those that are refused. After `until` the unlikely ones are left out."""
        for way in ["auto"] + ["learned"] * self.teach:
            self.run(way)
        seen = {}
        for way in self.ways:
            late = time.monotonic() > until
            if not isinstance(way, str) and not self.hopeless(way, seen, 1.1 if late else 1.5):
                taken = self.run(way)
                if not taken.why:
                    seen[way] = taken
        return seen

    def hopeless(self, way, seen, factor):
        """Is the computing alone so far behind that other workers for reading and writing cannot save it?"""
        same = [self.score(t) for other, t in seen.items() if other[:3] == way[:3]]
        all_ = [self.score(t) for other, t in seen.items() if other[0] == way[0]]
        return self.name != SLOW and same and min(same) > factor * min(all_)

    def measure(self, args, seconds):
        """In so many seconds, but no fewer than FEWEST rounds; more than half of them are the rounds'."""
        until = time.monotonic() + seconds
        seen = self.first(until - 0.6 * seconds)
        rank = sorted(seen, key=lambda c: self.score(seen[c]))
        safe = [c for c in rank if c[0]][:args.finalists]
        bare = [c for c in rank if not c[0]][:args.bare]
        self.ways["kept"] = (self.job % "2") + self.ways[safe[0]]
        walls = {way: [] for way in ["auto", "learned", "kept"] + safe + bare}
        for i in range(args.rounds):
            if i >= FEWEST and time.monotonic() > until:
                break
            order = list(walls) if i % 2 == 0 else list(walls)[::-1]
            for way in order:
                walls[way].append(self.run(way, args.tries if time.monotonic() < until else 1).wall)
        return self.result(seen, walls, safe, bare)

    def result(self, seen, walls, safe, bare):
        def ratio(a, b):
            return statistics.median(x / y for x, y in zip(walls[a], walls[b]))

        middle = {way: statistics.median(w) for way, w in walls.items()}
        best, free = min(safe, key=middle.get), min(bare, key=middle.get)
        return {"pipeline": self.name, "auto": middle["auto"], "learned": middle["learned"], "best": middle[best],
                "free": middle[free], "ratio": ratio("auto", best), "learned_ratio": ratio("learned", "kept"),
                "sandbox": ratio(best, free), "choice": told(best), "free_choice": told(free),
                "worst": max(t.wall for t in seen.values()), "swept": len(seen),
                "walls": {way if isinstance(way, str) else told(way): w for way, w in walls.items()}}


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--only", action="append", metavar="NAME", help="this pipeline only; may be given again")
    p.add_argument("--size", type=float, default=1, metavar="F", help="F times the usual number of inputs")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--seconds", type=float, default=43, help="for one pipeline, about: then fewer rounds")
    p.add_argument("--finalists", type=int, default=3, help="choices with the sandbox that take part in the rounds")
    p.add_argument("--bare", type=int, default=1, help="and choices without it")
    p.add_argument("--teach", type=int, default=2, help="runs before a learned one")
    p.add_argument("--tries", type=int, default=2, help="of a run that others disturb")
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
        print("| pipeline | auto s | best static s | auto | learned | sandbox | choices | slowest s | "
              "the best static choice with the sandbox | the best without |\n"
              "|---|---:|---:|---:|---:|---:|---:|---:|---|---|", flush=True)
        wanted = [one for one in PIPELINES if not args.only or one[0] in args.only]
        end = time.monotonic() + args.seconds * len(wanted)
        for i, one in enumerate(wanted):
            r = Sweep(one, args, work, env).measure(args, (end - time.monotonic()) / (len(wanted) - i))
            rows.append(r)
            print(f"| {r['pipeline']} | {r['auto']:.3f} | {r['best']:.3f} | {r['ratio']:.2f} | "
                  f"{r['learned_ratio']:.2f} | {r['sandbox']:.2f} | {r['swept']} | {r['worst']:.3f} | "
                  f"{r['choice']} | {r['free_choice']} |", flush=True)
        for key, what in (("ratio", "auto"), ("learned_ratio", "learned")):
            near = sum(r[key] <= 1.1 for r in rows)
            worst = max(r[key] for r in rows)
            held = near >= 0.9 * len(rows) and worst <= 1.3
            print(f"\n{what}: within 10 % of the best with the sandbox: {near} of {len(rows)}; the worst {worst:.2f}; "
                  f"the gate (nine of ten, none above 1.3) {'holds' if held else 'is missed'}")
    finally:
        shutil.rmtree(work, ignore_errors=True)
        if args.json:
            with open(args.json, "w", encoding="utf-8") as f:
                json.dump(rows, f, indent=1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
