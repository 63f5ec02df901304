#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The picture of a terminal: every letter, in its column and colour."""

import pathlib
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ElementTree

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/terminal_picture.py"
SVG = "{http://www.w3.org/2000/svg}"


def picture(text, *arguments):
    result = subprocess.run([sys.executable, "-B", TOOL, *arguments], input=text.encode("utf-8"),
                            stdout=subprocess.PIPE, check=True)
    return ElementTree.fromstring(result.stdout)


class TerminalPicture(unittest.TestCase):
    def test_keeps_every_letter(self):
        root = picture("one  <two> & \x1b[1mthree\x1b[0m\n\n  four", "--command", 'run "x"')
        shown = [element.text.replace("\u00a0", " ") for element in root.iter(SVG + "text")]
        self.assertEqual(shown, ["$", 'run "x"', "one  <two> &", "three", "four"])

    def test_takes_24_bit_and_256_colours(self):
        root = picture("\x1b[48;2;18;130;74;38;2;255;255;255mgood\x1b[0m "
                       "\x1b[48;5;160;38;5;16mbad\x1b[0m \x1b[2mdim\x1b[0m")
        fills = [element.get("fill") for element in root.iter(SVG + "rect")]
        self.assertEqual(fills[1:], ["#12824a", "#d70000"])
        inks = [element.get("fill") for element in root.iter(SVG + "text")]
        self.assertEqual(inks[:2], ["#ffffff", "#000000"])
        self.assertNotEqual(inks[2], inks[0])

    def test_puts_words_in_their_columns(self):
        root = picture("日本 \x1b[1mab\x1b[0m")
        first, second = root.iter(SVG + "text")
        self.assertAlmostEqual(float(second.get("x")) - float(first.get("x")), 5 * 8.4, places=3)
        self.assertAlmostEqual(float(second.get("textLength")), 2 * 8.4, places=3)

    def test_grows_with_the_output(self):
        wide = picture("x" * 200)
        self.assertGreater(float(wide.get("width")), 200 * 8.4)
        tall = picture("\n".join("abcdefghij"))
        self.assertGreater(float(tall.get("height")), float(wide.get("height")) + 9 * 20)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
