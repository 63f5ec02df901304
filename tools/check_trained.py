#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether transformers opens a folder that `ascribo train` wrote and answers as `ascribo explain` does.

check_trained.py ASCRIBO FOLDER TEXT...    (needs transformers and torch)
"""

import json
import os
import subprocess
import sys

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error")
import torch  # noqa: E402
import transformers  # noqa: E402


def main():
    program, folder, *texts = sys.argv[1:]
    model, report = transformers.AutoModelForSequenceClassification.from_pretrained(
        folder, output_loading_info=True)
    odd = {name: sorted(keys) for name, keys in report.items() if keys}
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    worst = 0.0
    for text in texts:
        with torch.no_grad():
            theirs = model.eval()(**tokenizer(text, return_tensors="pt")).logits[0].tolist()
        answer = subprocess.run([program, "explain", "--json", "--method", "saliency", "--model",
                                 folder, "--", text], check=True, capture_output=True)
        ours = json.loads(answer.stdout)["prediction"]["logits"]
        worst = max(worst, *(abs(a - b) for a, b in zip(ours, theirs, strict=True)))
    print(f"{len(texts)} texts, logits differ by at most {worst:.2e}; "
          f"labels {model.config.id2label}; keys that did not fit: {odd or 'none'}")
    return 0 if worst < 1e-4 and not odd else 1


if __name__ == "__main__":
    sys.exit(main())
