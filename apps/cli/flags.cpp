// SPDX-License-Identifier: MIT
// Declared options to flags. The only file that includes CLI11.
#include "flags.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

namespace ascribo::cli {
namespace {

// CLI11 takes words apart that look like lists or markers to it. Words that are values or texts
// carry this byte in front until it is done, so that they arrive as typed.
constexpr char kShield = '\x01';

bool may_be_flag(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  if (word[1] >= '0' && word[1] <= '9') return false;
  const std::string_view name = word.substr(0, word.find('='));
  return name.find_first_of(" \t\n") == std::string_view::npos;
}

std::string shielded(const std::string& word) {
  if (!may_be_flag(word)) return kShield + word;
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return word;
  return word.substr(0, equals + 1) + kShield + word.substr(equals + 1);
}

bool is_shielded(std::string_view word) { return !word.empty() && word[0] == kShield; }

std::string unshielded(const std::string& word) {
  return is_shielded(word) ? word.substr(1) : word;
}

std::vector<std::string> known_flags(const CommandLine& line) {
  std::vector<std::string> names{"--help"};
  for (const FlagGroup& group : line.groups) {
    for (const Flag& flag : group.flags) names.push_back(flag_name(flag.option.name));
  }
  return names;
}

[[noreturn]] void fail_unknown(const CommandLine& line, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  std::string hint =
      nearest_hint(name, known_flags(line), "`ascribo " + line.command + " --help` lists them");
  if (!line.positional.empty()) hint += " A " + line.positional + " like this goes after --";
  fail(Code::kUnknownName, line.command, "there is no flag " + name,
       "expected a flag of this command", hint);
}

void check_choice(const CommandLine& line, const Flag& flag, const std::string& value) {
  const std::vector<std::string>& choices = flag.option.choices;
  if (!flag.check_choices || choices.empty()) return;
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  fail(Code::kUnknownName, line.command, flag_name(flag.option.name) + " is \"" + value + "\"",
       "expected " + listed(choices, "or"), nearest_hint(value, choices));
}

/// "true" or "false" for what may be said of a flag without value (`--json`, `--json=no`).
std::string switch_value(const CommandLine& line, const Flag& flag, const std::string& value) {
  if (value == "true" || value == "yes" || value == "1") return "true";
  if (value == "false" || value == "no" || value == "0") return "false";
  fail(Code::kInvalidArgument, line.command, flag_name(flag.option.name) + " is \"" + value + "\"",
       "expected yes, no or nothing");
}

struct Declared {
  const Flag* flag;
  CLI::Option* option;
};

std::vector<Declared> declare(const CommandLine& line, CLI::App& app) {
  std::vector<Declared> declared;
  const CLI::callback_t accept = [](const CLI::results_t&) { return true; };
  for (const FlagGroup& group : line.groups) {
    for (const Flag& flag : group.flags) {
      const std::string name = flag_name(flag.option.name);
      CLI::Option* option =
          takes_value(flag.option) ? app.add_option(name, accept)->expected(1) : app.add_flag(name);
      option->multi_option_policy(flag.option.repeatable ? CLI::MultiOptionPolicy::TakeAll
                                                         : CLI::MultiOptionPolicy::TakeLast);
      declared.push_back({&flag, option});
    }
  }
  return declared;
}

[[noreturn]] void fail_parse(const CommandLine& line, const CLI::ParseError& error) {
  const std::string message = error.what();
  const std::string name = message.substr(0, message.find(':'));
  if (message.rfind("--", 0) == 0 && dynamic_cast<const CLI::ArgumentMismatch*>(&error)) {
    fail(Code::kInvalidArgument, line.command, name + " is given without a value",
         "expected " + name + " VALUE",
         "`ascribo " + line.command + " --help` says what it may be");
  }
  fail(Code::kInvalidArgument, line.command, "the flags cannot be read (" + message + ")",
       "expected flags with their values", "`ascribo " + line.command + " --help` lists them");
}

void collect(const CommandLine& line, const std::vector<Declared>& declared, const CLI::App& app,
             Arguments& arguments) {
  for (const auto& [flag, option] : declared) {
    if (option->count() == 0) continue;
    std::vector<std::string> values;
    for (const std::string& result : option->results()) values.push_back(unshielded(result));
    if (!flag->option.repeatable) values.erase(values.begin(), values.end() - 1);
    for (std::string& value : values) {
      if (!takes_value(flag->option)) value = switch_value(line, *flag, value);
      check_choice(line, *flag, value);
    }
    arguments.values.emplace(flag->option.name, std::move(values));
  }
  for (const std::string& word : app.remaining()) {
    if (!is_shielded(word)) fail_unknown(line, word);
    arguments.positionals.push_back(unshielded(word));
  }
}

}  // namespace

bool takes_value(const OptionInfo& option) {
  return option.type != "flag" || option.default_value != "no";
}

Flag switch_flag(std::string name, std::string help) {
  Flag flag;
  flag.option.name = std::move(name);
  flag.option.type = "flag";
  flag.option.default_value = "no";
  flag.option.help = std::move(help);
  return flag;
}

Flag value_flag(std::string name, std::string placeholder, std::string help, std::string fallback) {
  Flag flag = switch_flag(std::move(name), std::move(help));
  flag.option.type = "text";
  flag.option.default_value = std::move(fallback);
  flag.placeholder = std::move(placeholder);
  return flag;
}

Flag choice_flag(std::string name, std::vector<std::string> choices, std::string help) {
  Flag flag = value_flag(std::move(name), "", std::move(help), choices.front());
  flag.option.type = "choice";
  flag.option.choices = std::move(choices);
  return flag;
}

std::optional<std::string> Arguments::get(std::string_view name) const {
  const auto found = values.find(name);
  if (found == values.end()) return std::nullopt;
  return found->second.back();
}

std::string Arguments::get_or(std::string_view name, std::string_view fallback) const {
  return get(name).value_or(std::string(fallback));
}

std::vector<std::string> Arguments::all(std::string_view name) const {
  const auto found = values.find(name);
  return found == values.end() ? std::vector<std::string>{} : found->second;
}

Arguments parse(const CommandLine& line, const std::vector<std::string>& words) {
  Arguments arguments;
  const auto literal = std::find(words.begin(), words.end(), "--");
  std::vector<std::string> reversed;  // the order in which CLI11 takes them
  for (auto word = words.begin(); word != literal; ++word) {
    if (*word == "--help" || *word == "-h") {
      arguments.help = true;
      return arguments;
    }
    reversed.push_back(shielded(*word));
  }
  std::reverse(reversed.begin(), reversed.end());
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  const std::vector<Declared> declared = declare(line, app);
  try {
    app.parse(std::move(reversed));
  } catch (const CLI::ParseError& error) {
    fail_parse(line, error);
  }
  collect(line, declared, app, arguments);
  arguments.literal_from = arguments.positionals.size();
  if (literal != words.end()) {
    arguments.positionals.insert(arguments.positionals.end(), literal + 1, words.end());
  }
  if (line.positional.empty() && !arguments.positionals.empty()) {
    fail(Code::kInvalidArgument, line.command,
         "\"" + arguments.positionals.front() + "\" is given without a flag", "expected flags only",
         "`ascribo " + line.command + " --help` lists them");
  }
  return arguments;
}

std::string flag_name(std::string_view option_name) {
  std::string name = "--" + std::string(option_name);
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

std::optional<std::int64_t> read_count(const Arguments& arguments, const std::string& command,
                                       std::string_view flag) {
  const auto given = arguments.get(flag);
  if (!given) return std::nullopt;
  std::int64_t count = 0;
  const char* const end = given->data() + given->size();
  const auto [stop, error] = std::from_chars(given->data(), end, count);
  if (error != std::errc() || stop != end || count < 1) {
    fail(Code::kInvalidArgument, command, flag_name(flag) + " is \"" + *given + "\"",
         "expected a whole number from 1 on");
  }
  return count;
}

}  // namespace ascribo::cli
