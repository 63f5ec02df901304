// SPDX-License-Identifier: MIT
// Archives of arrays, read back by the ZIP reader and by NumPy's own rules.
#include "ascribo/io/npz/npz_file.h"

#include <gtest/gtest.h>

#include <cstring>

#include "ascribo/io/zip_entries.h"
#include "tests/io/temp_folder.h"

namespace ascribo {
namespace {

class NpzFileTest : public TempFolder {
 protected:
  std::string written(const std::string& name) const {
    NpzFile file(folder_ / name);
    file.add("0/contributions", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, -6.5F});
    file.add("empty", {0}, {});
    file.commit();
    return read(folder_ / name);
  }
};

TEST_F(NpzFileTest, HoldsWhatWasAdded) {
  const std::string bytes = written("a.npz");
  const auto entries = read_zip_entries(std::as_bytes(std::span(bytes)), "a.npz");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].name, "0/contributions.npy");
  EXPECT_EQ(entries[1].name, "empty.npy");
  const std::string_view array(reinterpret_cast<const char*>(entries[0].bytes.data()),
                               entries[0].bytes.size());
  EXPECT_TRUE(entries[0].stored);
  EXPECT_EQ(array.substr(1, 5), "NUMPY");
  const std::size_t numbers = array.find('\n') + 1;
  EXPECT_EQ(numbers % 64, 0U);
  EXPECT_NE(array.find("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"),
            std::string_view::npos);
  std::vector<float> values(6);
  ASSERT_EQ(array.size() - numbers, 24U);
  std::memcpy(values.data(), array.data() + numbers, 24);
  EXPECT_EQ(values, (std::vector<float>{1, 2, 3, 4, 5, -6.5F}));
}

// The check value of the ZIP specification's CRC-32, over the bytes as they were stored.
TEST_F(NpzFileTest, ChecksumIsThatOfZip) {
  const std::string bytes = written("a.npz");
  const auto entries = read_zip_entries(std::as_bytes(std::span(bytes)), "a.npz");
  std::uint32_t value = 0xFFFFFFFFU;
  for (const std::byte byte : entries[0].bytes) {
    value ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) ? value >> 1 ^ 0xEDB88320U : value >> 1;
  }
  std::uint32_t stored = 0;
  std::memcpy(&stored, bytes.data() + 14, 4);
  EXPECT_EQ(stored, ~value);
}

TEST_F(NpzFileTest, SameArraysGiveTheSameBytes) { EXPECT_EQ(written("a.npz"), written("b.npz")); }

TEST_F(NpzFileTest, IsNotThereBeforeItIsWhole) {
  {
    NpzFile file(folder_ / "a.npz");
    file.add("x", {1}, std::vector<float>{1});
  }
  EXPECT_TRUE(names().empty());
  EXPECT_EQ(message(Code::kNotFound, [&] { NpzFile(folder_ / "none" / "a.npz"); }),
            "[none/a.npz] there is no folder none; expected an existing folder to write in.");
}

}  // namespace
}  // namespace ascribo
