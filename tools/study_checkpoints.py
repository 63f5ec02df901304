#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes small checkpoints of three layouts for `ascribo reproduce alti`, with transformers.

    python3 tools/study_checkpoints.py DATA OUT [--steps N] [--model models/sst2-minilm]

Every checkpoint begins with the encoder of one BERT, whose weights are put where the layout has
them, and a new head; then all but the embeddings is trained for a few steps, with a seed of its own.
OUT/bert, OUT/distilbert and OUT/roberta tell sentiment (DATA/sst2/train.tsv). From these,
`ascribo train --learn word` makes those that fill in a masked verb.
"""

import argparse
import pathlib
import random
import shutil
import sys

import torch
import transformers

LAYOUTS = ("bert", "distilbert", "roberta")


def configuration(layout, source):
    sizes = {"vocab_size": source.vocab_size, "pad_token_id": source.pad_token_id}
    if layout == "distilbert":
        return transformers.DistilBertConfig(
            **sizes, dim=source.hidden_size, hidden_dim=source.intermediate_size,
            n_layers=source.num_hidden_layers, n_heads=source.num_attention_heads,
            max_position_embeddings=source.max_position_embeddings, activation=source.hidden_act,
            seq_classif_dropout=0.1)
    shared = {name: getattr(source, name) for name in
              ("hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads",
               "hidden_act", "layer_norm_eps")}
    if layout == "roberta":
        # Positions begin behind the id of padding.
        return transformers.RobertaConfig(
            **sizes, **shared, type_vocab_size=1, bos_token_id=101, eos_token_id=102,
            max_position_embeddings=source.max_position_embeddings + source.pad_token_id + 1)
    return transformers.BertConfig(**sizes, **shared,
                                   max_position_embeddings=source.max_position_embeddings)


def encoder_weights(layout, source):
    """The encoder's weights under the layout's names."""
    weights = dict(source.state_dict())
    types = weights["embeddings.token_type_embeddings.weight"]
    positions = weights["embeddings.position_embeddings.weight"]
    if layout == "roberta":
        weights["embeddings.token_type_embeddings.weight"] = types[:1]
        head = torch.zeros(source.config.pad_token_id + 1, positions.shape[1])
        weights["embeddings.position_embeddings.weight"] = torch.cat([head, positions])
    if layout != "distilbert":
        return weights
    weights["embeddings.position_embeddings.weight"] = positions + types[0]
    names = {"encoder.layer": "transformer.layer", "attention.self.query": "attention.q_lin",
             "attention.self.key": "attention.k_lin", "attention.self.value": "attention.v_lin",
             "attention.output.dense": "attention.out_lin",
             "attention.output.LayerNorm": "sa_layer_norm", "intermediate.dense": "ffn.lin1",
             "output.dense": "ffn.lin2", "output.LayerNorm": "output_layer_norm"}
    renamed = {}
    for name, value in weights.items():
        for old, new in names.items():
            name = name.replace(old, new)
        renamed[name] = value
    return renamed


def build(layout, source):
    config = configuration(layout, source.config)
    config.id2label, config.label2id = source.config.id2label, source.config.label2id
    prefix = {"bert": "Bert", "distilbert": "DistilBert", "roberta": "Roberta"}[layout]
    model = getattr(transformers, f"{prefix}ForSequenceClassification")(config)
    body = getattr(model, layout)
    report = body.load_state_dict(encoder_weights(layout, source), strict=False)
    left = [name for name in report.missing_keys if "pooler" not in name and
            "position_ids" not in name]
    assert not left, left
    model.tie_weights()
    return model


def sentiment_rows(data):
    rows = []
    for line in (data / "sst2" / "train.tsv").read_text(encoding="utf-8").splitlines():
        text, label = line.rsplit("\t", 1)
        rows.append((text, int(label)))
    return rows


def train(model, tokenizer, rows, steps, seed):
    torch.manual_seed(seed)
    draw = random.Random(seed)
    model.train()
    body = getattr(model, model.base_model_prefix)
    body.embeddings.requires_grad_(False)  # what a few hundred sentences say of words is noise
    optimizer = torch.optim.AdamW([one for one in model.parameters() if one.requires_grad],
                                  lr=2e-4)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, steps // 10, steps)
    mean = None
    for step in range(steps):
        batch = draw.sample(rows, 16)
        read = tokenizer([text for text, _ in batch], padding=True, truncation=True,
                         max_length=128, return_tensors="pt")
        read.pop("token_type_ids", None)
        labels = torch.tensor([label for _, label in batch])
        loss = torch.nn.functional.cross_entropy(model(**read).logits, labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        if step % 20 == 19:
            print(f"  step {step + 1}: loss {mean:.3f}", flush=True)
    model.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--model", default="models/sst2-minilm")
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.model)
    source = transformers.BertForSequenceClassification.from_pretrained(arguments.model)
    source.bert.config.id2label = source.config.id2label
    rows = sentiment_rows(arguments.data)
    for seed, layout in enumerate(LAYOUTS, start=1):
        folder = arguments.out / layout
        if (folder / "config.json").exists():
            print(f"{folder} is there already")
            continue
        print(f"{folder}: {len(rows)} rows", flush=True)
        torch.manual_seed(seed)
        model = build(layout, source.bert)
        train(model, tokenizer, rows, arguments.steps, seed)
        model.save_pretrained(folder)
        for name in ("tokenizer.json", "tokenizer_config.json"):
            shutil.copy(pathlib.Path(arguments.model) / name, folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
