// SPDX-License-Identifier: MIT
// Base64, and text that is none.
#include "ascribo/base/base64.h"

#include <gtest/gtest.h>

namespace ascribo {
namespace {

TEST(Base64, IsDecoded) {
  EXPECT_EQ(decode_base64(""), "");
  EXPECT_EQ(decode_base64("QQ=="), "A");
  EXPECT_EQ(decode_base64("QUJD"), "ABC");
  EXPECT_EQ(decode_base64("/+8A"), std::string("\xFF\xEF\0", 3));
}

TEST(Base64, IsEncoded) {
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64("A"), "QQ==");
  EXPECT_EQ(encode_base64(std::string("\xFF\xEF\0", 3)), "/+8A");
}

TEST(Base64, OrRefused) {
  for (const char* text : {"Q", "QQ", "QQ=", "QUJDA", "Q?==", "QQ==QQ==", "QQ==="}) {
    EXPECT_EQ(decode_base64(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace ascribo
