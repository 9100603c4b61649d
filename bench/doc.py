#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Puts the figures of a run of `make bench` into docs/BENCHMARKS.md, behind its marker; the text before it stays.

usage: doc.py FIGURES.json BENCHMARKS.md
"""

import json
import statistics
import sys

MARKER = "<!-- figures: made by `make bench-doc` from here on -->\n"


def mib(n, digits=1):
    return "" if n is None else f"{n / 2**20:.{digits}f}"


def row(r):
    if r["wall"] is None:
        return f"| {r['name']} | failed | | | | | |"
    walls = r["walls"]
    return (f"| {r['name']} | {r['wall']:.3f} | {min(walls):.3f} to {max(walls):.3f} | {r['cpu']:.3f} "
            f"| {r['ratio'] or 0:.2f} | {mib(r['memory'])} | {mib(r['output_bytes'], 3)} |")


def verdict(rows):
    """One sentence: won or lost against the fastest of the others, and by how much."""
    leat = next((r for r in rows if r["tool"] == "leat" and r["wall"]), None)
    peers = [r for r in rows if r["wall"] and not r["tool"].startswith("leat")]
    if not leat or not peers:
        return ""
    best = min(peers, key=lambda r: r["wall"])
    ratio = best["wall"] / leat["wall"]
    if ratio >= 1:
        return f"The fastest peer, {best['name']}, takes {ratio:.2f} times as long as leat.\n"
    return f"**leat is slower here**: it takes {1 / ratio:.2f} times as long as {best['name']}.\n"


def section(load):
    rows = sorted(load["rows"], key=lambda r: r["wall"] or 1e9)
    lines = [f"## {load['title']}", "", verdict(rows),
             "| contender | wall s | from to | CPU s | ratio | memory MiB | output MiB |",
             "|---|---:|---:|---:|---:|---:|---:|"]
    lines += [row(r) for r in rows]
    told = [f"{r['name']} {r['difference']:.2f}" for r in rows if r.get("difference") is not None]
    if told:
        lines += ["", "Mean difference to decoding all and Lanczos, in levels: " + ", ".join(told) + "."]
    lines.append("")
    for r in rows:
        version = f" ({' '.join(r['version'].split())})" if r["version"] else ""
        lines.append(f"- {r['name']}{version}: `{' '.join(r['command'].split())}`")
    if load["absent"]:
        lines += ["", "Not installed in this run: " + ", ".join(sorted(set(load["absent"]))) + "."]
    return "\n".join(lines) + "\n"


def main():
    with open(sys.argv[1]) as f:
        figures = json.load(f)
    with open(sys.argv[2]) as f:
        text, found, _ = f.read().partition(MARKER)
    if not found:
        raise SystemExit(f"{sys.argv[2]} has no line {MARKER!r}")
    m = figures["machine"]
    spread = statistics.median(max(r["walls"]) / min(r["walls"]) for w in figures["workloads"] for r in w["rows"]
                               if r["walls"])
    text += MARKER + f"""
Machine: {m['cpu']}, {m['cores']} cores, Linux {m['kernel'].split('-')[0]}; load before the run {m['load_before']:.1f}.
Rounds: {figures['rounds']}; the slowest round of a contender took {spread:.2f} times as long as its fastest (median of all).

"""
    text += "\n".join(section(w) for w in figures["workloads"])
    with open(sys.argv[2], "w") as f:
        f.write(text)


if __name__ == "__main__":
    main()
