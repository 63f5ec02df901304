// SPDX-License-Identifier: MIT
// Checkpoints as people have published them over the years open like the plain golden ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"
#include "tests/models/shortened.h"

namespace ascribo::test {
namespace {

struct Family {
  const char* golden;
  const char* prefix;  // with its dot
  const char* words = "embeddings.word_embeddings.weight";

  friend std::ostream& operator<<(std::ostream& out, const Family& family) {
    return out << family.golden;
  }
};

class Published : public testing::TestWithParam<Family> {
 protected:
  Published() : golden(GetParam().golden), checkpoint(GetParam().golden) {}

  std::vector<float> logits(const Model& model) const {
    return logits_of(model, batch_of(all_sequences(golden))).to_vector<float>();
  }
  /// The rewritten checkpoint answers to the last bit what the golden one answers.
  void expect_same() const {
    const auto model = checkpoint.open();
    EXPECT_EQ(logits(*model), logits(*Model::open(golden.folder)));
  }

  Golden golden;
  Rewritten checkpoint;
};

// Where norms are called LayerNorm, in the models of the time when they had other parts.
class PublishedEarly : public Published {};

TEST_P(PublishedEarly, GammaAndBeta) {
  checkpoint.rename([](const std::string& name) {
    return std::regex_replace(
        std::regex_replace(name, std::regex("LayerNorm\\.weight$"), "LayerNorm.gamma"),
        std::regex("LayerNorm\\.bias$"), "LayerNorm.beta");
  });
  ASSERT_TRUE(
      checkpoint.tensors.contains(std::string(GetParam().prefix) + "embeddings.LayerNorm.gamma"));
  expect_same();
  EXPECT_TRUE(checkpoint.open()->info().unused.empty());
}

TEST_P(Published, WithoutTheBasePrefix) {
  const std::string prefix = GetParam().prefix;
  checkpoint.rename([&](const std::string& name) {
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  });
  ASSERT_TRUE(checkpoint.tensors.contains(GetParam().words));
  expect_same();
}

TEST_P(Published, BehindAWrapper) {
  for (const std::string wrapper : {"model.", "module."}) {
    checkpoint = Rewritten(GetParam().golden);
    checkpoint.rename([&](const std::string& name) { return wrapper + name; });
    expect_same();
  }
}

TEST_P(Published, ExtraBuffersAndSurplusHeads) {
  const std::string buffer = std::string(GetParam().prefix) + "embeddings.position_ids";
  checkpoint.tensors[buffer] = zeros("I64", {1, 80});
  checkpoint.tensors["cls.predictions.bias"] = zeros("F32", {800});
  checkpoint.tensors["cls.predictions.transform.dense.weight"] = zeros("F32", {32, 32});
  expect_same();
  EXPECT_THAT(checkpoint.open()->info().unused,
              testing::UnorderedElementsAre(buffer, "cls.predictions.bias",
                                            "cls.predictions.transform.dense.weight"));
}

TEST_P(Published, AbsentLabels) {
  checkpoint.drop_from_config("id2label");
  checkpoint.drop_from_config("label2id");
  expect_same();
  EXPECT_THAT(checkpoint.open()->info().labels,
              testing::ElementsAre("LABEL_0", "LABEL_1", "LABEL_2"));
  checkpoint.add_to_config("\"num_labels\": 3");
  expect_same();
}

TEST_P(Published, OldAndMinimalConfigs) {
  checkpoint.drop_from_config("architectures");
  for (const char* newer : {"dtype", "initializer_range", "tie_word_embeddings", "pad_token_id"}) {
    checkpoint.drop_from_config(newer);
  }
  checkpoint.add_to_config("\"torch_dtype\": \"float32\", \"output_past\": true");
  expect_same();
  const std::string architecture = Model::open(golden.folder)->info().architecture;
  EXPECT_EQ(checkpoint.open()->info().architecture, architecture);

  checkpoint = Rewritten(GetParam().golden);
  checkpoint.drop_from_config("model_type");
  expect_same();
  EXPECT_EQ(checkpoint.open()->info().model_type, Model::open(golden.folder)->info().model_type);
}

// As transformers 2 wrote them: no type, no class, two labels whatever the head has.
TEST(PublishedLongAgo, TheWeightsTellWhatAConfigDoesNot) {
  for (const char* name : {"bert-cls", "bert-qa", "bert-mlm", "distilbert-mlm", "roberta-mlm"}) {
    Rewritten checkpoint(name);
    const Golden golden(name);
    const auto model = Model::open(golden.folder);
    checkpoint.drop_from_config("architectures");
    checkpoint.drop_from_config("model_type");
    if (name == std::string_view("bert-cls")) {  // the only one that names its labels
      checkpoint.drop_from_config("id2label");
      checkpoint.drop_from_config("label2id");
    }
    checkpoint.add_to_config(R"("id2label": {"0": "LABEL_0", "1": "LABEL_1"})");
    const auto opened = checkpoint.open();
    EXPECT_EQ(opened->info().architecture, model->info().architecture);
    EXPECT_EQ(opened->info().model_type, model->info().model_type);
    const Batch batch = batch_of(all_sequences(golden));
    EXPECT_EQ(logits_of(*opened, batch).to_vector<float>(),
              logits_of(*model, batch).to_vector<float>());
    if (std::string_view(name) == "bert-cls") {
      EXPECT_THAT(opened->info().labels, testing::ElementsAre("LABEL_0", "LABEL_1", "LABEL_2"));
    }
  }
}

TEST_P(Published, Shards) {
  std::string index;
  StoredTensors shards[2];
  std::size_t count = 0;
  for (const auto& [name, tensor] : checkpoint.tensors) {
    const std::size_t shard = count++ % 2;
    shards[shard][name] = tensor;
    index += (index.empty() ? "\"" : ",\"") + name + "\":\"model-0000" + std::to_string(shard + 1) +
             "-of-00002.safetensors\"";
  }
  const auto& folder = checkpoint.folder->path();
  write_text(folder / "config.json", checkpoint.config);
  write_text(folder / "model.safetensors.index.json", "{\"weight_map\":{" + index + "}}");
  write_tensors(folder / "model-00001-of-00002.safetensors", shards[0]);
  write_tensors(folder / "model-00002-of-00002.safetensors", shards[1]);
  EXPECT_EQ(logits(*Model::open(folder)), logits(*Model::open(golden.folder)));
}

TEST_P(Published, HalfAndBrainFloats) {
  for (const bool brain : {false, true}) {
    checkpoint = Rewritten(GetParam().golden);
    Rewritten same_values(GetParam().golden);
    shorten(checkpoint.tensors, same_values.tensors, brain);
    const auto model = checkpoint.open();
    EXPECT_EQ(model->info().modules.front().dtype, brain ? Dtype::kBF16 : Dtype::kF16);
    EXPECT_EQ(logits(*model), logits(*same_values.open())) << "the stored values are used exactly";
    const Batch batch = batch_of(all_sequences(golden));
    EXPECT_LT(
        relative_error(logits_of(*model, batch), logits_of(*same_values.open(Dtype::kF64), batch)),
        2e-6);
    // And they are the golden ones but for the digits cut off.
    EXPECT_LT(
        relative_error(logits_of(*model, batch), logits_of(*Model::open(golden.folder), batch)),
        brain ? 0.1 : 0.01);
  }
}

TEST_P(Published, Doubles) {
  for (auto& [name, tensor] : checkpoint.tensors) {
    const std::vector<double> values = tensor.tensor().to_vector<double>();
    tensor.dtype = "F64";
    tensor.bytes.assign(reinterpret_cast<const char*>(values.data()), values.size() * 8);
  }
  expect_same();
}

const auto kEarly =
    testing::Values(Family{"bert-cls", "bert."}, Family{"electra-cls", "electra."},
                    Family{"distilbert-cls", "distilbert."}, Family{"roberta-cls", "roberta."},
                    Family{"xlm-roberta-cls", "roberta."}, Family{"albert-cls", "albert."},
                    Family{"mpnet-cls", "mpnet."}, Family{"deberta-v2-cls", "deberta."});
const auto kLater =
    testing::Values(Family{"modernbert-cls", "model.", "embeddings.tok_embeddings.weight"},
                    Family{"gpt2-cls", "transformer.", "wte.weight"});
std::string family_name(const testing::TestParamInfo<Family>& info) {
  return test_name(info.param.golden);
}

INSTANTIATE_TEST_SUITE_P(Checkpoints, PublishedEarly, kEarly, family_name);
INSTANTIATE_TEST_SUITE_P(Early, Published, kEarly, family_name);
INSTANTIATE_TEST_SUITE_P(Later, Published, kLater, family_name);

// As transformers 4 wrote them: every n-th layer sees everything, one theta for each kind.
TEST(PublishedModernBert, ConfigWithoutNamedLayers) {
  Rewritten checkpoint("modernbert-cls");
  const Golden golden("modernbert-cls");
  checkpoint.drop_from_config("layer_types");
  checkpoint.edit_config("\"rope_parameters\": \\{[^}]*\\},[^}]*\\}[^}]*\\}",
                         "\"global_rope_theta\": 160000.0, \"local_rope_theta\": 10000.0");
  const Batch batch = batch_of(all_sequences(golden));
  EXPECT_EQ(logits_of(*checkpoint.open(), batch).to_vector<float>(),
            logits_of(*Model::open(golden.folder), batch).to_vector<float>());
}

// DistilBERT with the sinusoid flag saves the table; a file without it is complete all the same.
TEST(PublishedDistilBert, SinusoidsMayBeLeftOut) {
  const std::string name = "distilbert.embeddings.position_embeddings.weight";
  Rewritten with("distilbert-cls"), without("distilbert-cls");
  std::vector<float> table;
  for (int p = 0; p < 80; ++p) {
    for (int j = 0; j < 32; ++j) {
      const double angle = p / std::pow(10000.0, (j - j % 2) / 32.0);
      table.push_back(static_cast<float>(j % 2 == 0 ? std::sin(angle) : std::cos(angle)));
    }
  }
  with.tensors[name].bytes.assign(reinterpret_cast<const char*>(table.data()), table.size() * 4);
  without.tensors.erase(name);
  without.edit_config("\"sinusoidal_pos_embds\": false", "\"sinusoidal_pos_embds\": true");
  const Batch batch = batch_of(all_sequences(Golden("distilbert-cls")));
  EXPECT_EQ(logits_of(*without.open(), batch).to_vector<float>(),
            logits_of(*with.open(), batch).to_vector<float>());
}

}  // namespace
}  // namespace ascribo::test
