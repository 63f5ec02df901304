// SPDX-License-Identifier: MIT
// Two charts side by side, in the log's own numbers.
#include "ascribo/study/curves.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <utility>
#include <vector>

#include "ascribo/base/json.h"

namespace ascribo {
namespace {

constexpr double kWidth = 420, kHeight = 260, kLeft = 48, kTop = 36, kRight = 12, kBottom = 34;
constexpr std::size_t kMostPoints = 400;
constexpr const char* kColors[] = {"#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad"};

using Line = std::vector<std::pair<double, double>>;  // step, value
using Chart = std::map<std::string, Line>;

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string place(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

// Means of neighbours, so that a long line stays small.
Line thinned(const Line& line) {
  const std::size_t together = (line.size() + kMostPoints - 1) / kMostPoints;
  if (together <= 1) return line;
  Line means;
  for (std::size_t first = 0; first < line.size(); first += together) {
    const std::size_t last = std::min(line.size(), first + together);
    double sum = 0;
    for (std::size_t i = first; i < last; ++i) sum += line[i].second;
    means.emplace_back(line[last - 1].first, sum / static_cast<double>(last - first));
  }
  return means;
}

void draw(const Chart& chart, const std::string& title, double left, std::string& svg) {
  double low = HUGE_VAL, high = -HUGE_VAL, steps = 1;
  for (const auto& [name, line] : chart) {
    for (const auto& [step, value] : line) {
      low = std::min(low, value);
      high = std::max(high, value);
      steps = std::max(steps, step);
    }
  }
  if (!(low <= high)) low = 0, high = 1;
  if (low == high) high = low + 1;
  const auto x = [&](double step) {
    return left + kLeft + (kWidth - kLeft - kRight) * step / steps;
  };
  const auto y = [&](double value) {
    return kTop + (kHeight - kTop - kBottom) * (high - value) / (high - low);
  };
  const auto text = [&](double at_x, double at_y, const char* anchor, const std::string& words) {
    svg += "<text x=\"" + place(at_x) + "\" y=\"" + place(at_y) + "\" text-anchor=\"" + anchor +
           "\">" + words + "</text>\n";
  };
  svg += "<path d=\"M" + place(x(0)) + " " + place(y(high)) + "V" + place(y(low)) + "H" +
         place(x(steps)) + "\" stroke=\"#888\" fill=\"none\"/>\n";
  text(left + kLeft, kTop - 20, "start", title);
  text(x(0) - 4, y(high) + 4, "end", number(high));
  text(x(0) - 4, y(low) + 4, "end", number(low));
  text(x(steps), kHeight - 18, "end", "step " + number(steps));
  std::size_t index = 0;
  for (const auto& [name, line] : chart) {
    const char* color = kColors[index % std::size(kColors)];
    std::string points;
    for (const auto& [step, value] : thinned(line)) {
      points += (points.empty() ? "" : " ") + place(x(step)) + "," + place(y(value));
    }
    svg += "<polyline points=\"" + points + "\" fill=\"none\" stroke=\"" + color +
           "\" stroke-width=\"1.5\"/>\n<g fill=\"" + color + "\">";
    text(left + kLeft + 100.0 * static_cast<double>(index), kTop - 6, "start", name);
    svg += "</g>\n";
    ++index;
  }
}

}  // namespace

std::string training_curves(const std::string& log) {
  Chart losses, scores;
  for (std::size_t begin = 0; begin < log.size();) {
    const std::size_t end = std::min(log.find('\n', begin), log.size());
    const Json entry = Json::parse(log.substr(begin, end - begin), "training log");
    const double step = entry.number_or("step", 0);
    entry.members([&](std::string_view key, const Json& value) {
      if (!value.is_number()) return;
      if (key == "loss") losses["loss"].emplace_back(step, value.number());
      if (key == "dev_loss") losses["dev loss"].emplace_back(step, value.number());
      constexpr std::string_view kDev = "dev_";
      if (key.starts_with(kDev) && key != "dev_loss") {
        scores[std::string(key.substr(kDev.size()))].emplace_back(step, value.number());
      }
    });
    begin = end + 1;
  }
  const double width = scores.empty() ? kWidth : 2 * kWidth;
  std::string svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) +
                    " " + number(kHeight) +
                    "\" font-family=\"sans-serif\" font-size=\"11\">\n"
                    "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
  draw(losses, "loss", 0, svg);
  if (!scores.empty()) draw(scores, "development rows", kWidth, svg);
  return svg + "</svg>\n";
}

}  // namespace ascribo
