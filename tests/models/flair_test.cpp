// SPDX-License-Identifier: MIT
// Classifiers that Flair saved give Flair's scores.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/models/models_under_test.h"
#include "tests/models/rewritten_checkpoint.h"
#include "tests/torch_bytes.h"

namespace ascribo::test {
namespace {

using testing::HasSubstr;

namespace fs = std::filesystem;

constexpr double kTolerance = 2e-5;

class Flair : public testing::TestWithParam<const char*> {
 protected:
  Flair()
      : folder(golden_folder() / GetParam()),
        model(Model::open(folder / "best-model.pt")),
        about(Json::parse(read_text(folder / "cases.json"), "cases.json")),
        expected(read_tensors(folder / "expected.safetensors")) {
    about.at("cases").elements([&](const Json& each) {
      Sequence sequence;
      each.at("input_ids").elements([&](const Json& id) { sequence.ids.push_back(id.integer()); });
      for (std::int64_t i = 0; i < sequence.size(); ++i) {
        sequence.positions.push_back(i + 2);  // RoBERTa's kin count from behind the padding's
      }
      sequence.type_ids.assign(sequence.ids.size(), 0);
      sequences.push_back(sequence);
    });
  }

  Tensor logits(std::size_t i) const {
    return expected.at("c" + std::to_string(i) + "/logits").tensor();
  }

  fs::path folder;
  std::unique_ptr<Model> model;
  Json about;
  StoredTensors expected;
  std::vector<Sequence> sequences;  // ids as Flair's model saw them
};

TEST_P(Flair, LogitsOfEachTextAndOfAllAtOnce) {
  const Tensor together = logits_of(*model, batch_of(sequences));
  for (std::size_t i = 0; i < sequences.size(); ++i) {
    EXPECT_LT(relative_error(logits_of(*model, batch_of({sequences[i]})), logits(i)), kTolerance);
    const auto row = static_cast<std::int64_t>(i);
    EXPECT_LT(relative_error(together.slice(row, row + 1), logits(i)), kTolerance) << "case " << i;
  }
}

TEST_P(Flair, SaysWhatItIs) {
  const ModelInfo& info = model->info();
  EXPECT_EQ(info.architecture, "TextClassifier");
  EXPECT_EQ(info.model_type, "xlm-roberta");
  std::vector<std::string> labels;
  about.at("labels").elements([&](const Json& each) { labels.emplace_back(each.string()); });
  EXPECT_EQ(info.labels, labels);
  EXPECT_EQ(info.problem == Problem::kMultiLabel, about.at("multi_label").boolean());
  EXPECT_EQ(info.hash.size(), 64U);
  EXPECT_EQ(model->full_hash().size(), 64U);
  EXPECT_THAT(info.modules.front().name,
              testing::EndsWith("model.embeddings.word_embeddings.weight"));
  EXPECT_EQ(info.modules.back().name, "decoder.bias");
}

TEST_P(Flair, LooksAtTheLastLayerDoNotChangeTheAnswer) {
  for (const Sequence& sequence : sequences) {
    ascribo::Run run;
    for (int n = 0; n <= static_cast<int>(model->info().layers); ++n)
      run.capture({Tap::kHidden, n});
    const Batch batch = batch_of({sequence});
    const Tensor found = model->forward(batch, run).value();
    EXPECT_EQ(found.to_vector<float>(), logits_of(*model, batch).to_vector<float>());
  }
}

INSTANTIATE_TEST_SUITE_P(Saved, Flair,
                         testing::Values("flair-first", "flair-mean", "flair-max", "flair-older",
                                         "flair-older-layers"),
                         [](const auto& info) { return test_name(info.param); });

/// A classifier's file made of these members; whatever a test leaves out stays out.
std::string refusal(const std::vector<std::pair<std::string, std::string>>& members,
                    Code code = Code::kUnsupported) {
  const TempFolder folder;
  const fs::path path = folder.path() / "model.pt";
  write_text(path, torch_archive(pickled_dict(members), {{"0", std::string(8, '\0')}}));
  std::string text = error_text(code, [&] { Model::open(path); });
  const std::size_t at = text.find(path.string());
  return at == std::string::npos ? text : text.replace(at, path.string().size(), "model.pt");
}

const std::string kDictionary = "cflair.data\nDictionary\n)\x81}" + pickled("idx2item") +
                                "]C\x01"
                                "aasb";
const std::string kEmbeddings =
    "}(" + pickled("__cls__") + pickled("TransformerDocumentEmbeddings");
const std::string kWeights =
    "}" + pickled("embeddings.model.x") +
    TensorRecord{.key = "0", .elements = 2, .shape = {2}, .strides = {1}}.pickle() + "s";

TEST(BadFlair, OtherThingsThatFlairSaves) {
  const std::string expected = "; expected a Flair TextClassifier over transformer embeddings.";
  EXPECT_EQ(refusal({{"__cls__", pickled("SequenceTagger")}, {"state_dict", kWeights}}),
            "[model.pt] the file is a Flair SequenceTagger" + expected);
  EXPECT_EQ(refusal({{"tag_dictionary", kDictionary}, {"state_dict", kWeights}}),
            "[model.pt] the file is a Flair SequenceTagger" + expected);
  EXPECT_EQ(refusal({{"state_dict", kWeights},
                     {"document_embeddings",
                      "cflair.embeddings.document\nDocumentRNNEmbeddings\n)\x81}b"},
                     {"label_dictionary", kDictionary}}),
            "[model.pt] its document embeddings are "
            "flair.embeddings.document.DocumentRNNEmbeddings" +
                expected);
  EXPECT_EQ(refusal({{"x", pickled(std::int64_t{3})}}),
            "[model.pt] the file is no Flair TextClassifier" + expected);
  EXPECT_EQ(
      refusal(
          {{"w", TensorRecord{.key = "0", .elements = 2, .shape = {2}, .strides = {1}}.pickle()}}),
      "[model.pt] the file holds weights alone" + expected +
          " Hint: name it pytorch_model.bin, in a folder with the model's config.json");
}

TEST(BadFlair, WhatIsMissing) {
  EXPECT_EQ(refusal({{"state_dict", kWeights},
                     {"document_embeddings", kEmbeddings + "u"},
                     {"label_dictionary", kDictionary}},
                    Code::kBadCheckpoint),
            "[model.pt] the transformer's configuration is not there; expected config_state_dict, "
            "or a model with its config.");
  EXPECT_EQ(refusal({{"state_dict", kWeights},
                     {"document_embeddings", kEmbeddings + "u"},
                     {"label_dictionary", "]"}},
                    Code::kBadCheckpoint),
            "[model.pt] the label dictionary is a list; expected one with a list idx2item.");
  EXPECT_EQ(refusal({{"state_dict", "}"},
                     {"document_embeddings", kEmbeddings + "u"},
                     {"label_dictionary", kDictionary}},
                    Code::kBadCheckpoint),
            "[model.pt] state_dict has no weights of a transformer; expected names that begin with "
            "\"embeddings.model.\".");
}

TEST(BadFlair, WhatCannotBeComputed) {
  const std::string config =
      pickled("config_state_dict") + "}" + pickled("model_type") + pickled("xlm-roberta") + "s";
  const auto with = [&](const std::string& settings) {
    return refusal({{"state_dict", kWeights},
                    {"document_embeddings", kEmbeddings + config + settings + "u"},
                    {"label_dictionary", kDictionary}});
  };
  EXPECT_THAT(with(pickled("cls_pooling") + pickled("sum")), HasSubstr("its pooling is \"sum\""));
  EXPECT_THAT(with(pickled("layers") + pickled("all,1")), HasSubstr("its layers are \"all,1\""));
}

}  // namespace
}  // namespace ascribo::test
