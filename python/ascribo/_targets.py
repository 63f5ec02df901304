# SPDX-License-Identifier: MIT
"""What is explained: labels, numbers of outputs, weights over logits, functions of logits."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from . import _core


def _is_whole(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return True
    return type(value).__module__ == "numpy" and getattr(value, "dtype", None) is not None and (
        value.dtype.kind in "iu" and value.ndim == 0  # type: ignore[attr-defined]
    )


def _is_weights(value: object) -> bool:
    """A one-dimensional array or tensor of floats: a weight for every output."""
    return getattr(value, "ndim", 0) == 1 and "float" in str(getattr(value, "dtype", ""))


def _sum(weights: Any, outputs: int) -> str:
    """The weights as a sum of outputs: 1.0*#0-0.5*#3."""
    numbers = [float(each) for each in weights]
    if len(numbers) != outputs:
        _core.fail(
            "invalid_argument",
            "target",
            f"{len(numbers)} weights were given",
            f"expected one for each of the model's {outputs} outputs",
        )
    if not all(map(math.isfinite, numbers)):
        _core.fail(
            "invalid_argument", "target", "a weight is not finite", "expected finite numbers"
        )
    terms = [f"{each:+.17g}*#{i}" for i, each in enumerate(numbers) if each != 0]
    return "".join(terms or ["0*#0"]).removeprefix("+")


class Targets:
    """The targets of one text, or of all."""

    def __init__(self, engine: _core.Subject) -> None:
        self.names: list[str] = []
        self.functions: list[_core.LogitFunction] = []
        self._engine = engine

    def add(self, target: object) -> None:
        """Adds one target; raises TypeError for what is none."""
        if isinstance(target, str):
            self.names.append(target)
        elif _is_whole(target):
            number = int(target)  # type: ignore[call-overload]
            if number < 0:
                _core.fail(
                    "invalid_argument", "target", f"it is {number}", "expected an output from 0 on"
                )
            self.names.append(f"#{number}")
        elif _is_weights(target):
            self.names.append(_sum(target, self._engine.info.outputs))
        elif isinstance(target, _core.LogitFunction):
            self.functions.append(target)
        elif callable(target):
            self.functions.append(function_of(target))
        else:
            raise TypeError(
                f"[target] it is of type {type(target).__name__}; expected a label, the number of "
                "an output, a float array of weights over logits, or a function of logits"
            )


def function_of(
    function: Callable[..., Any], of: str = "predicted", name: str = ""
) -> _core.LogitFunction:
    """A target that is a function of logits: of those of the target `of`, such as `"token:3"`.

    function: takes the logits `[outputs]` in float64 and returns (value, gradient), the gradient
    with a number for each; with methods that need no gradients the value alone will do. It may be
    called by several threads, one at a time. name: of the target, by default the function's.
    """
    if not callable(function):
        raise TypeError(
            f"[target] it is of type {type(function).__name__}; expected a function of logits"
        )
    own = name or getattr(function, "__name__", type(function).__name__)
    return _core.logit_function(function, own, of)


def read_targets(target: object, engine: _core.Subject) -> Targets:
    """One target, or several in a list or tuple."""
    targets = Targets(engine)
    for each in target if isinstance(target, (list, tuple)) else [target]:
        targets.add(each)
    if not targets.names and not targets.functions:
        _core.fail("invalid_argument", "target", "the list is empty", "expected at least one")
    return targets


def has_weights(target: object) -> bool:
    """Whether there are weights over logits among targets, or lists of them."""
    if isinstance(target, (list, tuple)):
        return any(map(has_weights, target))
    return _is_weights(target)


def give_own(inputs: Sequence[_core.Input], target: object, engine: _core.Subject) -> bool:
    """Gives every input its own of a list of targets. False when it is none: the same for all."""
    if not isinstance(target, list):
        return False
    total = len(inputs)
    if len(target) != total:
        _core.fail(
            "invalid_argument",
            "target",
            f"{len(target)} were given for {total} texts",
            "expected one for each text",
            "a tuple gives every text the same targets",
        )
    for input, own in zip(inputs, target):
        targets = read_targets(own, engine)
        input.targets = targets.names
        input.functions = targets.functions
    return True
