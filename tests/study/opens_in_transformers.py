# SPDX-License-Identifier: MIT
"""Trains tiny checkpoints and compares what transformers makes of the folders: PROGRAM.

Skipped (77) where the interpreter, or the one in ASCRIBO_PEERS_PYTHON, has no transformers.
"""

import os
import pathlib
import subprocess
import sys
import tempfile

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROWS = "".join(f"{word} film number {n} .\t{label}\n" for n in range(8)
               for word, label in (("good", "yes"), ("bad", "no")))
TEXTS = ["good film", "it is a bad film , but fun ."]
MODELS = ["bert-cls", "electra-disc", "distilbert-cls", "roberta-cls", "albert-cls", "gpt2-cls"]


def main():
    program = os.path.abspath(sys.argv[1])
    python = os.environ.get("ASCRIBO_PEERS_PYTHON", sys.executable)
    found = subprocess.run([python, "-c", "import torch, transformers"], capture_output=True,
                           check=False)
    if found.returncode:
        print("transformers is not installed; ASCRIBO_PEERS_PYTHON may name a Python that has it")
        return 77
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        rows = pathlib.Path(folder) / "rows.tsv"
        rows.write_text("sentence\tlabel\n" + ROWS, encoding="utf8")
        for model in MODELS:
            out = os.path.join(folder, model)
            subprocess.run([program, "train", "--model", SOURCE / "tests" / "golden" / model,
                            "--train", rows, "--dev", rows, "--output", out, "--epochs", "1"],
                           check=True, capture_output=True)
            failed |= subprocess.run([python, SOURCE / "tools" / "check_trained.py", program, out,
                                      *TEXTS], check=False).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
