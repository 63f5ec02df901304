// SPDX-License-Identifier: MIT
// Reads and writes whole safetensors files for tests, independently of the reader under test.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "ascribo/base/json.h"
#include "ascribo/tensor/tensor.h"

namespace ascribo::test {

inline std::string read_text(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  if (!out) throw std::runtime_error("cannot write " + file.string());
}

/// One tensor as a safetensors file holds it.
struct StoredTensor {
  std::string dtype;
  Shape shape;
  std::string bytes;

  /// Its values as an F32 tensor; for dtype F32 only.
  Tensor tensor() const {
    if (dtype != "F32") throw std::runtime_error("expected F32, found " + dtype);
    std::vector<float> values(bytes.size() / sizeof(float));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return Tensor::from<float>(values, shape);
  }
};

using StoredTensors = std::map<std::string, StoredTensor>;

inline StoredTensors read_tensors(const std::filesystem::path& file) {
  const std::string all = read_text(file);
  std::uint64_t header = 0;
  std::memcpy(&header, all.data(), sizeof header);
  const std::size_t base = sizeof header + header;
  StoredTensors tensors;
  Json::parse(all.substr(sizeof header, header), file.string())
      .members([&](std::string_view name, const Json& entry) {
        if (name == "__metadata__") return;
        StoredTensor& tensor = tensors[std::string(name)];
        tensor.dtype = entry.at("dtype").string();
        entry.at("shape").elements([&](const Json& n) { tensor.shape.push_back(n.integer()); });
        const auto at = [&](std::size_t i) {
          return static_cast<std::size_t>(entry.at("data_offsets").at(i).integer());
        };
        tensor.bytes = all.substr(base + at(0), at(1) - at(0));
      });
  return tensors;
}

inline void write_tensors(const std::filesystem::path& file, const StoredTensors& tensors) {
  std::string header = "{", data;
  for (const auto& [name, tensor] : tensors) {
    std::string shape;
    for (const std::int64_t n : tensor.shape) {
      shape += (shape.empty() ? "" : ",") + std::to_string(n);
    }
    header.append(header.size() > 1 ? ",\"" : "\"").append(name);
    header.append("\":{\"dtype\":\"").append(tensor.dtype);
    header.append("\",\"shape\":[").append(shape);
    header.append("],\"data_offsets\":[").append(std::to_string(data.size()));
    header.append(",").append(std::to_string(data.size() + tensor.bytes.size())).append("]}");
    data += tensor.bytes;
  }
  header += '}';
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t size = header.size();
  std::string all(sizeof size, '\0');
  std::memcpy(all.data(), &size, sizeof size);
  write_text(file, all + header + data);
}

/// A folder that is gone when the test is over.
class TempFolder {
 public:
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ascribo-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace ascribo::test
