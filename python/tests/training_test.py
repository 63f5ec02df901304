# SPDX-License-Identifier: MIT
"""Fine-tuning from Python: what the command line writes, from rows, frames and files."""

import ascribo
import pytest

ROWS = [
    {"text": f"{word} film {i}", "label": label}
    for i in range(12)
    for word, label in (("good", "yes"), ("bad", "no"))
]


@pytest.fixture(autouse=True)
def _program(program, monkeypatch):
    monkeypatch.setenv("ASCRIBO_PROGRAM", program)


def test_rows(golden, tmp_path):
    trained = ascribo.train(golden / "bert-cls", ROWS, ROWS, output=tmp_path / "new", epochs=2,
                            no_dropout=True)
    steps = [line for line in trained.log if "loss" in line and "learning_rate" in line]
    assert len(steps) == 6
    assert "6 steps" in trained.summary and "6 steps" in repr(trained)
    assert trained._repr_svg_().startswith("<svg")
    with trained.load() as model:
        assert model.predict("good film").label in ("yes", "no")
        assert model.explain("good film", "saliency").scores.shape[0] == 1


def test_frames_files_and_rows_give_the_same(golden, tmp_path):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"review": [r["text"] for r in ROWS],
                              "mood": [r["label"] for r in ROWS]})
    file = tmp_path / "rows.csv"
    frame.to_csv(file, index=False)
    how = {"max_steps": 2, "text_column": "review", "label_column": "mood"}
    of_frame = ascribo.train(golden / "bert-cls", frame, output=tmp_path / "a", **how)
    of_file = ascribo.train(golden / "bert-cls", file, output=tmp_path / "b", **how)
    of_rows = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "c", max_steps=2)
    losses = [[line.get("loss") for line in each.log] for each in (of_frame, of_file, of_rows)]
    assert losses[0] == losses[1] == losses[2]
    assert len(of_frame.to_frame()) == len(of_frame.log)


def test_what_is_wrong_is_said(golden, tmp_path):
    one = [{"text": "good", "label": 1}, {"text": "bad", "label": 1}]
    with pytest.raises(ValueError, match='every row has the label "1"; expected at least two labels'):
        ascribo.train(golden / "bert-cls", one, output=tmp_path / "new")
    with pytest.raises(TypeError, match="row 1 is of type str; expected a dictionary"):
        ascribo.train(golden / "bert-cls", ["good"], output=tmp_path / "new")
    with pytest.raises(ascribo.Error, match="--epoks"):
        ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "new", epoks=2)
    (tmp_path / "there").mkdir()
    with pytest.raises(ValueError, match="is there already.*Hint: --overwrite replaces it"):
        ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "there")
