// SPDX-License-Identifier: MIT
// Configuration and vocabulary files, and what is said when they are not there or broken.
#include "ascribo/io/config.h"

#include <gmock/gmock.h>

#include "ascribo/io/text_file.h"
#include "temp_folder.h"

namespace ascribo {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ConfigTest : public TempFolder {};

TEST_F(ConfigTest, ReadsJson) {
  write("config.json", R"({"hidden_size": 32})");
  EXPECT_EQ(read_config(folder_, "config.json").at("hidden_size").integer(), 32);
  EXPECT_EQ(find_config(folder_, "config.json")->at("hidden_size").integer(), 32);
  EXPECT_FALSE(find_config(folder_, "tokenizer_config.json"));
}

TEST_F(ConfigTest, SaysWhatIsMissing) {
  EXPECT_EQ(message(Code::kNotFound, [&] { read_config(folder_ / "no", "config.json"); }),
            "[no] there is no such folder; expected a folder with config.json.");
  EXPECT_EQ(message(Code::kNotFound, [&] { read_config(folder_ / "", "config.json"); }),
            "[] the folder has no config.json; expected the files of a checkpoint.");
  const auto file = write("plain.txt", "x");
  EXPECT_EQ(message(Code::kNotFound, [&] { read_config(file, "config.json"); }),
            "[plain.txt/config.json] there is no such file; expected a file to read.");
}

TEST_F(ConfigTest, SaysWhatIsBroken) {
  write("config.json", "{\"a\": ");
  EXPECT_THAT(message(Code::kBadFile, [&] { read_config(folder_, "config.json"); }),
              HasSubstr("[config.json] this cannot be read as JSON"));
  write("config.json", "");
  message(Code::kBadFile, [&] { find_config(folder_, "config.json"); });
  write("config.json", "{\"hidden_size\": \"32\"}");
  EXPECT_EQ(message(Code::kBadFile,
                    [&] { read_config(folder_, "config.json").integer_or("hidden_size", 1); }),
            "[config.json] \"hidden_size\" holds a string; expected an integer.");
}

TEST_F(ConfigTest, LinesOfText) {
  EXPECT_THAT(read_lines(write("v.txt", "[PAD]\n\na b \r\nlast")),
              ElementsAre("[PAD]", "", "a b ", "last"));
  EXPECT_THAT(read_lines(write("v.txt", "x\n")), ElementsAre("x"));
  EXPECT_THAT(read_lines(write("v.txt", "")), ElementsAre());
  const auto bad = write("v.txt", "ok\n\xC3\n");
  EXPECT_EQ(message(Code::kBadFile, [&] { read_lines(bad); }),
            "[v.txt] line 2 is not valid UTF-8; expected UTF-8 text.");
  message(Code::kNotFound, [&] { read_lines(folder_ / "none.txt"); });
}

}  // namespace
}  // namespace ascribo
