# SPDX-License-Identifier: MIT
"""What goes wrong, as exceptions: one class for each code of docs/reference/errors.md."""

from __future__ import annotations


class Error(Exception):
    """Anything that Ascribo refuses: `[where] what was given; what was expected. Hint: what to do`."""

    code = "internal"


class InvalidArgument(Error, ValueError):
    """An option or argument has a value that cannot be used."""

    code = "invalid_argument"


class UnknownName(Error, LookupError, ValueError):
    """A method, label, option or architecture that nobody knows."""

    code = "unknown_name"


class NotFound(Error, FileNotFoundError):
    """A file or folder is not there."""

    code = "not_found"


class BadFile(Error, ValueError):
    """A file is there but does not follow its format."""

    code = "bad_file"


class BadCheckpoint(Error, ValueError):
    """The files are well formed but do not make up a model."""

    code = "bad_checkpoint"


class BadText(Error, ValueError):
    """A text that is empty or not valid Unicode."""

    code = "bad_text"


class TooLong(Error, ValueError):
    """A text longer than the model's positions."""

    code = "too_long"


class Unsupported(Error, NotImplementedError):
    """Understood, but not something this build or model can do."""

    code = "unsupported"


class IoError(Error, OSError):
    """Reading or writing failed while running."""

    code = "io"


class Cancelled(Error, RuntimeError):
    """The caller asked to stop."""

    code = "cancelled"


class InternalError(Error, RuntimeError):
    """A library underneath failed; never the user's doing."""

    code = "internal"


_CLASSES: dict[str, type[Error]] = {
    each.code: each
    for each in (
        InvalidArgument,
        UnknownName,
        NotFound,
        BadFile,
        BadCheckpoint,
        BadText,
        TooLong,
        Unsupported,
        IoError,
        Cancelled,
        InternalError,
    )
}


def of_code(code: str, message: str) -> Error:
    """The exception of a code."""
    return _CLASSES.get(code, InternalError)(message)
