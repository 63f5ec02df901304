// SPDX-License-Identifier: MIT
// The header's JSON, padded to eight bytes, then the tensors one after another.
#include <cstdint>
#include <cstring>

#include "ascribo/base/json_writer.h"
#include "ascribo/io/output_file.h"
#include "ascribo/io/safetensors.h"

namespace ascribo {
namespace {

constexpr std::size_t kAlignment = 8;

std::string header_of(const NamedTensors& tensors,
                      const std::vector<std::pair<std::string, std::string>>& metadata) {
  JsonWriter json;
  json.begin_object().key("__metadata__").begin_object();
  for (const auto& [name, text] : metadata) json.key(name).value(text);
  json.end_object();
  std::int64_t at = 0;
  for (const auto& [name, value] : tensors) {
    const auto bytes = static_cast<std::int64_t>(value.bytes());
    json.key(name).begin_object();
    json.key("dtype").value(value.dtype() == Dtype::kF64 ? "F64" : "F32");
    json.key("shape").begin_array();
    for (const std::int64_t size : value.shape()) json.value(size);
    json.end_array().key("data_offsets").begin_array().value(at).value(at + bytes).end_array();
    json.end_object();
    at += bytes;
  }
  json.end_object();
  std::string header = json.str();
  header.resize((header.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return header;
}

}  // namespace

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const std::vector<std::pair<std::string, std::string>>& metadata) {
  const std::string header = header_of(tensors, metadata);
  const std::uint64_t size = header.size();
  char prefix[sizeof size];
  std::memcpy(prefix, &size, sizeof size);
  OutputFile file(path);
  file.write({prefix, sizeof prefix});
  file.write(header);
  for (const auto& [name, value] : tensors) {
    file.write({static_cast<const char*>(value.raw()), value.bytes()});
  }
  file.commit();
}

}  // namespace ascribo
