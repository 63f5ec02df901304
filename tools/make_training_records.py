#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What transformers' Trainer does with the golden checkpoints: losses of 20 steps without dropout, and
the weights' sums afterwards, in tests/golden/training.

make_training_records.py FIXTURES OUT    (needs transformers, torch, accelerate)
"""

import json
import os
import sys
import tempfile

os.environ.update(HF_HUB_OFFLINE="1", TQDM_DISABLE="1", TRANSFORMERS_VERBOSITY="error")
import torch  # noqa: E402
import transformers  # noqa: E402

MODELS = ["bert-cls", "electra-cls", "distilbert-cls", "roberta-cls", "gpt2-lm"]
STEPS, BATCH = 20, 4
NO_DROPOUT = dict.fromkeys(
    ["hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout", "dropout",
     "attention_dropout", "seq_classif_dropout", "embd_pdrop", "attn_pdrop", "resid_pdrop"], 0.0)


def texts_of(folder):
    """Token ids of the checkpoint's own cases, some cut short, so that lengths differ."""
    cases = json.load(open(os.path.join(folder, "cases.json"), encoding="utf8"))
    cases = cases if isinstance(cases, list) else cases["cases"]
    found = [case["input_ids"] if "input_ids" in case else case["ids"] for case in cases]
    return [ids[: max(3, len(ids) - cut)] for cut in range(3) for ids in found]


class Rows(torch.utils.data.Dataset):
    def __init__(self, texts, labels):
        self.rows = [dict(input_ids=ids, labels=label) for ids, label in zip(texts, labels)]

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        return self.rows[index]


class InOrder(transformers.Trainer):
    """Batches as they come; everything else is the Trainer's."""

    def _get_train_sampler(self, *_):
        return torch.utils.data.SequentialSampler(self.train_dataset)


def collate(pad, causal):
    def together(rows):
        longest = max(len(row["input_ids"]) for row in rows)
        ids = [row["input_ids"] + [pad] * (longest - len(row["input_ids"])) for row in rows]
        seen = [[1] * len(row["input_ids"]) + [0] * (longest - len(row["input_ids"]))
                for row in rows]
        labels = [row["labels"] + [-100] * (longest - len(row["labels"])) if causal
                  else row["labels"] for row in rows]
        return {"input_ids": torch.tensor(ids), "attention_mask": torch.tensor(seen),
                "labels": torch.tensor(labels)}
    return together


def record(folder):
    config = transformers.AutoConfig.from_pretrained(folder)
    for name, value in NO_DROPOUT.items():
        if hasattr(config, name):
            setattr(config, name, value)
    config._attn_implementation = "eager"
    model = getattr(transformers, config.architectures[0]).from_pretrained(folder, config=config)
    causal = config.architectures[0].endswith("LMHeadModel")
    texts = texts_of(folder)
    texts = (texts * (STEPS * BATCH // len(texts) + 1))[: STEPS * BATCH]
    # The first token has no label: the Trainer would count it as one more to divide by.
    labels = [[-100, *ids[1:]] for ids in texts] if causal else [i * 7 % 5 % config.num_labels for i in range(len(texts))]
    losses, lengths, rates = [], [], []

    class Listen(transformers.TrainerCallback):
        def on_log(self, args, state, control, logs=None, **_):
            if logs and "loss" in logs:
                losses.append(logs["loss"])
                lengths.append(logs["grad_norm"])
                rates.append(logs["learning_rate"])

    with tempfile.TemporaryDirectory() as scratch:
        arguments = transformers.TrainingArguments(
            scratch, num_train_epochs=1, per_device_train_batch_size=BATCH, logging_steps=1,
            learning_rate=5e-4, weight_decay=0.01, warmup_steps=4, save_strategy="no",
            report_to=[], use_cpu=True, disable_tqdm=True, logging_nan_inf_filter=False)
        trainer = InOrder(model, arguments, train_dataset=Rows(texts, labels),
                          data_collator=collate(config.pad_token_id or 0, causal))
        trainer.add_callback(Listen())
        # The log rounds to four digits; the curve is wanted as it is.
        compute = trainer.compute_loss
        exact = []

        def loss_of(*args, **kwargs):
            loss = compute(*args, **kwargs)
            exact.append(float((loss[0] if isinstance(loss, tuple) else loss).detach()))
            return loss

        trainer.compute_loss = loss_of
        trainer.train()
    sums = {name: [float(p.double().sum()), float(p.double().norm())]
            for name, p in sorted(model.named_parameters())}
    return dict(model=os.path.basename(folder), transformers=transformers.__version__,
                torch=torch.__version__, batch=BATCH, steps=STEPS, learning_rate=5e-4,
                weight_decay=0.01, warmup=4, texts=texts, labels=[] if causal else labels,
                losses=exact, gradient_lengths=[float(x) for x in lengths],
                learning_rates=rates, weights=sums)


def main():
    fixtures, out = sys.argv[1:]
    os.makedirs(out, exist_ok=True)
    torch.manual_seed(0)
    for name in MODELS:
        found = record(os.path.join(fixtures, name))
        with open(os.path.join(out, name + ".json"), "w", encoding="utf8") as file:
            json.dump(found, file, separators=(",", ":"))
            file.write("\n")
        print(name, found["losses"][:3], found["losses"][-1], found["learning_rates"][:6])


if __name__ == "__main__":
    main()
