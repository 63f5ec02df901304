# SPDX-License-Identifier: MIT
"""The command line that comes with the package: finds the program and becomes it."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Runs `ascribo` with this process's arguments."""
    here = os.path.dirname(os.path.abspath(__file__))
    program = os.path.join(here, "bin", "ascribo")
    if "ASCRIBO_MODELS" not in os.environ:
        try:
            import ascribo_model
        except ImportError:
            pass
        else:
            os.environ["ASCRIBO_MODELS"] = os.fspath(ascribo_model.folder())
    os.execv(program, ["ascribo", *sys.argv[1:]])


if __name__ == "__main__":
    main()
