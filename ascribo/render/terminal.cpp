// SPDX-License-Identifier: MIT
// The user's own text in the colours of its scores, and the evidence under it, for a terminal.
#include <algorithm>
#include <cmath>

#include "ascribo/base/assert.h"
#include "ascribo/render/color.h"
#include "ascribo/render/evidence.h"
#include "ascribo/render/number.h"
#include "ascribo/render/renderer.h"
#include "ascribo/render/segments.h"
#include "ascribo/render/visible.h"
#include "ascribo/render/wrap.h"
#include "ascribo/render/written.h"

namespace ascribo {
namespace {

constexpr std::string_view kBold = "\x1b[1m", kDim = "\x1b[2m", kReset = "\x1b[0m";
constexpr std::size_t kLabelColumns = 12;
constexpr std::size_t kBaselineBytes = 120;

std::string color_24bit(const char* selector, Rgb color) {
  return std::string(selector) + ";2;" + std::to_string(color.red) + ";" +
         std::to_string(color.green) + ";" + std::to_string(color.blue);
}

/// The escape sequence of a level; nothing for level 0 or without colours.
std::string style_of(int level, const RenderOptions& options) {
  if (level == 0 || options.color == ColorDepth::kNone) return {};
  if (options.color == ColorDepth::k256) {
    const Shade256 shade = score_shade_256(options.palette, options.ground, level);
    return "\x1b[48;5;" + std::to_string(shade.background) + ";38;5;" +
           std::to_string(shade.foreground) + "m";
  }
  const Shade shade = score_shade(options.palette, options.ground, level);
  return "\x1b[" + color_24bit("48", shade.background) + ";" + color_24bit("38", shade.foreground) +
         "m";
}

/// One explanation on its way to the terminal. `shown_` has the scores as displayed, `given_` the
/// raw ones the evidence is made of.
class TerminalPage {
 public:
  TerminalPage(const Explanation& given, const RenderOptions& options)
      : given_(given), shown_(displayed(given)), options_(options) {}

  std::string str() {
    head();
    // Many targets of one text: a line for each, unless their rankings are asked for.
    if (explains_output(shown_) && !shown_.sort) {
      output();
      foot();
      return out_;
    }
    for (std::size_t index = 0; index < shown_.attributions.size(); ++index) target(index);
    foot();
    return out_;
  }

 private:
  std::string styled(std::string_view style, std::string_view text) const {
    if (options_.color == ColorDepth::kNone) return std::string(text);
    return std::string(style) + std::string(text) + std::string(kReset);
  }

  /// A label and its text, the text wrapped beside the label.
  void line(std::string_view label, std::string_view text, std::string_view style = {}) {
    const std::string indent(kLabelColumns, ' ');
    LineWrapper wrapper(options_.width, indent);
    wrapper.add(visible(text), options_.color == ColorDepth::kNone ? "" : style);
    std::string block = wrapper.str();
    if (block.empty()) block = indent + "\n";
    std::string padded(label);
    padded.resize(kLabelColumns, ' ');
    out_ += styled(kDim, padded) + block.substr(kLabelColumns);
  }

  void head() {
    const InputSummary& input = shown_.input;
    if (input.id) line("id", *input.id);
    const Prediction& prediction = shown_.prediction;
    if (explains_output(shown_) && !shown_.sort) return;  // the output is told in full
    std::string answer = prediction.label;
    if (prediction.probability) {
      answer += "  " + percent(*prediction.probability);
    } else if (!prediction.logits.empty()) {
      answer += "  " + plain_number(prediction.logits[0], decimals_for(prediction.logits[0]));
    }
    line("prediction", answer, kBold);
    if (!input.label) return;
    const std::optional<bool> right = predicted_right(shown_);
    line("true label", *input.label + (right ? (*right ? "  (right)" : "  (wrong)") : ""));
  }

  void target(std::size_t index) {
    const Attribution& shown = shown_.attributions[index];
    ASCRIBO_ASSERT(shown.scores.size() == shown_.units.size());
    line("target", target_name(shown_, shown) + "  (" + shown_.score + ")");
    out_ += '\n';
    text(Side::kText, shown);
    if (shown_.input.pair) text(Side::kPair, shown);
    if (shown_.output) text(Side::kOutput, shown);
    out_ += '\n';
    legend(shown);
    if (shown_.sort) {
      ranking(shown);
    } else if (options_.color != ColorDepth::kNone) {
      names(shown);
    }
    evidence_lines(given_.attributions[index]);
  }

  void text(Side side, const Attribution& attribution) {
    const double largest = strongest(attribution.scores);
    const int decimals = decimals_for(largest);
    LineWrapper wrapper(options_.width, "  ");
    for (const Segment& segment : segments(shown_, side)) {
      if (!segment.unit) {
        wrapper.add(segment.text);
        continue;
      }
      const float score = attribution.scores[*segment.unit];
      if (segment.inserted) wrapper.add(" ");
      wrapper.add(segment.text, style_of(color_level(score, largest), options_));
      if (options_.color == ColorDepth::kNone) {
        wrapper.add("(" + visible(named_score_text(shown_, attribution, *segment.unit, decimals)) +
                    ")");
      }
      if (segment.inserted) wrapper.add(" ");
    }
    out_ += wrapper.str();
  }

  /// Every part of the output with its probability, its score and the units that mattered most.
  void output() {
    for (const Side side : {Side::kText, Side::kPair, Side::kOutput}) {
      const std::string& whole = side_text(shown_, side);
      if (whole.empty()) continue;
      line(side == Side::kText ? "text" : side == Side::kPair ? "pair" : "output", whole);
    }
    out_ += '\n';
    const int decimals = evidence_decimals(given_.attributions);
    std::size_t widest = 6;
    for (const Attribution& one : shown_.attributions) {
      widest = std::max(widest, static_cast<std::size_t>(display_width(target_label(one))));
    }
    const int columns = options_.width - static_cast<int>(widest) - 20;
    out_ += styled(kDim, padded("target", widest) + "  " + flush_right("likely", 8) +
                             flush_right("score", 8) + "  " + unit_plural(shown_.unit) +
                             " that mattered most") +
            "\n";
    for (const Attribution& shown : shown_.attributions) {
      const auto written = written_target(shown_, shown);
      const auto likely = written ? written_probability(shown_, *written) : std::nullopt;
      out_ += padded(target_label(shown), widest) + "  " +
              flush_right(likely ? percent(*likely) : "", 8) +
              flush_right(plain_number(shown.value, decimals), 8) + "  " +
              top_units(shown, columns) + "\n";
    }
    out_ += '\n';
    output_evidence();
  }

  static std::string padded(std::string text, std::size_t columns) {
    const auto width = static_cast<std::size_t>(display_width(text));
    if (width < columns) text.append(columns - width, ' ');
    return text;
  }

  static std::string flush_right(std::string text, std::size_t columns) {
    if (text.size() < columns) text.insert(0, columns - text.size(), ' ');
    return text;
  }

  std::string target_label(const Attribution& attribution) const {
    return visible(target_name(shown_, attribution));
  }

  /// As many as fit, the strongest first, at least one.
  std::string top_units(const Attribution& attribution, int columns) const {
    const double largest = strongest(attribution.scores);
    const int decimals = decimals_for(largest);
    std::vector<std::size_t> order = by_score(attribution.scores);
    std::erase_if(order, [&](std::size_t unit) {
      return color_level(attribution.scores[unit], largest) == 0;
    });
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::fabs(attribution.scores[a]) > std::fabs(attribution.scores[b]);
    });
    std::string text;
    int used = 0;
    for (const std::size_t unit : order) {
      const float score = attribution.scores[unit];
      const std::string name = visible(trimmed(unit_name(shown_, unit)));
      const std::string number = scores_are_unsigned(shown_) ? plain_number(score, decimals)
                                                             : signed_number(score, decimals);
      const int width = display_width(name) + static_cast<int>(number.size()) + 3;
      if (used > 0 && used + width - 2 > columns) break;  // the last has no gap after it
      const std::string style = style_of(color_level(score, largest), options_);
      if (used > 0) text += "  ";
      text += style;
      text += name;
      if (!style.empty()) text += kReset;
      text += ' ';
      text += number;
      used += width;
    }
    return text;
  }

  static std::string trimmed(const std::string& text) {
    const std::size_t first = text.find_first_not_of(' ');
    return first == std::string::npos ? text : text.substr(first);
  }

  void output_evidence() {
    double largest = 0;
    bool complete = false;
    for (const Attribution& raw : given_.attributions) {
      if (!raw.delta) continue;
      complete = true;
      largest = std::max(largest, std::fabs(*raw.delta));
    }
    if (complete)
      line("delta", "at most " + plain_number(largest, kScientific) + ", of any target");
    if (given_.baseline) {
      line("baseline", given_.baseline->tokens.empty()
                           ? given_.baseline->kind
                           : baseline_tokens(*given_.baseline, kBaselineBytes));
    }
    line("scores", (scores_are_unsigned(shown_) ? std::string("how much, not in which direction")
                                                : "+ toward the target, - away") +
                       "; " + shown_.score + ", by " + shown_.unit);
    out_ += '\n';
  }

  void legend(const Attribution& attribution) {
    const double largest = strongest(attribution.scores);
    const std::string scale =
        "strongest " + plain_number(largest, decimals_for(largest)) + ", by " + shown_.unit;
    if (options_.color == ColorDepth::kNone) {
      const std::string how = scores_are_unsigned(shown_)
                                  ? "how much, not in which direction; "
                                  : "+ pushes toward " + attribution.target + ", - away; ";
      line("scores", how + scale);
      return;
    }
    LineWrapper wrapper(options_.width, std::string(kLabelColumns, ' '));
    if (scores_are_unsigned(shown_)) {
      wrapper.add(" matters to " + visible(attribution.target) + " ", style_of(kLevels, options_));
    } else {
      wrapper.add(" toward " + visible(attribution.target) + " ", style_of(kLevels, options_));
      wrapper.add(" ");
      wrapper.add(" away ", style_of(-kLevels, options_));
    }
    wrapper.add("  " + scale);
    std::string label = "colours";
    label.resize(kLabelColumns, ' ');
    out_ += styled(kDim, label) + wrapper.str().substr(kLabelColumns);
  }

  /// The names that the user gave to units, which colours cannot show.
  void names(const Attribution& attribution) {
    const int decimals = decimals_for(strongest(attribution.scores));
    std::string list;
    for (std::size_t unit = 0; unit < shown_.units.size(); ++unit) {
      if (shown_.units[unit].name.empty()) continue;
      list += (list.empty() ? "" : ", ") + named_score_text(shown_, attribution, unit, decimals);
    }
    if (!list.empty()) line(unit_plural(shown_.unit), list);
  }

  void ranking(const Attribution& attribution) {
    const double largest = strongest(attribution.scores);
    const int decimals = decimals_for(largest);
    out_ += '\n';
    for (std::size_t unit : by_score(attribution.scores)) {
      const float score = attribution.scores[unit];
      std::string number = score_text(shown_, attribution, unit, decimals);
      const std::size_t columns = kLabelColumns - 2;
      if (number.size() < columns) number.insert(0, columns - number.size(), ' ');
      const std::string style = style_of(color_level(score, largest), options_);
      out_.append(number).append("  ").append(style).append(visible(unit_name(shown_, unit)));
      if (!style.empty()) out_ += kReset;
      out_ += '\n';
    }
    out_ += '\n';
  }

  void evidence_lines(const Attribution& raw) {
    const Evidence sums = evidence(raw);
    const int decimals = evidence_decimals(given_.attributions);
    const auto number = [&](double value) { return plain_number(value, decimals); };
    if (sums.change) {
      const std::string kind = given_.baseline ? " (" + given_.baseline->kind + ")" : "";
      line("change", number(*sums.change) + ": score " + number(raw.value) + ", baseline " +
                         number(*raw.baseline_value) + kind);
    } else {
      line("score", number(raw.value));
    }
    std::string total =
        number(sums.total) + ": " + unit_plural(given_.unit) + " " + number(sums.sum);
    if (raw.special) {
      total += given_.unit == "span" ? ", in no span " : ", special tokens ";
      total += number(*raw.special);
    }
    if (raw.delta) total += "  (delta " + plain_number(*raw.delta, kScientific) + ")";
    line("sum", total);
    if (given_.baseline && !given_.baseline->tokens.empty()) {
      line("baseline", baseline_tokens(*given_.baseline, kBaselineBytes));
    }
    out_ += '\n';
  }

  void foot() {
    std::string method = given_.method.name;
    for (std::size_t index = 0; index < given_.method.options.size(); ++index) {
      const auto& [name, value] = given_.method.options[index];
      method += (index == 0 ? "  (" : ", ") + name + " " + option_text(value);
    }
    line("method", method + (given_.method.options.empty() ? "" : ")"));
    const Cost& cost = given_.cost;
    std::string tokens = duration(cost.seconds) + ", " + grouped(cost.forward_tokens);
    tokens += " tokens forward, " + grouped(cost.backward_tokens) + " backward";
    line("cost", tokens);
    for (const std::string& note : shown_.notes) line("note", note);
    out_ += '\n';
  }

  const Explanation& given_;
  const Explanation shown_;
  const RenderOptions& options_;
  std::string out_;
};

std::string item(const Explanation& explanation, const RenderOptions& options) {
  return TerminalPage(explanation, options).str();
}

std::string nothing(const RenderOptions&) { return {}; }

}  // namespace

const Renderer& renderer_terminal() {
  static constexpr Renderer kRenderer{"terminal", "coloured text and its evidence, for people",
                                      nothing, item, nothing};
  return kRenderer;
}

}  // namespace ascribo
