# SPDX-License-Identifier: MIT
"""Keyword arguments as the engine's options, which are texts."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Union

Option = Union[bool, int, float, str, "os.PathLike[str]", Iterable[Union[int, float, str]], None]

_SEPARATOR = "\n"


def option_text(name: str, value: object) -> str:
    """A value as it would be typed: yes, 50, 0.5, word; the entries of a list one by one."""
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if hasattr(value, "item") and getattr(value, "ndim", 0) == 0:
        return option_text(name, value.item())  # a number of NumPy's
    items = value.tolist() if hasattr(value, "tolist") else value
    if isinstance(items, (list, tuple)):
        return _SEPARATOR.join(option_text(name, item) for item in items)
    raise TypeError(
        f"[{name}] it is of type {type(value).__name__}; "
        "expected a str, a number, a bool or a list of them"
    )


def option_texts(options: Mapping[str, object]) -> dict[str, str]:
    """Options by name; None stands for one that is not given."""
    return {
        name: option_text(name, value) for name, value in options.items() if value is not None
    }


def joined_methods(method: object) -> str:
    """`"lime"` or `["lime", "kernel_shap"]`, as the engine takes it."""
    if isinstance(method, str):
        return method
    if isinstance(method, (list, tuple)) and method and all(isinstance(m, str) for m in method):
        return ",".join(method)
    raise TypeError(
        f"[method] it is of type {type(method).__name__}; expected a name or a list of names"
    )
