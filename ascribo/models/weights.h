// SPDX-License-Identifier: MIT
// The named weights of a checkpoint folder, found however the checkpoint was published.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/models/blocks.h"
#include "ascribo/models/model.h"
#include "ascribo/models/training/parameter_store.h"

namespace ascribo {

class WeightFiles;
struct StoredTensor;

/// Whether a product or a norm adds one.
enum class Bias { kStored, kNone };

/// How several products are stored as one table.
enum class Fused {
  kRows,     ///< `[all out, in]`, one product after another
  kColumns,  ///< `[in, all out]`, one product after another (GPT-2's Conv1D)
};

/// Weights are asked for by the name that transformers publishes today. Found as well: names
/// without the base prefix ("bert."), behind a wrapper ("model.", "module."), and LayerNorms with
/// `gamma` and `beta`. What is asked for is remembered, in order. A weight that is missing or has
/// another shape is an Error(kBadCheckpoint) naming it. Not safe for concurrent use.
class Weights {
 public:
  /// `prefix` is what a base model's names begin with, dot included. `wrapper` is what may stand
  /// before names besides the usual ones.
  Weights(std::shared_ptr<const WeightFiles> files, std::string_view prefix, Dtype compute,
          std::string_view wrapper = {});

  Dtype compute() const { return compute_; }
  bool has(std::string_view name) const { return find(name) != nullptr; }
  /// Entries in the first dimension: how many outputs a head has.
  std::int64_t rows(std::string_view name) const;

  /// As stored and mapped; for tables.
  Tensor table(std::string_view name, const Shape& shape);
  /// `name`.weight `[out, in]`, as stored and mapped, and `name`.bias `[out]`.
  LinearWeight linear(const std::string& name, std::int64_t out, std::int64_t in,
                      Bias bias = Bias::kStored);
  /// `count` products stored as one: rows [i * out, (i + 1) * out) of weight and bias are product
  /// i.
  std::vector<LinearWeight> linears(const std::string& name, std::int64_t count, std::int64_t out,
                                    std::int64_t in, Bias bias = Bias::kStored);
  /// Products of `outs` outputs each, stored as one.
  std::vector<LinearWeight> linears(const std::string& name, const std::vector<std::int64_t>& outs,
                                    std::int64_t in, Fused fused, Bias bias = Bias::kStored);
  /// `count` products `[heads * width, in]` stored as `[heads, count, width, in]`.
  std::vector<LinearWeight> linears_by_head(const std::string& name, std::int64_t count,
                                            std::int64_t heads, std::int64_t width, std::int64_t in,
                                            Bias bias = Bias::kStored);
  /// `name`.weight `[out, in, width]` as a product `[out, in * width]`, and `name`.bias `[out]`.
  LinearWeight convolution(const std::string& name, std::int64_t out, std::int64_t in,
                           std::int64_t width);
  /// A product with a table that was asked for before, and the bias of that name, if any.
  LinearWeight tied(const Tensor& table, const std::string& bias);
  /// `name`.weight `[size]` plus `offset`, of a norm by root mean square.
  Norm rms_norm(const std::string& name, std::int64_t size, double epsilon, double offset = 0);
  /// `name`.weight and `name`.bias, `[size]`, converted.
  Norm norm(const std::string& name, std::int64_t size, double epsilon, Bias bias = Bias::kStored);

  /// From here on tables are not the file's but parameters of their own, in the compute dtype.
  void train(std::shared_ptr<ParameterStore> store) { training_ = std::move(store); }
  /// Where parameters are kept, or null.
  ParameterStore* training() const { return training_.get(); }

  /// The products handed out.
  const std::vector<LinearWeight>& linears() const { return linears_; }
  const std::vector<ModuleInfo>& used() const { return used_; }
  std::vector<std::string> unused() const;  ///< what the files hold besides, in their order
  std::int64_t parameters() const;          ///< of the weights used

 private:
  std::vector<LinearWeight> add(const std::vector<StoredWeight>& weights, const Tensor& bias);
  Tensor published(std::string_view name, const Shape& shape);
  Tensor trained(std::string_view name, const Shape& shape);
  LinearWeight keep(const LinearWeight& product);
  const StoredTensor* find(std::string_view name) const;
  const StoredTensor& require(std::string_view name, std::string_view what) const;

  std::shared_ptr<const WeightFiles> files_;
  std::string prefix_, wrapper_;
  Dtype compute_;
  std::shared_ptr<ParameterStore> training_;
  std::vector<LinearWeight> linears_;
  std::vector<ModuleInfo> used_;
};

}  // namespace ascribo
