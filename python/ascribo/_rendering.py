# SPDX-License-Identifier: MIT
"""Explanations as frames, files, cells of a notebook, and objects of other libraries."""

from __future__ import annotations

import html
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Union

from . import _core

if TYPE_CHECKING:
    import pandas

    from .explanation import Explanation

_FORMS = {
    ".json": "json",
    ".jsonl": "json",
    ".html": "html",
    ".svg": "svg",
    ".tex": "latex",
    ".csv": "csv",
    ".txt": "terminal",
}
_FRAME_HEIGHT = 420


def need(module: str, what: str) -> Any:
    """A library that is only needed here, or how to get it."""
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError:
        package = module.partition(".")[0]
        raise ImportError(
            f"[{what}] {package} is not installed; expected it for {what}. "
            f"Hint: pip install {package}"
        ) from None


def frame(explanations: Sequence["Explanation"]) -> "pandas.DataFrame":
    """A row for each explanation, target and unit."""
    pandas = need("pandas", "to_frame")
    rows = []
    for number, explanation in enumerate(explanations):
        units, scores = explanation.units, explanation.scores
        errors = explanation.standard_error
        for t, attribution in enumerate(explanation.attributions):
            for u, unit in enumerate(units):
                row = {
                    "number": number,
                    "id": explanation.id,
                    "method": explanation.method,
                    "target": attribution.target,
                    "position": attribution.position,
                    "unit": unit.text,
                    "side": unit.side,
                    "start": unit.start,
                    "end": unit.end,
                    "score": float(scores[t, u]),
                }
                if errors is not None:
                    row["standard_error"] = float(errors[t, u])
                rows.append(row)
    return pandas.DataFrame(rows)


def save(explanations: Sequence["Explanation"], path: Union[str, "os.PathLike[str]"]) -> None:
    """Writes a file that appears whole or not at all; its suffix says the form."""
    name = os.fspath(path)
    suffix = os.path.splitext(name)[1].lower()
    if suffix not in _FORMS:
        _core.fail(
            "invalid_argument",
            "save",
            f'the file is "{name}"',
            "expected a name that ends with " + ", ".join(_FORMS),
        )
    cores = [each._core for each in explanations]
    _core.write_file(name, _core.render(_FORMS[suffix], cores))


def notebook_html(explanations: Sequence["Explanation"]) -> str:
    """The page in a frame of its own, so that its styles and scripts stay inside."""
    page = _core.render("html", [each._core for each in explanations])
    return (
        f'<iframe srcdoc="{html.escape(page, quote=True)}" width="100%" '
        f'height="{_FRAME_HEIGHT}" style="border:0"></iframe>'
    )


def short_repr(explanation: "Explanation") -> str:
    """The prediction, and the units with the largest scores of the first target."""
    text = explanation.text if len(explanation.text) <= 40 else explanation.text[:39] + "…"
    pairs = zip((unit.text for unit in explanation.units), explanation.scores[0].tolist())
    known = [(name, score) for name, score in pairs if score == score]
    known.sort(key=lambda pair: -abs(pair[1]))
    shown = ", ".join(f"{name} {score:+.3g}" for name, score in known[:3])
    more = ", ..." if len(known) > 3 else ""
    return (
        f"<Explanation of {text!r}: {explanation.targets[0]} by {explanation.method}; "
        f"{shown}{more}>"
    )


def _with_gaps(explanation: "Explanation") -> list[str]:
    """The units with what stands between them, as shap's tokens have it: its plots join them."""
    sides = {"text": explanation.text, "pair": explanation.pair or "",
             "output": explanation.output.text if explanation.output else ""}
    units = explanation.units
    found = []
    for unit, following in zip(units, [*units[1:], None]):
        if following is None or following.side != unit.side:
            found.append(unit.text + ("" if following is None else " "))
            continue
        found.append(unit.text + sides[unit.side][unit.end : following.start])
    return found


def shap_explanation(explanation: "Explanation") -> Any:
    """values are `[units]` for one target, `[units, targets]` for several, as shap has them."""
    shap = need("shap", "to_shap")
    import numpy

    several = len(explanation.targets) > 1
    values = explanation.scores.T if several else explanation.scores[0]
    base = numpy.nan_to_num(explanation.baseline_value)
    found = shap.Explanation(
        values=numpy.array(values, dtype=float),
        base_values=base if several else float(base[0]),
        data=numpy.array(_with_gaps(explanation), dtype=object),
        feature_names=[unit.text for unit in explanation.units],
        output_names=explanation.targets if several else None,
    )
    if not several:
        found.output_names = explanation.targets[0]  # which the constructor takes for as many as its letters
    return found
