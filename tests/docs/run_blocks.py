# SPDX-License-Identifier: MIT
"""Runs the ```console blocks of a page: run_blocks.py FOLDER_OF_PROGRAM PAGE.

A line "$ command" is run by sh with the program on the PATH; the lines below it are what it must
print (standard output and error), where "..." stands for any lines. With no lines below it, it
only has to succeed.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile

from compare_output import differences

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def commands(text):
    """(line, command, expected output) of every command in a console block."""
    for block in re.finditer(r"^```console\n(.*?)^```", text, re.M | re.S):
        first = text.count("\n", 0, block.start(1)) + 1
        current = None
        for offset, line in enumerate(block.group(1).splitlines()):
            if current and current[1].endswith("\\") and not current[2]:
                current = (current[0], current[1][:-1] + line.strip(), [])
            elif line.startswith("$ "):
                if current:
                    yield current
                current = (first + offset, line[2:], [])
            elif current:
                current[2].append(line)
        if current:
            yield current


def failures(page, program_folder):
    """What is wrong with the page's commands; they share one empty folder."""
    environment = {**os.environ, "PATH": f"{os.path.abspath(program_folder)}:{os.environ['PATH']}",
                   "NO_COLOR": "1", "COLUMNS": "80"}
    with tempfile.TemporaryDirectory() as folder:
        for name in ("docs", "models", "tests"):
            os.symlink(SOURCE / name, pathlib.Path(folder) / name)
        for line, command, expected in commands(page.read_text(encoding="utf-8")):
            done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                                  stdin=subprocess.DEVNULL)
            if expected:
                found = differences("\n".join(expected), done.stdout)
            else:
                found = [f"exited {done.returncode}"] if done.returncode else []
            if found:
                yield "\n".join([f"{page}:{line}: $ {command}", *found,
                                 "whole output:", done.stdout])


def main(program_folder, page):
    page = pathlib.Path(page)
    found = list(failures(page, program_folder))
    count = sum(1 for _ in commands(page.read_text(encoding="utf-8")))
    if found or count == 0:
        sys.exit("\n\n".join(found) or f"{page}: no command to run")
    print(f"{count} commands")


if __name__ == "__main__":
    main(*sys.argv[1:])
