#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The case runner finds what is wrong: each expectation fails when it should."""

import os
import stat
import tempfile
import unittest

import case_file
import case_runner

PROGRAM = """#!/bin/sh
printf '{"a": [1, 2.5], "cost": {"seconds": %s}}\\n' $$
echo told >&2
test -t 1 && echo terminal
exit 3
"""


class CaseRunnerTest(unittest.TestCase):
    def problems(self, text):
        with tempfile.TemporaryDirectory() as folder:
            program = os.path.join(folder, "program")
            with open(program, "w", encoding="utf-8") as file:
                file.write(PROGRAM)
            os.chmod(program, stat.S_IRWXU)
            inner = os.path.join(folder, "inner")
            os.mkdir(inner)
            return case_runner.run_case(text, case_runner.Runner(program, "/source", inner))

    def test_holds(self):
        text = "$ ascribo\nexit 3\nstderr is told\\n\njson a[0] = 1\njson a ~ [1, 2.4] 0.2\njson a.length = 2\n"
        self.assertEqual(self.problems(text + "$ ascribo\nexit 3\nsame as 1\nfiles\n"), [])

    def test_each_failure_is_found(self):
        for check in ["exit 0", "stdout empty", "stderr is x", "stderr has x", "stderr lacks told",
                      "stderr matches ^x", "stdout lines 2", "json a[0] = 2", "json a ~ [1, 2] 0.1",
                      "json b = 1", "json 2 a = 1", "files x", "has x y", "stdout what x"]:
            wanted = "" if check.startswith("exit") else "exit 3\n"
            self.assertEqual(len(self.problems(f"$ ascribo\n{wanted}{check}\n")), 1, check)

    def test_exit_code_is_checked_unasked(self):
        self.assertEqual(len(self.problems("$ ascribo\n")), 1)

    @unittest.skipUnless(case_runner.has_terminals(), "no pseudo-terminals")
    def test_terminal(self):
        self.assertEqual(self.problems("terminal 80 24\n$ ascribo\nexit 3\nstdout has terminal\n"), [])

    def test_files_and_shell(self):
        text = "file a.txt\n  | one\n  |   two\nsh cat a.txt; echo > b\nstdout is one\\n  two\\n\nfiles b\n"
        self.assertEqual(self.problems(text), [])

    def test_bad_cases_are_refused(self):
        for text in ["", "exit 0", "what", "  | x", "stdin x"]:
            with self.assertRaises(ValueError):
                case_file.parse(text)


if __name__ == "__main__":
    unittest.main()
