// SPDX-License-Identifier: MIT
// Puts texts and their spans together.
#include "spanned_inputs.h"

namespace ascribo::cli {
namespace {

[[noreturn]] void refuse(const std::string& given, std::string_view expected,
                         std::string_view hint = {}) {
  fail(Code::kInvalidArgument, "spans", given, expected, hint);
}

}  // namespace

SpannedInputs::SpannedInputs(std::unique_ptr<InputSource> inputs, const std::string& file)
    : inputs_(std::move(inputs)), name_(file), file_(SpansFile::open(file)) {
  if (file_.is_one_list() && inputs_->size_hint() > 1) {
    refuse(name_ + " has one list of spans, and there are several texts",
           R"(expected a line {"row": N, "spans": [...]} for each text)");
  }
}

std::optional<Input> SpannedInputs::next() {
  ++row_;  // also where the row cannot be read
  std::optional<Input> input = inputs_->next();
  if (!input) return input;
  std::vector<Span> spans;
  for (NamedSpan& span : file_.take(row_, input->id)) {
    spans.push_back(named_span(std::move(span)));
  }
  if (!spans.empty() && !input->spans.empty()) {
    refuse("the row has spans, and so has " + name_ + " for it", "expected one of them");
  }
  if (!spans.empty()) input->spans = std::move(spans);
  return input;
}

std::string SpannedInputs::left() const { return listed(file_.left(), "and"); }

}  // namespace ascribo::cli
