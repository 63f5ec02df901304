// SPDX-License-Identifier: MIT
// The golden folders: tiny checkpoints, texts, and what the established libraries answer for them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <numeric>
#include <string>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/models/batch.h"
#include "ascribo/tensor/tensor.h"
#include "tests/folders.h"
#include "tests/stored_tensors.h"

namespace ascribo::test {

inline std::filesystem::path golden_folder() { return test_folder() / "golden"; }

/// One folder of tests/golden. Quantities are named as in expected.safetensors, without "c<case>/".
class Golden {
 public:
  explicit Golden(const std::string& name)
      : folder(golden_folder() / name), expected_(read_tensors(folder / "expected.safetensors")) {
    Json::parse(read_text(folder / "cases.json"), "cases.json")
        .at("cases")
        .elements([&](const Json& each) { cases.push_back(each); });
    const Json config = Json::parse(read_text(folder / "config.json"), "config.json");
    const std::string type = config.string_or("model_type", "");
    if (type == "roberta" || type == "xlm-roberta" || type == "mpnet") {
      padding_ = config.at("pad_token_id").integer();
    }
  }

  const std::filesystem::path folder;
  std::vector<Json> cases;

  bool has(std::size_t index, const std::string& quantity) const {
    return expected_.contains(key(index, quantity));
  }
  Tensor expected(std::size_t index, const std::string& quantity) const {
    return expected_.at(key(index, quantity)).tensor();
  }
  std::vector<std::int64_t> integers(std::size_t index, const char* field) const {
    std::vector<std::int64_t> values;
    cases.at(index).at(field).elements([&](const Json& v) { values.push_back(v.integer()); });
    return values;
  }
  /// The case as the records were made: a generic tokenizer class in tokenizer_config.json made
  /// transformers leave the token types out, so that a pair's second side has type 0 as well.
  Sequence sequence(std::size_t index) const {
    Sequence sequence;
    sequence.ids = integers(index, "input_ids");
    sequence.type_ids.assign(sequence.ids.size(), 0);
    std::int64_t last = padding_;
    for (const std::int64_t id : sequence.ids) {
      sequence.positions.push_back(padding_ >= 0 && id == padding_ ? padding_ : ++last);
    }
    return sequence;
  }
  /// The case as gradients were recorded: from embeddings, in which padding is not seen, so that
  /// positions never pass over it.
  Sequence embedded_sequence(std::size_t index) const {
    Sequence each = sequence(index);
    std::iota(each.positions.begin(), each.positions.end(), padding_ + 1);
    return each;
  }
  /// The logits as the model lays them out: the records keep starts and ends of answers apart.
  Tensor logits(std::size_t index) const {
    if (has(index, "logits")) return expected(index, "logits");
    const auto start = expected(index, "start_logits").to_vector<float>();
    const auto end = expected(index, "end_logits").to_vector<float>();
    std::vector<float> both;
    for (std::size_t i = 0; i < start.size(); ++i) both.insert(both.end(), {start[i], end[i]});
    return Tensor::from<float>(both, {static_cast<std::int64_t>(start.size()), 2});
  }
  /// Where the case's targets are in those logits; of a continuation, each of its tokens.
  std::vector<std::int64_t> targets(std::size_t index) const {
    if (cases.at(index).find("prompt_len")) return continued(index);
    std::vector<std::int64_t> flat = integers(index, "targets");
    if (has(index, "logits")) return flat;
    const auto seq = static_cast<std::int64_t>(integers(index, "input_ids").size());
    for (std::int64_t& at : flat) at = at < seq ? 2 * at : 2 * (at - seq) + 1;
    return flat;
  }

 private:
  /// A token is predicted at the one before it.
  std::vector<std::int64_t> continued(std::size_t index) const {
    const std::vector<std::int64_t> ids = integers(index, "input_ids");
    const std::int64_t vocabulary = expected(index, "logits").cols();
    std::vector<std::int64_t> flat;
    for (auto at = static_cast<std::size_t>(cases.at(index).at("prompt_len").integer());
         at < ids.size(); ++at) {
      flat.push_back((static_cast<std::int64_t>(at) - 1) * vocabulary + ids[at]);
    }
    return flat;
  }

  static std::string key(std::size_t index, const std::string& quantity) {
    return "c" + std::to_string(index) + "/" + quantity;
  }
  StoredTensors expected_;
  std::int64_t padding_ = -1;  // RoBERTa and its kin count from the one after, passing over it
};

/// A golden checkpoint of this model_type; the first by name. Empty when there is none.
inline std::string golden_of(std::string_view model_type) {
  std::string found;
  for (const auto& entry : std::filesystem::directory_iterator(golden_folder())) {
    const std::filesystem::path config = entry.path() / "config.json";
    if (!std::filesystem::exists(config)) continue;
    if (Json::parse(read_text(config), "config.json").string_or("model_type", "") != model_type) {
      continue;
    }
    const std::string name = entry.path().filename();
    if (found.empty() || name < found) found = name;
  }
  return found;
}

/// Largest difference, as a share of the largest magnitude expected. Same number of elements.
inline double relative_error(const Tensor& found, const Tensor& expected) {
  const std::vector<double> a = found.to_vector<double>(), b = expected.to_vector<double>();
  if (a.size() != b.size()) return INFINITY;
  double difference = 0, magnitude = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (std::isnan(a[i])) return INFINITY;
    difference = std::max(difference, std::abs(a[i] - b[i]));
    magnitude = std::max(magnitude, std::abs(b[i]));
  }
  return magnitude > 0 ? difference / magnitude : difference;
}

}  // namespace ascribo::test
