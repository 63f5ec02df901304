// SPDX-License-Identifier: MIT
// One safetensors file, mapped; and how one is written.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/io/weight_files.h"
#include "ascribo/tensor/named_tensor.h"

namespace ascribo {

/// Everything in the header is checked; `header` is its JSON. Tensors come in the order of their
/// data. Errors: kNotFound; kBadFile naming file and tensor.
WeightFileContents read_safetensors(const std::filesystem::path& path);

/// Tensors in kF32 or kF64. The file appears whole or not at all. `metadata` are texts by name.
/// Errors: those of OutputFile.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors,
                       const std::vector<std::pair<std::string, std::string>>& metadata);

}  // namespace ascribo
