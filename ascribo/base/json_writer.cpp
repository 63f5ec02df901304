// SPDX-License-Identifier: MIT
// Writes JSON with nlohmann's ordered value, which stays inside this file.
#include "ascribo/base/json_writer.h"

#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>
#include <vector>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {

namespace {

using Value = nlohmann::ordered_json;

/// The double nearest to the shortest decimal that names this float: printed as a double it has
/// the float's digits (0.1f gives 0.1, not 0.10000000149011612).
double with_float_digits(float number) {
  char digits[32];
  const auto written = std::to_chars(std::begin(digits), std::end(digits), number);
  double result = 0;
  std::from_chars(digits, written.ptr, result);
  return result;
}

}  // namespace

struct JsonWriter::State {
  Value root;
  bool written = false;
  std::vector<Value*> open;  // the containers around the next value, outermost first
  std::string key;
  bool has_key = false;

  Value* put(Value value) {
    if (open.empty()) {
      ASCRIBO_ASSERT(!written);
      written = true;
      root = std::move(value);
      return &root;
    }
    Value& parent = *open.back();
    if (parent.is_array()) {
      ASCRIBO_ASSERT(!has_key);
      parent.push_back(std::move(value));
      return &parent.back();
    }
    ASCRIBO_ASSERT(has_key);
    has_key = false;
    const auto [place, fresh] = parent.emplace(std::move(key), std::move(value));
    ASCRIBO_ASSERT(fresh);
    return &*place;
  }
};

JsonWriter::JsonWriter() : state_(std::make_unique<State>()) {}
JsonWriter::~JsonWriter() = default;
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;

JsonWriter& JsonWriter::begin_object() {
  state_->open.push_back(state_->put(Value::object()));
  return *this;
}

JsonWriter& JsonWriter::end_object() {
  ASCRIBO_ASSERT(!state_->open.empty() && state_->open.back()->is_object() && !state_->has_key);
  state_->open.pop_back();
  return *this;
}

JsonWriter& JsonWriter::begin_array() {
  state_->open.push_back(state_->put(Value::array()));
  return *this;
}

JsonWriter& JsonWriter::end_array() {
  ASCRIBO_ASSERT(!state_->open.empty() && state_->open.back()->is_array());
  state_->open.pop_back();
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  ASCRIBO_ASSERT(!state_->open.empty() && state_->open.back()->is_object() && !state_->has_key);
  state_->key = name;
  state_->has_key = true;
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  state_->put(Value(text));
  return *this;
}

JsonWriter& JsonWriter::value(bool flag) {
  state_->put(Value(flag));
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) {
  state_->put(Value(number));
  return *this;
}

JsonWriter& JsonWriter::value(std::uint64_t number) {
  state_->put(Value(number));
  return *this;
}

JsonWriter& JsonWriter::value(float number) {
  return std::isfinite(number) ? value(with_float_digits(number)) : null();
}

JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  state_->put(Value(number));
  return *this;
}

JsonWriter& JsonWriter::null() {
  state_->put(Value(nullptr));
  return *this;
}

JsonWriter& JsonWriter::json(std::string_view text) {
  Value value = Value::parse(text, nullptr, false);
  if (value.is_discarded()) {
    fail(Code::kBadFile, "json", "\"" + std::string(text.substr(0, 40)) + "\"", "expected JSON");
  }
  state_->put(std::move(value));
  return *this;
}

std::string JsonWriter::str(int indent) const {
  ASCRIBO_ASSERT(state_->written && state_->open.empty());
  return state_->root.dump(indent, ' ', false, Value::error_handler_t::replace);
}

}  // namespace ascribo
