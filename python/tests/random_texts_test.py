# SPDX-License-Identifier: MIT
"""Any text and any option: an explanation that holds together, or an error that says why."""

import pickle

import ascribo
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

FEW = settings(max_examples=60, deadline=None, derandomize=True,
               suppress_health_check=[HealthCheck.function_scoped_fixture])
UNITS = ["all_tokens", "token", "word", "text_word", "clause", "sentence"]


def explained(model, text, **options):
    """The explanation, or None for what is refused in words."""
    try:
        return model.explain(text, **options)
    except ascribo.Error as error:
        assert str(error).startswith("[")
        return None


@FEW
@given(text=st.text(max_size=60), unit=st.sampled_from(UNITS))
def test_units_show_the_text_as_written(bert, text, unit):
    found = explained(bert, text, method="saliency", unit=unit)
    if found is None:
        return
    assert found.text == text
    for each in found.units:
        if each.end > each.start:
            assert text[each.start : each.end] == each.text
    assert found.scores.shape == (1, len(found.units))
    assert np.isfinite(found.scores).all()


@FEW
@given(text=st.text(max_size=40))
def test_tokens_have_their_offsets(bert, text):
    try:
        encoding = bert.tokenize(text)
    except ascribo.errors.BadText:
        return
    assert all(0 <= start <= end <= len(text) for start, end in encoding.offsets)


@FEW
@given(texts=st.lists(st.text(min_size=1, max_size=20), max_size=5))
def test_a_text_does_not_depend_on_its_neighbours(bert, texts):
    together = bert.explain(texts, "input_x_gradient", skip_errors=True)
    for text, found in zip(texts, together):
        alone = explained(bert, text, method="input_x_gradient")
        assert (alone is None) == isinstance(found, ascribo.Error)
        assert alone is None or alone == found


@FEW
@given(text=st.text(max_size=30), steps=st.integers(-2, 12), special=st.text(max_size=8),
       seed=st.integers(-1, 2**64))
def test_any_option(bert, text, steps, special, seed):
    found = explained(bert, text, steps=steps, special=special, seed=seed)
    if found is not None:
        assert steps >= 1 and pickle.loads(pickle.dumps(found)) == found


@FEW
@given(ids=st.lists(st.integers(-5, 2**40), max_size=12))
def test_any_ids(bert, ids):
    explained(bert, ids if ids else [[]], method="saliency") if ids else None
