// SPDX-License-Identifier: MIT
// Subjects with known answers: a linear model behind a real tokenizer.
#pragma once

#include <cmath>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"
#include "tests/toys/linear_model.h"

namespace ascribo::test {

inline std::filesystem::path toy_tokenizer() { return golden_folder() / "bert-cls"; }

/// Three numbers for each of the tokenizer's tokens, all different, none zero.
inline toys::LinearModel::Parameters linear_parameters(std::int64_t vocabulary) {
  toys::LinearModel::Parameters parameters;
  for (std::int64_t id = 0; id < vocabulary; ++id) {
    const auto x = static_cast<float>(id + 1);
    parameters.words.push_back({std::sin(x), std::cos(3 * x), std::sin(7 * x + 1)});
  }
  parameters.weight = {{0.5F, -1, 2}, {1, 0.25F, -0.5F}, {-2, 1, 0.125F}};
  parameters.bias = {0.1F, -0.2F, 0.3F};
  return parameters;
}

struct Toy {
  const toys::LinearModel* model;
  Subject subject;
};

inline Toy toy_of(toys::LinearModel::Parameters parameters, std::vector<std::string> labels,
                  Problem problem = Problem::kSingleLabel) {
  auto model =
      std::make_unique<toys::LinearModel>(std::move(parameters), std::move(labels), problem);
  const toys::LinearModel* seen = model.get();
  return {seen, Subject::from(std::move(model), Tokenizer::open(toy_tokenizer()))};
}

inline Toy linear_toy() {
  const auto tokenizer = Tokenizer::open(toy_tokenizer());
  return toy_of(linear_parameters(tokenizer->vocabulary_size()), {"one", "two", "three"});
}

/// Only one word matters: it speaks for the first of two labels.
inline Toy keyword_toy(const std::string& keyword) {
  const auto tokenizer = Tokenizer::open(toy_tokenizer());
  toys::LinearModel::Parameters parameters;
  const auto vocabulary = static_cast<std::size_t>(tokenizer->vocabulary_size());
  parameters.words.assign(vocabulary, {0, 0.01F});
  parameters.words[static_cast<std::size_t>(*tokenizer->find_token(keyword))] = {4, 0.01F};
  parameters.weight = {{1, 0}, {-1, 0}};
  parameters.bias = {-1, 1};
  return toy_of(std::move(parameters), {"there", "absent"});
}

}  // namespace ascribo::test
