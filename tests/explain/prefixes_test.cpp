// SPDX-License-Identifier: MIT
// Masks that begin alike run their common tokens once, and what comes out is the same bits.
#include "ascribo/explain/perturb/prefixes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "ascribo/base/threads.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"

namespace ascribo {
namespace {

// The same model, which does not say that later tokens go unseen: every mask runs as a whole.
class Unshared final : public Model {
 public:
  explicit Unshared(const std::filesystem::path& folder) : model_(Model::open(folder)) {
    info_ = model_->info();
    info_.causal = false;
  }
  const ModelInfo& info() const override { return info_; }
  Dtype compute() const override { return model_->compute(); }
  Variable forward(const Batch& batch, ascribo::Run& run) const override {
    EXPECT_TRUE(batch.shared.empty());
    return model_->forward(batch, run);
  }
  Tensor word_embeddings(const std::vector<std::int64_t>& ids) const override {
    return model_->word_embeddings(ids);
  }
  void pack(bool backward, Precision precision) const override {
    model_->pack(backward, precision);
  }

 private:
  std::unique_ptr<Model> model_;
  ModelInfo info_;
};

class Prefixes : public testing::TestWithParam<std::string> {
 protected:
  std::filesystem::path folder = test::golden_folder() / GetParam();
  Subject shared = Subject::open(folder);
  Subject plain = Subject::from(std::make_unique<Unshared>(folder), Tokenizer::open(folder));
  Input input{.text = "the film was surprisingly good and funny"};

  void SetUp() override {
    if (shared.model().info().head != HeadKind::kCausalLanguageModel) return;
    input = {.text = "the film was surprisingly", .continuation = " good and funny"};
  }

  // Fewer rows, the same bits, and the rows that were planned.
  void expect_same(const Request& request) const {
    const Explanation expected = plain.explain(input, request);
    const Explanation found = shared.explain(input, request);
    ASSERT_EQ(found.attributions.size(), expected.attributions.size());
    for (std::size_t k = 0; k < found.attributions.size(); ++k) {
      const Attribution& one = found.attributions[k];
      const Attribution& other = expected.attributions[k];
      ASSERT_EQ(one.scores.size(), other.scores.size());
      for (std::size_t u = 0; u < one.scores.size(); ++u) {
        if (std::isnan(one.scores[u]) && std::isnan(other.scores[u])) continue;
        EXPECT_EQ(one.scores[u], other.scores[u]) << request.method << ", unit " << u;
      }
      EXPECT_EQ(one.baseline_value, other.baseline_value);
    }
    EXPECT_LT(found.cost.forward_tokens, expected.cost.forward_tokens) << request.method;
    EXPECT_EQ(shared.plan(input, request).total.front().cost.forward_tokens,
              found.cost.forward_tokens)
        << request.method;
  }
};

TEST_P(Prefixes, EveryMethodThatHidesUnits) {
  for (const std::string method : {"occlusion", "lime", "kernel_shap", "shapley_sampling", "sobol",
                                   "exact_shapley", "partition"}) {
    OptionValues options{{"replace", "token:3"}, {"unit", "token"}};
    if (method == "exact_shapley" || method == "partition") options["unit"] = "word";
    expect_same({.method = method, .options = options});
  }
}

TEST_P(Prefixes, EveryReplacementAndScore) {
  for (const std::string replace : {"token:5", "zero", "attention", "delete"}) {
    // What answers cannot be taken away.
    if (replace == "delete" && input.continuation) continue;
    for (const std::string score : {"logit", "log_probability"}) {
      expect_same({.method = "lime",
                   .options = {{"replace", replace}, {"unit", "token"}, {"score", score}}});
    }
  }
}

// Every token of the prompt but the last, which answers.
TEST_P(Prefixes, DeletedTokensOfAPrompt) {
  if (!input.continuation) return;
  input.spans = {{.name = "a", .start = 4, .end = 8}, {.name = "b", .start = 9, .end = 12}};
  expect_same({.method = "exact_shapley",
               .options = {{"replace", "delete"}, {"unit", "span"}, {"attribute", "prompt"}}});
}

TEST_P(Prefixes, AnyBatchAndAnyNumberOfThreads) {
  const auto scores = [&](const std::string& rows, std::int64_t threads) {
    set_threads(threads);
    std::vector<float> all;
    const Request request{.method = "shapley_sampling",
                          .options = {{"unit", "token"}, {"batch_tokens", rows}}};
    for (const Attribution& each : shared.explain(input, request).attributions) {
      for (const float score : each.scores) all.push_back(std::isnan(score) ? 0 : score);
    }
    set_threads(0);
    return all;
  };
  const std::vector<float> expected = scores("1024", 1);
  EXPECT_EQ(scores("1", 2), expected);
  EXPECT_EQ(scores("100", 1), expected);
  EXPECT_EQ(scores("700", 3), expected);
  EXPECT_EQ(scores("100000", 2), expected);
}

INSTANTIATE_TEST_SUITE_P(Models, Prefixes,
                         testing::Values("gpt2-lm", "gpt2-cls", "llama-lm", "mistral-lm",
                                         "bloom-lm", "gpt-neox-lm"),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

std::vector<SharedRows> shared_of(const std::vector<std::vector<std::uint8_t>>& masks,
                                  const std::vector<std::int64_t>& reads, bool deletes,
                                  std::int64_t batch_tokens = 1024) {
  Task task;
  task.sequence.ids.resize(masks.front().size());
  task.sequence.reads = reads;
  std::vector<const std::vector<std::uint8_t>*> pointers;
  for (const auto& mask : masks) pointers.push_back(&mask);
  return share_prefixes(task, pointers, deletes, batch_tokens);
}

std::vector<std::int64_t> rows_of(const std::vector<SharedRows>& shared) {
  std::vector<std::int64_t> rows;
  for (const SharedRows& each : shared) rows.push_back(each.rows);
  return rows;
}

TEST(SharedPrefixes, RunWhatFollowsTheFirstDifference) {
  const std::vector<std::vector<std::uint8_t>> masks{
      {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}, {1, 0, 0, 0}, {1, 0, 0, 1}};
  EXPECT_THAT(rows_of(shared_of(masks, {}, false)), testing::ElementsAre(4, 2, 3, 4, 1));
  // The last row that is read runs for everybody.
  EXPECT_THAT(rows_of(shared_of(masks, {1, 2}, false)), testing::ElementsAre(4, 2, 3, 4, 2));
  // Of deleted tokens there is nothing to share nor to run.
  EXPECT_THAT(rows_of(shared_of(masks, {}, true)), testing::ElementsAre(3, 1, 2, 3, 1));
}

TEST(SharedPrefixes, GroupsAreAsManyAsTheRowsAllow) {
  std::vector<std::vector<std::uint8_t>> masks;
  for (std::size_t unit = 100; unit > 0; --unit) {
    masks.emplace_back(100, 0).at(unit - 1) = 1;
  }
  const auto groups = [&](std::int64_t batch_tokens) {
    std::int64_t count = 0, group = 0, largest = 0;
    for (const SharedRows& each : shared_of(masks, {}, false, batch_tokens)) {
      if (each.shared == 0) ++count;
      group = each.shared == 0 ? each.rows : group + each.rows;
      largest = std::max(largest, group);
    }
    EXPECT_LE(largest, batch_tokens / 2 + 200);
    return count;
  };
  // The last mask, which hides the first token, shares nothing anyway.
  EXPECT_EQ(groups(100000), 4 + 1);  // about 5,000 rows in groups of 800 and more
  EXPECT_EQ(groups(1024), 16 + 1);   // 256 and more
}

}  // namespace
}  // namespace ascribo
