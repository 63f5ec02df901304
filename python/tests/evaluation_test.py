# SPDX-License-Identifier: MIT
"""Judging explanations: the numbers of the command line, from texts, frames and explanations."""

import json
import subprocess

import ascribo
import pytest

TEXTS = ["a gripping, funny film", "a dull, lifeless mess.", "it is what it is, and no more"]


def without_time(value):
    """What two runs have alike."""
    if isinstance(value, dict):
        return {k: without_time(v) for k, v in value.items() if k not in ("seconds", "data")}
    return [without_time(each) for each in value] if isinstance(value, list) else value


def test_evaluate(model):
    judged = ascribo.evaluate(model, TEXTS, "occlusion", ["deletion", "sufficiency"])
    assert judged.texts == 3 and not judged.skipped and len(judged.explanations) == 3
    rows = judged.rows()
    assert {row["ranking"] for row in rows} == {"method", "reversed", "random", "length"}
    assert {row["metric"] for row in rows} == {"deletion", "sufficiency"}
    assert "deletion" in judged.to_text() and judged.to_html().startswith("<!")


def test_the_command_line_gives_the_same(program, model, tmp_path):
    file = tmp_path / "texts.txt"
    file.write_text("\n".join(TEXTS) + "\n", encoding="utf-8")
    ran = subprocess.run(
        [program, "compare", "--model", str(model.info.path), "--input", str(file), "--method",
         "saliency,occlusion", "--metric", "deletion,comprehensiveness", "--json"],
        capture_output=True, text=True, check=True)
    judged = ascribo.compare(model, TEXTS, ["saliency", "occlusion"],
                             ["deletion", "comprehensiveness"]).to_dict()
    expected = json.loads(ran.stdout)
    assert without_time(judged) == without_time(expected)


def test_frames(model):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"sentence": TEXTS, "label": [1, 0, 0]})
    judged = ascribo.compare(model, frame, "saliency", "deletion")
    assert [each.label for each in judged.explanations] == ["1", "0", "0"]
    table = judged.to_frame()
    assert "saliency" in set(table["method"])
    assert len(judged.per_text()) == len(judged.rows())
    with pytest.raises(LookupError, match='there is no column "txt"; expected sentence, label'):
        ascribo.compare(model, frame, "saliency", "deletion", text_column="txt")


def test_explanations_that_were_made_before(model):
    made = model.explain(TEXTS, "occlusion")
    again = ascribo.evaluate(model, made, metrics="deletion")
    once = ascribo.evaluate(model, TEXTS, "occlusion", "deletion")
    pick = [row["value"] for row in again.rows() if row["ranking"] == "method"]
    assert pick == [row["value"] for row in once.rows() if row["ranking"] == "method"]


def test_explanations_of_token_ids(model, tmp_path):
    ids = model.tokenize(TEXTS[0]).ids
    made = model.explain(ids, "occlusion", unit="token")
    made.save(tmp_path / "made.json")
    again = ascribo.evaluate(model, [ascribo.Explanation.load(tmp_path / "made.json")],
                             metrics="deletion")
    once = ascribo.evaluate(model, TEXTS[:1], "occlusion", "deletion", unit="token")
    pick = [row["value"] for row in again.rows() if row["ranking"] == "method"]
    assert pick == [row["value"] for row in once.rows() if row["ranking"] == "method"]


def test_minimal_pairs_as_the_command_line_reads_them(program, golden, tmp_path):
    good, bad = "the movies are good.", "the movies was good."
    file = tmp_path / "pairs.jsonl"
    file.write_text(json.dumps({"sentence_good": good, "sentence_bad": bad}) + "\n")
    for name in ("bert-mlm", "gpt2-lm"):
        ran = subprocess.run(
            [program, "compare", "--model", str(golden / name), "--input", str(file), "--layout",
             "blimp", "--method", "occlusion", "--metric", "deletion", "--json"],
            capture_output=True, text=True, check=True)
        with ascribo.load(golden / name) as subject:
            pair = subject.minimal_pair(good, bad)
            judged = ascribo.compare(subject, [pair], "occlusion", "deletion").to_dict()
            own = ascribo.Input(pair.text, targets=pair.targets, versus=pair.versus)
            assert subject.explain(own, "occlusion") == subject.explain(pair, "occlusion")
        assert without_time(judged) == without_time(json.loads(ran.stdout))


def test_what_is_no_minimal_pair(model, golden):
    with pytest.raises(NotImplementedError, match="a pair of sentences was given to BertForSeq"):
        model.minimal_pair("a film", "a movie")
    with ascribo.load(golden / "bert-mlm") as subject:
        with pytest.raises(ascribo.errors.BadText, match="the sentences are the same"):
            subject.minimal_pair("a film", "a film")
        with pytest.raises(TypeError, match="a sentence is of type int; expected str"):
            subject.minimal_pair("a film", 3)


def test_options_of_metrics_and_what_is_skipped(model):
    judged = ascribo.evaluate(model, [*TEXTS, ""], "saliency",
                              [("comprehensiveness", {"definition": "alti"})])
    assert judged.skipped[0][0] == 3 and "empty" in judged.skipped[0][1]
    with pytest.raises(ValueError, match="^text 4: "):
        ascribo.evaluate(model, [*TEXTS, ""], "saliency", "deletion", skip_errors=False)
    with pytest.raises(ValueError, match="there are no texts"):
        ascribo.evaluate(model, [], "saliency")
    with pytest.raises(LookupError, match='did you mean "deletion"'):
        ascribo.evaluate(model, TEXTS, "saliency", "deletio")


def test_saved(model, tmp_path):
    judged = ascribo.evaluate(model, TEXTS[:2], "saliency", "deletion")
    for name in ("a.json", "a.csv", "a.tex", "a.html", "a.txt"):
        judged.save(tmp_path / name)
        assert (tmp_path / name).stat().st_size > 0
    with pytest.raises(ValueError, match="expected a name that ends with"):
        judged.save(tmp_path / "a.doc")
