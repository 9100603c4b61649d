#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""on=async against on=threads, and what leat chooses by itself, on many small files.

copy reads every file and writes it under the same name; hash only reads, and writes one table. Warm: the files are in
memory. Cold: their pages are given back (posix_fadvise), and where it is allowed all caches of names are dropped, too.
Runs alternate, each into a fresh folder; medians, and medians of the ratios within a round. After --seconds, shared out
among the tables, there are no more rounds than three.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

RECIPES = {
    "copy": "read {in}/*{on} | write {out}/{{name}}{on}",
    "hash": "read {in}/*{on} | report csv={out}/hashes.csv fields=name,hash",
}
VARIANTS = [("auto", "")] + [(f"{kind} x{n}", f" on={kind} workers={n}") for kind, counts in
                             (("threads", (2, 8)), ("async", (8, 64))) for n in counts]
FEWEST = 3  # rounds, however long they take


def make_files(folder, count, size):
    os.mkdir(folder)
    data = os.urandom(size)
    for i in range(count):
        with open(f"{folder}/{i:05}.bin", "wb") as f:
            f.write(i.to_bytes(8, "little") + data[8:])
    os.sync()


def cool(folder):
    """Gives back what the kernel keeps of the files. True: of their names, too."""
    os.sync()
    for e in os.scandir(folder):
        fd = os.open(e.path, os.O_RDONLY)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)
    try:
        with open("/proc/sys/vm/drop_caches", "w", encoding="ascii") as f:
            f.write("3")
        return True
    except OSError:
        return False


def warm(folder):
    for e in os.scandir(folder):
        with open(e.path, "rb") as f:
            f.read()


def run(leat, recipe, on, source, temp, files):
    out = tempfile.mkdtemp(dir=temp)
    text = recipe.format(**{"in": source, "out": out, "on": on})
    t0 = time.perf_counter()
    p = subprocess.Popen([leat, "run", "--quiet", "-e", text])
    _, status, used = os.wait4(p.pid, 0)
    wall = time.perf_counter() - t0
    made = len(os.listdir(out))
    if status or made not in (files, 1):
        sys.exit(f"smallfiles.py: {text}: status {status}, {made} files")
    return wall, used.ru_utime + used.ru_stime


def chosen(leat, recipe, source, temp):
    text = recipe.format(**{"in": source, "out": temp, "on": ""})
    plan = subprocess.run([leat, "plan", "-e", text], capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in plan.split("Workers\n")[1].splitlines() if line.strip()]


def table(name, state, rows, files):
    """rows: (what, [(wall, CPU) of each round]); the first is auto."""
    auto = [wall for wall, _ in rows[0][1]]
    print(f"\n### {name}, {state}: {files} files, {len(auto)} rounds\n")
    print("| on | s | files/s | CPU s | auto takes |\n|---|---:|---:|---:|---:|")
    for what, r in rows:
        wall, cpu = (statistics.median(x[i] for x in r) for i in (0, 1))
        ratio = statistics.median(a / w for a, (w, _) in zip(auto, r))
        print(f"| {what} | {wall:.3f} | {files / wall:.0f} | {cpu:.2f} | {ratio:.2f} times as long |")
    sys.stdout.flush()


def measure(o, recipe, state, source, temp, seconds):
    rows = [(what, []) for what, _ in VARIANTS]
    names, until = True, time.monotonic() + seconds
    for i in range(o.rounds):
        if i >= FEWEST and time.monotonic() > until:
            break
        order = list(zip(rows, VARIANTS))
        for row, (_, on) in order if i % 2 == 0 else order[::-1]:
            names = cool(source) if state == "cold" else warm(source) or names
            row[1].append(run(o.leat, recipe, on, source, temp, o.files))
    return rows, state + ("" if state == "warm" else ", names too" if names else ", pages only")


def options():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--leat", default="build/leat")
    a.add_argument("--files", type=int, default=10000)
    a.add_argument("--size", type=int, default=4096)
    a.add_argument("--rounds", type=int, default=5)
    a.add_argument("--seconds", type=float, default=160, help="about: then fewer rounds")
    a.add_argument("--only", choices=list(RECIPES))
    a.add_argument("--state", choices=["warm", "cold"])
    a.add_argument("--temp", help="a folder on the disk in question")
    return a.parse_args()


def main():
    o = options()
    names = [n for n in RECIPES if o.only in (None, n)]
    states = [s for s in ("warm", "cold") if o.state in (None, s)]
    temp = tempfile.mkdtemp(prefix="leat-smallfiles-", dir=o.temp)
    try:
        source = f"{temp}/in"
        make_files(source, o.files, o.size)
        for name in names:
            print(f"{name}: auto takes " + "; ".join(chosen(o.leat, RECIPES[name], source, temp)))
            for state in states:
                work = tempfile.mkdtemp(dir=temp)
                rows, label = measure(o, RECIPES[name], state, source, work, o.seconds / len(names) / len(states))
                table(name, label, rows, o.files)
                shutil.rmtree(work)
    finally:
        shutil.rmtree(temp, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
