// SPDX-License-Identifier: MIT
// One thing to explain, with everything that can be said of it.
#include "arguments.h"
#include "bindings.h"

namespace ascribo::python {
namespace {

Span make_span(nb::handle name, std::int64_t start, std::int64_t end, const std::string& side) {
  if (side != "text" && side != "pair") {
    fail(Code::kInvalidArgument, "span", "side is \"" + side + "\"", "expected text or pair");
  }
  return {text_of(name, "name"), side == "pair" ? Side::kPair : Side::kText, start, end};
}

struct InputFields {
  nb::object text, pair, id, label, continuation, versus;
};

Input make_input(const InputFields& fields) {
  Input input;
  if (!fields.text.is_none()) input.text = text_of(fields.text, "text");
  input.pair = optional_text_of(fields.pair, "pair");
  input.id = optional_text_of(fields.id, "id");
  input.label = optional_text_of(fields.label, "label");
  input.continuation = optional_text_of(fields.continuation, "continuation");
  input.versus = optional_text_of(fields.versus, "versus");
  return input;
}

constexpr const char* kInputSignature =
    "def __init__(self, text: str | None = None, *, pair: str | None = None, "
    "id: str | None = None, label: str | None = None, "
    "input_ids: collections.abc.Sequence[int] = (), continuation: str | None = None, "
    "continuation_ids: collections.abc.Sequence[int] = (), "
    "type_ids: collections.abc.Sequence[int] = (), "
    "targets: collections.abc.Sequence[str] = (), versus: str | None = None, "
    "masks: collections.abc.Sequence[str] = (), "
    "spans: collections.abc.Sequence[Span] = (), "
    "rationale: collections.abc.Sequence[Span] = (), templated: bool = False) -> None";

constexpr const char* kInputDoc =
    R"(One thing to explain: a text (and pair), or token ids as the model sees them.

text, pair: what the model reads. id, label: carried through to the result. input_ids: given instead
of a text, used as they are, special tokens included; type_ids: their token types. continuation, continuation_ids: what a causal
language model wrote after the text; each of its tokens is a target. targets: this input's own, in
place of the call's; versus: what they are compared with, likewise. masks: for sampled methods, a str per mask with a character per unit (1 hidden,
0 kept). spans: the units. rationale: what a person says the answer rests on. templated: the text
holds its special tokens already.)";

}  // namespace

void bind_input(nb::module_& module) {
  nb::class_<Span>(module, "Span", "A stretch of a text that the user names, in code points.")
      .def(
          "__init__",
          [](Span* self, nb::handle name, std::int64_t start, std::int64_t end,
             const std::string& side) { new (self) Span(make_span(name, start, end, side)); },
          "name"_a, "start"_a, "end"_a, "side"_a = "text",
          nb::sig(
              "def __init__(self, name: str, start: int, end: int, side: str = 'text') -> None"))
      .def_ro("name", &Span::name)
      .def_ro("start", &Span::start)
      .def_ro("end", &Span::end);

  nb::class_<Input>(module, "Input", kInputDoc)
      .def(
          "__init__",
          [](Input* self, nb::object text, nb::object pair, nb::object id, nb::object label,
             std::vector<std::int64_t> input_ids, nb::object continuation,
             std::vector<std::int64_t> continuation_ids, std::vector<std::int64_t> type_ids,
             std::vector<std::string> targets, nb::object versus, std::vector<std::string> masks,
             std::vector<Span> spans, std::vector<Span> rationale, bool templated) {
            Input input = make_input({text, pair, id, label, continuation, versus});
            input.input_ids = std::move(input_ids);
            input.continuation_ids = std::move(continuation_ids);
            input.type_ids = std::move(type_ids);
            input.targets = std::move(targets);
            input.masks = std::move(masks);
            input.spans = std::move(spans);
            input.rationale = std::move(rationale);
            input.templated = templated;
            new (self) Input(std::move(input));
          },
          "text"_a.none() = nb::none(), nb::kw_only(), "pair"_a.none() = nb::none(),
          "id"_a.none() = nb::none(), "label"_a.none() = nb::none(),
          "input_ids"_a = std::vector<std::int64_t>{}, "continuation"_a.none() = nb::none(),
          "continuation_ids"_a = std::vector<std::int64_t>{},
          "type_ids"_a = std::vector<std::int64_t>{}, "targets"_a = std::vector<std::string>{},
          "versus"_a.none() = nb::none(), "masks"_a = std::vector<std::string>{},
          "spans"_a = std::vector<Span>{}, "rationale"_a = std::vector<Span>{},
          "templated"_a = false, nb::sig(kInputSignature))
      .def_ro("text", &Input::text)
      .def_ro("pair", &Input::pair)
      .def_ro("id", &Input::id)
      .def_ro("label", &Input::label)
      .def_ro("input_ids", &Input::input_ids)
      .def_ro("type_ids", &Input::type_ids)
      .def_ro("continuation", &Input::continuation)
      .def_ro("continuation_ids", &Input::continuation_ids)
      .def_rw("targets", &Input::targets)
      .def_rw("functions", &Input::functions)
      .def_ro("versus", &Input::versus)
      .def("copy", [](const Input& self) { return Input(self); });
}

}  // namespace ascribo::python
