#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tiny random checkpoints whose configs vary what the golden ones do not.

    python tools/make_variants.py [NAME...]

Each goes to tests/golden/agreement/NAME, with what transformers answers for it beside it
(tools/agree_with_transformers.py); tests/models/variants_test.cpp compares. Needs torch and
transformers.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import torch  # noqa: E402
import transformers  # noqa: E402
from agree_with_transformers import made_by, record_row, write  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "tests" / "golden" / "agreement"
SMALL = {
    "vocab_size": 800,
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_attention_heads": 4,
    "num_hidden_layers": 3,
    "max_position_embeddings": 160,
    "num_labels": 3,
    "pad_token_id": 0,
}
DISTANCES = {"relative_attention": True, "type_vocab_size": 0}
VARIANTS = {
    "albert-groups": (
        transformers.AlbertForSequenceClassification,
        {"embedding_size": 16, "num_hidden_groups": 2, "inner_group_num": 2},
    ),
    "deberta-v2-convolution": (
        transformers.DebertaV2ForSequenceClassification,
        {
            **DISTANCES,
            "position_biased_input": False,
            "position_buckets": 8,
            "norm_rel_ebd": "layer_norm",
            "share_att_key": True,
            "pos_att_type": "p2c|c2p",
            "conv_kernel_size": 3,
            "conv_act": "gelu",
        },
    ),
    "deberta-v2-one-way": (
        transformers.DebertaV2ForSequenceClassification,
        {**DISTANCES, "position_buckets": 16, "share_att_key": True, "pos_att_type": "p2c"},
    ),
    "deberta-v2-own-keys": (
        transformers.DebertaV2ForSequenceClassification,
        {
            **DISTANCES,
            "type_vocab_size": 2,
            "max_relative_positions": 24,
            "pos_att_type": ["c2p", "p2c"],
            "pooler_hidden_act": "tanh",
        },
    ),
    "modernbert-mean": (
        transformers.ModernBertForSequenceClassification,
        {
            "num_hidden_layers": 5,
            "local_attention": 6,
            "classifier_pooling": "mean",
            "hidden_activation": "silu",
            **{f"{part}_bias": True for part in ("norm", "attention", "mlp", "classifier")},
        },
    ),
}


TINY = {"vocab_size": 60, "hidden_size": 16, "num_hidden_layers": 2}
FAMILIES = {
    "albert": ("Albert", {"embedding_size": 8}),
    "mpnet": ("MPNet", {"pad_token_id": 1}),
    "deberta-v2": ("DebertaV2", {**DISTANCES, "pos_att_type": "c2p|p2c", "share_att_key": True}),
    "modernbert": ("ModernBert", {"local_attention": 4, "mlp_bias": True}),
}
KINDS = {"mlm": "MaskedLM", "qa": "QuestionAnswering", "tokens": "TokenClassification"}
for family, (prefix, settings) in FAMILIES.items():
    for kind, suffix in KINDS.items():
        build = getattr(transformers, f"{prefix}For{suffix}")
        labels = {"num_labels": 2} if kind == "qa" else {}
        VARIANTS[f"{family}-{kind}"] = (build, {**TINY, **settings, **labels})
VARIANTS["deberta-v2-original-mlm"] = (
    transformers.DebertaV2ForMaskedLM,
    {**TINY, **DISTANCES, "pos_att_type": "c2p", "share_att_key": True, "legacy": False},
)
ROWS = [[2, 25, 41, 7, 50, 3], [2, 9, 4, 17, 33, 58, 12, 44, 21, 3]]


def write_old_style(folder):
    """The config as transformers 4 wrote it: one theta per kind of layer, every n-th sees all."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    if config["model_type"] == "modernbert":
        for key in ("layer_types", "rope_parameters"):
            del config[key]
        config.update(
            global_attn_every_n_layers=3, global_rope_theta=160000.0, local_rope_theta=10000.0
        )
    path.write_text(json.dumps(config, indent=2) + "\n")


def make(name):
    build, options = VARIANTS[name]
    torch.manual_seed(list(VARIANTS).index(name))
    model = build(build.config_class(**{**SMALL, **options})).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # far from zero and one, so that each one counts
            parameter.add_(torch.randn_like(parameter) * (0.2 if parameter.dim() > 1 else 0.3))
    folder = RECORDS / name
    model.save_pretrained(folder)
    write_old_style(folder)
    if "SequenceClassification" not in build.__name__:
        exact = build.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager")
        texts = [record_row(exact.eval(), row, 2) for row in ROWS]
        record = {"model": name, "made_by": made_by("make_variants.py"), "texts": texts}
        write(record, RECORDS / f"{name}.json")
        return
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary) / name
        scratch.mkdir()
        for path in (*folder.iterdir(), *(ROOT / "tests/golden/bert-cls").glob("tokenizer*")):
            (scratch / path.name).write_bytes(path.read_bytes())
        record = RECORDS / f"{name}.json"
        command = ["tools/agree_with_transformers.py", str(scratch), str(record)]
        subprocess.run([sys.executable, *command], check=True, cwd=ROOT)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[[], *VARIANTS], metavar="NAME")
    for name in parser.parse_args().names or VARIANTS:
        make(name)


if __name__ == "__main__":
    main()
