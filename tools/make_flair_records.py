#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Writes tests/golden/flair-*: tiny text classifiers saved by Flair itself, and what they answer.

    python tools/make_flair_records.py MODEL current     # flair 0.11 to 0.15 importable
    python tools/make_flair_records.py MODEL older       # flair 0.6 or 0.7 importable

MODEL is a folder with a tiny XLM-RoBERTa and its tokenizer.json. The older releases want a
transformers that no longer installs beside a current torch; their own code runs with a later one
(gensim may be an empty module), and the classes are saved under the names they had then.
"""

import copyreg
import json
import pathlib
import shutil
import sys
import tempfile
import types

import torch
from safetensors.torch import save_file

GOLDEN = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden"
TEXTS = [
    "A gripping movie .",
    "This is not a good film , is it ?",
    "no",
    "A gripping movie!",
    "The plot is thin , but the actors are so good that nobody will mind the length of it all .",
]
# What a configuration of transformers 3.5 holds besides what it inherits as class attributes.
OLD_FIELDS = """vocab_size hidden_size num_hidden_layers num_attention_heads hidden_act
intermediate_size hidden_dropout_prob attention_probs_dropout_prob max_position_embeddings
type_vocab_size initializer_range layer_norm_eps gradient_checkpointing return_dict
output_hidden_states output_attentions use_cache torchscript use_bfloat16 pruned_heads
tie_word_embeddings is_encoder_decoder is_decoder add_cross_attention chunk_size_feed_forward
architectures id2label label2id bos_token_id pad_token_id eos_token_id task_specific_params
xla_device _name_or_path""".split()


def prepared(model, folder, charsmap):
    """The tiny model with a tokenizer class that transformers 4 knows; the charsmap is large."""
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        shutil.copy(model / name, folder / name)
    tokenizer = json.loads((model / "tokenizer.json").read_text(encoding="utf-8"))
    if not charsmap:
        tokenizer["normalizer"] = None
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer), encoding="utf-8")
    config = json.loads((model / "tokenizer_config.json").read_text(encoding="utf-8"))
    config.update(tokenizer_class="XLMRobertaTokenizerFast", model_max_length=80)
    config.pop("backend", None)
    (folder / "tokenizer_config.json").write_text(json.dumps(config), encoding="utf-8")
    return str(folder)


def record(name, classifier, embeddings, answer, about):
    """Saves the classifier, the ids its model saw and the scores before softmax."""
    from flair.data import Sentence

    folder = GOLDEN / name
    folder.mkdir(exist_ok=True)
    classifier.eval()
    seen, model = [], embeddings.model
    hook = model.register_forward_pre_hook(
        lambda module, args, kwargs: seen.append(args[0][0].tolist()), with_kwargs=True)
    cases, expected = [], {}
    with torch.no_grad():
        for i, text in enumerate(TEXTS):
            expected[f"c{i}/logits"] = answer(Sentence(text)).reshape(-1).contiguous()
            cases.append({"text": text, "input_ids": seen[-1]})
    hook.remove()
    model._forward_pre_hooks.clear()
    model._forward_pre_hooks_with_kwargs.clear()
    classifier.save(folder / "best-model.pt")
    save_file(expected, folder / "expected.safetensors")
    with (folder / "cases.json").open("w", encoding="utf-8") as file:
        file.write(json.dumps({**about, "cases": cases}, ensure_ascii=False).replace(
            '{"text"', '\n  {"text"') + "\n")
    size = (folder / "best-model.pt").stat().st_size
    sys.stdout.write(f"{name}: {size} bytes\n")


def dictionary(labels):
    from flair.data import Dictionary

    result = Dictionary(add_unk=False)
    for label in labels:
        result.add_item(label)
    return result


def write_current(model, folder):
    import flair
    from flair.embeddings import TransformerDocumentEmbeddings
    from flair.models import TextClassifier

    plain = prepared(model, folder / "plain", charsmap=False)
    whole = prepared(model, folder / "whole", charsmap=True)
    for name, source, labels, multi, options in [
            ("first", whole, ["negative", "neutral", "positive"], False, {"layers": "-1"}),
            ("mean", plain, ["sport", "politics", "Wetter & Klima"], True,
             {"layers": "-1,-2", "layer_mean": False, "cls_pooling": "mean"}),
            ("max", plain, ["no", "yes"], False,
             {"layers": "-1,-2,-4", "layer_mean": True, "cls_pooling": "max"})]:
        torch.manual_seed(11)
        embeddings = TransformerDocumentEmbeddings(source, fine_tune=True, **options)
        classifier = TextClassifier(embeddings, label_type="class", multi_label=multi,
                                    label_dictionary=dictionary(labels))

        def answer(sentence, embeddings=embeddings, classifier=classifier):
            embeddings.embed(sentence)
            return classifier.decoder(sentence.get_embedding())

        record(f"flair-{name}", classifier, embeddings, answer,
               {"flair": flair.__version__, "labels": labels, "multi_label": multi})


def under_old_name(cls, module):
    """Makes pickle write `cls` as `module`.NAME, where older releases had it."""
    parent, _, leaf = module.rpartition(".")
    sys.modules[module] = types.ModuleType(module)
    setattr(sys.modules[parent], leaf, sys.modules[module])
    setattr(sys.modules[module], cls.__name__, cls)
    cls.__module__ = module


def write_older(model, folder):
    import flair
    from flair.embeddings import TransformerDocumentEmbeddings
    from flair.models import TextClassifier
    from transformers.models.xlm_roberta.configuration_xlm_roberta import XLMRobertaConfig
    from transformers.models.xlm_roberta.modeling_xlm_roberta import XLMRobertaModel

    plain = prepared(model, folder / "plain", charsmap=False)
    for name, labels, multi, layers in [("older", ["negative", "neutral", "positive"], False, "-1"),
                                        ("older-layers", ["a", "b"], True, "-1,-2")]:
        torch.manual_seed(11)
        embeddings = TransformerDocumentEmbeddings(plain, layers=layers)
        embeddings.name = "transformer-document-xlm-roberta-base"
        classifier = TextClassifier(embeddings, label_dictionary=dictionary(labels),
                                    multi_label=multi)
        config = embeddings.model.config
        old = {key: value for key, value in config.__dict__.items() if key in OLD_FIELDS}

        def saving(classifier=classifier, config=config, old=old):
            under_old_name(XLMRobertaConfig, "transformers.configuration_xlm_roberta")
            under_old_name(XLMRobertaModel, "transformers.modeling_xlm_roberta")
            XLMRobertaConfig.__reduce_ex__ = lambda self, protocol: (
                copyreg.__newobj__, (XLMRobertaConfig,), old)
            torch.save(classifier._get_state_dict(), saving.path, pickle_protocol=4)
            del XLMRobertaConfig.__reduce_ex__

        def save(path, saving=saving):
            saving.path = path
            saving()

        classifier.save = save
        record(f"flair-{name}", classifier, embeddings,
               lambda sentence, classifier=classifier: classifier.forward([sentence]),
               {"flair": flair.__version__, "labels": labels, "multi_label": multi})


def main():
    if len(sys.argv) != 3 or sys.argv[2] not in ("current", "older"):
        sys.exit(__doc__)
    import flair

    flair.device = torch.device("cpu")
    write = write_current if sys.argv[2] == "current" else write_older
    with tempfile.TemporaryDirectory() as folder:
        write(pathlib.Path(sys.argv[1]), pathlib.Path(folder))


if __name__ == "__main__":
    main()
