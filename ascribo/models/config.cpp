// SPDX-License-Identifier: MIT
// Reads and checks what config.json says.
#include "ascribo/models/config.h"

#include <algorithm>
#include <map>
#include <optional>

#include "ascribo/base/error.h"
#include "ascribo/base/integer.h"
#include "ascribo/base/nearest.h"

namespace ascribo {
namespace {

constexpr std::string_view kWhere = "config.json";

std::string in_quotes(std::string_view text) { return '"' + std::string(text) + '"'; }

/// id2label's values by its keys' numbers.
std::map<std::int64_t, std::string> numbered_labels(const Json& id2label) {
  std::map<std::int64_t, std::string> labels;
  id2label.members([&](std::string_view key, const Json& value) {
    const auto number = parse_integer(key);
    if (!number) {
      fail(Code::kBadCheckpoint, kWhere, "id2label has the key " + in_quotes(key),
           "expected the number of an output, from \"0\" on");
    }
    labels[*number] = value.is_string() ? std::string(value.string()) : value.dump();
  });
  return labels;
}

[[noreturn]] void contradiction(const std::string& stated, std::string_view weight,
                                std::int64_t rows) {
  fail(Code::kBadCheckpoint, kWhere,
       stated + ", but weight " + in_quotes(weight) + " has " + std::to_string(rows) + " rows",
       "expected one label for each row",
       "correct config.json, or the head belongs to another model");
}

std::string placeholder(std::int64_t number) { return "LABEL_" + std::to_string(number); }

/// Whether labels are those that older versions of transformers wrote whatever the head was.
bool names_nothing(const std::map<std::int64_t, std::string>& labels) {
  return std::all_of(labels.begin(), labels.end(),
                     [](const auto& entry) { return entry.second == placeholder(entry.first); });
}

/// A config that does not name its labels leaves nothing to contradict: the head is believed.
std::vector<std::string> placeholders(const Json& config, std::int64_t rows,
                                      std::string_view weight) {
  const std::int64_t count = config.integer_or("num_labels", rows);
  if (count != rows) contradiction("num_labels is " + std::to_string(count), weight, rows);
  std::vector<std::string> labels;
  for (std::int64_t i = 0; i < rows; ++i) labels.push_back(placeholder(i));
  return labels;
}

}  // namespace

std::int64_t config_size(const Json& config, std::string_view key, std::int64_t fallback) {
  const std::int64_t size = config.integer_or(key, fallback);
  if (size < 1) {
    fail(Code::kBadCheckpoint, kWhere, std::string(key) + " is " + std::to_string(size),
         "expected at least 1");
  }
  return size;
}

std::int64_t config_size_up_to(const Json& config, std::string_view key, std::int64_t fallback,
                               std::int64_t limit) {
  const std::int64_t size = config_size(config, key, fallback);
  if (size > limit) {
    fail(Code::kBadCheckpoint, kWhere, std::string(key) + " is " + std::to_string(size),
         "expected at most " + std::to_string(limit));
  }
  return size;
}

double config_epsilon(const Json& config, std::string_view key, double fallback) {
  const double epsilon = config.number_or(key, fallback);
  if (!(epsilon > 0)) {
    fail(Code::kBadCheckpoint, kWhere, std::string(key) + " is " + std::to_string(epsilon),
         "expected a number above 0");
  }
  return epsilon;
}

Activation config_activation(const Json& config, std::string_view key, std::string_view fallback) {
  const std::string name = config.string_or(key, fallback);
  if (const auto found = find_activation(name)) return *found;
  const std::vector<std::string> known = activation_names();
  fail(Code::kUnsupported, kWhere, std::string(key) + " is " + in_quotes(name),
       "expected " + listed(known, "or"), nearest_hint(name, known));
}

std::optional<std::vector<bool>> config_windows(const Json& config, std::int64_t layers) {
  const std::optional<Json> named = config.find("layer_types");
  if (!named) return std::nullopt;
  std::vector<bool> near;
  named->elements([&](const Json& each) {
    const std::string_view name = each.string();
    if (name != "full_attention" && name != "sliding_attention") {
      fail(Code::kUnsupported, kWhere, "layer_types names " + in_quotes(name),
           "expected full_attention or sliding_attention");
    }
    near.push_back(name == "sliding_attention");
  });
  if (static_cast<std::int64_t>(near.size()) != layers) {
    fail(Code::kBadCheckpoint, kWhere,
         "layer_types names " + std::to_string(near.size()) + " layers",
         "expected " + std::to_string(layers) + ", as num_hidden_layers says");
  }
  return near;
}

void check_heads(std::string_view width_key, std::int64_t hidden, std::string_view heads_key,
                 std::int64_t heads) {
  if (hidden % heads == 0) return;
  fail(Code::kBadCheckpoint, kWhere,
       std::string(width_key) + " is " + std::to_string(hidden) + " with " + std::to_string(heads) +
           " " + std::string(heads_key),
       "expected a multiple of the number of heads");
}

void refuse_other_encoders(const Json& config) {
  for (const std::string_view key : {"is_decoder", "add_cross_attention"}) {
    if (!config.boolean_or(key, false)) continue;
    fail(Code::kUnsupported, kWhere, std::string(key) + " is true",
         "expected an encoder, in which every token sees every other");
  }
  const std::string positions = config.string_or("position_embedding_type", "absolute");
  if (positions != "absolute") {
    fail(Code::kUnsupported, kWhere, "position_embedding_type is " + in_quotes(positions),
         "expected \"absolute\"");
  }
  const std::optional<Json> pruned = config.find("pruned_heads");
  if (pruned && pruned->size() > 0) {
    fail(Code::kUnsupported, kWhere, "pruned_heads is " + pruned->dump(),
         "expected layers that have all of their heads");
  }
}

std::vector<std::string> config_labels(const Json& config, std::int64_t rows,
                                       std::string_view weight) {
  std::vector<std::string> labels;
  if (const std::optional<Json> id2label = config.find("id2label")) {
    const auto numbered = numbered_labels(*id2label);
    const auto count = static_cast<std::int64_t>(numbered.size());
    if (count != rows && names_nothing(numbered)) return placeholders(config, rows, weight);
    if (numbered.empty() || count != rows || numbered.begin()->first != 0 ||
        numbered.rbegin()->first != rows - 1) {
      contradiction("id2label names " + std::to_string(count) + " labels: " + id2label->dump(),
                    weight, rows);
    }
    for (const auto& [number, label] : numbered) labels.push_back(label);
    return labels;
  }
  return placeholders(config, rows, weight);
}

Problem config_problem(const Json& config) {
  const std::string type = config.string_or("problem_type", "single_label_classification");
  if (type == "single_label_classification") return Problem::kSingleLabel;
  if (type == "multi_label_classification") return Problem::kMultiLabel;
  if (type == "regression") return Problem::kRegression;
  fail(Code::kUnsupported, kWhere, "problem_type is " + in_quotes(type),
       "expected single_label_classification, multi_label_classification or regression");
}

}  // namespace ascribo
