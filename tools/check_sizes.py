#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Keeps files, functions and rooms small enough to read at a sitting; waivers are in one file."""

import pathlib
import re

import source_tree

HEADER, SOURCE, TEST, SCRIPT = 250, 400, 400, 400
FUNCTION = 60
PUBLIC_HEADER_INCLUDES = 12
FILES_IN_FOLDER = 40
CONTRIBUTING = 60
WAIVERS = "tools/size_waivers.txt"
CODE = ["ascribo", "apps", "bench", "tests", "docs/examples", "fuzz", "python"]

_SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b")


def functions(text):
    """(name, first line, lines) of every function body outside other bodies."""
    code = re.sub(r"(?m)^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", "", source_tree.code_only(text))
    head, head_line, line = "", 1, 1
    stack = []  # None for a scope, (name, line) for a function, "block" for anything else
    for character in code:
        inside = any(entry is not None for entry in stack)
        if character == "\n":
            line += 1
        if character == "{":
            before = head.strip()
            name = re.search(r"([~\w:]+|operator\S+)\s*\(", before)
            if inside:
                stack.append("block")
            elif _SCOPE.search(before) and not re.search(r"\)\s*(const|noexcept|override|final|"
                                                         r"->.*|\s)*$", before):
                stack.append(None)
            elif name and not before.endswith("="):
                stack.append((name.group(1), head_line))
            else:
                stack.append("block")
            head = ""
        elif character == "}":
            entry = stack.pop() if stack else None
            if isinstance(entry, tuple):
                yield entry[0], entry[1], line - entry[1] + 1
            head = ""
        elif character == ";":
            head = ""
        else:
            if not head.strip() and not character.isspace():
                head, head_line = "", line
            head += character


def budget(path):
    if path.startswith("tests/"):
        return TEST
    if path.endswith((".py", ".sh")):
        return SCRIPT
    return HEADER if path.endswith(".h") else SOURCE


def measure(root):
    """(what, size, limit) of everything that has a budget."""
    for path in source_tree.files(root, ".h", ".cpp", under=CODE):
        text = source_tree.read(root, path)
        yield path, len(text.splitlines()), budget(path)
        for name, line, lines in functions(text):
            yield f"{path}:{name}", lines, FUNCTION
    for path in source_tree.files(root, ".py", under=["tools", "tests", "bench", "python"]):
        yield path, len(source_tree.read(root, path).splitlines()), budget(path)
    folders = {}
    for path in source_tree.files(root, ".h", ".cpp", under=["ascribo"]):
        folder = path.rsplit("/", 1)[0]
        folders[folder] = folders.get(folder, 0) + 1
    for folder, count in sorted(folders.items()):
        yield folder + "/", count, FILES_IN_FOLDER
    public = pathlib.Path(root) / "ascribo/ascribo.h"
    if public.is_file():
        count = sum(1 for _ in source_tree.includes(public.read_text(encoding="utf-8")))
        yield "includes of ascribo/ascribo.h", count, PUBLIC_HEADER_INCLUDES
    contributing = pathlib.Path(root) / "CONTRIBUTING.md"
    if contributing.is_file():
        lines = len(contributing.read_text(encoding="utf-8").splitlines())
        yield "CONTRIBUTING.md", lines, CONTRIBUTING


def waivers(root):
    """What -> allowed size. A line is: size, what, reason; all three are needed."""
    path = pathlib.Path(root) / WAIVERS
    allowed = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        if line.strip() and not line.startswith("#"):
            size, what, reason = (part.strip() for part in line.split("|", 2))
            allowed[what] = (int(size), reason)
    return allowed


def check(root):
    problems, allowed, used = [], waivers(root), set()
    for what, size, limit in measure(root):
        if size <= limit:
            continue
        if what in allowed and size <= allowed[what][0]:
            used.add(what)
            continue
        unit = "files" if what.endswith("/") else "lines" if "includes of" not in what else ""
        problems.append(f"{what}: {size} {unit}, at most {limit}".replace(" ,", ","))
    for what in sorted(set(allowed) - used):
        problems.append(f"{WAIVERS}: {what} is within its budget or gone: drop the waiver")
    return problems


if __name__ == "__main__":
    source_tree.run(check, __doc__)
