#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes the texts of `ascribo reproduce alti` from data sets as they are published.

    python3 tools/study_texts.py DATA OUT [--vocabulary models/sst2-minilm/tokenizer.json]

OUT/films.jsonl has the reviews of DATA/movie_reviews/movie_reviews.zip, a line for each.
OUT/words.jsonl and OUT/pairs.jsonl are rows for `ascribo train --learn word`: sentences with a verb
masked, and the verb or both of its forms. They come from the agreement sets of DATA/blimp, and from
the constructions of DATA/sva with an even number; OUT/agreement.tab and OUT/agreement-pairs.jsonl
have those with an odd one, for `reproduce --task sva` and for `train --dev`.
"""

import argparse
import csv
import io
import json
import pathlib
import zipfile

SETS = ("regular_plural_subject_verb_agreement_1", "regular_plural_subject_verb_agreement_2",
        "irregular_plural_subject_verb_agreement_1", "irregular_plural_subject_verb_agreement_2",
        "distractor_agreement_relational_noun", "distractor_agreement_relative_clause")
MASK = "[MASK]"


def films(archive):
    """(text, label) of every review."""
    with zipfile.ZipFile(archive) as reviews:
        for name in sorted(reviews.namelist()):
            if name.endswith(".txt"):
                words = reviews.read(name).decode("latin-1").split()
                yield " ".join(words), "1" if "/pos/" in name else "0"


def blimp_rows(archive):
    """(text with a mask, good form, bad form) where sentences differ in one word."""
    with zipfile.ZipFile(archive) as sets:
        for name in SETS:
            for line in io.TextIOWrapper(sets.open(f"data/{name}.jsonl"), encoding="utf-8"):
                row = json.loads(line)
                good, bad = row["sentence_good"].split(), row["sentence_bad"].split()
                places = [i for i, (a, b) in enumerate(zip(good, bad)) if a != b]
                if len(good) != len(bad) or len(places) != 1:
                    continue
                form, stop = good[places[0]].rstrip("."), "." if good[places[0]][-1] == "." else ""
                good[places[0]] = MASK + stop
                yield " ".join(good), form, bad[places[0]].rstrip(".")


def pairs_of_lines(path):
    """(the header, then pairs of lines: the good and the bad form of a sentence)."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return lines[0], list(zip(lines[1::2], lines[2::2]))


def agreement_row(header, good, bad):
    first, second = csv.DictReader([header, good, bad], delimiter="\t")
    words = first["sent"].replace("<eos>", "").split()
    words[len(first["prefix"].split())] = MASK
    return " ".join(words), first["form"], second["form"]


def write(path, rows):
    lines = [json.dumps({"text": text, "label": label}, ensure_ascii=False) + "\n"
             for text, label in rows]
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path}: {len(lines)} rows")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--vocabulary", default="models/sst2-minilm/tokenizer.json")
    arguments = parser.parse_args()
    data, out = arguments.data, arguments.out
    out.mkdir(parents=True, exist_ok=True)
    vocabulary = json.loads(pathlib.Path(arguments.vocabulary).read_text("utf-8"))["model"]["vocab"]

    def is_known(row):  # a mask stands for one token
        return all(form.lower() in vocabulary for form in row[1:])

    write(out / "films.jsonl", films(data / "movie_reviews" / "movie_reviews.zip"))
    learned = list(blimp_rows(data / "blimp" / "BLiMP.zip"))
    header, pairs = pairs_of_lines(data / "sva" / "generated.tab")
    number = header.split("\t").index("constr_id")
    kept = []
    for good, bad in pairs:
        if int(good.split("\t")[number]) % 2 == 0:
            learned.append(agreement_row(header, good, bad))
        else:
            kept.append((good, bad))
    learned = [row for row in learned if is_known(row)]
    asked = [row for row in (agreement_row(header, *pair) for pair in kept) if is_known(row)]
    write(out / "words.jsonl", [row[:2] for row in learned])
    for name, rows in (("pairs", learned), ("agreement-pairs", asked)):
        write(out / f"{name}.jsonl", [(text, f"{good},{bad}") for text, good, bad in rows])
    lines = [header] + [line for pair in kept for line in pair]
    (out / "agreement.tab").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{out / 'agreement.tab'}: {len(kept)} pairs")


if __name__ == "__main__":
    main()
