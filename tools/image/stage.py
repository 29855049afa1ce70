"""Reads a Dockerfile's last stage: `stage.py DOCKERFILE run|env|user|health|workdir`, one thing a line or as JSON."""

import json
import re
import sys


def instructions(path):
    """(name, argument) of each instruction after the last FROM; continued lines joined, comments gone."""
    lines = [line.rstrip() for line in open(path) if not line.lstrip().startswith("#")]
    joined, found = "", []
    for line in lines:
        joined += line.removesuffix("\\") + (" " if line.endswith("\\") else "")
        if line.endswith("\\") or not joined.strip():
            continue
        name, _, argument = joined.strip().partition(" ")
        found = [] if name == "FROM" else found + [(name, argument.strip())]
        joined = ""
    return found


def main():
    path, wanted = sys.argv[1:3]
    stage = instructions(path)
    values = [argument for name, argument in stage if name.lower() == {"health": "healthcheck"}.get(wanted, wanted)]
    if wanted == "env":
        values = [f"{name}={value}" for text in values for name, value in re.findall(r"(\w+)=(\S+)", text)]
    if wanted == "health":
        values = json.loads(values[-1].partition("CMD ")[2])
    print("\n".join(values))


if __name__ == "__main__":
    main()
