// SPDX-License-Identifier: MIT
// Shorthands for running golden checkpoints in the tests of models.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ascribo/models/model.h"
#include "tests/golden.h"

namespace ascribo::test {

inline Batch batch_of(const std::vector<Sequence>& sequences) {
  Batch batch;
  for (const Sequence& sequence : sequences) batch.append(sequence);
  return batch;
}

/// ids with positions 0, 1, ... and type 0.
inline Sequence plain_sequence(std::vector<std::int64_t> ids) {
  Sequence sequence;
  sequence.ids = std::move(ids);
  for (std::int64_t i = 0; i < sequence.size(); ++i) sequence.positions.push_back(i);
  sequence.type_ids.assign(sequence.ids.size(), 0);
  return sequence;
}

inline std::vector<Sequence> all_sequences(const Golden& golden) {
  std::vector<Sequence> sequences;
  for (std::size_t i = 0; i < golden.cases.size(); ++i) sequences.push_back(golden.sequence(i));
  return sequences;
}

inline Tensor logits_of(const Model& model, const Batch& batch) {
  Run run;
  return model.forward(batch, run).value();
}

/// One seed for each place among the logits of one sequence: `[places, ...logits]`.
inline Tensor seeds_at(const std::vector<std::int64_t>& places, const Tensor& logits) {
  std::vector<double> seeds(places.size() * static_cast<std::size_t>(logits.numel()), 0.0);
  for (std::size_t k = 0; k < places.size(); ++k) {
    seeds[k * static_cast<std::size_t>(logits.numel()) + static_cast<std::size_t>(places[k])] = 1;
  }
  const auto count = static_cast<std::int64_t>(places.size());
  return Tensor::from<double>(seeds, {count, logits.dim(0), logits.dim(1)}).to(logits.dtype());
}

/// One seed for each output of one sequence's only answer: `[labels, 1, labels]`.
inline Tensor every_output(std::int64_t labels, Dtype dtype) {
  std::vector<std::int64_t> places;
  for (std::int64_t i = 0; i < labels; ++i) places.push_back(i);
  return seeds_at(places, Tensor::zeros({1, labels}, dtype));
}

/// A test's name made of a parameter: gtest takes letters, digits and _ only.
inline std::string test_name(std::string text) {
  for (char& c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return text;
}

}  // namespace ascribo::test
