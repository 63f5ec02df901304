// SPDX-License-Identifier: MIT
// Texts with the spans that --spans FILE has for them.
#pragma once

#include <memory>

#include "input_source.h"

namespace ascribo::cli {

/// An input source that gives each text its spans.
class SpannedInputs : public InputSource {
 public:
  /// Errors: those of SpansFile::open.
  SpannedInputs(std::unique_ptr<InputSource> inputs, const std::string& file);

  /// Errors, besides those of the texts: kInvalidArgument for one list of spans and a second text,
  /// and for spans that a row has as well.
  std::optional<Input> next() override;
  std::string where() const override { return inputs_->where(); }
  std::int64_t size_hint() const override { return inputs_->size_hint(); }

  /// What the file has spans for and was not among the texts: "id \"a\", row 7"; empty if nothing.
  std::string left() const;

 private:
  std::unique_ptr<InputSource> inputs_;
  std::string name_;
  SpansFile file_;
  std::int64_t row_ = 0;
};

}  // namespace ascribo::cli
