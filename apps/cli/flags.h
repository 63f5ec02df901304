// SPDX-License-Identifier: MIT
// A command's flags, declared as described options and parsed; help.h explains them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// One flag. On the command line it is called as the option is, with `-` for `_`.
struct Flag {
  OptionInfo option;
  std::string placeholder;    ///< what help shows for the value; empty: made from the type
  bool check_choices = true;  ///< false where the library checks, with its own message
};

/// Whether a value follows the flag: not where giving it can only mean yes.
bool takes_value(const OptionInfo& option);

/// A flag without value.
Flag switch_flag(std::string name, std::string help);
/// A flag with a value; `fallback` is the default as help shows it.
Flag value_flag(std::string name, std::string placeholder, std::string help,
                std::string fallback = "");
/// A flag whose value is one of `choices`, the first by default.
Flag choice_flag(std::string name, std::vector<std::string> choices, std::string help);

struct FlagGroup {
  std::string title;
  std::vector<Flag> flags;
};

/// Everything a command takes, and what its help says.
struct CommandLine {
  std::string command;     ///< "explain"
  std::string summary;     ///< what it does, in a sentence or two
  std::string usage;       ///< what follows the command in the first line of help
  std::string positional;  ///< name of what stands without a flag ("TEXT"); empty: nothing may
  std::vector<FlagGroup> groups;
  std::string examples;  ///< the end of the help
};

/// What was given.
struct Arguments {
  std::vector<std::string> positionals;  ///< as typed
  std::size_t literal_from = 0;          ///< positionals from here on stood after `--`
  bool help = false;                     ///< then nothing else is filled in
  std::map<std::string, std::vector<std::string>, std::less<>> values;  ///< by option name

  bool has(std::string_view name) const { return values.find(name) != values.end(); }
  /// The value; of a repeated flag the last.
  std::optional<std::string> get(std::string_view name) const;
  std::string get_or(std::string_view name, std::string_view fallback) const;
  std::vector<std::string> all(std::string_view name) const;
  /// True when a flag without value is given (and not as --name=false).
  bool on(std::string_view name) const { return get(name) == "true"; }
};

/// Parses what follows the command's name. What comes after `--` is positional and literal, and
/// so is what begins with `-` but cannot be a flag: "-5", "-", "--what a film". Errors:
/// kInvalidArgument, kUnknownName naming the nearest flag or choice.
Arguments parse(const CommandLine& line, const std::vector<std::string>& words);

/// "--batch-tokens" for "batch_tokens".
std::string flag_name(std::string_view option_name);

/// The whole number that a flag has, if it is given. Errors: kInvalidArgument unless from 1 on.
std::optional<std::int64_t> read_count(const Arguments& arguments, const std::string& command,
                                       std::string_view flag);

}  // namespace ascribo::cli
