#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times `ascribo compare` beside interpreto: six methods under insertion and deletion.

    python3 bench/compare/run.py --python VENV/bin/python --data dev.tsv [--texts 100] [--rounds 3]
        [--precisions fp32 bf16x3]

Both use interpreto's recipes: equal numbers of samples, points and steps. Means of the methods
without draws must be equal before a time counts; the two run in turn, and the ratio of each pair
is kept. Ascribo is timed from outside, start and loading included, and in every run anew; the peer
is opened once, before any time is taken, and its batch is the fastest of those tried. What is
happening is said on standard error.
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
BATCHES = (1, 4, 16, 64)
REACH = 2.5


def say(text):
    print(text, file=sys.stderr, flush=True)


class Peer:
    """interpreto in a process of its own, which answers a question per line."""

    def __init__(self, options, data):
        script = pathlib.Path(__file__).with_name("interpreto_compare.py")
        self.process = subprocess.Popen(
            [options.python, script, "--model", options.model, "--data", data,
             "--threads", str(options.threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        say("opening interpreto")
        self.read()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("interpreto ended; what it said is above")
        return json.loads(line)

    def ask(self, batch, texts):
        self.process.stdin.write(json.dumps({"batch": batch, "texts": texts}) + "\n")
        self.process.stdin.flush()
        found = self.read()
        return sum(found["seconds"].values()), found["methods"]

    def close(self):
        self.process.stdin.close()
        self.process.wait()

    def best_batch(self, texts):
        """The fastest on the first texts; each is run once before, so that nothing is new."""
        seconds = {}
        for batch in BATCHES:
            seconds[batch] = min(self.ask(batch, texts)[0] for _ in range(2))
            say(f"interpreto, {texts} texts, batch {batch}: {seconds[batch]:.2f} s")
        return min(seconds, key=seconds.get)


def ours(options, data, precision):
    command = [options.program, "compare", "--model", options.model, "--input", data,
               "--text-column", "sentence", "--method", ",".join(METHODS),
               "--metric", "insertion,deletion", "--compat", "interpreto",
               "--precision", precision, "--threads", str(options.threads), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{done.stderr}")
    means = {row["method"]: {cell["metric"]: cell["mean"] for cell in row["metrics"]}
             for row in json.loads(done.stdout)["rows"] if row["ranking"] == "method"}
    return seconds, means


def check(mine, peers):
    for method in EQUAL:
        for metric in ("insertion", "deletion"):
            a, b = mine[method][metric], peers[method][metric]
            if abs(a - b) > 1e-3:
                sys.exit(f"{method}, {metric}: {a:.5f} and {b:.5f}; no timing counts")


def table(mine, peers):
    """Means of both, so that a reader sees that they are of the same."""
    lines = ["| method | insertion | interpreto's | deletion | interpreto's |",
             "|---|---|---|---|---|"]
    for method in METHODS:
        cells = [f"{found[method][metric]:.3f}" for metric in ("insertion", "deletion")
                 for found in (mine, peers)]
        lines.append(f"| {method} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


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
    parser.add_argument("--precisions", nargs="+", default=["fp32"],
                        help="of Ascribo; interpreto computes in fp32")
    options = parser.parse_args()
    lines = options.data.read_text("utf8").splitlines()[:options.texts]
    with tempfile.TemporaryDirectory() as folder:
        data = pathlib.Path(folder) / "texts.tsv"
        data.write_text("sentence\tlabel\n" + "".join(f"{line}\n" for line in lines), "utf8")
        peer = Peer(options, data)
        batch = peer.best_batch(min(10, len(lines)))
        pairs, means = {precision: [] for precision in options.precisions}, {}
        for turn in range(options.rounds):
            peer_seconds, peers = peer.ask(batch, len(lines))
            for precision in options.precisions:
                seconds, means[precision] = ours(options, data, precision)
                check(means[precision], peers)
                pairs[precision].append((seconds, peer_seconds))
                say(f"round {turn + 1}, {precision}: {seconds:.2f} s, interpreto "
                    f"{peer_seconds:.2f} s, ratio {peer_seconds / seconds:.2f}")
        peer.close()
    for precision in options.precisions:
        ratios = sorted(b / a for a, b in pairs[precision])
        own, theirs = (min(times) for times in zip(*pairs[precision]))
        print(f"compare, {len(lines)} texts, {options.threads} threads, {precision}: {own:.2f} s, "
              f"interpreto (batch {batch}) {theirs:.2f} s, {statistics.median(ratios):.2f} times as "
              f"fast ({ratios[0]:.2f} to {ratios[-1]:.2f}; to reach: {REACH})\n\n"
              f"{table(means[precision], peers)}\n")


if __name__ == "__main__":
    main()
