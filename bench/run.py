#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times Ascribo beside the established Python libraries on the same work, in one sitting.

Every task first checks that both sides computed the same numbers; then the two programs run in
turn, and the ratio of each pair is kept, so that a machine whose speed drifts does not decide.
Ascribo is timed from outside, whole process, start and loading included; the peer's own seconds
leave out its start (5 to 15 s), and it has the batch size that is fastest for it.

    python3 bench/run.py --peers DIR --python VENV/bin/python --models DIR [--tasks ...] [--rounds 3]

--peers is the folder with the peers' bench.py; --models the folder with bert-base (made by the
models.py beside it). Results are printed as a table and written as JSON with --output.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
THREADS = "2"

# Ten sentences of one length in tokens (30 with BERT's uncased vocabulary), so that every run sees
# texts it has not seen before: the words of one review in different orders.
WORDS = ("although the cast tries hard and a few scenes are genuinely funny , the script never "
         "quite finds a reason to exist and the ending is worse").split()


def texts(count):
    """Distinct texts of the same length: rotations of the words, then a full stop."""
    step = 5
    return [" ".join(WORDS[(i * step) % len(WORDS):] + WORDS[:(i * step) % len(WORDS)]) + " ."
            for i in range(count)]


class Task:
    """What to compare: the peer's task name, Ascribo's arguments, how many texts at once."""

    def __init__(self, name, peer_task, model, arguments, count, reach):
        self.name, self.peer_task, self.model = name, peer_task, model
        self.arguments, self.count, self.reach = arguments, count, reach


IG = ["--method", "integrated_gradients", "--steps", "50", "--rule", "gauss_legendre",
      "--baseline", "pad", "--unit", "all_tokens", "--special", "keep"]
TASKS = [
    Task("ig/bert-base", "dataset-ig", "bert-base", IG, 4, 1.2),
    Task("ig/sst2-minilm", "dataset-ig", "sst2-minilm", IG, 20, 1.2),
    Task("occlusion/bert-base", "occlusion", "bert-base",
         ["--method", "occlusion", "--unit", "word"], 1, 1.25),
    Task("cold/sst2-minilm", "cold", "sst2-minilm", IG, 1, 100),
]


def run(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stderr}")
    return seconds, done.stdout


def ours(task, model, folder, program):
    """Wall seconds per text of a whole process, and the scores."""
    rows = folder / "texts.tsv"
    output = folder / "ours.jsonl"
    if task.name.startswith(("cold", "occlusion")):
        count = 1 if task.name.startswith("cold") else 8
        source = ([texts(1)[0]] if task.name.startswith("cold") else None)
    else:
        count, source = task.count, None
    if source is None:
        write_rows(rows, texts(count))
        source = ["--input", rows]
    command = [program, "explain", *source, "--model", model, "--threads", THREADS, "--json",
               *task.arguments, "--output", output]
    seconds, _ = run(command)
    lines = [json.loads(line) for line in output.read_text("utf8").splitlines()]
    return seconds / count, [line["attributions"][0]["scores"] for line in lines]


def write_rows(path, sentences):
    path.write_text("sentence\tlabel\n" + "".join(f"{s}\t0\n" for s in sentences), "utf8")


def peer(task, model, folder, options):
    saved = folder / "peer.json"
    command = [options.python, options.peers / "bench.py", task.peer_task, "--model", model,
               "--threads", THREADS, "--repeat", str(options.repeat), "--text", texts(1)[0]]
    if task.peer_task != "cold":
        command += ["--save", saved]
    if task.peer_task == "dataset-ig":
        rows = folder / "peer.tsv"
        write_rows(rows, texts(task.count))
        command += ["--data", rows, "--limit", str(task.count)]
    _, printed = run(command)
    seconds = json.loads(printed.strip().splitlines()[-1])["seconds"] / task.count
    values = json.loads(saved.read_text()) if saved.exists() else None
    if task.peer_task == "dataset-ig":
        values = [text[0] for text in values]
    elif task.peer_task == "occlusion":
        scores = values["scores"]
        values = [scores[0] if isinstance(scores[0], list) else scores]
    return seconds, values


def largest_difference(mine, theirs):
    """Largest difference relative to the largest magnitude, over the texts both have."""
    worst = 0.0
    for a, b in zip(mine, theirs):
        if len(a) != len(b):
            sys.exit(f"results of different length: {len(a)} and {len(b)}")
        top = max(abs(x) for x in b)
        worst = max(worst, max(abs(x - y) for x, y in zip(a, b)) / top)
    return worst


def in_single_precision(source, folder, python):
    """A copy of a checkpoint with fp32 weights: the peers would compute in the half precision
    that the shipped model is stored in, slower and with other results."""
    copy = folder / source.name
    shutil.copytree(source, copy)
    run([python, "-c", "import sys, transformers as t; "
         "t.AutoModelForSequenceClassification.from_pretrained(sys.argv[1]).float()"
         ".save_pretrained(sys.argv[1])", copy])
    return copy


def measure(task, options):
    pairs, difference = [], None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = (in_single_precision(HOUSE / "models" / task.model, folder, options.python)
                 if task.model == "sst2-minilm" else options.models / task.model)
        for _ in range(options.rounds):
            theirs, expected = peer(task, model, folder, options)
            mine, scores = min((ours(task, model, folder, options.program)
                                for _ in range(options.repeat)), key=lambda pair: pair[0])
            if expected is not None:
                difference = largest_difference(scores, expected)
                if difference > 1e-3:
                    sys.exit(f"{task.name}: results differ by {difference:.1e}; no timing counts")
            pairs.append((mine, theirs))
    ratios = sorted(theirs / mine for mine, theirs in pairs)
    return {"task": task.name, "seconds": min(p[0] for p in pairs),
            "peer_seconds": min(p[1] for p in pairs), "ratio": statistics.median(ratios),
            "ratio_min": ratios[0], "ratio_max": ratios[-1], "reach": task.reach,
            "difference": difference}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=HOUSE.parent / "shared" / "peers")
    parser.add_argument("--python", default=os.environ.get("ASCRIBO_PEER_PYTHON", sys.executable))
    parser.add_argument("--models", type=Path,
                        default=Path(os.environ.get("ASCRIBO_FULL_MODELS", "models")))
    parser.add_argument("--program", type=Path, default=HOUSE / "build/release/ascribo")
    parser.add_argument("--tasks", nargs="*", help=", ".join(t.name for t in TASKS))
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side in a pair")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    if not (options.peers / "bench.py").exists():
        sys.exit(f"no bench.py in {options.peers}: name the peers' folder with --peers")
    results = []
    print(f"{'task':22} {'ours s':>8} {'peer s':>8} {'ratio':>6} {'spread':>13} {'reach':>6}"
          f" {'difference':>10}")
    for task in TASKS:
        if options.tasks and task.name not in options.tasks:
            continue
        r = measure(task, options)
        results.append(r)
        gap = "-" if r["difference"] is None else f"{r['difference']:.1e}"
        print(f"{r['task']:22} {r['seconds']:8.3f} {r['peer_seconds']:8.3f} {r['ratio']:6.2f}"
              f" {r['ratio_min']:6.2f}-{r['ratio_max']:<6.2f} {r['reach']:6.2f} {gap:>10}",
              flush=True)
    if options.output:
        options.output.write_text(json.dumps(
            {"machine": platform.processor() or platform.machine(), "threads": int(THREADS),
             "results": results}, indent=1) + "\n")


if __name__ == "__main__":
    main()
