# SPDX-License-Identifier: MIT
"""What a .case file can expect of a run; case_file.py lists the forms."""

import json
import math
import os
import re


def unescape(text):
    return text.encode("utf-8").decode("unicode_escape").encode("latin-1").decode("utf-8")


def walk(value, path):
    """The part of a JSON value at a path such as `attributions[0].scores`; `.` is all of it."""
    for name, index in re.findall(r"([^.\[\]]+)|\[(-?\d+)\]", path):
        value = value[name] if name else value[int(index)]
    return value


def length_or(value, path):
    if path.endswith(".length"):
        return len(walk(value, path[: -len(".length")]))
    return walk(value, path)


def close(value, expected, tolerance):
    if isinstance(expected, list):
        return len(value) == len(expected) and all(
            close(v, e, tolerance) for v, e in zip(value, expected))
    return isinstance(value, (int, float)) and math.isfinite(value) and abs(value - expected) <= tolerance


def json_lines(text):
    return [json.loads(line) for line in text.split("\n") if line]


def without_cost(text):
    lines = json_lines(text)
    for line in lines:
        line.pop("cost", None)
    return lines


def check_text(name, text, rest):
    how, _, what = rest.partition(" ")
    if how == "is" and text != unescape(what):
        return f"{name} is {text!r}, expected {unescape(what)!r}"
    if how == "has" and what not in text:
        return f"{name} lacks {what!r}: {text!r}"
    if how == "lacks" and what in text:
        return f"{name} has {what!r}: {text!r}"
    if how == "matches" and not re.search(what, text, re.MULTILINE):
        return f"{name} does not match {what!r}: {text!r}"
    if how == "lines" and text.count("\n") != int(what):
        return f"{name} has {text.count(chr(10))} lines, expected {what}: {text[:400]!r}"
    if how == "empty" and text:
        return f"{name} is not empty: {text!r}"
    if how not in ("is", "has", "lacks", "matches", "lines", "empty"):
        return f"cannot check `{name} {how}`"
    return None


def check_json(outcome, rest):
    text = outcome.stdout
    if rest.startswith("of "):
        _, name, rest = rest.split(" ", 2)
        text = outcome.read(name)
    lines = json_lines(text) if not text.startswith("[\n") else json.loads(text)
    number = re.match(r"(\d+) ", rest)
    if number:
        rest = rest[number.end():]
    elif len(lines) != 1:
        return f"there are {len(lines)} JSON lines; say which"
    value_text = re.match(r"(\S+) (=|~) (.*)$", rest)
    path, relation, expected = value_text.groups()
    value = length_or(lines[int(number.group(1)) - 1 if number else 0], path)
    if relation == "=":
        expected = json.loads(expected)
        return None if value == expected else f"{path} is {json.dumps(value)}, expected {json.dumps(expected)}"
    expected, _, tolerance = expected.rpartition(" ")
    if close(value, json.loads(expected), float(tolerance)):
        return None
    return f"{path} is {json.dumps(value)}, expected {expected} to within {tolerance}"


def check_files(outcome, rest):
    found = sorted(set(os.listdir(outcome.folder)) - outcome.given)
    return None if found == rest.split() else f"the folder holds {found}, expected {rest.split()}"


def check(word, rest, outcome, outcomes):
    """None when the expectation holds, else what is wrong. `outcomes` are those of all runs so far."""
    if word == "exit":
        return None if outcome.code == int(rest) else f"exit code {outcome.code}, expected {rest}"
    if word in ("stdout", "stderr"):
        return check_text(word, getattr(outcome, word), rest)
    if word == "json":
        return check_json(outcome, rest)
    if word == "same":
        other = outcomes[int(rest.split()[-1]) - 1]
        same = without_cost(outcome.stdout) == without_cost(other.stdout)
        return None if same else f"differs from the run before:\n{outcome.stdout}\n{other.stdout}"
    if word == "files":
        return check_files(outcome, rest)
    name, _, text = rest.partition(" ")
    return None if text in outcome.read(name) else f"{name} lacks {text!r}"
