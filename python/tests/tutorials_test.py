# SPDX-License-Identifier: MIT
"""The notebooks run from top to bottom: with nbclient where it is installed, else cell by cell."""

import importlib.util
import json

import pytest
from conftest import SOURCE

NOTEBOOKS = sorted((SOURCE / "docs" / "tutorials").glob("*.ipynb"))


def with_kernel(path, folder):
    import nbclient
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": folder}}).execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    monkeypatch.setenv("ASCRIBO_MODELS", str(SOURCE / "models"))
    if all(importlib.util.find_spec(each) for each in ("nbclient", "nbformat", "ipykernel")):
        with_kernel(path, str(path.parent))
        return
    names = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), path.stem, "exec"), names)


def test_notebooks_are_committed_without_outputs():
    for path in NOTEBOOKS:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            assert not cell.get("outputs") and cell.get("execution_count") is None, path
