// SPDX-License-Identifier: MIT
// Reads safetensors: 8 bytes of header length, a JSON header, then the tensors' bytes.
#include "ascribo/io/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/mapped_file.h"

namespace ascribo {

namespace {

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kFetchAgain = "the file may be cut short; fetch it again";

/// Bytes of one element; 0 for types this reader does not know, whose sizes it cannot check.
std::uint64_t element_size(std::string_view dtype) {
  constexpr std::pair<std::string_view, std::uint64_t> kSizes[] = {
      {"F64", 8}, {"I64", 8},  {"U64", 8},     {"C64", 8},     {"F32", 4},    {"I32", 4},
      {"U32", 4}, {"F16", 2},  {"BF16", 2},    {"I16", 2},     {"U16", 2},    {"I8", 1},
      {"U8", 1},  {"BOOL", 1}, {"F8_E4M3", 1}, {"F8_E5M2", 1}, {"F8_E8M0", 1}};
  for (const auto& [name, size] : kSizes) {
    if (name == dtype) return size;
  }
  return 0;
}

/// Turns one header entry into a StoredTensor; every failure names the file and the tensor.
class EntryReader {
 public:
  EntryReader(std::string where, std::span<const std::byte> data)
      : where_(std::move(where)), data_(data) {}

  StoredTensor read(std::string_view name, const Json& entry) const {
    StoredTensor tensor;
    tensor.name = name;
    if (!entry.is_object()) refuse(name, "is described by " + entry.dump(), "expected an object");
    tensor.dtype = entry.at("dtype").string();
    entry.at("shape").elements([&](const Json& size) {
      const std::int64_t value = size.integer();
      if (value < 0) refuse(name, "has a dimension of " + size.dump(), "expected 0 or more");
      tensor.shape.push_back(value);
    });
    tensor.bytes = bytes_of(name, entry.at("data_offsets"));
    check_size(tensor);
    return tensor;
  }

  [[noreturn]] void refuse(std::string_view name, const std::string& given,
                           const std::string& expected, std::string_view hint = {}) const {
    fail(Code::kBadFile, where_, "tensor \"" + std::string(name) + "\" " + given, expected, hint);
  }

 private:
  std::span<const std::byte> bytes_of(std::string_view name, const Json& offsets) const {
    if (!offsets.is_array() || offsets.size() != 2) {
      refuse(name, "has the offsets " + offsets.dump(), "expected [begin, end]");
    }
    const std::int64_t begin = offsets.at(std::size_t{0}).integer();
    const std::int64_t end = offsets.at(1).integer();
    if (begin < 0 || end < begin) {
      refuse(name, "has the offsets " + offsets.dump(), "expected a begin before the end");
    }
    if (static_cast<std::uint64_t>(end) > data_.size()) {
      refuse(name, "ends at byte " + std::to_string(end) + " of the data",
             "the file has " + std::to_string(data_.size()), kFetchAgain);
    }
    return data_.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
  }

  void check_size(const StoredTensor& tensor) const {
    const std::uint64_t element = element_size(tensor.dtype);
    if (element == 0) return;
    std::uint64_t bytes = element;
    bool overflows = false;
    for (const std::int64_t size : tensor.shape) {
      overflows |= __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes);
    }
    const std::string what = tensor.dtype + " of shape " + to_string(tensor.shape);
    if (overflows || bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      refuse(tensor.name, "is " + what, "expected fewer elements than 64 bits can count");
    }
    if (bytes != tensor.bytes.size()) {
      refuse(tensor.name, "has " + std::to_string(tensor.bytes.size()) + " bytes",
             "expected " + std::to_string(bytes) + " for " + what);
    }
  }

  std::string where_;
  std::span<const std::byte> data_;
};

std::uint64_t header_length(const MappedFile& file) {
  const auto bytes = file.bytes();
  const std::string where = file.path().string();
  if (bytes.size() < kLengthBytes) {
    fail(Code::kBadFile, where, "the file has " + std::to_string(bytes.size()) + " bytes",
         "expected a safetensors file, which has at least 8", kFetchAgain);
  }
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < kLengthBytes; ++i) {  // little-endian on every machine
    length |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * i);
  }
  if (length > bytes.size() - kLengthBytes) {
    fail(Code::kBadFile, where,
         "the header claims " + std::to_string(length) + " bytes of a file of " +
             std::to_string(bytes.size()),
         "expected a safetensors header that fits", kFetchAgain);
  }
  return length;
}

}  // namespace

WeightFileContents read_safetensors(const std::filesystem::path& path) {
  auto mapping = MappedFile::open(path);
  const auto length = static_cast<std::size_t>(header_length(*mapping));
  const std::string_view header = mapping->text().substr(kLengthBytes, length);
  const Json json = Json::parse(header, path.string());
  if (!json.is_object()) {
    fail(Code::kBadFile, path.string(), "the header is no JSON object",
         "expected a safetensors header");
  }
  const EntryReader reader(path.string(), mapping->bytes().subspan(kLengthBytes + length));
  std::vector<StoredTensor> found;
  json.members([&](std::string_view name, const Json& entry) {
    if (name != "__metadata__") found.push_back(reader.read(name, entry));
  });
  std::stable_sort(found.begin(), found.end(), [](const StoredTensor& a, const StoredTensor& b) {
    return a.bytes.data() < b.bytes.data();
  });
  const StoredTensor* last = nullptr;  // the last one with any bytes
  for (const StoredTensor& tensor : found) {
    if (tensor.bytes.empty()) continue;
    if (last != nullptr && tensor.bytes.data() < last->bytes.data() + last->bytes.size()) {
      reader.refuse(tensor.name, "overlaps \"" + last->name + "\"",
                    "expected bytes of its own for each tensor");
    }
    last = &tensor;
  }
  const std::span<const std::byte> bytes = mapping->bytes();
  return {{path, header, bytes, std::move(mapping)}, std::move(found)};
}

}  // namespace ascribo
