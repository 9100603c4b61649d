#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""leat and its peers on the same machine in the same run.

Every workload is a file under bench/workloads: how its inputs are made, and for every contender one shell command in its
fastest form. Rounds alternate: each contender runs once per round, in a rotating order, each time into a fresh folder;
nothing is deleted between the runs. Medians of wall and CPU seconds come from the timed rounds; memory is taken in a round
of its own (proportional set size of the whole process tree, sampled), so that looking does not disturb the clock.
A contender whose outputs are not all there has no figure. Ratio = its median wall / leat's.
"""

import argparse
import json
import os
import platform
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import tomllib

HERE = os.path.dirname(os.path.abspath(__file__))


def environment(args):
    env = dict(os.environ)
    env.update(LEAT=os.path.abspath(args.leat), BENCH=HERE, CORPUS=os.path.abspath(args.corpus),
               CORES=str(len(os.sched_getaffinity(0))), LC_ALL="C.UTF-8")
    return env


def shell(command, env, cwd=None):
    """Its output, or None when it fails: for questions, not for measuring."""
    p = subprocess.run(["bash", "-c", command], env=env, cwd=cwd, capture_output=True, text=True)
    return p.stdout.strip() if p.returncode == 0 else None


def make_inputs(work, load, env):
    """Made once per work folder: a stamp says that they are whole."""
    folder = os.path.join(work, "in", load["name"])
    stamp = folder + ".made"
    if os.path.exists(stamp):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    print(f"{load['name']}: making its inputs", file=sys.stderr)
    p = subprocess.run(["bash", "-euc", load["inputs"]], env={**env, "IN": folder}, cwd=folder)
    if p.returncode != 0:
        raise SystemExit(f"{load['name']}: its inputs could not be made")
    open(stamp, "w").close()
    return folder


def warm(folder):
    """All inputs in the page cache: every contender reads from there."""
    for base, _, names in os.walk(folder):
        for n in names:
            with open(os.path.join(base, n), "rb") as f:
                while f.read(1 << 20):
                    pass


def tree(pid):
    """pid and all that descend from it, now."""
    children = {}
    for d in os.listdir("/proc"):
        if d.isdigit():
            try:
                with open(f"/proc/{d}/stat") as f:
                    parent = f.read().rpartition(")")[2].split()[1]
                children.setdefault(int(parent), []).append(int(d))
            except OSError:
                pass
    found, todo = [], [pid]
    while todo:
        p = todo.pop()
        found.append(p)
        todo += children.get(p, [])
    return found


def pss(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup") as f:
            for line in f:
                if line.startswith("Pss:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


class Watch(threading.Thread):
    """The largest memory of a process tree."""

    def __init__(self, pid):
        super().__init__(daemon=True)
        self.pid, self.peak, self.over = pid, 0, False

    def run(self):
        while not self.over:
            self.peak = max(self.peak, sum(pss(p) for p in tree(self.pid)))
            time.sleep(0.01)


def run_once(command, env, cwd, limit, memory=False):
    """Wall and CPU seconds of the whole tree, its exit status, its peak memory."""
    start = time.perf_counter()
    p = subprocess.Popen(["bash", "-c", command], env=env, cwd=cwd, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, start_new_session=True)
    watch = Watch(p.pid) if memory else None
    if watch:
        watch.start()
    timer = threading.Timer(limit, lambda: os.killpg(p.pid, signal.SIGKILL))
    timer.start()
    _, status, usage = os.wait4(p.pid, 0)
    wall = time.perf_counter() - start
    timer.cancel()
    p.returncode = os.waitstatus_to_exitcode(status)
    if watch:
        watch.over = True
        watch.join()
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "status": p.returncode,
            "memory": watch.peak if watch else None}


def outputs(folder):
    n = size = 0
    for base, _, names in os.walk(folder):
        for name in names:
            n += 1
            size += os.path.getsize(os.path.join(base, name))
    return n, size


def contenders(load, env, only):
    """Those that are installed, with their versions; the others with why not."""
    here, absent = [], []
    for c in load["contender"]:
        if only and c["tool"] not in only and c["tool"] != "leat":
            continue
        if "needs" in c and shell(c["needs"], env) is None:
            absent.append(c["tool"])
            continue
        c["seen"] = shell(c["version"], env) if "version" in c else ""
        here.append(c)
    return here, absent


def difference(c, load, folder, out, env, work):
    """Mean difference, in levels, of outputs from decoding all and Lanczos; None without Pillow. Of outputs in a lossy
    format most of it would be that format's: a command for PNG makes them again, outside the clock."""
    if "lossless" in c:
        out = tempfile.mkdtemp(prefix=c["tool"] + "-png-", dir=os.path.join(work, "out"))
        run_once(c["lossless"], {**env, "IN": folder, "OUT": out}, folder, load.get("limit", 300))
    text = shell(f'/usr/bin/python3 "$BENCH/peers/difference.py" "{folder}" "{out}"', env)
    return float(text) if text else None


def measure(load, args, env, work):
    folder = make_inputs(work, load, env)
    warm(folder)
    here, absent = contenders(load, env, args.tool)
    runs = {c["name"]: [] for c in here}
    memory = {}
    for r in range(-1, args.rounds):  # round -1 measures memory, and warms up
        order = here[r % len(here):] + here[:r % len(here)]
        for c in order:
            out = tempfile.mkdtemp(prefix=c["tool"] + "-", dir=os.path.join(work, "out"))
            one = run_once(c["run"], {**env, "IN": folder, "OUT": out}, folder, load.get("limit", 300), memory=r < 0)
            one["files"], one["bytes"] = outputs(out)
            one["good"] = one["status"] == 0 and one["files"] >= load["outputs"]
            if r < 0:
                memory[c["name"]] = one["memory"]
                c["difference"] = difference(c, load, folder, out, env, work) if load.get("difference") and one["good"] else None
            else:
                runs[c["name"]].append(one)
            print(f"{load['name']:>12} {c['name']:<28} {one['wall']:8.3f} s" + ("" if one["good"] else "  FAILED"),
                  file=sys.stderr)
    return summary(load, here, absent, runs, memory)


def middle(values):
    return statistics.median(values) if values else None


def summary(load, here, absent, runs, memory):
    rows = []
    for c in here:
        good = [r for r in runs[c["name"]] if r["good"]]
        rows.append({
            "name": c["name"], "tool": c["tool"], "version": c["seen"], "command": c["run"],
            "wall": middle([r["wall"] for r in good]), "cpu": middle([r["cpu"] for r in good]),
            "walls": [round(r["wall"], 4) for r in good], "memory": memory.get(c["name"]),
            "difference": c.get("difference"),
            "output_bytes": good[-1]["bytes"] if good else None, "failed": len(runs[c["name"]]) - len(good),
        })
    leat = next((r["wall"] for r in rows if r["tool"] == "leat" and r["wall"]), None)
    for r in rows:
        r["ratio"] = r["wall"] / leat if leat and r["wall"] else None
    return {"workload": load["name"], "title": load["title"], "rows": rows, "absent": absent}


def size(n, digits=1):
    return "" if n is None else f"{n / 2**20:.{digits}f} MiB"


def beside(r, rows):
    """Output bytes beside those of leat."""
    own = next((x["output_bytes"] for x in rows if x["tool"] == "leat"), None)
    return f"{r['output_bytes'] / own:.3f}x" if own and r["output_bytes"] else ""


def table(result):
    lines = [f"\n{result['title']}", "",
             f"| {'contender':<30} | {'wall s':>8} | {'CPU s':>8} | {'ratio':>6} | {'memory':>10} | {'output':>11} | "
             f"{'bytes':>7} |",
             "|" + "-" * 32 + "|" + "".join("-" * n + ":|" for n in (9, 9, 7, 11, 12, 8))]
    for r in sorted(result["rows"], key=lambda r: r["wall"] or 1e9):
        if r["wall"] is None:
            lines.append(f"| {r['name']:<30} | {'failed':>8} | {'':>8} | {'':>6} | {'':>10} | {'':>11} | {'':>7} |")
            continue
        lines.append(f"| {r['name']:<30} | {r['wall']:8.3f} | {r['cpu']:8.3f} | {r['ratio'] or 0:5.2f}x | "
                     f"{size(r['memory']):>10} | {size(r['output_bytes'], 3):>11} | "
                     f"{beside(r, result['rows']):>7} |")
    told = [f"{r['name']} {r['difference']:.2f}" for r in result["rows"] if r.get("difference") is not None]
    if told:
        lines.append("\nMean difference to decoding all and Lanczos, in levels: " + ", ".join(told))
    if result["absent"]:
        lines.append("\nnot installed: " + ", ".join(sorted(set(result["absent"]))) + " (make bench-deps)")
    return "\n".join(lines)


def machine():
    model = ""
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    return {"cpu": model, "cores": len(os.sched_getaffinity(0)), "kernel": platform.release(),
            "load_before": os.getloadavg()[0]}


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("workloads", nargs="*", help="names of files under bench/workloads; all of them when none is given")
    p.add_argument("--leat", default="build/leat")
    p.add_argument("--corpus", default=os.environ.get("LEAT_CORPUS", "../shared/corpus"))
    p.add_argument("--work", help="folder for inputs and outputs; a temporary one when not given")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--tool", action="append", help="only leat and this contender; may be given several times")
    p.add_argument("--json", help="write all figures to this file")
    p.add_argument("--list", action="store_true")
    args = p.parse_args()
    folder = os.path.join(HERE, "workloads")
    names = args.workloads or sorted(n[:-5] for n in os.listdir(folder) if n.endswith(".toml"))
    loads = []
    for n in names:
        with open(os.path.join(folder, n + ".toml"), "rb") as f:
            loads.append({"name": n, **tomllib.load(f)})
    if args.list:
        for load in loads:
            print(f"{load['name']:<14} {load['title']}")
        return 0
    env = environment(args)
    if not os.path.isdir(env["CORPUS"]):
        raise SystemExit(f"no corpus at {env['CORPUS']}: the workloads are made from it")
    work = args.work or tempfile.mkdtemp(prefix="leat-bench-")
    os.makedirs(os.path.join(work, "out"), exist_ok=True)
    result = {"machine": machine(), "rounds": args.rounds, "leat": shell('"$LEAT" version', env), "workloads": []}
    try:
        for load in loads:
            one = measure(load, args, env, work)
            result["workloads"].append(one)
            print(table(one), flush=True)
    finally:
        if args.json:
            with open(args.json, "w") as f:
                json.dump(result, f, indent=1)
        if not args.work:
            shutil.rmtree(work, ignore_errors=True)
        else:
            shutil.rmtree(os.path.join(work, "out"), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
