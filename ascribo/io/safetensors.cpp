// SPDX-License-Identifier: MIT
// Reads safetensors: 8 bytes of header length, a JSON header, then the tensors' bytes.
#include "ascribo/io/safetensors.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/config.h"

namespace ascribo {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLengthBytes = 8;
constexpr std::string_view kSingleFile = "model.safetensors";
constexpr std::string_view kIndexFile = "model.safetensors.index.json";
constexpr std::string_view kFetchAgain = "the file may be cut short; fetch it again";

/// What Tensor can hold, of the types a file may name.
std::optional<Dtype> loadable(std::string_view dtype) {
  for (const Dtype known : {Dtype::kF32, Dtype::kF64, Dtype::kF16, Dtype::kBF16}) {
    if (dtype == dtype_name(known)) return known;
  }
  return std::nullopt;
}

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
  EntryReader(std::string where, std::span<const std::byte> data, std::size_t file)
      : where_(std::move(where)), data_(data), file_(file) {}

  StoredTensor read(std::string_view name, const Json& entry) const {
    StoredTensor tensor;
    tensor.name = name;
    tensor.file = file_;
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
  std::size_t file_;
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

/// The shards that an index names, each with its tensors' names.
std::map<std::string, std::vector<std::string>> read_index(const fs::path& index) {
  const Json json = read_config(index.parent_path(), index.filename().string());
  std::map<std::string, std::vector<std::string>> shards;
  json.at("weight_map").members([&](std::string_view name, const Json& file) {
    const std::string shard(file.string());
    if (shard.empty() || shard != fs::path(shard).filename() || shard == "..") {
      fail(Code::kBadFile, index.string(),
           "tensor \"" + std::string(name) + "\" is in " + file.dump(),
           "expected the name of a file in the same folder");
    }
    shards[shard].emplace_back(name);
  });
  if (shards.empty()) {
    fail(Code::kBadFile, index.string(), "\"weight_map\" is empty", "expected tensors");
  }
  return shards;
}

}  // namespace

std::shared_ptr<const Safetensors> Safetensors::open(const fs::path& path) {
  std::shared_ptr<Safetensors> result(new Safetensors);
  std::error_code ignored;
  if (!fs::is_directory(path, ignored)) {
    result->add_file(path);
  } else if (fs::exists(path / kSingleFile, ignored)) {
    result->add_file(path / kSingleFile);
  } else if (fs::exists(path / kIndexFile, ignored)) {
    result->add_shards(path / kIndexFile);
  } else {
    const bool pickled = fs::exists(path / "pytorch_model.bin", ignored) ||
                         fs::exists(path / "pytorch_model.bin.index.json", ignored);
    fail(Code::kNotFound, path.string(),
         "the folder has no " + std::string(kSingleFile) + (pickled ? ", only PyTorch's" : ""),
         "expected it or " + std::string(kIndexFile),
         pickled ? "save the model with save_pretrained(folder, safe_serialization=True)" : "");
  }
  result->index_names();
  return result;
}

void Safetensors::add_file(const fs::path& path) {
  auto mapping = MappedFile::open(path);
  const auto length = static_cast<std::size_t>(header_length(*mapping));
  const std::string_view header = mapping->text().substr(kLengthBytes, length);
  const Json json = Json::parse(header, path.string());
  if (!json.is_object()) {
    fail(Code::kBadFile, path.string(), "the header is no JSON object",
         "expected a safetensors header");
  }
  const EntryReader reader(path.string(), mapping->bytes().subspan(kLengthBytes + length),
                           files_.size());
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
  files_.push_back({path, header, mapping->bytes()});
  mappings_.push_back(std::move(mapping));
  std::move(found.begin(), found.end(), std::back_inserter(tensors_));
}

void Safetensors::add_shards(const fs::path& index) {
  for (const auto& [shard, names] : read_index(index)) {
    const fs::path path = index.parent_path() / shard;
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      fail(Code::kBadCheckpoint, index.string(), "the shard \"" + shard + "\" is not there",
           "expected all shards beside the index", "the download may be incomplete");
    }
    const std::size_t before = tensors_.size();
    add_file(path);
    std::set<std::string_view> there;
    for (std::size_t i = before; i < tensors_.size(); ++i) there.insert(tensors_[i].name);
    for (const std::string& name : names) {
      if (there.contains(name)) continue;
      std::string given = "tensor \"";
      given.append(name).append("\" is not in \"").append(shard).append("\"");
      fail(Code::kBadCheckpoint, index.string(), given, "expected it there, as the index says");
    }
  }
}

void Safetensors::index_names() {
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const auto [at, fresh] = by_name_.emplace(tensors_[i].name, i);
    if (fresh) continue;
    fail(Code::kBadCheckpoint, files_[tensors_[i].file].path.string(),
         "tensor \"" + tensors_[i].name + "\" is also in " +
             files_[tensors_[at->second].file].path.filename().string(),
         "expected it in one shard");
  }
}

const StoredTensor* Safetensors::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

Tensor Safetensors::load(std::string_view name) const {
  const StoredTensor* stored = find(name);
  if (stored == nullptr) {
    fail(Code::kBadCheckpoint, files_.front().path.string(),
         "there is no tensor \"" + std::string(name) + "\"", "expected that weight");
  }
  const auto dtype = loadable(stored->dtype);
  if (!dtype) {
    fail(Code::kUnsupported, files_[stored->file].path.string(),
         "tensor \"" + stored->name + "\" is " + stored->dtype, "expected F32, F64, F16 or BF16");
  }
  const std::byte* data = stored->bytes.data();
  if (reinterpret_cast<std::uintptr_t>(data) % dtype_size(*dtype) == 0) {
    return Tensor::borrow(data, stored->shape, *dtype, mappings_[stored->file]);
  }
  Tensor copy = Tensor::empty(stored->shape, *dtype);
  if (!stored->bytes.empty()) std::memcpy(copy.mutable_raw(), data, stored->bytes.size());
  return copy;
}

}  // namespace ascribo
