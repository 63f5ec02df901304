# SPDX-License-Identifier: MIT
"""Runs an example and compares its output: run_example.py PROGRAM EXPECTED [--update]."""

import os
import pathlib
import subprocess
import sys
import tempfile

from compare_output import differences

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ["docs", "tests"]  # of the clone, as examples name them


def main(program, expected, *options):
    expected = pathlib.Path(expected)
    with tempfile.TemporaryDirectory() as folder:
        for name in FOLDERS:
            os.symlink(SOURCE / name, pathlib.Path(folder) / name)
        done = subprocess.run([os.path.abspath(program)], cwd=folder, capture_output=True,
                              text=True, check=False)
        files = sorted(set(os.listdir(folder)) - set(FOLDERS))
    output = done.stdout + "".join(f"[writes {name}]\n" for name in files)
    if done.returncode != 0 or done.stderr:
        sys.exit(f"{program} exited {done.returncode}\n{output}{done.stderr}")
    if "--update" in options:
        expected.write_text(output, encoding="utf-8")
        return
    found = differences(expected.read_text(encoding="utf-8"), output)
    if found:
        sys.exit("\n".join([f"{expected.name}:", *found, "", "whole output:", output]))


if __name__ == "__main__":
    main(*sys.argv[1:])
