# SPDX-License-Identifier: MIT
"""The examples of the documentation give what the pages say."""

import doctest
import os
import pathlib
import re

import pytest
from conftest import SOURCE

PAGES = [page for page in sorted((SOURCE / "docs").rglob("*.md"))
         if "```pycon" in page.read_text(encoding="utf-8")]
FLAGS = doctest.ELLIPSIS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_examples(page, monkeypatch):
    monkeypatch.setenv("ASCRIBO_MODELS", os.fspath(SOURCE / "models"))
    monkeypatch.chdir(SOURCE)
    blocks = re.findall(r"^```pycon\n(.*?)^```", pathlib.Path(page).read_text(encoding="utf-8"),
                        re.M | re.S)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.stem, str(page), 0)
    said = []
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    runner.run(test, out=said.append)
    assert runner.failures == 0, "".join(said)
