#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Occlusion of a prompt's tokens by token 0, one plain forward each, with torch alone.

captum's LLMAttribution takes outputs from a cache that newer versions of transformers change, and
is off from the second target on; this is what it means to compute.

    python replaced_tokens.py MODEL PROMPT CONTINUATION
prints scores [targets][prompt tokens]: how much each token raises the log-probability of a target.
"""
import json
import sys

import torch
import transformers


def main():
    folder, prompt, written = sys.argv[1:]
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).float().eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    before = tokenizer(prompt)["input_ids"]
    after = tokenizer(written)["input_ids"]
    rows = [before + after]
    for i in range(len(before)):
        rows.append(before[:i] + [0] + before[i + 1:] + after)
    found = []
    with torch.no_grad():
        for row in rows:
            logits = model(torch.tensor([row]), use_cache=False).logits[0]
            surprise = torch.log_softmax(logits[len(before) - 1:-1].double(), -1)
            found.append([surprise[t, token].item() for t, token in enumerate(after)])
    print(json.dumps([[found[0][t] - each[t] for each in found[1:]] for t in range(len(after))]))


if __name__ == "__main__":
    main()
