#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What a call from Python costs over the engine, and a list of texts beside the command line.

    PYTHONPATH=build/release/python python3 bench/python_overhead.py [--texts FILE] [--rounds 5]

The first table is of one sentence at a time: the whole call, and what of it the engine accounts for (the
result's cost.seconds, so that the difference also holds what the engine does around its work: an upper
bound). The second is of all texts of a file (tsv with a column `sentence`; --texts): a list in Python, the
package imported and the model opened before, beside `ascribo explain --input`, start and opening
included, in turn; seconds of wall clock and of processor time.
"""
import argparse
import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

import ascribo
from ascribo.command import environment, program

SENTENCE = "a gripping, funny film that never loses its nerve."
METHODS = ["saliency", "integrated_gradients", "occlusion", "lime"]
CALLS = 30


def overhead(model, method):
    """Milliseconds of a call, and of the engine in it: medians over calls."""
    whole, engine = [], []
    model.explain(SENTENCE, method)
    for _ in range(CALLS):
        start = time.perf_counter()
        found = model.explain(SENTENCE, method)
        whole.append(time.perf_counter() - start)
        engine.append(found.cost.seconds)
    over = statistics.median(a - b for a, b in zip(whole, engine))
    return 1e3 * statistics.median(whole), 1e3 * over


def cpu(who):
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def timed(who, action):
    """Wall and processor seconds."""
    start, used = time.perf_counter(), cpu(who)
    action()
    return time.perf_counter() - start, cpu(who) - used


def list_beside_program(model, file, method, rounds):
    with open(file, encoding="utf-8") as lines:
        texts = [row["sentence"] for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)]
    folder = model.info.path
    print(f"{len(texts)} texts, {method}: seconds of wall clock (processor)")
    with tempfile.TemporaryDirectory() as out:
        command = [program(), "explain", "--model", str(folder), "--input", file, "--text-column", "sentence",
                   "--method", method, "--output", os.path.join(out, "out.jsonl")]

        def run_program():
            subprocess.run(command, check=True, env=environment(), stderr=subprocess.DEVNULL)

        def run_list():
            model.explain(texts, method, progress=False)

        ratios = []
        for _ in range(rounds):
            ours = timed(resource.RUSAGE_SELF, run_list)
            theirs = timed(resource.RUSAGE_CHILDREN, run_program)
            ratios.append(ours[1] / theirs[1])
            print(f"  Python {ours[0]:.2f} ({ours[1]:.2f})   program {theirs[0]:.2f} ({theirs[1]:.2f})")
        print(f"  processor time, Python over program: {statistics.median(ratios):.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", help="a checkpoint; by default the one that ships")
    parser.add_argument("--texts", help="a tsv with a column sentence, such as SST-2's dev.tsv")
    parser.add_argument("--method", default="integrated_gradients")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with ascribo.load(options.model) as model:
        print("one sentence: milliseconds of a call, and what of it is not the engine's")
        for method in METHODS:
            whole, over = overhead(model, method)
            print(f"  {method:22}{whole:8.2f}{over:8.3f}")
        if options.texts:
            list_beside_program(model, options.texts, options.method, options.rounds)


if __name__ == "__main__":
    sys.exit(main())
