#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times `ascribo compare` beside interpreto: six methods under insertion and deletion.

    python3 bench/compare/run.py --python VENV/bin/python --data dev.tsv [--texts 100] [--rounds 3]

Both use interpreto's recipes. Means of the methods without draws must be equal before a time
counts; the two run in turn, and the ratio of each pair is kept. Ascribo is timed from outside,
start and loading included; the peer's seconds leave out its start, and its batch is the fastest of
those tried.
"""
import argparse
import json
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HOUSE = pathlib.Path(__file__).resolve().parent.parent.parent
METHODS = ["occlusion", "lime", "kernel_shap", "saliency", "integrated_gradients", "smooth_grad"]
EQUAL = ["occlusion", "saliency", "integrated_gradients"]
REACH = 2.5


def run(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stderr}")
    return time.perf_counter() - start, done.stdout


def ours(options, data):
    seconds, printed = run([options.program, "compare", "--model", options.model, "--input", data,
                            "--text-column", "sentence", "--method", ",".join(METHODS),
                            "--metric", "insertion,deletion", "--compat", "interpreto",
                            "--threads", str(options.threads), "--json"])
    means = {row["method"]: {cell["metric"]: cell["mean"] for cell in row["metrics"]}
             for row in json.loads(printed)["rows"] if row["ranking"] == "method"}
    return seconds, means


def theirs(options, data, batch):
    script = pathlib.Path(__file__).with_name("interpreto_compare.py")
    _, printed = run([options.python, script, "--model", options.model, "--data", data,
                      "--batch", str(batch), "--threads", str(options.threads)])
    found = json.loads(printed.strip().splitlines()[-1])
    return found["seconds"], found["methods"]


def check(mine, peers):
    for method in EQUAL:
        for metric in ("insertion", "deletion"):
            a, b = mine[method][metric], peers[method][metric]
            if abs(a - b) > 1e-3:
                sys.exit(f"{method}, {metric}: {a:.5f} and {b:.5f}; no timing counts")


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", required=True)
    parser.add_argument("--data", required=True, type=pathlib.Path)
    parser.add_argument("--model", type=pathlib.Path, default=HOUSE / "models/sst2-minilm")
    parser.add_argument("--program", type=pathlib.Path, default=HOUSE / "build/release/ascribo")
    parser.add_argument("--texts", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    lines = options.data.read_text("utf8").splitlines()[:options.texts]
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "texts.tsv"
        data.write_text("sentence\tlabel\n" + "".join(f"{line}\n" for line in lines), "utf8")
        batch = min((4, 16, 64), key=lambda size: theirs(options, data, size)[0])
        pairs = []
        for _ in range(options.rounds):
            peer_seconds, peers = theirs(options, data, batch)
            seconds, mine = ours(options, data)
            check(mine, peers)
            pairs.append((seconds, peer_seconds))
    ratio = statistics.median(b / a for a, b in pairs)
    print(f"compare, {len(lines)} texts: {min(a for a, _ in pairs):.1f} s, interpreto (batch {batch}) "
          f"{min(b for _, b in pairs):.1f} s, ratio {ratio:.2f} (to reach: {REACH})")


if __name__ == "__main__":
    main()
