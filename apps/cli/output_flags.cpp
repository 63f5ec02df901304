// SPDX-License-Identifier: MIT
// Makes a plan of outputs from what was asked for and what standard output is.
#include "output_flags.h"

#include <unistd.h>

#include <charconv>
#include <iostream>
#include <limits>

#include "terminal.h"

namespace ascribo::cli {
namespace {

/// Renderers that write files of their own, called as the flag.
constexpr const char* kPages[] = {"html", "svg", "latex", "csv"};

constexpr Figure kFigures[] = {Figure::kAuto,   Figure::kText,   Figure::kGrid,
                               Figure::kLayers, Figure::kTokens, Figure::kFlow};
constexpr const char* kFigureNames[] = {"auto", "text", "grid", "layers", "tokens", "flow"};

ColorChoice color_choice(const Arguments& arguments) {
  const std::string choice = arguments.get_or("color", "auto");
  if (choice == "always") return ColorChoice::kAlways;
  return choice == "never" ? ColorChoice::kNever : ColorChoice::kAuto;
}

Ground ground(const Arguments& arguments) {
  const std::string choice = arguments.get_or("background", "auto");
  if (choice == "light") return Ground::kLight;
  return choice == "dark" ? Ground::kDark : terminal_ground();
}

/// A whole number from `least` on.
int number(const Arguments& arguments, const std::string& command, std::string_view flag, int least,
           int fallback) {
  const auto given = arguments.get(flag);
  if (!given) return fallback;
  int value = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, value);
  if (error == std::errc() && stop == end && value >= least) return value;
  fail(Code::kInvalidArgument, command, flag_name(flag) + " is \"" + *given + "\"",
       "expected a whole number from " + std::to_string(least) + " on");
}

RenderOptions render_options(const Arguments& arguments, const std::string& command,
                             bool terminal) {
  RenderOptions render;
  render.color = color_depth(color_choice(arguments), terminal);
  if (arguments.get_or("palette", "green_red") == "blue_orange") {
    render.palette = Palette::kBlueOrange;
  }
  render.ground = ground(arguments);
  render.width = number(arguments, command, "width", 20, terminal_width(STDOUT_FILENO));
  render.layer = number(arguments, command, "figure_layer", 0, -1);
  const std::string figure = arguments.get_or("figure", "auto");
  for (std::size_t at = 0; at < std::size(kFigures); ++at) {
    if (figure == kFigureNames[at]) render.figure = kFigures[at];
  }
  return render;
}

}  // namespace

FlagGroup output_flags() {
  return {"what is written",
          {switch_flag("json", "JSON lines on standard output"),
           value_flag("output", "FILE",
                      "JSON lines to a file (one array when its name ends in .json) instead of "
                      "standard output"),
           value_flag("html", "FILE", "a page that shows everything, in one file"),
           value_flag("svg", "FILE",
                      "a picture for papers; of further texts FILE-2.svg, FILE-3.svg ..."),
           value_flag("latex", "FILE", "coloured text and scores to \\input, with xcolor alone"),
           value_flag("csv", "FILE", "a row for each text, target and unit"),
           choice_flag("figure", {"auto", "text", "grid", "layers", "tokens", "flow"},
                       "what the picture shows: the text, targets by units, layers by tokens, one "
                       "layer's tokens by tokens, or how information flowed"),
           value_flag("figure_layer", "N", "which layer --figure tokens shows, from 0", "the last"),
           choice_flag("color", {"auto", "always", "never"},
                       "coloured text; auto is in a terminal, unless NO_COLOR is set"),
           choice_flag("palette", {"green_red", "blue_orange"},
                       "colours of for and against; blue_orange suits colour-blind readers"),
           choice_flag("background", {"auto", "dark", "light"}, "of the terminal"),
           value_flag("width", "N", "columns of the coloured text", "those of the terminal")}};
}

const std::vector<std::string>& output_file_flags() {
  static const std::vector<std::string> kNames{"output", "html", "svg",
                                               "latex",  "csv",  "save_masks"};
  return kNames;
}

OutputPlan make_output(const Arguments& arguments, const std::string& command) {
  OutputPlan plan;
  const bool terminal = is_terminal(STDOUT_FILENO);
  plan.render = render_options(arguments, command, terminal);
  for (const char* name : kPages) {
    if (const auto file = arguments.get(name)) plan.pages.push_back({&find_renderer(name), *file});
  }
  plan.mask_file = arguments.get("save_masks");
  const auto output = arguments.get("output");
  if (output && *output != "-") plan.json_file = output;
  if (output && std::filesystem::path(*output).extension() == ".html") {
    fail(Code::kInvalidArgument, command, "--output is \"" + *output + "\"",
         "expected a file for JSON", "--html " + *output + " writes a page");
  }
  const bool text = !output && !arguments.on("json") &&
                    (terminal || color_choice(arguments) == ColorChoice::kAlways);
  if (text) {
    plan.standard = &find_renderer("terminal");
  } else if (!plan.json_file || arguments.on("json")) {
    plan.standard = &find_renderer("json");
  }
  return plan;
}

void report_files(const OutputPlan& plan, const ResultWriter& writer) {
  const std::int64_t written = writer.written();
  const std::string count =
      std::to_string(written) + (written == 1 ? " explanation" : " explanations");
  if (plan.json_file) std::cerr << "ascribo: " << count << " in " << *plan.json_file << "\n";
  if (const auto file = writer.layer_file()) {
    std::cerr << "ascribo: layer tables in " << file->string() << "\n";
  }
  for (const PagePlan& page : plan.pages) {
    std::cerr << "ascribo: " << count << " in " << page.file << "\n";
  }
  if (plan.mask_file) std::cerr << "ascribo: masks in " << *plan.mask_file << "\n";
}

}  // namespace ascribo::cli
