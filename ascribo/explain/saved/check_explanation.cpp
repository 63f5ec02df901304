// SPDX-License-Identifier: MIT
// Compares counts, indices and offsets.
#include "ascribo/explain/saved/check_explanation.h"

#include <algorithm>
#include <array>

#include "ascribo/base/error.h"
#include "ascribo/base/utf8.h"

namespace ascribo {
namespace {

class Check {
 public:
  Check(const Explanation& explanation, const std::string& where)
      : explanation_(explanation), where_(where), tokens_(size(explanation.tokens)) {
    for (const Side side : {Side::kText, Side::kPair, Side::kOutput}) {
      lengths_[static_cast<std::size_t>(side)] = count_code_points(side_text(explanation, side));
    }
  }

  void run() const {
    for (std::size_t index = 0; index < explanation_.tokens.size(); ++index) {
      const TokenInfo& token = explanation_.tokens[index];
      offsets("token " + std::to_string(index), token.side, token.start, token.end);
    }
    for (const UnitInfo& unit : explanation_.units) {
      const std::string name = "unit \"" + unit.text + '"';
      offsets(name, unit.side, unit.start, unit.end);
      for (const std::int64_t token : unit.tokens) index(name, token, tokens_ - 1);
    }
    for (const TokenPrediction& token : explanation_.prediction.tokens) {
      index("the prediction", token.token, tokens_);
    }
    for (const Attribution& attribution : explanation_.attributions) scores(attribution);
    for (const std::string& mask : explanation_.masks.value_or(std::vector<std::string>{})) {
      count("a mask", "characters", mask.size(), explanation_.units.size());
    }
    for (const LayerTable& table : explanation_.layers.value_or(std::vector<LayerTable>{})) {
      numbers(table);
    }
  }

 private:
  template <class Range>
  static std::int64_t size(const Range& range) {
    return static_cast<std::int64_t>(range.size());
  }

  [[noreturn]] void refuse(const std::string& given, const std::string& expected) const {
    fail(Code::kBadFile, where_, given, expected, "was the file edited?");
  }

  void offsets(const std::string& what, Side side, std::int64_t start, std::int64_t end) const {
    const std::int64_t length = lengths_[static_cast<std::size_t>(side)];
    if (start >= 0 && start <= end && end <= length) return;
    refuse(what + " stands at " + std::to_string(start) + " to " + std::to_string(end),
           "expected offsets in a text of " + std::to_string(length) + " code points");
  }

  void index(const std::string& what, std::int64_t token, std::int64_t last) const {
    if (token >= 0 && token <= last) return;
    refuse(what + " names token " + std::to_string(token),
           "there are " + std::to_string(tokens_) + " tokens");
  }

  void count(const std::string& what, std::string_view of, std::size_t given,
             std::size_t units) const {
    if (given == units) return;
    refuse(what + " has " + std::to_string(given) + " " + std::string(of),
           "expected one for each of " + std::to_string(units) + " units");
  }

  void numbers(const LayerTable& table) const {
    constexpr std::int64_t kMost = std::int64_t{1} << 31;
    std::int64_t expected = 1;
    for (const std::int64_t size : table.shape) {
      if (size < 0 || size > kMost || expected > kMost) {
        refuse("layer table \"" + table.name + "\" has a size of " + std::to_string(size),
               "expected sizes from 0 to " + std::to_string(kMost));
      }
      expected *= size;
    }
    if (!table.file.empty() || size(table.data) == expected) return;
    refuse(
        "layer table \"" + table.name + "\" has " + std::to_string(table.data.size()) + " numbers",
        "its shape has " + std::to_string(expected));
  }

  void scores(const Attribution& attribution) const {
    const std::string name = "target \"" + attribution.target + '"';
    count(name, "scores", attribution.scores.size(), explanation_.units.size());
    if (attribution.standard_error) {
      count(name, "standard errors", attribution.standard_error->size(), explanation_.units.size());
    }
    if (attribution.position) index(name, *attribution.position, tokens_);
    if (attribution.values && tokens_ > 0 && size(*attribution.values) % tokens_ != 0) {
      refuse(name + " has " + std::to_string(attribution.values->size()) + " values",
             "expected as many for each of " + std::to_string(tokens_) + " tokens");
    }
  }

  const Explanation& explanation_;
  const std::string& where_;
  std::int64_t tokens_;
  std::array<std::int64_t, 3> lengths_{};
};

}  // namespace

void check_explanation(const Explanation& explanation, const std::string& where) {
  Check(explanation, where).run();
}

}  // namespace ascribo
