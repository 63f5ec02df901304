// SPDX-License-Identifier: MIT
// Models that other programs have downloaded from the Hugging Face hub.
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

namespace ascribo {

/// Where a model of the hub lies on this machine, and what was looked through for it.
struct HubLookup {
  std::optional<std::filesystem::path> folder;  ///< the snapshot's, with its config.json
  std::vector<std::filesystem::path> caches;
};

/// Whether a name can be one of the hub's: NAME, ORG/NAME, either with @REVISION behind it.
bool is_hub_name(std::string_view name);

/// Looks through the caches that HF_HUB_CACHE, HF_HOME or XDG_CACHE_HOME name, else
/// ~/.cache/huggingface/hub, for models--ORG--NAME. The snapshot is that of the revision (a branch,
/// tag or commit; main where none is named), or the youngest where the cache does not say which
/// that is and none was named. Nothing is downloaded.
HubLookup find_in_hub_cache(std::string_view name);

}  // namespace ascribo
