// SPDX-License-Identifier: MIT
// A folder of tokenizer files that lives as long as a test.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "ascribo/base/error.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo::test {

class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ascribo-text-XXXXXX").string();
    if (!mkdtemp(name.data())) ADD_FAILURE() << "cannot make " << name;
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  ScratchFolder& write(const std::string& name, std::string_view content) {
    std::ofstream(path_ / name, std::ios::binary) << content;
    return *this;
  }

 private:
  std::filesystem::path path_;
};

/// The parts of a small tokenizer.json, each as JSON text; a test changes one and keeps the rest.
struct SmallTokenizer {
  std::string added = R"([{"id":0,"content":"[PAD]","special":true,"normalized":false},
      {"id":1,"content":"[UNK]","special":true,"normalized":false},
      {"id":2,"content":"[CLS]","special":true,"normalized":false},
      {"id":3,"content":"[SEP]","special":true,"normalized":false},
      {"id":4,"content":"[MASK]","special":true,"normalized":false}])";
  std::string normalizer = R"({"type":"BertNormalizer"})";
  std::string pre_tokenizer = R"({"type":"BertPreTokenizer"})";
  std::string post_processor = R"({"type":"BertProcessing","sep":["[SEP]",3],"cls":["[CLS]",2]})";
  std::string decoder = R"({"type":"WordPiece","prefix":"##","cleanup":true})";
  std::string vocab = R"({"[PAD]":0,"[UNK]":1,"[CLS]":2,"[SEP]":3,"[MASK]":4,"film":5,"##s":6,
      "the":7,"a":8,"##b":9,".":10,"'":11,"n":12,"##ot":13,"good":14})";
  std::string model = R"({"type":"WordPiece","unk_token":"[UNK]","vocab":)";

  std::string json() const {
    return R"({"added_tokens":)" + added + R"(,"normalizer":)" + normalizer +
           R"(,"pre_tokenizer":)" + pre_tokenizer + R"(,"post_processor":)" + post_processor +
           R"(,"decoder":)" + decoder + R"(,"model":)" + model + vocab + "}}";
  }

  std::unique_ptr<Tokenizer> open() const {
    return Tokenizer::open(ScratchFolder().write("tokenizer.json", json()).path());
  }
};

/// The message of the Error thrown by `action`, whose code must be `code`.
template <class Action>
std::string error_of(Code code, Action action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(code_name(error.code()), code_name(code)) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "no error";
  return {};
}

}  // namespace ascribo::test
