# SPDX-License-Identifier: MIT
"""A small made-up tree, on which a check is run."""

import pathlib
import sys
import tempfile
import unittest

TOOLS = pathlib.Path(__file__).resolve().parents[2] / "tools"
sys.path.insert(0, str(TOOLS))

LICENCE = "// SPDX-License-Identifier: MIT\n"


class TreeTest(unittest.TestCase):
    """`problems` writes files below a new folder and returns what a check says about them."""

    def problems(self, check, tree):
        with tempfile.TemporaryDirectory() as root:
            for name, text in tree.items():
                path = pathlib.Path(root) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return check(pathlib.Path(root))

    def assert_clean(self, check, tree):
        self.assertEqual(self.problems(check, tree), [])

    def assert_one(self, check, tree, *parts):
        """Exactly one problem, whose text has all the parts."""
        found = self.problems(check, tree)
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])
