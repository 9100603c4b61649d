#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Is this file a CronJob as Kubernetes defines it? The schema holds what leat may write, and no other field."""
import sys

import jsonschema
import yaml

NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$", "maxLength": 52}
PATH = {"type": "string", "pattern": "^/"}


def obj(required, **properties):
    return {"type": "object", "required": required.split(), "additionalProperties": False, "properties": properties}


def const(value):
    return {"const": value}


CONTAINER = obj(
    "name image command",
    name=NAME,
    image={"type": "string", "minLength": 1},
    command={"type": "array", "minItems": 1, "items": {"type": "string"}},
    workingDir=PATH,
    securityContext=obj(
        "allowPrivilegeEscalation",
        allowPrivilegeEscalation=const(False),
        readOnlyRootFilesystem=const(True),
        capabilities=obj("drop", drop=const(["ALL"])),
    ),
    resources=obj("limits", limits=obj("cpu", cpu={"type": "string", "pattern": "^[0-9]+$"},
                                       memory={"type": "string", "pattern": "^[0-9]+Mi$"})),
    volumeMounts={"type": "array", "items": obj("name mountPath", name=NAME, mountPath=PATH,
                                                readOnly={"type": "boolean"})},
)
POD = obj(
    "restartPolicy containers",
    restartPolicy={"enum": ["Never", "OnFailure"]},
    automountServiceAccountToken={"type": "boolean"},
    terminationGracePeriodSeconds={"type": "integer", "minimum": 1},
    securityContext=obj("", runAsNonRoot=const(True), seccompProfile=obj("type", type=const("RuntimeDefault"))),
    containers={"type": "array", "minItems": 1, "items": CONTAINER},
    volumes={"type": "array", "items": obj("name hostPath", name=NAME,
                                           hostPath=obj("path", path=PATH, type=const("Directory")))},
)
SCHEMA = obj(
    "apiVersion kind metadata spec",
    apiVersion=const("batch/v1"),
    kind=const("CronJob"),
    metadata=obj("name", name=NAME),
    spec=obj(
        "schedule jobTemplate",
        schedule={"type": "string", "pattern": r"^\S+( \S+){4}$"},
        timeZone={"type": "string", "pattern": "^[A-Z][A-Za-z_]*(/[A-Za-z_+-]+)+$"},
        concurrencyPolicy={"enum": ["Allow", "Forbid", "Replace"]},
        startingDeadlineSeconds={"type": "integer", "minimum": 10},
        jobTemplate=obj("spec", spec=obj("template", backoffLimit={"type": "integer", "minimum": 0},
                                         template=obj("spec", spec=POD))),
    ),
)

with open(sys.argv[1], encoding="utf-8") as f:
    job = yaml.safe_load(f)
jsonschema.validate(job, SCHEMA)
pod = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]
mounts = pod["containers"][0]["volumeMounts"]
if {m["name"] for m in mounts} != {v["name"] for v in pod["volumes"]}:
    sys.exit("a mount without its volume, or a volume without a mount")
if len({m["mountPath"] for m in mounts}) != len(mounts):
    sys.exit("one path is mounted twice")
