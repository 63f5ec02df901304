#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Greedy generation by transformers: seconds for each token after the first, and the ids.

    python generate_peer.py MODEL THREADS COUNT ID...
"""
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import torch  # noqa: E402  the variable above comes first
import transformers  # noqa: E402


def main():
    folder, threads, count, *ids = sys.argv[1:]
    torch.set_num_threads(int(threads))
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).float().eval()
    prompt = torch.tensor([[int(each) for each in ids]])

    def run(tokens):
        start = time.perf_counter()
        with torch.inference_mode():
            found = model.generate(prompt, attention_mask=torch.ones_like(prompt),
                                   max_new_tokens=tokens, do_sample=False, pad_token_id=0,
                                   eos_token_id=None)
        return time.perf_counter() - start, found[0, prompt.shape[1]:].tolist()

    run(2)
    first, _ = run(1)
    whole, written = run(int(count))
    print(json.dumps({"seconds": (whole - first) / (int(count) - 1), "ids": written}))


if __name__ == "__main__":
    main()
