#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/generation/inseq.json: inseq's attributions of some continuations.

    python tools/make_inseq_records.py

Needs torch, transformers and inseq (0.7). A record has one row for each token of the continuation and
a column for each token of the text; null stands where a target does not see a token. What inseq keeps
for each dimension is recorded as its L2 norm, which is what inseq shows before it normalises.
"""
import importlib.metadata
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import inseq  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
FOLDERS = ["gpt2-lm", "llama-lm"]
METHODS = ["saliency", "input_x_gradient", "integrated_gradients", "occlusion"]
TEXTS = [("the film was", " surprisingly good and funny"),
         ("I did not like the plot", " because it was dull.")]


def rows(attribution):
    scores = attribution.target_attributions
    if scores.dim() == 3:
        scores = scores.norm(dim=-1)
    return [[None if score != score else score for score in row] for row in scores.T.tolist()]


def main():
    records = []
    for folder in FOLDERS:
        for method in METHODS:
            model = inseq.load_model(str(GOLDEN / folder), method)
            for prompt, target in TEXTS:
                out = model.attribute(prompt, prompt + target, show_progress=False)
                found = out.sequence_attributions[0]
                records.append({"folder": folder, "method": method,
                                "prompt": prompt, "target": target,
                                "ids": [token.id for token in found.target],
                                "begin": found.attr_pos_start, "scores": rows(found)})
    path = GOLDEN / "generation" / "inseq.json"
    path.parent.mkdir(exist_ok=True)
    lines = ",\n".join(json.dumps(record) for record in records)
    path.write_text('{"inseq": "%s", "records": [\n%s\n]}\n' % (importlib.metadata.version("inseq"), lines))


if __name__ == "__main__":
    main()
