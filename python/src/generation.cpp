// SPDX-License-Identifier: MIT
// What a causal language model writes.
#include "bindings.h"
#include "watch.h"

namespace ascribo::python {
namespace {

nb::dict options(const Generation& self) {
  nb::dict found;
  for (const auto& [name, value] : self.options) {
    std::visit([&](const auto& held) { found[name.c_str()] = held; }, value);
  }
  return found;
}

/// Pieces of text go to Python as they are written, on the thread that asked.
std::function<void(std::int64_t, std::string_view)> piece_callback(const nb::object& on_text,
                                                                   std::exception_ptr& raised) {
  if (on_text.is_none()) return nullptr;
  return [&on_text, &raised](std::int64_t number, std::string_view text) {
    const nb::gil_scoped_acquire acquire;
    if (raised != nullptr) return;
    try {
      on_text(nb::str(text.data(), text.size()), number);
    } catch (...) {
      raised = std::current_exception();
    }
  };
}

std::vector<Generation> generate(const Subject& self, const std::vector<Input>& inputs,
                                 const OptionValues& options, const std::vector<std::string>& stop,
                                 nb::object progress, const nb::object& on_text) {
  Watch watch(std::move(progress));
  std::exception_ptr raised;
  std::size_t next = 0;
  std::vector<Generation> found;
  Subject::Prompts prompts;
  prompts.next = [&]() -> std::optional<Input> {
    if (next == inputs.size()) return std::nullopt;
    return inputs[next++];
  };
  prompts.piece = piece_callback(on_text, raised);
  prompts.done = [&](Generation generation) { found.push_back(std::move(generation)); };
  prompts.progress = [&, report = watch.callback()](const Progress& at) {
    return raised == nullptr && report(at);
  };
  prompts.total = static_cast<std::int64_t>(inputs.size());
  try {
    watch.run([&] { self.generate(prompts, {options, stop}); });
  } catch (const Error&) {
    if (raised == nullptr) throw;
  }
  if (raised != nullptr) std::rethrow_exception(raised);
  return found;
}

}  // namespace

void bind_generation(nb::module_& module) {
  nb::class_<WrittenToken>(module, "WrittenToken", "A token as it was written.")
      .def_ro("id", &WrittenToken::id)
      .def_ro("text", &WrittenToken::text)
      .def_ro("log_probability", &WrittenToken::log_probability);
  nb::class_<Generation>(module, "Generation",
                         "What was written after one prompt. text is without special tokens; "
                         "tokens are all of them. stopped says why: max_new_tokens, stop_string, "
                         "end_of_text or positions; stopped_by what ended it.")
      .def_prop_ro("prompt", [](const Generation& self) { return self.input.text; })
      .def_ro("input_ids", &Generation::input_ids)
      .def_ro("text", &Generation::text)
      .def_ro("tokens", &Generation::tokens)
      .def_prop_ro("ids", &Generation::ids)
      .def_prop_ro("stopped", [](const Generation& self) { return enum_name(self.stopped); })
      .def_ro("stopped_by", &Generation::stopped_by)
      .def_prop_ro("options", options,
                   nb::sig("def options(self) -> dict[str, bool | int | float | str]"))
      .def_ro("cost", &Generation::cost)
      .def_ro("notes", &Generation::notes)
      .def("__repr__", [](const Generation& self) {
        return "Generation(" + std::string(nb::repr(nb::cast(self.text)).c_str()) + ")";
      });
}

void bind_subject_writing(nb::class_<Subject>& subject) {
  subject
      .def("generate", &generate, "inputs"_a, "options"_a, "stop"_a, "progress"_a.none(),
           "on_text"_a.none(),
           nb::sig("def generate(self, inputs: collections.abc.Sequence[Input], "
                   "options: collections.abc.Mapping[str, str], "
                   "stop: collections.abc.Sequence[str], "
                   "progress: collections.abc.Callable[[int, int], object] | None, "
                   "on_text: collections.abc.Callable[[str, int], object] | None) -> "
                   "list[Generation]"))
      .def(
          "chat",
          [](const Subject& self, const std::vector<std::pair<std::string, std::string>>& turns) {
            std::vector<ChatMessage> messages;
            for (const auto& [role, content] : turns) messages.push_back({role, content});
            return self.chat(messages);
          },
          "messages"_a, nb::call_guard<nb::gil_scoped_release>());
}

}  // namespace ascribo::python
