#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tiny random causal language models, and what transformers and captum answer for them.

    python tools/make_causal_records.py [NAME...]
    python tools/make_causal_records.py --check FOLDER...

Each goes to tests/golden/NAME with the tokenizer of tests/golden/gpt2-lm, laid out as the other
causal folders there are: cases.json says what each text is and where its continuation begins,
expected.safetensors has logits, hidden states, attentions, and of every token of the continuation
the gradient of its logit and of its log-probability at the word embeddings, of the first one that
of its logit minus the contrast's, and Integrated Gradients from an all-zero baseline. Everything is
computed in double precision and stored in single. --check compares a folder with what is computed
from its checkpoint, and writes nothing. Needs torch, transformers and captum.
"""
import argparse
import json
import os
import shutil
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import captum.attr  # noqa: E402
import torch  # noqa: E402
import transformers  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"
TEXTS = [
    ("the film was", " surprisingly good and funny"),
    ("I did not like the plot because", " it was dull."),
    ("Bad", " acting"),
]
SMALL = {
    "vocab_size": 800,
    "hidden_size": 32,
    "num_attention_heads": 4,
    "num_hidden_layers": 3,
    "bos_token_id": 0,
    "eos_token_id": 0,
    "pad_token_id": None,
}
LLAMA = {**SMALL, "intermediate_size": 64, "max_position_embeddings": 80}
MODELS = {
    "bloom-lm": (
        transformers.BloomForCausalLM,
        {**SMALL, "n_layer": 3, "n_head": 4, "layer_norm_epsilon": 1e-5},
    ),
    "gemma-lm": (
        transformers.GemmaForCausalLM,
        {**LLAMA, "head_dim": 12, "num_key_value_heads": 1},
    ),
    "mistral-lm": (
        transformers.MistralForCausalLM,
        {**LLAMA, "num_key_value_heads": 2, "sliding_window": 4},
    ),
    "phi3-lm": (
        transformers.Phi3ForCausalLM,
        {
            **LLAMA,
            "num_key_value_heads": 2,
            "original_max_position_embeddings": 80,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10000.0,
                "partial_rotary_factor": 0.5,
            },
        },
    ),
}


def write_checkpoint(name):
    build, options = MODELS[name]
    torch.manual_seed(200 + list(MODELS).index(name))
    model = build(build.config_class(**options)).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # far from zero and one, so that each one counts
            parameter.add_(torch.randn_like(parameter) * 0.2)
        model.get_input_embeddings().weight.mul_(1.5)
    model.save_pretrained(GOLDEN / name)
    for file in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(GOLDEN / "gpt2-lm" / file, GOLDEN / name / file)


def describe(tokenizer, prompt, target):
    encoded = tokenizer(prompt + target, return_offsets_mapping=True)
    ids = encoded["input_ids"]
    return {
        "text": prompt + target,
        "pair": None,
        "input_ids": ids,
        "tokens": tokenizer.convert_ids_to_tokens(ids),
        "offsets": [list(span) for span in encoded["offset_mapping"]],
        "word_ids": encoded.word_ids(),
        "sequence_ids": encoded.sequence_ids(),
        "special_tokens_mask": [0] * len(ids),
        "prompt": prompt,
        "target": target,
        "prompt_len": len(tokenizer(prompt)["input_ids"]),
    }


def greedy(model, ids, count):
    for _ in range(count):
        ids = [*ids, model(torch.tensor([ids])).logits[0, -1].argmax().item()]
    return ids[-count:]


def integrated(model, words, place, target):
    """Captum's scores of one target token, and its convergence delta."""

    def score(inputs):
        return model(inputs_embeds=inputs).logits[:, place, target]

    scores, delta = captum.attr.IntegratedGradients(score).attribute(
        words,
        baselines=torch.zeros_like(words),
        n_steps=20,
        method="gausslegendre",
        return_convergence_delta=True,
    )
    return scores[0].sum(-1).detach(), delta.item()


def record(model, case):
    ids, first = case["input_ids"], case["prompt_len"]
    case["greedy"] = greedy(model, ids[:first], 8)
    case["contrast_id"] = case["greedy"][0]
    assert case["contrast_id"] != ids[first]
    words = model.get_input_embeddings()(torch.tensor([ids])).detach().requires_grad_(True)
    output = model(inputs_embeds=words, output_hidden_states=True, output_attentions=True)
    logits = output.logits[0]
    targets = [(place - 1, ids[place]) for place in range(first, len(ids))]

    def gradient(value):
        return torch.autograd.grad(value, words, retain_graph=True)[0][0]

    scores, case["ig_delta"] = zip(*(integrated(model, words, *each) for each in targets))
    likely = logits.log_softmax(-1)
    contrast = logits[first - 1, ids[first]] - logits[first - 1, case["contrast_id"]]
    return {
        "logits": logits,
        "hidden_states": torch.cat(output.hidden_states),
        "attentions": torch.cat(output.attentions),
        "grad": torch.stack([gradient(logits[each]) for each in targets]),
        "grad_log_softmax": torch.stack([gradient(likely[each]) for each in targets]),
        "grad_contrast": gradient(contrast),
        "ig_zero/gausslegendre/20": torch.stack(scores),
    }


def records(folder):
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float64, attn_implementation="eager"
    ).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    cases, expected = [], {}
    for index, (prompt, target) in enumerate(TEXTS):
        case = describe(tokenizer, prompt, target)
        for quantity, tensor in record(model, case).items():
            expected[f"c{index}/{quantity}"] = tensor.detach().float().contiguous()
        cases.append(case)
    whole = {"model": folder.name, "architectures": model.config.architectures, "cases": cases}
    return whole, expected


def check(folder):
    cases, expected = records(folder)
    stored = json.loads((folder / "cases.json").read_text(encoding="utf-8"))
    tensors = load_file(folder / "expected.safetensors")
    assert set(expected) <= set(tensors), set(expected) - set(tensors)
    worst = max(
        ((tensors[key] - expected[key]).abs().max() / expected[key].abs().max()).item()
        for key in expected
    )
    for found, before in zip(cases["cases"], stored["cases"], strict=True):
        for key in found:
            same = key == "ig_delta" or json.loads(json.dumps(found[key])) == before[key]
            assert same, (key, found[key], before[key])
    print(f"{folder.name}: {len(expected)} tensors, largest relative difference {worst:.2g}")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(MODELS))
    arguments = parser.parse_args()
    for folder in arguments.check or []:
        check(folder)
    for name in [] if arguments.check else arguments.names or MODELS:
        write_checkpoint(name)
        cases, expected = records(GOLDEN / name)
        text = json.dumps(cases, ensure_ascii=False, indent=1)
        (GOLDEN / name / "cases.json").write_text(text, encoding="utf-8")
        save_file(expected, GOLDEN / name / "expected.safetensors")


if __name__ == "__main__":
    main()
