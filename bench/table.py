#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes docs/benchmarks.md from what bench/run.py, bench/scale.py and bench/growth.py measured;
bench/pictures.py draws its pictures.

    python3 bench/table.py results.json [scale.json] [growth.json] [--docs DIR]
"""
import argparse
import json
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PRECISIONS = ["bf16x3", "bf16"]  # beside fp32


def ratio(low, middle, high):
    return f"{middle:.2f} ({low:.2f} to {high:.2f})"


def share(deviation):
    if deviation is None:
        return ""
    return f"{100 * deviation:.1f} %" if deviation >= 1e-3 else f"{deviation:.0e}"


def row(result):
    gap = "" if result["difference"] is None else f"{result['difference']:.0e}"
    rounded = []
    for precision in PRECISIONS:
        fast = result.get(precision)
        rounded += ["", ""] if not fast else [
            ratio(fast["ratio_min"], fast["ratio"], fast["ratio_max"]), share(fast["deviation"])]
    memory = ""
    if result.get("peer_memory_mib"):
        memory = f"{result['memory_mib']:,} / {result['peer_memory_mib']:,}"
    cells = [result["task"], f"{result['seconds']:.3f}", f"{result['peer_seconds']:.3f}",
             ratio(result["ratio_min"], result["ratio"], result["ratio_max"]), gap, *rounded,
             memory]
    return "| " + " | ".join(cells) + " |"


def table(results):
    head = ["task", "Ascribo, s", "peer, s", "times as fast, fp32", "largest difference",
            "times as fast, bf16x3", "off by", "times as fast, bf16", "off by", "memory, MiB"]
    return "\n".join(["| " + " | ".join(head) + " |", "|" + "---|" * len(head),
                      *map(row, results)])


def growth(scale):
    lines = ["## How cost grows", "",
             "Ascribo alone, one text or prompt, wall clock without the start. The law is the one that"
             " the work itself follows, fixed at the first row.", ""]
    for each in scale["curves"]:
        lines += [f"**{each['name']}** ({each['law']})", "", f"| {each['axis']} | seconds | law |",
                  "|---|---|---|"]
        lines += [f"| {p['x']} | {p['seconds']:.3f} | {p['law']:.3f} |" for p in each["points"]]
        lines.append("")
    return "\n".join(lines)


def of_sizes(rows, method, ways):
    """Seconds of ours in fp32, and of every way of captum's with how many times as long it is."""
    head = ["prompt", "targets", "fp32, s", "bf16, s"]
    for way in ways:
        head += [f"captum {way}, s", "times, fp32", "times, bf16"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for each in (row for row in rows if row["method"] == method):
        own = each["seconds"]
        cells = [str(each["prompt"]), str(each["targets"]), *(f"{own[p]:.2f}" for p in own)]
        for way in ways:
            peer = each["peer_seconds"][way]
            cells += ["fails", "", ""] if peer is None else [
                f"{peer:.1f}", *(f"{peer / own[p]:.1f}" for p in own)]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def sizes(rows):
    return f"""## How ratios grow with prompt and output

GPT-2 small, tokens of the prompt and of the output that is explained (`python3 bench/growth.py`). Ascribo explains whole prompts
in one process, start and loading included; of captum a part of the same work is timed, without its start, and taken
for the whole: five of its runs, which all cost the same, and the gradients of the first and the last target. Scores
agree where both have them.

Occlusion of every token of the prompt, log-probabilities. This version of transformers lengthens the cache that captum passes from
token to token, so that what it finds is off from the second target on, and positions soon lie past the model's; without its cache
it works; `forward_in_tokens=False` computes the logits of all targets in one pass.

{of_sizes(rows, "occlusion", ["token by token", "token by token, no cache", "one pass"])}

Integrated gradients, 50 points, every target:

{of_sizes(rows, "integrated_gradients", ["target by target"])}
"""


def page(measured, scale, rows):
    peers = ", ".join(f"{name} {version}" for name, version in measured["peers"].items())
    text = f"""# Benchmarks

<!-- Written by bench/table.py. -->

{measured['machine']} with {', '.join(measured['instructions'])}, {measured['threads']} threads; {peers}; commit
{measured['commit']}. Pairs of runs in turn ({measured['rounds']}), each checked for equal results first; ratios are medians of
pairs with the least and the largest. Ascribo is timed as a whole process, start and loading
included, of as many texts as make these a small part; the peer without its start of 5 to 15 s and with the batch size that is
fastest for it. "Off by" is the largest difference of a score from fp32's, relative to the text's largest score; it is found
here, so that bf16 and bf16x3 run without their own comparison with fp32 (`--spot-check 0`).
Rows, and a precision of a row, that were measured in an earlier sitting on this machine stay until they are measured again.
bert-base and gpt2 have random weights here: what occlusion finds in them is small beside what is rounded.
The program and its libraries take {measured['installed_mib']} MiB, the peers' packages {measured['peer_installed_mib']:,} MiB.

![ratios](images/benchmarks.svg)

{table(measured['results'])}

`make bench BENCH="--help"` says how to measure on your machine.
"""
    text += "\n" + growth(scale) if scale else ""
    return text + ("\n" + sizes(rows) if rows else "")


def read(path):
    return json.loads(path.read_text("utf8")) if path else None


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("results", type=Path)
    parser.add_argument("scale", type=Path, nargs="?")
    parser.add_argument("growth", type=Path, nargs="?")
    parser.add_argument("--docs", type=Path, default=HOUSE / "docs")
    options = parser.parse_args()
    measured = read(options.results)
    options.docs.mkdir(parents=True, exist_ok=True)
    written = page(measured, read(options.scale), read(options.growth))
    (options.docs / "benchmarks.md").write_text(written, "utf8")


if __name__ == "__main__":
    main()
