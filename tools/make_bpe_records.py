#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what the reference tokenizers make of small BPE and byte-level descriptions, one for each option.

    python tools/make_bpe_records.py tests/golden/tokenizer/bpe_stages.json
    python tools/make_bpe_records.py --folders /tmp/stages     (each in a folder, for fuzz_tokenizer.py)

Descriptions and texts are the project's own. Needs the tokenizers package.
"""
import argparse
import json
from pathlib import Path

import tokenizers

TEXTS = [
    "", " ", "a", "the film's great, isn't it?", " The  Film\u00a0 \t\n\nok  ", "don't CAN'T we'RE I'll  ",
    "12345 \u0663\u00bd 3.14 x2", "a-b--c - -", "!?... (no) $5+5=10 `x`", "caf\u00e9 cafe\u0301 \u1e9e\u0130 \u039f\u03a3",
    "\ufb01lm \uff21\u2460\u00b2 \u3392 \ufdfa", "\u1112\u1161\u11ab \ud55c \uac00\u11a8 \u1100\u1161\u11a7",
    "q\u0307\u0323 a\u0301\u0327\u0323 \u0344 \u212b \u0958 \u0301x", "\u4e16\u754c \u3042\u30ac \u304b\u3099 \U00020000",
    "\U0001f600\U0001f44d\U0001f3fd \U0001f468\u200d\U0001f469", "\x00\x1f\u200b\ufeff\ufffd\U0010ffff",
    "<m>", "a<m>b <m> \t<m>c", "x <n> <N>x <n>", "xw w w-w ww", "<r>  x", "\U0001fae8\U0002ebf0\u0cf3 \U000323b0",
    "the the the thethe", "\u0627\u0644\u0633 \u05e9\u05c1 \u0939\u093f\u0928\u094d\u0926\u0940 \u0e44\u0e17\u0e22",
]
PAIRS = [("the film", "isn't it?"), ("", " x"), ("<m> x", "  y ")]

ALPHABET = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
MERGES = [("t", "h"), ("th", "e"), ("\u0120", "the"), ("i", "l"), ("f", "il"), ("fil", "m"), ("\u0120", "film"), ("\u0120", "\u0120"),
          ("'", "s"), ("'", "t"), ("n", "'t"), ("\u00c3", "\u00a9"), ("0", "1"), ("-", "-"), (".", "."), ("..", ".")]
PIECES = ALPHABET + [left + right for left, right in MERGES]
BYTES = [f"<0x{byte:02X}>" for byte in range(256)]
BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
NO_REGEX = {**BYTE_LEVEL, "use_regex": False}
GPT2 = r"""(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"""


def model(pieces=None, merges=None, kind="BPE", **options):
    vocab = {piece: i for i, piece in enumerate(pieces or PIECES)}
    if kind != "BPE":
        return {"type": kind, "vocab": vocab, **options}
    pairs = MERGES if merges is None else merges
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, **options, "vocab": vocab, "merges": pairs}


def description(normalizer=None, pre=BYTE_LEVEL, post=None, decoder=None, **options):
    described = options.pop("model", None) or model(**options)
    count = len(described["vocab"])
    added = [("<m>", {"lstrip": True, "special": True}), ("<n>", {"normalized": True}), ("w", {"single_word": True}),
             ("<r>", {"rstrip": True})]
    tokens = [{"id": count + i, "content": content, "single_word": False, "lstrip": False, "rstrip": False,
               "normalized": False, "special": False, **flags} for i, (content, flags) in enumerate(added)]
    return {"version": "1.0", "truncation": None, "padding": None, "added_tokens": tokens, "normalizer": normalizer,
            "pre_tokenizer": pre, "post_processor": post, "decoder": decoder or BYTE_LEVEL, "model": described}


def sequence(*stages):
    return {"type": "Sequence", "pretokenizers": [*stages, NO_REGEX]}


def split(pattern, behavior, invert=False):
    return sequence({"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert})


def replace(pattern, content, **options):
    return description({"type": "Replace", "pattern": pattern, "content": content}, **options)


def roberta(**options):
    return {"type": "RobertaProcessing", "sep": ["</s>", 1], "cls": ["<s>", 0], "trim_offsets": True, "add_prefix_space": False,
            **options}


TEMPLATE = {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
            "pair": [{"Sequence": {"id": "B", "type_id": 1}}, {"SpecialToken": {"id": "S", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 2}}],
            "special_tokens": {"S": {"id": "S", "ids": [5], "tokens": ["S"]}}}
SUFFIXED = ["a", "b", "f", "i", "l", "m", "m</w>", "b</w>", "a</w>", "ab</w>", "fi", "il", "fil", "film</w>", "ab", "<unk>"]
PREFIXED = ["a", "b", "##a", "##b", "ab", "##ab", "aba", "<unk>", "t", "##h", "##e", "th", "the"]
LETTERS = ["<unk>", " ", "a", "b", "c", "t", "h", "e", "th", "the", "\u00e9", "x", ",", "'"]
SIGNS = {"String": "-"}
DESCRIPTIONS = {
    "ByteLevel": description(),
    "ByteLevel with prefix": description(pre={**BYTE_LEVEL, "add_prefix_space": True}),
    "ByteLevel without pattern": description(pre={**NO_REGEX, "add_prefix_space": True}),
    "ByteLevel normalizer": description({"type": "ByteLevel"}, pre=None),
    "ignore_merges": description(merges=[], ignore_merges=True),
    "merges as texts": description(merges=[f"{left} {right}" for left, right in MERGES]),
    "byte_fallback": description(pre=None, decoder={"type": "ByteFallback"}, pieces=LETTERS + BYTES, merges=[("t", "h"), ("th", "e")],
                                 byte_fallback=True, unk_token="<unk>"),
    "byte_fallback of some": description(pre=None, decoder={"type": "Fuse"}, pieces=LETTERS + BYTES[:0xC8], merges=[("t", "h")],
                                         byte_fallback=True, unk_token="<unk>", fuse_unk=True),
    "unknown": description(pre={"type": "Whitespace"}, pieces=LETTERS, merges=[("t", "h")], unk_token="<unk>"),
    "fuse_unk": description(pre=None, pieces=LETTERS, merges=[("t", "h")], unk_token="<unk>", fuse_unk=True),
    "unknown left out": description(pre=None, pieces=LETTERS, merges=[("t", "h"), ("th", "e")]),
    "end_of_word_suffix": description(pre={"type": "Whitespace"}, decoder={"type": "BPEDecoder", "suffix": "</w>"}, pieces=SUFFIXED,
                                      merges=[("a", "b</w>"), ("f", "i"), ("fi", "l"), ("fil", "m</w>"), ("a", "b")],
                                      end_of_word_suffix="</w>", unk_token="<unk>"),
    "continuing_subword_prefix": description(pre={"type": "WhitespaceSplit"}, decoder={"type": "WordPiece", "prefix": "##", "cleanup": True},
                                             pieces=PREFIXED, merges=[("a", "##b"), ("ab", "##a"), ("t", "##h"), ("th", "##e")],
                                             continuing_subword_prefix="##", unk_token="<unk>"),
    "WordLevel": description(pre={"type": "Whitespace"}, decoder={"type": "Fuse"}, kind="WordLevel", pieces=["?", "the", "film", "x", "'"],
                             unk_token="?"),
    "NFC": description({"type": "NFC"}), "NFD": description({"type": "NFD"}),
    "NFKC": description({"type": "NFKC"}), "NFKD": description({"type": "NFKD"}),
    "Lowercase": description({"type": "Lowercase"}), "StripAccents": description({"type": "StripAccents"}),
    "NFD, StripAccents, NFC": description({"type": "Sequence", "normalizers": [{"type": "NFD"}, {"type": "StripAccents"}, {"type": "NFC"}]}),
    "Replace": replace({"String": "the"}, "<\u00e9>"), "Replace by nothing": replace({"Regex": "[aeiou\\s]+"}, ""),
    # Without a pre-tokenizer: the reference writes what is put in at the start of a text twice as bytes, or fails.
    "Replace the empty text": replace({"String": ""}, "-", pre=None), "Replace at the ends": replace({"Regex": "^|$"}, "_", pre=None),
    "Replace spaces": replace({"Regex": " {2,}|\\p{M}"}, "\u2581\u2581"),
    "Split removed": description(pre=split(SIGNS, "Removed")), "Split isolated": description(pre=split(SIGNS, "Isolated")),
    "Split to previous": description(pre=split(SIGNS, "MergedWithPrevious")), "Split to next": description(pre=split(SIGNS, "MergedWithNext")),
    "Split contiguous": description(pre=split(SIGNS, "Contiguous")),
    "Split inverted": description(pre=split({"Regex": "\\w+|[^\\w\\s]+"}, "Removed", True)),
    "Split inverted to next": description(pre=split({"Regex": "\\s+"}, "MergedWithNext", True)),
    "Split by empty matches": description(pre=split({"Regex": "x*"}, "MergedWithPrevious")),
    "Split as later models": description(pre=split({"Regex": GPT2}, "Isolated"), normalizer={"type": "NFC"}),
    "Split by classes": description(pre=split({"Regex": "[[:punct:]]+|\\p{L}+|[[:digit:]]|\\h+"}, "Isolated")),
    "Whitespace": description(pre=sequence({"type": "Whitespace"})), "WhitespaceSplit": description(pre=sequence({"type": "WhitespaceSplit"})),
    "Punctuation": description(pre=sequence({"type": "Punctuation"})),
    "Punctuation removed": description(pre=sequence({"type": "Punctuation", "behavior": "Removed"})),
    "Punctuation contiguous": description(pre=sequence({"type": "Punctuation", "behavior": "Contiguous"})),
    "Digits": description(pre=sequence({"type": "Digits", "individual_digits": False})),
    "Digits alone": description(pre=sequence({"type": "Digits", "individual_digits": True})),
    "CharDelimiterSplit": description(pre=sequence({"type": "CharDelimiterSplit", "delimiter": "-"})),
    "RobertaProcessing": description(post=roberta()),
    "RobertaProcessing with prefix": description(pre={**BYTE_LEVEL, "add_prefix_space": True}, post=roberta(add_prefix_space=True)),
    "RobertaProcessing untrimmed": description(post=roberta(trim_offsets=False)),
    "post-processor ByteLevel": description(pre={**BYTE_LEVEL, "add_prefix_space": True},
                                            post={"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}),
    "post-processor Sequence": description(post={"type": "Sequence", "processors": [BYTE_LEVEL, TEMPLATE]}),
}


def record(tokenizer, text, pair):
    try:
        encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    except BaseException as error:  # a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        return None
    return {"text": text, "pair": pair, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets,
            "word_ids": encoding.word_ids, "type_ids": encoding.type_ids,
            # With no token at all some of its decoders do not come back.
            "decoded": tokenizer.decode(encoding.ids) if encoding.ids else "",
            "decoded_special": tokenizer.decode(encoding.ids, skip_special_tokens=False) if encoding.ids else ""}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", type=Path, help="the file to write")
    parser.add_argument("--folders", action="store_true", help="write folders with a tokenizer.json each instead")
    given = parser.parse_args()
    if given.folders:
        for name, described in DESCRIPTIONS.items():
            folder = given.records / name.replace(" ", "_").replace(",", "")
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "tokenizer.json").write_text(json.dumps(described))
        return
    entries = []
    for name, described in DESCRIPTIONS.items():
        reference = tokenizers.Tokenizer.from_str(json.dumps(described))
        cases = [record(reference, *row) for row in [(text, None) for text in TEXTS] + PAIRS]
        cases = [case for case in cases if case]
        entries.append(json.dumps({"name": name, "tokenizer": described, "cases": cases}, separators=(",", ":")))
    given.records.write_text(f'{{"tokenizers":"{tokenizers.__version__}","descriptions":[\n' + ",\n".join(entries) + "\n]}\n",
                             encoding="ascii")
    print(f"{len(entries)} descriptions in {given.records}")


if __name__ == "__main__":
    main()
