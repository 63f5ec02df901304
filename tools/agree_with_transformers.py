#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what transformers answers for a checkpoint folder, so that tests can compare.

    python tools/agree_with_transformers.py [--mask ID | --vectors | --causal] [--ids "2 25 3"]... FOLDER RECORD

The record holds, for a few texts, the token ids and types, the logits, and for every class the
gradient of its logit at the word embeddings: per token its L2 norm and its product with the word
embedding (its plain sum would say nothing, since the LayerNorm that follows makes it zero). Of a
masked language model, the logits are those at the first mask; with --causal, those after the last
token. With --vectors the model has no head and the logits are the dimensions of its vector, the
mean of the last layer. Where there are more than ten logits, the gradients are those of the three
largest; where there are more than a thousand, these and every five hundredth are recorded. --ids
stands for the texts where the tokenizer is not one that can be loaded.
Everything is computed in double precision from the weights as stored, so that what remains between
the record and the engine is the engine's own error. Needs torch and transformers.
"""
import argparse
import json
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import torch  # noqa: E402
import transformers  # noqa: E402

TEXTS = [
    ("a gripping, funny film that never loses its nerve.", None),
    ("two hours of my life that nobody will give back", None),
    ("Not bad at all; in fact I'd watch it again tomorrow!", None),
    ("dull", None),
    ("what did you think of it?", "the middle sags, but the ending is worth the wait."),
    (
        "The director has said that she wanted to make a quiet film about a loud family, and for "
        "most of its running time that is what she has done: nobody listens, everybody talks, and "
        "the camera waits in the doorway until somebody finally says what they mean. It is a pity "
        "that the last scene explains everything twice.",
        None,
    ),
]


MANY, TOO_MANY, EVERY = 10, 1000, 500


def logits_of(model, given, place):
    """The logits recorded, and the indices whose gradients are."""
    output = model(**given)
    if "start_logits" in output:
        return torch.stack([output.start_logits[0, place], output.end_logits[0, place]]), [0, 1]
    if "last_hidden_state" in output:
        logits = output.last_hidden_state[0].mean(0)
    else:
        logits = output.logits[0] if place is None else output.logits[0, place]
    if place is None and len(logits) <= MANY:
        return logits, list(range(len(logits)))
    return logits, logits.topk(min(3, len(logits))).indices.tolist()


def record_ids(model, ids, types, attention, place):
    """Of a head that answers token by token, what it answers at `place`."""
    words = model.get_input_embeddings()(ids).detach().requires_grad_(True)
    given = {"inputs_embeds": words, "attention_mask": attention}
    if getattr(model.config, "type_vocab_size", 0):
        given["token_type_ids"] = types
    logits, targets = logits_of(model, given, place)
    products, norms = [], []
    for target in targets:
        (gradient,) = torch.autograd.grad(logits[target], words, retain_graph=True)
        products.append((gradient * words)[0].sum(-1).tolist())
        norms.append(gradient[0].norm(dim=-1).tolist())
    outputs = list(range(len(logits)))
    if len(logits) > TOO_MANY:
        outputs = sorted({*targets, *outputs[::EVERY]})
    record = {
        "ids": ids[0].tolist(),
        "type_ids": types[0].tolist(),
        "logits": logits[outputs].tolist(),
        "input_x_gradient": products,
        "gradient_norm": norms,
    }
    if place is not None:
        record.update(place=place)
    if place is not None or len(logits) > MANY:
        record.update(targets=targets)
    if len(outputs) < len(logits):
        record.update(outputs=outputs)
    return record


def record_text(model, tokenizer, text, pair, last):
    encoded = tokenizer(text, pair, return_tensors="pt")
    types = torch.tensor([encoded.encodings[0].type_ids])  # given out or not: as the file says
    ids = encoded["input_ids"]
    place = ids.shape[1] - 1 if last else None
    record = record_ids(model, ids, types, encoded["attention_mask"], place)
    return {"text": text, "pair": pair, **record}


def record_row(model, row, place):
    ids = torch.tensor([row])
    record = record_ids(model, ids, torch.zeros_like(ids), torch.ones_like(ids), place)
    return {"text": " ".join(map(str, row)), "pair": None, **record}


def write(record, path):
    """Nine digits: far below the engine's error, and small enough to commit."""
    rounded = json.loads(
        json.dumps(record), parse_float=lambda digits: float(f"{float(digits):.9g}")
    )
    with open(path, "w", encoding="utf-8") as out:
        json.dump(rounded, out, separators=(",", ":"))
        out.write("\n")


def made_by(script):
    return f"tools/{script}, transformers {transformers.__version__}, float64"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ids", action="append", help="rows of token ids, in place of texts")
    parser.add_argument("--mask", type=int, help="id of the mask: the model is a masked one")
    parser.add_argument("--vectors", action="store_true", help="the model has no head")
    parser.add_argument("--causal", action="store_true", help="the model is a causal one")
    parser.add_argument("folder", type=Path)
    parser.add_argument("record", type=Path)
    arguments = parser.parse_args()
    kind = transformers.AutoModelForSequenceClassification
    if arguments.mask is not None:
        kind = transformers.AutoModelForMaskedLM
    if arguments.causal:
        kind = transformers.AutoModelForCausalLM
    if arguments.vectors:
        kind = transformers.AutoModel
    model = kind.from_pretrained(
        arguments.folder, dtype=torch.float64, attn_implementation="eager"
    ).eval()
    if arguments.ids:
        rows = [[int(number) for number in row.split()] for row in arguments.ids]
        masks = [None if arguments.mask is None else row.index(arguments.mask) for row in rows]
        texts = [record_row(model, row, place) for row, place in zip(rows, masks)]
    else:
        tokenizer = transformers.AutoTokenizer.from_pretrained(arguments.folder)
        texts = [record_text(model, tokenizer, *each, arguments.causal) for each in TEXTS]
    record = {
        "model": arguments.record.stem,
        "made_by": made_by("agree_with_transformers.py"),
        "texts": texts,
    }
    write(record, arguments.record)


if __name__ == "__main__":
    main()
