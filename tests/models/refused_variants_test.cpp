// SPDX-License-Identifier: MIT
// Configs of ALBERT, MPNet, DeBERTa v2 and ModernBERT that would compute something else are
// refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"

namespace ascribo::test {
namespace {

// What is said of the golden checkpoint with `field` in its config, in place of its own if any.
std::string refusal(const std::string& golden, const std::string& field, Code code) {
  Rewritten checkpoint(golden);
  const std::string key = field.substr(1, field.find('"', 1) - 1);
  if (checkpoint.config.find('"' + key + '"') != std::string::npos)
    checkpoint.drop_from_config(key);
  checkpoint.add_to_config(field);
  return error_text(code, [&] { checkpoint.open(); });
}

TEST(RefusedVariants, Albert) {
  EXPECT_EQ(refusal("albert-cls", "\"num_hidden_layers\": 1000000000000", Code::kBadCheckpoint),
            "[config.json] num_hidden_layers is 1000000000000; expected at most 10000.");
}

TEST(RefusedVariants, MPNet) {
  EXPECT_EQ(refusal("mpnet-cls", "\"relative_attention_num_buckets\": 16", Code::kUnsupported),
            "[config.json] relative_attention_num_buckets is 16; expected 32.");
}

TEST(RefusedVariants, DebertaV2) {
  const std::string name = "deberta-v2-cls";
  EXPECT_EQ(refusal(name, "\"embedding_size\": 16", Code::kUnsupported),
            "[config.json] embedding_size is 16; expected 32, as all published models have it.");
  EXPECT_EQ(
      refusal(name, "\"attention_head_size\": 16", Code::kUnsupported),
      "[config.json] attention_head_size is 16; expected 8, as all published models have it.");
  EXPECT_EQ(refusal(name, "\"conv_kernel_size\": 4", Code::kUnsupported),
            "[config.json] conv_kernel_size is 4; expected an odd number.");
  EXPECT_EQ(refusal(name, "\"conv_groups\": 2", Code::kUnsupported),
            "[config.json] conv_groups is 2; expected 1, as all published models have it.");
  EXPECT_EQ(refusal(name, "\"position_buckets\": 1", Code::kBadCheckpoint),
            "[config.json] position_buckets is 1 with 80 max_relative_positions; expected at least "
            "4, and positions further than half of them.");
  EXPECT_EQ(refusal(name, "\"max_position_embeddings\": 1000000000000", Code::kBadCheckpoint),
            "[config.json] max_position_embeddings is 1000000000000; expected at most 1048576.");
}

TEST(RefusedVariants, ModernBert) {
  const std::string name = "modernbert-cls";
  EXPECT_EQ(refusal(name, "\"layer_types\": [\"full_attention\", \"chunked\"]", Code::kUnsupported),
            "[config.json] layer_types names \"chunked\"; expected full_attention or "
            "sliding_attention.");
  EXPECT_EQ(refusal(name, "\"layer_types\": [\"full_attention\"]", Code::kBadCheckpoint),
            "[config.json] layer_types names 1 layers; expected 4, as num_hidden_layers says.");
  EXPECT_EQ(refusal(name, "\"classifier_pooling\": \"max\"", Code::kUnsupported),
            "[config.json] classifier_pooling is \"max\"; expected \"cls\" or \"mean\".");
  EXPECT_EQ(refusal(name, "\"num_attention_heads\": 32", Code::kBadCheckpoint),
            "[config.json] hidden_size is 32 with 64 halves of heads; expected a multiple of the "
            "number of heads.");
  Rewritten scaled(name);
  scaled.edit_config("\"rope_type\": \"default\"", "\"rope_type\": \"yarn\"");
  EXPECT_EQ(error_text(Code::kUnsupported, [&] { scaled.open(); }),
            "[config.json] rope_type is \"yarn\"; expected \"default\".");
}

// null, as the first configs had it: layers with a window turn like those without.
TEST(PublishedModernBert, LocalThetaMayBeNull) {
  Rewritten null("modernbert-cls"), same("modernbert-cls");
  for (Rewritten* each : {&null, &same}) {
    each->edit_config("\"rope_parameters\"", "\"unread\"");
    each->add_to_config("\"global_rope_theta\": 5000.0");
  }
  null.add_to_config("\"local_rope_theta\": null");
  same.add_to_config("\"local_rope_theta\": 5000.0");
  const Batch batch = batch_of(all_sequences(Golden("modernbert-cls")));
  const std::vector<float> expected = logits_of(*same.open(), batch).to_vector<float>();
  EXPECT_EQ(logits_of(*null.open(), batch).to_vector<float>(), expected);
  null.edit_config("\"local_rope_theta\": null,", "");  // left out: 10000
  EXPECT_NE(logits_of(*null.open(), batch).to_vector<float>(), expected);
}

}  // namespace
}  // namespace ascribo::test
