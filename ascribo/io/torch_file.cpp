// SPDX-License-Identifier: MIT
// Finds the pickle and the storages in a file of torch.save.
#include "ascribo/io/torch_file.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/torch_dtypes.h"
#include "ascribo/io/zip_entries.h"

namespace ascribo {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kArchive = "PK\x03\x04";
// 0x1950a86a20f9469cfc6c, the number that torch.save's older files begin with.
constexpr std::string_view kMagic = "\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19";
constexpr std::size_t kMagicAt = 4;  // behind the protocol and the instruction for long integers
constexpr std::int64_t kSequenceVersion = 1001;
constexpr const char* kSaveAgain =
    "open it in PyTorch and save its state_dict() again, or use save_pretrained";
constexpr const char* kFetchAgain = "the file may be cut short; fetch it again";

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

[[noreturn]] void refuse_other_file(std::string_view text, const std::string& where) {
  constexpr std::size_t kTarMark = 257;
  if (text.starts_with("version https://git-lfs")) {
    fail(Code::kBadFile, where, "the file is a pointer to Git LFS", "expected the weights",
         "fetch them with git lfs pull");
  }
  if (text.size() > kTarMark + 5 && text.substr(kTarMark, 5) == "ustar") {
    fail(Code::kUnsupported, where, "the file is a tar archive, as PyTorch wrote before 0.2",
         "expected one of a later PyTorch", kSaveAgain);
  }
  fail(Code::kBadFile, where, "the file begins neither as a ZIP archive nor as PyTorch's pickles",
       "expected a file of torch.save", kFetchAgain);
}

}  // namespace

bool TorchFile::begins(std::span<const std::byte> bytes) {
  const std::string_view text = text_of(bytes);
  return text.starts_with(kArchive) || text.substr(0, 64).find(kMagic) == kMagicAt;
}

bool TorchFile::begins(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && begins(MappedFile::open(path)->bytes());
}

std::shared_ptr<const TorchFile> TorchFile::open(const std::filesystem::path& path) {
  std::shared_ptr<TorchFile> file(new TorchFile);
  file->path_ = path;
  file->mapping_ = MappedFile::open(path);
  if (!begins(file->mapping_->bytes())) refuse_other_file(file->mapping_->text(), path.string());
  file->mapping_->text().starts_with(kArchive) ? file->read_archive() : file->read_sequence();
  return file;
}

WeightFile TorchFile::file() const { return {path_, header_, mapping_->bytes(), mapping_}; }

/// The archive holds NAME/data.pkl, and each storage as NAME/data/KEY.
void TorchFile::read_archive() {
  constexpr std::string_view kPickle = "/data.pkl";
  const std::string where = path_.string();
  const std::vector<ZipEntry> entries = read_zip_entries(mapping_->bytes(), where);
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const ZipEntry& entry) {
    return entry.name.ends_with(kPickle);
  });
  if (found == entries.end()) {
    fail(Code::kBadFile, where, "the ZIP archive has no data.pkl", "expected a file of torch.save");
  }
  const std::string folder(found->name.substr(0, found->name.size() - kPickle.size() + 1));
  for (const ZipEntry& entry : entries) {
    if (!entry.name.starts_with(folder)) continue;
    const std::string_view name = entry.name.substr(folder.size());
    if (name == "constants.pkl") {
      fail(Code::kUnsupported, where, "the file is a TorchScript program", "expected weights",
           kSaveAgain);
    }
    if (!entry.stored) {
      fail(Code::kUnsupported, where, "\"" + std::string(entry.name) + "\" is compressed",
           "expected it stored as it is, as torch.save does", "unpack it and zip it with zip -0");
    }
    if (name == "byteorder" && text_of(entry.bytes) != "little") {
      fail(Code::kUnsupported, where,
           "its byte order is \"" + std::string(text_of(entry.bytes).substr(0, 16)) + "\"",
           "expected little");
    }
    if (name.starts_with("data/")) storages_[std::string(name.substr(5))] = entry.bytes;
  }
  header_ = text_of(found->bytes);
  root_ = PickleValue::read(found->bytes, where);
}

/// Five pickles (a magic number, a version, facts about the machine, the value, the storages'
/// keys), then each storage: the number of its elements in 8 bytes, and the elements.
void TorchFile::read_sequence() {
  const std::string where = path_.string();
  const std::span<const std::byte> bytes = mapping_->bytes();
  std::size_t at = 0;
  const auto next = [&] {
    std::size_t length = 0;
    PickleValue value = PickleValue::read(bytes.subspan(at), where, &length);
    at += length;
    return value;
  };
  next();
  if (const PickleValue version = next(); version.integer() != kSequenceVersion) {
    fail(Code::kUnsupported, where, "its version is " + std::to_string(version.integer()),
         "expected " + std::to_string(kSequenceVersion), kSaveAgain);
  }
  if (const auto little = next().find("little_endian"); little && !little->boolean()) {
    fail(Code::kUnsupported, where, "its byte order is big", "expected little");
  }
  root_ = next();
  const PickleValue keys = next();
  header_ = text_of(bytes.subspan(0, at));

  std::unordered_map<std::string, std::uint64_t> sizes;  // of one element, by key
  root_->all(Kind::kPersistent, [&](const PickleValue& value) {
    const PickleValue id = value.persistent_id();
    if (!id.is(Kind::kTuple) || id.size() < 3 || !id.at(std::size_t{0}).is(Kind::kString)) return;
    if (id.at(std::size_t{0}).string() != "storage") return;
    const TorchDtype* type = find_torch_dtype(id.at(1).name());
    sizes[std::string(id.at(2).string())] = type == nullptr ? 1 : type->size;
  });
  keys.elements([&](const PickleValue& key) {
    const auto size = sizes.find(std::string(key.string()));
    std::uint64_t count = 0, length = 0;
    const bool counted = bytes.size() - at >= sizeof count;
    if (counted) {
      std::memcpy(&count, bytes.data() + at, sizeof count);
      at += sizeof count;
    }
    if (!counted || size == sizes.end() || __builtin_mul_overflow(count, size->second, &length) ||
        length > bytes.size() - at) {
      fail(Code::kBadFile, where,
           "storage \"" + std::string(key.string()) + "\" claims " + std::to_string(count) +
               " elements at byte " + std::to_string(at),
           "the file has " + std::to_string(bytes.size()) + " bytes", kFetchAgain);
    }
    storages_[size->first] = bytes.subspan(at, static_cast<std::size_t>(length));
    at += static_cast<std::size_t>(length);
  });
}

}  // namespace ascribo
