#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Runs one .case file against the program: case_file.py says how they are written."""

import argparse
import fcntl
import os
import pathlib
import pty
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time

import case_checks
import case_file

TIMEOUT = 240
SKIPPED = 77  # the exit code that says so


class Outcome:
    def __init__(self, code, stdout, stderr, folder, given):
        self.code, self.stdout, self.stderr = code, stdout, stderr
        self.folder, self.given = folder, given

    def read(self, name):
        return (pathlib.Path(self.folder) / name).read_text(encoding="utf-8")


def has_terminals():
    """A container may lack /dev/pts; then what a case does in a terminal is left out."""
    try:
        for end in pty.openpty():
            os.close(end)
    except OSError:
        return False
    return True


class Runner:
    def __init__(self, program, source, folder):
        self.program, self.source, self.folder = program, source, folder
        self.names = {
            "golden": f"{source}/tests/golden",
            "model": f"{source}/models/sst2-minilm",
            "source": source,
            "tmp": folder,
        }
        self.given = set()
        self.skipped = 0  # runs that need a terminal where there is none

    def fill(self, text):
        for name, value in self.names.items():
            text = text.replace("{" + name + "}", value)
        return text

    def prepare(self, number, word, rest, block):
        folder = pathlib.Path(self.folder)
        name, _, text = self.fill(rest).partition(" ")
        if word == "file":
            (folder / name).write_text("".join(line + "\n" for line in block), encoding="utf-8")
        elif word == "bytes":
            (folder / name).write_bytes(text.encode("utf-8").decode("unicode_escape").encode("latin-1"))
        elif word == "copy":
            shutil.copytree(name, folder / text)
        else:
            script = self.fill("\n".join(block))
            subprocess.run([sys.executable, "-c", script], cwd=folder, check=True, timeout=TIMEOUT)
        self.given = set(os.listdir(folder))

    def environment(self, settings):
        environment = {k: v for k, v in os.environ.items()
                       if k not in ("NO_COLOR", "COLORTERM", "COLORFGBG", "COLUMNS", "ASCRIBO_MODELS")}
        environment["TERM"] = "xterm-256color"
        environment["ASCRIBO"] = self.program
        for word, rest in settings:
            if word != "env":
                continue
            if rest.startswith("-"):
                environment.pop(rest[1:], None)
            else:
                name, _, value = self.fill(rest).partition("=")
                environment[name] = value
        return environment

    def run(self, run):
        settings = dict((word, rest) for word, rest in run.settings if word != "env")
        if run.shell is not None:
            words = ["/bin/sh", "-c", 'ascribo() { "$ASCRIBO" "$@"; }\n' + self.fill(run.shell)]
        else:
            if run.command[0] != "ascribo":
                raise ValueError(f"line {run.line}: a run begins with ascribo")
            words = [self.program] + [self.fill(word) for word in run.command[1:]]
        stdin = case_checks.unescape(settings.get("stdin", "")).encode("utf-8")
        environment = self.environment(run.settings)
        where = self.fill(settings.get("in", self.folder))
        interrupts = settings.get("interrupt", "").split()
        if "terminal" in settings:
            size = [int(number) for number in settings["terminal"].split()]
            code, out, err = self.in_terminal(words, stdin, environment, where, size)
        else:
            code, out, err = self.piped(words, stdin, environment, where, interrupts)
        return Outcome(code, out.decode("utf-8"), err.decode("utf-8"), self.folder, self.given)

    @staticmethod
    def piped(words, stdin, environment, where, interrupts):
        process = subprocess.Popen(words, cwd=where, env=environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if interrupts:
            def interrupt():
                time.sleep(float(interrupts[0]))
                process.send_signal(signal.SIGINT)
                if interrupts[1:] == ["twice"]:
                    time.sleep(0.05)
                    process.send_signal(signal.SIGINT)
            threading.Thread(target=interrupt, daemon=True).start()
        try:
            out, err = process.communicate(stdin, timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        return process.returncode, out, err

    @staticmethod
    def in_terminal(words, stdin, environment, where, size):
        """Standard output is one terminal, standard error another, so that both can be looked at."""
        ends = [pty.openpty() for _ in range(2)]
        for _, end in ends:
            fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        process = subprocess.Popen(words, cwd=where, env=environment, stdin=subprocess.PIPE,
                                   stdout=ends[0][1], stderr=ends[1][1])
        for _, end in ends:
            os.close(end)
        read = [bytearray(), bytearray()]

        def reader(number):
            while True:
                try:
                    data = os.read(ends[number][0], 65536)
                except OSError:  # how Linux says that the other end is closed
                    return
                if not data:
                    return
                read[number] += data

        threads = [threading.Thread(target=reader, args=(number,)) for number in range(2)]
        for thread in threads:
            thread.start()
        process.stdin.write(stdin)
        process.stdin.close()
        try:
            code = process.wait(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        for thread in threads:
            thread.join()
        return code, *(bytes(part).replace(b"\r\n", b"\n") for part in read)


def run_case(text, runner):
    """Problems found, in order; empty when everything is as expected."""
    case, problems, outcomes = case_file.parse(text), [], []
    terminals = has_terminals()
    for step in case.setup:
        runner.prepare(*step)
    for run in case.runs:
        if not terminals and any(word == "terminal" for word, _ in run.settings):
            runner.skipped += 1
            outcomes.append(None)
            continue
        try:
            outcome = runner.run(run)
        except subprocess.TimeoutExpired:
            return problems + [f"line {run.line}: still running after {TIMEOUT} s"]
        outcomes.append(outcome)
        checks = run.checks
        if not any(word == "exit" for _, word, _ in checks):
            checks = [(run.line, "exit", "0")] + checks
        for number, word, rest in checks:
            try:
                problem = case_checks.check(word, runner.fill(rest), outcome, outcomes)
            except (KeyError, IndexError, TypeError, ValueError, OSError) as error:
                problem = f"cannot be checked: {error!r}; stdout {outcome.stdout[:400]!r}"
            if problem:
                problems.append(f"line {number}: {problem}\n    standard error: {outcome.stderr[-600:]!r}")
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--source", required=True, help="root of the checkout")
    parser.add_argument("case", nargs="+")
    arguments = parser.parse_args()
    failed = skipped = 0
    for name in arguments.case:
        with tempfile.TemporaryDirectory(prefix="ascribo-case-") as folder:
            runner = Runner(os.path.abspath(arguments.program), os.path.abspath(arguments.source), folder)
            problems = run_case(pathlib.Path(name).read_text(encoding="utf-8"), runner)
        for problem in problems:
            print(f"{name}: {problem}")
        failed += bool(problems)
        skipped += runner.skipped
    if skipped:
        print(f"{skipped} runs skipped: this system has no pseudo-terminals (is /dev/pts mounted?)")
    return 1 if failed else SKIPPED if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
