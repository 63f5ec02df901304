#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Turns coloured terminal output into an SVG picture of a terminal window.

    ascribo explain --color always "..." | tools/terminal_picture.py --command 'ascribo explain "..."' > explain.svg

Understands what Ascribo prints: bold, dim, 24-bit and 256 colours.
"""

import argparse
import re
import sys
import unicodedata
from xml.sax.saxutils import escape

COLUMN, LINE, SIZE = 8.4, 21, 14  # pixels: width of a column, height of a line, size of letters
MARGIN, BAR = 22, 34
GROUND, FRAME, INK, DIM = "#1b1d22", "#2e3139", "#e8e9ec", "#9a9da8"
PROMPT = "#58c98a"
SPACES = {" ": "\u00a0"}  # viewers fold plain spaces
BASIC = ["#000000", "#cd3131", "#0dbc79", "#e5e510", "#2472c8", "#bc3fbc", "#11a8cd", "#e5e5e5",
         "#666666", "#f14c4c", "#23d18b", "#f5f543", "#3b8eea", "#d670d6", "#29b8db", "#ffffff"]
FONTS = "ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono','Liberation Mono',monospace"


def color_256(index):
    if index < 16:
        return BASIC[index]
    if index < 232:
        steps = [0, 95, 135, 175, 215, 255]
        index -= 16
        return "#%02x%02x%02x" % (steps[index // 36], steps[index // 6 % 6], steps[index % 6])
    grey = 8 + 10 * (index - 232)
    return "#%02x%02x%02x" % (grey, grey, grey)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.ink = self.ground = None
        self.bold = self.dim = False

    def apply(self, codes):
        codes = [int(code or 0) for code in codes.split(";")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2):
                self.bold, self.dim = self.bold or code == 1, self.dim or code == 2
            elif code == 22:
                self.bold = self.dim = False
            elif code in (38, 48):
                if codes.pop(0) == 2:
                    color = "#%02x%02x%02x" % tuple(codes[:3])
                    del codes[:3]
                else:
                    color = color_256(codes.pop(0))
                if code == 38:
                    self.ink = color
                else:
                    self.ground = color
            elif code == 39:
                self.ink = None
            elif code == 49:
                self.ground = None

    def key(self):
        return self.ink or (DIM if self.dim else INK), self.ground, self.bold


def columns(text):
    width = 0
    for letter in text:
        if not unicodedata.combining(letter):
            width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
    return width


def runs(line, style):
    """(text, ink, ground, bold) of a line; the style goes on in the next one."""
    result = []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        if part.startswith("\x1b["):
            style.apply(part[2:-1])
        elif part:
            result.append((part, *style.key()))
    return result


def draw_run(text, ink, ground, bold, x, y):
    """One run at its column: textLength keeps columns exact whatever font there is."""
    parts = []
    width = columns(text) * COLUMN
    if ground:
        parts.append(f'<rect x="{x - 1:.1f}" y="{y - 15}" width="{width + 2:.1f}" height="19" rx="4" '
                     f'fill="{ground}"/>')
    stripped = text.strip(" ")
    if stripped:
        x += (len(text) - len(text.lstrip(" "))) * COLUMN
        weight = ' font-weight="bold"' if bold else ""
        parts.append(f'<text x="{x:.1f}" y="{y}" fill="{ink}"{weight} '
                     f'textLength="{columns(stripped) * COLUMN:.1f}">{escape(stripped, SPACES)}</text>')
    return parts


def picture(lines, width, title):
    widest = max([columns(re.sub(r"\x1b\[[0-9;]*m", "", line)) for line in lines] + [width])
    total_width = widest * COLUMN + 2 * MARGIN
    total_height = BAR + len(lines) * LINE + MARGIN + 6
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total_width:.0f} {total_height}" '
             f'width="{total_width:.0f}" height="{total_height}" role="img" '
             f'aria-label="{escape(title, {chr(34): "&quot;"})}">',
             f"<title>{escape(title)}</title>",
             f'<rect x="0.5" y="0.5" width="{total_width - 1:.0f}" height="{total_height - 1}" rx="10" '
             f'fill="{GROUND}" stroke="{FRAME}"/>']
    parts += [f'<circle cx="{20 + 18 * n}" cy="19" r="5.5" fill="{FRAME}"/>' for n in range(3)]
    parts.append(f'<g font-family="{FONTS}" font-size="{SIZE}" xml:space="preserve">')
    style = Style()
    for number, line in enumerate(lines):
        x, y = MARGIN, BAR + (number + 1) * LINE
        for text, ink, ground, bold in runs(line, style):
            parts += draw_run(text, ink, ground, bold, x, y)
            x += columns(text) * COLUMN
    return "\n".join([*parts, "</g>", "</svg>"]) + "\n"


def rgb(color):
    return ";".join(str(int(color[at:at + 2], 16)) for at in (1, 3, 5))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--command", help="the command line shown above the output")
    parser.add_argument("--columns", type=int, default=80, help="least width of the window")
    parser.add_argument("--title", default="ascribo explain in a terminal",
                        help="what the picture shows, for readers who cannot see it")
    arguments = parser.parse_args()
    lines = sys.stdin.buffer.read().decode("utf-8").rstrip("\n").split("\n")
    if arguments.command:
        lines[:0] = [f"\x1b[38;2;{rgb(PROMPT)}m$\x1b[0m {arguments.command}", ""]
    sys.stdout.buffer.write(picture(lines, arguments.columns, arguments.title).encode("utf-8"))


if __name__ == "__main__":
    main()
