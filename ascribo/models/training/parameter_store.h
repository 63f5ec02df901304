// SPDX-License-Identifier: MIT
// The weights of a model that is being trained: where they live, and how new ones start.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ascribo/ops/linear.h"

namespace ascribo {

/// One weight, under the name that transformers publishes it by.
struct Parameter {
  std::string name;
  Tensor value;        ///< in the model's compute dtype; written to between steps
  bool fresh = false;  ///< not from the checkpoint
};

/// Filled while a model is built. Not safe for concurrent use.
class ParameterStore {
 public:
  /// `outputs` of the head, 0 to go by the checkpoint; new matrices are normal with standard
  /// deviation `spread`.
  ParameterStore(std::int64_t outputs, double spread, std::uint64_t seed, Dtype compute)
      : outputs_(outputs), spread_(spread), seed_(seed), compute_(compute) {}

  std::int64_t outputs() const { return outputs_; }
  std::vector<Parameter>& parameters() { return parameters_; }
  const std::vector<Parameter>& parameters() const { return parameters_; }

  /// Whether what is asked for now may be new: while the head is read.
  bool starts_anew() const { return anew_; }
  void start_anew(bool anew) { anew_ = anew; }

  /// The products made of parameters; Weights adds them.
  std::vector<LinearWeight>& products() { return products_; }

  const Tensor* find(std::string_view name) const;
  /// Takes values over; they are copied if anybody else has them.
  Tensor add(std::string name, const Tensor& value);
  /// A new weight: biases are 0, factors of norms 1, all else at random.
  Tensor start(std::string name, const Shape& shape);

 private:
  Tensor keep(std::string name, Tensor value, bool fresh);

  std::int64_t outputs_;
  double spread_;
  std::uint64_t seed_;
  Dtype compute_;
  bool anew_ = false;
  std::vector<Parameter> parameters_;
  std::vector<LinearWeight> products_;
  std::unordered_map<std::string, std::size_t> by_name_;
};

}  // namespace ascribo
