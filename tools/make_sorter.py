#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains models/sorter: a causal model of GPT-2's layout that writes down digits in order.

make_sorter.py ASCRIBO OUT [WORK]

"3 _ 1 =" goes on with "1 3 .": the smallest digit that is larger than the one written last, until
none is. "_" stands for a digit that is not shown. The rule decides which input digit each output depends
on, so that explanations of the model can be compared with the truth.
"""

import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

WIDTH, LAYERS, HEADS, POSITIONS = 64, 2, 4, 16
PLACES = 6
TOKENS = ["_", *"0123456789", "=", "."]
ROWS, DEV_ROWS, SEED = 40000, 1000, 7
RECIPE = ["--learn", "next_token", "--epochs", "3", "--batch", "64", "--learning-rate", "3e-3",
          "--schedule", "cosine", "--warmup", "0.05", "--weight-decay", "0.01", "--threads", "1"]

CONFIG = {
    "architectures": ["GPT2LMHeadModel"], "model_type": "gpt2", "activation_function": "gelu_new",
    "vocab_size": len(TOKENS), "n_positions": POSITIONS, "n_ctx": POSITIONS, "n_embd": WIDTH,
    "n_layer": LAYERS, "n_head": HEADS, "n_inner": None, "layer_norm_epsilon": 1e-5,
    "embd_pdrop": 0.0, "attn_pdrop": 0.0, "resid_pdrop": 0.0, "initializer_range": 0.02,
    "scale_attn_weights": True, "tie_word_embeddings": True, "unk_token_id": 0,
    "bos_token_id": None, "eos_token_id": TOKENS.index("."), "pad_token_id": 0,
}


def tokenizer():
    special = [{"id": 0, "content": "_", "single_word": False, "lstrip": False, "rstrip": False,
                "normalized": False, "special": True}]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": None, "pre_tokenizer": {"type": "WhitespaceSplit"}, "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": {t: i for i, t in enumerate(TOKENS)},
                  "unk_token": "_"},
    }


def start_weights(numbers):
    """As GPT-2 starts: matrices at random, smaller where a layer writes if there are many."""
    def matrix(*shape, spread=0.02):
        count = 1
        for size in shape:
            count *= size
        return shape, [numbers.gauss(0, spread) for _ in range(count)]

    def ones(count, value):
        return (count,), [value] * count

    small = 0.02 / (2 * LAYERS) ** 0.5
    weights = {"transformer.wte.weight": matrix(len(TOKENS), WIDTH),
               "transformer.wpe.weight": matrix(POSITIONS, WIDTH),
               "transformer.ln_f.weight": ones(WIDTH, 1.0),
               "transformer.ln_f.bias": ones(WIDTH, 0.0)}
    for layer in range(LAYERS):
        name = f"transformer.h.{layer}."
        for norm in ("ln_1", "ln_2"):
            weights[f"{name}{norm}.weight"] = ones(WIDTH, 1.0)
            weights[f"{name}{norm}.bias"] = ones(WIDTH, 0.0)
        for part, into, out, spread in (("attn.c_attn", WIDTH, 3 * WIDTH, 0.02),
                                        ("attn.c_proj", WIDTH, WIDTH, small),
                                        ("mlp.c_fc", WIDTH, 4 * WIDTH, 0.02),
                                        ("mlp.c_proj", 4 * WIDTH, WIDTH, small)):
            weights[f"{name}{part}.weight"] = matrix(into, out, spread=spread)
            weights[f"{name}{part}.bias"] = ones(out, 0.0)
    return weights


def write_safetensors(path, weights):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, (shape, values) in weights.items():
        data = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": list(shape),
                        "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def row(numbers):
    """Some digits of the input are not shown; of what is not shown some may be written already."""
    digits = numbers.sample(range(10), numbers.randint(2, PLACES))
    hidden = set(numbers.sample(digits, numbers.choice([0, 0, 1, 1, 2, len(digits) - 1])
                                % len(digits)))
    written = []
    if numbers.random() < 0.4:
        limit = numbers.randint(0, 9)
        written = [d for d in sorted(digits) if d <= limit and numbers.random() < 0.8]
    last = written[-1] if written else -1
    rest = [d for d in sorted(digits) if d not in hidden and d > last]
    shown = ["_" if d in hidden else str(d) for d in digits]
    return {"text": " ".join([*shown, "=", *map(str, written)]),
            "continuation": " ".join([*map(str, rest), "."])}


def main():
    program, out = sys.argv[1:3]
    work = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else tempfile.mkdtemp())
    numbers = random.Random(SEED)
    start = work / "start"
    start.mkdir(parents=True, exist_ok=True)
    (start / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    (start / "tokenizer.json").write_text(json.dumps(tokenizer(), indent=1) + "\n")
    (start / "tokenizer_config.json").write_text(json.dumps(
        {"tokenizer_class": "PreTrainedTokenizerFast", "unk_token": "_", "pad_token": "_",
         "mask_token": "_",
         "eos_token": ".", "model_max_length": POSITIONS}, indent=2) + "\n")
    (start / "generation_config.json").write_text(json.dumps(
        {"eos_token_id": TOKENS.index("."), "pad_token_id": 0}, indent=2) + "\n")
    write_safetensors(start / "model.safetensors", start_weights(numbers))
    for name, rows in (("train", ROWS), ("dev", DEV_ROWS)):
        with open(work / f"{name}.jsonl", "w", encoding="utf8") as file:
            for _ in range(rows):
                file.write(json.dumps(row(numbers)) + "\n")
    subprocess.run([program, "train", "--model", str(start), "--train", str(work / "train.jsonl"),
                    "--dev", str(work / "dev.jsonl"), "--output", out, *RECIPE], check=True)


if __name__ == "__main__":
    main()
