// SPDX-License-Identifier: MIT
// What every fuzz target does: parse any bytes, and refuse them with an Error or not at all.
#pragma once

#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "ascribo/base/error.h"

/// libFuzzer's entry, and that of replay.cpp.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace ascribo::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// Runs `parse`; any exception but an Error with a message is a finding.
template <class Parse>
int expect_error_or_nothing(Parse parse) {
  try {
    parse();
  } catch (const Error& error) {
    if (std::string_view(error.what()).size() < 10) std::abort();
  }
  return 0;
}

/// Stops the run: something that must hold does not.
inline void check(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "does not hold: " << what << '\n';
  std::abort();
}

/// A folder of this process in memory, for parsers that open files.
class Folder {
 public:
  Folder() : path_("/dev/shm/ascribo_fuzz_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  void write(const char* name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary) << bytes;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace ascribo::fuzz
