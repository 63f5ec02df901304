# SPDX-License-Identifier: MIT
"""The methods and metrics there are, with their options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import _core


@dataclass(frozen=True)
class OptionInfo:
    """An option: a keyword argument of the calls that take it."""

    name: str
    type: str  # flag, int, float, choice, text or list
    choices: tuple[str, ...]
    default: str
    help: str
    repeatable: bool


@dataclass(frozen=True)
class MethodInfo:
    """What a method declares about itself."""

    name: str
    family: str  # gradient, perturbation or decomposition
    summary: str
    formula: str
    paper: str
    cost: str
    completeness: bool  # scores and special add up to value - baseline_value
    signed: bool
    sampled: bool
    options: dict[str, OptionInfo]


@dataclass(frozen=True)
class MetricInfo:
    """What a metric declares about itself."""

    name: str
    summary: str
    formula: str
    paper: str
    direction: str  # higher, lower or neither is better
    range: str
    needs: str
    cost: str
    options: dict[str, OptionInfo]


def _options(described: list[dict[str, Any]]) -> dict[str, OptionInfo]:
    return {
        each["name"]: OptionInfo(**dict(each, choices=tuple(each["choices"])))
        for each in described
    }


def methods() -> dict[str, MethodInfo]:
    """Every method by name, with its own options (those of every method: `request_options`)."""
    return {
        each["name"]: MethodInfo(**dict(each, options=_options(each["options"])))
        for each in _core.methods()
    }


def metrics() -> dict[str, MetricInfo]:
    """Every metric by name, with its options."""
    return {
        each["name"]: MetricInfo(**dict(each, options=_options(each["options"])))
        for each in _core.metrics()
    }


def request_options() -> dict[str, OptionInfo]:
    """The options that every method shares."""
    return _options(_core.request_options())


def generation_options() -> dict[str, OptionInfo]:
    """The options of writing on."""
    return _options(_core.generation_options())


def training_options() -> dict[str, OptionInfo]:
    """The options of fine-tuning."""
    return _options(_core.training_options())
