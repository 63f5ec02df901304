# SPDX-License-Identifier: MIT
"""What the command line has besides: plans, checkpoints beside each other, a published study."""

import json
import subprocess

import ascribo
import pytest

TEXTS = ["the film is good", "a bad film and a dull one", "it is not good"]


@pytest.fixture(scope="module")
def rows(tmp_path_factory):
    file = tmp_path_factory.mktemp("rows") / "rows.tsv"
    file.write_text("sentence\tlabel\n" + "".join(f"{text}\t1\n" for text in TEXTS))
    return file


def said(program, *words):
    done = subprocess.run([program, *map(str, words)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def test_a_plan_is_that_of_the_program(bert, golden, rows, program):
    found = bert.plan(TEXTS, ["occlusion", "lime"], unit="token", samples=20)
    told = said(program, "explain", "--model", golden / "bert-cls", "--plan", "--json", "--input", rows,
                "--method", "occlusion,lime", "--unit", "token", "--samples", "20")
    for ours, theirs in zip(found["texts"], told["texts"]):
        assert (ours["text"], ours["tokens"], ours["units"]) == (
            theirs["text"], theirs["tokens"], theirs["units"])
        assert [each["forwards"] for each in ours["methods"]] == [
            each["forwards"] for each in theirs["methods"]]
    assert found["memory"]["weights"] == told["memory"]["weights"]
    assert bert.plan(TEXTS[0])["texts"][0]["targets"] == 1


def test_models_beside_each_other(golden, rows, program):
    models = [ascribo.load(golden / name) for name in ("bert-cls", "distilbert-cls")]
    found = ascribo.compare_models(models, TEXTS, "saliency", top=2)
    told = said(program, "compare-models", golden / "bert-cls", golden / "distilbert-cls", "--method",
                "saliency", "--top", "2", "--input", rows, "--json")
    ours = found.to_dict()
    for key in ("method", "top", "same_target", "pairs", "spread", "texts"):
        assert ours[key] == pytest.approx(told[key]) if key == "spread" else ours[key] == told[key]
    frame = found.to_frame() if pytest.importorskip("pandas") else None
    assert list(frame["first"]) == [models[0].info.path.as_posix()] and 0 <= frame["overlap"][0] <= 1
    assert "2 models over 3 texts" in repr(found)
    with pytest.raises(ValueError, match="compare_models"):
        ascribo.compare_models([], TEXTS)
    with pytest.raises(ValueError, match="expected at least two"):
        ascribo.compare_models(models[:1], TEXTS)


def test_the_study(golden, rows, tmp_path, program):
    subject = ascribo.load(golden / "bert-cls")
    study = ascribo.reproduce("alti", subject, rows)
    assert len(study.explanations) == 18 and study.skipped == []
    assert len(study.explanations["published", "alti"]) == 3
    judged = study.judge("suff", bins=True)
    folder = tmp_path / "models" / "bert-sst2"
    folder.parent.mkdir()
    folder.symlink_to(golden / "bert-cls")
    out = ["--models-dir", folder.parent, "--model", "bert", "--task", "sst2", "--out", tmp_path / "out"]
    subprocess.run([program, "reproduce", "alti", "attributions", *out, "--data", rows], check=True,
                   capture_output=True)
    told = said(program, "reproduce", "alti", "aupc", *out, "--fidelity", "suff", "--bins", "--json")
    ours = judged.to_dict()
    metrics = [[row["metrics"] for row in each["rows"]] for each in (ours, told)]
    assert json.dumps(metrics[0]) == json.dumps(metrics[1])
    with pytest.raises(LookupError, match="expected alti"):
        ascribo.reproduce("shap", subject, rows)
    with pytest.raises(LookupError, match='"sst" was given; .*did you mean "sst2"'):
        ascribo.reproduce("alti", subject, rows, task="sst")
    with pytest.raises(LookupError, match='"comp2" was given; expected comp or suff'):
        study.judge("comp2")


def test_what_a_checkpoint_holds(bert, golden, program):
    told = said(program, "info", "--model", golden / "bert-cls", "--json")
    info = bert.info
    assert info.problem == told["problem"] and info.embedding == told["embedding"]
    assert [name for name, shape, dtype in info.weights] == [each["name"] for each in told["weights"]]
    assert info.unused == told["unused"]
