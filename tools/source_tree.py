# SPDX-License-Identifier: MIT
"""Finds the project's own files and reads C++ without its comments and strings, for the checks."""

import argparse
import pathlib
import re
import subprocess
import sys

SKIPPED = {".git", "build", ".cache", "__pycache__", "node_modules"}

_SPAN = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9A-Za-z_])\'(?:\\.|[^\'\\\n])+\'',
    re.S,
)


def _all_files(root):
    """What git knows or would take; without git, everything but build folders."""
    root = pathlib.Path(root)
    if (root / ".git").exists():
        command = ["git", "-C", str(root), "ls-files", "-co", "--exclude-standard", "-z"]
        try:
            listed = subprocess.run(command, check=True, capture_output=True).stdout.decode()
            return [path for path in listed.split("\0") if path and (root / path).is_file()]
        except (OSError, subprocess.CalledProcessError):
            pass
    found = (path.relative_to(root) for path in root.rglob("*") if path.is_file())
    return [path.as_posix() for path in found if not SKIPPED.intersection(path.parts)]


def files(root, *suffixes, under=("",)):
    """Relative paths, sorted, below one of the folders `under`, ending in one of `suffixes`."""
    starts = tuple(start + "/" if start else "" for start in under)
    return sorted(path for path in set(_all_files(root))
                  if path.startswith(starts) and (not suffixes or path.endswith(suffixes)))


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


def code_only(text, keep_strings=False):
    """C++ text with comments (and what stands in quotes) blanked; line numbers stay."""

    def blank(match):
        span = match.group(0)
        if keep_strings and not span.startswith("/"):
            return span
        quote = '""' if span[0] in "\"R'" else ""
        return quote + "\n" * span.count("\n")

    return _SPAN.sub(blank, text)


def includes(text):
    """(line, name, quoted) of every include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
        if match:
            yield number, match.group(2), match.group(1) == '"'


def run(check, description):
    """Runs check(root) -> list of problems as a command: prints them, exits 1 if there are any."""
    parser = argparse.ArgumentParser(description=description)
    default = pathlib.Path(__file__).resolve().parent.parent
    parser.add_argument("--root", default=default, type=pathlib.Path, help="the tree to check")
    problems = check(parser.parse_args().root)
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)
