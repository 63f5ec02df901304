# SPDX-License-Identifier: MIT
"""Texts, pairs, token ids and whatever holds them, as inputs of the engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Optional, Union

from . import _core


def describe(value: object) -> str:
    """What was given, for an error."""
    text = type(value).__name__
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text += f" ({value})"
    return text


def _is_whole(value: object) -> bool:
    dtype = getattr(value, "dtype", None)
    if dtype is not None and getattr(value, "ndim", -1) == 0:
        return getattr(dtype, "kind", "") in "iu"
    return isinstance(value, int) and not isinstance(value, bool)


def _to_list(value: Any) -> Any:
    """Arrays of NumPy, tensors of torch and columns of pandas as plain lists."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return value.tolist() if hasattr(value, "tolist") else value


def _check_ids(ids: Iterable[object], what: str) -> list[int]:
    found = []
    for each in ids:
        if not _is_whole(each):
            raise TypeError(f"[input] {what} holds a {describe(each)}; expected token ids")
        number = int(each)  # type: ignore[call-overload]
        if number < 0:
            _core.fail(
                "invalid_argument", "input", f"{what} holds {number}", "expected ids from 0 on"
            )
        found.append(number)
    if not found:
        _core.fail("bad_text", "input", f"{what} is empty", "expected at least one token id")
    return found


def _row_of_batch(ids: Any, mask: Any, types: Any, what: str, **more: Any) -> _core.Input:
    for name, others in (("attention_mask", mask), ("type_ids", types)):
        if others is not None and len(others) != len(ids):
            _core.fail(
                "invalid_argument",
                "input",
                f"{len(others)} {name} were given for {len(ids)} input_ids",
                "expected one for each",
            )
    kept = [i for i in range(len(ids)) if mask is None or mask[i]]
    return _core.Input(
        input_ids=_check_ids([ids[i] for i in kept], what),
        type_ids=[] if types is None else _check_ids([types[i] for i in kept], "type_ids"),
        **more,
    )


_OF_IDS = ("id", "label", "continuation_ids", "target", "versus")
_OF_A_TEXT = ("text", "pair", "continuation", *_OF_IDS)


def _own_target(value: object) -> str:
    if _is_whole(value):
        return f"#{int(value)}"  # type: ignore[call-overload]
    if isinstance(value, str):
        return value
    raise TypeError(f"[input] a target is of type {describe(value)}; expected text or index")


def _fields(value: Mapping[str, Any], keys: tuple[str, ...]) -> dict[str, Any]:
    """What a row says, as in a jsonl file."""
    found = {key: _to_list(value[key]) for key in keys if key in value and value[key] is not None}
    for key in ("id", "label"):
        if _is_whole(found.get(key)):
            found[key] = str(int(found[key]))
    if "target" in found:
        given = found.pop("target")
        given = given if isinstance(given, (list, tuple)) else [given]
        found["targets"] = [_own_target(each) for each in given]
    if "versus" in found:
        found["versus"] = _own_target(found["versus"])
    return found


def _from_mapping(value: Mapping[str, Any], what: str) -> list[_core.Input]:
    """A row as a jsonl file has it; a BatchEncoding, or a dict of its kind, without its padding."""
    if "input_ids" not in value:
        if "text" not in value or set(value) - set(_OF_A_TEXT):
            raise TypeError(
                f"[input] {what} is a mapping with {sorted(map(str, value))}; "
                f"expected input_ids, or text (and {', '.join(_OF_A_TEXT[1:])})"
            )
        return [_core.Input(**_fields(value, _OF_A_TEXT))]
    ids, mask, types, own = (
        _to_list(value[key]) if key in value else None
        for key in ("input_ids", "attention_mask", "token_type_ids", "type_ids")
    )
    types = types if own is None else own
    if not ids or _is_whole(ids[0]):
        return [_row_of_batch(ids, mask, types, what, **_fields(value, _OF_IDS))]
    return [
        _row_of_batch(
            row, None if mask is None else mask[i], None if types is None else types[i], what
        )
        for i, row in enumerate(ids)
    ]


def to_input(value: Any, what: str) -> _core.Input:
    """One text, pair, list of ids or Input; `what` names it in errors."""
    if isinstance(value, str):
        return _core.Input(value)
    if isinstance(value, _core.Input):
        return value.copy()
    if isinstance(value, Mapping):
        rows = _from_mapping(value, what)
        if len(rows) != 1:
            raise TypeError(f"[input] {what} holds {len(rows)} rows; expected one")
        return rows[0]
    plain = _to_list(value)
    if isinstance(plain, str):
        return _core.Input(plain)
    if isinstance(plain, (list, tuple)):
        if len(plain) == 2 and all(isinstance(part, str) for part in plain):
            return _core.Input(plain[0], pair=plain[1])
        if all(_is_whole(each) for each in plain):
            return _core.Input(input_ids=_check_ids(plain, what))
    raise TypeError(
        f"[input] {what} is of type {describe(value)}; "
        "expected a str, a (text, pair), token ids or an ascribo.Input"
    )


def _is_one(value: Any) -> bool:
    """Whether a value is one thing to explain, and not several."""
    if isinstance(value, (str, _core.Input)):
        return True
    if isinstance(value, Mapping):
        if "input_ids" not in value:
            return True
        ids = value["input_ids"]
        return len(ids) == 0 or getattr(ids, "ndim", 0) == 1 or _is_whole(ids[0])
    dtype = getattr(value, "dtype", None)
    if dtype is not None and hasattr(value, "ndim") and hasattr(value, "shape"):
        name = str(dtype)
        return value.ndim == 0 or (value.ndim == 1 and ("int" in name and not hasattr(value, "index")))
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(map(_is_whole, value))


def _pairs(pair: Any, count: Optional[int]) -> Optional[Sequence[str]]:
    pairs = _to_list(pair)
    if pairs is None or isinstance(pairs, (list, tuple)):
        if pairs is not None and count is not None and len(pairs) != count:
            _core.fail(
                "invalid_argument",
                "pair",
                f"{len(pairs)} were given for {count} texts",
                "expected one for each text",
            )
        return pairs
    raise TypeError(f"[pair] it is of type {describe(pair)}; expected a list, as the texts are")


class Inputs:
    """What was given: one, a list of known length, or a stream."""

    def __init__(self, given: Any, pair: Any = None) -> None:
        self.one = _is_one(given)
        self.stream: Optional[Iterator[Any]] = None
        self.items: list[_core.Input] = []
        if given is None or isinstance(given, (bytes, bytearray, int, float)):
            raise TypeError(
                f"[input] a {describe(given)} was given; expected a text, token ids, "
                "or a list or iterator of them"
            )
        if hasattr(given, "columns") and hasattr(given, "iloc"):
            raise TypeError(
                "[input] a whole frame was given; expected one column of it. "
                'Hint: frame["text"]'
            )
        if self.one:
            self.items = [_with_pair(to_input(given, "the input"), pair)]
        elif isinstance(given, Mapping):
            self.items = _from_mapping(given, "the batch")
        elif isinstance(given, Iterator):
            self.stream = given
            if pair is not None:
                raise TypeError("[pair] it is given with a stream; expected a stream of (text, pair)")
        elif isinstance(given, Iterable):
            plain = _to_list(given)
            self.items = [
                to_input(each, f"text {number}") for number, each in enumerate(plain, start=1)
            ]
            pairs = _pairs(pair, len(self.items))
            if pairs is not None:
                self.items = [_with_pair(i, p) for i, p in zip(self.items, pairs)]
        else:
            raise TypeError(
                f"[input] a {describe(given)} was given; expected a text, token ids, "
                "or a list or iterator of them"
            )

    def chunks(self) -> Iterator[tuple[int, list[_core.Input]]]:
        """A stream piece by piece, each with the number of its first text: small ones at first."""
        assert self.stream is not None
        number, size = 0, 1
        ended = False
        while not ended:
            chunk: list[_core.Input] = []
            while len(chunk) < size:
                try:
                    each = next(self.stream)
                except StopIteration:
                    ended = True
                    break
                chunk.append(to_input(each, f"text {number + len(chunk) + 1}"))
            if chunk:
                yield number, chunk
            number += len(chunk)
            size = min(2 * size, 64)


def _with_pair(input: _core.Input, pair: object) -> _core.Input:
    if pair is None:
        return input
    if input.input_ids or input.pair is not None:
        _core.fail(
            "invalid_argument",
            "pair",
            "it is given for what has its second text already",
            "expected a text",
        )
    return _core.Input(input.text, pair=pair, id=input.id, label=input.label)  # type: ignore[arg-type]


InputLike = Union[str, "tuple[str, str]", Sequence[int], Mapping[str, Any], _core.Input]
