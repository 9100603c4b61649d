#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""leat's executors beside Python's pools: the same small tasks, large arrays and mishaps, in turn, in one run.

    executors.py --tasks-program PATH [--rounds 5] [--tasks 20000] [--arrays 40] [--markdown]

multiprocessing.Pool and concurrent.futures.ProcessPoolExecutor against leat's processes and threads, two workers
each. Times are from the first submit to the last result, workers being there before; medians over rounds that
alternate. What becomes of mishaps is found by trying each, not from memory.
"""
import argparse
import concurrent.futures as futures
import multiprocessing as mp
import multiprocessing.shared_memory as shm
import os
import signal
import statistics
import subprocess
import sys
import time

import numpy as np

WORKERS = 2
BYTES = 12 << 20
CHUNKS = (1, 16, 128, 1024)


# ---- what the tasks do


def noop(x):
    return x


def spin(ns):
    end = time.perf_counter_ns() + ns
    while time.perf_counter_ns() < end:
        pass
    return ns


def total(a):
    return float(a.sum(dtype=np.float64))


def negate(a):
    return -a


blocks = {}


def shared(name):
    if name not in blocks:
        blocks[name] = shm.SharedMemory(name)
    return np.ndarray(BYTES // 4, np.float32, blocks[name].buf)


def total_shared(name):
    return total(shared(name))


def negate_shared(name):
    a = shared(name)
    np.negative(a, out=a)
    return name


def mishap(what):
    if what == "d":
        os.kill(os.getpid(), signal.SIGSEGV)
    if what == "r":
        raise ValueError("this one is broken")
    if what == "h":
        while True:
            pass
    if what == "w":
        time.sleep(0.3)
    return what


# ---- the loads: each returns seconds


def timed(work):
    t0 = time.perf_counter()
    work()
    return time.perf_counter() - t0


def small_pool(tasks, ns, chunk):
    with mp.Pool(WORKERS) as pool:
        pool.map(noop, range(WORKERS))
        return timed(lambda: pool.map(spin, [ns] * tasks, chunk) if ns else pool.map(noop, range(tasks), chunk))


def small_executor(tasks, ns, chunk):
    with futures.ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(noop, range(WORKERS)))
        return timed(lambda: list(pool.map(spin, [ns] * tasks, chunksize=chunk) if ns
                                  else pool.map(noop, range(tasks), chunksize=chunk)))


def small_threads(tasks, ns, _chunk):
    with futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(noop, range(WORKERS)))
        return timed(lambda: list(pool.map(spin, [ns] * tasks) if ns else pool.map(noop, range(tasks))))


def check(result, op):
    if op == "sum" and result != BYTES // 4 or op == "negate" and result[-1] != -1:
        sys.exit("executors.py: a wrong result")


def large_pool(arrays, op):
    a = np.ones(BYTES // 4, np.float32)
    with mp.Pool(WORKERS) as pool:
        pool.map(noop, range(WORKERS))

        def work():
            for result in pool.imap(total if op == "sum" else negate, (a for _ in range(arrays))):
                check(result, op)
        return timed(work)


def large_executor(arrays, op):
    a = np.ones(BYTES // 4, np.float32)
    with futures.ProcessPoolExecutor(WORKERS) as pool:
        list(pool.map(noop, range(WORKERS)))

        def work():
            for result in pool.map(total if op == "sum" else negate, (a for _ in range(arrays))):
                check(result, op)
        return timed(work)


def large_shared(arrays, op):
    """What one can write by hand: a ring of shared blocks, copied into and out of, like leat's slabs."""
    a = np.ones(BYTES // 4, np.float32)
    ring = [shm.SharedMemory(create=True, size=BYTES) for _ in range(WORKERS + 1)]
    views = [np.ndarray(BYTES // 4, np.float32, s.buf) for s in ring]
    for v in views:
        v[:] = 0
    with mp.Pool(WORKERS) as pool:
        pool.map(noop, range(WORKERS))
        pool.map(total_shared, [s.name for s in ring] * WORKERS, 1)

        def work():
            waiting = [None] * len(ring)
            for i in range(arrays + len(ring)):
                k = i % len(ring)
                if waiting[k]:
                    result = waiting[k].get()
                    check(result if op == "sum" else views[k].copy(), op)
                    waiting[k] = None
                if i < arrays:
                    views[k][:] = a
                    waiting[k] = pool.apply_async(total_shared if op == "sum" else negate_shared, (ring[k].name,))
        seconds = timed(work)
    del views
    for s in ring:
        s.close()
        s.unlink()
    return seconds


def large_threads(arrays, op):
    a = np.ones(BYTES // 4, np.float32)
    with futures.ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(noop, range(WORKERS)))

        def work():
            under_way = []
            for i in range(arrays):
                under_way.append(pool.submit(total if op == "sum" else negate, a))
                if len(under_way) > 8:
                    check(under_way.pop(0).result(), op)
            for f in under_way:
                check(f.result(), op)
        return timed(work)


def leat(program, *words):
    out = subprocess.run([program, *map(str, words)], capture_output=True, text=True, timeout=120)
    if out.returncode != 0:
        sys.exit(f"executors.py: {' '.join(map(str, words))}: {out.stderr}")
    return out.stdout.strip()


# ---- tables


def table(title, rows, per, unit, markdown):
    """rows: (name, seconds of every round, is it leat's?)"""
    ours = [statistics.median(t) for name, t in rows if name.startswith("leat processes")][0]
    print(f"\n{'### ' if markdown else ''}{title}\n")
    if markdown:
        print(f"| | {unit} each | against leat processes |\n|---|---|---|")
    for name, t in rows:
        m = statistics.median(t)
        each = f"{m / per * (1e6 if unit == 'us' else 1e3):.2f}"
        print(f"| {name} | {each} | {m / ours:.1f} |" if markdown else f"{name:48} {each:>10} {unit} {m / ours:8.1f}")


def measure(rounds, candidates):
    rows = [(name, []) for name, _ in candidates]
    for _ in range(rounds):
        for row, (_, run) in zip(rows, candidates):
            row[1].append(run())
    return rows


def smalls(o, ns):
    program, n = o.tasks_program, o.tasks
    c = []
    for chunk in CHUNKS:
        c.append((f"Pool.map, chunksize={chunk}", lambda chunk=chunk: small_pool(n, ns, chunk)))
    c.append(("Pool.map, its own chunksize", lambda: small_pool(n, ns, None)))
    for chunk in CHUNKS:
        c.append((f"ProcessPoolExecutor.map, chunksize={chunk}", lambda chunk=chunk: small_executor(n, ns, chunk)))
    c.append(("ThreadPoolExecutor.map", lambda: small_threads(n, ns, 1)))
    c.append(("leat processes", lambda: float(leat(program, "small", "processes", n, ns, 1))))
    c.append(("leat processes, leat_map_named", lambda: float(leat(program, "small", "processes", n, ns, 0))))
    c.append(("leat threads", lambda: float(leat(program, "small", "threads", n, ns, 1))))
    c.append(("leat threads, leat_map by 128", lambda: float(leat(program, "small", "threads", n, ns, 128))))
    c.append(("leat inline", lambda: float(leat(program, "small", "inline", n, ns, 1))))
    return measure(o.rounds, c)


def larges(o, op):
    program, n = o.tasks_program, o.arrays
    return measure(o.rounds, [
        ("Pool.imap", lambda: large_pool(n, op)),
        ("ProcessPoolExecutor.map", lambda: large_executor(n, op)),
        ("Pool and shared_memory, by hand", lambda: large_shared(n, op)),
        ("ThreadPoolExecutor", lambda: large_threads(n, op)),
        ("leat processes, copied", lambda: float(leat(program, "large", "processes", n, BYTES, op, "copied"))),
        ("leat processes, lent", lambda: float(leat(program, "large", "processes", n, BYTES, op, "lent"))),
        ("leat threads", lambda: float(leat(program, "large", "threads", n, BYTES, op, "copied"))),
    ])


# ---- mishaps: one worker, eight tasks, number 2 has it; what comes of all of them, and of one more


WAIT = 3


def words(what):
    return ["w"] * 8 if what in ("cancel", "terminate") else ["q", "q", what[0], "q", "q", "q", "q", "q"]


def tell(counts):
    return ", ".join(f"{n} {k}" for k, n in counts.items())


def count(get, n):
    """get(i) gives a result, raises, or times out."""
    c, why = {"done": 0, "failed": 0, "cancelled": 0, "never end": 0}, ""
    for i in range(n):
        try:
            get(i)
            c["done"] += 1
        except (mp.TimeoutError, futures.TimeoutError, TimeoutError):
            c["never end"] += 1
        except futures.CancelledError:
            c["cancelled"] += 1
        except Exception as e:
            c["failed"] += 1
            why = f" ({type(e).__name__}: {str(e).split('.')[0][:80]})"
    return tell(c) + why


def mishap_pool(what):
    pool = mp.Pool(1)
    results = [pool.apply_async(mishap, (w,)) for w in words(what)]
    text, wait = "", WAIT
    if what == "cancel":
        text = "has no cancel; " if not hasattr(results[0], "cancel") else "?; "
    if what == "terminate":
        time.sleep(0.1)
        t0 = time.perf_counter()
        pool.terminate()
        text, wait = f"ended in {1e3 * (time.perf_counter() - t0):.0f} ms; ", 0.2
    first = []

    def get(i):
        # once one never ended, the others get a moment only
        try:
            return results[i].get(0.2 if first else wait)
        except mp.TimeoutError:
            first.append(i)
            raise
    text += count(get, len(results))
    try:
        after = pool.apply_async(mishap, ("q",)).get(WAIT)
        text += "; the next submit: " + ("done" if after == "q" else "?")
    except mp.TimeoutError:
        text += "; the next submit: never ends"
    except Exception as e:
        text += f"; the next submit: {type(e).__name__}: {str(e)[:60]}"
    pool.terminate()
    return text


def kill_all(pool):
    for p in list((pool._processes or {}).values()):
        p.kill()


def mishap_executor(what):
    pool = futures.ProcessPoolExecutor(1)
    fs = [pool.submit(mishap, w) for w in words(what)]
    text = ""
    while not (fs[0].running() or fs[0].done()):
        time.sleep(0.001)
    if what == "cancel":
        text = "cancel() says " + "".join("T" if f.cancel() else "F" for f in fs) + "; "
    if what == "terminate":
        text = "has no terminate; " if not hasattr(pool, "terminate_workers") else "?; "
    slow = []

    def get(i):
        try:
            return fs[i].result(0.2 if slow else WAIT)
        except futures.TimeoutError:
            slow.append(i)
            raise
    text += count(get, len(fs))
    try:
        text += "; the next submit: " + ("done" if pool.submit(mishap, "q").result(0.5 if slow else WAIT) == "q" else "?")
    except futures.TimeoutError:
        text += "; the next submit: never ends"
    except Exception as e:
        text += f"; the next submit: {type(e).__name__}: {str(e).split('.')[0][:60]}"
    if slow:
        kill_all(pool)
    pool.shutdown(wait=False, cancel_futures=True)
    return text


MISHAPS = (("die", "a worker dies in a task (SIGSEGV, a trap)"), ("raise", "a task raises, fails"),
           ("cancel", "all eight are cancelled while the first runs"), ("hang", "a task never ends"),
           ("terminate", "the pool is terminated while the first runs"))


def leat_threads(o, what):
    if what == "hang":
        return "not tried: what runs in this process cannot be ended; on=processes is for that"
    try:
        return leat(o.tasks_program, "mishap", "threads", what)
    except SystemExit:
        return "the whole program dies with it: functions that can die belong on processes"


def mishaps(o):
    heads = ["", "multiprocessing.Pool", "ProcessPoolExecutor", "leat processes", "leat threads"]
    if o.markdown:
        print("\n### Mishaps\n\n| " + " | ".join(heads) + " |\n|" + "---|" * len(heads))
    for what, title in MISHAPS:
        cells = [mishap_pool(what), mishap_executor(what), leat(o.tasks_program, "mishap", "processes", what),
                 leat_threads(o, what)]
        if o.markdown:
            print("| " + " | ".join([title] + cells) + " |")
        else:
            print(f"\n{title}\n" + "\n".join(f"  {h:22}{c}" for h, c in zip(heads[1:], cells)))
        sys.stdout.flush()


def main():
    a = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    a.add_argument("--tasks-program", required=True)
    a.add_argument("--rounds", type=int, default=5)
    a.add_argument("--tasks", type=int, default=20000)
    a.add_argument("--arrays", type=int, default=40)
    a.add_argument("--markdown", action="store_true")
    a.add_argument("--only", choices=["noop", "1us", "sum", "negate", "mishaps"])
    o = a.parse_args()
    print(f"Python {sys.version.split()[0]}, {WORKERS} workers, {o.rounds} rounds")
    for ns, name in ((0, "noop"), (1000, "1us")):
        if o.only in (None, name):
            table(f"{o.tasks} tasks " + ("that do nothing" if ns == 0 else "of 1 us"), smalls(o, ns), o.tasks, "us",
                  o.markdown)
    for op in ("sum", "negate"):
        if o.only in (None, op):
            table(f"{o.arrays} arrays of 12 MB, {op}", larges(o, op), o.arrays, "ms", o.markdown)
    if o.only in (None, "mishaps"):
        mishaps(o)


main()
