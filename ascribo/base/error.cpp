// SPDX-License-Identifier: MIT
// Puts error messages together.
#include "ascribo/base/error.h"

namespace ascribo {

std::string_view code_name(Code code) {
  switch (code) {
    case Code::kInvalidArgument: return "invalid_argument";
    case Code::kUnknownName: return "unknown_name";
    case Code::kNotFound: return "not_found";
    case Code::kBadFile: return "bad_file";
    case Code::kBadCheckpoint: return "bad_checkpoint";
    case Code::kBadText: return "bad_text";
    case Code::kTooLong: return "too_long";
    case Code::kUnsupported: return "unsupported";
    case Code::kIo: return "io";
    case Code::kCancelled: return "cancelled";
    case Code::kInternal: return "internal";
  }
  return "internal";
}

void fail(Code code, std::string_view where, std::string_view given, std::string_view expected,
          std::string_view hint) {
  std::string message = "[" + std::string(where) + "] " + std::string(given);
  if (!expected.empty()) message += "; " + std::string(expected);
  message += ".";
  if (!hint.empty()) message += " Hint: " + std::string(hint);
  throw Error(code, message);
}

}  // namespace ascribo
