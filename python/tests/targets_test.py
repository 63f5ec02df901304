# SPDX-License-Identifier: MIT
"""Weights over logits and functions of logits as targets."""

import threading

import ascribo
import numpy as np
import pytest

TEXT = "the film is good"


def log_probability(output):
    def score(logits):
        shifted = np.exp(logits - logits.max())
        shares = shifted / shifted.sum()
        return np.log(shares[output]), np.eye(len(logits))[output] - shares

    return score


@pytest.mark.parametrize("method", ["integrated_gradients", "occlusion", "lime", "decompx"])
def test_weights_one_and_minus_one_are_a_contrast(bert, method):
    contrast = bert.explain(TEXT, method, "#0", versus="#2")
    for weights in (np.array([1.0, 0, -1]), np.array([1, 0, -1], dtype=np.float32)):
        found = bert.explain(TEXT, method, weights)
        assert np.array_equal(found.scores, contrast.scores)
        assert found.value == contrast.value and found.targets == ["1*#0-1*#2"]
    assert found.attributions[0].index == -1


def test_weights_may_be_a_tensor(bert):
    torch = pytest.importorskip("torch")
    found = bert.explain(TEXT, "saliency", torch.tensor([0.5, 0.25, 0]))
    assert found.targets == ["0.5*#0+0.25*#1"]


@pytest.mark.parametrize("method", ["integrated_gradients", "saliency", "occlusion", "kernel_shap"])
def test_a_function_that_is_the_log_probability_gives_its_scores(bert, method):
    known = bert.explain(TEXT, method, "#1", score="log_probability")
    found = bert.explain(TEXT, method, log_probability(1))
    assert found.scores == pytest.approx(known.scores, abs=1e-5)
    assert found.value == pytest.approx(known.value, abs=1e-9)
    assert found.targets == ["score"]


def test_methods_that_hide_things_take_values_alone(bert):
    found = bert.explain(TEXT, "occlusion", lambda logits: logits[0] - logits[2])
    contrast = bert.explain(TEXT, "occlusion", "#0", versus="#2")
    assert found.scores == pytest.approx(contrast.scores, abs=1e-6)
    with pytest.raises(TypeError, match=r"<lambda> returned a value alone; expected \(value, grad"):
        bert.explain(TEXT, "saliency", lambda logits: logits[0])


def test_functions_of_other_answers(golden, writer):
    of = ascribo.function_of(log_probability(7), of="token:2", name="seven")
    known = writer.explain(TEXT, "occlusion", "token:2=#7")
    found = writer.explain(TEXT, "occlusion", of)
    assert found.targets == ["seven"] and found.attributions[0].position == 2
    assert found.scores == pytest.approx(known.scores, abs=1e-5, nan_ok=True)
    tagger = ascribo.load(golden / "bert-ner")
    of = ascribo.function_of(log_probability(3), of="token:2", name="three")
    both = tagger.explain(TEXT, "saliency", [of, "token:2=#3"], score="log_probability")
    assert both.targets == [tagger.labels[3], "three"]  # functions come last
    assert both.scores[1] == pytest.approx(both.scores[0], abs=1e-5)


def test_lists_of_targets(bert):
    own = bert.explain([TEXT, "good"], "saliency", [np.array([1.0, 0, 0]), [log_probability(0), 2]])
    assert [each.targets for each in own] == [["1*#0"], [bert.labels[2], "score"]]
    same = bert.explain([TEXT, "good"], "saliency", (np.array([1.0, 0, 0]), 2))
    assert [len(each.targets) for each in same] == [2, 2]
    assert bert.explain(TEXT, "saliency", [np.array([1.0, 0, 0])]) == own[0]


def test_gradients(bert):
    both = bert.gradient(TEXT, target=(0, 2))
    assert bert.gradient(TEXT, target=np.array([1.0, 0, -1]))[0] == pytest.approx(
        both[0] - both[1], abs=1e-5)
    assert bert.gradient(TEXT, target=lambda z: (z[0], [1, 0, 0]))[0] == pytest.approx(both[0])


def test_they_can_be_judged(bert):
    def share(logits):  # what the metric asks of a label
        return np.exp(logits[0]) / np.exp(logits).sum()

    judged = ascribo.evaluate(bert, [TEXT], "occlusion", "deletion", target=share)
    known = ascribo.evaluate(bert, [TEXT], "occlusion", "deletion", target=0, score="probability")
    ours = [row["value"] for row in judged.rows() if row["ranking"] == "method"]
    theirs = [row["value"] for row in known.rows() if row["ranking"] == "method"]
    assert len(ours) == 1 and ours == pytest.approx(theirs, abs=1e-6)


def test_threads_may_use_one_function(bert):
    known = bert.explain(TEXT, "occlusion", log_probability(0))
    found = [None] * 8

    def work(i):
        found[i] = bert.explain([TEXT] * 40, "occlusion", (log_probability(0),))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert all(each == known for results in found for each in results)


def test_weights_over_a_vocabulary_are_over_logits(writer):
    weights = np.zeros(writer.info.outputs)
    weights[3:40] = np.linspace(-1, 1, 37)
    found = writer.explain(TEXT, "saliency", weights)
    assert found.score == "logit" and found.targets == ["36 weighted targets"]
    assert found.value[0] == pytest.approx(
        writer.activations(TEXT, "logits")["logits"].reshape(-1, len(weights))[-1] @ weights,
        abs=1e-4)


def test_what_is_no_target_is_refused(bert):
    for target, kind, message in [
        (np.array([1.0, 2]), ValueError, "2 weights were given; expected one for each of the model's 3"),
        (np.array([1.0, np.nan, 0]), ValueError, "a weight is not finite"),
        (lambda logits: "high", TypeError, r"<lambda> returned a str; expected \(value, gradient\)"),
        (lambda logits: (1.0, [1, 2]), ValueError, "a gradient of 2 numbers; expected one for each of the 3"),
        (lambda logits: (float("nan"), [0, 0, 0]), ValueError, '"<lambda>" gave a value or a gradient'),
        (lambda logits: 1 / 0, ZeroDivisionError, "division by zero"),
        (1.5, TypeError, "it is of type float; expected a label, the number of an output, a float"),
        (np.array(["a"]), TypeError, "it is of type ndarray"),
    ]:
        with pytest.raises(kind, match=message):
            bert.explain(TEXT, "saliency", target)
    with pytest.raises(TypeError, match="it is of type int; expected a function of logits"):
        ascribo.function_of(3)
    found = bert.explain([TEXT, TEXT], "saliency", (lambda logits: 1 / 0,), skip_errors=True)
    assert all(isinstance(each, ZeroDivisionError) for each in found)
