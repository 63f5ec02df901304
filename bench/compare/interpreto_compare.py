# SPDX-License-Identifier: MIT
"""Six methods under insertion and deletion with interpreto: one line of JSON.

    python interpreto_compare.py --model DIR --data FILE.tsv --batch N --threads N
"""
import argparse
import json
import os
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_VERBOSITY="error", TQDM_DISABLE="1")

METHODS = {"occlusion": "Occlusion", "lime": "Lime", "kernel_shap": "KernelShap",
           "saliency": "Saliency", "integrated_gradients": "IntegratedGradients",
           "smooth_grad": "SmoothGrad"}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    import interpreto
    import torch
    from interpreto.attributions.metrics import Deletion, Insertion
    from transformers import AutoModelForSequenceClassification, AutoTokenizer
    torch.set_num_threads(options.threads)
    model = AutoModelForSequenceClassification.from_pretrained(options.model).float().eval()
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    with open(options.data, encoding="utf8") as file:
        texts = [line.rstrip("\n").rsplit("\t", 1)[0] for line in file.readlines()[1:]]
    start, found = time.perf_counter(), {}
    for name, kind in METHODS.items():
        torch.manual_seed(0)
        explainer = getattr(interpreto, kind)(model, tokenizer, batch_size=options.batch,
                                              granularity=interpreto.Granularity.WORD)
        explanations = explainer.explain(texts)
        found[name] = {metric.__name__.lower(): metric(model, tokenizer, batch_size=options.batch)
                       .evaluate(explanations)[0] for metric in (Insertion, Deletion)}
    print(json.dumps({"seconds": time.perf_counter() - start, "methods": found}))


if __name__ == "__main__":
    main()
