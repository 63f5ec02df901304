// SPDX-License-Identifier: MIT
// A decoder of two layers whose every vector can be written down: each token adds the mean of what
// it sees to itself.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/folders.h"
#include "tests/stored_tensors.h"

namespace ascribo::toys {

/// A checkpoint in Llama's layout. Token v is the vector 2 e_v of 4 dimensions. Queries and keys
/// are zero, so that token i attends to each of the i + 1 tokens it sees alike; two query heads
/// share one head of values; values are `kGain` times the normalised vector; feed-forward blocks
/// are zero. The classifier's weight is `kWeight`.
class AveragingDecoder {
 public:
  static constexpr double kGain = 0.5;
  static constexpr double kWeight[2][4] = {{1, -2, 3, 0.5}, {0.25, 1, -1, 2}};

  AveragingDecoder() {
    put("model.embed_tokens.weight", {4, 4}, diagonal(4, 2));
    for (int n = 0; n < 2; ++n) {
      const std::string at = "model.layers." + std::to_string(n) + ".";
      put(at + "input_layernorm.weight", {4}, std::vector<float>(4, 1));
      put(at + "post_attention_layernorm.weight", {4}, std::vector<float>(4, 1));
      put(at + "self_attn.q_proj.weight", {8, 4}, std::vector<float>(32, 0));
      put(at + "self_attn.k_proj.weight", {4, 4}, std::vector<float>(16, 0));
      put(at + "self_attn.v_proj.weight", {4, 4}, diagonal(4, kGain));
      put(at + "self_attn.o_proj.weight", {4, 8}, halves());
      for (const char* name : {"gate_proj", "up_proj"}) {
        put(at + "mlp." + name + ".weight", {3, 4}, std::vector<float>(12, 0));
      }
      put(at + "mlp.down_proj.weight", {4, 3}, std::vector<float>(12, 0));
    }
    put("model.norm.weight", {4}, std::vector<float>(4, 1));
    std::vector<float> weight;
    for (const auto& row : kWeight) weight.insert(weight.end(), row, row + 4);
    put("score.weight", {2, 4}, weight);
    test::write_tensors(folder_.path() / "model.safetensors", tensors_);
    test::write_text(folder_.path() / "config.json",
                     R"({"architectures": ["LlamaForSequenceClassification"],
                         "model_type": "llama", "hidden_size": 4, "intermediate_size": 3,
                         "num_hidden_layers": 2, "num_attention_heads": 2,
                         "num_key_value_heads": 1, "head_dim": 4, "vocab_size": 4,
                         "max_position_embeddings": 16, "rms_norm_eps": 1e-12,
                         "hidden_act": "silu", "num_labels": 2})");
  }

  std::filesystem::path path() const { return folder_.path(); }

 private:
  static std::vector<float> diagonal(std::size_t size, double value) {
    std::vector<float> cells(size * size, 0);
    for (std::size_t i = 0; i < size; ++i) cells[i * size + i] = static_cast<float>(value);
    return cells;
  }
  // Each query head brings half.
  static std::vector<float> halves() {
    std::vector<float> cells(32, 0);
    for (std::size_t i = 0; i < 4; ++i) cells[i * 8 + i] = cells[i * 8 + 4 + i] = 0.5F;
    return cells;
  }
  void put(const std::string& name, const Shape& shape, const std::vector<float>& values) {
    std::string bytes(values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), values.data(), bytes.size());
    tensors_[name] = {"F32", shape, bytes};
  }

  test::TempFolder folder_;
  test::StoredTensors tensors_;
};

}  // namespace ascribo::toys
