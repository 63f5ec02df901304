// SPDX-License-Identifier: MIT
// Adds up advance widths, in thousandths of the font's size, from Helvetica's published metrics.
#include "ascribo/render/figure/text_width.h"

#include <array>

#include "ascribo/render/visible.h"
#include "ascribo/render/wrap.h"

namespace ascribo {
namespace {

// From the space (32) to the tilde (126).
constexpr std::array<int, 95> kWidths{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr double kNarrow = 0.556, kWide = 1.0;

}  // namespace

double text_width(std::string_view text) {
  double width = 0;
  while (!text.empty()) {
    const Decoded point = decode_first(text);
    if (point.value >= 32 && point.value < 127) {
      width += kWidths[point.value - 32] / 1000.0;
    } else {
      const int columns = display_width(text.substr(0, point.length));
      width += columns > 1 ? kWide : columns * kNarrow;
    }
    text.remove_prefix(point.length);
  }
  return width;
}

}  // namespace ascribo
