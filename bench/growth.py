#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How the ratios of explaining a causal model's output grow with its prompt and its output.

    python3 bench/growth.py --python VENV/bin/python --models DIR [--output growth.json]
    python3 bench/table.py results.json scale.json growth.json

Ascribo explains whole prompts in one process, start and loading included; captum, which would take
hours, does a part of the same work (see growth_peer.py), whose scores have to agree.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tasks import OUTPUT_IG, OUTPUT_OCCLUSION, REVIEW, WRITTEN

HOUSE = Path(__file__).resolve().parent.parent
SIZES = [(28, 10), (28, 32), (28, 64), (128, 10), (512, 10)]  # tokens of the prompt, targets
GRADIENT_SIZES = SIZES[:4]
THREADS = "2"
TOLERANCE = 1e-3


def ids_of(program, model, text):
    done = subprocess.run([program, "tokenize", "--model", model, "--", text], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)["ids"]


def repeated(ids, count):
    return [ids[i % len(ids)] for i in range(count)]


def ours(options, work, arguments, texts, precision):
    """Seconds per text of a whole process, and `[targets][units]` scores of the first."""
    with tempfile.TemporaryDirectory() as name:
        rows, output = Path(name) / "rows.jsonl", Path(name) / "ours.jsonl"
        # Texts differ: what is equal would be computed once.
        prompts = [work["prompt"][i:] + work["prompt"][:i] for i in range(texts)]
        rows.write_text("".join(
            json.dumps({"input_ids": prompt, "continuation_ids": work["written"]}) + "\n"
            for prompt in prompts), "utf8")
        start = time.perf_counter()
        subprocess.run([options.program, "explain", "--input", rows, "--model",
                        options.models / "gpt2", "--threads", THREADS, "--json", "--precision",
                        precision, "--spot-check", "0", *arguments, "--output", output], check=True,
                       capture_output=True)
        seconds = time.perf_counter() - start
        first = json.loads(output.read_text("utf8").splitlines()[0])
    return seconds / texts, [each["scores"] for each in first["attributions"]]


def agree(what, mine, theirs):
    top = max(abs(each) for each in theirs)
    worst = max(abs(a - b) for a, b in zip(mine, theirs, strict=True)) / top
    if worst > TOLERANCE:
        sys.exit(f"{what}: results differ by {worst:.1e}; no timing counts")


def check(what, scores, told):
    """Of captum's ways, that of its default takes values from a cache and is off: see
    replaced_tokens.py. What it is off is told, not judged."""
    if what.startswith("integrated"):
        for target, theirs in told["scores"].items():
            agree(f"{what}, target {target}", scores[int(target)][:len(theirs)], theirs)
        return
    for how, theirs in told["scores"].items():
        if how == "token by token" or theirs is None:
            continue
        flat = [score for row in theirs for score in row]
        agree(f"{what}, {how}", [row[i] for row in scores for i in told["tokens"]], flat)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--python", default=os.environ.get("ASCRIBO_PEER_PYTHON", sys.executable))
    parser.add_argument("--models", type=Path,
                        default=Path(os.environ.get("ASCRIBO_FULL_MODELS", "models")))
    parser.add_argument("--program", type=Path, default=HOUSE / "build/release/ascribo")
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    prompt = ids_of(options.program, options.models / "gpt2", REVIEW)
    written = ids_of(options.program, options.models / "gpt2", WRITTEN)
    rows = []
    for method, arguments, sizes in (("occlusion", OUTPUT_OCCLUSION, SIZES),
                                     ("integrated_gradients", OUTPUT_IG, GRADIENT_SIZES)):
        for tokens, targets in sizes:
            work = {"prompt": repeated(prompt, tokens), "written": repeated(written, targets)}
            done = subprocess.run([options.python, HOUSE / "bench/growth_peer.py", method,
                                   options.models / "gpt2", THREADS], input=json.dumps(work),
                                  capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(done.stderr)
            told = json.loads(done.stdout)
            texts = max(1, 8 * 38 // (tokens + targets))
            own = {}
            for precision in ("fp32", "bf16"):
                own[precision], scores = ours(options, work, arguments, texts, precision)
                if precision == "fp32":
                    check(f"{method} {tokens}+{targets}", scores, told)
            rows.append({"method": method, "prompt": tokens, "targets": targets, "seconds": own,
                         "peer_seconds": told["seconds"]})
            print(json.dumps(rows[-1]), flush=True)
            if options.output:
                options.output.write_text(json.dumps(rows, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
