#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what the reference tokenizers make of hard texts, so that tests can compare.

    python tools/make_tokenizer_records.py models/sst2-minilm tests/golden/tokenizer/sst2-minilm.json

The texts are the project's own. Needs the tokenizers package.
"""
import argparse
import json
from pathlib import Path

import tokenizers

# A name for each text says what it is there for; a pair follows where there is one.
TEXTS = [
    ("empty", "", None),
    ("one space", " ", None),
    ("only white space", " \t\n\r\u00a0\u2003\u3000 ", None),
    ("plain", "a warm, funny, engaging film.", None),
    ("upper case", "NEVER AGAIN!", None),
    ("mixed case", "McDonald's iPhone eBay", None),
    ("contractions", "don't can't I've we're she'll o'clock", None),
    ("typographic quotes", "\u201cIt\u2019s\u201d \u2018fine\u2019 \u00abvoil\u00e0\u00bb", None),
    ("hyphens and dashes", "well-made \u2010 \u2013 \u2014 \u2212 \u30fc", None),
    ("all ASCII punctuation", "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", None),
    ("numbers", "3.14 1,000,000 50% $9.99 2x4 1st", None),
    ("symbols that are no punctuation", "\u20ac5 \u00a33 \u00b1 \u00d7 \u00f7 \u00b0C \u2122 \u00a9", None),
    ("mail and address", "mail me@example.com or see example.com/a_b?c=d&e=f#g", None),
    ("tabs and newlines", "one\ttwo\nthree\r\nfour\n\n five", None),
    ("leading and trailing space", "   padded   ", None),
    ("accents composed", "caf\u00e9 na\u00efve \u00fcber \u00c5ngstr\u00f6m se\u00f1or", None),
    ("accents combining", "cafe\u0301 nai\u0308ve u\u0308ber A\u030angstro\u0308m", None),
    ("stacked marks", "z\u0351\u036b\u0343a\u0300\u0301\u0302l\u0334\u0335g\u0322o\u0489", None),
    ("marks in non-canonical order", "a\u0301\u0327\u0323 q\u0307\u0323", None),
    ("mark at the start", "\u0301a \u0308", None),
    ("Vietnamese", "Ti\u1ebfng Vi\u1ec7t \u0111\u01b0\u1ee3c y\u00eau th\u00edch", None),
    ("letters that do not decompose", "\u00d8re \u0141\u00f3d\u017a \u00c6on \u00f0 \u0131", None),
    ("Turkish I", "\u0130stanbul \u0131l\u0131k I\u015eIK \u0130\u0130", None),
    ("sharp s", "Stra\u00dfe STRA\u1e9eE GRO\u00df", None),
    ("final sigma", "\u039f\u0394\u03a5\u03a3\u03a3\u0395\u03a5\u03a3 \u03bb\u03cc\u03b3\u03bf\u03c2", None),
    ("Greek with breathings", "\u1f08\u03c1\u03c7\u1f74 \u1fb3\u0313", None),
    ("Cyrillic", "\u041e\u0447\u0435\u043d\u044c \u0445\u043e\u0440\u043e\u0448\u0438\u0439 \u0444\u0438\u043b\u044c\u043c, \u0451\u043b\u043a\u0430 \u0419", None),
    ("ligatures stay", "\ufb01lm \ufb02op \ufb03", None),
    ("title case digraph", "\u01c5ungla \u01c4 \u01c6", None),
    ("ideographs", "\u8fd9\u90e8\u7535\u5f71\u5f88\u597d\u770b", None),
    ("ideographs among letters", "abc\u4e2d\u6587def\uff0cok\u3002", None),
    ("Japanese", "\u3053\u306e\u6620\u753b\u306f\u9762\u767d\u3044\u30c0\u30ac", None),
    ("kana with combining voice mark", "\u304b\u3099 \u306f\u309a", None),
    ("Hangul", "\uc601\ud654\uac00 \uc7ac\ubbf8\uc788\uc5c8\ub2e4", None),
    ("Hangul jamo", "\u1112\u1161\u11ab \u3131", None),
    ("ideograph beyond the first plane", "\U00020000\U0002a6d6 \U0002b740\U0002f800", None),
    ("ideograph of a later block", "\U00030000 \U0002b820 \u9ffd", None),
    ("full width", "\uff21\uff22\uff23\uff11\uff12\uff01\u3000\uff5e", None),
    ("Arabic", "\u0641\u064a\u0644\u0645\u064c \u0631\u0627\u0626\u0639\u060c \u062c\u062f\u0627\u061f", None),
    ("Hebrew with points", "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd \u05e2\u05d5\u05dc\u05dd\u05be\u05d8\u05d5\u05d1", None),
    ("right to left marks", "\u200fabc\u200e \u202bdef\u202c \u2067g\u2069", None),
    ("Devanagari", "\u092f\u0939 \u092b\u093c\u093f\u0932\u094d\u092e \u0905\u091a\u094d\u091b\u0940 \u0939\u0948\u0964", None),
    ("Thai", "\u0e2b\u0e19\u0e31\u0e07\u0e14\u0e35\u0e21\u0e32\u0e01", None),
    ("emoji", "great \U0001f600\U0001f44d!", None),
    ("emoji with skin tone", "\U0001f44d\U0001f3fd \U0001f44b\U0001f3ff", None),
    ("emoji joined", "\U0001f468\u200d\U0001f469\u200d\U0001f467 ok \U0001f3f3\ufe0f\u200d\U0001f308", None),
    ("keycap and flag", "1\ufe0f\u20e3 \U0001f1e9\U0001f1ea \u2764\ufe0f", None),
    ("control characters", "a\x00b\x01c\x07d\x1be\x7ff\x80g\x9f", None),
    ("vertical tab, form feed, next line", "a\x0bb\x0cc\x85d\u2028e\u2029f", None),
    ("zero width", "in\u200bvis\u200cib\u200dle\u2060 \ufeffmark", None),
    ("soft hyphen", "extra\u00adordinary", None),
    ("replacement character", "broken \ufffd text\ufffd", None),
    ("private use", "a\ue000b \U000f0000c", None),
    ("not assigned", "a\u0378b \U000e0fffc", None),
    ("noncharacters", "a\ufffeb\uffffc \U0010ffff", None),
    ("removed before and after", "\u200b\u200bfilm\u200b \u200b", None),
    ("mark that Unicode 8 lacks", "a\u1df6b c\u089bd e\u0301\u1ac6\u0323", None),
    ("punctuation that Unicode 8 lacks", "a\u2e43b c\u2e5dd", None),
    ("letters of recent scripts", "\U0001e900\U0001e943 \U00010d50 \ua7cb", None),
    ("mathematical letters", "\U0001d400\U0001d41a \u212b \u2126", None),
    ("circled, roman, fractions", "\u2460 \u2167 \u00bd \u24b6 \u00b2", None),
    ("word of 100 characters", "a" * 100 + " end", None),
    ("word of 101 characters", "a" * 101 + " end", None),
    ("word of 100 after stripping", "\u00e9" * 100 + " e\u0301" + "\u0301" * 150 + " end", None),
    ("unknown next to known", "film\u2603film \u2603", None),
    ("rare words", "supercalifragilisticexpialidocious antidisestablishmentarianism qwxzk", None),
    ("prefix typed", "##ing a ##b #", None),
    ("mask typed", "this film is [MASK].", None),
    ("mask typed without spaces", "a[MASK]b[MASK][MASK]", None),
    ("mask typed in lower case", "[mask] [Mask] [ MASK ]", None),
    ("other special tokens typed", "[CLS] a [SEP] b [PAD] [UNK]", None),
    ("special token cut short", "[MASK [CLS][SE P]", None),
    ("special token with a mark", "[MASK]\u0301x \u200b[SEP]\u200b", None),
    ("markup", "<br /><b>bold</b> &amp; {\"key\": [1, 2]}", None),
    ("pair", "what was dull?", "the plot, not the acting."),
    ("pair with empty second", "alone", ""),
    ("pair with empty first", "", "alone"),
    ("pair of empties", "", ""),
    ("pair with typed separators", "a [SEP] b", "[SEP] c"),
    ("pair with accents and emoji", "\u00c9t\u00e9 \U0001f31e", "hiver\u200b \u2744\ufe0f \u51ac"),
]


def record(tokenizer, name, text, pair):
    encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    return {
        "name": name,
        "text": text,
        "pair": pair,
        "ids": encoding.ids,
        "tokens": encoding.tokens,
        "offsets": encoding.offsets,
        "word_ids": encoding.word_ids,
        "type_ids": encoding.type_ids,
        "sequence_ids": encoding.sequence_ids,
        "special_tokens_mask": encoding.special_tokens_mask,
        "decoded": tokenizer.decode(encoding.ids),
        "decoded_special": tokenizer.decode(encoding.ids, skip_special_tokens=False),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a folder with a tokenizer.json")
    parser.add_argument("records", type=Path, help="the file to write")
    arguments = parser.parse_args()

    tokenizer = tokenizers.Tokenizer.from_file(str(arguments.folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    cases = [json.dumps(record(tokenizer, *entry), separators=(",", ":")) for entry in TEXTS]
    arguments.records.parent.mkdir(parents=True, exist_ok=True)
    arguments.records.write_text(
        f'{{"tokenizers":"{tokenizers.__version__}","cases":[\n' + ",\n".join(cases) + "\n]}\n",
        encoding="ascii",
    )
    print(f"{len(cases)} texts in {arguments.records}")


if __name__ == "__main__":
    main()
