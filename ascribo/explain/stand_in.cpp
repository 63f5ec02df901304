// SPDX-License-Identifier: MIT
// Finds the token that stands in for others.
#include "ascribo/explain/stand_in.h"

#include <algorithm>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

StandIn numbered_token(std::string_view option, std::string_view name, const Scorer& scorer) {
  const auto id = parse_integer(name.substr(std::string_view("token:").size()));
  const std::int64_t vocabulary = scorer.model().info().vocab;
  if (!id || *id < 0 || *id >= vocabulary) {
    fail(Code::kInvalidArgument, option,
         "\"" + std::string(name) + "\" names no token of this model",
         "expected token:0 to token:" + std::to_string(vocabulary - 1));
  }
  return {StandIn::Kind::kToken, *id, std::string(name), ""};
}

[[noreturn]] void fail_missing(std::string_view option, std::string_view name) {
  fail(Code::kUnsupported, option,
       "\"" + std::string(name) + "\" was given, but the tokenizer names no such token",
       "expected a token that it names", "name one by its id, token:ID, or use zero");
}

StandIn named_token(std::string_view option, std::string_view name, const Scorer& scorer) {
  if (scorer.tokenizer() == nullptr) fail_missing(option, name);
  const SpecialTokens& special = scorer.tokenizer()->special_tokens();
  const auto& wanted = name == "pad" ? special.pad : name == "mask" ? special.mask : special.unk;
  StandIn result{StandIn::Kind::kToken, -1, std::string(name), ""};
  if (wanted) {
    result.id = *wanted;
    return result;
  }
  const auto& fallback = special.eos ? special.eos : special.sep;
  if (name == "unk" || !fallback) fail_missing(option, name);
  result.id = *fallback;
  result.note = std::string(option) + ": there is no " + std::string(name) + " token; " +
                scorer.tokenizer()->token(*fallback) + " stands in";
  return result;
}

}  // namespace

StandIn find_stand_in(std::string_view option, std::string_view name, const Scorer& scorer,
                      std::span<const std::string_view> others) {
  if (std::find(others.begin(), others.end(), name) != others.end()) {
    return {StandIn::Kind::kOther, -1, std::string(name), ""};
  }
  if (name == "zero") return {StandIn::Kind::kZero, -1, std::string(name), ""};
  if (name == "pad" || name == "mask" || name == "unk") return named_token(option, name, scorer);
  if (name.starts_with("token:")) return numbered_token(option, name, scorer);
  std::vector<std::string> known = {"pad", "mask", "unk", "zero", "token:ID"};
  known.insert(known.end(), others.begin(), others.end());
  fail(Code::kUnknownName, option, "\"" + std::string(name) + "\" was given",
       "expected " + listed(known, "or"), nearest_hint(name, known));
}

}  // namespace ascribo
