// SPDX-License-Identifier: MIT
// A golden checkpoint that a test rewrites into a folder of its own, as somebody might publish it.
#pragma once

#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <regex>
#include <string>

#include "ascribo/base/error.h"
#include "ascribo/models/model.h"
#include "tests/golden.h"

namespace ascribo::test {

struct Rewritten {
  explicit Rewritten(const std::string& name)
      : tensors(read_tensors(golden_folder() / name / "model.safetensors")),
        config(read_text(golden_folder() / name / "config.json")) {}

  std::shared_ptr<TempFolder> folder = std::make_shared<TempFolder>();
  StoredTensors tensors;
  std::string config;

  /// Gives every tensor another name; an empty one drops it.
  void rename(const std::function<std::string(const std::string&)>& to) {
    StoredTensors renamed;
    for (const auto& [name, tensor] : tensors) {
      if (const std::string other = to(name); !other.empty()) renamed[other] = tensor;
    }
    tensors = renamed;
  }
  /// Replaces what matches in config.json; the test's own slip if nothing does.
  void edit_config(const std::string& pattern, const std::string& text) {
    const std::string before = config;
    config = std::regex_replace(config, std::regex(pattern), text);
    if (config == before) throw std::runtime_error("config.json has no " + pattern);
  }
  /// Puts a field in front of the others.
  void add_to_config(const std::string& field) { config.insert(config.find('{') + 1, field + ","); }
  /// Takes a field out; values are scalars, arrays or objects without nesting.
  void drop_from_config(const std::string& key) {
    edit_config("\"" + key + "\": *(\\[[^\\]]*\\]|\\{[^}]*\\}|[^,\\n]*),", "");
  }

  std::unique_ptr<Model> open(Dtype compute = Dtype::kF32) const {
    write_text(folder->path() / "config.json", config);
    write_tensors(folder->path() / "model.safetensors", tensors);
    return Model::open(folder->path(), compute);
  }
};

/// What an Error says that `call` throws; checks its code.
inline std::string error_text(Code code, const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    if (error.code() != code) {
      return "wrong code " + std::string(code_name(error.code())) + ": " + error.what();
    }
    return error.what();
  }
  return "no error";
}

inline StoredTensor zeros(const std::string& dtype, const Shape& shape) {
  const std::size_t size = dtype == "I64" || dtype == "F64" ? 8 : 4;
  return {dtype, shape, std::string(static_cast<std::size_t>(numel(shape)) * size, '\0')};
}

}  // namespace ascribo::test
