// SPDX-License-Identifier: MIT
// Binds option names to the members of a struct: one line declares, parses, reports and documents.
#pragma once

#include <array>
#include <concepts>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/options.h"

namespace ascribo {

namespace detail {

/// Text to value and back, one pair for each kind. `subject` begins the error ("steps").
void parse_option(std::string_view where, std::string_view subject, std::string_view text, bool&);
void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::int64_t&);
void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::uint64_t&);
void parse_option(std::string_view where, std::string_view subject, std::string_view text, double&);
void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::string&);
void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  std::vector<std::string>&);
std::size_t parse_choice(std::string_view where, std::string_view subject, std::string_view text,
                         const std::vector<std::string>& names);

OptionValue report_option(bool value);
OptionValue report_option(std::int64_t value);
OptionValue report_option(std::uint64_t value);
OptionValue report_option(double value);
OptionValue report_option(const std::string& value);
OptionValue report_option(const std::vector<std::string>& value);

/// A value as a user would type it: yes, 50, 0.5, word.
std::string option_text(const OptionValue& value);

[[noreturn]] void fail_unknown_option(std::string_view where, std::string_view name,
                                      const std::vector<std::string>& names);
[[noreturn]] void fail_check(std::string_view where, std::string_view name, std::string_view text,
                             std::string_view expected);

template <NamedEnum Enum>
std::vector<std::string> choices() {
  return {EnumNames<Enum>::kNames.begin(), EnumNames<Enum>::kNames.end()};
}

template <NamedEnum Enum>
void parse_option(std::string_view where, std::string_view subject, std::string_view text,
                  Enum& value) {
  value = static_cast<Enum>(parse_choice(where, subject, text, choices<Enum>()));
}

template <NamedEnum Enum>
OptionValue report_option(Enum value) {
  return std::string(enum_name(value));
}

template <class T>
struct Bare {
  using Type = T;
};
template <class T>
struct Bare<std::optional<T>> {
  using Type = T;
};

template <class T>
std::string option_type() {
  if constexpr (std::same_as<T, bool>)
    return "flag";
  else if constexpr (std::integral<T>)
    return "int";
  else if constexpr (std::floating_point<T>)
    return "float";
  else if constexpr (NamedEnum<T>)
    return "choice";
  else if constexpr (std::same_as<T, std::string>)
    return "text";
  else
    return "list";
}

}  // namespace detail

/// The enumerator of that name. Errors: kInvalidArgument listing the names, with the nearest.
template <NamedEnum Enum>
Enum parse_enum(std::string_view where, std::string_view text) {
  Enum value{};
  detail::parse_option(where, {}, text, value);
  return value;
}

/// The options of one method or request. Members may be bool, std::int64_t, std::uint64_t, double,
/// std::string, a named enum, std::optional of one of these, or std::vector<std::string> (an
/// option that may repeat). Defaults are those of a default-constructed Struct.
///
///     const auto& set() {
///       static const auto kSet = OptionSet<Options>()
///           .add("steps", &Options::steps, "points on the path")
///               .check([](std::int64_t n) { return n >= 1; }, "expected at least 1")
///           .add("rule", &Options::rule, "how points are spread");
///       return kSet;
///     }
///
/// Const methods may be called concurrently.
template <class Struct>
class OptionSet {
 public:
  template <class T>
  OptionSet& add(std::string_view name, T Struct::*member, std::string_view help) {
    using Value = typename detail::Bare<T>::Type;
    Entry entry;
    entry.info.name = name;
    entry.info.type = detail::option_type<Value>();
    entry.info.help = help;
    entry.info.repeatable = std::same_as<Value, std::vector<std::string>>;
    if constexpr (NamedEnum<Value>) entry.info.choices = detail::choices<Value>();
    entry.value_type = &typeid(Value);
    entry.parse = [member](std::string_view where, const Entry& self, const std::string& text,
                           Struct& out) {
      Value value{};
      detail::parse_option(where, self.info.name, text, value);
      if (self.accepts && !self.accepts(&value)) {
        detail::fail_check(where, self.info.name, text, self.expected);
      }
      out.*member = std::move(value);
    };
    entry.report = [member](const Struct& from) -> std::optional<OptionValue> {
      if constexpr (std::same_as<T, Value>)
        return detail::report_option(from.*member);
      else if (from.*member)
        return detail::report_option(*(from.*member));
      else
        return std::nullopt;
    };
    if (const auto value = entry.report(Struct{})) {
      entry.info.default_value = detail::option_text(*value);
    }
    entries_.push_back(std::move(entry));
    return *this;
  }

  /// What the option added last must satisfy. `predicate` takes the member's type (bare of
  /// std::optional) by value or const reference; `expected` is the error's second half.
  template <class Predicate>
  OptionSet& check(Predicate predicate, std::string_view expected) {
    return check_as(std::function(std::move(predicate)), expected);
  }

  /// The option added last is for the program itself: parsed, but neither offered nor reported.
  OptionSet& internal() {
    ASCRIBO_ASSERT(!entries_.empty());
    entries_.back().internal = true;
    return *this;
  }

  /// A Struct with the given options set, the others at their defaults. `where` begins the errors,
  /// e.g. the method's name. Errors: kUnknownName with the nearest name, kInvalidArgument.
  Struct parse(std::string_view where, const OptionValues& given) const {
    Struct result{};
    for (const auto& [name, text] : given) {
      const Entry* entry = find(name);
      if (entry == nullptr) detail::fail_unknown_option(where, name, names());
      entry->parse(where, *entry, text, result);
    }
    return result;
  }

  bool has(std::string_view name) const { return find(name) != nullptr; }

  std::vector<std::string> names() const {
    std::vector<std::string> result;
    for (const OptionInfo& option : describe()) result.push_back(option.name);
    return result;
  }

  /// What a door needs to offer the options, in the order they were added.
  std::vector<OptionInfo> describe() const {
    std::vector<OptionInfo> result;
    for (const Entry& entry : entries_) {
      if (!entry.internal) result.push_back(entry.info);
    }
    return result;
  }

  /// The values in use, in the order the options were added; unset std::optionals are left out.
  std::vector<std::pair<std::string, OptionValue>> values(const Struct& from) const {
    std::vector<std::pair<std::string, OptionValue>> result;
    for (const Entry& entry : entries_) {
      if (auto value = entry.internal ? std::nullopt : entry.report(from))
        result.emplace_back(entry.info.name, std::move(*value));
    }
    return result;
  }

 private:
  struct Entry {
    OptionInfo info;
    bool internal = false;
    const std::type_info* value_type = nullptr;
    std::function<void(std::string_view, const Entry&, const std::string&, Struct&)> parse;
    std::function<std::optional<OptionValue>(const Struct&)> report;
    std::function<bool(const void*)> accepts;
    std::string expected;
  };

  template <class Argument>
  OptionSet& check_as(std::function<bool(Argument)> predicate, std::string_view expected) {
    using Value = std::remove_cvref_t<Argument>;
    ASCRIBO_ASSERT(!entries_.empty() && *entries_.back().value_type == typeid(Value));
    entries_.back().accepts = [predicate = std::move(predicate)](const void* value) {
      return predicate(*static_cast<const Value*>(value));
    };
    entries_.back().expected = expected;
    return *this;
  }

  const Entry* find(std::string_view name) const {
    for (const Entry& entry : entries_) {
      if (entry.info.name == name) return &entry;
    }
    return nullptr;
  }

  std::vector<Entry> entries_;
};

}  // namespace ascribo
