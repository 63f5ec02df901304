// SPDX-License-Identifier: MIT
// Decodes the last few tokens again and again, and takes what is new.
#include "ascribo/explain/generate/written_text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

// Some decoders strip, join or fuse at a beginning: it lies at least this far back.
constexpr std::size_t kContext = 6;

// Stands for bytes that are no character yet.
constexpr std::string_view kIncomplete = "\xEF\xBF\xBD";

}  // namespace

WrittenText::WrittenText(const Tokenizer* tokenizer, std::vector<std::int64_t> prompt)
    : tokenizer_(tokenizer), ids_(std::move(prompt)), done_(ids_.size()) {
  if (tokenizer_ == nullptr) return;
  context_ = done_ - std::min(done_, kContext);
  while (context_ > 0 && decoded(context_, done_).starts_with(kIncomplete)) --context_;
}

std::string WrittenText::decoded(std::size_t from, std::size_t to) const {
  const auto begin = ids_.begin();
  return tokenizer_->decode(
      {begin + static_cast<std::ptrdiff_t>(from), begin + static_cast<std::ptrdiff_t>(to)});
}

std::string WrittenText::news() const {
  const std::string before = decoded(context_, done_), all = decoded(context_, ids_.size());
  return all.size() > before.size() ? all.substr(before.size()) : std::string();
}

void WrittenText::add(std::int64_t token) {
  ids_.push_back(token);
  if (tokenizer_ == nullptr) {
    text_ += (text_.empty() ? "#" : " #") + std::to_string(token);
    return;
  }
  const std::string more = news();
  if (more.empty() || std::string_view(more).ends_with(kIncomplete)) return;
  text_ += more;
  done_ = ids_.size();
  move_context();
}

// Decoding may begin only between characters: a run of bytes whose first are missing is no text.
void WrittenText::move_context() {
  while (!boundaries_.empty() && boundaries_.front() + kContext <= done_) {
    context_ = boundaries_.front();
    boundaries_.pop_front();
  }
  boundaries_.push_back(done_);
}

void WrittenText::end() {
  if (tokenizer_ == nullptr) return;
  text_ += news();
  done_ = ids_.size();
}

std::optional<StopPlace> find_stop(const std::string& text, std::size_t from,
                                   const std::vector<std::string>& stops) {
  std::optional<StopPlace> first;
  for (std::size_t i = 0; i < stops.size(); ++i) {
    const std::size_t start = from - std::min(from, stops[i].size() - 1);
    const std::size_t found = text.find(stops[i], start);
    if (found == std::string::npos || (first && first->begin <= found)) continue;
    first = {found, i};
  }
  return first;
}

std::size_t certain_length(const std::string& text, const std::vector<std::string>& stops) {
  std::size_t held = 0;
  for (const std::string& stop : stops) {
    for (std::size_t length = std::min(stop.size() - 1, text.size()); length > held; --length) {
      if (text.compare(text.size() - length, length, stop, 0, length) == 0) held = length;
    }
  }
  return text.size() - held;
}

}  // namespace ascribo
