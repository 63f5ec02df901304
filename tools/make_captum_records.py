#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/sampled/captum-bert-cls.json: captum's Lime and KernelShap on some texts.

    python tools/make_captum_records.py

Needs torch, transformers, captum (0.9) and scikit-learn. Features are tokens, given as a vector of
ones, as captum's own LLMAttribution gives them; where one is 0, [PAD] stands. The masks that captum
drew are recorded with the scores, so that the same can be computed from them.
"""
import json
import os
import pathlib

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import captum  # noqa: E402
import torch  # noqa: E402
from captum._utils.models.linear_model import SkLearnLasso  # noqa: E402
from captum.attr import KernelShap, Lime  # noqa: E402
from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: E402

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
TEXTS = ["it is not a good film.", "a gripping, funny film that never loses its nerve."]
ALPHA = 1e-4  # captum's own 0.01 would set every score of so small a model to 0
SAMPLES = {"lime": 40, "kernel_shap": 60}


def main():
    folder = GOLDEN / "bert-cls"
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    records = []
    for text in TEXTS:
        ids = torch.tensor(tokenizer(text)["input_ids"])
        for target in range(3):
            for name, samples in SAMPLES.items():
                rows = []

                def answer(flags, rows=rows, ids=ids, target=target):
                    rows.append("".join("0" if flag > 0 else "1" for flag in flags[0]))
                    masked = ids.clone()
                    masked[1:-1][flags[0] == 0] = tokenizer.pad_token_id
                    with torch.no_grad():
                        return model(input_ids=masked[None]).logits[:, target]

                torch.manual_seed(7 + target)
                method = (Lime(answer, interpretable_model=SkLearnLasso(alpha=ALPHA))
                          if name == "lime" else KernelShap(answer))
                ones = torch.ones(1, len(ids) - 2)
                scores = method.attribute(ones, baselines=0.0, n_samples=samples)
                # The first call only asks what kind of answer there is.
                masks = rows[-samples:]
                records.append({"method": name, "text": text, "target": target, "masks": masks,
                                "scores": scores[0].tolist()})
    target = GOLDEN / "sampled" / "captum-bert-cls.json"
    target.write_text(json.dumps({"captum": captum.__version__, "alpha": ALPHA,
                                  "records": records}, indent=1) + "\n")


if __name__ == "__main__":
    main()
