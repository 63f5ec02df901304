# SPDX-License-Identifier: MIT
"""The result of explaining one text: scores, and the evidence needed to trust them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional, SupportsIndex, Union

from . import _core, _rendering

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    import pandas

    Floats = numpy.typing.NDArray[numpy.float32]
    Doubles = numpy.typing.NDArray[numpy.float64]


class Explanation:
    """Scores of one text's units for one target or several.

    Two are equal when everything but `cost` is: the same seed gives the same bytes. They can be
    pickled and copied. Arrays belong to the explanation and cannot be written to.
    """

    __slots__ = ("_core", "_arrays")

    def __init__(self, core: _core.Explanation) -> None:
        self._core = core
        self._arrays: dict[str, Any] = {}

    def _array(self, name: str) -> Any:
        if name not in self._arrays:
            array = getattr(self._core, name)()
            if array is not None:
                array.flags.writeable = False
            self._arrays[name] = array
        return self._arrays[name]

    @property
    def scores(self) -> Floats:
        """`[targets, units]`, float32: how much each unit pushed toward the target. NaN where a
        target of a causal model cannot see the unit."""
        return self._array("scores")  # type: ignore[no-any-return]

    @property
    def standard_error(self) -> Optional[Floats]:
        """`[targets, units]` of sampled methods, else None."""
        return self._array("standard_error")  # type: ignore[no-any-return]

    @property
    def values(self) -> Optional[Floats]:
        """`[targets, tokens, dimensions]`, when they were asked for (`values=True`)."""
        return self._array("values")  # type: ignore[no-any-return]

    @property
    def value(self) -> Doubles:
        """`[targets]`: the score of the text."""
        return self._array("value")  # type: ignore[no-any-return]

    @property
    def baseline_value(self) -> Doubles:
        """`[targets]`: the score of the baseline; NaN where the method has none."""
        return self._array("baseline_value")  # type: ignore[no-any-return]

    @property
    def delta(self) -> Doubles:
        """`[targets]`: sum of scores minus (value - baseline_value); NaN where the method does not
        promise that they add up."""
        return self._array("delta")  # type: ignore[no-any-return]

    @property
    def special(self) -> Doubles:
        """`[targets]`: what special tokens, and all others that no unit holds, received together."""
        return self._array("special")  # type: ignore[no-any-return]

    @property
    def layers(self) -> dict[str, Floats]:
        """What a method found in every layer, by name; empty for methods that do not look."""
        return self._core.layers()

    @property
    def targets(self) -> list[str]:
        """What was explained: labels or words, in the order of the rows of `scores`."""
        return [each.target for each in self._core.attributions]

    @property
    def units(self) -> list[_core.Unit]:
        """What has a score: stretches of the text, in the order of the columns of `scores`."""
        return self._core.units

    @property
    def tokens(self) -> list[_core.Token]:
        """The tokens as the model saw them, special ones included."""
        return self._core.tokens

    @property
    def attributions(self) -> list[_core.Attribution]:
        """The targets one by one, with plain Python numbers."""
        return self._core.attributions

    @property
    def prediction(self) -> _core.Prediction:
        """What the model answers to the text."""
        return self._core.prediction

    @property
    def text(self) -> str:
        """The text as given."""
        return self._core.text

    @property
    def pair(self) -> Optional[str]:
        """The second text, if there was one."""
        return self._core.pair

    @property
    def id(self) -> Optional[str]:
        """The input's id, carried through."""
        return self._core.id

    @property
    def label(self) -> Optional[str]:
        """The input's true label, carried through."""
        return self._core.label

    @property
    def output(self) -> Optional[_core.Output]:
        """What a causal model wrote, if that was explained."""
        return self._core.output

    @property
    def method(self) -> str:
        """The method's name."""
        return self._core.method

    @property
    def options(self) -> dict[str, Union[bool, int, float, str]]:
        """The method's options in use."""
        return self._core.options()

    @property
    def baseline(self) -> Optional[_core.Baseline]:
        """What the text was compared with."""
        return self._core.baseline

    @property
    def score(self) -> str:
        """What number is explained: logit, probability, log_probability or cosine_similarity."""
        return self._core.score

    @property
    def unit(self) -> str:
        """What kind the units are: word, token, ..."""
        return self._core.unit

    @property
    def masks(self) -> Optional[list[str]]:
        """The masks of a sampled method, when they were asked for (`keep_masks=True`)."""
        return self._core.masks

    @property
    def seed(self) -> int:
        """The seed of everything random."""
        return self._core.seed

    @property
    def cost(self) -> _core.Cost:
        """Seconds and tokens that it took."""
        return self._core.cost

    @property
    def notes(self) -> list[str]:
        """Anything a reader of the scores should know."""
        return self._core.notes

    @property
    def model(self) -> dict[str, str]:
        """path, architecture and hash of the model."""
        core = self._core
        return {"path": core.model_path, "architecture": core.architecture, "hash": core.model_hash}

    def to_json(self) -> str:
        """One line, schema ascribo.explanation/1, as the command line writes it."""
        return _core.render("json", [self._core])

    def to_dict(self) -> dict[str, Any]:
        """The same as plain Python values."""
        found: dict[str, Any] = json.loads(self.to_json())
        return found

    @classmethod
    def from_json(cls, text: str) -> "Explanation":
        """Reads what `to_json` gave. Raises ascribo.errors.BadFile."""
        return cls(_core.parse_explanation(text, "explanation"))

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each target and unit: target, unit, start, end, score (and standard_error)."""
        return _rendering.frame([self])

    def to_html(self, title: str = "Ascribo") -> str:
        """A whole page, self-contained."""
        return _core.render("html", [self._core], title=title)

    def to_svg(self) -> str:
        """A picture of the coloured text."""
        return _core.render("svg", [self._core])

    def to_latex(self) -> str:
        """Coloured text and a table of scores, to \\input."""
        return _core.render("latex", [self._core])

    def to_text(self, color: bool = True, width: int = 80) -> str:
        """As a terminal shows it."""
        return _core.render("terminal", [self._core], color=color, width=width)

    def to_shap(self) -> Any:
        """A `shap.Explanation` of the first target, or of all as columns; shap's plots take it."""
        return _rendering.shap_explanation(self)

    def plot(self, kind: str = "bar", target: int = 0, ax: Any = None) -> Any:
        """Draws with matplotlib and returns its axes. kind: bar (units of one target), heatmap
        (targets by units) or convergence (scores added up, largest first, against the value)."""
        from . import _plots

        return _plots.plot(self, kind, target, ax)

    def normalized(self, how: str = "max") -> "Explanation":
        """A copy whose scores are scaled for display: none, l2, l1 or max per target."""
        if how not in ("none", "l2", "l1", "max"):
            _core.fail(
                "invalid_argument", "normalize", f'it is "{how}"', "expected none, l2, l1 or max"
            )
        return Explanation(self._core.shown_as(how, self._core.sort).normalized())

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes .json or .jsonl (read back by `load`), .html, .svg, .tex, .csv or .txt."""
        _rendering.save([self], path)

    @classmethod
    def load(cls, path: Union[str, "os.PathLike[str]"]) -> "Explanation":
        """Reads a file that holds one explanation. Raises ascribo.errors.NotFound, BadFile."""
        found = load_explanations(path)
        if len(found) != 1:
            _core.fail(
                "bad_file",
                os.fspath(path),
                f"it holds {len(found)} explanations",
                "expected one",
                "ascribo.load_explanations reads several",
            )
        only: Explanation = found[0]
        return only

    def _repr_html_(self) -> str:
        return _rendering.notebook_html([self])

    def __str__(self) -> str:
        return self.to_text(color=False).rstrip("\n")

    def __repr__(self) -> str:
        return _rendering.short_repr(self)

    def _raw_json(self) -> str:
        """Without what is done for display, which the JSON of the command line shows."""
        return _core.render("json", [self._core.shown_as("none", False)])

    def _content(self) -> str:
        found = json.loads(self._raw_json())
        del found["cost"]
        return json.dumps([found, self._core.normalize, self._core.sort], sort_keys=True)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Explanation):
            return NotImplemented
        return self is other or self._content() == other._content()

    def __hash__(self) -> int:
        return hash(self._content())

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (self._raw_json(), self._core.normalize, self._core.sort)


def _restore(text: str, normalize: str, sort: bool) -> Explanation:
    core = _core.parse_explanation(text, "explanation")
    return Explanation(core.shown_as(normalize, sort))


class Explanations(list["Explanation"]):
    """A list of explanations that can be shown, tabulated and saved together. Where errors were
    skipped, the place of a text holds its exception, which the methods here leave out."""

    @property
    def whole(self) -> list[Explanation]:
        """Those that are explanations."""
        return [each for each in self if isinstance(each, Explanation)]

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each text, target and unit; `number` counts texts from 0."""
        return _rendering.frame(self.whole)

    def to_html(self, title: str = "Ascribo") -> str:
        """One page of all."""
        return _core.render("html", [each._core for each in self.whole], title=title)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """As `Explanation.save`: one document of all."""
        _rendering.save(self.whole, path)

    def _repr_html_(self) -> str:
        return _rendering.notebook_html(self.whole)

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        return Explanations(found) if isinstance(at, slice) else found

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        return Explanations, (list(self),)


def load_explanations(path: Union[str, "os.PathLike[str]"]) -> Explanations:
    """Reads explanations that `save`, or the command line's --output or --json, wrote."""
    return Explanations(Explanation(core) for core in _core.open_explanations(os.fspath(path)))


def save_explanations(
    explanations: Iterable[Explanation], path: Union[str, "os.PathLike[str]"]
) -> None:
    """Writes several into one file, by its suffix as `Explanation.save`."""
    _rendering.save(list(explanations), path)
