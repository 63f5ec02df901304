// SPDX-License-Identifier: MIT
// The settings of Flair classifiers in the layouts of their releases, and the tokenizers they
// carry.
#include "ascribo/io/flair_classifier.h"

#include <gmock/gmock.h>

#include "ascribo/io/config.h"
#include "temp_folder.h"
#include "tests/folders.h"
#include "tests/torch_bytes.h"

namespace ascribo {
namespace {

using test::pickled;
using testing::ElementsAre;

namespace fs = std::filesystem;

const fs::path kGolden = test::test_folder() / "golden";

class FlairClassifierTest : public TempFolder {
 protected:
  /// A classifier whose embeddings are this pickle.
  fs::path file_with(const std::string& embeddings) const {
    const std::string weights =
        "}" + pickled("document_embeddings.model.x") +
        test::TensorRecord{.key = "0", .elements = 1, .shape = {1}, .strides = {1}}.pickle() + "s";
    const std::string dictionary = "cflair.data\nDictionary\n)\x81}" + pickled("idx2item") +
                                   "](C\x03yesC\x04"
                                   "no\xC3\xA9"
                                   "esb";
    return write("best-model.pt",
                 test::torch_archive(test::pickled_dict({{"state_dict", weights},
                                                         {"document_embeddings", embeddings},
                                                         {"label_dictionary", dictionary},
                                                         {"multi_label", "\x88"}}),
                                     {{"0", "1234"}}));
  }
  /// Settings as the state of an object, as 0.8 to 0.11 have them.
  static std::string object(const std::string& settings) {
    return "cflair.embeddings.document\nTransformerDocumentEmbeddings\n)\x81}(" + settings + "ub";
  }
  const std::string kConfig = pickled("config_state_dict") + "}(" + pickled("model_type") +
                              pickled("roberta") + pickled("hidden_size") +
                              pickled(std::int64_t{8}) + pickled("architectures") + "](" +
                              pickled("RobertaForMaskedLM") + "e" + pickled("id2label") + "}" +
                              "K\x01" + pickled("x") + "s" + "u";
};

TEST_F(FlairClassifierTest, SettingsOfAnObject) {
  const FlairClassifier found = FlairClassifier::open(
      file_with(object(kConfig + pickled("base_model_name") + pickled("org/roberta-tiny") +
                       pickled("layer_indexes") +
                       "](K\x02J\xFF\xFF\xFF\xFF"
                       "e" +
                       pickled("layer_mean") + "\x89" + pickled("pooling") + pickled("max"))));
  EXPECT_EQ(found.transformer, "org/roberta-tiny");
  EXPECT_EQ(found.prefix, "document_embeddings.model.");
  EXPECT_THAT(found.labels, ElementsAre("yes", "no\xC3\xA9"));
  EXPECT_TRUE(found.multi_label);
  EXPECT_EQ(found.pooling, FlairClassifier::Pooling::kMax);
  EXPECT_THAT(found.layers, ElementsAre(2, -1));
  EXPECT_FALSE(found.layer_mean);
  EXPECT_EQ(found.config.dump(), R"({"model_type":"roberta","hidden_size":8})");
  EXPECT_TRUE(found.tokenizer.empty());
}

TEST_F(FlairClassifierTest, WhatIsNotSaidIsAsFlairTakesIt) {
  const FlairClassifier found = FlairClassifier::open(
      file_with(object(pickled("config_state_dict") + "}" + pickled("hidden_size") + "K\x08s")));
  EXPECT_EQ(found.pooling, FlairClassifier::Pooling::kFirst);
  EXPECT_THAT(found.layers, ElementsAre(-1));
  EXPECT_EQ(found.config.string_or("model_type", ""), "bert");
}

TEST_F(FlairClassifierTest, ConfigurationsWithoutEndAreRefused) {
  const std::string endless = pickled("config_state_dict") + "}" + std::string("q\0", 2) +
                              pickled("self") + std::string("h\0", 2) + "s";
  const fs::path path = file_with(object(endless));
  EXPECT_EQ(message(Code::kUnsupported, [&] { FlairClassifier::open(path); }),
            "[pickle] a configuration is nested or large without end; expected at most 1000000 "
            "values.");
}

TEST_F(FlairClassifierTest, CarriesItsTokenizer) {
  const fs::path path = kGolden / "flair-first/best-model.pt";
  const FlairClassifier found = FlairClassifier::open(path);
  EXPECT_EQ(found.prefix, "embeddings.model.");
  EXPECT_TRUE(found.tokenizer.contains("tokenizer.json"));
  EXPECT_EQ(tokenizer_source(path), path);
  EXPECT_EQ(find_config(path, "tokenizer.json")->at("model").at("type").string(), "Unigram");
  EXPECT_FALSE(find_config(path, "vocab.json"));
}

TEST_F(FlairClassifierTest, OlderFilesHaveTheirTokenizerBesideThem) {
  const fs::path path = folder_ / "best-model.pt";
  fs::copy_file(kGolden / "flair-older/best-model.pt", path);
  EXPECT_EQ(FlairClassifier::open(path).pooling, FlairClassifier::Pooling::kLast);
  message(Code::kNotFound, [&] { tokenizer_source(path); });
  fs::create_directories(folder_ / "xlm-roberta-base");
  write("xlm-roberta-base/tokenizer.json", "{}");
  EXPECT_EQ(tokenizer_source(path), folder_ / "xlm-roberta-base");
  write("tokenizer.json", "{}");
  EXPECT_EQ(tokenizer_source(path), folder_);
  EXPECT_EQ(tokenizer_source(folder_), folder_);
}

}  // namespace
}  // namespace ascribo
