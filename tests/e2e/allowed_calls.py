#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""allowed_calls.py UNIT: the system calls that the SystemCallFilter= lines of a unit allow, one a line, as systemd reads them."""
import re
import subprocess
import sys

groups, members = {}, None
for line in subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True).stdout.splitlines():
    if line.startswith("@"):
        members = groups.setdefault(line.strip(), set())
    elif not line.startswith(" "):
        members = None if line else members
    elif members is not None and not line.strip().startswith("#"):
        members.add(line.strip())


def calls(name):
    return set().union(*(calls(n) for n in groups.get(name, ()))) if name.startswith("@") else {name}


# What systemd always leaves to a service that it starts.
allowed = calls("@default") | {"execve", "exit", "exit_group", "getrlimit", "rt_sigreturn"}
with open(sys.argv[1], encoding="utf-8") as unit:
    for deny, names in re.findall(r"^SystemCallFilter=(~?)(.*)$", unit.read(), re.M):
        for word in names.split():
            name = word.split(":")[0]
            allowed = allowed - calls(name) if deny else allowed | calls(name)
print("\n".join(sorted(allowed)))
