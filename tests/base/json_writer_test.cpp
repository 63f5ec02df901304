// SPDX-License-Identifier: MIT
// Writing JSON: order, digits of floats, broken text.
#include "ascribo/base/json_writer.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>

namespace ascribo {
namespace {

std::string written(float number) { return JsonWriter().value(number).str(); }
std::string written(double number) { return JsonWriter().value(number).str(); }
std::string written(std::string_view text) { return JsonWriter().value(text).str(); }

TEST(JsonWriter, KeepsTheOrderOfKeys) {
  JsonWriter json;
  json.begin_object().key("z").value(1).key("a").begin_array().value("x").value(true).null();
  json.begin_object().end_object().end_array().key("m").value(std::int64_t{1} << 62);
  json.key("nested").begin_object().key("deep").begin_array().end_array().end_object();
  json.end_object();
  EXPECT_EQ(json.str(),
            R"({"z":1,"a":["x",true,null,{}],"m":4611686018427387904,"nested":{"deep":[]}})");
}

TEST(JsonWriter, SeedsMayNeedAll64Bits) {
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::uint64_t>::max()).str(),
            "18446744073709551615");
  EXPECT_EQ(JsonWriter().value(std::numeric_limits<std::int64_t>::min()).str(),
            "-9223372036854775808");
}

TEST(JsonWriter, IndentsWhenAsked) {
  JsonWriter json;
  json.begin_object().key("a").begin_array().value(1).end_array().end_object();
  EXPECT_EQ(json.str(2), "{\n  \"a\": [\n    1\n  ]\n}");
}

TEST(JsonWriter, FloatsHaveTheirOwnShortestDigits) {
  EXPECT_EQ(written(0.1F), "0.1");
  EXPECT_EQ(written(0.1), "0.1");
  EXPECT_EQ(written(static_cast<double>(0.1F)), "0.10000000149011612");
  EXPECT_EQ(written(1.0F), "1.0");
  EXPECT_EQ(written(-0.0F), "-0.0");
  EXPECT_EQ(written(16777216.0F), "16777216.0");
  EXPECT_EQ(written(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(written(1.0F / 3), "0.33333334");
}

TEST(JsonWriter, EveryFloatReadsBack) {
  std::uint32_t bits = 1;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 1664525U + 1013904223U;
    const float number = std::bit_cast<float>(bits);
    if (!std::isfinite(number)) continue;
    EXPECT_EQ(std::strtof(written(number).c_str(), nullptr), number);
  }
  for (const float number :
       {std::numeric_limits<float>::denorm_min(), std::numeric_limits<float>::min(),
        std::numeric_limits<float>::max()}) {
    EXPECT_EQ(std::strtof(written(number).c_str(), nullptr), number);
  }
}

TEST(JsonWriter, WhatIsNotANumberIsNull) {
  EXPECT_EQ(written(std::nanf("")), "null");
  EXPECT_EQ(written(std::numeric_limits<float>::infinity()), "null");
  EXPECT_EQ(written(-std::numeric_limits<double>::infinity()), "null");
}

TEST(JsonWriter, TextIsEscapedAndMadeValid) {
  EXPECT_EQ(written("a\"b\\\n\x01é"), R"("a\"b\\\n\u0001é")");
  EXPECT_EQ(written("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
  EXPECT_EQ(written(std::string_view("a\0b", 3)), R"("a\u0000b")");
  JsonWriter json;
  json.begin_object().key("k\xC3").value(1).end_object();
  EXPECT_EQ(json.str(), "{\"k\xEF\xBF\xBD\":1}");
}

}  // namespace
}  // namespace ascribo
