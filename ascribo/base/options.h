// SPDX-License-Identifier: MIT
// Options declared once: a struct's members with name, help and choices, from which the doors make
// flags, schemas and documentation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

namespace ascribo {

/// Options as a door received them: name -> text. Names use underscores ("keep_special").
using OptionValues = std::map<std::string, std::string>;

/// Separates the entries of a repeated option in its text.
inline constexpr char kListSeparator = '\n';

/// The value of an option as it is reported with a result.
using OptionValue = std::variant<bool, std::int64_t, double, std::string>;

/// What a door needs to know of an option.
struct OptionInfo {
  std::string name;
  std::string type;  ///< "flag", "int", "float", "choice", "text", "list"
  std::vector<std::string> choices;
  std::string default_value;
  std::string help;
  bool repeatable = false;  ///< type "list": may be given several times
};

/// The names of an enum's values, in order; specialise for every enum used as an option:
/// `template <> struct EnumNames<Rule> { static constexpr std::array<std::string_view, 5> kNames`.
template <class Enum>
struct EnumNames;

/// An enum with names.
template <class T>
concept NamedEnum = std::is_enum_v<T> && requires {
  EnumNames<T>::kNames.size();
};

/// The name of an enumerator, e.g. enum_name(Rule::kTrapezoid) is "trapezoid".
template <NamedEnum Enum>
constexpr std::string_view enum_name(Enum value) {
  return EnumNames<Enum>::kNames[static_cast<std::size_t>(value)];
}

}  // namespace ascribo
