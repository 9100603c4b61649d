#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A night in which nothing changed: the second run of a job over many small files, beside find(1) over the same tree.

usage: bench/unchanged.py [--leat PROGRAM] [--files 100000] [--rounds 5] [--folder DIR]

Makes a tree of small PNG files, runs an incremental job over it once, then lets `find -printf` and the job take turns.
Prints for both seconds and CPU seconds (medians), the median ratio, and the job's largest memory. A folder that is kept is found again: the first run then has nothing to do.
"""
import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010800000000"
    "3a7e9b550000000a49444154789c63680000008200817"
    "7cd72b60000000049454e44ae426082"
)


def make_tree(folder, files):
    for i in range(files):
        if i % 1000 == 0:
            sub = os.path.join(folder, "in", f"{i // 1000:04}")
            os.makedirs(sub)
        with open(os.path.join(sub, f"{i:07}.png"), "wb") as f:
            f.write(PNG)


def timed(command, **kw):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, **kw)
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        sys.exit(f"{command}: {done.returncode}: {done.stderr.decode()}")
    return wall, cpu


def peak_kib(command):
    text = subprocess.run(
        ["/usr/bin/env", "python3", "-c",
         "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
         "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)", *command],
        capture_output=True, text=True, check=True).stdout
    return int(text)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--leat", default="leat")
    p.add_argument("--files", type=int, default=100000)
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--folder", help="where the tree is made, and kept for the next time; default: a temporary one")
    p.add_argument("--recipe", default="write out/{reldir}/{name}", help="what is done with each file")
    a = p.parse_args()
    folder = a.folder or tempfile.mkdtemp(prefix="leat-unchanged-")
    if not os.path.isdir(os.path.join(folder, "in")):
        make_tree(folder, a.files)
    recipe = os.path.join(folder, "job.leat")
    with open(recipe, "w", encoding="ascii") as f:
        f.write(f"job incremental=yes\nread in/**/*.png\n{a.recipe}\n")
    run = [a.leat, "run", "--quiet", recipe]
    find = ["find", os.path.join(folder, "in"), "-printf", "%p %s %T@\\n"]
    first = timed(run)
    print(f"files    {a.files}")
    print(f"first    {first[0]:.2f} s, {first[1]:.2f} s CPU", flush=True)
    finds, runs = [], []
    for _ in range(a.rounds):
        finds.append(timed(find))
        runs.append(timed(run))
    for name, v in (("find", finds), ("second", runs)):
        print(f"{name:8} {statistics.median(x[0] for x in v):.3f} s, {statistics.median(x[1] for x in v):.3f} s CPU")
    print(f"ratio    {statistics.median(r[0] / f[0] for f, r in zip(finds, runs)):.2f} wall,"
          f" {statistics.median(r[1] / f[1] for f, r in zip(finds, runs)):.2f} CPU")
    print(f"memory   {peak_kib(run) / 1024:.1f} MiB at most")
    if not a.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
