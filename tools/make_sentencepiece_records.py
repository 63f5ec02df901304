#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains tiny sentencepiece models and records what each family's tokenizer.json makes of texts.

    python tools/make_sentencepiece_records.py tests/golden/sentencepiece

Each folder there is what a checkpoint without tokenizer.json has; records.json holds what the reference gives with
the tokenizer.json that transformers' converters write for it (with the white space of the published ones where
those differ). Needs the packages sentencepiece, tokenizers and transformers.
"""
import argparse
import importlib
import json
import shutil
from pathlib import Path

import sentencepiece
import tokenizers
from tokenizers import AddedToken, Regex, normalizers, pre_tokenizers, processors

converters = importlib.import_module("transformers.convert_slow_tokenizer")
ROOT = Path(__file__).resolve().parent.parent
CORPUS = ["README.md", "HACKING.md", "docs/design/rooms.md"]
RULES = "fb01\t66 69\t#\n2026\t2e 2e 2e\t#\n3000\t20\t#\nc\t20\t#\n200b\t\t#\n65 301\te9\t#\nff21\t41\t#\n"
TEXTS = ["", " ", "The tokenizer reads a text.", "  two  spaces  ", "trailing ", "UPPER Case \u00c9t\u00e9 cafe\u0301", "1,000 3.5 7,",
         "\ufb01le\u2026 \u3000wide \uff21", "<s>a</s> <mask> b<mask>", "[CLS] a [SEP] [MASK]x  [MASK]", "<unk> <pad> [UNK] [PAD]",
         "<extra_id_0> x<extra_id_99> y", "``quoted'' \"text\"", "\u4e16\u754c \U0001f600!", "line\nbreak\ttab", "@@mark@@ (a) well-made",
         "\u2581typed \u2581 sign", "don't stop, e.g. here", "zero\u200bwidth \u200b"]
PAIRS = [("first text", "second one"), ("", "alone")]

SPLIT = "XLMRobertaConverter CamembertConverter AlbertConverter".split()


class Extractor:
    """The pieces and merges of a model, as BPE wants them."""

    def __init__(self, file):
        self.model = sentencepiece.SentencePieceProcessor(model_file=file)

    def extract(self, scores):
        pieces = {self.model.id_to_piece(i): i for i in range(self.model.get_piece_size())}
        return pieces, converters.generate_merges(pieces, scores)


class Settings:
    """Stands for the slow tokenizer that a converter asks."""

    def __init__(self, file, **options):
        self.vocab_file = str(file)
        self.model = sentencepiece.SentencePieceProcessor(model_file=str(file))
        self.tokenizer = None
        vars(self).update(options)

    def convert_tokens_to_ids(self, token):
        return self.tokenizer.token_to_id(token)

    def convert_ids_to_tokens(self, number):
        return self.model.id_to_piece(number)


def reference(name, file, special, options, template):
    base = getattr(converters, name)

    class Published(base):
        SpmExtractor = Extractor

        def tokenizer(self, proto):
            self.original_tokenizer.tokenizer = super().tokenizer(proto)
            return self.original_tokenizer.tokenizer

        def normalizer(self, proto):
            stored = normalizers.Precompiled(proto.normalizer_spec.precompiled_charsmap)
            if name == "T5Converter":
                return normalizers.Sequence([stored, normalizers.Replace(Regex(" {2,}"), " ")])
            return stored if name in SPLIT[:2] else super().normalizer(proto)

        def pre_tokenizer(self, replacement, add_prefix_space):
            stage = super().pre_tokenizer(replacement, add_prefix_space)
            return pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), stage]) if name in SPLIT else stage

    tokenizer = Published(Settings(file, **options)).converted()
    tokenizer.add_special_tokens([AddedToken(token.rstrip("~"), normalized=False, special=True, lstrip=token.endswith("~"))
                                  for token in special])
    if template:
        tokenizer.post_processor = processors.TemplateProcessing(single=template[0], pair=template[1], special_tokens=[("<s>", 1)])
    # Written and read again: reading rounds some scores, as it does for everybody who uses the file.
    return tokenizers.Tokenizer.from_str(tokenizer.to_str())


ROBERTA = ["<s>", "</s>", "<unk>", "<pad>", "<mask>~"]
ALBERT = ["[CLS]", "[SEP]", "<unk>", "<pad>", "[MASK]~"]
DEBERTA = ["[CLS]", "[SEP]", "[UNK]", "[PAD]", "[MASK]"]
T5 = ["</s>", "<unk>", "<pad>"]
LLAMA = ["<s>", "</s>", "<unk>"]
LLAMA_TEMPLATE = ("<s>:0 $A:0", "<s>:0 $A:0 <s>:1 $B:1")
PLAIN = {}
ALBERT_IDS = {"pad_id": 0, "unk_id": 1, "bos_id": -1, "eos_id": -1, "control_symbols": "[CLS],[SEP],[MASK]"}
DEBERTA_IDS = {"pad_id": 0, "bos_id": 1, "eos_id": 2, "unk_id": 3, "pad_piece": "[PAD]", "bos_piece": "[CLS]",
               "eos_piece": "[SEP]", "unk_piece": "[UNK]"}
T5_IDS = {"pad_id": 0, "eos_id": 1, "unk_id": 2, "bos_id": -1, "user_defined_symbols": "@@"}
BPE = {"model_type": "bpe", "byte_fallback": True, "vocab_size": 420}


def extra(count):
    return T5 + [f"<extra_id_{i}>" for i in range(count)]


# name: (converter, file name, training, special tokens, converter's options, model_type, tokenizer_config, template)
FOLDERS = {
    "xlm-roberta": ("XLMRobertaConverter", "sentencepiece.bpe.model", PLAIN, ROBERTA, {}, "xlm-roberta", {}, None),
    "xlm-roberta-bpe": ("XLMRobertaConverter", "sentencepiece.bpe.model", BPE, ROBERTA, {}, "", {"tokenizer_class": "XLMRobertaTokenizerFast"}, None),
    "camembert": ("CamembertConverter", "sentencepiece.bpe.model", PLAIN, ROBERTA, {}, "camembert", {}, None),
    "albert": ("AlbertConverter", "spiece.model", ALBERT_IDS, ALBERT, {"keep_accents": False, "do_lower_case": True}, "albert", {}, None),
    "albert-cased": ("AlbertConverter", "spiece.model", ALBERT_IDS, ALBERT, {"keep_accents": True, "do_lower_case": False},
                     "albert", {"keep_accents": True, "do_lower_case": False}, None),
    "deberta-v2": ("DebertaV2Converter", "spm.model", DEBERTA_IDS, DEBERTA, {"do_lower_case": False, "split_by_punct": False},
                   "deberta-v2", {}, None),
    "deberta-v2-split": ("DebertaV2Converter", "spm.model", DEBERTA_IDS, DEBERTA, {"do_lower_case": True, "split_by_punct": True},
                         "deberta-v2", {"do_lower_case": True, "split_by_punct": True}, None),
    "t5": ("T5Converter", "spiece.model", T5_IDS, extra(100), {"_extra_ids": 100}, "t5", {}, None),
    "t5-first": ("T5Converter", "spiece.model", T5_IDS, extra(3), {"_extra_ids": 3, "legacy": False}, "mt5", {"extra_ids": 3, "legacy": False}, None),
    "llama": ("LlamaConverter", "tokenizer.model", BPE, LLAMA, {}, "llama", {}, LLAMA_TEMPLATE),
    "llama-first": ("LlamaConverter", "tokenizer.model", BPE, LLAMA, {"legacy": False}, "llama", {"legacy": False}, LLAMA_TEMPLATE),
}


def record(tokenizer, text, pair):
    encoding = tokenizer.encode(text, pair) if pair is not None else tokenizer.encode(text)
    return {"text": text, "pair": pair, "ids": encoding.ids, "tokens": encoding.tokens, "offsets": encoding.offsets,
            "word_ids": encoding.word_ids, "type_ids": encoding.type_ids, "decoded": tokenizer.decode(encoding.ids),
            "decoded_special": tokenizer.decode(encoding.ids, skip_special_tokens=False)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="the folder to write")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "rules.tsv"
    rules.write_text(RULES, encoding="ascii")
    entries = []
    for name, (converter, file, training, special, options, model_type, config, template) in FOLDERS.items():
        target = folder / name
        target.mkdir(exist_ok=True)
        prefix = str(target / Path(file).stem)
        sentencepiece.SentencePieceTrainer.train(
            input=",".join(str(ROOT / text) for text in CORPUS), model_prefix=prefix, hard_vocab_limit=False, minloglevel=2,
            normalization_rule_tsv=str(rules), num_threads=1, **{"vocab_size": 160, **training})
        Path(prefix + ".vocab").unlink()
        if prefix + ".model" != str(target / file):
            shutil.move(prefix + ".model", target / file)
        (target / "config.json").write_text(json.dumps({"model_type": model_type}) + "\n", encoding="ascii")
        (target / "tokenizer_config.json").write_text(json.dumps(config) + "\n", encoding="ascii")
        tokenizer = reference(converter, target / file, special, options, template)
        cases = [record(tokenizer, text, None) for text in TEXTS] + [record(tokenizer, *pair) for pair in PAIRS]
        entries.append(json.dumps({"name": name, "cases": cases}, separators=(",", ":")))
    rules.unlink()
    (folder / "records.json").write_text(
        f'{{"tokenizers":"{tokenizers.__version__}","folders":[\n' + ",\n".join(entries) + "\n]}\n", encoding="ascii")
    print(f"{len(entries)} folders in {folder}")


if __name__ == "__main__":
    main()
