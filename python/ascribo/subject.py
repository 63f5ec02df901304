# SPDX-License-Identifier: MIT
"""A model with its tokenizer and head: the package's front door."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Union

from . import _core
from ._inputs import Inputs, to_input
from ._options import joined_methods, option_texts
from ._progress import Progress, ProgressOption
from ._targets import give_own, has_weights, read_targets
from .explanation import Explanation, Explanations

if TYPE_CHECKING:
    import numpy
    import numpy.typing
    from typing_extensions import Unpack

    from ._option_types import ExplainOptions, GenerationOptions

    Floats = numpy.typing.NDArray[numpy.float32]

_METHOD = "integrated_gradients"


class Subject:
    """What is explained. `ascribo.load` makes one. Methods may be called from several threads.

    It can be pickled and copied: the folder is then opened again.
    """

    def __init__(self, core: _core.Subject, reopen: tuple[Any, ...], held: object = None) -> None:
        self._open: Optional[_core.Subject] = core
        self._reopen = reopen
        self._held = held  # what must be there as long as this is

    @property
    def _engine(self) -> _core.Subject:
        if self._open is None:
            _core.fail("invalid_argument", "model", "it is closed", "expected an open one")
        return self._open

    def close(self) -> None:
        """Lets go of the weights. What runs in other threads is finished first."""
        self._open = None

    def __enter__(self) -> "Subject":
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @property
    def info(self) -> _core.ModelInfo:
        """What the checkpoint says about itself: architecture, layers, hidden, parameters, ..."""
        return self._engine.info

    @property
    def labels(self) -> list[str]:
        """One name per output; empty where outputs are words of the vocabulary."""
        return self._engine.labels

    # Explaining.

    def explain(
        self,
        inputs: Any,
        method: Union[str, Sequence[str]] = _METHOD,
        target: Any = "predicted",
        *,
        pair: Any = None,
        progress: ProgressOption = None,
        skip_errors: bool = False,
        **options: "Unpack[ExplainOptions]",
    ) -> Any:
        """Says which parts of a text made the model answer as it did.

        inputs: a str; a (text, pair) inside a list; token ids (a list of int, an array); a mapping
        with input_ids such as a BatchEncoding; an ascribo.Input; or a list, a pandas column or an
        array of those. An iterator is read as results are asked for.

        method: a name, see `ascribo.methods`; of several, equal masks are computed once.

        target: `"predicted"`, `"all"`, a label, the number of an output, and the other forms of
        docs/reference/targets.md; a float array `[outputs]` of weights over logits; a function that
        takes logits `[outputs]` and returns (value, gradient), see `ascribo.function_of`. A list
        gives a single text several targets, and each of several texts its own (or its own list); a
        tuple gives every text the same ones.

        options: those of every request and of the method, by name (`unit="token"`, `steps=50`,
        `baseline="mask"`): `ascribo.methods()[name].options`.

        Returns an Explanation for one text, Explanations for several (of several methods: those of
        each text one after another), an iterator for an iterator. With skip_errors the place of a
        text that could not be explained holds its exception.

        Raises the classes of `ascribo.errors`, which are also ValueError, FileNotFoundError, ...;
        TypeError for what is no text.
        """
        given = Inputs(inputs, pair)
        request = self._request(method, target, given.one, options)
        if given.stream is not None:
            return self._stream(given, request, target, progress, skip_errors)
        if not given.one:
            give_own(given.items, target, self._engine)
        total = len(given.items)
        with Progress(progress, total) as bar:
            found = self._engine.explain(
                given.items, request, bar.report, skip_errors, 0, total > 1
            )
        flat = _flat(found)
        return flat[0] if given.one and len(flat) == 1 else Explanations(flat)

    def _request(
        self, method: Any, target: Any, one: bool, options: Mapping[str, Any]
    ) -> _core.Request:
        return make_request(self._engine, method, target, one, options)

    def _stream(
        self,
        given: Inputs,
        request: _core.Request,
        target: Any,
        progress: ProgressOption,
        skip_errors: bool,
    ) -> Iterator[Any]:
        if isinstance(target, list):
            raise TypeError(
                "[target] a list is given with a stream; expected a target or a tuple of targets, "
                "the same for every text"
            )
        return self._explain_chunks(given, request, progress, skip_errors)

    def _explain_chunks(
        self, given: Inputs, request: _core.Request, progress: ProgressOption, skip_errors: bool
    ) -> Iterator[Any]:
        with Progress(progress, -1) as bar:
            for first, chunk in given.chunks():
                yield from _flat(
                    self._engine.explain(chunk, request, None, skip_errors, first, True)
                )
                bar.at(first + len(chunk))

    def explain_written(
        self,
        prompts: Any,
        method: Union[str, Sequence[str]] = _METHOD,
        target: Any = "predicted",
        *,
        max_new_tokens: int = 20,
        stop: Sequence[str] = (),
        generation: Optional[Mapping[str, Any]] = None,
        progress: ProgressOption = None,
        skip_errors: bool = False,
        **options: "Unpack[ExplainOptions]",
    ) -> Any:
        """Lets a causal language model write on, and explains every token of what it wrote.

        generation: further options of writing, by name, as `generate` takes them. The rest is as
        in `explain`; a continuation of your own is `ascribo.Input(text, continuation=...)`.
        """
        given = Inputs(prompts)
        request = self._request(method, target, given.one, options)
        if given.stream is None and not given.one:
            give_own(given.items, target, self._engine)
        writing = dict(generation or {}, max_new_tokens=max_new_tokens)
        request.write_first(option_texts(writing), list(stop))
        if given.stream is not None:
            return self._stream(given, request, target, progress, skip_errors)
        total = len(given.items)
        with Progress(progress, total) as bar:
            found = self._engine.explain(given.items, request, bar.report, skip_errors, 0, total > 1)
        flat = _flat(found)
        return flat[0] if given.one and len(flat) == 1 else Explanations(flat)

    def plan(
        self,
        inputs: Any,
        method: Union[str, Sequence[str]] = _METHOD,
        target: Any = "predicted",
        *,
        pair: Any = None,
        **options: "Unpack[ExplainOptions]",
    ) -> dict[str, Any]:
        """What explaining would take, without doing it: a dictionary as `--plan --json` has it.

        Runs of the model and tokens are exact (or at most so many), seconds and bytes estimates
        from a few runs. Arguments as in `explain`.
        """
        given = Inputs(inputs, pair)
        items = given.items
        if given.stream is not None:
            items = [each for _, chunk in given.chunks() for each in chunk]
        elif not given.one:
            give_own(items, target, self._engine)
        request = self._request(method, target, given.one, options)
        return self._engine.plan(items, request)

    def minimal_pair(self, good: str, bad: str) -> _core.Input:
        """Two sentences that differ in one place, as a question to a language model: why the one?

        What is returned is explained as any other input: the word of `good` against that of `bad`,
        at a mask in their place, or after what stands before them. Raises BadText for sentences
        that do not differ by words in one place, Unsupported for a model of another kind.
        """
        for each in (good, bad):
            if not isinstance(each, str):
                raise TypeError(f"[pair] a sentence is of type {type(each).__name__}; expected str")
        return self._engine.minimal_pair(good, bad)

    # What the model does.

    def predict(self, inputs: Any, *, pair: Any = None, progress: ProgressOption = None) -> Any:
        """What the model answers: a Prediction, or for several inputs a list of them."""
        given = Inputs(inputs, pair)
        if given.stream is not None:
            return (self._engine.predict([each], None, False)[0]
                    for _, chunk in given.chunks() for each in chunk)
        with Progress(progress, len(given.items)) as bar:
            found = self._engine.predict(given.items, bar.report, len(given.items) > 1)
        return found[0] if given.one else found

    def tokenize(
        self, text: Any, pair: Optional[str] = None, *, add_special_tokens: bool = True
    ) -> Any:
        """What the model is given in place of a text: an Encoding, or for a list a list of them."""
        if isinstance(text, str):
            return self._engine.tokenize(text, pair, add_special_tokens)
        if not isinstance(text, Iterable):
            raise TypeError(f"[input] text is of type {type(text).__name__}; expected str")
        found = []
        for each in text:
            first, second = each if isinstance(each, tuple) else (each, pair)
            found.append(self._engine.tokenize(first, second, add_special_tokens))
        return found

    def decode(self, ids: Sequence[int], *, skip_special_tokens: bool = True) -> str:
        """Token ids as text."""
        return self._engine.decode([int(each) for each in ids], skip_special_tokens)

    def generate(
        self,
        prompts: Any,
        *,
        stop: Sequence[str] = (),
        progress: ProgressOption = None,
        on_text: Optional[Callable[[str, int], object]] = None,
        **options: "Unpack[GenerationOptions]",
    ) -> Any:
        """What a causal language model writes after a prompt, or several.

        options: max_new_tokens, sample, temperature, top_k, top_p, repetition_penalty, seed,
        ignore_eos, batch_tokens; what is not given is as generation_config.json has it. on_text is
        called with (text, number of the prompt) as text becomes certain. Returns a Generation, or a
        list of them. Raises Unsupported for a model that writes nothing.
        """
        given = Inputs(prompts)
        items = given.items
        if given.stream is not None:
            items = [each for _, chunk in given.chunks() for each in chunk]
        with Progress(progress, len(items)) as bar:
            found = self._engine.generate(
                items, option_texts(options), list(stop), bar.report, on_text
            )
        return found[0] if given.one else found

    def chat(self, messages: Sequence[Mapping[str, str]]) -> _core.Input:
        """What a chat model is given for messages of role and content: its template applied."""
        turns = []
        for each in messages:
            if not isinstance(each, Mapping) or not {"role", "content"} <= set(each):
                raise TypeError("[chat] a message lacks role or content; expected both")
            turns.append((str(each["role"]), str(each["content"])))
        return self._engine.chat(turns)

    # Inside the model.

    def taps(self, length: int = 1) -> dict[str, tuple[int, ...]]:
        """The points inside the model, with their shapes for a text of `length` tokens."""
        return {name: tuple(shape) for name, shape in self._engine.taps(length)}

    def activations(
        self, input: Any, taps: Union[str, Sequence[str]], *, pair: Optional[str] = None
    ) -> "dict[str, Floats]":
        """What stands at taps (`"hidden:3"`, `"attn_probs:0"`) while the model reads one text.

        Returns float32 arrays by tap, of the shapes that `taps(length)` says. Raises UnknownName.
        """
        return self._engine.activations(self._single(input, pair), _names(taps))

    def gradient(
        self,
        input: Any,
        at: Union[str, Sequence[str]] = "word_embeddings",
        target: Any = "predicted",
        *,
        pair: Optional[str] = None,
        **options: Any,
    ) -> Any:
        """d score / d value at a tap, `[targets, tokens, ...]`; of several taps a dict of them."""
        request = self._request("saliency", target, True, options)
        found = self._engine.gradients(self._single(input, pair), _names(at), request)
        gradients = {name: arrays[1] for name, arrays in found.items()}
        return gradients[at] if isinstance(at, str) else gradients

    def _single(self, input: Any, pair: Optional[str]) -> _core.Input:
        given = to_input(input, "the input")
        return given if pair is None else _core.Input(given.text, pair=pair)

    # Pickling, showing.

    def __reduce__(self) -> tuple[Any, ...]:
        if not self._reopen:
            raise TypeError("[model] its weights are in memory; expected one that was loaded")
        self._engine  # noqa: B018 - a closed one cannot be pickled
        from .loading import reload

        return reload, self._reopen

    def __copy__(self) -> "Subject":
        return Subject(self._engine, self._reopen, self._held)

    def __deepcopy__(self, memo: object) -> "Subject":
        return Subject(self._engine, self._reopen, self._held)

    def __repr__(self) -> str:
        if self._open is None:
            return "<Subject, closed>"
        info = self._open.info
        return f"<Subject {info.architecture} in {os.fspath(info.path)!r}>"


def make_request(
    engine: _core.Subject, method: Any, target: Any, one: bool, options: Mapping[str, Any]
) -> _core.Request:
    """What is asked of one text, or of several: then a list of targets is not the request's."""
    texts = option_texts(options)
    if has_weights(target):
        texts.setdefault("score", "logit")  # weights are over logits unless told otherwise
    if isinstance(target, list) and not one:
        return _core.Request(joined_methods(method), ["predicted"], [], texts)
    targets = read_targets(target, engine)
    return _core.Request(joined_methods(method), targets.names, targets.functions, texts)


def _flat(found: list[Any]) -> list[Any]:
    flat: list[Any] = []
    for each in found:
        if isinstance(each, list):
            flat += [Explanation(core) for core in each]
        else:
            flat.append(each)
    return flat


def _names(taps: Union[str, Sequence[str]]) -> list[str]:
    return [taps] if isinstance(taps, str) else list(taps)
