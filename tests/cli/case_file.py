# SPDX-License-Identifier: MIT
"""Reads a .case file: runs of the program and what is expected of each.

A line is a directive; files are made before the first run, wherever they stand. `#` begins a comment line. `{golden}`, `{model}`, `{source}` and `{tmp}` stand for folders.

    file NAME            the lines below that begin with `  | ` become a file in the case's folder
    bytes NAME TEXT      a file with these bytes, written with Python escapes
    copy FROM NAME       a folder copied into the case's folder
    edit NAME            as `file`, for a Python script run in the case's folder before the runs
    env NAME=VALUE       for the next run; `env -NAME` removes it
    stdin TEXT           for the next run, written with Python escapes
    in FOLDER            working directory of the next run
    terminal W H         the next run has a terminal as standard output and error
    interrupt SECONDS    the next run gets SIGINT after that long; `interrupt SECONDS twice` two of them
    $ ascribo ...        a run; words are split as a shell would, without expansion
    sh COMMAND           a run of a shell command in which `ascribo` is the program, $ASCRIBO its path

and after a run, about it:

    exit N               0 unless said
    stdout is TEXT       the whole of it, Python escapes; also for stderr
    stdout has TEXT      somewhere in it, as typed
    stdout lacks TEXT
    stdout matches RE    somewhere in it
    stdout lines N
    stdout empty
    json PATH = VALUE    of the only (or `json N PATH`, the Nth) line of standard output; VALUE is JSON
    json PATH ~ VALUE TOLERANCE
    json of FILE ...     the same of a file in the case's folder
    same as N            standard output equals that of the Nth run, `cost` left out of each line
    files NAME...        what is in the case's folder now, in order, besides what the case put there
    has FILE TEXT        a file of the case's folder contains this
"""

import shlex


class Run:
    def __init__(self, line, command, shell, settings):
        self.line, self.command, self.shell = line, command, shell
        self.settings, self.checks = settings, []


class Case:
    def __init__(self):
        self.setup, self.runs = [], []


SETUP = {"file", "bytes", "copy", "edit"}
SETTINGS = {"env", "stdin", "in", "terminal", "interrupt"}
CHECKS = {"exit", "stdout", "stderr", "json", "same", "files", "has"}


def parse(text):
    case, settings, block = Case(), [], None
    for number, raw in enumerate(text.splitlines(), 1):
        if raw.startswith("  |"):
            if block is None:
                raise ValueError(f"line {number}: a block without `file` or `edit` above it")
            block.append(raw[4:])
            continue
        block = None
        if not raw.strip() or raw.startswith("#"):
            continue
        word, _, rest = raw.partition(" ")
        if word in SETUP:
            block = [] if word in ("file", "edit") else None
            case.setup.append((number, word, rest, block))
        elif word in SETTINGS:
            settings.append((word, rest))
        elif word == "$":
            case.runs.append(Run(number, shlex.split(rest), None, settings))
            settings = []
        elif word == "sh":
            case.runs.append(Run(number, None, rest, settings))
            settings = []
        elif word in CHECKS:
            if not case.runs:
                raise ValueError(f"line {number}: nothing has run yet")
            case.runs[-1].checks.append((number, word, rest))
        else:
            raise ValueError(f"line {number}: what is `{word}`?")
    if not case.runs:
        raise ValueError("the case runs nothing")
    return case
