#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two cores against one on photos, beside what two bare loops reach on the same two cores in the same run.

The bare loops are bench/parts (read, inflate, unfilter, resize, encode; no queue, no process): one pinned to a core,
then two at once, each pinned to its own. What they lose against twice as fast is the machine's (memory, shared caches,
clock); what leat loses beyond that is leat's. The gate: leat's speed-up at least 0.95 of theirs.

The four ways alternate; a speed-up is the median of those of the rounds, so that a busy minute counts on both sides.
After --seconds there are no more rounds than three.
"""

import argparse
import glob
import json
import os
import shutil
import statistics
import subprocess
import tempfile
import time

FEWEST = 3  # rounds, however long they take


def together(commands):
    """Seconds until all of them, each (CPUs, words), have ended well."""
    start = time.perf_counter()
    procs = []
    for cpus, words in commands:
        os.sched_setaffinity(0, cpus)  # inherited
        procs.append(subprocess.Popen(words, stdout=subprocess.DEVNULL))
    status = [p.wait() for p in procs]
    if any(status):
        raise SystemExit(f"failed: {commands[0][1][:4]}")
    return time.perf_counter() - start


def options():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--parts", default="build/bench/parts/parts")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--rounds", type=int, default=7)
    p.add_argument("--seconds", type=float, default=180, help="about: then fewer rounds")
    p.add_argument("--photos", type=int, default=160, help="so many that starting counts little")
    p.add_argument("--more", default="", help="words for leat run, such as --opt decode.on=threads")
    p.add_argument("--json", help="write every time to this file")
    return p.parse_args()


def main():
    args = options()
    everywhere = os.sched_getaffinity(0)
    cpus = sorted(everywhere)[:2]
    if len(cpus) < 2:
        raise SystemExit("scaling: there is one core only")
    photos = sorted(glob.glob(os.path.join(args.corpus, "kodak", "*.png")))
    if not photos:
        raise SystemExit(f"scaling: no photos in {args.corpus}/kodak")
    work = tempfile.mkdtemp(prefix="leat-scaling-")
    folder = os.path.join(work, "in")
    os.makedirs(folder)
    photos = (photos * (args.photos // len(photos) + 1))[:args.photos]
    for i, f in enumerate(photos):
        shutil.copy(f, os.path.join(folder, f"{i}.png"))
    bare = [args.parts] + photos

    def leat():
        out = tempfile.mkdtemp(dir=work)
        return [args.leat, "run", "--quiet"] + args.more.split() + [
            "-e", f"read {folder}/*.png | resize 256x256 | write {out}/{{stem}}.png"]

    ways = {
        "bare, one core": lambda: together([({cpus[0]}, bare)]),
        "bare, two cores": lambda: together([({c}, bare) for c in cpus]),
        "leat, one core": lambda: together([({cpus[0]}, leat())]),
        "leat, two cores": lambda: together([(set(cpus), leat())]),
    }
    walls = {name: [] for name in ways}
    try:
        ways["leat, two cores"]()  # warms the cache
        until = time.monotonic() + args.seconds
        for i in range(args.rounds):
            if i >= FEWEST and time.monotonic() > until:
                break
            for name in (list(ways) if i % 2 == 0 else list(ways)[::-1]):
                walls[name].append(ways[name]())
    finally:
        os.sched_setaffinity(0, everywhere)
        shutil.rmtree(work, ignore_errors=True)
    # two bare loops at once do twice the work
    bare_ups = [2 * a / b for a, b in zip(walls["bare, one core"], walls["bare, two cores"])]
    leat_ups = [a / b for a, b in zip(walls["leat, one core"], walls["leat, two cores"])]
    theirs, ours = statistics.median(bare_ups), statistics.median(leat_ups)
    part = statistics.median(a / b for a, b in zip(leat_ups, bare_ups))
    print(f"| {args.photos} photos, {len(bare_ups)} rounds | one core, s | two cores, s | speed-up |\n|---|---:|---:|---:|")
    for name, up in (("bare", theirs), ("leat", ours)):
        one, two = (statistics.median(walls[f"{name}, {n}"]) for n in ("one core", "two cores"))
        print(f"| {name} | {one:.3f} | {two:.3f} | {up:.3f} |")
    print(f"\nleat's speed-up is {part:.3f} of that of the bare loops (to be at least 0.95): "
          f"the gate {'holds' if part >= 0.95 else 'is missed'}")
    if args.json:
        with open(args.json, "w", encoding="utf-8") as f:
            json.dump({"walls": walls, "bare": theirs, "leat": ours, "ratio": part}, f, indent=1)


if __name__ == "__main__":
    main()
