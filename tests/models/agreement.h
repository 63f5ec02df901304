// SPDX-License-Identifier: MIT
// Compares a checkpoint's answers and gradients with a record of what transformers gives.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <ostream>

#include "tests/models/models_under_test.h"

namespace ascribo::test {

inline std::vector<double> numbers(const Json& array) {
  std::vector<double> values;
  array.elements([&](const Json& v) { values.push_back(v.number()); });
  return values;
}

inline Tensor matrix(const Json& rows) {
  std::vector<double> values;
  rows.elements([&](const Json& row) {
    const std::vector<double> each = numbers(row);
    values.insert(values.end(), each.begin(), each.end());
  });
  const auto count = static_cast<std::int64_t>(rows.size());
  return Tensor::from<double>(values, {count, static_cast<std::int64_t>(values.size()) / count});
}

/// Positions as transformers numbers embeddings: padding is not seen in them.
inline Sequence sequence_of(const Json& text, const ModelInfo& model) {
  const std::int64_t first = model.padding_position ? *model.padding_position + 1 : 0;
  Sequence sequence;
  text.at("ids").elements([&](const Json& id) {
    sequence.positions.push_back(first + sequence.size());
    sequence.ids.push_back(id.integer());
  });
  text.at("type_ids").elements([&](const Json& t) { sequence.type_ids.push_back(t.integer()); });
  if (const auto place = text.find("place")) sequence.reads = {place->integer()};
  return sequence;
}

/// The outputs whose gradients are recorded.
inline std::vector<std::int64_t> targets_of(const Json& text, std::int64_t outputs) {
  std::vector<std::int64_t> targets;
  if (const auto some = text.find("targets")) {
    some->elements([&](const Json& target) { targets.push_back(target.integer()); });
  } else {
    for (std::int64_t each = 0; each < outputs; ++each) targets.push_back(each);
  }
  return targets;
}

inline Tensor row(const Json& array) {
  const std::vector<double> values = numbers(array);
  return Tensor::from<double>(values, {1, static_cast<std::int64_t>(values.size())});
}

/// The logits whose values are recorded: of a large vocabulary, some.
inline Tensor recorded_of(const Json& text, const Tensor& logits) {
  const auto some = text.find("outputs");
  if (!some) return logits;
  const std::vector<double> all = logits.to_vector<double>();
  std::vector<double> values;
  some->elements(
      [&](const Json& v) { values.push_back(all.at(static_cast<std::size_t>(v.integer()))); });
  return Tensor::from<double>(values, {1, static_cast<std::int64_t>(values.size())});
}

/// Per target and token: gradient times word embedding, and the L2 norms of the gradient and of
/// the terms of that product.
struct Summary {
  Tensor products, norms, terms;
};

inline Summary summarise(const Tensor& gradient, const Tensor& words) {
  const std::vector<double> g = gradient.to_vector<double>(), w = words.to_vector<double>();
  const Shape shape{gradient.dim(0), gradient.dim(1)};
  const auto width = static_cast<std::size_t>(gradient.dim(2));
  std::vector<double> products, norms, terms;
  for (std::size_t at = 0; at < g.size(); at += width) {
    double product = 0, square = 0, term = 0;
    for (std::size_t d = 0; d < width; ++d) {
      const double each = g[at + d] * w[(at + d) % w.size()];
      product += each;
      square += g[at + d] * g[at + d];
      term += each * each;
    }
    products.push_back(product);
    norms.push_back(std::sqrt(square));
    terms.push_back(std::sqrt(term));
  }
  return {Tensor::from<double>(products, shape), Tensor::from<double>(norms, shape),
          Tensor::from<double>(terms, shape)};
}

inline double largest(const Tensor& tensor) {
  double found = 0;
  for (const double value : tensor.to_vector<double>()) found = std::max(found, std::abs(value));
  return found;
}

struct Recorded {
  const char* name;
  /// Nothing is added to words before they are normalised: the product of a word with its gradient
  /// is next to 0, and has only its terms to be measured by.
  bool words_alone = false;

  friend std::ostream& operator<<(std::ostream& out, const Recorded& recorded) {
    return out << recorded.name;
  }
};

/// Texts with more than `longest` tokens are left out.
inline void expect_agreement(const std::filesystem::path& folder, const Recorded& recorded,
                             Dtype compute, double tolerance, std::int64_t longest = 512) {
  const std::string name = recorded.name;
  const auto model = Model::open(folder, compute);
  const Json record =
      Json::parse(read_text(golden_folder() / "agreement" / (name + ".json")), name + ".json");
  int compared = 0;
  record.at("texts").elements([&](const Json& text) {
    const std::string what(text.at("text").string());
    const Sequence sequence = sequence_of(text, model->info());
    if (sequence.size() > longest) return;
    ++compared;
    ascribo::Run run;
    run.watch({Tap::kWordEmbeddings});
    const Variable logits = model->forward(batch_of({sequence}), run);
    EXPECT_LT(relative_error(recorded_of(text, logits.value()), row(text.at("logits"))), tolerance)
        << what;
    const Tensor seeds = seeds_at(targets_of(text, logits.value().cols()), logits.value());
    const Tensor gradient = run.gradients(logits, seeds, {{Tap::kWordEmbeddings}}).at(0);
    const Summary found = summarise(gradient, run.at({Tap::kWordEmbeddings}).value());
    EXPECT_LT(relative_error(found.norms, matrix(text.at("gradient_norm"))), tolerance) << what;
    // A token's product is a sum of terms that cancel: its error is that of the terms.
    const Tensor products = matrix(text.at("input_x_gradient"));
    const double share = recorded.words_alone ? largest(products) / largest(found.terms) : 1.0 / 5;
    EXPECT_LT(relative_error(found.products, products) * share, tolerance) << what;
  });
  EXPECT_GT(compared, 0);
}

}  // namespace ascribo::test
