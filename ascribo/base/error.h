// SPDX-License-Identifier: MIT
// The one exception type, and the grammar every message follows.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace ascribo {

/// What kind of thing went wrong; docs/reference/errors.md has an entry for each.
enum class Code {
  kInvalidArgument,  ///< an option or argument has a value that cannot be used
  kUnknownName,      ///< a method, label, option or architecture nobody knows
  kNotFound,         ///< a file or folder is not there
  kBadFile,          ///< a file is there but does not follow its format
  kBadCheckpoint,    ///< the files are well formed but do not make up a model
  kBadText,          ///< text that is empty or not valid UTF-8
  kTooLong,          ///< a text longer than the model's positions
  kUnsupported,      ///< understood, but not something this build or model can do
  kIo,               ///< reading or writing failed while running (disk full, permission)
  kCancelled,        ///< the caller asked to stop
  kInternal,         ///< a library underneath failed; never the user's doing
};

/// The stable name of a code, such as "unknown_name".
std::string_view code_name(Code code);

/// Thrown for user mistakes and bad files. what() is
/// `[where] what was given; what was expected. Hint: what to do`.
class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  Code code() const { return code_; }

 private:
  Code code_;
};

/// Throws an Error whose message is put together from its parts; an empty hint is left out.
[[noreturn]] void fail(Code code, std::string_view where, std::string_view given,
                       std::string_view expected, std::string_view hint = {});

}  // namespace ascribo
