// SPDX-License-Identifier: MIT
// Hashes what describes a checkpoint.
#include "ascribo/models/checkpoint_hash.h"

#include "ascribo/base/sha256.h"

namespace ascribo {

std::string quick_hash(std::string_view config, const WeightFiles& weights) {
  Sha256 hash;
  hash.update(config);
  for (const WeightFile& file : weights.files()) {
    hash.update(file.header).update(std::to_string(file.bytes.size()));
  }
  return hash.hex();
}

}  // namespace ascribo
