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
    memory = ascribo.from_transformers(model, tokenizer)
    del tokenizer
    with torch.no_grad():
        model.classifier.weight.zero_()  # and not a copy's: they are read when they are needed
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


def test_a_batch_encoding_of_pairs_has_token_types():
    model, tokenizer = opened("bert-relu-pair", transformers.AutoModelForSequenceClassification)
    memory = ascribo.from_transformers(model, tokenizer)
    pair = ("the film", "is good")
    batch = tokenizer(*pair, return_tensors="pt", return_token_type_ids=True)
    assert batch["token_type_ids"].max() == 1
    with torch.no_grad():
        logits = model(**batch).logits[0].numpy()
    for subject in (memory, ascribo.load(GOLDEN / "bert-relu-pair")):
        assert subject.predict(batch)[0].logits == pytest.approx(logits, abs=1e-5)
    # As its files say: the tokenizer gives token types, or it does not.
    assert memory.predict([pair])[0].logits == pytest.approx(
        ascribo.load(GOLDEN / "bert-relu-pair").predict([pair])[0].logits, abs=1e-6)


def test_chat_templates_and_generation_configs_come_along():
    model, tokenizer = opened("gpt2-lm", transformers.AutoModelForCausalLM)
    tokenizer.chat_template = "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}"
    model.generation_config.max_new_tokens = 3
    memory = ascribo.from_transformers(model, tokenizer)
    assert memory.chat([{"role": "user", "content": "the film"}]).text == "user: the film\n"
    assert len(memory.generate("the film was").ids) == 3


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
