#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what the reference tokenizers make of small descriptions, one for each stage and option.

    python tools/make_stage_records.py tests/golden/tokenizer/stages.json

Descriptions and texts are the project's own. Needs the tokenizers package.
"""
import argparse
import base64
import json
import struct
from pathlib import Path

import tokenizers

TEXTS = [
    "", " ", "hello world", "  hello   world  ", "hello\tworld\n", "\u2581hello \u2581", "xyz hello qq world",
    "<m>", "<m>hello <m> world<m>", "hello<m>world", " <m> hello", "<n> x<n>hello", "<unk>", "q<unk>q hello",
    "aaaa", "abababab", "aab", "\U0001f600\U0001f600 hello", "\u4e16\u754c", "e\u0301\u00e9", "\x01\x02hello",
    "\x01", "hello\x01\x02", "h\x01ello", "\u200bhello\u200b", "(\u2026)\u2026", "\ufb01\u0301 \ufb01", "\u00bd\u0301",
    "\r\n", "a\r\nb", "\u0600a", "\u3042\u3044",
]
PAIRS = [("hello", "world"), ("", "hello"), (" hello", "<m> world")]


def charsmap(replacements):
    """A double-array trie of the given texts, and their replacements, as sentencepiece writes them."""
    blob, places = b"", {}
    for text in replacements.values():
        if text not in places:
            places[text] = len(blob)
            blob += text.encode() + b"\0"
    trie = {}
    for key, text in replacements.items():
        node = trie
        for byte in key.encode():
            node = node.setdefault(byte, {})
        node["value"] = places[text]
    units = {}
    free = [1]

    def place(node, at, label):
        # Blocks of 256 units, each used by the children of one node only.
        block = 256 * free[0]
        free[0] += 1
        offset = at ^ block
        units[at] = (label or 0) | (0x100 if "value" in node else 0) | offset << 10
        if "value" in node:
            units[block] = 1 << 31 | node["value"]
        for byte, child in node.items():
            if byte != "value":
                place(child, block ^ byte, byte)

    place(trie, 0, None)
    data = b"".join(struct.pack("<I", units.get(i, 0)) for i in range(256 * free[0]))
    return base64.b64encode(struct.pack("<I", len(data)) + data + blob).decode()


PIECES = [["<unk>", 0.0], ["\u2581", -2.0], ["\u2581hello", -1.5], ["hello", -3.0], ["\u2581world", -2.5], ["wor", -4.0],
          ["ld", -4.5], ["a", -2.0], ["b", -2.0], ["aa", -4.0], ["ab", -3.0], ["aba", -5.0], ["h", -6.0], ["e", -6.5],
          ["l", -6.25], ["o", -6.0], ["\u4e16", -5.0], ["x", -5.5], ["(", -3.0], [".", -3.0], ["...", -4.0], [" ", -3.5]]
BYTES = [[f"<0x{byte:02X}>", -7.0] for byte in range(256)]
MAP = {"\x01": "", "\x02": "", "\u200b": "", "\u2026": "...", "\ufb01": "fi", "\u00bd": "1/2", "e\u0301": "\u00e9",
       "\u0600": "x", "\r\n": " ", "\u3042": "aa"}

METASPACE = {"type": "Metaspace", "replacement": "\u2581"}


def description(normalizer=None, pre_tokenizer=None, decoder=None, pieces=None, unk=0, added=True, **model):
    tokens = [("<m>", False, True), ("<n>", True, False)] if added else []
    count = len(pieces or PIECES)
    return {
        "version": "1.0", "truncation": None, "padding": None,
        "added_tokens": [{"id": count + i, "content": content, "single_word": False, "lstrip": strips, "rstrip": False,
                          "normalized": normalized, "special": True}
                         for i, (content, normalized, strips) in enumerate(tokens)],
        "normalizer": normalizer, "pre_tokenizer": pre_tokenizer, "post_processor": None, "decoder": decoder,
        "model": {"type": "Unigram", "unk_id": unk, "vocab": pieces or PIECES, **model},
    }


def space(**options):
    return {**METASPACE, **options}


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


BYTES_BACK = [replace({"String": "\u2581"}, " "), {"type": "ByteFallback"}, {"type": "Fuse"}]
DESCRIPTIONS = {
    "Unigram alone": description(),
    "Unigram with bytes": description(pieces=PIECES + BYTES, byte_fallback=True, pre_tokenizer=METASPACE,
                                      decoder={"type": "Sequence", "decoders": BYTES_BACK}),
    "Unigram with some bytes": description(pieces=PIECES + BYTES[:200], byte_fallback=True),
    "Unigram with bytes and no fallback": description(pieces=PIECES + BYTES, byte_fallback=False),
    "Unigram with a piece twice": description(pieces=PIECES + [["a", -0.5], ["<unk>", -3.0]]),
    "Unigram with positive scores": description(pieces=[["<unk>", 1.0], ["a", 2.0], ["aa", 4.0], ["ab", 1.0], ["b", 0.0]]),
    "Metaspace": description(pre_tokenizer=METASPACE, decoder=METASPACE),
    "Metaspace never": description(pre_tokenizer=space(prepend_scheme="never"), decoder=space(prepend_scheme="never")),
    "Metaspace first": description(pre_tokenizer=space(prepend_scheme="first"), decoder=space(prepend_scheme="first")),
    "Metaspace older": description(pre_tokenizer=space(add_prefix_space=True, str_rep="\u2581")),
    "Metaspace older without prefix": description(pre_tokenizer=space(add_prefix_space=False, prepend_scheme="never")),
    "Metaspace without split": description(pre_tokenizer=space(split=False), decoder=METASPACE),
    "Metaspace first without split": description(pre_tokenizer=space(prepend_scheme="first", split=False)),
    "Metaspace with another sign": description(pre_tokenizer=space(replacement="_"), decoder=space(replacement="_")),
    "Prepend": description(normalizer={"type": "Prepend", "prepend": "\u2581x"}),
    "Prepend nothing": description(normalizer={"type": "Prepend", "prepend": ""}),
    "Strip left": description(normalizer={"type": "Strip", "strip_left": True, "strip_right": False}, pre_tokenizer=METASPACE),
    "Strip right": description(normalizer={"type": "Strip", "strip_left": False, "strip_right": True}, pre_tokenizer=METASPACE),
    "Strip both": description(normalizer={"type": "Strip", "strip_left": True, "strip_right": True},
                              pre_tokenizer=space(prepend_scheme="first")),
    "Strip nothing": description(normalizer={"type": "Strip", "strip_left": False, "strip_right": False}),
    "Nmt": description(normalizer={"type": "Nmt"}, pre_tokenizer=METASPACE),
    "Precompiled": description(normalizer={"type": "Precompiled", "precompiled_charsmap": charsmap(MAP)}),
    "Sequence": description(normalizer={"type": "Sequence", "normalizers": [
        {"type": "Precompiled", "precompiled_charsmap": charsmap(MAP)},
        {"type": "Strip", "strip_left": False, "strip_right": True},
        replace({"Regex": " {2,}"}, "\u2581"),
        {"type": "Prepend", "prepend": " "}]}, pre_tokenizer=METASPACE, decoder=METASPACE),
    "Sequence of nothing": description(normalizer={"type": "Sequence", "normalizers": []},
                                       decoder={"type": "Sequence", "decoders": []}),
    "decoder Strip": description(pre_tokenizer=METASPACE, decoder={"type": "Sequence", "decoders": [
        *BYTES_BACK, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}),
    "decoder Strip of tokens": description(decoder={"type": "Strip", "content": "a", "start": 1, "stop": 0}, added=False),
    "decoder Replace by pattern": description(decoder=replace({"Regex": "l+|o$"}, "_"), added=False),
    "decoder Fuse": description(decoder={"type": "Fuse"}),
}


def record(tokenizer, text, pair):
    encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    return {"text": text, "pair": pair, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets,
            "word_ids": encoding.word_ids, "type_ids": encoding.type_ids,
            "decoded": tokenizer.decode(encoding.ids),
            "decoded_special": tokenizer.decode(encoding.ids, skip_special_tokens=False)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("records", type=Path, help="the file to write")
    records = parser.parse_args().records
    entries = []
    for name, tokenizer in DESCRIPTIONS.items():
        reference = tokenizers.Tokenizer.from_str(json.dumps(tokenizer))
        cases = [record(reference, text, None) for text in TEXTS] + [record(reference, *pair) for pair in PAIRS]
        entries.append(json.dumps({"name": name, "tokenizer": tokenizer, "cases": cases}, separators=(",", ":")))
    records.write_text(f'{{"tokenizers":"{tokenizers.__version__}","descriptions":[\n' + ",\n".join(entries) + "\n]}\n",
                       encoding="ascii")
    print(f"{len(entries)} descriptions in {records}")


if __name__ == "__main__":
    main()
