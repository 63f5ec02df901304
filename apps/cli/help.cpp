// SPDX-License-Identifier: MIT
// Lays out a command's help: usage, groups of flags with choices and defaults, examples.
#include "help.h"

#include <algorithm>

namespace ascribo::cli {
namespace {

constexpr int kFlagIndent = 2;
constexpr int kHelpIndent = 26;

std::string placeholder(const Flag& flag) {
  if (!flag.placeholder.empty()) return flag.placeholder;
  if (flag.option.type == "flag") return "yes|no";
  if (flag.option.type == "int") return "N";
  if (flag.option.type == "float") return "X";
  if (flag.option.type == "choice") return "NAME";
  return "TEXT";
}

std::string flag_heading(const Flag& flag) {
  std::string heading(kFlagIndent, ' ');
  heading += flag_name(flag.option.name);
  if (takes_value(flag.option)) heading += " " + placeholder(flag);
  return heading;
}

std::string flag_description(const Flag& flag) {
  const OptionInfo& option = flag.option;
  std::string text = option.help;
  if (option.repeatable) text += "; may be given several times";
  std::string values = listed(option.choices, "or");
  if (takes_value(option) && !option.default_value.empty()) {
    values += (values.empty() ? "" : "; ") + ("default " + option.default_value);
  }
  if (!values.empty()) text += " (" + values + ")";
  return text;
}

std::string flag_text(const Flag& flag, int width) {
  std::string heading = flag_heading(flag);
  const std::string description = wrapped(flag_description(flag), kHelpIndent, width);
  if (description.empty()) return heading + "\n";
  if (heading.size() + 2 > kHelpIndent) return heading + "\n" + description;
  return heading + description.substr(heading.size());
}

}  // namespace

std::string wrapped(std::string_view text, int indent, int width) {
  const std::size_t room = static_cast<std::size_t>(std::max(width - indent, 20));
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string result, line;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    if (!line.empty() && line.size() + 1 + word.size() > room) {
      result += margin + line + "\n";
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  if (!line.empty()) result += margin + line + "\n";
  return result;
}

std::string group_text(const FlagGroup& group, int width) {
  if (group.flags.empty()) return "";
  std::string text = "\n" + wrapped(group.title + ":", 0, width);
  for (const Flag& flag : group.flags) text += flag_text(flag, width);
  return text;
}

std::string help_text(const CommandLine& line, int width) {
  std::string text = "usage: ascribo " + line.command + " " + line.usage + "\n\n";
  text += wrapped(line.summary, 0, width);
  for (const FlagGroup& group : line.groups) text += group_text(group, width);
  if (!line.examples.empty()) text += "\nexamples:\n" + line.examples;
  return text;
}

}  // namespace ascribo::cli
