// SPDX-License-Identifier: MIT
// Gives every text the masks that a file holds for it.
#pragma once

#include <memory>
#include <string>

#include "input_source.h"

namespace ascribo::cli {

/// The inputs with masks from a file, row by row. Errors of next(): those of MaskFile; kBadFile
/// when a row names another text, or there are fewer rows than texts.
std::unique_ptr<InputSource> with_masks(std::unique_ptr<InputSource> inputs,
                                        const std::string& file);

}  // namespace ascribo::cli
