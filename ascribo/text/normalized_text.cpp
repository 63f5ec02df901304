// SPDX-License-Identifier: MIT
// Keeps the way back to the original text through every normalisation.
#include "ascribo/text/normalized_text.h"

#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/utf8.h"

namespace ascribo {

NormalizedText::NormalizedText(std::string_view utf8, std::string_view where) {
  const std::vector<CodePoint> code_points = decode_utf8(utf8, where);
  chars_.reserve(code_points.size());
  std::int32_t at = 0;
  for (const CodePoint& code_point : code_points) {
    chars_.push_back({code_point.value, at, at + 1});
    ++at;
  }
}

Encoding::Offset NormalizedText::source(std::size_t begin, std::size_t end) const {
  ASCRIBO_ASSERT(begin <= end && end <= chars_.size());
  if (begin == end) {
    const std::int32_t at = begin < chars_.size() ? chars_[begin].start : origin_;
    return {at, at};
  }
  return {chars_[begin].start, chars_[end - 1].end};
}

NormalizedText NormalizedText::slice(std::size_t begin, std::size_t end) const {
  ASCRIBO_ASSERT(begin <= end && end <= chars_.size());
  NormalizedText part;
  part.chars_.assign(chars_.begin() + static_cast<std::ptrdiff_t>(begin),
                     chars_.begin() + static_cast<std::ptrdiff_t>(end));
  part.origin_ = part.chars_.empty() ? origin_ : part.chars_.front().start;
  return part;
}

void NormalizedText::append_utf8(std::size_t begin, std::size_t end, std::string& utf8) const {
  for (std::size_t at = begin; at < end; ++at) ascribo::append_utf8(utf8, chars_[at].code);
}

std::string NormalizedText::utf8() const {
  std::string text;
  text.reserve(chars_.size());
  append_utf8(0, chars_.size(), text);
  return text;
}

void NormalizedText::rewrite(const std::vector<Edit>& edits) {
  std::vector<NormalizedChar> rewritten;
  rewritten.reserve(edits.size());
  std::size_t next = 0;
  for (const Edit& edit : edits) {
    NormalizedChar c{edit.code, origin_, origin_};
    if (!edit.inserted) {
      ASCRIBO_ASSERT(next < chars_.size());
      c = {edit.code, chars_[next].start, chars_[next].end};
      next += 1 + edit.dropped;
    } else if (next > 0) {
      c = {edit.code, chars_[next - 1].start, chars_[next - 1].end};
    }
    rewritten.push_back(c);
  }
  ASCRIBO_ASSERT(next <= chars_.size());
  chars_ = std::move(rewritten);
}

void NormalizedText::prepend(const NormalizedText& content) {
  if (chars_.empty()) return;
  if (content.empty()) {
    // Nothing is there whose range the first code point could share; the reference agrees.
    chars_.front().start = chars_.front().end = origin_;
    return;
  }
  const NormalizedChar first = chars_.front();
  std::vector<NormalizedChar> front = content.chars_;
  for (NormalizedChar& c : front) c.start = first.start, c.end = first.end;
  chars_.insert(chars_.begin(), front.begin(), front.end());
}

void NormalizedText::append_replaced(std::vector<NormalizedChar>& replaced, std::size_t from,
                                     std::size_t begin, std::size_t end,
                                     const NormalizedText& content) const {
  ASCRIBO_ASSERT(from <= begin && begin <= end && end <= chars_.size());
  replaced.insert(replaced.end(), chars_.begin() + static_cast<std::ptrdiff_t>(from),
                  chars_.begin() + static_cast<std::ptrdiff_t>(begin));
  NormalizedChar shared{0, origin_, origin_};
  if (end > 0) shared = chars_[end - 1];
  for (const NormalizedChar& c : content.chars_) {
    replaced.push_back({c.code, shared.start, shared.end});
  }
}

}  // namespace ascribo
