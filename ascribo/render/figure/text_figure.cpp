// SPDX-License-Identifier: MIT
// Sets coloured text in lines.
#include <cmath>

#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/figure/figures.h"
#include "ascribo/render/figure/text_width.h"
#include "ascribo/render/number.h"
#include "ascribo/render/segments.h"
#include "ascribo/render/visible.h"

namespace ascribo {
namespace {

constexpr double kSize = 18, kLine = 32, kMeasure = 640, kAddedSize = 13;

/// Lays out pieces of one text from left to right. A piece that breaks over lines keeps its colour.
class Lines {
 public:
  Lines(Canvas& canvas, double top) : canvas_(canvas), y_(top + kSize) {}

  void add(std::string_view text, int level, bool added) {
    const std::string shown = visible(text, Newlines::kKeep);
    std::size_t at = 0;
    while (at < shown.size()) {
      if (shown[at] == '\n') {
        break_line();
        ++at;
        continue;
      }
      std::size_t end = shown.find_first_of(" \n", at);
      if (end == std::string::npos) end = shown.size();
      if (end == at) end = at + 1;  // a space
      word(std::string_view(shown).substr(at, end - at), level, added ? kAddedSize : kSize);
      at = end;
    }
  }

  double bottom() const { return y_ + kLine - kSize; }

 private:
  void break_line() {
    x_ = 0;
    y_ += kLine;
  }

  void word(std::string_view word, int level, double size) {
    while (!word.empty()) {
      double width = text_width(word) * size;
      if (x_ > 0 && x_ + width > kMeasure) {
        break_line();
        if (word == " ") return canvas_.text(kMeasure, y_ - kLine, " ");
      }
      std::size_t length = word.size();
      while (width > kMeasure) {  // a word longer than a line
        do {
          length /= 2;
          while (length > 0 && (static_cast<unsigned char>(word[length]) & 0xC0) == 0x80) --length;
        } while (length > 1 && text_width(word.substr(0, length)) * size > kMeasure);
        if (length == 0) length = decode_first(word).length;
        width = text_width(word.substr(0, length)) * size;
        if (length == decode_first(word).length) break;
      }
      canvas_.shade(x_, y_ - 0.95 * kSize, width, 1.32 * kSize, level);
      const std::string ink = canvas_.ink(level);
      canvas_.text(x_, y_, word.substr(0, length), {.size = size, .color = ink});
      x_ += width;
      word.remove_prefix(length);
    }
  }

  Canvas& canvas_;
  double x_ = 0, y_;
};

double draw_side(Canvas& canvas, const Explanation& shown, Side side,
                 const Attribution& attribution, double top) {
  const double largest = strongest(attribution.scores);
  Lines lines(canvas, top);
  for (const Segment& segment : segments(shown, side)) {
    const int level = segment.unit ? color_level(attribution.scores[*segment.unit], largest) : 0;
    if (segment.inserted) lines.add(" ", 0, false);
    lines.add(segment.text, level, segment.inserted);
    if (segment.inserted) lines.add(" ", 0, false);
  }
  return lines.bottom();
}

}  // namespace

double draw_text(Canvas& canvas, const Explanation& shown, double top) {
  for (const Attribution& attribution : shown.attributions) {
    canvas.text(0, top + 13, target_name(shown, attribution), {.bold = true});
    const double name = 13 * text_width(visible(target_name(shown, attribution)));
    canvas.text(
        name + 14, top + 13,
        shown.score + " " + plain_number(attribution.value, evidence_decimals(shown.attributions)),
        {.color = kMuted});
    top = draw_side(canvas, shown, Side::kText, attribution, top + 26);
    if (shown.input.pair) top = draw_side(canvas, shown, Side::kPair, attribution, top + 4);
    if (shown.output) top = draw_side(canvas, shown, Side::kOutput, attribution, top + 4);
    top = draw_scale(canvas, strongest(attribution.scores), !scores_are_unsigned(shown), top);
    top += 14;
  }
  return top;
}

double draw_scale(Canvas& canvas, double strongest, bool is_signed, double top) {
  constexpr double kStep = 18, kHeight = 10;
  const int decimals = decimals_for(strongest);
  const std::string low = is_signed ? signed_number(-strongest, decimals) + " away" : "0";
  const std::string high = is_signed ? "toward " + signed_number(strongest, decimals)
                                     : plain_number(strongest, decimals);
  const double baseline = top + 13;
  canvas.text(0, baseline, low, {.size = 11, .color = kMuted});
  double x = 11 * text_width(low) + 8;
  for (int level = is_signed ? -kLevels : 0; level <= kLevels; level += 4) {
    canvas.shade(x, top + 4, kStep, kHeight, level);
    x += kStep;
  }
  canvas.text(x + 8, baseline, high, {.size = 11, .color = kMuted});
  return top + 22;
}

}  // namespace ascribo
