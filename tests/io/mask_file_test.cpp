// SPDX-License-Identifier: MIT
// Files of masks, written and read back, and what cannot be read.
#include "ascribo/io/mask_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/io/temp_folder.h"

namespace ascribo {
namespace {

using testing::ElementsAre;

class MaskFileTest : public TempFolder {};

TEST_F(MaskFileTest, ReadsWhatWasWritten) {
  const auto file = write("masks.jsonl", mask_line("a \"b\"", "word", {"01", "10"}) + "\n" +
                                             R"({"masks": [[1, 0, 1.0]]})" + "\n");
  const auto masks = MaskFile::open(file);
  const auto first = masks->next();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->text, "a \"b\"");
  EXPECT_THAT(first->masks, ElementsAre("01", "10"));
  const auto second = masks->next();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->line, 3);
  EXPECT_FALSE(second->text);
  EXPECT_THAT(second->masks, ElementsAre("101"));
  EXPECT_FALSE(masks->next());
}

TEST_F(MaskFileTest, SaysWhichLineIsWrong) {
  const auto masks = MaskFile::open(write("masks.jsonl", "{\"masks\": []}\n{\"mask\": []}\n"));
  EXPECT_TRUE(masks->next());
  EXPECT_EQ(message(Code::kBadFile, [&] { masks->next(); }),
            "[masks.jsonl line 2] the document has no \"masks\"; expected that key.");
  EXPECT_THROW(MaskFile::open("none.jsonl"), Error);
}

}  // namespace
}  // namespace ascribo
