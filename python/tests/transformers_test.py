# SPDX-License-Identifier: MIT
"""Models of transformers in memory: the same bits as from their folder. Skipped where transformers
is not installed."""

import ascribo
import numpy as np
import pytest
from conftest import GOLDEN

transformers = pytest.importorskip("transformers")
torch = pytest.importorskip("torch")

TEXT = "the film is good"
CLASSIFIERS = ["bert-cls", "distilbert-cls", "roberta-cls", "electra-cls"]


def opened(name, kind):
    folder = GOLDEN / name
    return (kind.from_pretrained(folder).eval(), transformers.AutoTokenizer.from_pretrained(folder))


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_in_memory(name):
    model, tokenizer = opened(name, transformers.AutoModelForSequenceClassification)
    memory = ascribo.from_transformers(model, tokenizer)
    folder = ascribo.load(GOLDEN / name)
    found, known = memory.explain(TEXT, target="all"), folder.explain(TEXT, target="all")
    assert np.array_equal(found.scores, known.scores) and np.array_equal(found.value, known.value)
    with torch.no_grad():
        logits = model(**tokenizer(TEXT, return_tensors="pt")).logits[0].numpy()
    assert found.prediction.logits == pytest.approx(logits, abs=1e-5)


def test_a_language_model_in_memory():
    model, tokenizer = opened("gpt2-lm", transformers.AutoModelForCausalLM)
    memory = ascribo.from_transformers(model, tokenizer)
    known = ascribo.load(GOLDEN / "gpt2-lm").generate("the film was", max_new_tokens=4)
    assert memory.generate("the film was", max_new_tokens=4).ids == known.ids


def test_weights_are_shared():
    model, tokenizer = opened("bert-cls", transformers.AutoModelForSequenceClassification)
    with torch.no_grad():
        model.classifier.weight.zero_()
    memory = ascribo.from_transformers(model, tokenizer)
    del tokenizer
    assert memory.predict(TEXT).logits == pytest.approx(model.classifier.bias.tolist(), abs=1e-6)


def test_a_batch_encoding():
    folder = GOLDEN / "bert-cls"
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = ascribo.load(folder)
    texts = [TEXT, "good"]
    for kind in (None, "np", "pt"):
        batch = tokenizer(texts, padding=True, return_tensors=kind)
        for found, text in zip(model.explain(batch, "saliency"), texts):
            known = model.explain(text, "saliency", unit="token")
            assert np.array_equal(found.scores, known.scores)


def test_what_is_no_model():
    with pytest.raises(TypeError, match="a str was given; expected a model of transformers"):
        ascribo.from_transformers("bert")
    config = transformers.T5Config(d_model=8, d_ff=8, num_layers=1, num_heads=1, d_kv=8, vocab_size=20)
    with pytest.raises(ascribo.errors.UnknownName, match='model_type is "t5"; expected'):
        ascribo.from_transformers(transformers.T5Model(config))
    with pytest.raises(TypeError, match="its weights are in memory"):
        import pickle

        model, tokenizer = opened("bert-cls", transformers.AutoModelForSequenceClassification)
        pickle.dumps(ascribo.from_transformers(model, tokenizer))
