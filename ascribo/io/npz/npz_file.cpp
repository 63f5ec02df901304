// SPDX-License-Identifier: MIT
// ZIP records around NumPy's own header and the plain numbers (APPNOTE 4.3, NEP 1).
#include "ascribo/io/npz/npz_file.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>

#include "ascribo/base/assert.h"

namespace ascribo {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers are written as they lie");

constexpr std::uint32_t kLocalHeader = 0x04034B50, kCentralHeader = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50, kEnd64 = 0x06064B50, kEnd64Locator = 0x07064B50;
constexpr std::uint64_t kIn64 = 0xFFFFFFFF;  // "see the ZIP64 record"
constexpr std::uint64_t kMany = 0xFFFF;
constexpr std::uint16_t kVersion64 = 45, kExtra64 = 1;
constexpr std::uint16_t kFirstDay = 0x21;  // 1980-01-01, so that equal arrays give equal bytes
constexpr std::size_t kPrelude = 10;       // magic, version, length of NumPy's header
constexpr std::size_t kAligned = 64;
constexpr std::size_t kPortion = std::size_t{1} << 16;  // numbers turned to bytes at once

void put(std::string& to, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i, value >>= 8) to += static_cast<char>(value & 0xFF);
}

// CRC-32 of ISO-HDLC, as ZIP wants it.
class Checksum {
 public:
  void add(std::string_view bytes) {
    static const std::array<std::uint32_t, 256> table = make_table();
    for (const char byte : bytes) {
      value_ = table[(value_ ^ static_cast<unsigned char>(byte)) & 0xFF] ^ (value_ >> 8);
    }
  }
  std::uint32_t value() const { return ~value_; }

 private:
  static std::array<std::uint32_t, 256> make_table() {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < table.size(); ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xEDB88320U : 0U);
      table[i] = value;
    }
    return table;
  }
  std::uint32_t value_ = std::numeric_limits<std::uint32_t>::max();
};

std::string array_header(const std::vector<std::int64_t>& shape) {
  std::string text = "{'descr': '<f4', 'fortran_order': False, 'shape': (";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  text += shape.size() == 1 ? ",), }" : "), }";
  while ((kPrelude + text.size() + 1) % kAligned != 0) text += ' ';
  text += '\n';
  std::string header("\x93NUMPY\x01\x00", 8);
  put(header, text.size(), 2);
  return header + text;
}

// What a local and a central header have in common, from the version on.
void put_entry(std::string& to, const std::string& name, std::uint32_t checksum,
               std::size_t extra) {
  put(to, kVersion64, 2);
  put(to, 0, 6);  // flags, stored, time
  put(to, kFirstDay, 2);
  put(to, checksum, 4);
  put(to, kIn64, 4);
  put(to, kIn64, 4);
  put(to, name.size(), 2);
  put(to, extra, 2);
}

}  // namespace

NpzFile::NpzFile(const std::filesystem::path& path) : file_(path) {}

void NpzFile::write(const std::string& bytes) {
  file_.write(bytes);
  written_ += bytes.size();
}

void NpzFile::add(const std::string& name, const std::vector<std::int64_t>& shape,
                  std::span<const float> values) {
  std::uint64_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::uint64_t>(size);
  ASCRIBO_ASSERT(count == values.size());
  const std::string header = array_header(shape);
  const std::string_view numbers(reinterpret_cast<const char*>(values.data()), values.size_bytes());
  Checksum checksum;
  checksum.add(header);
  checksum.add(numbers);
  const Entry entry{name + ".npy", checksum.value(), header.size() + numbers.size(), written_};
  std::string local;
  put(local, kLocalHeader, 4);
  put_entry(local, entry.name, entry.checksum, 20);
  local += entry.name;
  put(local, kExtra64, 2);
  put(local, 16, 2);
  put(local, entry.size, 8);
  put(local, entry.size, 8);
  write(local + header);
  for (std::size_t at = 0; at < numbers.size(); at += kPortion) {
    write(std::string(numbers.substr(at, kPortion)));
  }
  entries_.push_back(entry);
}

void NpzFile::commit() {
  const std::uint64_t begin = written_;
  for (const Entry& entry : entries_) {
    std::string central;
    put(central, kCentralHeader, 4);
    put(central, kVersion64, 2);
    put_entry(central, entry.name, entry.checksum, 28);
    put(central, 0, 10);  // comment, disk, attributes
    put(central, kIn64, 4);
    central += entry.name;
    put(central, kExtra64, 2);
    put(central, 24, 2);
    put(central, entry.size, 8);
    put(central, entry.size, 8);
    put(central, entry.at, 8);
    write(central);
  }
  const std::uint64_t end = written_, size = end - begin;
  std::string tail;
  put(tail, kEnd64, 4);
  put(tail, 44, 8);
  put(tail, kVersion64, 2);
  put(tail, kVersion64, 2);
  put(tail, 0, 8);
  put(tail, entries_.size(), 8);
  put(tail, entries_.size(), 8);
  put(tail, size, 8);
  put(tail, begin, 8);
  put(tail, kEnd64Locator, 4);
  put(tail, 0, 4);
  put(tail, end, 8);
  put(tail, 1, 4);
  put(tail, kEnd, 4);
  put(tail, 0, 4);
  put(tail, kMany, 2);
  put(tail, kMany, 2);
  put(tail, kIn64, 4);
  put(tail, kIn64, 4);
  put(tail, 0, 2);
  write(tail);
  file_.commit();
}

}  // namespace ascribo
