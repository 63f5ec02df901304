# SPDX-License-Identifier: MIT
"""Six methods under insertion and deletion with interpreto, as often as asked.

    python interpreto_compare.py --model DIR --data FILE.tsv --threads N

Opens everything, says so, and then for each line of standard input, {"batch": N, "texts": N},
answers with one line of JSON: seconds of every method with its metrics, and the metrics' means.
"""
import argparse
import json
import os
import sys
import time

os.environ.update(HF_HUB_OFFLINE="1", TRANSFORMERS_OFFLINE="1", TRANSFORMERS_VERBOSITY="error",
                  TQDM_DISABLE="1", TOKENIZERS_PARALLELISM="false")

METHODS = {"occlusion": "Occlusion", "lime": "Lime", "kernel_shap": "KernelShap",
           "saliency": "Saliency", "integrated_gradients": "IntegratedGradients",
           "smooth_grad": "SmoothGrad"}


def answer(line):
    print(json.dumps(line), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", required=True)
    parser.add_argument("--data", required=True)
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
    answer({"ready": len(texts)})
    for line in sys.stdin:
        asked = json.loads(line)
        seconds, found = {}, {}
        for name, kind in METHODS.items():
            torch.manual_seed(0)
            start = time.perf_counter()
            explainer = getattr(interpreto, kind)(model, tokenizer, batch_size=asked["batch"],
                                                  granularity=interpreto.Granularity.WORD)
            explanations = explainer.explain(texts[:asked["texts"]])
            found[name] = {
                metric.__name__.lower():
                    metric(model, tokenizer, batch_size=asked["batch"]).evaluate(explanations)[0]
                for metric in (Insertion, Deletion)}
            seconds[name] = time.perf_counter() - start
            print(f"interpreto, {name}: {seconds[name]:.1f} s", file=sys.stderr, flush=True)
        answer({"seconds": seconds, "methods": found})


if __name__ == "__main__":
    main()
