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
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import describe
from tasks import (GENERATE_TASKS, OWN_TASKS, REVIEW, TASKS, TRAIN_TASKS, GenerateTask, OwnTask,
                   TrainTask, texts)

HOUSE = Path(__file__).resolve().parent.parent
THREADS = "2"
PRECISIONS = ["bf16", "bf16x3"]
ALL = [*TASKS, *GENERATE_TASKS, *TRAIN_TASKS, *OWN_TASKS]


def run(command):
    seconds, printed, _ = run_measured(command)
    return seconds, printed


def run_measured(command):
    """Wall seconds, what was printed, and the peak of resident memory in MiB."""
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=printed, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        printed.seek(0)
        errors.seek(0)
        if child.returncode != 0:
            sys.exit(f"failed ({child.returncode}): {' '.join(map(str, command))}\n{errors.read()}")
        return seconds, printed.read(), usage.ru_maxrss // 1024


def sentences_of(task, count, options):
    """The texts of a task: orders of one review's words, or the first of SST-2's development set."""
    if task.data is None:
        return texts(count, task.text or REVIEW)
    lines = (options.peers.parent / "data" / task.data / "dev.tsv").read_text("utf8").splitlines()
    return [line.rsplit("\t", 1)[0] for line in lines[:count]]


def ours(task, model, folder, options, more=()):
    """Wall seconds per text of a whole process, the scores, and its memory in MiB."""
    count = task.own_count
    rows = folder / "texts.tsv"
    output = folder / "ours.jsonl"
    if task.written:
        rows = folder / "prompts.jsonl"
        rows.write_text("".join(json.dumps({"text": prompt, "continuation": task.written}) + "\n"
                                for prompt in texts(count, task.text)), "utf8")
        source = ["--input", rows]
    elif task.name.startswith("cold"):
        source = [texts(1)[0]]
    else:
        write_rows(rows, sentences_of(task, count, options))
        source = ["--input", rows]
    masks = []
    if task.masks:  # the peer's, for every text
        (folder / "all-masks.jsonl").write_text((folder / "masks.jsonl").read_text("utf8") * count, "utf8")
        masks = ["--masks", folder / "all-masks.jsonl"]
    command = [options.program, "explain", *source, "--model", model, "--threads", THREADS,
               "--json", *task.arguments, *masks, *more, "--output", output]
    seconds, _, memory = run_measured(command)
    lines = [json.loads(line) for line in output.read_text("utf8").splitlines()]
    if task.written:
        rows = [row["scores"] for row in lines[0]["attributions"]]
        return seconds / count, [[score for score in row if score is not None] for row in rows], memory
    scores = [line["attributions"][0]["scores"] for line in lines]
    return seconds / count, scores, memory


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
    told = json.loads(printed.strip().splitlines()[-1])
    seconds = told["seconds"] / task.count
    values = json.loads(saved.read_text()) if saved.exists() else None
    if task.peer_task == "dataset-ig":
        values = [text[0] for text in values]
    elif task.written:
        pass  # a row for each target
    elif task.peer_task != "cold":
        if task.masks:
            flags = ["".join(map(str, mask)) for mask in values["masks"]]
            row = json.dumps({"masks": flags}) + "\n"
            (folder / "masks.jsonl").write_text(row, "utf8")
        scores = values["scores"]
        values = [scores[0] if isinstance(scores[0], list) else scores]
    if task.truth:
        _, printed = run([options.python, Path(__file__).parent / task.truth, model, task.text,
                          task.written])
        values = json.loads(printed)
    return seconds, values, told.get("peak_rss_mib")


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


def summary(task, pairs, difference, **more):
    """Of pairs of seconds, ours and theirs."""
    ratios = sorted(theirs / mine for mine, theirs in pairs)
    return {"task": task.name, "seconds": min(p[0] for p in pairs),
            "peer_seconds": min(p[1] for p in pairs), "ratio": statistics.median(ratios),
            "ratio_min": ratios[0], "ratio_max": ratios[-1], "reach": task.reach,
            "difference": difference, **more}


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
    return summary(task, pairs, difference)


def written(task, count, model, folder, options):
    """Seconds of a whole process, the prompt's ids and those written after it."""
    output = folder / "written.jsonl"
    seconds, _ = run([options.program, "generate", "--model", model, "--max-new-tokens", str(count),
                      "--ignore-eos", "--sample", "no", "--threads", THREADS, "--output", output,
                      task.prompt])
    line = json.loads(output.read_text("utf8"))
    return seconds, line["input_ids"], line["output"]["ids"]


def measure_generate(task, options):
    """Ratios of pairs; what a process takes for one token is not counted on either side."""
    pairs, model = [], options.models / task.model
    with tempfile.TemporaryDirectory() as name:
        for _ in range(options.rounds):
            runs = [(written(task, 1, model, Path(name), options),
                     written(task, task.count, model, Path(name), options))
                    for _ in range(options.repeat)]
            mine = min(whole[0] for _, whole in runs) - min(one[0] for one, _ in runs)
            _, prompt, ids = runs[0][1]
            _, printed = run([options.python, Path(__file__).parent / "generate_peer.py", model,
                              THREADS, str(task.count), *map(str, prompt)])
            told = json.loads(printed)
            if told["ids"] != ids:
                sys.exit(f"{task.name}: other tokens are written; no timing counts")
            pairs.append((mine / (task.count - 1), told["seconds"]))
    return summary(task, pairs, 0)


def trained(task, precision, rows, model, folder, options):
    """Seconds of a whole process, saving included, and of the Trainer alone; both memories."""
    few = folder / "few.tsv"
    few.write_text("".join(rows.read_text("utf8").splitlines(keepends=True)[:9]), "utf8")
    seconds, _, memory = run_measured(
        [options.program, "train", "--model", model, "--train", rows, "--dev", few, "--epochs", "1",
         "--batch", "32", "--precision", precision, "--threads", THREADS, "--output",
         folder / "trained", "--overwrite"])
    _, printed = run([options.python, options.peers / "bench.py", "train", "--model", model,
                      "--threads", THREADS, "--data", rows, "--limit", str(task.count),
                      *(["--bf16"] if precision == "bf16" else [])])
    told = json.loads(printed.strip().splitlines()[-1])
    return seconds, told["seconds"], memory, told["peak_rss_mib"]


def measure_train(task, options):
    model = HOUSE / "models" / task.model
    source = options.peers.parent / "data" / task.data / "train.tsv"
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model, rows = in_single_precision(model, folder, options.python), folder / "rows.tsv"
        rows.write_text("".join(source.read_text("utf8").splitlines(keepends=True)[:1 + task.count]),
                        "utf8")
        for precision in ["fp32", *(["bf16"] if "bf16" in options.precisions else [])]:
            found[precision] = [trained(task, precision, rows, model, folder, options)
                                for _ in range(options.rounds)]
    runs = found["fp32"]
    result = summary(task, [run[:2] for run in runs], None, memory_mib=max(r[2] for r in runs),
                     peer_memory_mib=max(r[3] for r in runs))
    if "bf16" in found:
        ratios = [theirs / mine for mine, theirs, *_ in found["bf16"]]
        result["bf16"] = {"ratio": statistics.median(ratios), "ratio_min": min(ratios),
                          "ratio_max": max(ratios), "deviation": None, "reach": task.bf16_reach}
    return result


def measure(task, options):
    pairs, difference, memory = [], None, [0, 0]
    rounded = {precision: [] for precision in options.precisions if task.bf16_reach}
    deviation = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = (in_single_precision(HOUSE / "models" / task.model, folder, options.python)
                 if task.model == "sst2-minilm" else options.models / task.model)
        for _ in range(options.rounds):
            theirs, expected, peer_memory = peer(task, model, folder, options)
            mine, scores, own_memory = min(
                (ours(task, model, folder, options) for _ in range(options.repeat)),
                key=lambda each: each[0])
            if expected is not None and task.tolerance is not None:
                difference = largest_difference(scores, expected)
                if difference > task.tolerance:
                    sys.exit(f"{task.name}: results differ by {difference:.1e}; no timing counts")
            pairs.append((mine, theirs))
            memory = [max(memory[0], own_memory), max(memory[1], peer_memory or 0)]
            for precision, ratios in rounded.items():
                more = ["--precision", precision, "--spot-check", "0"]
                fast, coarse, _ = min((ours(task, model, folder, options, more)
                                       for _ in range(options.repeat)), key=lambda each: each[0])
                ratios.append(theirs / fast)
                deviation[precision] = largest_difference(coarse, scores)
    result = summary(task, pairs, difference, memory_mib=memory[0], peer_memory_mib=memory[1])
    for precision, ratios in rounded.items():
        result[precision] = {"ratio": statistics.median(ratios), "ratio_min": min(ratios),
                             "ratio_max": max(ratios), "deviation": deviation[precision],
                             "reach": task.bf16_reach if precision == "bf16" else task.reach}
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=HOUSE.parent / "shared" / "peers")
    parser.add_argument("--python", default=os.environ.get("ASCRIBO_PEER_PYTHON", sys.executable))
    parser.add_argument("--models", type=Path,
                        default=Path(os.environ.get("ASCRIBO_FULL_MODELS", "models")))
    parser.add_argument("--program", type=Path, default=HOUSE / "build/release/ascribo")
    parser.add_argument("--tasks", nargs="*",
                        help=", ".join(t.name for t in ALL))
    parser.add_argument("--rounds", type=int, default=3, help="pairs of runs")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each side in a pair")
    parser.add_argument("--precisions", nargs="*", default=[], choices=PRECISIONS,
                        help="measure these beside fp32")
    parser.add_argument("--output", type=Path, help="a JSON file; tasks that it has already stay")
    options = parser.parse_args()
    tasks = [task for task in ALL if not options.tasks or task.name in options.tasks]
    own = all(isinstance(task, OwnTask) for task in tasks)
    if not own and not (options.peers / "bench.py").exists():
        sys.exit(f"no bench.py in {options.peers}: name the peers' folder with --peers")
    print(f"{'task':24} {'ours s':>8} {'peer s':>8} {'ratio':>6} {'spread':>13} {'reach':>6}"
          f" {'difference':>10}  " + ", ".join(options.precisions))
    results = known(options.output)
    for task in tasks:
        how = {OwnTask: measure_own, GenerateTask: measure_generate,
               TrainTask: measure_train}.get(type(task), measure)
        r = how(task, options)
        # A precision that was not asked for now stays as it was.
        earlier = results.get(task.name, {})
        results[task.name] = {**{p: earlier[p] for p in PRECISIONS if p in earlier}, **r}
        gap = "-" if r["difference"] is None else f"{r['difference']:.1e}"
        half = "; ".join(beside(each, r[each]) for each in options.precisions if each in r)
        print(f"{r['task']:24} {r['seconds']:8.3f} {r['peer_seconds']:8.3f} {r['ratio']:6.2f}"
              f" {r['ratio_min']:6.2f}-{r['ratio_max']:<6.2f} {r['reach']:6.2f} {gap:>10}  {half}",
              flush=True)
        if options.output:
            options.output.write_text(json.dumps(
                {**describe(options.python, options.program), "threads": int(THREADS),
                 "rounds": options.rounds, "results": list(results.values())}, indent=1) + "\n",
                "utf8")


def beside(precision, found):
    """A precision's ratio, and how far its scores are from fp32's where there are scores."""
    told = f"{precision} {found['ratio']:.2f}"
    return told if found["deviation"] is None else f"{told}, off by {found['deviation']:.1e}"


def known(path):
    """Results of an earlier run, by task."""
    if path is None or not path.exists():
        return {}
    return {each["task"]: each for each in json.loads(path.read_text("utf8"))["results"]}


if __name__ == "__main__":
    main()
