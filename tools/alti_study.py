#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs `ascribo reproduce alti` over four data sets and three checkpoints, and writes its tables.

    python3 tools/alti_study.py DATA TEXTS CHECKPOINTS OUT [--samples 40] [--only sst2,films]

DATA has the data sets as they are published, TEXTS what tools/study_texts.py made of them, CHECKPOINTS
folders bert, distilbert and roberta, and bert-sva and so on. Every command is printed; what is in
OUT already is not made again. OUT/tables.md has a table for each fidelity, in shares and one by one:
means over the checkpoints.
"""

import argparse
import collections
import csv
import pathlib
import subprocess
import sys

MODELS = ("bert", "distilbert", "roberta")
WAYS = (("comp", "bins"), ("comp", "one"), ("suff", "bins"), ("suff", "one"))
TITLES = {("comp", "bins"): "Comprehensiveness, 1, 5, 10, 20 and 50 % of the tokens",
          ("comp", "one"): "Comprehensiveness, one by one",
          ("suff", "bins"): "Sufficiency, 1, 5, 10, 20 and 50 % of the tokens",
          ("suff", "one"): "Sufficiency, one by one"}


def run(command):
    print(" ".join(map(str, command)), flush=True)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def data_sets(data, texts, samples):
    """(name, task, file, how many texts are drawn)."""
    return (("sst2", "sst2", data / "sst2" / "dev.tsv", samples),
            ("films", "imdb", texts / "films.jsonl", None),
            ("rotten_tomatoes", "rotten_tomatoes", data / "rotten_tomatoes" / "rt-polarity", samples),
            ("agreement", "sva", texts / "agreement.tab", samples))


def run_study(arguments):
    start = [arguments.program, "reproduce", "alti"]
    for name, task, file, samples in data_sets(arguments.data, arguments.texts, arguments.samples):
        if arguments.only and name not in arguments.only.split(","):
            continue
        out = arguments.out / name
        models = [model for model in MODELS if not (out / f"{model}-{task}/scores.npz").exists()]
        what = ["--models-dir", arguments.checkpoints, "--task", task, "--out", out,
                "--max-len", str(arguments.max_len), "--threads", str(arguments.threads)]
        if models:
            drawn = ["--samples", str(samples)] if samples else []
            run([*start, "attributions", *what, "--model", ",".join(models), "--data", file, *drawn])
        for fidelity, way in WAYS:
            file = out / f"{fidelity}-{way}.csv"
            models = [model for model in MODELS
                      if not file.with_name(f"{file.stem}-{model}.csv").exists()]
            for model in models:  # alone, so that a run that was stopped loses little
                own = file.with_name(f"{file.stem}-{model}.csv")
                run([*start, "aupc", *what, "--model", model, "--fidelity", fidelity,
                     *(["--bins"] if way == "bins" else []), "--csv", own, "--svg",
                     own.with_suffix(".svg"), "--latex", own.with_suffix(".tex")])


def table(out, names, way):
    """Rows are methods, columns data sets: published / corrected, means over checkpoints."""
    cells, texts = collections.defaultdict(list), collections.Counter()
    methods = []
    for name in names:
        for model in MODELS:
            path = out / name / f"{way[0]}-{way[1]}-{model}.csv"
            if not path.exists():
                continue
            with path.open(encoding="utf-8") as file:
                for row in csv.DictReader(file):
                    cells[row["method"], name, row["metric"]].append(float(row["mean"]))
                    texts[name] = max(texts[name], int(row["texts"]))
                    if row["method"] not in methods:
                        methods.append(row["method"])
    best = max if way[0] == "comp" else min
    means = {key: sum(values) / len(values) for key, values in cells.items()}
    heads = {}
    for name in names:
        largest = max([abs(mean) for key, mean in means.items() if key[1] == name], default=1)
        heads[name] = f"{name} ({texts[name]})"
        if largest < 0.01:  # of tens of thousands of words each has little
            heads[name] += ", in 1/1000"
            means.update({key: 1000 * mean for key, mean in means.items() if key[1] == name})
    lines = [f"| {TITLES[way]} | " + " | ".join(heads[name] for name in names) + " |",
             "|---|" + "---|" * len(names)]
    for method in methods:
        line = []
        for name in names:
            pair = []
            for recipe in ("published", "corrected"):
                own = means.get((method, name, recipe))
                column = [means[each, name, recipe] for each in methods
                          if (each, name, recipe) in means]
                text = "" if own is None else f"{own:.3f}"
                pair.append(f"**{text}**" if column and own == best(column) else text)
            line.append(" / ".join(pair))
        lines.append(f"| {method} | " + " | ".join(line) + " |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    for name in ("data", "texts", "checkpoints", "out"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--samples", type=int, default=40)
    parser.add_argument("--max-len", type=int, default=200)
    parser.add_argument("--only", help="names of data sets, commas between")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--program", default="build/release/ascribo")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    run_study(arguments)
    names = [each[0] for each in data_sets(arguments.data, arguments.texts, 0)]
    tables = "\n".join(table(arguments.out, names, way) for way in WAYS)
    (arguments.out / "tables.md").write_text(tables, encoding="utf-8")
    print(tables)
    return 0


if __name__ == "__main__":
    sys.exit(main())
