# SPDX-License-Identifier: MIT
"""What is explained: labels and numbers of outputs."""

from __future__ import annotations

from collections.abc import Sequence

from . import _core

def _is_whole(value: object) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int):
        return True
    return type(value).__module__ == "numpy" and getattr(value, "dtype", None) is not None and (
        value.dtype.kind in "iu" and value.ndim == 0  # type: ignore[attr-defined]
    )


class Targets:
    """The targets of one text, or of all."""

    def __init__(self) -> None:
        self.names: list[str] = []

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
        else:
            raise TypeError(
                f"[target] it is of type {type(target).__name__}; expected a label or the number of "
                "an output"
            )


def read_targets(target: object) -> Targets:
    """One target, or several in a list or tuple."""
    targets = Targets()
    for each in target if isinstance(target, (list, tuple)) else [target]:
        targets.add(each)
    if not targets.names:
        _core.fail("invalid_argument", "target", "the list is empty", "expected at least one")
    return targets


def give_own(inputs: Sequence[_core.Input], target: object, first: int, total: int) -> bool:
    """Gives every input its own of a list of targets. False when it is none: the same for all."""
    if not isinstance(target, list):
        return False
    if len(target) != total:
        _core.fail(
            "invalid_argument",
            "target",
            f"{len(target)} were given for {total} texts",
            "expected one for each text",
            "a tuple gives every text the same targets",
        )
    for input, own in zip(inputs, target[first : first + len(inputs)]):
        targets = read_targets(own)
        input.targets = targets.names
    return True
