# SPDX-License-Identifier: MIT
"""The small sentiment model that Ascribo ships."""

import pathlib


def folder() -> pathlib.Path:
    """The folder that holds models by name."""
    return pathlib.Path(__file__).parent / "models"
