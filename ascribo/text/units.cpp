// SPDX-License-Identifier: MIT
// Groups tokens.
#include "ascribo/text/units.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/utf8.h"
#include "ascribo/text/character_classes.h"
#include "ascribo/text/sentences.h"
#include "ascribo/text/text_words.h"

namespace ascribo {
namespace {

/// Whether token `i` goes on with the word of the token before it.
bool same_word(const Encoding& encoding, std::size_t i) {
  return i > 0 && encoding.word_ids[i] && encoding.word_ids[i] == encoding.word_ids[i - 1] &&
         encoding.sides[i] == encoding.sides[i - 1];
}

/// One side of the input, cut into parts.
class PartedText {
 public:
  PartedText(std::string_view utf8, UnitKind kind) {
    for (const CodePoint& c : decode_utf8(utf8)) text_.push_back(c.value);
    starts_ = kind == UnitKind::kTextWord ? find_text_words(text_)
              : kind == UnitKind::kClause ? find_clauses(text_)
                                          : find_sentences(text_);
  }

  /// The stretch without white space at its ends; empty when there is nothing else in it.
  Encoding::Offset trim(Encoding::Offset stretch) const {
    auto [start, end] = stretch;
    end = std::min(end, static_cast<std::int64_t>(text_.size()));
    while (start < end && is_space(start)) ++start;
    while (start < end && is_space(end - 1)) --end;
    return {start, end};
  }

  /// The number of the part that holds a character.
  std::int64_t part(std::int64_t at) const {
    return std::upper_bound(starts_.begin(), starts_.end(), at) - starts_.begin();
  }

 private:
  bool is_space(std::int64_t at) const {
    return is_white_space(text_[static_cast<std::size_t>(at)]);
  }

  std::vector<char32_t> text_;
  std::vector<std::int32_t> starts_;
};

/// Groups tokens by the parts of the texts that they begin in.
class PartUnits {
 public:
  PartUnits(const Encoding& encoding, UnitKind kind, const std::array<std::string_view, 3>& texts)
      : encoding_(encoding),
        sides_{PartedText(texts[0], kind), PartedText(texts[1], kind), PartedText(texts[2], kind)} {
  }

  Units make() {
    for (std::size_t i = 0; i < encoding_.size(); ++i) {
      if (encoding_.special[i]) {
        result_.special.push_back(static_cast<std::int64_t>(i));
        continue;
      }
      const int side = encoding_.sides[i].value_or(0);
      if (side != side_) end_side(side);
      const Encoding::Offset stretch = sides_[side_].trim(encoding_.offsets[i]);
      waiting_.push_back(static_cast<std::int64_t>(i));
      if (stretch.start < stretch.end) put(sides_[side_].part(stretch.start), stretch);
    }
    end_side(0);
    std::sort(result_.units.begin(), result_.units.end(),
              [](const Unit& a, const Unit& b) { return a.tokens.front() < b.tokens.front(); });
    return std::move(result_);
  }

 private:
  /// Gives the waiting tokens to a part; `stretch` is what the last of them stands for.
  void put(std::int64_t part, Encoding::Offset stretch) {
    const auto [found, is_new] = unit_of_.try_emplace({side_, part}, result_.units.size());
    if (is_new) result_.units.push_back({side_, stretch.start, stretch.end, {}});
    Unit& unit = result_.units[found->second];
    unit.start = std::min(unit.start, stretch.start);
    unit.end = std::max(unit.end, stretch.end);
    unit.tokens.insert(unit.tokens.end(), waiting_.begin(), waiting_.end());
    waiting_.clear();
    last_ = found->second;
  }

  /// White space at the end of a side goes with what is before it, and is a unit by itself where
  /// there is nothing else.
  void end_side(int next) {
    if (!waiting_.empty() && last_) {
      Unit& unit = result_.units[*last_];
      unit.tokens.insert(unit.tokens.end(), waiting_.begin(), waiting_.end());
    } else if (!waiting_.empty()) {
      const auto at = [&](std::int64_t i) {
        return encoding_.offsets[static_cast<std::size_t>(i)];
      };
      result_.units.push_back(
          {side_, at(waiting_.front()).start, at(waiting_.back()).end, waiting_});
    }
    waiting_.clear();
    last_.reset();
    side_ = next;
  }

  const Encoding& encoding_;
  std::array<PartedText, 3> sides_;
  Units result_;
  std::map<std::pair<int, std::int64_t>, std::size_t> unit_of_;  // (side, part) to index in units
  std::vector<std::int64_t> waiting_;  // tokens that have no unit yet, the latest included
  std::optional<std::size_t> last_;    // the unit of this side that got a token last
  int side_ = 0;
};

}  // namespace

Units make_units(const Encoding& encoding, UnitKind kind, std::string_view text,
                 std::string_view pair, std::string_view output) {
  ASCRIBO_ASSERT(kind != UnitKind::kSpan);
  if (kind >= UnitKind::kTextWord) return PartUnits(encoding, kind, {text, pair, output}).make();
  Units result;
  for (std::size_t i = 0; i < encoding.size(); ++i) {
    const auto token = static_cast<std::int64_t>(i);
    const auto [start, end] = encoding.offsets[i];
    if (encoding.special[i] && kind != UnitKind::kAllTokens) {
      result.special.push_back(token);
    } else if (kind == UnitKind::kWord && same_word(encoding, i)) {
      Unit& word = result.units.back();
      word.start = std::min(word.start, start);
      word.end = std::max(word.end, end);
      word.tokens.push_back(token);
    } else {
      result.units.push_back({encoding.sides[i].value_or(0), start, end, {token}});
    }
  }
  return result;
}

}  // namespace ascribo
