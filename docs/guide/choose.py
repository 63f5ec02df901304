#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Of explained development rows the first that is rightly positive, the first that is rightly
negative and the first that is wrong: choose.py EXPLANATIONS ROWS OUT"""

import json
import sys


def main():
    explanations, rows, out = sys.argv[1:]
    labels = [line.rstrip("\n").split("\t")[1] for line in open(rows, encoding="utf8")][1:]
    chosen = {}
    for line, label in zip(open(explanations, encoding="utf8"), labels, strict=True):
        explained = json.loads(line)
        predicted = explained["prediction"]["label"]
        kind = f"rightly {label}" if predicted == label else "wrong"
        chosen.setdefault(kind, explained["input"]["text"])
    with open(out, "w", encoding="utf8") as file:
        for kind in ("rightly positive", "rightly negative", "wrong"):
            print(f"{kind}: {chosen[kind]}")
            file.write(chosen[kind] + "\n")


if __name__ == "__main__":
    main()
