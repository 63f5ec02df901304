# SPDX-License-Identifier: MIT
"""What bench/run.py times: the work, how much faster it should be, and the texts."""

import random

# Ten sentences of one length in tokens (30 with BERT's uncased vocabulary), so that every run sees
# texts it has not seen before: the words of one review in different orders.
WORDS = ("although the cast tries hard and a few scenes are genuinely funny , the script never "
         "quite finds a reason to exist and the ending is worse").split()


REVIEW = " ".join(WORDS) + " ."  # 28 tokens of GPT-2's
WRITTEN = " and nobody in the audience seemed to care about it"  # 10


def texts(count, review=REVIEW):
    """Distinct texts of the same length: rotations of a review's words, then its words in any
    order, before its full stop."""
    step, words = 5, review.split()[:-1]
    turned = []
    for i in range(count):
        at = (i * step) % len(words)
        order = words[at:] + words[:at] if i < len(words) else random.Random(i).sample(words, len(words))
        turned.append(" ".join(order) + " .")
    return turned


def long_text(tokens):
    """One text of so many tokens with BERT's uncased vocabulary, special tokens included."""
    words = [WORDS[i % len(WORDS)] for i in range(tokens - 2)]
    return " ".join(words)


class Task:
    """What to compare: the peer's task name, Ascribo's arguments, how many texts at once.

    own_count: texts that Ascribo explains in one process, enough that what is counted with them is a
    small part of the time as it is of a data set's: its start, loading and memory used for the first
    time; masks: whether
    the peer's masks are evaluated; tolerance: the largest difference, relative to the largest
    score, with which a timing counts (None: equal work, other random draws); text and written: a
    prompt and its continuation, each of whose tokens is a target; truth: a script that computes what
    both should have found, where the peer is known to be off; bf16_reach: how many times faster
    than the peer with products in bf16."""

    def __init__(self, name, peer_task, model, arguments, count, reach, bf16_reach=None,
                 own_count=None, masks=False, tolerance=1e-3, data=None, text=None, written=None,
                 truth=None):
        self.name, self.peer_task, self.model = name, peer_task, model
        self.arguments, self.count, self.reach = arguments, count, reach
        self.bf16_reach, self.truth = bf16_reach, truth
        self.own_count, self.masks, self.tolerance = own_count or count, masks, tolerance
        self.data, self.text, self.written = data, text, written


IG = ["--method", "integrated_gradients", "--steps", "50", "--rule", "gauss_legendre",
      "--baseline", "pad", "--unit", "all_tokens", "--special", "keep"]
ADAPTIVE = ["--method", "integrated_gradients", "--baseline", "pad", "--unit", "all_tokens",
            "--special", "keep"]
OUTPUT_OCCLUSION = ["--method", "occlusion", "--unit", "token", "--attribute", "prompt", "--score",
                    "log_probability", "--replace", "token:0"]
OUTPUT_IG = ["--method", "integrated_gradients", "--steps", "50", "--rule", "gauss_legendre",
             "--baseline", "zero", "--score", "logit", "--unit", "all_tokens"]
LIKE_PEER = ["--unit", "word", "--compat", "interpreto"]
TASKS = [
    Task("ig/bert-base", "dataset-ig", "bert-base", IG, 4, 1.25, 4.5, own_count=100),
    Task("ig/sst2-minilm", "dataset-ig", "sst2-minilm", IG, 20, 1.25, 4.5, own_count=100),
    *(Task(f"ig/bert-base/{length}", "dataset-ig", "bert-base", IG, 1, 1.25, 4.5, own_count=own,
           text=long_text(length)) for length, own in ((128, 12), (512, 3))),
    Task("adaptive/sst2-minilm", "dataset-ig", "sst2-minilm", ADAPTIVE, 100, 3, 9, tolerance=0.1,
         data="sst2"),
    Task("occlusion/bert-base", "occlusion", "bert-base",
         ["--method", "occlusion", "--unit", "word"], 1, 1.25, 4.5, own_count=100),
    Task("lime/bert-base", "lime", "bert-base", ["--method", "lime", *LIKE_PEER], 1, 1.25, 4.5,
         own_count=100, masks=True),
    Task("kernel_shap/bert-base", "kernel-shap", "bert-base",
         ["--method", "kernel_shap", *LIKE_PEER], 1, 1.25, 4.5, own_count=100, masks=True),
    Task("sobol/bert-base", "sobol", "bert-base", ["--method", "sobol", *LIKE_PEER], 1, 2.3, 8,
         own_count=8, masks=True),
    Task("smooth_grad/bert-base", "smooth-grad", "bert-base",
         ["--method", "smooth_grad", "--samples", "10", "--unit", "word"], 1, 1.2, own_count=100,
         tolerance=None),
    # growth.py has more targets and longer prompts.
    Task("gen-occlusion/28+10", "gen-occlusion", "gpt2",
         OUTPUT_OCCLUSION, 1, 35, 90, own_count=100, text=REVIEW, written=WRITTEN,
         truth="replaced_tokens.py"),
    Task("gen-ig/28+10", "gen-ig", "gpt2", OUTPUT_IG, 1, 2.5, 9, own_count=8, text=REVIEW,
         written=WRITTEN),
    Task("cold/sst2-minilm", "cold", "sst2-minilm", ADAPTIVE, 1, 100),
]


class OwnTask:
    """Ascribo beside itself: the same work in one request and in several.

    together: its arguments; apart: those of each request that has a part of the work; reach: how
    many times as long as together all parts must take. What is apart runs over the same texts."""

    def __init__(self, name, model, together, apart, count, reach, rows=None):
        self.name, self.model, self.together, self.apart = name, model, together, apart
        self.count, self.reach, self.rows = count, reach, rows


SAMPLED = ["occlusion", "lime", "kernel_shap", "shapley_sampling"]
FIFTY = ["--method", "integrated_gradients", "--steps", "50"]
OWN_TASKS = [
    OwnTask("four_methods/bert-base", "bert-base", ["--method", ",".join(SAMPLED)],
            [["--method", each] for each in SAMPLED], 2, 1.0),
    # Each class a text of its own in one file: no start of a process is counted.
    OwnTask("fifty_classes/fifty-classes", "fifty-classes", [*FIFTY, "--target", "all"], [FIFTY],
            1, 1 / 0.55, rows=[f"#{k}" for k in range(50)]),
]


class GenerateTask:
    """Greedy generation with a cache, seconds for each token after the first."""

    def __init__(self, name, model, prompt, count, reach):
        self.name, self.model, self.prompt = name, model, prompt
        self.count, self.reach = count, reach


class TrainTask:
    """One pass over labelled rows beside the Trainer in the same precision: equal batches, rates and
    schedule. Losses are equal step by step where nothing is left out at random, which tests of the
    study room hold against records of the Trainer; here only the time counts.

    count: rows; reach: in fp32 and, of the peer in bf16, in bf16."""

    def __init__(self, name, model, data, count, reach, bf16_reach):
        self.name, self.model, self.data, self.count = name, model, data, count
        self.reach, self.bf16_reach = reach, bf16_reach


TRAIN_TASKS = [TrainTask("train/sst2-minilm", "sst2-minilm", "sst2_glue", 1920, 2.5, 3)]


GENERATE_TASKS = [GenerateTask("generate/gpt2", "gpt2", REVIEW, 64, 1.0)]
