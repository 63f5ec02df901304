// SPDX-License-Identifier: MIT
// One safetensors file, mapped.
#pragma once

#include <filesystem>

#include "ascribo/io/weight_files.h"

namespace ascribo {

/// Everything in the header is checked; `header` is its JSON. Tensors come in the order of their
/// data. Errors: kNotFound; kBadFile naming file and tensor.
WeightFileContents read_safetensors(const std::filesystem::path& path);

}  // namespace ascribo
