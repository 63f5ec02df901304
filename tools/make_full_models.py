#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes full-size checkpoints with random weights, those that tests/golden/agreement has records of.

    python tools/make_full_models.py [--tokenizers FOLDER] FOLDER [NAME...]

Each is the class with the published model's config and two labels (fifty-classes: 50), or the language
model where that is what was published, drawn after a seed of its own, and every parameter with more
than one dimension multiplied by 1.5, so that answers differ from text to
text. FOLDER is what ASCRIBO_FULL_MODELS then names. --tokenizers holds folders with tokenizer.json
(bert-base-uncased, roberta-base, xlm-r, gpt2); without it a checkpoint gets no tokenizer, which the tests do
not need. Needs torch and transformers.
"""
import argparse
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import torch  # noqa: E402
import transformers  # noqa: E402

BERT = {f"{kind}_token": f"[{kind.upper()}]" for kind in ("unk", "pad", "cls", "sep", "mask")}
ROBERTA = {
    "bos_token": "<s>",
    "cls_token": "<s>",
    "eos_token": "</s>",
    "sep_token": "</s>",
    **{f"{kind}_token": f"<{kind}>" for kind in ("unk", "pad", "mask")},
}
GPT = {f"{kind}_token": "<|endoftext|>" for kind in ("bos", "eos", "unk")}
TOKENIZERS = {
    "bert-base-uncased": BERT,
    "roberta-base": ROBERTA,
    "xlm-r": ROBERTA,
    "gpt2": GPT,
}
PLACES = {"max_position_embeddings": 514, "type_vocab_size": 1}

# name: seed, class, config, tokenizer
MODELS = {
    "bert-base": (100, "Bert", {}, "bert-base-uncased"),
    "distilbert-base": (101, "DistilBert", {}, "bert-base-uncased"),
    "electra-small": (102, "Electra", {}, "bert-base-uncased"),
    "roberta-base": (103, "Roberta", {"vocab_size": 50265, **PLACES}, "roberta-base"),
    "albert-base": (
        110,
        "Albert",
        {
            "vocab_size": 30522,
            "hidden_size": 768,
            "num_attention_heads": 12,
            "intermediate_size": 3072,
        },
        "bert-base-uncased",
    ),
    "mpnet-base": (111, "MPNet", {"max_position_embeddings": 514}, "bert-base-uncased"),
    "deberta-v3-base": (
        112,
        "DebertaV2",
        {
            "hidden_size": 768,
            "num_hidden_layers": 12,
            "num_attention_heads": 12,
            "intermediate_size": 3072,
            "relative_attention": True,
            "position_buckets": 256,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": "p2c|c2p",
            "position_biased_input": False,
        },
        "bert-base-uncased",
    ),
    "modernbert-base": (113, "ModernBert", {}, "bert-base-uncased"),
    "xlm-roberta-base": (
        114,
        "XLMRoberta",
        {"vocab_size": 250002, "layer_norm_eps": 1e-5, **PLACES},
        "xlm-r",
    ),
    "camembert-base": (
        115,
        "Camembert",
        {"vocab_size": 32005, "layer_norm_eps": 1e-5, **PLACES},
        "bert-base-uncased",
    ),
    "gpt2": (104, "GPT2", {}, "gpt2"),
    # Many classes, as a published classifier of chemical reactions has them (rxnfp), with its sizes.
    "fifty-classes": (
        120,
        "Bert",
        {
            "hidden_size": 256,
            "num_attention_heads": 4,
            "intermediate_size": 512,
            "num_labels": 50,
        },
        "bert-base-uncased",
    ),
}
LANGUAGE_MODELS = {"gpt2": transformers.GPT2LMHeadModel}


def make(name, folder):
    seed, family, settings, _ = MODELS[name]
    labels = {} if name in LANGUAGE_MODELS else {"num_labels": 2}
    build = LANGUAGE_MODELS.get(name) or getattr(
        transformers, f"{family}ForSequenceClassification"
    )
    torch.manual_seed(seed)
    model = build(build.config_class(**{**labels, **settings})).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(1.5)
    model.save_pretrained(folder / name)


def add_tokenizer(name, folder, tokenizers):
    kind = MODELS[name][3]
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_file=str(tokenizers / kind / "tokenizer.json"),
        model_max_length=1024 if kind == "gpt2" else 512,
        **TOKENIZERS[kind],
    )
    tokenizer.backend_tokenizer.no_truncation()
    tokenizer.backend_tokenizer.no_padding()
    tokenizer.save_pretrained(folder / name)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tokenizers", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODELS))
    arguments = parser.parse_args()
    for name in arguments.names or MODELS:
        make(name, arguments.folder)
        if arguments.tokenizers is not None:
            add_tokenizer(name, arguments.folder, arguments.tokenizers)


if __name__ == "__main__":
    main()
