#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Checks names and first lines: says what a file is, says it in one place, leaves nothing open."""

import re

import source_tree

EMPTY_NAMES = re.compile(r"(^|/)(utils?|common|helpers?|misc|managers?)(\.\w+)?(/|$)")
LICENCE = "SPDX-License-Identifier: MIT"
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$})-])/(work|farm|root|home/\w+|opt/peers)/")
# Packages come through their clients; the host that serves them is the reader's own business.
REGISTRY = re.compile(r"\b(deb[.]debian[.]org|(archive|ports)[.]ubuntu[.]com|pypi[.]org|"
                      r"files[.]pythonhosted[.]org|crates[.]io|registry[.]npmjs[.]org|"
                      r"proxy[.]golang[.]org|repo1?[.]maven[.]apache[.]org)")
TEXT = (".h", ".cpp", ".py", ".md", ".txt", ".cmake", ".yml", ".yaml", ".html", ".js", ".css",
        "Makefile", ".case")


def check_first_lines(path, lines):
    """The licence first, then what the file is, in a sentence."""
    if path.endswith((".h", ".cpp")):
        if not lines or lines[0] != f"// {LICENCE}":
            yield 1, f"line 1 is not // {LICENCE}"
        elif len(lines) < 2 or not re.match(r"// \S", lines[1]):
            yield 2, "line 2 is not a comment that says what the file is"
        else:
            block = []
            for line in lines[1:]:
                if not line.startswith("//"):
                    break
                block.append(line)
            if not re.search(r"[.!?:)]($|\s)", " ".join(block)):
                yield 2, "the comment on line 2 is not a sentence"
        # Highway includes a "-inl.h" file once per CPU level: it guards itself.
        if path.endswith(".h") and not path.endswith("-inl.h") and "#pragma once" not in lines:
            yield 1, "no #pragma once"
    elif path.endswith(".py") or (lines and lines[0].startswith("#!")):
        if not any(LICENCE in line for line in lines[:2]):
            yield 1, f"no {LICENCE} in the first two lines"


def check(root):
    problems = []
    for path in source_tree.files(root):
        if EMPTY_NAMES.search(path):
            problems.append(f"{path}: the name says nothing about what is in it")
        script = path.startswith(("scripts/", ".ci/"))
        if path.startswith(("models/", "tests/golden/")) or not (path.endswith(TEXT) or script):
            continue
        lines = source_tree.read(root, path).splitlines()
        problems += [f"{path}:{line}: {what}" for line, what in check_first_lines(path, lines)]
        for number, line in enumerate(lines, 1):
            for pattern, what in ((UNFINISHED, "unfinished: do it, or say it in an issue"),
                                  (MACHINE_PATH, "a path of one machine"),
                                  (REGISTRY, "the host of a package registry")):
                if pattern.search(line):
                    problems.append(f"{path}:{number}: {what}")
    return problems


if __name__ == "__main__":
    source_tree.run(check, __doc__)
