// SPDX-License-Identifier: MIT
// Follows a ZIP archive from its end: end record, central directory, local headers (APPNOTE 4.3).
#include "ascribo/io/zip_entries.h"

#include <algorithm>
#include <optional>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kEnd = 0x06054B50, kEnd64 = 0x06064B50, kEnd64Locator = 0x07064B50;
constexpr std::uint64_t kCentralHeader = 0x02014B50, kLocalHeader = 0x04034B50;
constexpr std::size_t kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20;
constexpr std::size_t kCentralSize = 46, kLocalSize = 30;
constexpr std::size_t kLongestComment = 0xFFFF;
constexpr std::uint64_t kIn64 = 0xFFFFFFFF;  // "see the ZIP64 record"

/// Reads numbers at places in the archive; what lies outside is refused.
class Archive {
 public:
  Archive(std::span<const std::byte> bytes, const std::string& where)
      : bytes_(bytes), where_(where) {}

  std::size_t size() const { return bytes_.size(); }

  std::span<const std::byte> part(std::uint64_t at, std::uint64_t count) const {
    if (at > bytes_.size() || count > bytes_.size() - at) {
      fail(Code::kBadFile, where_,
           "the ZIP archive points to byte " + std::to_string(at) + " and " +
               std::to_string(count) + " more",
           "the file has " + std::to_string(bytes_.size()),
           "the file may be cut short; fetch it again");
    }
    return bytes_.subspan(static_cast<std::size_t>(at), static_cast<std::size_t>(count));
  }

  std::uint64_t number(std::uint64_t at, std::size_t count) const {
    std::uint64_t value = 0;
    std::size_t shift = 0;
    for (const std::byte each : part(at, count)) {
      value |= std::to_integer<std::uint64_t>(each) << shift;
      shift += 8;
    }
    return value;
  }

  std::string_view text(std::uint64_t at, std::uint64_t count) const {
    const auto bytes = part(at, count);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }

  void expect(std::uint64_t at, std::uint64_t signature, const char* what) const {
    if (number(at, 4) == signature) return;
    fail(Code::kBadFile, where_,
         "the ZIP archive has no " + std::string(what) + " at byte " + std::to_string(at),
         "expected one there", "the file may be damaged; fetch it again");
  }

  [[noreturn]] void refuse(const std::string& given, const std::string& expected) const {
    fail(Code::kBadFile, where_, given, expected, "the file may be cut short; fetch it again");
  }

 private:
  std::span<const std::byte> bytes_;
  const std::string& where_;
};

/// Where the end record is: behind it there is only a comment.
std::size_t find_end(const Archive& archive) {
  if (archive.size() >= kEndSize) {
    const std::size_t last = archive.size() - kEndSize;
    for (std::size_t comment = 0; comment <= std::min(last, kLongestComment); ++comment) {
      const std::size_t at = last - comment;
      if (archive.number(at, 4) == kEnd && archive.number(at + 20, 2) == comment) return at;
    }
  }
  archive.refuse("the ZIP archive has no end record", "expected one at the end of the file");
}

struct Directory {
  std::uint64_t at = 0, size = 0;
};

Directory find_directory(const Archive& archive) {
  const std::size_t end = find_end(archive);
  Directory directory{archive.number(end + 16, 4), archive.number(end + 12, 4)};
  const bool large =
      directory.at == kIn64 || directory.size == kIn64 || archive.number(end + 10, 2) == 0xFFFF;
  if (large && end >= kLocatorSize && archive.number(end - kLocatorSize, 4) == kEnd64Locator) {
    const std::uint64_t end64 = archive.number(end - kLocatorSize + 8, 8);
    archive.part(end64, kEnd64Size);
    archive.expect(end64, kEnd64, "ZIP64 end record");
    directory = {archive.number(end64 + 48, 8), archive.number(end64 + 40, 8)};
  }
  archive.part(directory.at, directory.size);
  return directory;
}

/// The sizes and place of an entry, which a ZIP64 field gives where they do not fit in 32 bits.
struct Place {
  std::uint64_t unpacked = 0, packed = 0, header = 0;

  void complete(const Archive& archive, std::uint64_t extra, std::uint64_t extra_size) {
    while (extra_size >= 4) {
      const std::uint64_t kind = archive.number(extra, 2), size = archive.number(extra + 2, 2);
      if (size > extra_size - 4) break;
      if (kind == 1) {
        std::uint64_t at = extra + 4;
        for (std::uint64_t* field : {&unpacked, &packed, &header}) {
          if (*field != kIn64 || at + 8 > extra + 4 + size) continue;
          *field = archive.number(at, 8);
          at += 8;
        }
      }
      extra += 4 + size;
      extra_size -= 4 + size;
    }
  }
};

}  // namespace

std::vector<ZipEntry> read_zip_entries(std::span<const std::byte> bytes, const std::string& where) {
  const Archive archive(bytes, where);
  const Directory directory = find_directory(archive);
  const std::uint64_t end = directory.at + directory.size;
  std::vector<ZipEntry> entries;
  for (std::uint64_t at = directory.at; at + kCentralSize <= end;) {
    archive.expect(at, kCentralHeader, "entry of its directory");
    const std::uint64_t flags = archive.number(at + 8, 2), method = archive.number(at + 10, 2);
    const std::uint64_t name = archive.number(at + 28, 2), extra = archive.number(at + 30, 2);
    Place place{archive.number(at + 24, 4), archive.number(at + 20, 4), archive.number(at + 42, 4)};
    ZipEntry entry;
    entry.name = archive.text(at + kCentralSize, name);
    archive.part(at + kCentralSize + name, extra);
    place.complete(archive, at + kCentralSize + name, extra);
    archive.expect(place.header, kLocalHeader, "entry");
    const std::uint64_t data = place.header + kLocalSize + archive.number(place.header + 26, 2) +
                               archive.number(place.header + 28, 2);
    entry.bytes = archive.part(data, place.packed);
    entry.stored = method == 0 && (flags & 1) == 0 && place.packed == place.unpacked;
    entries.push_back(entry);
    at += kCentralSize + name + extra + archive.number(at + 32, 2);
  }
  return entries;
}

}  // namespace ascribo
