// SPDX-License-Identifier: MIT
// Lays out graphemes greedily; widths come from utf8proc's tables.
#include "ascribo/render/wrap.h"

#include <utf8proc.h>

#include <algorithm>

#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

int width_of(char32_t value) { return utf8proc_charwidth(static_cast<utf8proc_int32_t>(value)); }

constexpr std::string_view kReset = "\x1b[0m";
constexpr int kNarrowest = 8;

}  // namespace

int display_width(std::string_view text) {
  int width = 0;
  while (!text.empty()) {
    const Decoded point = decode_first(text);
    width += width_of(point.value);
    text.remove_prefix(point.length);
  }
  return width;
}

LineWrapper::LineWrapper(int width, std::string_view indent)
    : width_(std::max(kNarrowest, width - display_width(indent))), indent_(indent) {}

void LineWrapper::add(std::string_view text, std::string_view style) {
  if (styles_.empty() || styles_.back() != style) styles_.emplace_back(style);
  const std::string shown = visible(text, Newlines::kKeep);
  std::string_view rest = shown;
  char32_t before = 0;
  utf8proc_int32_t state = 0;
  while (!rest.empty()) {
    const Decoded point = decode_first(rest);
    const std::string_view bytes = rest.substr(0, point.length);
    rest.remove_prefix(point.length);
    const bool begins = before == 0 || utf8proc_grapheme_break_stateful(
                                           static_cast<utf8proc_int32_t>(before),
                                           static_cast<utf8proc_int32_t>(point.value), &state);
    before = point.value;
    if (begins) {
      cells_.push_back({std::string(bytes), width_of(point.value), styles_.size() - 1,
                        point.value == U' ', point.value == U'\n'});
    } else {
      cells_.back().text += bytes;
      cells_.back().width += width_of(point.value);
    }
  }
}

// Spaces may hang over the edge: they are not seen there.
std::size_t LineWrapper::line_end(std::size_t begin) const {
  int used = 0;
  std::size_t last_break = begin;
  for (std::size_t at = begin; at < cells_.size(); ++at) {
    const Cell& cell = cells_[at];
    if (cell.newline) return at;
    if (at > begin && !cell.space &&
        (cells_[at - 1].space || cells_[at - 1].width > 1 || cell.width > 1)) {
      last_break = at;
    }
    used += cell.width;
    if (used > width_ && !cell.space) {
      return last_break > begin ? last_break : std::max(at, begin + 1);
    }
  }
  return cells_.size();
}

void LineWrapper::append_line(std::size_t begin, std::size_t end, std::string& out) const {
  out += indent_;
  std::string_view active;
  for (std::size_t at = begin; at < end; ++at) {
    const std::string_view style = styles_[cells_[at].style];
    if (style != active) {
      if (!active.empty()) out += kReset;
      out += style;
      active = style;
    }
    out += cells_[at].text;
  }
  if (!active.empty()) out += kReset;
  out += '\n';
}

std::string LineWrapper::str() const {
  std::string out;
  std::size_t begin = 0;
  while (begin < cells_.size()) {
    const std::size_t end = line_end(begin);
    append_line(begin, end, out);
    begin = end < cells_.size() && cells_[end].newline ? end + 1 : end;
  }
  return out;
}

}  // namespace ascribo
