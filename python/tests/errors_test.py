# SPDX-License-Identifier: MIT
"""Bad input: a clear exception of a fitting class, and never a crash."""

import math
import subprocess

import ascribo
import numpy as np
import pytest

TEXT = "great movie!"


@pytest.mark.parametrize(
    "given, says",
    [
        (None, "a NoneType was given; expected a text, token ids, or a list or iterator of them"),
        (b"bytes", "a bytes was given"),
        (3.5, r"a float \(3.5\) was given"),
        (7, r"a int \(7\) was given"),
        (object(), "a object was given"),
        ([TEXT, None], "text 2 is of type NoneType; expected a str"),
        ([TEXT, float("nan")], r"text 2 is of type float \(nan\); expected a str"),
        ([1, "two"], "text 1 is of type int"),
        ([[1, 2.5]], "text 1 is of type list"),
        ({"txt": TEXT}, r"the input is a mapping with \['txt'\]; expected input_ids, or text"),
        (np.array([1.5, 2.5]), "text 1 is of type float"),
    ],
)
def test_what_is_no_text(model, given, says):
    with pytest.raises(TypeError, match=says):
        model.explain(given)


@pytest.mark.parametrize(
    "arguments, kind, says",
    [
        ({"method": "integrated_gradient"}, ValueError, 'Hint: did you mean "integrated_gradients"'),
        ({"method": 3}, TypeError, "expected a name or a list of names"),
        ({"method": []}, TypeError, "expected a name or a list of names"),
        ({"target": "positiv"}, LookupError, 'did you mean "positive"?'),
        ({"target": 5}, ValueError, "expected #0 to #1"),
        ({"target": -1}, ValueError, "it is -1; expected an output from 0 on"),
        ({"target": 1.5}, TypeError, "expected a label, the number of an output, a float array"),
        ({"target": True}, TypeError, "it is of type bool"),
        ({"target": []}, ValueError, "the list is empty"),
        ({"steps": math.nan}, ValueError, "expected a whole number"),
        ({"steps": 0}, ValueError, "steps"),
        ({"steps": 2.5}, ValueError, "expected a whole number"),
        ({"tolerance": math.nan}, ValueError, "expected a number"),
        ({"tolerance": math.inf}, ValueError, "expected a number"),
        ({"stepz": 3}, ValueError, 'did you mean "steps"'),
        ({"steps": object()}, TypeError, r"\[steps\] it is of type object"),
        ({"unit": "wrd"}, ValueError, 'did you mean "word"'),
        ({"seed": -1}, ValueError, "expected a whole number from 0"),
    ],
)
def test_what_cannot_be_asked(model, arguments, kind, says):
    with pytest.raises(kind, match=says.replace("?", r"\?")):
        model.explain(TEXT, **arguments)


def test_texts_that_cannot_be_explained(model):
    with pytest.raises(ascribo.errors.BadText, match="the text is empty"):
        model.explain("")
    with pytest.raises(ascribo.errors.BadText, match="UTF-8"):
        model.explain("half a \ud800 pair")
    with pytest.raises(ascribo.errors.TooLong, match="Hint"):
        model.explain("word " * 3000)
    with pytest.raises(ValueError):
        model.explain([99999999])
    with pytest.raises(ValueError, match="expected ids from 0 on"):
        model.explain([-1, 2])
    with pytest.raises(ValueError, match="type_ids hold 2; expected 0 to 1"):
        model.explain({"input_ids": [101, 102], "token_type_ids": [0, 2]})
    for one in (ascribo.Input(input_ids=[101, 102], type_ids=[0]),
                {"input_ids": [101, 102], "type_ids": [0]},
                {"input_ids": [[101, 102]], "token_type_ids": [[0]]}):
        with pytest.raises(ValueError, match="1 type_ids were given for 2 input_ids; expected one"):
            model.explain(one)
    with pytest.raises(ValueError, match="1 attention_mask were given for 2 input_ids"):
        model.explain({"input_ids": [101, 102], "attention_mask": [1]})
    with pytest.raises(TypeError, match="a target is of type float"):
        model.explain({"text": TEXT, "target": 0.5})
    with pytest.raises(ValueError, match="type_ids were given without input_ids"):
        model.explain(ascribo.Input(TEXT, type_ids=[0]))


@pytest.mark.parametrize("error", [KeyError("row"), ValueError("row"), MemoryError("row")])
def test_objects_that_raise_while_iterated(model, error):
    class Broken:
        def __iter__(self):
            yield TEXT
            raise error

    with pytest.raises(type(error), match="row"):
        model.explain(Broken())

    def stream():
        yield TEXT
        raise error

    results = model.explain(stream(), "saliency")
    assert next(results).text == TEXT
    with pytest.raises(type(error), match="row"):
        next(results)


def test_models_that_are_not_there(tmp_path):
    with pytest.raises(FileNotFoundError) as raised:
        ascribo.load(tmp_path / "none")
    assert isinstance(raised.value, ascribo.errors.NotFound)
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ascribo.Error):
        ascribo.load(tmp_path)
    with pytest.raises(TypeError, match="expected a path or name"):
        ascribo.load(3)


def test_without_the_model_that_ships_load_says_so(monkeypatch):
    monkeypatch.setattr(ascribo.loading, "_shipped", lambda name: None)
    with pytest.raises(FileNotFoundError) as raised:
        ascribo.load()
    assert str(raised.value) == (
        '[model] no model was named, and "sst2-minilm", the one that ships, is not installed; expected '
        "a checkpoint folder, a name, or the package ascribo-model. Hint: pip install ascribo[model]")


def test_a_closed_model(golden):
    model = ascribo.load(golden / "bert-cls")
    model.close()
    for call in (model.explain, model.predict, model.tokenize):
        with pytest.raises(ValueError, match=r"\[model\] it is closed; expected an open one"):
            call(TEXT)
    assert repr(model) == "<Subject, closed>"


def test_classifiers_do_not_write(model):
    with pytest.raises(NotImplementedError):
        model.generate("the film was")


def test_errors_are_the_command_lines(program, model):
    ran = subprocess.run([program, "explain", "--model", str(model.info.path), "--target", "positiv",
                          TEXT], capture_output=True, text=True, check=False)
    with pytest.raises(ascribo.errors.UnknownName) as raised:
        model.explain(TEXT, target="positiv")
    assert ran.stderr == f"ascribo: {raised.value}\n"
    assert raised.value.code == "unknown_name"


def test_every_class_has_a_builtin_one():
    for each in vars(ascribo.errors).values():
        if isinstance(each, type) and issubclass(each, ascribo.Error) and each is not ascribo.Error:
            assert issubclass(each, (ValueError, OSError, RuntimeError)), each


def test_very_many_texts_hold_no_more_than_themselves(model):
    with pytest.raises(ValueError, match="^text 1: "):
        model.explain([""] * 100_000)
