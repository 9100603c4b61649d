#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How costs grow, and what they are made of.

First: icons of 64 px to 32 px, from 100 to 10,000 files in four steps: CPU seconds, wall seconds and the memory of the
whole process tree. Between neighboring steps the cost of one more file is taken: where costs are linear, it is the same
everywhere. Rounds alternate between the sizes; figures are medians. The gate: 5 %, and memory that does not grow.

Second: the CPU seconds of the photos (the Kodak set, several times) beside those of the bare loops of bench/parts over
the same files in the same run. The gate: 1.3 times as many.
"""

import argparse
import glob
import json
import os
import re
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

from bench import Watch

SIZES = (100, 464, 2154, 10000)


def run(words, cwd, memory=False):
    """Wall and CPU seconds of the tree, and its peak memory or None."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    p = subprocess.Popen(words, cwd=cwd, stdout=subprocess.DEVNULL)
    watch = Watch(p.pid) if memory else None
    if watch:
        watch.start()
    if p.wait() != 0:
        raise SystemExit(f"failed: {words}")
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if watch:
        watch.over = True
        watch.join()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, watch.peak if watch else None


def tiles(args, work):
    """Folders with so many icons each, of the same 1,536 tiles in the same mixture."""
    recipe = f"""read {args.corpus}/kodak/*.png
branch column for x in 0,64,128,192,256,320,384,448
  branch row for y in 0,64,128,192,256,320,384,448
    crop 64x64 left=$x top=$y
    write {work}/tiles/{{stem}}-$x-$y.png
  end
end
"""
    path = os.path.join(work, "tiles.leat")
    with open(path, "w") as f:
        f.write(recipe)
    subprocess.run([args.leat, "run", "--quiet", path], check=True)
    found = sorted(glob.glob(os.path.join(work, "tiles", "*.png")))
    step = 613  # has no common divisor with their number: neighbors come from all over
    mixed = [found[i * step % len(found)] for i in range(len(found))]
    for n in SIZES:
        folder = os.path.join(work, f"in-{n}")
        os.mkdir(folder)
        for i in range(n):
            shutil.copy(mixed[i % len(mixed)], os.path.join(folder, f"icon{i:05}.png"))


def icons(args, work, n, memory=False):
    out = tempfile.mkdtemp(prefix="out-", dir=work)
    recipe = f"read *.png | resize 32x32 | write {out}/{{stem}}.png"
    return run([args.leat, "run", "--quiet", "-e", recipe], os.path.join(work, f"in-{n}"), memory)


def slopes(args, work):
    tiles(args, work)
    walls, cpus, peaks = {n: [] for n in SIZES}, {n: [] for n in SIZES}, {}
    for n in SIZES:
        peaks[n] = icons(args, work, n, memory=True)[2]
    for r in range(args.rounds):
        for n in SIZES[r % len(SIZES):] + SIZES[:r % len(SIZES)]:
            for _ in range(max(1, min(8, 2000 // n))):  # short runs are noisy
                wall, cpu, _ = icons(args, work, n)
                walls[n].append(wall)
                cpus[n].append(cpu)
    table = []
    print("| files | wall s | CPU s | one more file, us of CPU | memory MiB |\n|---:|---:|---:|---:|---:|")
    for i, n in enumerate(SIZES):
        cpu, before = statistics.median(cpus[n]), SIZES[i - 1] if i else None
        more = (cpu - statistics.median(cpus[before])) / (n - before) * 1e6 if before else None
        table.append({"files": n, "wall": statistics.median(walls[n]), "cpu": cpu, "slope_us": more, "memory": peaks[n]})
        print(f"| {n} | {table[-1]['wall']:.4f} | {cpu:.4f} | {'' if more is None else f'{more:.1f}'} "
              f"| {peaks[n] / 2**20:.1f} |", flush=True)
    found = [t["slope_us"] for t in table if t["slope_us"]]
    middle = statistics.median(found)
    print(f"\nfrom the middle one: {', '.join(f'{100 * (s / middle - 1):+.1f} %' for s in found)}")
    return table


def made_of(args, work):
    folder = os.path.join(work, "photos")
    os.mkdir(folder)
    for i in range(args.photos // 24):
        for path in glob.glob(os.path.join(args.corpus, "kodak", "*.png")):
            shutil.copy(path, os.path.join(folder, f"{i}-{os.path.basename(path)}"))
    names = sorted(os.listdir(folder))
    ratios, cpus, sums = [], [], []
    for _ in range(args.rounds):
        out = tempfile.mkdtemp(prefix="out-", dir=work)
        text = subprocess.run([os.path.abspath(args.parts), *names], cwd=folder, check=True, capture_output=True,
                              text=True).stdout
        sums.append(float(re.search(r"^sum +([0-9.]+)", text, re.M).group(1)))
        recipe = f"read *.png | resize 256x256 | write {out}/{{stem}}.png"
        cpus.append(run([args.leat, "run", "--quiet", "-e", recipe], folder)[1])
        ratios.append(cpus[-1] / sums[-1])
    print(f"\n{len(names)} photos: CPU s {statistics.median(cpus):.3f}, of bare loops {statistics.median(sums):.3f}: "
          f"{statistics.median(ratios):.2f} times\n{text}", end="")
    return {"photos": len(names), "cpu": cpus, "parts": sums, "ratio": statistics.median(ratios)}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--parts", default="build/bench/parts/parts")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--photos", type=int, default=96)
    p.add_argument("--json", help="write all figures to this file")
    args = p.parse_args()
    args.leat, args.corpus = os.path.abspath(args.leat), os.path.abspath(args.corpus)
    with tempfile.TemporaryDirectory(prefix="leat-slopes-") as work:
        figures = {"slopes": slopes(args, work), "made_of": made_of(args, work)}
    if args.json:
        with open(args.json, "w") as f:
            json.dump(figures, f, indent=1)


if __name__ == "__main__":
    main()
