#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What captum takes to explain every token of a continuation, from a part of the work.

    python growth_peer.py METHOD MODEL THREADS
reads {"prompt": [ids], "written": [ids]} and prints {"seconds": {how: seconds}, "scores": {...}}:
occlusion runs the first few tokens of the prompt alone and the others as one more, and every run
costs the same, so that `seconds` are those of as many runs as the prompt has tokens and one;
gradients are taken of the first and of the last target, whose costs are the ends of a straight line.
"""
import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import torch  # noqa: E402  the variable above comes first
import transformers  # noqa: E402
from captum.attr import (FeatureAblation, IntegratedGradients, LLMAttribution,  # noqa: E402
                         TextTokenInput)

ALONE = 3  # tokens that are occluded by themselves
STEPS, BATCHES = 50, (16, 50)


def timed(run):
    start = time.perf_counter()
    found = run()
    return time.perf_counter() - start, found


def occlusion(model, tokenizer, prompt, written):
    llm = LLMAttribution(FeatureAblation(model), tokenizer)
    given = TextTokenInput(" the" * len(prompt), tokenizer)
    # The ids themselves: text cut out of a text does not always give the same ones again.
    given.inp_tensor = given.itp_tensor = torch.tensor([prompt])
    given.values = tokenizer.convert_ids_to_tokens(prompt)
    given.n_itp_features = len(prompt)
    groups = torch.tensor([[min(i, ALONE) for i in range(len(prompt))]])
    runs = len(set(groups[0].tolist())) + 1
    # As captum does by default; the same without a cache; and all targets in one pass.
    ways = {"token by token": {}, "token by token, no cache": {"use_cached_outputs": False},
            "one pass": {"forward_in_tokens": False}}
    seconds, scores = {}, {}
    for how, flags in ways.items():
        def run():
            return llm.attribute(given, target=torch.tensor(written), feature_mask=groups, **flags)
        try:
            if how == "one pass":
                run()
            spent, found = timed(run)
        except IndexError as error:
            seconds[how] = scores[how] = None
            print(f"{how}: {error}", file=sys.stderr)
            continue
        seconds[how] = spent / runs * (len(prompt) + 1)
        scores[how] = found.token_attr[:, :ALONE].tolist()
    return {"seconds": seconds, "scores": scores, "tokens": list(range(ALONE))}


def gradients(model, prompt, written):
    embeddings = model.get_input_embeddings()(torch.tensor([prompt + written])).detach()
    ends, scores = [], {}
    for target in (0, len(written) - 1):
        x = embeddings[:, : len(prompt) + target]
        word = written[target]
        method = IntegratedGradients(lambda z, k=word: model(inputs_embeds=z).logits[:, -1, k])
        tries = [timed(lambda: method.attribute(x, torch.zeros_like(x), n_steps=STEPS,
                                                internal_batch_size=batch)) for batch in BATCHES]
        ends.append(min(spent for spent, _ in tries))
        scores[target] = tries[0][1][0].sum(-1).tolist()
    return {"seconds": {"target by target": len(written) * sum(ends) / 2}, "scores": scores}


def main():
    method, folder, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).float().eval()
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    work = json.load(sys.stdin)
    model(torch.tensor([work["prompt"]]))
    found = (occlusion(model, tokenizer, **work) if method == "occlusion"
             else gradients(model, **work))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
