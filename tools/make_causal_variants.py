#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes tiny random causal checkpoints whose configs and heads vary what the golden ones do not.

    python tools/make_causal_variants.py [NAME...]

Each goes to tests/golden/agreement/NAME, with what transformers answers for it beside it, as
tools/make_variants.py does for encoders; tests/models/causal_agreement_test.cpp compares. Of heads
that answer token by token, the answer of the last token but one is recorded; of models without a
head, the mean of the last layer. Needs torch and transformers.
"""
import argparse
import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before transformers is imported

import torch  # noqa: E402
import transformers  # noqa: E402
from agree_with_transformers import made_by, record_row, write  # noqa: E402
from make_variants import RECORDS  # noqa: E402

ROWS = [
    [2, 9, 4],
    [2, 9, 4, 17, 33, 58, 12, 44, 21, 3],
    [7, 31, 5, 5, 48, 20, 59, 1, 13, 26, 40, 8, 52, 19, 36, 24, 3, 55, 10, 47, 29, 15, 0, 38],
]
TOKENS = {"vocab_size": 60, "bos_token_id": 0, "eos_token_id": 0, "pad_token_id": None}
TINY = {**TOKENS, "hidden_size": 16, "num_attention_heads": 4, "num_hidden_layers": 2}
WIDE = {**TINY, "intermediate_size": 24, "max_position_embeddings": 40, "num_key_value_heads": 2}
FAMILIES = {
    "GPT2": {**TOKENS, "n_embd": 16, "n_head": 4, "n_layer": 2, "n_positions": 40},
    "OPT": {**TINY, "ffn_dim": 24, "max_position_embeddings": 40, "word_embed_proj_dim": 16},
    "GPTNeoX": {
        **TINY,
        "num_attention_heads": 2,
        "intermediate_size": 24,
        "max_position_embeddings": 40,
    },
    "Bloom": TINY,
    **{name: WIDE for name in ("Llama", "Mistral", "Qwen2", "Qwen3", "Gemma", "Phi3")},
}
PROJECTED = {"do_layer_norm_before": False, "word_embed_proj_dim": 8}
PARTIAL = {"rope_type": "default", "rope_theta": 5000.0, "partial_rotary_factor": 0.5}
LLAMA3 = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
YARN = {"rope_type": "yarn", "factor": 4.0, "beta_fast": 8.0, "beta_slow": 0.5}


def scaled(**how):
    return {"rope_parameters": {"rope_theta": 500.0, **how}, "max_position_embeddings": 160}


# name: family, class, config
VARIANTS = {
    "gpt2-inverse": (
        "GPT2",
        "LMHeadModel",
        {"n_inner": 40, "scale_attn_by_inverse_layer_idx": True, "n_layer": 3},
    ),
    "gpt2-untied-silu": (
        "GPT2",
        "LMHeadModel",
        {"tie_word_embeddings": False, "activation_function": "silu"},
    ),
    "gpt2-tokens": ("GPT2", "ForTokenClassification", {}),
    "gpt2-qa": ("GPT2", "ForQuestionAnswering", {}),
    "gpt2-base": ("GPT2", "Model", {}),
    "opt-projected": ("OPT", "ForCausalLM", PROJECTED),
    "opt-projected-cls": ("OPT", "ForSequenceClassification", PROJECTED),
    "opt-projected-base": ("OPT", "Model", PROJECTED),
    "opt-no-biases-qa": ("OPT", "ForQuestionAnswering", {"enable_bias": False}),
    "opt-no-final-norm": (
        "OPT",
        "ForCausalLM",
        {"_remove_final_layer_norm": True, "activation_function": "gelu", "enable_bias": False},
    ),
    "gpt-neox-serial": (
        "GPTNeoX",
        "ForCausalLM",
        {"use_parallel_residual": False, "rope_parameters": PARTIAL},
    ),
    "gpt-neox-tied": (
        "GPTNeoX",
        "ForCausalLM",
        {"tie_word_embeddings": True, "attention_bias": False, "hidden_act": "gelu_new"},
    ),
    "gpt-neox-cls": ("GPTNeoX", "ForSequenceClassification", {}),
    "gpt-neox-tokens": ("GPTNeoX", "ForTokenClassification", {}),
    "gpt-neox-qa": ("GPTNeoX", "ForQuestionAnswering", {}),
    "bloom-six-heads": ("Bloom", "ForCausalLM", {"hidden_size": 24, "num_attention_heads": 6}),
    "bloom-cls": ("Bloom", "ForSequenceClassification", {}),
    "bloom-tokens": ("Bloom", "ForTokenClassification", {}),
    "bloom-qa": ("Bloom", "ForQuestionAnswering", {}),
    "bloom-base": ("Bloom", "Model", {}),
    "llama-biases": (
        "Llama",
        "ForCausalLM",
        {"attention_bias": True, "mlp_bias": True, "head_dim": 6, "tie_word_embeddings": True},
    ),
    "llama-llama3": (
        "Llama",
        "ForCausalLM",
        scaled(**LLAMA3, original_max_position_embeddings=20),
    ),
    "llama-linear": (
        "Llama",
        "ForSequenceClassification",
        scaled(rope_type="linear", factor=4.0),
    ),
    "llama-yarn": (
        "Llama",
        "ForTokenClassification",
        scaled(**YARN, original_max_position_embeddings=40),
    ),
    "llama-qa": ("Llama", "ForQuestionAnswering", {}),
    "llama-base": ("Llama", "Model", {}),
    "mistral-cls": (
        "Mistral",
        "ForSequenceClassification",
        {"sliding_window": 3, "head_dim": 6, "num_hidden_layers": 3},
    ),
    "mistral-tokens": ("Mistral", "ForTokenClassification", {"sliding_window": None}),
    "mistral-qa": ("Mistral", "ForQuestionAnswering", {"sliding_window": 1}),
    "qwen2-windows": (
        "Qwen2",
        "ForCausalLM",
        {
            "use_sliding_window": True,
            "sliding_window": 3,
            "max_window_layers": 1,
            "num_hidden_layers": 3,
            "tie_word_embeddings": True,
        },
    ),
    "qwen2-layer-types": (
        "Qwen2",
        "ForSequenceClassification",
        {
            "use_sliding_window": True,
            "sliding_window": 4,
            "layer_types": ["sliding_attention", "full_attention"],
        },
    ),
    "qwen2-tokens": ("Qwen2", "ForTokenClassification", {}),
    "qwen2-qa": ("Qwen2", "ForQuestionAnswering", {}),
    "qwen3-untied": (
        "Qwen3",
        "ForCausalLM",
        {
            "tie_word_embeddings": False,
            "attention_bias": True,
            "head_dim": 6,
            "use_sliding_window": True,
            "sliding_window": 5,
            "layer_types": ["full_attention", "sliding_attention"],
        },
    ),
    "qwen3-cls": ("Qwen3", "ForSequenceClassification", {"head_dim": 4}),
    "qwen3-tokens": ("Qwen3", "ForTokenClassification", {"head_dim": 4}),
    "qwen3-qa": ("Qwen3", "ForQuestionAnswering", {"head_dim": 4}),
    "qwen3-base": ("Qwen3", "Model", {"head_dim": 4}),
    "gemma-biases": ("Gemma", "ForCausalLM", {"head_dim": 6, "attention_bias": True}),
    "gemma-cls": ("Gemma", "ForSequenceClassification", {"head_dim": 4}),
    "gemma-tokens": ("Gemma", "ForTokenClassification", {"head_dim": 4}),
    "phi3-windows": ("Phi3", "ForSequenceClassification", {"sliding_window": 3}),
    "phi3-tokens": (
        "Phi3",
        "ForTokenClassification",
        {"rope_parameters": PARTIAL, "num_key_value_heads": 1, "head_dim": 4},
    ),
}


def make(name):
    family, suffix, options = VARIANTS[name]
    build = getattr(transformers, family + suffix)
    torch.manual_seed(300 + list(VARIANTS).index(name))
    labels = {"num_labels": 2 if suffix == "ForQuestionAnswering" else 3}
    model = build(build.config_class(**{**FAMILIES[family], **labels, **options})).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # far from zero and one, so that each one counts
            parameter.add_(torch.randn_like(parameter) * (0.25 if parameter.dim() > 1 else 0.3))
    folder = RECORDS / name
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    exact = build.from_pretrained(folder, dtype=torch.float64, attn_implementation="eager").eval()
    whole = suffix in ("Model", "ForSequenceClassification")
    texts = [record_row(exact, row, None if whole else len(row) - 2) for row in ROWS]
    record = {"model": name, "made_by": made_by("make_causal_variants.py"), "texts": texts}
    write(record, RECORDS / f"{name}.json")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[[], *VARIANTS], metavar="NAME")
    for name in parser.parse_args().names or VARIANTS:
        make(name)


if __name__ == "__main__":
    main()
