# SPDX-License-Identifier: MIT
"""The result: equal, copied, pickled, saved, tabulated, drawn."""

import copy
import json
import pickle

import ascribo
import numpy as np
import pytest

TEXT = "a gripping, funny film"


@pytest.fixture(scope="module")
def found(model):
    return model.explain(TEXT, target="all", steps=10)


def test_equal_but_for_its_cost(model, found):
    again = model.explain(TEXT, target="all", steps=10)
    assert again == found and hash(again) == hash(found)
    assert again != model.explain(TEXT, target="all", steps=11)
    assert found != 3 and found is not None


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy,
                                   lambda e: pickle.loads(pickle.dumps(e)),
                                   lambda e: ascribo.Explanation.from_json(e.to_json())])
def test_copies_are_equal_to_the_last_bit(found, again):
    other = again(found)
    assert other == found
    assert np.array_equal(other.scores, found.scores) and other.scores.dtype == np.float32
    assert np.array_equal(other.delta, found.delta) and other.notes == found.notes
    assert other.to_json() == found.to_json()


def test_what_it_is_shown_as_is_pickled(model):
    sorted_ones = model.explain(TEXT, "saliency", sort=True, normalize="max")
    other = pickle.loads(pickle.dumps(sorted_ones))
    assert other == sorted_ones and other.to_text() == sorted_ones.to_text()


def test_arrays_belong_to_it(found):
    assert found.scores is found.scores
    with pytest.raises(ValueError, match="read-only"):
        found.scores[0, 0] = 1
    scores = found.scores
    del found
    assert np.isfinite(scores).all()


def test_repr_is_short(found):
    assert repr(found).startswith(f"<Explanation of {TEXT!r}: negative by integrated_gradients; ")
    assert len(repr(found)) < 160
    assert repr(found.tokens[1]) == "Token(1037, 'a')" and repr(found.units[1]).startswith("Unit(")
    assert "gripping" in str(found)


def test_a_notebook_shows_the_page_in_a_frame(found):
    html = found._repr_html_()
    assert html.startswith("<iframe srcdoc=") and "<script" not in html
    assert "<!doctype html>" in found.to_html().lower()


@pytest.mark.parametrize("name", ["one.json", "one.jsonl"])
def test_saved_and_read_back(found, tmp_path, name):
    found.save(tmp_path / name)
    assert ascribo.Explanation.load(tmp_path / name) == found


@pytest.mark.parametrize("name", ["a.html", "a.svg", "a.tex", "a.csv", "a.txt"])
def test_other_forms_are_written(found, tmp_path, name):
    found.save(tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8")


def test_what_save_and_load_refuse(found, tmp_path):
    with pytest.raises(ValueError, match="expected a name that ends with .json"):
        found.save(tmp_path / "a.png")
    with pytest.raises(OSError):
        found.save(tmp_path / "missing" / "a.json")
    with pytest.raises(FileNotFoundError):
        ascribo.Explanation.load(tmp_path / "none.json")
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ascribo.errors.BadFile, match="bad.json line 1"):
        ascribo.Explanation.load(tmp_path / "bad.json")
    ascribo.save_explanations([found, found], tmp_path / "two.jsonl")
    with pytest.raises(ValueError, match="it holds 2 explanations; expected one"):
        ascribo.Explanation.load(tmp_path / "two.jsonl")
    assert ascribo.load_explanations(tmp_path / "two.jsonl") == [found, found]


def test_a_list_of_them(model, tmp_path):
    several = model.explain([TEXT, "fine"], "saliency")
    assert isinstance(several, ascribo.Explanations) and isinstance(several[:1], list)
    several.save(tmp_path / "all.jsonl")
    assert ascribo.load_explanations(tmp_path / "all.jsonl") == several
    assert pickle.loads(pickle.dumps(several)) == several
    assert several._repr_html_().count("<iframe") == 1


def test_as_a_frame(model, found):
    pytest.importorskip("pandas")
    frame = found.to_frame()
    assert list(frame["unit"]) == [unit.text for unit in found.units] * 2
    assert frame["score"].to_numpy(dtype=np.float32) == pytest.approx(found.scores.ravel())
    several = model.explain([TEXT, "fine"], "lime", samples=10).to_frame()
    assert set(several["number"]) == {0, 1} and "standard_error" in several


@pytest.mark.parametrize("kind", ["bar", "heatmap", "convergence"])
def test_plots(found, kind):
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("Agg")
    axes = found.plot(kind)
    labels = [label.get_text() for label in [*axes.get_xticklabels(), *axes.get_yticklabels()]]
    if kind == "convergence":
        assert axes.lines[0].get_ydata()[-1] == pytest.approx(found.value[0] + found.delta[0], abs=1e-3)
    else:
        assert "gripping" in labels
    figure = axes.figure
    figure.savefig("/dev/null", format="png")
    import matplotlib.pyplot

    matplotlib.pyplot.close(figure)
    with pytest.raises(ValueError, match='kind is "pie"; expected bar'):
        found.plot("pie")


def test_as_an_explanation_of_shap(found):
    shap = pytest.importorskip("shap")
    several = found.to_shap()
    assert isinstance(several, shap.Explanation) and several.values.shape == (len(found.units), 2)
    assert several.output_names == ["negative", "positive"]
    assert "".join(several.data) == TEXT
    positive = several[:, 1]
    pyplot = pytest.importorskip("matplotlib.pyplot")
    for draw in (shap.plots.bar, shap.plots.waterfall):
        labels = [label.get_text() for label in draw(positive, show=False).get_yticklabels()]
        assert any("gripping" in label for label in labels), draw
        pyplot.close("all")
    assert "gripping" in shap.plots.text(positive, display=False)


def test_what_stands_between_units_stays_in_shap(golden):
    shap = pytest.importorskip("shap")
    model = ascribo.load(golden / "bert-relu-pair")
    found = model.explain("the  film", pair="is good", method="saliency").to_shap()
    assert isinstance(found, shap.Explanation) and list(found.data) == ["the  ", "film ", "is ", "good"]
    assert found.output_names in model.labels and found.values.shape == (4,)
    assert "film" in shap.plots.text(found, display=False)


def test_json_is_the_command_lines(found):
    said = json.loads(found.to_json())
    assert said["schema"] == "ascribo.explanation/1" and said == found.to_dict()
    assert np.array(said["attributions"][0]["scores"], np.float32) == pytest.approx(found.scores[0])


def test_normalized(found):
    assert np.abs(found.normalized("max").scores).max(axis=1) == pytest.approx([1, 1])
    assert found.normalized("max").delta == pytest.approx(found.delta)
    with pytest.raises(ValueError, match="expected none, l2, l1 or max"):
        found.normalized("l7")


def test_layers(model):
    layers = model.explain(TEXT, "attention_rollout").layers
    assert layers and all(table.ndim >= 2 for table in layers.values())
