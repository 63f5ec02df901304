// SPDX-License-Identifier: MIT
// Puts safetensors files together byte by byte.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>

namespace ascribo {

namespace fs = std::filesystem;

template <class T>
std::string raw(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

inline std::string safetensors_bytes(const std::string& header, const std::string& data) {
  return raw<std::uint64_t>(header.size()) + header + data;
}

}  // namespace ascribo
