// SPDX-License-Identifier: MIT
// Puts files of torch.save together byte by byte, in both layouts, right or wrong on purpose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ascribo/tensor/tensor.h"

namespace ascribo::test {

inline std::string little(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i, value >>= 8) bytes += static_cast<char>(value & 0xFF);
  return bytes;
}

// Pieces of pickles, protocol 2.
inline std::string pickled(const std::string& text) { return "X" + little(text.size(), 4) + text; }
inline std::string pickled(const char* text) { return pickled(std::string(text)); }
inline std::string pickled(std::int64_t value) {
  return "\x8A\x08" + little(static_cast<std::uint64_t>(value), 8);
}
inline std::string pickled(const Shape& shape) {
  std::string bytes = "(";
  for (const std::int64_t size : shape) bytes += pickled(size);
  return bytes + "t";
}

/// A tensor's record. Whatever a test gets wrong stays wrong.
struct TensorRecord {
  std::string key;
  std::int64_t elements = 0;  // of the storage
  Shape shape, strides;
  std::int64_t offset = 0;
  std::string storage = "torch\nFloatStorage";
  std::string maker = "torch._utils\n_rebuild_tensor_v2";

  std::string pickle() const {
    return "c" + maker + "\n((" + pickled("storage") + "c" + storage + "\n" + pickled(key) +
           pickled("cpu") + pickled(elements) + "tQ" + pickled(offset) + pickled(shape) +
           pickled(strides) + "\x89" + "ccollections\nOrderedDict\n)RtR";
  }
};

/// {name: pickle, ...} as a whole pickle.
inline std::string pickled_dict(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string bytes = "\x80\x02}(";
  for (const auto& [name, value] : members) bytes += pickled(name) + value;
  return bytes + "u.";
}

/// One after another.
inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string all;
  for (const std::string_view part : parts) all.append(part);
  return all;
}

struct ZipOptions {
  int method = 0;
  bool large = false;  // ZIP64 everywhere
  std::string comment = {};
};

/// A ZIP archive of these entries, without checksums, which the reader leaves to others.
inline std::string zipped(const std::vector<std::pair<std::string, std::string>>& entries,
                          const ZipOptions& options = {}) {
  std::string file, directory;
  const auto size32 = [&](std::uint64_t size) { return little(options.large ? -1 : size, 4); };
  for (const auto& [name, bytes] : entries) {
    const std::uint64_t at = file.size();
    const std::string extra = "FB" + little(3, 2) + "ZZZ";  // padding, as torch writes it
    const std::string method = little(static_cast<std::uint64_t>(options.method), 2);
    file += joined({"PK\x03\x04", little(0, 4), method, little(0, 8), size32(bytes.size()),
                    size32(bytes.size()), little(name.size(), 2), little(extra.size(), 2), name,
                    extra, bytes});
    const std::string large = options.large
                                  ? little(1, 2) + little(24, 2) + little(bytes.size(), 8) +
                                        little(bytes.size(), 8) + little(at, 8)
                                  : "";
    directory += joined({"PK\x01\x02", little(0, 6), method, little(0, 8), size32(bytes.size()),
                         size32(bytes.size()), little(name.size(), 2), little(large.size(), 2),
                         little(0, 10), size32(at), name, large});
  }
  const std::uint64_t at = file.size();
  file += directory;
  if (options.large) {
    const std::uint64_t end = file.size();
    file += "PK\x06\x06" + little(44, 8) + little(0, 12) + little(entries.size(), 8) +
            little(entries.size(), 8) + little(directory.size(), 8) + little(at, 8);
    file += "PK\x06\x07" + little(0, 4) + little(end, 8) + little(1, 4);
  }
  return file + "PK\x05\x06" + little(0, 4) + little(entries.size(), 2) +
         little(entries.size(), 2) + size32(directory.size()) + size32(at) +
         little(options.comment.size(), 2) + options.comment;
}

using Storages = std::vector<std::pair<std::string, std::string>>;  // key, bytes

/// torch.save since 1.6.
inline std::string torch_archive(const std::string& pickle, const Storages& storages,
                                 const ZipOptions& options = {}) {
  std::vector<std::pair<std::string, std::string>> entries{{"model/data.pkl", pickle},
                                                           {"model/byteorder", "little"}};
  for (const auto& [key, bytes] : storages) entries.emplace_back("model/data/" + key, bytes);
  entries.emplace_back("model/version", "3\n");
  return zipped(entries, options);
}

/// torch.save before; every storage holds elements of `element` bytes.
inline std::string torch_sequence(const std::string& pickle, const Storages& storages,
                                  std::size_t element = 4, bool little_endian = true) {
  std::string file = "\x80\x02\x8A\x0A\x6C\xFC\x9C\x46\xF9\x20\x6A\xA8\x50\x19.";
  file += "\x80\x02M" + little(1001, 2) + ".";
  file += "\x80\x02}" + pickled("little_endian") + (little_endian ? "\x88s." : "\x89s.");
  file += pickle + "\x80\x02](";
  for (const auto& [key, bytes] : storages) file += pickled(key);
  file += "e.";
  for (const auto& [key, bytes] : storages) file += little(bytes.size() / element, 8) + bytes;
  return file;
}

}  // namespace ascribo::test
