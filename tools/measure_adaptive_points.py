#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""How many points adaptive integrated gradients takes, and how far its scores are from the truth.

Usage: tools/measure_adaptive_points.py PROGRAM DATASET [--texts N] [--tolerance R] [FLAG...]
Explains N texts spread over the data set (the first column of a tsv file), adaptively and with 200
Gauss-Legendre points, and prints mean and largest number of points, the largest |delta| as a share
of the change of score and how many are larger than the tolerance, and the errors of the tokens'
scores as a share of each text's largest score. Further flags are passed to `ascribo explain`.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile


def explain(program, rows, flags):
    done = subprocess.run([program, "explain", "--input", rows, "--unit", "all_tokens", *flags],
                          check=True, capture_output=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def spread(path, count):
    """`count` texts at equal distances."""
    texts = [line.split("\t")[0] for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [texts[i * len(texts) // count] for i in range(count)]


def share(values, part):
    return sorted(values)[min(len(values) - 1, int(part * len(values)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("dataset", type=pathlib.Path)
    parser.add_argument("--texts", type=int, default=100)
    parser.add_argument("--tolerance", default="0.01")
    arguments, flags = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder) / "rows.txt"
        rows.write_text("\n".join(spread(arguments.dataset, arguments.texts)) + "\n",
                        encoding="utf-8")
        adaptive = explain(arguments.program, rows, ["--tolerance", arguments.tolerance, *flags])
        exact = explain(arguments.program, rows, ["--steps", "200", *flags])
    points, deltas, errors, limited = [], [], [], 0
    for found, expected in zip(adaptive, exact, strict=True):
        points.append(found["method"]["options"]["steps"])
        limited += any(note.startswith("tolerance:") for note in found["notes"])
        for one, true in zip(found["attributions"], expected["attributions"], strict=True):
            change = max(abs(one["value"] - one["baseline_value"]), 0.01)
            deltas.append(abs(one["delta"]) / change)
            worst = max(abs(a - b) for a, b in zip(one["scores"], true["scores"], strict=True))
            errors.append(worst / max(abs(score) for score in true["scores"]))
    print(f"{len(points)} texts at {arguments.tolerance}: {statistics.mean(points):.1f} points in "
          f"the mean, median {statistics.median(points):.0f}, largest {max(points)}; "
          f"{limited} stopped before all errors along the path were within it")
    beyond = sum(delta > float(arguments.tolerance) for delta in deltas)
    print(f"largest |delta| {100 * max(deltas):.2f} % of the change of score; of {beyond} texts it is "
          "larger than the tolerance")
    print(f"largest token error, of a text's largest score: median {100 * share(errors, .5):.2f} %, "
          f"nine in ten {100 * share(errors, .9):.2f} %, worst {100 * max(errors):.2f} %")


if __name__ == "__main__":
    main()
