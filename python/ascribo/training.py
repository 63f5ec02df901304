# SPDX-License-Identifier: MIT
"""Fine-tuning: from a checkpoint and labelled texts to a folder that `load` opens."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterable, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _core, _rendering
from ._options import option_texts
from ._progress import Progress, ProgressOption
from .evaluation import column_names, is_frame
from .explanation import save_explanations
from .loading import checkpoint_folder, load
from .subject import Subject

if TYPE_CHECKING:
    import pandas
    from typing_extensions import Unpack

    from ._option_types import TrainingOptions

Path = Union[str, "os.PathLike[str]"]


class Training:
    """What came of fine-tuning."""

    def __init__(self, core: _core.FineTuned, notes: list[str]) -> None:
        self.folder = os.fspath(core.folder)
        """The checkpoint, in the Hugging Face layout."""
        self.steps = core.step
        """How many there were."""
        self.metric = core.metric
        """What the best model is best at; empty where nothing was evaluated."""
        self.best = core.best
        self.best_step = core.best_step
        self.notes = notes
        """What a reader should know: new heads, texts that were cut, ..."""

    @property
    def summary(self) -> str:
        """Steps and the best evaluation, in a sentence."""
        text = f"{self.folder}: {self.steps} steps"
        if not self.metric:
            return text
        return f"{text}, best {self.metric} {self.best:.4g} at step {self.best_step}"

    @property
    def log(self) -> list[dict[str, Any]]:
        """A dictionary for every step (loss, learning_rate, ...) and every evaluation."""
        with open(os.path.join(self.folder, "training_log.jsonl"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def to_frame(self) -> "pandas.DataFrame":
        """The log as a frame."""
        return _rendering.need("pandas", "to_frame").DataFrame(self.log)

    def load(self) -> Subject:
        """The new model."""
        return load(self.folder)

    def _repr_svg_(self) -> str:
        with open(os.path.join(self.folder, "training.svg"), encoding="utf-8") as picture:
            return picture.read()

    def __repr__(self) -> str:
        return f"<Training: {self.summary}>"


class _Listener:
    """Hears of notes, steps and evaluations."""

    def __init__(self, progress: ProgressOption) -> None:
        self.notes: list[str] = []
        self._progress = progress
        self._bar: Optional[Progress] = None
        self._loss = 0.0
        self._score = ""

    def note(self, text: str) -> None:
        self.notes.append(text)

    def step(self, step: int, steps: int, loss: float) -> None:
        # What single steps lose goes up and down too much to be read.
        self._loss = loss if step <= 1 or not self._loss else 0.95 * self._loss + 0.05 * loss
        if self._bar is None:
            self._bar = Progress(self._progress, steps, unit="step")
        self._bar.describe(f"loss {self._loss:.4g}{self._score}")
        self._bar.at(step, steps)

    def evaluated(
        self, step: int, loss: float, scores: list[tuple[str, float]], best: bool
    ) -> None:
        if scores:
            self._score = ", {} {:.4g}".format(*scores[0])

    def __enter__(self) -> "_Listener":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._bar is not None:
            self._bar.__exit__(kind, error, trace)


class _Explaining(_Listener):
    """The same with explanations of some texts on the way."""

    def __init__(self, progress: ProgressOption, texts: Any, method: str, learn: str) -> None:
        super().__init__(progress)
        self._texts = list(texts)
        self._method = method
        self._target = "all" if learn == "label" else "predicted"

    def checkpoint(self, model: Path, kept: Path, step: int) -> None:
        folder = os.path.join(kept, "explanations")
        os.makedirs(folder, exist_ok=True)
        with load(model) as subject:
            found = subject.explain(self._texts, self._method, self._target, progress=False)
        save_explanations(found, os.path.join(folder, f"step-{step:06}.jsonl"))


def train(
    model: Path,
    data: Any,
    dev: Any = None,
    *,
    output: Path,
    task: Optional[str] = None,
    text_column: Optional[str] = None,
    pair_column: Optional[str] = None,
    label_column: Optional[str] = None,
    explain: Optional[Iterable[Any]] = None,
    explain_method: str = "integrated_gradients",
    progress: ProgressOption = None,
    **options: "Unpack[TrainingOptions]",
) -> Training:
    """Fine-tunes a checkpoint on labelled texts and writes the new one to `output`.

    model: a folder or name, as `load` takes it. data, dev: a tsv, csv or jsonl file, a pandas
    frame, a datasets.Dataset, or rows (dictionaries with text, label and perhaps pair). Labels of a
    datasets.ClassLabel have its names. task: one of GLUE (sst2, cola, mrpc, stsb, qqp, mnli, qnli,
    rte, wnli); data is then the folder with its train.tsv and dev.tsv, and nothing else is said of
    rows. explain: texts to be explained before the first step and
    after every evaluation, in explanations/ of the output. progress: as in `Subject.explain`, but
    counts steps. options: those of `ascribo train`, by name: learn, labels, epochs, batch,
    learning_rate, schedule, seed, precision, overwrite=True, ...: `ascribo.training_options`.

    Raises the classes of `ascribo.errors`. What stops it, Ctrl-C or an exception in `progress`, is
    raised when everything is saved; the same call with resume=True goes on.
    """
    texts = _training_texts(options)
    if explain is None:
        listener = _Listener(progress)
    else:
        learn = texts.get("learn", "label")
        listener = _Explaining(progress, explain, explain_method, learn)
    columns = [text_column, pair_column, label_column]
    if task is not None:
        _check_task(task, data, [dev, *columns, options.get("learn")])
    with _RowFiles(output) as files, listener:
        core = _core.fine_tune(
            checkpoint_folder(model),
            files.file_of(data),
            "" if dev is None else files.file_of(dev),
            os.fspath(output),
            task,
            columns,
            texts,
            listener,
        )
    return Training(core, listener.notes)


def _check_task(task: object, data: object, others: list[object]) -> None:
    if not isinstance(task, str):
        raise TypeError(f"[task] it is of type {type(task).__name__}; expected a name")
    if not isinstance(data, (str, os.PathLike)):
        raise TypeError(
            f"[task] data is of type {type(data).__name__}; expected the folder of the task's files"
        )
    if any(each is not None for each in others):
        _core.fail(
            "invalid_argument",
            "task",
            "dev, a column or learn is given with it",
            "expected the folder alone",
        )


def _training_texts(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as the engine has them: labels one by one, and `no_dropout` of the command line."""
    given: dict[str, Any] = dict(options)
    if isinstance(given.get("labels"), str):
        given["labels"] = given["labels"].split(",")
    if given.pop("no_dropout", False):
        given["dropout"] = False
    return option_texts(given)


class _RowFiles:
    """Rows in files, as the engine reads them, until training is over. The names follow from what is
    in them, so that a run goes on with the rows that it began with, and refuses others."""

    def __init__(self, output: Path) -> None:
        self._output = os.path.abspath(os.fspath(output))
        self._made: set[str] = set()

    def __enter__(self) -> "_RowFiles":
        return self

    def __exit__(self, *error: object) -> None:
        for file in self._made:
            os.remove(file)

    def file_of(self, data: Any) -> str:
        """The file that is given, or one with the rows that are."""
        if isinstance(data, (str, os.PathLike)):
            return os.fspath(data)
        text = "".join(_lines(data))
        name = hashlib.sha256((self._output + text).encode("utf-8", "surrogatepass")).hexdigest()
        file = os.path.join(tempfile.gettempdir(), f"ascribo-{name[:32]}.jsonl")
        with open(
            file, "w", encoding="utf-8", errors="surrogatepass", opener=_open_private
        ) as lines:
            self._made.add(file)
            lines.write(text)
        return file


def _open_private(file: str, flags: int) -> int:
    return os.open(file, flags, 0o600)


def _lines(data: Any) -> Iterable[str]:
    """Rows as JSON lines."""
    rows = _rows_of_frame(data) if is_frame(data) else data
    if not isinstance(rows, Iterable):
        raise TypeError(
            f"[train] data is of type {type(data).__name__}; expected a file, a frame, a "
            "datasets.Dataset or rows"
        )
    for number, row in enumerate(rows):
        if not isinstance(row, dict):
            raise TypeError(
                f"[train] row {number + 1} is of type {type(row).__name__}; expected a dictionary"
                " with text and label"
            )
        yield json.dumps(row, ensure_ascii=False, default=_plain) + "\n"


def _rows_of_frame(data: Any) -> Iterable[dict[str, Any]]:
    names = column_names(data)
    columns = [_named_labels(data, name, list(data[name])) for name in names]
    return (dict(zip(map(str, names), row)) for row in zip(*columns))


def _named_labels(data: Any, name: str, values: list[Any]) -> list[Any]:
    """Numbers of a datasets.ClassLabel by their names; -1, which stands for none, as it is."""
    features = getattr(data, "features", None)
    kind = features.get(name) if features is not None else None
    names = getattr(kind, "names", None)
    if not names:
        return values
    return [names[each] if isinstance(each, int) and each >= 0 else each for each in values]


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise TypeError(f"[train] a value of type {type(value).__name__}; expected text or a number")
