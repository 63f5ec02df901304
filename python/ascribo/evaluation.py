# SPDX-License-Identifier: MIT
"""How far explanations can be trusted, and which of several methods to believe."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _core, _rendering
from ._inputs import Inputs
from ._options import option_text, option_texts
from ._progress import Progress, ProgressOption
from ._targets import give_own
from .explanation import Explanation, Explanations
from .subject import Subject, make_request

if TYPE_CHECKING:
    import pandas
    from typing_extensions import Unpack

    from ._option_types import ExplainOptions

DEFAULT_METRICS = ("insertion", "deletion", "comprehensiveness", "sufficiency")
DEFAULT_METHODS = ("integrated_gradients", "occlusion", "lime")

Metric = Union[str, "tuple[str, Mapping[str, Any]]"]


class Comparison:
    """Methods (and reversed, random and length-only rankings) by metrics, over texts."""

    def __init__(self, core: _core.Judged) -> None:
        self._core = core

    @property
    def texts(self) -> int:
        """How many texts were judged."""
        return self._core.texts

    @property
    def skipped(self) -> list[tuple[int, str]]:
        """Texts that could not be used: numbers from 0, and why."""
        return [(number, why) for number, why in self._core.skipped]

    @property
    def explanations(self) -> Explanations:
        """What was judged."""
        return Explanations(Explanation(each) for each in self._core.explanations())

    def to_dict(self) -> dict[str, Any]:
        """Everything, schema ascribo.comparison/1."""
        found: dict[str, Any] = json.loads(self._core.to_json())
        return found

    def to_frame(self) -> "pandas.DataFrame":
        """A row for each method or ranking and metric: mean, standard_error, low, high, ..."""
        import io

        pandas = _rendering.need("pandas", "to_frame")
        return pandas.read_csv(io.StringIO(self._core.to_csv()))

    def per_text(self) -> "pandas.DataFrame":
        """A row for each text, method, metric and ranking, with the targets' curves."""
        pandas = _rendering.need("pandas", "per_text")
        return pandas.DataFrame(self._core.rows())

    def rows(self) -> list[dict[str, Any]]:
        """The same as dictionaries."""
        return self._core.rows()

    def to_text(self, width: int = 100) -> str:
        """The table, as a terminal shows it."""
        return self._core.to_text(width)

    def to_csv(self) -> str:
        """A line for each row and metric."""
        return self._core.to_csv()

    def to_latex(self) -> str:
        """A tabular to \\input."""
        return self._core.to_latex()

    def to_html(self) -> str:
        """A page with curves and example texts side by side."""
        return self._core.to_html()

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes .json, .csv, .tex, .html or .txt."""
        name = os.fspath(path)
        forms = {
            ".json": self._core.to_json,
            ".csv": self._core.to_csv,
            ".tex": self._core.to_latex,
            ".html": self._core.to_html,
            ".txt": self.to_text,
        }
        suffix = os.path.splitext(name)[1].lower()
        if suffix not in forms:
            _core.fail(
                "invalid_argument",
                "save",
                f'the file is "{name}"',
                "expected a name that ends with " + ", ".join(forms),
            )
        _core.write_file(name, forms[suffix]())

    def _repr_html_(self) -> str:
        page = html.escape(self._core.to_html(), quote=True)
        return f'<iframe srcdoc="{page}" width="100%" height="520" style="border:0"></iframe>'

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Comparison of {self.texts} texts>"


def _metric_text(metric: Metric) -> str:
    """`comprehensiveness`, or that with options: NAME:OPTION=VALUE."""
    if isinstance(metric, str):
        return metric
    name, options = metric
    return ":".join([name] + [f"{key}={option_text(key, value)}" for key, value in options.items()])


def _metric_texts(metrics: Union[Metric, Iterable[Metric]]) -> list[str]:
    if isinstance(metrics, str):
        return metrics.split(",")
    found = [_metric_text(each) for each in metrics]  # type: ignore[arg-type]
    if not found:
        _core.fail("invalid_argument", "metric", "none is given", "expected at least one")
    return found


def _column(frame: Any, name: Optional[str], names: Sequence[str], what: str) -> Optional[list[Any]]:
    """A column of a pandas frame or datasets.Dataset, by name or by the usual ones."""
    columns = column_names(frame)
    if name is not None and name not in columns:
        _core.fail(
            "unknown_name",
            what,
            f'there is no column "{name}"',
            "expected " + ", ".join(map(str, columns)),
        )
    found = name or next((each for each in names if each in columns), None)
    return None if found is None else list(frame[found])


def column_names(frame: Any) -> list[str]:
    return list(frame.column_names if hasattr(frame, "column_names") else frame.columns)


def is_frame(data: Any) -> bool:
    """Whether it is a pandas frame or a datasets.Dataset."""
    return hasattr(data, "column_names") or (hasattr(data, "columns") and hasattr(data, "iloc"))


def read_data(
    data: Any,
    text_column: Optional[str] = None,
    pair_column: Optional[str] = None,
    label_column: Optional[str] = None,
    id_column: Optional[str] = None,
) -> list[_core.Input]:
    """Rows of a pandas frame or a datasets.Dataset, or texts of a list, as inputs."""
    if not is_frame(data):
        given = Inputs(data)
        if given.stream is not None:
            return [each for _, chunk in given.chunks() for each in chunk]
        return given.items
    columns = column_names(data)
    if not columns:
        _core.fail("bad_file", "data", "it has no columns", "expected texts")
    texts = _column(data, text_column, ("text", "sentence"), "text_column")
    if texts is None:
        if len(columns) != 1:
            _core.fail(
                "invalid_argument",
                "text_column",
                "it is not given, and no column is called text or sentence",
                "expected one of " + ", ".join(map(str, columns)),
            )
        texts = list(data[columns[0]])
    pairs = _column(data, pair_column, ("pair", "sentence2"), "pair_column")
    labels = _column(data, label_column, ("label",), "label_column")
    ids = _column(data, id_column, ("id",), "id_column")
    found = []
    for number, text in enumerate(texts):
        if not isinstance(text, str):
            raise TypeError(
                f"[data] text {number + 1} is of type {type(text).__name__}; expected str"
            )
        found.append(
            _core.Input(
                text,
                pair=None if pairs is None else pairs[number],
                label=None if labels is None else str(labels[number]),
                id=None if ids is None else str(ids[number]),
            )
        )
    return found


def compare(
    subject: Subject,
    data: Any,
    methods: Union[str, Sequence[str]] = DEFAULT_METHODS,
    metrics: Union[Metric, Iterable[Metric]] = DEFAULT_METRICS,
    target: Any = "predicted",
    *,
    text_column: Optional[str] = None,
    pair_column: Optional[str] = None,
    label_column: Optional[str] = None,
    id_column: Optional[str] = None,
    journal: Optional[Union[str, "os.PathLike[str]"]] = None,
    resume: bool = False,
    examples: int = 5,
    progress: ProgressOption = None,
    skip_errors: bool = True,
    **options: "Unpack[ExplainOptions]",
) -> Comparison:
    """Judges methods by metrics over texts: means with intervals, and paired tests between methods.

    data: texts, or a pandas frame or datasets.Dataset with the columns named. metrics: names, or
    (name, {option: value}). journal, resume: keep every text's numbers in a file, and go on with a
    run that was stopped. options: as in `Subject.explain`.
    """
    inputs = read_data(data, text_column, pair_column, label_column, id_column)
    engine = subject._engine
    give_own(inputs, target, engine)
    request = make_request(engine, methods, target, False, options)
    settings = _core.ComparisonOptions(
        "data in memory", "" if journal is None else os.fspath(journal), resume, examples
    )
    with Progress(progress, len(inputs)) as bar:
        core = engine.judge(
            inputs, request, _metric_texts(metrics), settings, bar.report, skip_errors
        )
    return _judged(core)


def evaluate(
    subject: Subject,
    data: Any,
    method: str = "integrated_gradients",
    metrics: Union[Metric, Iterable[Metric]] = DEFAULT_METRICS,
    target: Any = "predicted",
    **more: Any,
) -> Comparison:
    """Judges one method by metrics, beside reversed, random and length-only rankings.

    data: as in `compare`; or explanations that were made before (then method and target are
    theirs). The rest is as in `compare`.
    """
    made = data if isinstance(data, (list, tuple)) else []
    if made and all(isinstance(each, Explanation) for each in made):
        return _evaluate_made(subject, list(made), metrics, **more)
    return compare(subject, data, method, metrics, target, **more)


def _evaluate_made(
    subject: Subject,
    explanations: list[Explanation],
    metrics: Union[Metric, Iterable[Metric]],
    progress: ProgressOption = None,
    skip_errors: bool = True,
    examples: int = 5,
    **options: "Unpack[ExplainOptions]",
) -> Comparison:
    settings = _core.ComparisonOptions("explanations in memory", "", False, examples)
    with Progress(progress, len(explanations)) as bar:
        core = subject._engine.judge_saved(
            [each._core for each in explanations],
            option_texts(options),
            _metric_texts(metrics),
            settings,
            bar.report,
            skip_errors,
        )
    return _judged(core)


def _judged(core: _core.Judged) -> Comparison:
    if core.texts == 0:
        skipped = core.skipped
        why = f": {skipped[0][1]}" if skipped else ""
        _core.fail(
            "bad_file",
            "compare",
            f"none of {len(skipped)} texts could be used{why}" if skipped else "there are no texts",
            "expected at least one text",
        )
    return Comparison(core)
