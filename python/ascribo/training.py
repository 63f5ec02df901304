# SPDX-License-Identifier: MIT
"""Fine-tuning, by the program that comes with the package: a folder that `load` opens."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _core, _rendering
from .command import environment, program
from .evaluation import is_frame
from .loading import load
from .subject import Subject

if TYPE_CHECKING:
    import pandas

Path = Union[str, "os.PathLike[str]"]

_WRONG_INPUT = 2
_STOPPED = 130


class Training:
    """What came of fine-tuning."""

    def __init__(self, folder: Path, summary: str) -> None:
        self.folder = os.fspath(folder)
        """The checkpoint, in the Hugging Face layout."""
        self.summary = summary
        """Steps and the best evaluation, in a sentence."""

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


def train(
    model: Path,
    data: Any,
    dev: Any = None,
    *,
    output: Path,
    text_column: Optional[str] = None,
    pair_column: Optional[str] = None,
    label_column: Optional[str] = None,
    progress: bool = False,
    **options: Any,
) -> Training:
    """Fine-tunes a checkpoint on labelled texts and writes the new one to `output`.

    data, dev: a tsv, csv or jsonl file, a pandas frame, a datasets.Dataset, or rows (dictionaries
    with text, label and perhaps pair). options: the flags of `ascribo train`, by their names:
    learn, labels, epochs, batch, learning_rate, schedule, warmup, seed, precision, threads,
    overwrite=True, ... progress: lets the program's bar and notes through to standard error.

    Errors: those of the command line, as InvalidArgument for what is given and IoError for what
    fails while running; KeyboardInterrupt when stopped, after which resume=True goes on.
    """
    with tempfile.TemporaryDirectory() as folder:
        words = [program(), "train", "--model", os.fspath(model), "--output", os.fspath(output)]
        columns = {
            "text_column": text_column,
            "pair_column": pair_column,
            "label_column": label_column,
        }
        for flag, given in (("train", data), ("dev", dev)):
            if given is not None:
                file = os.path.join(folder, flag + ".jsonl")
                words += ["--" + flag, _rows_file(given, file)]
        for name, value in {**columns, **options}.items():
            words += _flag(name, value)
        return Training(output, _run(words, progress))


def _rows_file(data: Any, file: str) -> str:
    """The file that is given, or one with the rows that are."""
    if isinstance(data, (str, os.PathLike)):
        return os.fspath(data)
    if is_frame(data):
        names = list(data.column_names if hasattr(data, "column_names") else data.columns)
        rows = [dict(zip(names, row)) for row in zip(*(list(data[name]) for name in names))]
    else:
        rows = list(data)
    with open(file, "w", encoding="utf-8") as lines:
        for number, row in enumerate(rows):
            if not isinstance(row, dict):
                raise TypeError(
                    f"[train] row {number + 1} is of type {type(row).__name__}; expected a dictionary"
                    " with text and label"
                )
            lines.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
    return file


def _plain(value: Any) -> Any:
    """NumPy's numbers as Python's."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"[train] a value of type {type(value).__name__}; expected text or a number")


def _flag(name: str, value: Any) -> list[str]:
    if value is None or value is False:
        return []
    flag = "--" + name.replace("_", "-")
    if value is True:
        return [flag]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if name == "labels":
            return [flag, ",".join(map(str, value))]
        return [word for each in value for word in (flag, str(each))]
    return [flag, str(value)]


def _run(words: list[str], progress: bool) -> str:
    child = subprocess.Popen(
        words, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    told: list[str] = []
    assert child.stderr is not None and child.stdout is not None
    try:
        for line in child.stderr:
            told.append(line.rstrip("\n"))
            if progress:
                sys.stderr.write(line)
        summary = child.stdout.read().strip()
        code = child.wait()
    except KeyboardInterrupt:
        child.wait()  # the program got the signal, too, and saves what it has
        raise
    finally:
        child.stdout.close()
        child.stderr.close()
    if code == 0:
        return summary
    if code == _STOPPED:
        raise KeyboardInterrupt
    _fail("invalid_argument" if code == _WRONG_INPUT else "io", told[-1] if told else "")
    return ""


def _fail(code: str, line: str) -> None:
    """Raises what the program said: `ascribo: [where] given; expected. Hint: hint`."""
    found = re.match(r"(?:ascribo: )?(?:\[([^]]*)\] )?(.*?); (.*?)(?:\. Hint: (.*))?$", line)
    if found is None:
        _core.fail("internal", "train", line or "it ended without a word", "expected a model")
        return
    where, given, expected, hint = found.groups()
    _core.fail(code, where or "train", given, expected.rstrip("."), hint or "")
