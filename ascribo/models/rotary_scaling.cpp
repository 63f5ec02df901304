// SPDX-License-Identifier: MIT
// Follows transformers' modeling_rope_utils.py, operation by operation where rounding depends on
// it.
#include "ascribo/models/rotary_scaling.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <string>
#include <string_view>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::string_view kWhere = "config.json";

void scale_llama3(const RotaryScaling& scaling, std::vector<float>& frequencies) {
  const auto context = static_cast<float>(scaling.original_max_position_embeddings);
  const auto factor = static_cast<float>(scaling.factor);
  const auto low = static_cast<float>(scaling.low_freq_factor);
  const auto between = static_cast<float>(scaling.high_freq_factor - scaling.low_freq_factor);
  const auto longest =
      static_cast<float>(scaling.original_max_position_embeddings / scaling.low_freq_factor);
  const auto shortest =
      static_cast<float>(scaling.original_max_position_embeddings / scaling.high_freq_factor);
  for (float& frequency : frequencies) {
    const float wave = static_cast<float>(2 * std::numbers::pi) / frequency;
    if (wave > longest) {
      frequency /= factor;
    } else if (wave >= shortest) {
      const float smooth = (context / wave - low) / between;
      frequency = (1.0f - smooth) * frequency / factor + smooth * frequency;
    }
  }
}

// The pair, not rounded, that turns `turns` times within the texts of the first training.
double pair_of_turns(const RotaryScaling& scaling, double turns, double width) {
  const double ratio = scaling.original_max_position_embeddings / (turns * 2 * std::numbers::pi);
  return width * std::log(ratio) / (2 * std::log(scaling.theta));
}

void scale_yarn(const RotaryScaling& scaling, std::int64_t width, std::vector<float>& powers) {
  const auto columns = static_cast<double>(width);
  double low = pair_of_turns(scaling, scaling.beta_fast, columns);
  double high = pair_of_turns(scaling, scaling.beta_slow, columns);
  if (scaling.truncate) {
    low = std::floor(low);
    high = std::ceil(high);
  }
  low = std::max(low, 0.0);
  high = std::min(high, columns - 1);
  if (low == high) high += 0.001;
  for (std::size_t d = 0; d < powers.size(); ++d) {
    const float way =
        (static_cast<float>(d) - static_cast<float>(low)) / static_cast<float>(high - low);
    const float kept = 1.0f - std::clamp(way, 0.0f, 1.0f);
    const float stretched = 1.0f / (static_cast<float>(scaling.factor) * powers[d]);
    powers[d] = stretched * (1.0f - kept) + 1.0f / powers[d] * kept;
  }
}

}  // namespace

std::vector<float> RotaryScaling::frequencies(std::int64_t width) const {
  std::vector<float> frequencies;
  for (std::int64_t d = 0; d < width / 2; ++d) {
    const float power = static_cast<float>(2 * d) / static_cast<float>(width);
    frequencies.push_back(std::pow(static_cast<float>(theta), power));
  }
  if (kind == Kind::kYarn) {
    scale_yarn(*this, width, frequencies);
    return frequencies;
  }
  for (float& frequency : frequencies) frequency = 1.0f / frequency;
  if (kind == Kind::kLinear) {
    for (float& frequency : frequencies) frequency /= static_cast<float>(factor);
  }
  if (kind == Kind::kLlama3) scale_llama3(*this, frequencies);
  return frequencies;
}

namespace {

// What a number may be.
struct Range {
  double least;
  bool above;  // more than `least`
  std::string_view name;
};
constexpr Range kPositive{0, true, "a number above 0"};
constexpr Range kNotNegative{0, false, "a number of at least 0"};
constexpr Range kAtLeastOne{1, false, "a number of at least 1"};
constexpr Range kAboveOne{1, true, "a number above 1"};

[[noreturn]] void refuse(const std::string& name, const std::string& given,
                         std::string_view expected) {
  fail(Code::kBadCheckpoint, kWhere, name + " is " + given, "expected " + std::string(expected));
}

// One object of config.json; errors name its fields as `rope_scaling.factor`.
struct Fields {
  Json object;
  std::string path;  // "rope_scaling.", or nothing for config.json itself

  // Nothing where it is absent or null.
  std::optional<double> number(std::string_view key, const Range& range) const {
    const std::optional<Json> value = object.find(key);
    if (!value) return std::nullopt;
    const double given = value->is_number() ? value->number() : std::nan("");
    const bool good = range.above ? given > range.least : given >= range.least;
    if (!good || !std::isfinite(given)) refuse(path + std::string(key), value->dump(), range.name);
    return given;
  }
  double required(std::string_view key, const Range& range) const {
    const std::optional<double> value = number(key, range);
    if (!value) refuse(path + std::string(key), "missing", range.name);
    return *value;
  }
  bool boolean(std::string_view key, bool fallback) const {
    const std::optional<Json> value = object.find(key);
    if (!value) return fallback;
    if (value->kind() != Json::Kind::kBool) {
      refuse(path + std::string(key), value->dump(), "true or false");
    }
    return value->boolean();
  }
};

RotaryScaling::Kind read_kind(const Fields& fields) {
  using Kind = RotaryScaling::Kind;
  // "type" is what older versions of transformers wrote.
  const std::string_view key = fields.object.find("rope_type") ? "rope_type" : "type";
  const std::optional<Json> value = fields.object.find(key);
  if (!value) return Kind::kDefault;
  constexpr std::string_view kKnown = "\"default\", \"linear\", \"llama3\" or \"yarn\"";
  if (!value->is_string()) refuse(fields.path + std::string(key), value->dump(), kKnown);
  const std::string_view name = value->string();
  if (name == "default") return Kind::kDefault;
  if (name == "linear") return Kind::kLinear;
  if (name == "llama3") return Kind::kLlama3;
  if (name == "yarn") return Kind::kYarn;
  fail(Code::kUnsupported, kWhere, fields.path + std::string(key) + " is " + value->dump(),
       "expected " + std::string(kKnown),
       name == "dynamic" ? "texts of at most max_position_embeddings tokens need \"default\"" : "");
}

// Length of the texts of the first training. Phi-3's place for it comes first.
double read_original(const Json& config, const Fields& fields) {
  constexpr std::string_view kKey = "original_max_position_embeddings";
  const Fields whole{config, ""};
  if (const auto stated = whole.number(kKey, kAtLeastOne)) return *stated;
  if (const auto stated = fields.number(kKey, kAtLeastOne)) return *stated;
  if (const auto longest = whole.number("max_position_embeddings", kAtLeastOne)) return *longest;
  refuse(fields.path + std::string(kKey), "missing", kAtLeastOne.name);
}

void read_llama3(const Fields& fields, RotaryScaling& scaling) {
  scaling.low_freq_factor = fields.required("low_freq_factor", kPositive);
  scaling.high_freq_factor = fields.required("high_freq_factor", kPositive);
  if (scaling.high_freq_factor <= scaling.low_freq_factor) {
    refuse(fields.path + "high_freq_factor", fields.object.at("high_freq_factor").dump(),
           "more than low_freq_factor, " + fields.object.at("low_freq_factor").dump());
  }
}

// What scores grow by with a stretch by `factor`.
double growth(double factor, double mscale) {
  return factor <= 1 ? 1 : 0.1 * mscale * std::log(factor) + 1;
}

void read_yarn(const Fields& fields, RotaryScaling& scaling) {
  // 0 stands for nothing said.
  const auto stated = [&](std::string_view key, double fallback) {
    const double value = fields.number(key, kNotNegative).value_or(0);
    return value == 0 ? fallback : value;
  };
  scaling.beta_fast = stated("beta_fast", 32);
  scaling.beta_slow = stated("beta_slow", 1);
  if (scaling.beta_fast < scaling.beta_slow) {
    const bool fast = fields.object.find("beta_fast").has_value();
    refuse(fields.path + "beta_fast", fast ? fields.object.at("beta_fast").dump() : "32",
           "at least beta_slow");
  }
  scaling.truncate = fields.boolean("truncate", true);
  const double mscale = stated("mscale", 0), all = stated("mscale_all_dim", 0);
  scaling.attention_factor = mscale != 0 && all != 0
                                 ? growth(scaling.factor, mscale) / growth(scaling.factor, all)
                                 : growth(scaling.factor, 1);
  scaling.attention_factor =
      fields.number("attention_factor", kPositive).value_or(scaling.attention_factor);
}

// The object that says how to scale, if any; an old one goes before a new one, as in transformers.
Fields scaling_fields(const Json& config) {
  for (const std::string_view key : {"rope_scaling", "rope_parameters"}) {
    const std::optional<Json> value = config.find(key);
    if (!value) continue;
    const std::string name(key);
    if (!value->is_object()) refuse(name, value->dump(), "an object");
    if (value->size() == 0) continue;
    value->members([&](std::string_view inner, const Json& of) {
      if (!of.is_object()) return;
      fail(Code::kUnsupported, kWhere,
           name + " has parameters of its own for " + std::string(inner),
           "expected the same for all layers");
    });
    return {*value, name + "."};
  }
  return {Json::parse("{}", std::string(kWhere)), ""};
}

}  // namespace

RotaryScaling read_rotary_scaling(const Json& config, double default_theta) {
  using Kind = RotaryScaling::Kind;
  const Fields fields = scaling_fields(config);
  RotaryScaling scaling{.kind = read_kind(fields)};
  // The logarithm of theta is a divisor.
  const Range& range = scaling.kind == Kind::kYarn ? kAboveOne : kPositive;
  const std::optional<double> inner = fields.number("rope_theta", range);
  scaling.theta =
      inner ? *inner : Fields{config, ""}.number("rope_theta", range).value_or(default_theta);
  if (scaling.kind == Kind::kDefault) return scaling;
  scaling.factor = fields.required("factor", kPositive);
  if (scaling.kind == Kind::kLinear) return scaling;
  scaling.original_max_position_embeddings = read_original(config, fields);
  if (scaling.kind == Kind::kLlama3) read_llama3(fields, scaling);
  if (scaling.kind == Kind::kYarn) read_yarn(fields, scaling);
  return scaling;
}

}  // namespace ascribo
