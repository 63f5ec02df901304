// SPDX-License-Identifier: MIT
// Puts what was written into inputs as ids: text would be tokenized anew, and perhaps differently.
#include "ascribo/explain/generate/write_on.h"

#include <optional>
#include <utility>

#include "ascribo/base/option_set.h"
#include "ascribo/explain/generate/generate.h"

namespace ascribo {
namespace {

std::string summary(const Generation& generation) {
  const std::size_t count = generation.tokens.size();
  std::string text =
      "the model wrote " + std::to_string(count) + (count == 1 ? " token (" : " tokens (");
  for (const auto& [name, value] : generation.options) {
    text += name + " " + detail::option_text(value) + ", ";
  }
  return text + "stopped by " + std::string(enum_name(generation.stopped)) + ")";
}

}  // namespace

void write_on(std::span<Continued> inputs, const Parts& parts, const Decoding& decoding,
              const std::function<void()>& check) {
  std::size_t next = 0, settled = 0;
  generate_stream(parts,
                  {.next = [&]() -> std::optional<Input> {
                     if (next == inputs.size()) return std::nullopt;
                     return *inputs[next++].input;
                   },
                   .done =
                       [&](Generation generation) {
                         Continued& each = inputs[settled++];
                         each.input->continuation_ids = generation.ids();
                         each.notes = {summary(generation)};
                         for (std::string& note : generation.notes) {
                           each.notes.push_back(std::move(note));
                         }
                         each.cost = generation.cost;
                       },
                   .failed =
                       [&](std::int64_t, const std::exception&) {
                         inputs[settled++].error = std::current_exception();
                         return true;
                       },
                   .progress =
                       [&](const Progress&) {
                         check();
                         return true;
                       },
                   .total = static_cast<std::int64_t>(inputs.size())},
                  decoding);
}

}  // namespace ascribo
