# SPDX-License-Identifier: MIT
"""Compares what a program printed with what a page says it prints."""

import re

_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def _parts(line):
    """The words between the numbers, and the numbers as written."""
    words = _NUMBER.sub("\0", " ".join(line.split()))
    return words, _NUMBER.findall(line)


def _same_line(expected, got):
    """Equal but for white space, and for numbers that differ by one in their last digit; a line
    that ends in "..." may go on in any way."""
    if expected.endswith("...") and expected.strip() != "...":
        start = expected[: -len("...")]
        return _same_line(start, got[: len(start)])
    expected_words, expected_numbers = _parts(expected)
    words, numbers = _parts(got)
    if expected_words != words or len(expected_numbers) != len(numbers):
        return False
    for want, have in zip(expected_numbers, numbers):
        decimals = len(want.partition(".")[2])
        allowed = 1.01 * 10.0**-decimals if decimals else 0.0  # counts are exact
        if abs(float(want) - float(have)) > allowed:
            return False
    return True


def differences(expected, got):
    """Lines that tell where `got` differs; a line `...` in `expected` stands for any lines."""
    want, have = expected.rstrip().splitlines(), got.rstrip().splitlines()
    position = 0
    for number, line in enumerate(want):
        if line.strip() == "...":
            rest = want[number + 1:]
            if not rest:
                return []
            while position < len(have) and not _same_line(rest[0], have[position]):
                position += 1
            continue
        if position >= len(have):
            return [f"expected: {line}", "but the output ended"]
        if not _same_line(line, have[position]):
            return [f"expected: {line}", f"got:      {have[position]}"]
        position += 1
    return [f"not expected: {line}" for line in have[position:position + 3]]
