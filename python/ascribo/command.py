# SPDX-License-Identifier: MIT
"""The command line that comes with the package: finds the program and becomes it."""

from __future__ import annotations

import os
import sys

from . import _core


def program() -> str:
    """The program's file: the package's own, or what ASCRIBO_PROGRAM names. Errors: not_found."""
    here = os.path.dirname(os.path.abspath(__file__))
    own = os.path.join(here, "bin", "ascribo")
    found = own if os.path.exists(own) else os.environ.get("ASCRIBO_PROGRAM", own)
    if not os.path.exists(found):
        _core.fail(
            "not_found",
            "ascribo",
            f"there is no program at {found}",
            "expected the command line that comes with the package",
            "install the package whole, or name one with the variable ASCRIBO_PROGRAM",
        )
    return found


def environment() -> dict[str, str]:
    """This process's, with the models that are installed as a package of their own."""
    variables = dict(os.environ)
    if "ASCRIBO_MODELS" not in variables:
        try:
            import ascribo_model
        except ImportError:
            pass
        else:
            variables["ASCRIBO_MODELS"] = os.fspath(ascribo_model.folder())
    return variables


def main() -> None:
    """Runs `ascribo` with this process's arguments."""
    os.execve(program(), ["ascribo", *sys.argv[1:]], environment())


if __name__ == "__main__":
    main()
