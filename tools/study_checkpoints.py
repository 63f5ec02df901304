#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes small checkpoints of three layouts for `ascribo reproduce alti`, with transformers.

    python3 tools/study_checkpoints.py DATA OUT [--steps N] [--model models/sst2-minilm]

Every checkpoint begins with the encoder of one BERT, whose weights are put where the layout has
them, and a new head; then all but the embeddings is trained for a few steps, with a seed of its own.
OUT/bert, OUT/distilbert and OUT/roberta tell sentiment (DATA/sst2/train.tsv); OUT/bert-sva and so
on fill in a masked verb: they learn from the agreement sets of DATA/blimp, not from DATA/sva.
"""

import argparse
import io
import json
import pathlib
import random
import shutil
import sys
import zipfile

import torch
import transformers

LAYOUTS = ("bert", "distilbert", "roberta")
SETS = ("regular_plural_subject_verb_agreement_1", "regular_plural_subject_verb_agreement_2",
        "irregular_plural_subject_verb_agreement_1", "irregular_plural_subject_verb_agreement_2",
        "distractor_agreement_relational_noun", "distractor_agreement_relative_clause")


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


def build(layout, kind, source):
    config = configuration(layout, source.config)
    config.id2label, config.label2id = source.config.id2label, source.config.label2id
    prefix = {"bert": "Bert", "distilbert": "DistilBert", "roberta": "Roberta"}[layout]
    model = getattr(transformers, f"{prefix}For{kind}")(config)
    if kind == "MaskedLM":
        config.id2label = config.label2id = None
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


def agreement_rows(data, tokenizer):
    """Sentences with the verb masked, and the ids of its right and its wrong form."""
    rows = []
    with zipfile.ZipFile(data / "blimp" / "BLiMP.zip") as archive:
        for name in SETS:
            lines = io.TextIOWrapper(archive.open(f"data/{name}.jsonl"), encoding="utf-8")
            for line in lines:
                row = json.loads(line)
                good, bad = row["sentence_good"].split(), row["sentence_bad"].split()
                places = [i for i, (a, b) in enumerate(zip(good, bad)) if a != b]
                if len(good) != len(bad) or len(places) != 1:
                    continue
                forms = [tokenizer.encode(words[places[0]].strip("."), add_special_tokens=False)
                         for words in (good, bad)]
                if any(len(form) != 1 for form in forms):
                    continue
                good[places[0]] = tokenizer.mask_token
                rows.append((" ".join(good), (forms[0][0], forms[1][0])))
    return rows


def train(model, tokenizer, rows, steps, seed, masked):
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
        logits = None
        if masked:
            hidden = body(**read).last_hidden_state
            hidden = hidden[read["input_ids"] == tokenizer.mask_token_id]
            logits = masked_head(model, hidden)
        else:
            logits = model(**read).logits
        if masked:  # the word, and between its forms the right one
            both = logits.gather(1, labels)
            loss = (torch.nn.functional.cross_entropy(logits, labels[:, 0]) +
                    torch.nn.functional.cross_entropy(both, torch.zeros(len(batch)).long()))
        else:
            loss = torch.nn.functional.cross_entropy(logits, labels)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        mean = loss.item() if mean is None else 0.95 * mean + 0.05 * loss.item()
        if step % 20 == 19:
            print(f"  step {step + 1}: loss {mean:.3f}", flush=True)
    model.eval()


def masked_head(model, hidden):
    if hasattr(model, "cls"):
        return model.cls(hidden)
    if hasattr(model, "lm_head"):
        return model.lm_head(hidden)
    hidden = model.vocab_layer_norm(model.activation(model.vocab_transform(hidden)))
    return model.vocab_projector(hidden)


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
    work = [("SequenceClassification", "", sentiment_rows(arguments.data)),
            ("MaskedLM", "-sva", agreement_rows(arguments.data, tokenizer))]
    for kind, suffix, rows in work:
        for seed, layout in enumerate(LAYOUTS, start=1):
            folder = arguments.out / (layout + suffix)
            if (folder / "config.json").exists():
                print(f"{folder} is there already")
                continue
            print(f"{folder}: {len(rows)} rows", flush=True)
            torch.manual_seed(seed)
            model = build(layout, kind, source.bert)
            steps = arguments.steps * (4 if kind == "MaskedLM" else 1)
            train(model, tokenizer, rows, steps, seed, kind == "MaskedLM")
            model.save_pretrained(folder)
            for name in ("tokenizer.json", "tokenizer_config.json"):
                shutil.copy(pathlib.Path(arguments.model) / name, folder / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
