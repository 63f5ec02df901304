# SPDX-License-Identifier: MIT
"""Checkpoints beside each other, and a published study on checkpoints and texts of one's own."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _core, _rendering
from ._progress import Progress, ProgressOption
from .evaluation import Comparison, read_data
from .explanation import Explanation, Explanations
from .subject import Subject, make_request

if TYPE_CHECKING:
    import pandas
    from typing_extensions import Unpack

    from ._option_types import ExplainOptions


class ModelAgreement:
    """How far checkpoints of one task are explained alike."""

    def __init__(self, found: dict[str, Any]) -> None:
        self._found = found

    @property
    def models(self) -> list[str]:
        """In the order they were given."""
        return list(self._found["models"])

    @property
    def texts(self) -> list[dict[str, Any]]:
        """For each text: targets, rank and overlap of each pair, and every unit's mean and deviation
        over the models."""
        return list(self._found["texts"])

    @property
    def spread(self) -> dict[str, float]:
        """Mean over texts of the units' deviations, with its interval."""
        return dict(self._found["spread"])

    def to_dict(self) -> dict[str, Any]:
        """Everything, as `ascribo compare-models --json` has it."""
        return dict(self._found, schema="ascribo.agreement/1")

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each pair of models: rank correlation and overlap, with errors and intervals."""
        pandas = _rendering.need("pandas", "to_frame")
        rows = []
        for pair in self._found["pairs"]:
            row = {"first": self.models[pair["first"]], "second": self.models[pair["second"]]}
            for name in ("rank", "overlap"):
                for key, value in pair[name].items():
                    row[name if key == "mean" else f"{name}_{key}"] = value
            rows.append(row)
        return pandas.DataFrame(rows)

    def __repr__(self) -> str:
        return f"<ModelAgreement of {len(self.models)} models over {len(self.texts)} texts>"


def compare_models(
    models: Sequence[Subject],
    data: Any,
    method: str = "alti",
    target: Any = "predicted",
    *,
    top: int = 5,
    text_column: Optional[str] = None,
    pair_column: Optional[str] = None,
    label_column: Optional[str] = None,
    progress: ProgressOption = None,
    skip_errors: bool = True,
    **options: "Unpack[ExplainOptions]",
) -> ModelAgreement:
    """Explains the same texts by several checkpoints of one task.

    Gives each pair's rank correlation and the share of the `top` strongest units that both have, and
    how far every unit's score spreads. data, target and options are as in `compare`. Raises
    InvalidArgument for fewer than two models and for tokenizers that cut the texts into other
    units: unit="text_word" does not depend on them.
    """
    engines = [each._engine for each in models]
    inputs = read_data(data, text_column, pair_column, label_column)
    if isinstance(target, list):
        raise TypeError("[target] a list is given; expected a target or a tuple of targets")
    if not engines:
        _core.fail("invalid_argument", "compare_models", "no model is given", "expected at least two")
    request = make_request(engines[0], method, target, False, options)
    with Progress(progress, len(inputs)) as bar:
        found = _core.compare_models(engines, inputs, request, top, bar.report, skip_errors)
    return ModelAgreement(found)


class Reproduction:
    """The ALTI authors' study of one checkpoint: nine methods as published and as they are meant."""

    def __init__(self, core: _core.AltiStudy, subject: Subject) -> None:
        self._core = core
        self._subject = subject

    @property
    def explanations(self) -> dict[tuple[str, str], Explanations]:
        """By recipe (published, corrected) and method."""
        return {
            (recipe, method): Explanations(Explanation(each) for each in found)
            for recipe, method, found in self._core.explanations()
        }

    @property
    def skipped(self) -> list[tuple[int, str]]:
        """Rows that could not be used: their lines, and why."""
        return list(self._core.skipped)

    def judge(
        self,
        fidelity: str = "comp",
        *,
        bins: bool = False,
        max_skip: int = 30,
        progress: ProgressOption = None,
        skip_errors: bool = True,
    ) -> Comparison:
        """A row for each method, a column for each recipe: what the model says as the tokens ranked
        highest go ("comp"), or as they are all that is left ("suff"); bins: 1, 5, 10, 20 and 50 % of
        them, else one by one, `max_skip` points at most."""
        with Progress(progress, -1) as bar:
            core = self._core.judge(
                self._subject._engine, fidelity, bins, max_skip, bar.report, skip_errors
            )
        return Comparison(core)

    def __repr__(self) -> str:
        found = self._core.explanations()
        return f"<Reproduction of {len(found)} rankings, {len(found[0][2])} texts>"


def reproduce(
    study: str,
    subject: Subject,
    data: Union[str, "os.PathLike[str]"],
    *,
    task: str = "sst2",
    samples: Optional[int] = None,
    seed: int = 10,
    max_len: int = 200,
    progress: ProgressOption = None,
    skip_errors: bool = True,
) -> Reproduction:
    """Repeats a published study: "alti" (Ferrando et al. 2022), as `ascribo reproduce alti` does.

    data: the file with the texts; task: sst2, imdb, yelp, rotten_tomatoes or sva. samples: so many
    texts, drawn by `seed`. Longer ones than max_len tokens are left out. Raises UnknownName for
    another study or task, NotFound, BadFile.
    """
    if study != "alti":
        _core.fail("unknown_name", "study", f'"{study}" was given', "expected alti")
    with Progress(progress, -1) as bar:
        core = _core.alti_study(
            subject._engine, task, os.fspath(data), samples, seed, max_len, bar.report, skip_errors
        )
    return Reproduction(core, subject)
