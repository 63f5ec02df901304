#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Proves the direction of the rooms: who may include whom, who may open files, who sees a library."""

import fnmatch
import re

import source_tree

# Room -> rooms it may include. Bottom to top, as docs/design/rooms.md tells it.
ROOMS = {
    "base": [],
    "tensor": ["base"],
    "graph": ["tensor", "base"],
    "ops": ["graph", "tensor", "base"],
    "io": ["tensor", "base"],
    "text": ["io", "base"],
    "models": ["ops", "graph", "io", "tensor", "base"],
    "explain": ["models", "text", "ops", "graph", "io", "tensor", "base"],
    "metrics": ["explain", "models", "text", "ops", "graph", "io", "tensor", "base"],
    "study": ["metrics", "explain", "models", "text", "ops", "graph", "io", "tensor", "base"],
    "render": ["base"],
}
# Single headers of another room that a room may include.
EXTRA_HEADERS = {"render": ["ascribo/explain/explanation.h", "ascribo/metrics/comparison/comparison.h"]}
PUBLIC_HEADER = "ascribo/ascribo.h"
# Code that sees the library as a user does: the public header and its own files.
DOORS = ["apps", "python", "docs/examples", "tests/install"]

# Library headers -> the files that may include them, everywhere in ascribo/ and apps/.
LIBRARIES = {
    r"(oneapi/dnnl/)?dnnl\w*\.h(pp)?": ["ascribo/ops/*"],
    r"hwy/.*": ["ascribo/ops/*"],
    r"omp\.h": ["ascribo/base/*", "ascribo/ops/*"],
    r"simdjson\.h": ["ascribo/base/json*.cpp"],
    r"nlohmann/.*": ["ascribo/base/json*.cpp"],
    r"nettle/.*": ["ascribo/base/*.cpp", "ascribo/io/*.cpp"],
    r"csv\.h": ["ascribo/io/*.cpp"],
    r"utf8proc\.h": ["ascribo/text/*.cpp", "ascribo/render/*.cpp"],
    r"oniguruma\.h": ["ascribo/text/patterns/regex.cpp"],
    r"Eigen/.*": ["ascribo/explain/perturb/least_squares.cpp"],
    r"boost/.*": ["ascribo/explain/perturb/spread_points.cpp"],
    r"CLI/.*": ["apps/cli/*"],
    r"(nanobind/.*|Python\.h)": ["python/src/*"],
}
OPENS_FILES = ["ascribo/io/*", "ascribo/base/mapped_file.cpp"]
FILE_HEADERS = {"fstream", "fcntl.h"}
FILE_CALLS = re.compile(r"\b(fopen|freopen|mkstemp|[io]?fstream)\b|(?<![\w>])::open\s*\(")


def allowed(path, patterns):
    return any(fnmatch.fnmatch(path, pattern) for pattern in patterns)


def room_of(path):
    parts = path.split("/")
    return parts[1] if parts[0] == "ascribo" and len(parts) > 2 else None


def check_include(path, name, quoted):
    """What is wrong with `path` including `name`, or None."""
    for pattern, places in LIBRARIES.items():
        if re.fullmatch(pattern, name) and not allowed(path, places):
            return f"{name} is for {', '.join(places)} only"
    if name in FILE_HEADERS and not allowed(path, OPENS_FILES):
        return f"<{name}>: only {', '.join(OPENS_FILES)} open files"
    if not name.startswith("ascribo/"):
        return None
    if any(path.startswith(door + "/") for door in DOORS):
        return None if name == PUBLIC_HEADER else f"a door sees {PUBLIC_HEADER} only, not {name}"
    if not quoted:
        return f"our own header {name} is included with quotes"
    room, other = room_of(path), room_of(name)
    if room is None or room == other:
        return None
    if room not in ROOMS:
        return f"room {room} is not in the table of tools/check_layers.py"
    if other in ROOMS[room] or name in EXTRA_HEADERS.get(room, []):
        return None
    may = ROOMS[room] + EXTRA_HEADERS.get(room, [])
    return f"{room} may not include {name}; it may include {', '.join(may) or 'nothing'}"


def find_cycle(graph):
    """A list of headers that include each other in a circle, or None."""
    done, path = set(), []

    def visit(node):
        if node in path:
            return path[path.index(node):] + [node]
        if node in done:
            return None
        path.append(node)
        for other in graph.get(node, []):
            cycle = visit(other)
            if cycle:
                return cycle
        path.pop()
        done.add(node)
        return None

    for node in sorted(graph):
        cycle = visit(node)
        if cycle:
            return cycle
    return None


def public_headers(graph):
    """What ascribo/ascribo.h reaches: these are installed, without the libraries underneath."""
    reached, pending = set(), [PUBLIC_HEADER]
    while pending:
        header = pending.pop()
        if header not in reached and header.startswith("ascribo/"):
            reached.add(header)
            pending += graph.get(header, [])
    return sorted(reached)


def check_public_headers(graph):
    for header in public_headers(graph):
        for name in graph.get(header, []):
            if any(re.fullmatch(pattern, name) for pattern in LIBRARIES):
                yield f"{header}: a public header may not include {name}"


def check(root):
    problems, graph = [], {}
    for path in source_tree.files(root, ".h", ".cpp", under=["ascribo", *DOORS]):
        text = source_tree.read(root, path)
        for line, name, quoted in source_tree.includes(source_tree.code_only(text, True)):
            problem = check_include(path, name, quoted)
            if problem:
                problems.append(f"{path}:{line}: {problem}")
            graph.setdefault(path, []).append(name)
        if path.startswith(("ascribo/", "apps/")) and not allowed(path, OPENS_FILES):
            for line, code in enumerate(source_tree.code_only(text).splitlines(), 1):
                call = FILE_CALLS.search(code)
                if call and "#include" not in code.replace(" ", ""):
                    problems.append(f"{path}:{line}: {call.group(0)} opens a file; only "
                                    f"{', '.join(OPENS_FILES)} do")
    problems += check_public_headers(graph)
    cycle = find_cycle(graph)
    if cycle:
        problems.append("headers include each other: " + " -> ".join(cycle))
    return problems


if __name__ == "__main__":
    source_tree.run(check, __doc__)
