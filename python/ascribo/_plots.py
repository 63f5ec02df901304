# SPDX-License-Identifier: MIT
"""Pictures of explanations with matplotlib."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _core
from ._rendering import need

if TYPE_CHECKING:
    from .explanation import Explanation

_TOWARD, _AWAY = "#1a9850", "#d73027"


def _axes(ax: Any, width: float, height: float) -> Any:
    if ax is not None:
        return ax
    pyplot = need("matplotlib.pyplot", "plot")
    return pyplot.subplots(figsize=(width, height))[1]


def _names(explanation: "Explanation") -> list[str]:
    return [unit.text for unit in explanation.units]


def _bar(explanation: "Explanation", target: int, ax: Any) -> Any:
    scores = explanation.scores[target]
    names = _names(explanation)
    ax = _axes(ax, 6, 1 + 0.25 * len(names))
    errors = explanation.standard_error
    places = list(range(len(names)))
    ax.barh(
        places,
        scores,
        xerr=None if errors is None else errors[target],
        color=[_AWAY if score < 0 else _TOWARD for score in scores],
    )
    ax.set_yticks(places, names)
    ax.invert_yaxis()
    ax.axvline(0, color="black", linewidth=0.8)
    ax.set_xlabel(f"{explanation.score} of {explanation.targets[target]}")
    return ax


def _heatmap(explanation: "Explanation", target: int, ax: Any) -> Any:
    import numpy

    scores = explanation.scores
    names = _names(explanation)
    ax = _axes(ax, 2 + 0.45 * len(names), 1 + 0.35 * len(scores))
    known = numpy.abs(scores[~numpy.isnan(scores)])
    most = float(known.max()) if known.size else 1.0
    image = ax.imshow(scores, cmap="RdYlGn", vmin=-most, vmax=most, aspect="auto")
    ax.set_xticks(range(len(names)), names, rotation=60, ha="right")
    ax.set_yticks(range(len(scores)), explanation.targets)
    ax.figure.colorbar(image, ax=ax, label=explanation.score)
    return ax


def _convergence(explanation: "Explanation", target: int, ax: Any) -> Any:
    import numpy

    scores = numpy.nan_to_num(explanation.scores[target])
    order = numpy.argsort(-numpy.abs(scores))
    start = numpy.nan_to_num(explanation.baseline_value)[target]
    rest = numpy.nan_to_num(explanation.special)[target]
    sums = start + rest + numpy.concatenate([[0.0], numpy.cumsum(scores[order])])
    ax = _axes(ax, 6, 3)
    ax.plot(range(len(sums)), sums, marker=".")
    ax.axhline(explanation.value[target], color="black", linewidth=0.8, linestyle="--")
    ax.set_xlabel("units, largest score first")
    ax.set_ylabel(f"{explanation.score} of {explanation.targets[target]}")
    return ax


_KINDS = {"bar": _bar, "heatmap": _heatmap, "convergence": _convergence}


def plot(explanation: "Explanation", kind: str, target: int, ax: Any) -> Any:
    """See Explanation.plot."""
    if kind not in _KINDS:
        _core.fail(
            "unknown_name", "plot", f'kind is "{kind}"', "expected " + ", ".join(_KINDS)
        )
    if not 0 <= target < len(explanation.targets):
        _core.fail(
            "invalid_argument",
            "plot",
            f"target is {target}",
            f"expected 0 to {len(explanation.targets) - 1}",
        )
    return _KINDS[kind](explanation, target, ax)
