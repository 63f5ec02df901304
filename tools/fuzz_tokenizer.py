#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares `ascribo tokenize` with the reference tokenizers on random Unicode texts.

    python tools/fuzz_tokenizer.py --count 100000 ../shared/tokenizers/roberta-base

Ids, tokens, offsets, word ids and type ids must be equal, for texts and pairs. The first texts with
differences are shown, cut down to what still differs. Needs the tokenizers package.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import tokenizers

PROGRAM = Path(__file__).resolve().parent.parent / "build/release/ascribo"
FIELDS = ["ids", "tokens", "offsets", "word_ids", "type_ids"]

SPACES = [" "] * 8 + list("\t\n\r\x0b\x0c\x85\xa0\u1680\u2000\u2003\u2009\u200a\u2028\u2029\u202f\u205f\u3000")
INVISIBLE = list("\x00\x01\x07\x1b\x7f\x80\x9f\xad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202b"
                 "\u2060\u2066\ufe0f\ufeff\ufffc\ufffd\ufffe\uffff\U0001d173\U000e0001\U0010ffff")
WORDS = ("the film was great don't CAN'T I've we'RE she'll he'd it's o'clock Stra\u00dfe \u0130stanbul "
         "caf\u00e9 cafe\u0301 na\u00efve \u00c5ngstr\u00f6m \u1e9e \ufb01n \u01c5 \u039f\u0394\u039f\u03a3 "
         "\u043f\u0440\u0438\u0432\u0435\u0442 \u0419\u043e\u0434 3.14 1,000 50% 2x4 a_b <s> </s> <mask> "
         "[MASK] [CLS] <unk> <pad> <|endoftext|> \u2581 \u0120 ## <br/> http://a.b/c?d=e&f#g me@x.org").split()
SEQUENCES = ["\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44d\U0001f3fd", "1\ufe0f\u20e3",
             "\U0001f1e9\U0001f1ea", "\u1112\u1161\u11ab", "\u304b\u3099", "\u0915\u094d\u0937",
             "a\u0301\u0327\u0323", "\u1100\u1161\u11a7", "\uac00\u11a8", "\ufdfa", "\u0344", "...", "\r\n", "\n\n"]
MARKS = [0x300, 0x301, 0x308, 0x30A, 0x323, 0x327, 0x338, 0x345, 0x489, 0x5B8, 0x64B, 0x93C, 0x94D,
         0xE38, 0x3099, 0x20D0, 0x1AC6, 0x1DF6, 0x1D165, 0x11046, 0x1E8D0]
RANGES = [(0x20, 0x7E), (0x20, 0x7E), (0xA0, 0x24F), (0x250, 0x36F), (0x370, 0x52F), (0x530, 0x7FF),
          (0x800, 0xDFF), (0xE00, 0x10FF), (0x1100, 0x11FF), (0x1200, 0x1FFF), (0x2000, 0x2BFF),
          (0x2C00, 0x2FFF), (0x3000, 0x33FF), (0x4E00, 0x9FFF), (0xA000, 0xABFF), (0xAC00, 0xD7FF),
          (0xE000, 0xFAFF), (0xFB00, 0xFFFF), (0x10000, 0x107FF), (0x10800, 0x11FFF), (0x12000, 0x1AFFF),
          (0x1B000, 0x1CFFF), (0x1D000, 0x1DFFF), (0x1E000, 0x1EFFF), (0x1F000, 0x1FFFF),
          (0x20000, 0x3FFFF), (0x40000, 0x10FFFF)]


class Texts:
    """An endless supply of texts, the same for the same seed."""

    def __init__(self, tokenizer, seed):
        self.draw = random.Random(seed)
        self.added = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
        self.pieces = sorted(tokenizer.get_vocab(with_added_tokens=False))

    def character(self, bounds=None):
        while True:
            code = self.draw.randint(*(bounds or self.draw.choice(RANGES)))
            if not 0xD800 <= code <= 0xDFFF:
                return chr(code)

    def stretch(self):
        draw = self.draw
        kind = draw.random()
        if kind < 0.20:
            return draw.choice(WORDS)
        if kind < 0.45:
            bounds = draw.choice(RANGES)
            return "".join(self.character(bounds) for _ in range(draw.randint(1, 6)))
        if kind < 0.55:
            return self.character() + "".join(chr(draw.choice(MARKS)) for _ in range(draw.randint(1, 3)))
        if kind < 0.62:
            return draw.choice(self.pieces)
        if kind < 0.70 and self.added:
            token = draw.choice(self.added)
            return draw.choice([token, token, token.lower(), token.upper(), token[:-1], token + "x"])
        if kind < 0.76:
            return draw.choice(SEQUENCES)
        if kind < 0.81:
            return draw.choice(INVISIBLE)
        if kind < 0.86:
            return draw.choice("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~0123456789") * draw.choice([1, 1, 2, 3, 9])
        if kind < 0.88:
            return self.character() * draw.choice([5, 20, 101])
        return draw.choice(SPACES) * draw.choice([1, 1, 1, 2, 3, 8])

    def text(self):
        parts = []
        for _ in range(self.draw.choice([0, 1, 1, 2, 3, 5, 8, 13, 30])):
            parts.append(self.stretch())
            if self.draw.random() < 0.4:
                parts.append(self.draw.choice(SPACES))
        return "".join(parts)

    def row(self):
        return (self.text(), self.text() if self.draw.random() < 0.2 else None)


def ours(program, folder, rows):
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "rows.jsonl"
        with file.open("w", encoding="utf-8") as out:
            for text, pair in rows:
                row = {"text": text} if pair is None else {"text": text, "pair": pair}
                out.write(json.dumps(row) + "\n")
        done = subprocess.run([program, "tokenize", "--model", folder, "--input", file],
                              capture_output=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{program} failed: {done.stderr.decode(errors='replace')}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def theirs(tokenizer, text, pair):
    """What the reference gives, or None where it fails by itself."""
    try:
        encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    except BaseException as error:  # a panic is no Exception
        if type(error).__name__ != "PanicException":
            raise
        return None
    found = {field: getattr(encoding, field) for field in FIELDS}
    found["offsets"] = [list(offset) for offset in encoding.offsets]
    return found


def differing(program, folder, tokenizer, rows):
    """The rows whose encodings differ, each with both encodings."""
    found = ours(program, folder, rows)
    if len(found) != len(rows):
        sys.exit(f"{program} gave {len(found)} lines for {len(rows)} texts")
    for row, mine in zip(rows, found):
        wanted = theirs(tokenizer, *row)
        if wanted is not None and mine != wanted:
            yield row, mine, wanted


def shorter(row):
    """Rows with a stretch left out, the longest stretches first."""
    text, pair = row
    if pair is not None:
        yield text, None
        yield pair, None
    for side, value in enumerate(row):
        length = len(value or "")
        size = length
        while size > 0:
            for at in range(0, length, size):
                left = value[:at] + value[at + size:]
                yield (left, pair) if side == 0 else (text, left)
            size //= 2


def minimise(program, folder, tokenizer, row):
    while True:
        candidates = list(shorter(row))[:4000]
        smaller = next(differing(program, folder, tokenizer, candidates), None)
        if smaller is None:
            return row
        row = smaller[0]


def show(program, folder, tokenizer, row):
    row = minimise(program, folder, tokenizer, row)
    for (text, pair), mine, wanted in differing(program, folder, tokenizer, [row]):
        print(f"text {ascii(text)}" + (f" pair {ascii(pair)}" if pair is not None else ""))
        for field in FIELDS:
            if mine[field] != wanted[field]:
                print(f"  {field}: ours {ascii(mine[field])}\n  {' ' * len(field)}  reference {ascii(wanted[field])}")


def check(program, folder, count, seed, shown):
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    texts = Texts(tokenizer, seed)
    wrong = done = 0
    while done < count:
        rows = [texts.row() for _ in range(min(10000, count - done))]
        done += len(rows)
        for row, _, _ in differing(program, folder, tokenizer, rows):
            wrong += 1
            if wrong <= shown:
                show(program, folder, tokenizer, row)
    print(f"{folder}: {done} texts, {wrong} differences (tokenizers {tokenizers.__version__}, seed {seed})", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", type=Path, nargs="+", help="folders with a tokenizer.json")
    parser.add_argument("--count", type=int, default=10000, help="texts for each folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=5, help="how many differences to show")
    parser.add_argument("--program", type=Path, default=PROGRAM)
    given = parser.parse_args()
    wrong = [check(given.program, folder, given.count, given.seed, given.show) for folder in given.folders]
    sys.exit(1 if any(wrong) else 0)


if __name__ == "__main__":
    main()
