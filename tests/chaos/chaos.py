#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a job leaves behind when it is killed, when its disk is full, or when its disk breaks.

usage: tests/chaos/chaos.py [--leat PROGRAM] [--items 2000] [--kills 500] [--faults 40] [--sizes 20] [--seed N]
                            [--shim eio.so] [--folder DIR]

Every trial starts an incremental job with durability=batch over small PNG files and disturbs it: SIGKILL to the program
or to one of its workers at a random instant; EIO by a preloaded library in write, fsync, syncfs or rename; a small tmpfs
that fills up, and one that is read-only (where this user may mount). After each of them no file under a final name
differs from that of an undisturbed run, every output that the ledger knows stands on the disk with its size and time,
and the next run does the rest, nothing twice, to the same bytes. Ends with 1 at the first trial for which that is not so.

A process that is killed loses nothing that it gave the kernel, on whatever disk: so the files stand in memory where
there is room (/dev/shm), and a trial does not wait for a disk that others use. --folder names another place.
"""
import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import zlib


def png(rng, side):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + rng.randbytes(side * 3) for _ in range(side))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b""))


class Trial:
    def __init__(self, args, folder):
        self.args = args
        self.folder = folder
        self.out = os.path.join(folder, "out")
        self.state = os.path.join(folder, ".leat", "job.db")
        self.recipe = os.path.join(folder, "job.leat")
        self.target("out")

    def target(self, out):
        self.out = os.path.join(self.folder, out)
        with open(self.recipe, "w", encoding="utf-8") as f:
            f.write("job name=job incremental=yes durability=batch\n"
                    f"read in/*.png\nresize 12x12\nwrite {out}/{{stem}}.png\n")

    def fresh(self):
        shutil.rmtree(os.path.join(self.folder, ".leat"), ignore_errors=True)
        if not os.path.ismount(self.out):
            shutil.rmtree(self.out, ignore_errors=True)

    def start(self, env=None):
        return subprocess.Popen([self.args.leat, "run", "--json", self.recipe], stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, env={**os.environ, **(env or {})}, start_new_session=True)

    def finish(self):
        p = self.start()
        out, err = p.communicate()
        return p.returncode, json.loads(out) if out else {}, err.decode(errors="replace")

    def files(self):
        found = {}
        for name in os.listdir(self.out) if os.path.isdir(self.out) else []:
            if not name.startswith(".leat-"):
                fd = os.open(os.path.join(self.out, name), os.O_RDONLY)
                found[name] = os.read(fd, 1 << 20)
                os.close(fd)
        return found

    def recorded(self):
        """What the ledger calls done must be there. Returns how many items that are."""
        if not os.path.exists(self.state):
            return 0
        with sqlite3.connect(self.state) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'output'").fetchone():
                return 0
            rows = db.execute("SELECT path, size, mtime_ns FROM output").fetchall()
            items = db.execute("SELECT count(*) FROM item WHERE state = 1").fetchone()[0]
        for path, size, mtime in rows:
            st = os.stat(path)
            if st.st_size != size or st.st_mtime_ns != mtime:
                raise AssertionError(f"the ledger knows another {path}")
        if len(rows) != items:
            raise AssertionError(f"{items} items done, {len(rows)} outputs recorded")
        return items

    def check(self, wanted):
        for name, data in self.files().items():
            if wanted[name] != data:
                raise AssertionError(f"{name} is not what it should be ({len(data)} bytes)")
        return self.recorded()

    def complete(self, wanted, known):
        status, summary, err = self.finish()
        if status != 0:
            raise AssertionError(f"the next run ended with {status}: {err} {summary}")
        if summary["skipped"] != known or summary["done"] != len(wanted) - known:
            raise AssertionError(f"{known} were recorded, but {summary['skipped']} skipped, {summary['done']} done")
        if self.files() != wanted:
            raise AssertionError("the next run did not complete to the same bytes")
        left = [n for n in os.listdir(self.out) if n.startswith(".leat-")]
        if left:
            raise AssertionError(f"unfinished files were left: {left}")


def all_children(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as f:
                found += [int(x) for x in f.read().split()]
    except OSError:
        pass
    return found


def kill_trial(t, wanted, seconds, rng):
    t.fresh()
    worker = rng.random() < 0.25
    p = t.start()
    time.sleep(rng.uniform(0.0, seconds))
    landed = p.poll() is None
    if worker:
        them = all_children(p.pid)
        landed = landed and bool(them)
        if landed:
            try:
                os.kill(rng.choice(them), signal.SIGKILL)
            except ProcessLookupError:
                landed = False
    else:
        p.kill()
    p.communicate()
    if worker and p.returncode != 0:
        raise AssertionError(f"a worker was killed, and the run ended with {p.returncode}")
    known = t.check(wanted)
    t.complete(wanted, known)
    return landed


def kills(t, wanted, seconds, rng, n):
    landed = tried = 0
    start = time.monotonic()
    while landed < n:
        tried += 1
        hit = kill_trial(t, wanted, seconds, rng)
        landed += hit
        seconds *= 1.01 if hit else 0.97  # other work makes runs longer and shorter: the instants follow
        if tried > 20 * n + 20:
            raise AssertionError(f"only {landed} of {tried} kills found the run alive")
        if hit and landed % 50 == 0:
            print(f"         {landed} kills, {tried} trials, {time.monotonic() - start:.0f} s", flush=True)
    print(f"kill -9  {landed} landed, {tried - landed} came too late: nothing partial, nothing lost, nothing twice;"
          f" {time.monotonic() - start:.0f} s", flush=True)


def faults(t, wanted, rng, n, shim):
    hit = 0
    for i in range(n):
        t.fresh()
        which = ("write", "rename", "syncfs", "fsync")[i % 4]
        at = rng.randrange(1, len(wanted)) if which in ("write", "rename") else 1
        p = t.start({"LD_PRELOAD": shim, "FAIL_CALL": which, "FAIL_AT": str(at), "FAIL_BELOW": "/out"})
        out, err = p.communicate()
        text = (out + err).decode(errors="replace")
        if p.returncode != 0:
            hit += 1
            if p.returncode != 5 or "nput/output error" not in text:
                raise AssertionError(f"EIO in {which}: status {p.returncode}: {text}")
        t.complete(wanted, t.check(wanted))
    print(f"EIO      {hit} of {n} runs ended with 5 and said so; the others never made the call")


def mounted(t, wanted, rng, rounds):
    t.target("small")
    os.makedirs(t.out, exist_ok=True)
    need = sum((len(d) + 4095) // 4096 * 4096 for d in wanted.values())
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "leat", t.out], stderr=subprocess.DEVNULL,
                      check=False).returncode:
        print("tmpfs    not tried: this user may not mount")
        return
    try:
        for _ in range(rounds):
            size = int(need * rng.uniform(0.05, 0.95))
            for name in os.listdir(t.out):
                os.unlink(os.path.join(t.out, name))
            t.fresh()
            subprocess.run(["mount", "-o", f"remount,size={size}", t.out], check=True)
            status, summary, err = t.finish()
            if status != 5 or "No space left" not in json.dumps(summary) + err:
                raise AssertionError(f"a full disk ended with {status}: {err} {summary}")
            known = t.check(wanted)
            subprocess.run(["mount", "-o", "remount,size=1g", t.out], check=True)
            t.complete(wanted, known)
        t.fresh()
        subprocess.run(["mount", "-o", "remount,ro", t.out], check=True)
        status, summary, err = t.finish()
        if status != 5 or "ead-only" not in json.dumps(summary) + err:
            raise AssertionError(f"a read-only target ended with {status}: {err} {summary}")
        if t.recorded():
            raise AssertionError("something was recorded of a read-only target")
        print(f"ENOSPC   {rounds} sizes of a tmpfs, then a read-only one: said so, nothing partial, completed later")
    finally:
        subprocess.run(["umount", t.out], check=False)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--leat", default="leat")
    p.add_argument("--items", type=int, default=2000)
    p.add_argument("--kills", type=int, default=500)
    p.add_argument("--faults", type=int, default=40)
    p.add_argument("--sizes", type=int, default=20, help="of the tmpfs that fills up")
    p.add_argument("--shim", help="tests/chaos/eio.c as a shared library; without it no EIO")
    p.add_argument("--folder", default="/dev/shm" if os.access("/dev/shm", os.W_OK) else None,
                   help="where the files of the trials stand")
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    args.leat = os.path.abspath(args.leat) if os.path.exists(args.leat) else args.leat
    rng = random.Random(args.seed)
    folder = tempfile.mkdtemp(prefix="leat-chaos-", dir=args.folder)
    try:
        os.mkdir(os.path.join(folder, "in"))
        for i in range(args.items):
            with open(os.path.join(folder, "in", f"{i:05}.png"), "wb") as f:
                f.write(png(rng, 16))
        t = Trial(args, folder)
        start = time.monotonic()
        status, summary, err = t.finish()
        seconds = time.monotonic() - start
        if status != 0:
            raise AssertionError(f"the undisturbed run ended with {status}: {err} {summary}")
        wanted = t.files()
        print(f"items    {len(wanted)}, undisturbed in {seconds:.2f} s, seed {args.seed}")
        kills(t, wanted, seconds, rng, args.kills)
        if args.shim:
            faults(t, wanted, rng, args.faults, os.path.abspath(args.shim))
        mounted(t, wanted, rng, args.sizes)
    except AssertionError as e:
        print(f"seed {args.seed}: {e}\n{folder} is left as it is", file=sys.stderr)
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
