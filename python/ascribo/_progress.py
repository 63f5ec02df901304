# SPDX-License-Identifier: MIT
"""Progress of long work: tqdm's bar where it is installed, or a function of one's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any, Optional, Union

ProgressOption = Union[bool, Callable[[int, int], object], None]

_WORTH_A_BAR = 8


def _wants_bar(option: ProgressOption, total: int) -> bool:
    if option is not None:
        return bool(option)
    shown = "ipykernel" in sys.modules or (sys.stderr is not None and sys.stderr.isatty())
    return shown and (total < 0 or total >= _WORTH_A_BAR)


def _make_bar(total: int, unit: str) -> Any:
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=None if total < 0 else total, unit=unit, leave=False)


class Progress:
    """Use as a context: `report` is what the engine calls, or None when nobody looks.

    option: None shows a bar in a terminal or notebook for eight units or more; True always, where
    tqdm is installed; False never; a function is called with (done, total), total -1 if unknown.
    """

    def __init__(self, option: ProgressOption, total: int, unit: str = "text") -> None:
        self._function = option if callable(option) else None
        self._total = total
        self._bar: Any = None
        if self._function is None and _wants_bar(option, total):
            self._bar = _make_bar(total, unit)

    @property
    def report(self) -> Optional[Callable[[int, int], object]]:
        return None if self._bar is None and self._function is None else self.at

    def at(self, done: int, total: int = -1) -> None:
        """So many are finished."""
        if self._function is not None:
            self._function(done, self._total)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def describe(self, text: str) -> None:
        """What stands before the bar."""
        if self._bar is not None:
            self._bar.set_description(text, refresh=False)

    def __enter__(self) -> "Progress":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._bar is not None:
            if error is None and self._total >= 0:
                self.at(self._total)
            self._bar.close()
        elif self._function is not None and error is None and self._total >= 0:
            self.at(self._total)
