#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Times Ascribo beside the established Python libraries on the same work, in one sitting.

Every task first checks that both sides computed the same numbers; then the two programs run in
turn, and the ratio of each pair is kept, so that a machine whose speed drifts does not decide.
Ascribo is timed from outside, whole process, start and loading included; the peer's own seconds
leave out its start (5 to 15 s), and it has the batch size that is fastest for it. The last tasks
time Ascribo beside itself: work in one request, and the same in several.

    python3 bench/run.py --peers DIR --python VENV/bin/python --models DIR [--tasks ...] [--rounds 3]

--peers is the folder with the peers' bench.py; --models the folder with bert-base and gpt2 (made by the
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


REVIEW = " ".join(WORDS) + " ."  # 28 tokens of GPT-2's
WRITTEN = " and nobody in the audience seemed to care about it"  # 10


def texts(count):
    """Distinct texts of the same length: rotations of the words, then a full stop."""
    step = 5
    return [" ".join(WORDS[(i * step) % len(WORDS):] + WORDS[:(i * step) % len(WORDS)]) + " ."
            for i in range(count)]


class Task:
    """What to compare: the peer's task name, Ascribo's arguments, how many texts at once.

    own_count: texts that Ascribo explains in one process, where the peer times one; masks: whether
    the peer's masks are evaluated; tolerance: the largest difference, relative to the largest
    score, with which a timing counts (None: equal work, other random draws); text and written: a
    prompt and its continuation, each of whose tokens is a target."""

    def __init__(self, name, peer_task, model, arguments, count, reach, own_count=None, masks=False,
                 tolerance=1e-3, data=None, text=None, written=None):
        self.name, self.peer_task, self.model = name, peer_task, model
        self.arguments, self.count, self.reach = arguments, count, reach
        self.own_count, self.masks, self.tolerance = own_count or count, masks, tolerance
        self.data, self.text, self.written = data, text, written


IG = ["--method", "integrated_gradients", "--steps", "50", "--rule", "gauss_legendre",
      "--baseline", "pad", "--unit", "all_tokens", "--special", "keep"]
ADAPTIVE = ["--method", "integrated_gradients", "--baseline", "pad", "--unit", "all_tokens",
            "--special", "keep"]
LIKE_PEER = ["--unit", "word", "--compat", "interpreto"]
TASKS = [
    Task("ig/bert-base", "dataset-ig", "bert-base", IG, 4, 1.2),
    Task("ig/sst2-minilm", "dataset-ig", "sst2-minilm", IG, 20, 1.2),
    Task("occlusion/bert-base", "occlusion", "bert-base",
         ["--method", "occlusion", "--unit", "word"], 1, 1.25, own_count=8),
    Task("cold/sst2-minilm", "cold", "sst2-minilm", ADAPTIVE, 1, 100),
    Task("adaptive/sst2-minilm", "dataset-ig", "sst2-minilm", ADAPTIVE, 100, 2.4, tolerance=0.1,
         data="sst2"),
    Task("lime/bert-base", "lime", "bert-base", ["--method", "lime", *LIKE_PEER], 1, 1.2,
         own_count=4, masks=True),
    Task("kernel_shap/bert-base", "kernel-shap", "bert-base", ["--method", "kernel_shap",
                                                               *LIKE_PEER],
         1, 1.2, own_count=4, masks=True),
    Task("sobol/bert-base", "sobol", "bert-base", ["--method", "sobol", *LIKE_PEER], 1, 2,
         own_count=2, masks=True),
    Task("smooth_grad/bert-base", "smooth-grad", "bert-base",
         ["--method", "smooth_grad", "--samples", "10", "--unit", "word"], 1, 1.2, own_count=8,
         tolerance=None),
    # More targets and longer prompts: the peer runs once for each token of both.
    *(Task(f"gen-occlusion/{prompts}x{targets}", "gen-occlusion", "gpt2",
           ["--method", "occlusion", "--unit", "token", "--attribute", "prompt", "--score",
            "log_probability", "--replace", "token:0"], 1, 30,
           text=" ".join([REVIEW] * prompts), written=WRITTEN * targets)
      for prompts, targets in [(1, 1), (1, 3), (1, 6), (4, 1), (18, 1)]),
    Task("gen-ig", "gen-ig", "gpt2",
         ["--method", "integrated_gradients", "--steps", "50", "--rule", "gauss_legendre",
          "--baseline", "zero", "--score", "logit", "--unit", "all_tokens"], 1, 2.3,
         text=REVIEW, written=WRITTEN),
]


def run(command):
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"failed ({done.returncode}): {' '.join(map(str, command))}\n{done.stderr}")
    return seconds, done.stdout


def sentences_of(task, count, options):
    """The texts of a task: orders of one review's words, or the first of SST-2's development set."""
    if task.data is None:
        return texts(count)
    lines = (options.peers.parent / "data" / task.data / "dev.tsv").read_text("utf8").splitlines()
    return [line.rsplit("\t", 1)[0] for line in lines[:count]]


def ours(task, model, folder, options):
    """Wall seconds per text of a whole process, and the scores."""
    rows = folder / "texts.tsv"
    output = folder / "ours.jsonl"
    if task.written:
        source = [task.text, "--continue", task.written]
    elif task.name.startswith("cold"):
        source = [texts(1)[0]]
    else:
        write_rows(rows, sentences_of(task, task.own_count, options))
        source = ["--input", rows]
    masks = ["--masks", folder / "masks.jsonl"] if task.masks else []
    command = [options.program, "explain", *source, "--model", model, "--threads", THREADS,
               "--json", *task.arguments, *masks, "--output", output]
    seconds, _ = run(command)
    lines = [json.loads(line) for line in output.read_text("utf8").splitlines()]
    if task.written:
        rows = [row["scores"] for row in lines[0]["attributions"]]
        return seconds, [[score for score in row if score is not None] for row in rows]
    return seconds / task.own_count, [line["attributions"][0]["scores"] for line in lines]


def write_rows(path, sentences):
    path.write_text("sentence\tlabel\n" + "".join(f"{s}\t0\n" for s in sentences), "utf8")


def peer(task, model, folder, options):
    saved = folder / "peer.json"
    command = [options.python, options.peers / "bench.py", task.peer_task, "--model", model,
               "--threads", THREADS, "--repeat", str(options.repeat), "--text",
               task.text or texts(1)[0]]
    if task.written:
        command += ["--target", task.written]
    if task.peer_task != "cold":
        command += ["--save", saved]
    if task.peer_task == "dataset-ig":
        rows = folder / "peer.tsv"
        write_rows(rows, sentences_of(task, task.count, options))
        command += ["--data", rows, "--limit", str(task.count)]
    _, printed = run(command)
    seconds = json.loads(printed.strip().splitlines()[-1])["seconds"] / task.count
    values = json.loads(saved.read_text()) if saved.exists() else None
    if task.peer_task == "dataset-ig":
        values = [text[0] for text in values]
    elif task.written:
        pass  # a row for each target
    elif task.peer_task != "cold":
        if task.masks:
            flags = ["".join(map(str, mask)) for mask in values["masks"]]
            row = json.dumps({"masks": flags}) + "\n"
            (folder / "masks.jsonl").write_text(row * task.own_count, "utf8")
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


class OwnTask:
    """Ascribo beside itself: the same work in one request and in several.

    together: its arguments; apart: those of each request that has a part of the work; reach: how
    many times as long as together all parts must take. What is apart runs over the same texts."""

    def __init__(self, name, model, together, apart, count, reach, rows=None):
        self.name, self.model, self.together, self.apart = name, model, together, apart
        self.count, self.reach, self.rows = count, reach, rows


SAMPLED = ["occlusion", "lime", "kernel_shap", "shapley_sampling"]
FIFTY = ["--method", "integrated_gradients", "--steps", "50"]
OWN_TASKS = [
    OwnTask("four_methods/bert-base", "bert-base", ["--method", ",".join(SAMPLED)],
            [["--method", each] for each in SAMPLED], 2, 1.0),
    # Each class a text of its own in one file: no start of a process is counted.
    OwnTask("fifty_classes/fifty-classes", "fifty-classes", [*FIFTY, "--target", "all"], [FIFTY],
            1, 1 / 0.55, rows=[f"#{k}" for k in range(50)]),
]


def own_run(arguments, rows, model, folder, options):
    source, output = folder / "rows.jsonl", folder / "ours.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    seconds, _ = run([options.program, "explain", "--input", source, "--model", model, "--threads",
                      THREADS, "--unit", "word", *arguments, "--output", output])
    found = {}
    for line in map(json.loads, output.read_text("utf8").splitlines()):
        for each in line["attributions"]:
            found[line["input"]["text"], line["method"]["name"], each["index"]] = each["scores"]
    return seconds, found


def measure_own(task, options):
    """Ratios of pairs: all parts one after another, and the whole."""
    pairs, model = [], options.models / task.model
    plain = [{"text": text} for text in texts(task.count)]
    parts = [{**row, "target": target} for row in plain for target in task.rows or []] or plain
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.rounds):
            whole, together = own_run(task.together, plain, model, Path(name), options)
            seconds, apart = 0.0, {}
            for arguments in task.apart:
                each, found = own_run(arguments, parts, model, Path(name), options)
                seconds += each
                apart.update(found)
            if together.keys() != apart.keys():
                sys.exit(f"{task.name}: the parts are not the whole; no timing counts")
            difference = max(largest_difference([together[key]], [apart[key]]) for key in apart)
            if difference > 1e-4:
                sys.exit(f"{task.name}: results differ by {difference:.1e}; no timing counts")
            pairs.append((whole, seconds))
    ratios = sorted(apart / whole for whole, apart in pairs)
    return {"task": task.name, "seconds": min(p[0] for p in pairs),
            "peer_seconds": min(p[1] for p in pairs), "ratio": statistics.median(ratios),
            "ratio_min": ratios[0], "ratio_max": ratios[-1], "reach": task.reach,
            "difference": difference}


def measure(task, options):
    pairs, difference = [], None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = (in_single_precision(HOUSE / "models" / task.model, folder, options.python)
                 if task.model == "sst2-minilm" else options.models / task.model)
        for _ in range(options.rounds):
            theirs, expected = peer(task, model, folder, options)
            mine, scores = min((ours(task, model, folder, options)
                                for _ in range(options.repeat)), key=lambda pair: pair[0])
            if expected is not None and task.tolerance is not None:
                difference = largest_difference(scores, expected)
                if difference > task.tolerance:
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
    parser.add_argument("--tasks", nargs="*",
                        help=", ".join(t.name for t in [*TASKS, *OWN_TASKS]))
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side in a pair")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    tasks = [task for task in [*TASKS, *OWN_TASKS]
             if not options.tasks or task.name in options.tasks]
    own = all(isinstance(task, OwnTask) for task in tasks)
    if not own and not (options.peers / "bench.py").exists():
        sys.exit(f"no bench.py in {options.peers}: name the peers' folder with --peers")
    results = []
    print(f"{'task':22} {'ours s':>8} {'peer s':>8} {'ratio':>6} {'spread':>13} {'reach':>6}"
          f" {'difference':>10}")
    for task in tasks:
        r = (measure_own if isinstance(task, OwnTask) else measure)(task, options)
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
