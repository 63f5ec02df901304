# SPDX-License-Identifier: MIT
"""What the tests share: folders, the program, models that are opened once."""

import os
import pathlib
import signal

import ascribo
import pytest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
GOLDEN = SOURCE / "tests" / "golden"


@pytest.fixture(scope="session")
def golden():
    return GOLDEN


@pytest.fixture(scope="session")
def program():
    found = os.environ.get("ASCRIBO_PROGRAM") or str(
        pathlib.Path(ascribo.__file__).parent / "bin" / "ascribo"
    )
    if not os.path.exists(found):
        pytest.skip("the program is not built")
    return found


@pytest.fixture(scope="session")
def model():
    """The model that ships."""
    with ascribo.load(SOURCE / "models" / "sst2-minilm") as subject:
        yield subject


@pytest.fixture(scope="session")
def bert():
    """A tiny random classifier with three labels."""
    with ascribo.load(GOLDEN / "bert-cls") as subject:
        yield subject


@pytest.fixture(scope="session")
def writer():
    """A tiny random language model."""
    with ascribo.load(GOLDEN / "gpt2-lm") as subject:
        yield subject


@pytest.fixture
def interrupts():
    """Ctrl-C is heard, also where a shell began the tests in the background, and so ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
