# SPDX-License-Identifier: MIT
"""Skipped tests are counted with the reasons that the tests gave."""

import pathlib
import tempfile
import unittest

from violating_tree import TOOLS  # noqa: F401  puts tools/ on the path

import skipped_tests

CASE = '<testcase name="{name}">{skipped}<system-out>{output}</system-out></testcase>'
GTEST = """Note: Google Test filter = A.B
[ RUN      ] A.B
/src/a_test.cpp:12: Skipped
no such folder beside the checkout

[  SKIPPED ] A.B (0 ms)
"""


class SkippedTests(unittest.TestCase):
    def report(self, *cases):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write(f"<testsuite>{''.join(cases)}</testsuite>")
            file.flush()
            return list(skipped_tests.report(pathlib.Path(file.name)))

    def test_none(self):
        self.assertEqual(self.report(CASE.format(name="a", skipped="", output="fine")),
                         ["0 of 1 tests skipped."])

    def test_the_reason_that_googletest_printed(self):
        skipped = '<skipped message="SKIP_REGULAR_EXPRESSION_MATCHED"/>'
        lines = self.report(CASE.format(name="x/A.B", skipped=skipped, output=GTEST),
                            CASE.format(name="x/A.C", skipped="", output=GTEST))
        self.assertEqual(lines, ["1 of 2 tests skipped:",
                                 "  1: no such folder beside the checkout", "     x/A.B"])

    def test_the_reason_that_unittest_printed(self):
        lines = self.report(CASE.format(name="page", skipped="<skipped/>",
                                        output="test_x ... skipped 'no browser here'\n\nOK"))
        self.assertIn("  1: no browser here", lines)

    def test_many_are_named_in_part(self):
        lines = self.report(*(CASE.format(name=f"t{n}", skipped='<skipped message="m"/>', output="")
                              for n in range(12)))
        self.assertEqual(lines[-1], "     and 4 more")


if __name__ == "__main__":
    unittest.main()
