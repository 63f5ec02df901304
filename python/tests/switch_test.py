# SPDX-License-Identifier: MIT
"""The pages for people who switch: both blocks of code give the same scores."""

import importlib.util
import re

import numpy as np
import pytest
from conftest import SOURCE

LIBRARIES = ["captum", "inseq", "interpreto", "shap"]
TOLERANCE = 1e-4  # of the largest score: the others compute in single precision, too


def run(code, names):
    exec(compile(code, "page", "exec"), names)
    return np.asarray(names["scores"], dtype=float)


@pytest.mark.parametrize("library", LIBRARIES)
def test_both_blocks_give_the_same_scores(library, monkeypatch):
    for needed in (library, "torch", "transformers"):
        if importlib.util.find_spec(needed) is None:
            pytest.skip(f"{needed} is not installed")
    monkeypatch.chdir(SOURCE)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    page = (SOURCE / "docs" / "switch" / f"from_{library}.md").read_text(encoding="utf-8")
    theirs, ours = re.findall(r"^```python\n(.*?)^```", page, re.M | re.S)
    expected, found = run(theirs, {}), run(ours, {})
    assert found.shape == expected.shape
    assert (np.isnan(found) == np.isnan(expected)).all()
    scale = np.nanmax(np.abs(expected))
    assert np.nanmax(np.abs(found - expected)) < TOLERANCE * scale
