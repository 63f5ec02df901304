#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures how Ascribo's cost grows with the text, the work asked for and the threads.

    python3 bench/scale.py --models DIR --output scale.json

Each curve stands beside the law that its work follows: products grow with the tokens, attention
with their square, methods with their runs.
"""
import argparse
import json
import subprocess
from pathlib import Path

from tasks import REVIEW, WRITTEN, long_text

HOUSE = Path(__file__).resolve().parent.parent


def seconds(options, model, arguments, repeat=3):
    """Of the explanation itself, the least of a few runs."""
    best = None
    for _ in range(repeat):
        done = subprocess.run([options.program, "explain", "--model", model, "--json", *arguments],
                              capture_output=True, text=True, check=True)
        spent = json.loads(done.stdout.splitlines()[0])["cost"]["seconds"]
        best = spent if best is None else min(best, spent)
    return best


def curves(options):
    bert, gpt2 = options.models / "bert-base", options.models / "gpt2"
    steps = ["--method", "integrated_gradients", "--rule", "gauss_legendre", "--threads", "2"]
    # Of a layer of width h over n tokens: 24 n h^2 for products, 4 n^2 h for attention.
    work = lambda n: n * (24 * 768 + 4 * n)  # noqa: E731
    yield ("integrated_gradients, text length", "tokens", "products plus attention",
           [(n, work(n), bert, [long_text(n), *steps, "--steps", "20"])
            for n in (16, 32, 64, 128, 256, 512)])
    yield ("integrated_gradients, steps", "steps", "linear",
           [(n, n, bert, [long_text(30), *steps, "--steps", str(n)]) for n in (10, 20, 50, 100, 200)])
    yield ("kernel_shap, samples", "samples", "linear",
           [(n, n, bert, [long_text(30), "--method", "kernel_shap", "--samples", str(n), "--threads",
                          "2"]) for n in (50, 100, 200, 400)])
    # Of 28 tokens each is replaced once, and all that follows runs anew; every target asks for the
    # vocabulary: weights times rows.
    runs = lambda n: 85e6 * sum(28 - i + n for i in range(28)) + 28 * n * 768 * 50257  # noqa: E731
    yield ("occlusion of a prompt, written tokens", "targets", "tokens that run",
           [(10 * n, runs(10 * n), gpt2, [REVIEW, "--continue", WRITTEN * n, "--method",
                                          "occlusion", "--attribute", "prompt", "--threads", "2"])
            for n in (1, 3, 6)])
    yield ("integrated_gradients, threads", "threads", "inverse",
           [(n, 1 / n, bert, [long_text(30), *steps[:-2], "--steps", "50", "--threads", str(n)])
            for n in (1, 2)])
    sst2 = HOUSE / "models/sst2-minilm"
    sizes = [(sst2, 21.3e6 - 11.9e6), (bert, 85.6e6)]  # weights of the layers
    yield ("integrated_gradients, model", "million weights", "linear",
           [(round(w / 1e6), w, m, [long_text(30), *steps, "--steps", "50"]) for m, w in sizes])


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", type=Path, required=True)
    parser.add_argument("--program", type=Path, default=HOUSE / "build/release/ascribo")
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()
    found = []
    for name, axis, law, points in curves(options):
        measured = [(x, work, seconds(options, model, arguments))
                    for x, work, model, arguments in points]
        unit = measured[0][2] / measured[0][1]
        found.append({"name": name, "axis": axis, "law": law,
                      "points": [{"x": x, "seconds": s, "law": unit * work}
                                 for x, work, s in measured]})
        print(name, [(p["x"], round(p["seconds"], 3), round(p["law"], 3))
                     for p in found[-1]["points"]], flush=True)
        options.output.write_text(json.dumps({"curves": found}, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
