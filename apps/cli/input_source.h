// SPDX-License-Identifier: MIT
// Where a command's texts come from: its arguments, token ids, a file or standard input.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "ascribo/ascribo.h"
#include "flags.h"

namespace ascribo::cli {

/// Gives inputs one at a time.
class InputSource {
 public:
  virtual ~InputSource() = default;
  /// The next input, or nothing at the end. Errors: kBadFile, kBadText for a row that cannot be
  /// read; the next call goes on behind it.
  virtual std::optional<Input> next() = 0;
  /// Where the last input stands, for messages: "reviews.tsv line 14"; empty where it is obvious.
  virtual std::string where() const = 0;
  virtual std::int64_t size_hint() const = 0;  ///< -1 when unknown
};

/// As the library has it.
Span named_span(NamedSpan span);

/// Flags of every command that reads texts: --pair, --input and its columns.
FlagGroup input_flags(bool with_ids);

/// The source that the arguments name: TEXT..., --ids or --input, exactly one of them. "-" is
/// standard input. Errors: kInvalidArgument, and those of Dataset::open.
std::unique_ptr<InputSource> open_inputs(const Arguments& arguments, const std::string& command);

}  // namespace ascribo::cli
