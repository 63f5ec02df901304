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

/// One seed for each output of one sequence: `[labels, 1, labels]`.
inline Tensor every_output(std::int64_t labels, Dtype dtype) {
  std::vector<double> seeds(static_cast<std::size_t>(labels * labels), 0.0);
  for (std::int64_t i = 0; i < labels; ++i) seeds[static_cast<std::size_t>(i * labels + i)] = 1;
  return Tensor::from<double>(seeds, {labels, 1, labels}).to(dtype);
}

/// A test's name made of a parameter: gtest takes letters, digits and _ only.
inline std::string test_name(std::string text) {
  for (char& c : text) {
    if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
  }
  return text;
}

}  // namespace ascribo::test
