#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes train.tsv and dev.tsv: sentences about films, put together at random."""

import random

GOOD = ["good", "fun", "moving", "fresh", "great"]
BAD = ["bad", "long", "flat", "silly", "poor"]
THINGS = ["the film", "this movie", "the story", "the act", "the plot"]
VERBS = ["is", "was", "will be", "can be"]


def sentence(numbers):
    good = numbers.random() < 0.5
    word = numbers.choice(GOOD if good else BAD)
    turned = numbers.random() < 0.15
    words = [numbers.choice(THINGS), numbers.choice(VERBS), *(["not"] if turned else []),
             *numbers.choice([[], ["so"], ["more than"]]), word]
    if numbers.random() < 0.4:
        words += ["for", numbers.choice(["the time", "the man", "you", "us all"])]
    return " ".join(words) + " .", "positive" if good != turned else "negative"


def main():
    numbers = random.Random(1)
    for name, rows in (("train", 400), ("dev", 60)):
        with open(f"{name}.tsv", "w", encoding="utf8") as file:
            file.write("sentence\tlabel\n")
            for _ in range(rows):
                file.write("\t".join(sentence(numbers)) + "\n")


if __name__ == "__main__":
    main()
