# SPDX-License-Identifier: MIT
"""A page that says something else than the program is found out."""

import pathlib
import tempfile
import unittest

from compare_output import differences
from run_blocks import commands, failures


class CompareOutput(unittest.TestCase):
    def test_equal_but_for_spaces_and_the_last_digit(self):
        self.assertEqual(differences("a  +1.20 b\n", "a +1.21 b"), [])

    def test_numbers_further_off_differ(self):
        self.assertTrue(differences("1.20", "1.22"))
        self.assertTrue(differences("+1.20", "-1.20"))

    def test_whole_numbers_are_exact(self):
        self.assertEqual(differences("7 of 10", "7 of 10"), [])
        self.assertTrue(differences("7 of 10", "8 of 10"))

    def test_words_are_exact(self):
        self.assertTrue(differences("positive 1.0", "negative 1.0"))

    def test_missing_and_surplus_lines_differ(self):
        self.assertTrue(differences("a\nb", "a"))
        self.assertTrue(differences("a", "a\nb"))

    def test_dots_stand_for_any_lines(self):
        self.assertEqual(differences("a\n...\nd", "a\nb\nc\nd"), [])
        self.assertEqual(differences("a\n...", "a\nb"), [])
        self.assertTrue(differences("a\n...\ne", "a\nb"))

    def test_a_line_that_ends_in_dots_may_go_on(self):
        self.assertEqual(differences('{"ids":[1],...', '{"ids":[1],"more":2}'), [])
        self.assertTrue(differences('{"ids":[1],...', '{"ids":[2],"more":2}'))


class RunBlocks(unittest.TestCase):
    def page(self, text):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text(text, encoding="utf-8")
            return list(commands(text)), list(failures(page, folder))

    def test_commands_are_run_and_their_output_compared(self):
        found, wrong = self.page("x\n```console\n$ echo one \\\n  two\none two\n$ true\n```\n")
        self.assertEqual(found, [(3, "echo one two", ["one two"]), (6, "true", [])])
        self.assertEqual(wrong, [])

    def test_other_output_and_failure_are_reported_with_their_line(self):
        _, wrong = self.page("```console\n$ echo a\nb\n$ false\n```\n")
        self.assertEqual(len(wrong), 2)
        self.assertIn(":2: $ echo a", wrong[0])
        self.assertIn("exited 1", wrong[1])


if __name__ == "__main__":
    unittest.main()
