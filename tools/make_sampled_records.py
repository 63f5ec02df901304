#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/sampled/bert-cls.json: what torch answers for sampled gradient methods.

Needs torch and transformers: make_sampled_records.py
Everything is written down a second time here: the counter-based generator and what its streams are
keyed by (ascribo/base/rng.h, ascribo/explain/draws.h), noise, paths, statistics, and the gradients
of attention. All in double precision, so that the engine in double must agree to many digits.
"""

import json
import math
import pathlib

import numpy
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
SEED = 3
BASELINE, NOISE, PATH = 1, 2, 3
M32, M64 = 2**32 - 1, 2**64 - 1


def philox(counter, key):
    counter, key = list(counter), list(key)
    for _ in range(10):
        a, b = 0xD2511F53 * counter[0], 0xCD9E8D57 * counter[2]
        counter = [(b >> 32) ^ counter[1] ^ key[0], b & M32, (a >> 32) ^ counter[3] ^ key[1], a & M32]
        key = [(key[0] + 0x9E3779B9) & M32, (key[1] + 0xBB67AE85) & M32]
    return counter


class Rng:
    def __init__(self, seed, stream):
        self.key = [seed & M32, seed >> 32]
        for place, number in enumerate(stream, 1):
            self.key = philox([number & M32, number >> 32, 0, place], self.key)[:2]
        self.words, self.block, self.spare = [], 0, None

    def bits64(self):
        if not self.words:
            self.words = philox([self.block & M32, self.block >> 32, 0, 0], self.key)
            self.block += 1
        high = self.words.pop(0)
        return high << 32 | self.words.pop(0)

    def uniform(self):
        return (self.bits64() >> 11) * 2.0**-53

    def normal(self):
        if self.spare is not None:
            drawn, self.spare = self.spare, None
            return drawn
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        angle = 2 * math.pi * self.uniform()
        self.spare = radius * math.sin(angle)
        return radius * math.cos(angle)

    def below(self, n):
        drawn = self.bits64()
        while drawn < (M64 + 1 - n) % n:
            drawn = self.bits64()
        return drawn % n


def draw_key(ids):
    key = 0xCBF29CE484222325
    for number in [*ids, *[0] * len(ids)]:
        for byte in range(8):
            key = ((key ^ (number >> 8 * byte & 0xFF)) * 0x100000001B3) & M64
    return key


class Text:
    def __init__(self, model, tokenizer, ids):
        self.model, self.ids, self.key = model, ids, draw_key(ids)
        self.special = [i in tokenizer.all_special_ids for i in ids]
        self.words = [i for i in range(len(tokenizer)) if i not in tokenizer.all_special_ids]
        self.pad = tokenizer.pad_token_id
        self.x = self.embed(ids)

    def embed(self, ids):
        return self.model.get_input_embeddings()(torch.tensor(ids)).detach()

    def draw(self, what, number, position=0):
        return Rng(SEED, [self.key, what, number, position])

    def gradients(self, x):
        """[targets, tokens, width] of the logits."""
        x = x.clone().requires_grad_()
        logits = self.model(inputs_embeds=x[None]).logits[0]
        return torch.stack([torch.autograd.grad(logit, x, retain_graph=True)[0] for logit in logits])

    def noisy(self, sample, noise):
        deviation = noise * float(self.x.std(correction=0))
        drawn = []
        for token in range(len(self.ids)):
            rng = self.draw(NOISE, sample, token)
            drawn.append([rng.normal() for _ in range(self.x.shape[1])])
        return self.x + deviation * torch.tensor(drawn, dtype=torch.float64)

    def uniform_ids(self, index):
        return [own if special else self.words[self.draw(BASELINE, index, i).below(len(self.words))]
                for i, (own, special) in enumerate(zip(self.ids, self.special))]

    def pad_ids(self):
        return [own if special else self.pad for own, special in zip(self.ids, self.special)]


def record(method, options, scores, error=None):
    made = {"method": method, "options": options, "scores": numpy.asarray(scores).tolist()}
    if error is not None:
        made["standard_error"] = numpy.asarray(error).tolist()
    return made


def of_mean(samples):
    """Mean and standard error of [samples, targets, tokens]."""
    return samples.mean(0), samples.std(0, correction=1) / math.sqrt(len(samples))


def noise_records(text, samples=6, noise=0.2):
    common = {"samples": str(samples), "noise": str(noise)}
    copies = [text.noisy(k, noise) for k in range(samples)]
    gradients = torch.stack([text.gradients(x) for x in copies])
    products = torch.stack([x * g for x, g in zip(copies, gradients)])
    product = {**common, "of": "input_x_gradient"}
    mean, error = of_mean(products.sum(-1))
    square, square_error = of_mean((gradients**2).sum(-1))
    return [
        record("smooth_grad", common, gradients.mean(0).norm(dim=-1)),
        record("smooth_grad", product, mean, error),
        record("square_grad", common, square, square_error),
        record("square_grad", product, (products**2).mean(0).sum(-1)),
        record("var_grad", common, gradients.var(0, correction=1).sum(-1)),
        record("var_grad", product, products.var(0, correction=1).sum(-1)),
    ]


def path_records(text, samples=8):
    def estimate(baselines, noise, own=False):
        found = []
        for k in range(samples):
            rng = text.draw(PATH, k)
            start = baselines[k if own else rng.below(len(baselines))]
            u = rng.uniform()
            end = text.noisy(k, noise) if noise else text.x
            found.append((text.gradients(start + u * (end - start)) * (end - start)).sum(-1))
        return of_mean(torch.stack(found))

    pad = [text.embed(text.pad_ids())]
    uniform = [text.embed(text.uniform_ids(i)) for i in range(samples)]
    common = {"samples": str(samples)}
    return [
        record("gradient_shap", common, *estimate(pad, 0)),
        record("gradient_shap", {**common, "noise": "0.1"}, *estimate(pad, 0.1)),
        record("expected_gradients", common, *estimate(uniform, 0, own=True)),
    ]


def attention_records(text):
    found = text.model(input_ids=torch.tensor([text.ids]), output_attentions=True)
    slopes = [torch.autograd.grad(logit, found.attentions, retain_graph=True)
              for logit in found.logits[0]]

    def scores(only_positive, rows, layers):
        made = []
        for slope in slopes:
            layer_scores = []
            for layer in layers:
                product = (found.attentions[layer] * slope[layer])[0].detach()
                if only_positive:
                    product = product.clamp(min=0)
                layer_scores.append(product.sum(0)[rows].sum(0))
            made.append(torch.stack(layer_scores).mean(0))
        return torch.stack(made)

    every = range(len(found.attentions))
    read, whole = slice(0, 1), slice(None)
    method = "attention_x_gradient"
    return [
        record(method, {}, scores(False, read, every)),
        record(method, {"products": "positive"}, scores(True, read, every)),
        record(method, {"rows": "all"}, scores(False, whole, every)),
        record(method, {"rows": "all", "layer": "0"}, scores(False, whole, [0])),
    ]


def main():
    folder = GOLDEN / "bert-cls"
    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager")
    model = model.double().eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    cases = []
    for case in json.loads((folder / "cases.json").read_text())["cases"][:2]:
        text = Text(model, tokenizer, case["input_ids"])
        records = noise_records(text) + path_records(text) + attention_records(text)
        cases.append({"text": case["text"], "input_ids": case["input_ids"], "records": records})
    out = GOLDEN / "sampled" / "bert-cls.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps({"seed": SEED, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
