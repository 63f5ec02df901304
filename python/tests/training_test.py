# SPDX-License-Identifier: MIT
"""Fine-tuning from Python: what the command line writes, from rows, frames and files."""

import json
import signal
import subprocess
import threading
import types

import ascribo
import pytest

ROWS = [
    {"text": f"{word} film {i}", "label": label}
    for i in range(12)
    for word, label in (("good", "yes"), ("bad", "no"))
]


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


class Dataset:
    """What is used of a datasets.Dataset: columns by name, and what their numbers stand for."""

    column_names = ["text", "label"]
    features = {"text": None, "label": types.SimpleNamespace(names=["no", "yes"])}

    def __getitem__(self, name):
        if name == "text":
            return [row["text"] for row in ROWS]
        return [int(row["label"] == "yes") for row in ROWS]


def losses(trained):
    return [line.get("loss") for line in trained.log]


def test_a_dataset_with_names_of_labels(golden, tmp_path):
    of_rows = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "a", max_steps=2)
    of_dataset = ascribo.train(golden / "bert-cls", Dataset(), output=tmp_path / "b", max_steps=2)
    assert losses(of_dataset) == losses(of_rows)
    assert of_dataset.load().labels == ["no", "yes"]


def test_a_real_dataset(golden, tmp_path):
    datasets = pytest.importorskip("datasets")
    made = datasets.Dataset.from_list(
        [{"text": row["text"], "label": int(row["label"] == "yes")} for row in ROWS],
        features=datasets.Features(
            text=datasets.Value("string"), label=datasets.ClassLabel(names=["no", "yes"])
        ),
    )
    of_rows = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "a", max_steps=2)
    of_dataset = ascribo.train(golden / "bert-cls", made, output=tmp_path / "b", max_steps=2)
    assert losses(of_dataset) == losses(of_rows)
    assert of_dataset.load().labels == ["no", "yes"]


def test_a_task_of_glue(golden, tmp_path, program):
    for name in ("train", "dev"):
        (tmp_path / f"{name}.tsv").write_text(
            "gj04\t1\t\tthe film is good.\ngj04\t0\t*\tfilm the is good.\n")
    subprocess.run(
        [program, "train", "--model", golden / "bert-cls", "--task", "cola", "--data", tmp_path,
         "--output", tmp_path / "a", "--max-steps", "1"], check=True, capture_output=True,
    )
    trained = ascribo.train(golden / "bert-cls", tmp_path, task="cola", output=tmp_path / "b",
                            max_steps=1)
    assert trained.metric == "matthews"
    assert (tmp_path / "a" / "model.safetensors").read_bytes() == (
        tmp_path / "b" / "model.safetensors").read_bytes()


def test_what_is_wrong_with_a_task_is_said(golden, tmp_path):
    def train(data=tmp_path, dev=None, **how):
        ascribo.train(golden / "bert-cls", data, dev, output=tmp_path / "new", **how)

    with pytest.raises(LookupError, match='"sst" was given; .*or wnli. Hint: did you mean "sst2"'):
        train(task="sst")
    with pytest.raises(TypeError, match="data is of type list; expected the folder of the task's"):
        train(ROWS, task="sst2")
    with pytest.raises(TypeError, match="it is of type int; expected a name"):
        train(task=2)
    for more in ({"dev": ROWS}, {"text_column": "a"}, {"label_column": "a"}, {"learn": "number"}):
        with pytest.raises(ValueError, match="dev, a column or learn is given with it; expected"):
            train(task="sst2", **more)
    with pytest.raises(FileNotFoundError, match="train.tsv"):
        train(task="sst2")


def test_the_program_learns_the_same(golden, tmp_path, program):
    rows = tmp_path / "rows.jsonl"
    rows.write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    words = ["--batch", "4", "--epochs", "1", "--schedule", "cosine", "--warmup", "0.5"]
    words += ["--freeze", "embeddings", "--freeze", "layer:0", "--labels", "yes,no"]
    subprocess.run(
        [program, "train", "--model", golden / "bert-cls", "--train", rows, "--output",
         tmp_path / "a", *words], check=True, capture_output=True,
    )
    ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "b", batch=4, epochs=1,
                  schedule="cosine", warmup=0.5, freeze=["embeddings", "layer:0"], labels=["yes", "no"])
    for name in ("model.safetensors", "training_log.jsonl"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_budget_of_memory_changes_no_bit(golden, tmp_path):
    ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "a", max_steps=2)
    within = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "b", max_steps=2, memory=1)
    assert any(note.startswith("memory: a step took") for note in within.notes), within.notes
    weights = [(tmp_path / each / "model.safetensors").read_bytes() for each in ("a", "b")]
    assert weights[0] == weights[1]


def test_progress_counts_steps(golden, tmp_path):
    told = []
    ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "new", max_steps=3,
                  progress=lambda done, total: told.append((done, total)))
    assert told[:3] == [(1, 3), (2, 3), (3, 3)]


def test_what_stops_it_is_raised_and_it_goes_on(golden, tmp_path):
    def stop(done, total):
        if done == 2:
            raise KeyboardInterrupt

    whole = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "whole", max_steps=4)
    how = {"output": tmp_path / "new", "max_steps": 4}
    with pytest.raises(KeyboardInterrupt):
        ascribo.train(golden / "bert-cls", ROWS, progress=stop, **how)
    assert not (tmp_path / "new").exists() and (tmp_path / "new.unfinished").exists()
    with pytest.raises(ValueError, match="it began with other options"):
        ascribo.train(golden / "bert-cls", ROWS[:-1], resume=True, **how)
    resumed = ascribo.train(golden / "bert-cls", ROWS, resume=True, **how)
    assert losses(resumed) == losses(whole)
    for folder in ("whole", "new"):
        assert (tmp_path / folder / "model.safetensors").exists()
    weights = [(tmp_path / each / "model.safetensors").read_bytes() for each in ("whole", "new")]
    assert weights[0] == weights[1]


def test_ctrl_c_stops_it(golden, tmp_path, interrupts):
    timer = threading.Timer(0.5, signal.raise_signal, [signal.SIGINT])
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "new", max_steps=1_000_000)
    timer.join()
    assert (tmp_path / "new.unfinished").exists()


def test_explanations_on_the_way(golden, tmp_path):
    trained = ascribo.train(golden / "bert-cls", ROWS, ROWS, output=tmp_path / "new", epochs=2,
                            explain=["good film"], explain_method="saliency")
    files = sorted((tmp_path / "new" / "explanations").iterdir())
    assert [file.name for file in files] == ["step-000000.jsonl", "step-000003.jsonl",
                                             "step-000006.jsonl"]
    last = ascribo.load_explanations(files[-1])[0]
    assert last.text == "good film" and last.scores.shape[0] == 2
    with trained.load() as model:
        assert model.predict("good film").logits == pytest.approx(
            last.prediction.logits, abs=1e-5) or trained.best_step != 6


def test_notes_tell_of_new_heads(golden, tmp_path):
    trained = ascribo.train(golden / "bert-cls", ROWS, output=tmp_path / "new", max_steps=1)
    assert any("head" in note or "classifier" in note for note in trained.notes), trained.notes


def test_what_is_wrong_is_said(golden, tmp_path):
    bert, new = golden / "bert-cls", tmp_path / "new"
    one = [{"text": "good", "label": 1}, {"text": "bad", "label": 1}]
    with pytest.raises(ValueError, match='every row has the label "1"; expected at least two labels'):
        ascribo.train(bert, one, output=new)
    with pytest.raises(TypeError, match="row 1 is of type str; expected a dictionary"):
        ascribo.train(bert, ["good"], output=new)
    with pytest.raises(TypeError, match="data is of type int; expected a file, a frame"):
        ascribo.train(bert, 3, output=new)
    with pytest.raises(LookupError, match='"epoch"; expected one of learn, .*did you mean "epochs"'):
        ascribo.train(bert, ROWS, output=new, epoch=2)
    with pytest.raises(ValueError, match="epochs is .*; expected a number"):
        ascribo.train(bert, ROWS, output=new, epochs=float("nan"))
    with pytest.raises(FileNotFoundError, match="missing.tsv"):
        ascribo.train(bert, tmp_path / "missing.tsv", output=new)
    with pytest.raises(FileNotFoundError, match="nowhere"):
        ascribo.train(tmp_path / "nowhere", ROWS, output=new)
    (tmp_path / "there").mkdir()
    with pytest.raises(ValueError, match="is there already.*Hint: --overwrite replaces it"):
        ascribo.train(bert, ROWS, output=tmp_path / "there")
    assert not new.exists()


def test_options_are_described():
    options = ascribo.training_options()
    assert options["schedule"].choices == ("linear", "cosine", "constant")
    assert options["learning_rate"].default == "5e-05" and options["freeze"].repeatable
