// SPDX-License-Identifier: MIT
// Safetensors that are cut short, lie or contradict each other, and what is said of them.
#include <gmock/gmock.h>

#include "ascribo/io/weight_files.h"
#include "safetensors_bytes.h"
#include "temp_folder.h"

namespace ascribo {
namespace {

using testing::HasSubstr;

class BadSafetensors : public TempFolder {
 protected:
  std::string of_bytes(const std::string& bytes) const {
    const fs::path path = write("m.safetensors", bytes);
    return message(Code::kBadFile, [&] { WeightFiles::open(path); });
  }
  /// A file with one entry "w" and eight bytes of data.
  std::string of_entry(const std::string& entry) const {
    return of_bytes(safetensors_bytes("{\"w\": " + entry + "}", "12345678"));
  }
  std::string of_index(Code code, const std::string& weight_map) const {
    write("model.safetensors.index.json", "{\"weight_map\": " + weight_map + "}");
    return message(code, [&] { WeightFiles::open(folder_); });
  }
  void write_shard(const std::string& name, const std::string& tensor) const {
    write(name, safetensors_bytes("{\"" + tensor +
                                      "\": {\"dtype\": \"U8\", \"shape\": [1], "
                                      "\"data_offsets\": [0, 1]}}",
                                  "x"));
  }
};

TEST_F(BadSafetensors, CutShort) {
  const std::string hint = " Hint: the file may be cut short; fetch it again";
  EXPECT_EQ(of_bytes("1234567"),
            "[m.safetensors] the file has 7 bytes; expected a safetensors file, which has at "
            "least 8." +
                hint);
  EXPECT_EQ(of_bytes(""),
            "[m.safetensors] the file has 0 bytes; expected a safetensors file, "
            "which has at least 8." +
                hint);
  EXPECT_EQ(of_bytes(raw<std::uint64_t>(100) + "{}"),
            "[m.safetensors] the header claims 100 bytes of a file of 10; expected a safetensors "
            "header that fits." +
                hint);
  of_bytes(std::string(8, '\xFF') + "{}");
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "shape": [9], "data_offsets": [0, 9]})"),
            "[m.safetensors] tensor \"w\" ends at byte 9 of the data; the file has 8." + hint);
}

TEST_F(BadSafetensors, HeaderIsNotWhatItShouldBe) {
  EXPECT_THAT(of_bytes(safetensors_bytes("{\"w\": ", "")),
              HasSubstr("[m.safetensors] this cannot be read as JSON"));
  EXPECT_EQ(of_bytes(safetensors_bytes("[]", "")),
            "[m.safetensors] the header is no JSON object; expected a safetensors header.");
  EXPECT_EQ(of_entry("7"), "[m.safetensors] tensor \"w\" is described by 7; expected an object.");
  EXPECT_EQ(of_entry(R"({"shape": [8], "data_offsets": [0, 8]})"),
            "[m.safetensors] \"w\" has no \"dtype\"; expected that key.");
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "data_offsets": [0, 8]})"),
            "[m.safetensors] \"w\" has no \"shape\"; expected that key.");
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "shape": 8, "data_offsets": [0, 8]})"),
            "[m.safetensors] \"shape\" holds an integer; expected an array.");
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "shape": [-8], "data_offsets": [0, 8]})"),
            "[m.safetensors] tensor \"w\" has a dimension of -8; expected 0 or more.");
  EXPECT_EQ(
      of_bytes(safetensors_bytes(R"({"w": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},)"
                                 R"( "w": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}})",
                                 "ab")),
      "[m.safetensors] the key \"w\" occurs twice; expected every key of an object once.");
}

TEST_F(BadSafetensors, Offsets) {
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": [6, 2]})"),
            "[m.safetensors] tensor \"w\" has the offsets [6,2]; expected a begin before the end.");
  of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": [-1, 3]})");
  EXPECT_EQ(of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": [0]})"),
            "[m.safetensors] tensor \"w\" has the offsets [0]; expected [begin, end].");
  of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": {"begin": 0}})");
  of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": [0, 9223372036854775807]})");
  of_entry(R"({"dtype": "U8", "shape": [4], "data_offsets": [0, 18446744073709551615]})");
  EXPECT_EQ(of_bytes(safetensors_bytes(
                R"({"b": {"dtype": "U8", "shape": [4], "data_offsets": [2, 6]},)"
                R"( "none": {"dtype": "U8", "shape": [0], "data_offsets": [2, 2]},)"
                R"( "a": {"dtype": "U8", "shape": [3], "data_offsets": [0, 3]}})",
                "12345678")),
            "[m.safetensors] tensor \"b\" overlaps \"a\"; expected bytes of its own for each "
            "tensor.");
}

TEST_F(BadSafetensors, ShapesThatDoNotMatchTheBytes) {
  EXPECT_EQ(of_entry(R"({"dtype": "F32", "shape": [3], "data_offsets": [0, 8]})"),
            "[m.safetensors] tensor \"w\" has 8 bytes; expected 12 for F32 of shape [3].");
  EXPECT_EQ(of_entry(R"({"dtype": "I64", "shape": [], "data_offsets": [0, 4]})"),
            "[m.safetensors] tensor \"w\" has 4 bytes; expected 8 for I64 of shape [].");
  EXPECT_EQ(
      of_entry(R"({"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 0]})"),
      "[m.safetensors] tensor \"w\" is F32 of shape [4294967296, 4294967296]; expected fewer "
      "elements than 64 bits can count.");
  of_entry(R"({"dtype": "U8", "shape": [9223372036854775807, 2, 1], "data_offsets": [0, 8]})");
}

TEST_F(BadSafetensors, NoFileOrFolder) {
  EXPECT_EQ(message(Code::kNotFound, [&] { WeightFiles::open(folder_ / "nowhere"); }),
            "[nowhere] there is no such file; expected a file to read.");
  EXPECT_EQ(message(Code::kNotFound, [&] { WeightFiles::open(folder_ / ""); }),
            "[] the folder has no weights; expected one of model.safetensors, "
            "model.safetensors.index.json, "
            "pytorch_model.bin, pytorch_model.bin.index.json.");
}

TEST_F(BadSafetensors, ShardsThatDoNotFit) {
  write_shard("s1.safetensors", "a");
  EXPECT_EQ(of_index(Code::kBadCheckpoint, R"({"a": "s1.safetensors", "b": "s2.safetensors"})"),
            "[model.safetensors.index.json] the shard \"s2.safetensors\" is not there; expected "
            "all shards beside the index. Hint: the download may be incomplete");
  write_shard("s2.safetensors", "a");
  EXPECT_EQ(of_index(Code::kBadCheckpoint, R"({"a": "s1.safetensors", "b": "s2.safetensors"})"),
            "[model.safetensors.index.json] tensor \"b\" is not in \"s2.safetensors\"; expected "
            "it there, as the index says.");
  write("s2.safetensors",
        safetensors_bytes(R"({"a": {"dtype": "U8", "shape": [1], "data_offsets": [0, 1]},)"
                          R"( "b": {"dtype": "U8", "shape": [1], "data_offsets": [1, 2]}})",
                          "xy"));
  EXPECT_EQ(of_index(Code::kBadCheckpoint, R"({"a": "s1.safetensors", "b": "s2.safetensors"})"),
            "[s2.safetensors] tensor \"a\" is also in s1.safetensors; expected it in one shard.");
}

TEST_F(BadSafetensors, BadIndex) {
  EXPECT_EQ(of_index(Code::kBadFile, R"({"a": "../s1.safetensors"})"),
            "[model.safetensors.index.json] tensor \"a\" is in \"../s1.safetensors\"; expected "
            "the name of a file in the same folder.");
  of_index(Code::kBadFile, R"({"a": ".."})");
  of_index(Code::kBadFile, R"({"a": ""})");
  of_index(Code::kBadFile, R"({"a": 1})");
  of_index(Code::kBadFile, "[]");
  EXPECT_EQ(of_index(Code::kBadFile, "{}"),
            "[model.safetensors.index.json] \"weight_map\" is empty; expected tensors.");
}

}  // namespace
}  // namespace ascribo
