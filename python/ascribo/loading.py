# SPDX-License-Identifier: MIT
"""Opens checkpoints: folders, names, the model that ships, models in memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Optional, Union

from . import _core
from .subject import Subject

DEFAULT_MODEL = "sst2-minilm"

PathLike = Union[str, "os.PathLike[str]"]


def shipped_models() -> Optional[str]:
    """The folder of the package ascribo-model, if it is installed."""
    try:
        import ascribo_model
    except ImportError:
        return None
    return str(ascribo_model.folder())


def _shipped(name: str) -> Optional[str]:
    """A model by its name: in ASCRIBO_MODELS, in ascribo-model, or in the clone that this is in."""
    here = os.path.dirname(os.path.abspath(__file__))
    folders = [os.environ.get("ASCRIBO_MODELS"), shipped_models()]
    folders += [os.path.join(os.path.dirname(here), "models")]
    folders += [os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "..", "models")]
    for folder in folders:
        if folder and os.path.exists(os.path.join(folder, name, "config.json")):
            return os.path.normpath(os.path.join(folder, name))
    return None


def checkpoint_folder(model: Optional[PathLike]) -> str:
    """Where a model is, by its folder or name; None: the one that ships."""
    name = DEFAULT_MODEL if model is None else os.fspath(model)
    if os.path.exists(name):
        return name
    if os.path.basename(name) == name:
        found = _shipped(name)
        if found is not None:
            return found
    if model is None:
        _core.fail(
            "not_found",
            "model",
            f'no model was named, and "{name}", the one that ships, is not installed',
            "expected a checkpoint folder, a name, or the package ascribo-model",
            "pip install ascribo[model]",
        )
    return os.fspath(_core.find_model(name))


def load(
    model: Optional[PathLike] = None,
    *,
    labels: Sequence[str] = (),
    tokenizer: Optional[PathLike] = None,
    double: bool = False,
) -> Subject:
    """Opens a checkpoint as it was published.

    model: a folder, a file that Flair saved, ORG/NAME in the local Hugging Face cache (nothing is
    downloaded), or None for the small sentiment model of `pip install ascribo[model]`. labels:
    names of the outputs instead of the config's. tokenizer: a folder with another tokenizer.
    double: compute in float64, slower, to check numbers. Weights are mapped, not read.

    Raises NotFound, BadFile, BadCheckpoint, Unsupported of `ascribo.errors`.
    """
    for name, value in (("model", model), ("tokenizer", tokenizer)):
        if value is not None and not isinstance(value, (str, os.PathLike)):
            raise TypeError(f"[{name}] it is of type {type(value).__name__}; expected a path or name")
    if isinstance(labels, str):
        labels = labels.split(",")
    other = "" if tokenizer is None else checkpoint_folder(tokenizer)
    core = _core.Subject.open(checkpoint_folder(model), list(labels), other, double)
    return Subject(core, (model, tuple(labels), tokenizer, double))


def reload(
    model: Optional[PathLike], labels: Sequence[str], tokenizer: Optional[PathLike], double: bool
) -> Subject:
    """What a pickle calls."""
    return load(model, labels=labels, tokenizer=tokenizer, double=double)


def _weight(name: str, tensor: Any) -> Any:
    """A tensor of torch as an array over the same memory; bfloat16 as the uint16 of its bits."""
    tensor = tensor.detach().cpu().contiguous()
    if str(tensor.dtype) == "torch.bfloat16":
        import torch

        return tensor.view(torch.int16).numpy().view("uint16")
    return tensor.numpy()


def from_transformers(
    model: Any, tokenizer: Any = None, *, labels: Sequence[str] = (), double: bool = False
) -> Subject:
    """Explains a model of transformers that is in memory, without writing its weights to disk.

    The weights are used where they lie (those on a GPU are copied), so they must stay as they are:
    after training on, call this again. Raises UnknownName with the architectures there are when the
    model's is none of them.
    """
    import tempfile

    if not hasattr(model, "state_dict") or not hasattr(model, "config"):
        raise TypeError(
            f"[from_transformers] a {type(model).__name__} was given; "
            "expected a model of transformers"
        )
    weights = [
        (name, _weight(name, tensor))
        for name, tensor in model.state_dict().items()
        if tensor.is_floating_point()
    ]
    # Chat templates and what is said of generating are read when they are needed.
    held = tempfile.TemporaryDirectory(prefix="ascribo-")
    config = model.config
    if not getattr(config, "architectures", None):
        config = type(config).from_dict(config.to_dict())
        config.architectures = [type(model).__name__]
    config.save_pretrained(held.name)
    generation = getattr(model, "generation_config", None)
    if generation is not None:
        generation.save_pretrained(held.name)
    if tokenizer is not None:
        tokenizer.save_pretrained(held.name)
    core = _core.Subject.open_with_weights(held.name, list(labels), double, weights)
    return Subject(core, (), held)
