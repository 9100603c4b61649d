#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""on=async against on=threads, and what leat chooses by itself, on many small files.

    smallfiles.py --leat PATH [--files 10000] [--size 4096] [--rounds 5] [--only copy|hash] [--markdown]

copy reads every file and writes it under the same name; hash only reads, and writes one table. Warm: the files are in
memory. Cold: their pages are given back (posix_fadvise), and where it is allowed all caches of names are dropped, too.
Runs alternate, each into a fresh folder; medians.
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
                             (("threads", (2, 4, 8)), ("async", (8, 64, 256))) for n in counts]


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


def table(name, state, rows, files, markdown):
    best = min(statistics.median(w for w, _ in r) for _, r in rows)
    print(f"\n{'### ' if markdown else ''}{name}, {state}: {files} files\n")
    if markdown:
        print("| on | s | files/s | CPU s | against the best |\n|---|---|---|---|---|")
    for what, r in rows:
        wall, cpu = (statistics.median(x[i] for x in r) for i in (0, 1))
        cells = [what, f"{wall:.3f}", f"{files / wall:.0f}", f"{cpu:.2f}", f"{wall / best:.2f}"]
        print("| " + " | ".join(cells) + " |" if markdown else "".join(f"{c:>14}" for c in cells))
    sys.stdout.flush()


def main():
    a = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    a.add_argument("--leat", required=True)
    a.add_argument("--files", type=int, default=10000)
    a.add_argument("--size", type=int, default=4096)
    a.add_argument("--rounds", type=int, default=5)
    a.add_argument("--only", choices=list(RECIPES))
    a.add_argument("--state", choices=["warm", "cold"])
    a.add_argument("--temp")
    a.add_argument("--markdown", action="store_true")
    o = a.parse_args()
    temp = tempfile.mkdtemp(prefix="leat-smallfiles-", dir=o.temp)
    try:
        source = f"{temp}/in"
        make_files(source, o.files, o.size)
        for name, recipe in RECIPES.items():
            if o.only not in (None, name):
                continue
            print(f"{name}: auto takes " + "; ".join(chosen(o.leat, recipe, source, temp)))
            for state in ("warm", "cold"):
                if o.state not in (None, state):
                    continue
                rows = [(what, []) for what, _ in VARIANTS]
                names = True
                for _ in range(o.rounds):
                    for row, (_, on) in zip(rows, VARIANTS):
                        names = cool(source) if state == "cold" else warm(source) or names
                        row[1].append(run(o.leat, recipe, on, source, temp, o.files))
                label = state + ("" if state == "warm" else ", names too" if names else ", pages only")
                table(name, label, rows, o.files, o.markdown)
    finally:
        shutil.rmtree(temp)


main()
