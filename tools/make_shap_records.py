#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/shap/bert-cls.json: what shap's Partition explainer says of some texts.

    python tools/make_shap_records.py

Needs torch, transformers and shap (0.51). The explainer gets as many evaluations as it wants, so that
it has nothing left to choose at random. It masks strings, which are then tokenized anew: only texts
whose masked strings have the tokens that were kept, and a mask for each other, are recorded. Beside
the values the tree is recorded, as pairs of what was merged.
"""
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import shap  # noqa: E402
import torch  # noqa: E402
from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
TEXTS = [
    "it is not a good film.",
    "bad.",
    "a good film, but not a funny film!",
    "the film is bad, and it is not funny.",
    "it was not ' good '",
    "a good film? it is.",
    "good",
]
EVALUATIONS = 100_000


def main():
    folder = GOLDEN / "bert-cls"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).double().eval()

    def answer(strings):
        rows = tokenizer(list(strings))["input_ids"]
        for row in rows:
            assert len(row) == len(ids), strings
            assert all(i in (own, tokenizer.mask_token_id) for i, own in zip(row, ids)), strings
        with torch.no_grad():
            return torch.softmax(model(input_ids=torch.tensor(rows)).logits, -1).numpy()

    masker = shap.maskers.Text(tokenizer)
    explainer = shap.explainers.Partition(answer, masker)
    records = []
    for text in TEXTS:
        ids = tokenizer(text)["input_ids"]
        found = explainer([text], max_evals=EVALUATIONS, batch_size=256, silent=True)
        assert explainer.last_eval_count < EVALUATIONS - 2
        records.append({
            "text": text,
            "base_values": found.base_values[0].tolist(),
            "values": found.values[0].T.tolist(),  # [labels, tokens]
            "merged": [[int(a), int(b)] for a, b in masker.clustering(text)[:, :2]],
            "evaluations": explainer.last_eval_count,
        })
        print(text, len(ids), explainer.last_eval_count)
    target = GOLDEN / "shap" / "bert-cls.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps({"shap": shap.__version__, "records": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()
