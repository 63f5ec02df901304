# SPDX-License-Identifier: MIT
"""What tools/new.py copies compiles without a warning and passes the checks of the house."""

import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

from violating_tree import TOOLS

import check_layers
import check_sizes
import check_words
import new

SOURCE = TOOLS.parent
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Wconversion", "-Werror"]


class New(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def test_every_kind_compiles_and_passes_the_checks(self):
        compiler = os.environ.get("CXX", "c++")
        for kind in new.KINDS:
            for path in new.create(self.root, kind, "my_idea"):
                if path.suffix == ".cpp":
                    done = subprocess.run([compiler, *FLAGS, "-I", self.root, "-I", SOURCE, path],
                                          capture_output=True, text=True, check=False)
                    self.assertEqual(done.returncode, 0, done.stderr)
        for check in (check_layers, check_sizes, check_words):
            self.assertEqual(check.check(self.root), [])

    def test_nothing_is_overwritten(self):
        new.create(self.root, "op", "my_idea")
        with self.assertRaisesRegex(SystemExit, "ascribo/ops/my_idea.h is there already"):
            new.create(self.root, "op", "my_idea")

    def test_names_are_snake_case(self):
        for name in ("MyIdea", "my-idea", "2nd", "../escape", "a__b"):
            with self.assertRaisesRegex(SystemExit, "is no name"):
                new.create(self.root, "op", name)


if __name__ == "__main__":
    sys.exit(unittest.main())
