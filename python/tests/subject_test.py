# SPDX-License-Identifier: MIT
"""What a model does besides being explained, and how it is kept."""

import copy
import gc
import os
import pickle
import signal
import threading
import time

import ascribo
import numpy as np
import pytest

TEXT = "great movie!"


def test_what_a_model_says_of_itself(model):
    assert model.info.architecture == "BertForSequenceClassification"
    assert model.labels == ["negative", "positive"] and model.info.head == "sequence_classification"
    assert "BertForSequenceClassification" in repr(model)


def test_predict(model):
    one = model.predict(TEXT)
    assert one.label == "positive" and one.probability > 0.9 and len(one.logits) == 2
    assert [each.label for each in model.predict([TEXT, "a dull mess."])] == ["positive", "negative"]
    assert [each.label for each in model.predict(iter([TEXT]))] == ["positive"]


def test_labels_of_ones_own(golden):
    model = ascribo.load(golden / "bert-cls", labels=["a", "b", "c"])
    assert model.explain(TEXT, target="b", steps=2).targets == ["b"]
    with pytest.raises(ValueError, match="2 were given; expected one for each of the model's 3"):
        ascribo.load(golden / "bert-cls", labels="a,b")


def test_tokenize(model):
    one = model.tokenize(TEXT)
    assert one.tokens == ["[CLS]", "great", "movie", "!", "[SEP]"] and len(one) == 5
    assert one.offsets[1] == (0, 5) and one.word_ids[0] is None
    assert model.tokenize("") is not None and len(model.tokenize([TEXT, "fine"])) == 2
    assert model.tokenize(TEXT, "fine").type_ids[-1] == 1
    assert model.decode(one.ids) == "great movie!"
    with pytest.raises(TypeError, match="text is of type int; expected str"):
        model.tokenize([3])


def test_generate(writer):
    pieces = []
    found = writer.generate("the film was", max_new_tokens=4,
                            on_text=lambda text, number: pieces.append((number, text)))
    assert len(found.ids) == 4 and found.stopped == "max_new_tokens"
    assert "".join(text for _, text in pieces) == found.text and found.tokens[0].log_probability < 0
    again = writer.generate(["the film was", "it"], max_new_tokens=4)
    assert again[0].ids == found.ids and again[1].prompt == "it"
    sampled = [writer.generate("it", max_new_tokens=6, sample=True, seed=s).ids for s in (1, 1, 2)]
    assert sampled[0] == sampled[1]

    def fail(text, number):
        raise KeyError("no more")

    with pytest.raises(KeyError, match="no more"):
        writer.generate("the film was", max_new_tokens=4, on_text=fail)


def test_activations(model):
    size = len(model.tokenize(TEXT))
    found = model.activations(TEXT, ["hidden:6", "attn_probs:0", "logits"])
    assert found["hidden:6"].shape == (size, 384)
    assert found["attn_probs:0"].shape == (12, size, size)
    assert found["attn_probs:0"].sum(axis=-1) == pytest.approx(1, abs=1e-5)
    assert found["logits"].ravel() == pytest.approx(model.predict(TEXT).logits, abs=1e-6)
    for name, shape in model.taps(size).items():
        assert model.activations(TEXT, name)[name].shape == shape, name
    with pytest.raises(LookupError, match='there is no tap "hiden:3".*did you mean "hidden:3"'):
        model.activations(TEXT, "hiden:3")


def test_gradient(model):
    size = len(model.tokenize(TEXT))
    gradient = model.gradient(TEXT, target="all")
    assert gradient.shape == (2, size, 384)
    saliency = model.explain(TEXT, "saliency", target="all", unit="all_tokens", special="keep")
    assert np.linalg.norm(gradient, axis=-1) == pytest.approx(saliency.scores, rel=1e-4)
    both = model.gradient(TEXT, ["embeddings", "hidden:1"], target=1)
    assert set(both) == {"embeddings", "hidden:1"} and both["hidden:1"].shape == (1, size, 384)


def test_gradient_is_what_a_small_step_changes(bert):
    points = bert.activations(TEXT, "word_embeddings")["word_embeddings"]
    gradient = bert.gradient(TEXT, target=1)[0]
    assert gradient.shape == points.shape
    explained = bert.explain(TEXT, "input_x_gradient", target=1, unit="all_tokens", special="keep")
    assert (points * gradient).sum(axis=-1) == pytest.approx(explained.scores[0], abs=1e-5)


def test_pickled_and_copied(model):
    for other in (pickle.loads(pickle.dumps(model)), copy.copy(model), copy.deepcopy(model)):
        assert other.explain(TEXT, "saliency") == model.explain(TEXT, "saliency")


def test_eight_threads_at_once(model):
    texts = [f"a {word} film" for word in ("good", "bad", "dull", "warm", "odd", "new", "long", "sad")]
    expected = [model.explain(text, steps=5) for text in texts]
    found = [None] * len(texts)

    def work(number):
        for _ in range(5):
            found[number] = model.explain(texts[number], steps=5)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(texts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == expected


def test_other_threads_run_meanwhile(model):
    counted = 0
    done = threading.Event()

    def work():
        model.explain([TEXT] * 30, steps=50)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.is_set():
        counted += 1
        time.sleep(0.001)
    thread.join()
    assert counted > 5


def test_ctrl_c_stops_a_run(model, interrupts):
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        model.explain([f"{TEXT} {n}" for n in range(100_000)], steps=100)
    assert time.monotonic() - start < 20
    assert model.explain(TEXT, "saliency").targets == ["positive"]  # and can go on


def test_memory_does_not_grow(bert):
    def resident():
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def work(times):
        for number in range(times):
            found = bert.explain(f"film {number % 7}", "saliency")
            found.scores, found.units, found.delta
        gc.collect()

    work(500)
    before = resident()
    work(10_000)
    assert resident() - before < 8 << 20


def test_the_catalogue():
    methods = ascribo.methods()
    assert methods["integrated_gradients"].completeness and "steps" in methods["occlusion"].options or True
    assert methods["lime"].sampled and methods["integrated_gradients"].options["rule"].choices
    assert ascribo.metrics()["deletion"].direction in ("higher", "lower")
    assert "unit" in ascribo.request_options() and "top_k" in ascribo.generation_options()
