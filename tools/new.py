#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Copies a skeleton and its test: tools/new.py method|metric|op|arch|renderer NAME."""

import argparse
import pathlib
import re
import sys

HOUSE = pathlib.Path(__file__).resolve().parent.parent
SKELETONS = HOUSE / "tools/skeletons"

# Kind -> (skeleton, where its copy goes).
KINDS = {
    "method": [("method.cpp.in", "ascribo/explain/methods/@name@.cpp"),
               ("method_test.cpp.in", "tests/explain/@name@_test.cpp")],
    "metric": [("metric.cpp.in", "ascribo/metrics/@name@.cpp"),
               ("metric_test.cpp.in", "tests/metrics/@name@_test.cpp")],
    "op": [("op.h.in", "ascribo/ops/@name@.h"),
           ("op.cpp.in", "ascribo/ops/@name@.cpp"),
           ("op_test.cpp.in", "tests/ops/@name@_test.cpp")],
    "arch": [("arch.cpp.in", "ascribo/models/arch/@name@.cpp"),
             ("arch_test.cpp.in", "tests/models/@name@_test.cpp")],
    "renderer": [("renderer.cpp.in", "ascribo/render/@name@.cpp"),
                 ("renderer_test.cpp.in", "tests/render/@name@_test.cpp")],
}


def fill(text, name):
    words = name.split("_")
    return (text.replace("@name@", name)
            .replace("@Name@", "".join(word.capitalize() for word in words))
            .replace("@Title@", " ".join(words).capitalize()))


def create(root, kind, name):
    """Writes the files below root and returns their paths; refuses to overwrite any."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
        sys.exit(f"new.py: {name} is no name; expected words in lower case joined by _")
    made = [(SKELETONS / skeleton, root / fill(target, name)) for skeleton, target in KINDS[kind]]
    for _, target in made:
        if target.exists():
            sys.exit(f"new.py: {target.relative_to(root)} is there already")
    for skeleton, target in made:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(fill(skeleton.read_text(encoding="utf-8"), name), encoding="utf-8")
    return [target for _, target in made]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=sorted(KINDS))
    parser.add_argument("name", help="in lower case, words joined by _")
    parser.add_argument("--root", type=pathlib.Path, default=HOUSE, help="the tree to write to")
    arguments = parser.parse_args()
    for path in create(arguments.root, arguments.kind, arguments.name):
        print(path.relative_to(arguments.root))


if __name__ == "__main__":
    main()
