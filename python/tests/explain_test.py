# SPDX-License-Identifier: MIT
"""What may be explained, and what is asked of it."""

import pathlib

import ascribo
import numpy as np
import pytest

TEXT = "great movie!"


def test_one_text(model):
    found = model.explain(TEXT, steps=20)
    assert found.prediction.label == "positive" and found.targets == ["positive"]
    assert [unit.text for unit in found.units] == ["great", "movie", "!"]
    assert found.scores.shape == (1, 3) and found.scores.dtype == np.float32
    total = found.scores.sum(axis=1) + found.special - (found.value - found.baseline_value)
    assert total == pytest.approx(found.delta, abs=1e-3)
    assert found.options["steps"] == 20 and found.method == "integrated_gradients"


def test_many_texts_in_every_shape_give_the_same(model):
    texts = [TEXT, "a dull, lifeless mess.", "fine"]
    expected = [model.explain(text, "saliency") for text in texts]
    assert model.explain(texts, "saliency") == expected
    assert model.explain(tuple(texts), "saliency") == expected
    assert model.explain(np.array(texts), "saliency") == expected
    assert list(model.explain(iter(texts), "saliency")) == expected
    assert list(model.explain((t for t in texts), "saliency")) == expected
    assert model.explain([], "saliency") == []


def test_a_pandas_column(model):
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"text": [TEXT, "fine"]}, index=[7, 3])
    assert model.explain(frame["text"], "saliency") == model.explain([TEXT, "fine"], "saliency")
    with pytest.raises(TypeError, match=r'a whole frame was given; .* Hint: frame\["text"\]'):
        model.explain(frame)


def test_a_stream_is_read_as_results_are_asked_for(model):
    read = []

    def texts():
        for number in range(1000):
            read.append(number)
            yield f"text {number}"

    results = model.explain(texts(), "saliency")
    assert next(results).text == "text 0" and len(read) == 1
    assert [next(results).text for _ in range(6)] == [f"text {n}" for n in range(1, 7)]
    assert len(read) < 10
    results.close()


def test_token_ids_in_every_shape(model):
    ids = model.tokenize(TEXT).ids
    one = model.explain(ids, "saliency")
    assert one.scores.shape == (1, 3)
    for same in (np.array(ids), {"input_ids": ids}, ascribo.Input(input_ids=ids)):
        assert model.explain(same, "saliency") == one
    padded = {"input_ids": [ids + [0, 0]], "attention_mask": [[1] * len(ids) + [0, 0]]}
    assert model.explain(padded, "saliency") == [one]
    assert model.explain(np.array([ids, ids]), "saliency") == [one, one]


def test_rows_as_jsonl_files_have_them(bert, model):
    row = {"text": TEXT, "id": 7, "label": "x", "target": [0, "#2"], "versus": 1}
    found = bert.explain(row, "saliency")
    assert [each.index for each in found.attributions] == [0, 2]
    assert found.attributions[0].versus == bert.labels[1] and found.to_dict()["input"]["id"] == "7"
    ids = bert.tokenize(TEXT).ids
    given = bert.explain({"input_ids": ids, "target": 2, "label": np.int64(1)}, "saliency")
    assert given.attributions[0].index == 2 and given.to_dict()["input"]["label"] == "1"
    encoding = model.tokenize("the film", "is good")
    one = model.predict("the film", pair="is good").logits
    for types in ("type_ids", "token_type_ids"):
        row = {"input_ids": encoding.ids, types: encoding.type_ids}
        assert model.predict(row).logits == one
    assert model.predict({"input_ids": encoding.ids}).logits != one


def test_an_input_is_compared_with_its_own(bert):
    own = ascribo.Input(TEXT, targets=["#0"], versus="#2")
    assert own.versus == "#2" and ascribo.Input(TEXT).versus is None
    assert np.array_equal(bert.explain(own, "saliency").scores,
                          bert.explain(TEXT, "saliency", 0, versus="#2").scores)
    with pytest.raises(TypeError, match="versus is of type int; expected str"):
        ascribo.Input(TEXT, versus=2)


def test_pairs(golden):
    model = ascribo.load(golden / "bert-relu-pair")
    one = model.explain("the film", pair="is good", method="saliency")
    assert one.pair == "is good" and {unit.side for unit in one.units} == {"text", "pair"}
    assert model.explain([("the film", "is good")], "saliency") == [one]
    assert model.explain(["the film"], "saliency", pair=["is good"]) == [one]
    with pytest.raises(ValueError, match="2 were given for 1 texts"):
        model.explain(["the film"], "saliency", pair=["a", "b"])


def test_targets_of_one_text(bert):
    both = bert.explain(TEXT, target=[0, 2], steps=3)
    assert [each.index for each in both.attributions] == [0, 2] and both.scores.shape[0] == 2
    assert bert.explain(TEXT, target=(0, "#2"), steps=3) == both
    assert bert.explain(TEXT, target="all", steps=3).scores.shape[0] == 3
    assert bert.explain(TEXT, target=np.int64(2), steps=3).attributions[0].index == 2


def test_targets_of_several_texts(bert):
    texts = [TEXT, "a dull film"]
    own = bert.explain(texts, target=[1, [0, 2]], steps=3)
    assert [[a.index for a in each.attributions] for each in own] == [[1], [0, 2]]
    same = bert.explain(texts, target=(0, 2), steps=3)
    assert [[a.index for a in each.attributions] for each in same] == [[0, 2], [0, 2]]
    with pytest.raises(ValueError, match="3 were given for 2 texts; expected one for each text"):
        bert.explain(texts, target=[0, 1, 2])


def test_several_methods(model):
    found = model.explain([TEXT, "fine"], ["lime", "kernel_shap"], samples=20)
    assert [each.method for each in found] == ["lime", "kernel_shap"] * 2
    assert [each.text for each in found] == [TEXT, TEXT, "fine", "fine"]
    assert found[0].standard_error.shape == found[0].scores.shape


def test_options_are_keywords_of_any_kind(model):
    found = model.explain(TEXT, keep_special=True, steps=np.int32(5), unit="token", seed=3)
    assert found.options["steps"] == 5 and found.seed == 3 and found.unit == "token"
    assert model.explain(TEXT, steps=None).options["steps"] != 0
    values = model.explain(TEXT, values=True, steps=5).values
    assert values.shape == (1, 5, 384)


def test_skipped_errors_stand_in_their_places(model):
    found = model.explain([TEXT, "", "fine"], "saliency", skip_errors=True)
    assert isinstance(found[1], ascribo.errors.BadText)
    assert str(found[1]).startswith("text 2: [text] the text is empty")
    assert len(found.whole) == 2
    with pytest.raises(ValueError, match=r"^text 2: \[text\] the text is empty"):
        model.explain([TEXT, ""], "saliency")


def test_progress_is_told_and_may_stop(model):
    told = []
    model.explain([TEXT] * 3, "saliency", progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)

    def stop(done, total):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        model.explain([TEXT] * 3000, "integrated_gradients", progress=stop)


def test_what_a_model_writes(writer):
    found = writer.explain_written("the film was", max_new_tokens=3)
    written = writer.generate("the film was", max_new_tokens=3)
    assert found.output.ids == written.ids and found.scores.shape[0] == 3
    given = writer.explain(ascribo.Input("the film was", continuation=found.output.text))
    assert given.output.text == found.output.text
    assert np.isnan(found.scores[0, -1])  # a target does not see itself


def test_options_have_types():
    written = pathlib.Path(ascribo.__file__).with_name("_option_types.pyi").read_text()
    known = dict(ascribo.request_options())
    for method in ascribo.methods().values():
        known.update(method.options)
    for name in known:
        assert f"    {name}: Optional[Union[" in written, name
    assert "unit: Optional[Union[Literal['all_tokens', 'token', 'word'" in written
