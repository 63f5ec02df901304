// SPDX-License-Identifier: MIT
// Reads sentence-transformers' description of its pooling.
#include "ascribo/models/pooling.h"

#include <string>

#include "ascribo/base/error.h"
#include "ascribo/io/config.h"

namespace ascribo {

Pooling read_pooling(const std::filesystem::path& folder) {
  const auto config = find_config(folder / "1_Pooling", "config.json");
  if (!config) return Pooling::kMean;
  std::string modes;
  config->members([&](std::string_view key, const Json& value) {
    constexpr std::string_view kPrefix = "pooling_mode_";
    if (!key.starts_with(kPrefix) || value.kind() != Json::Kind::kBool || !value.boolean()) return;
    modes += (modes.empty() ? "" : ", ") + std::string(key.substr(kPrefix.size()));
  });
  if (modes == "mean_tokens") return Pooling::kMean;
  if (modes == "cls_token") return Pooling::kFirst;
  if (modes == "lasttoken") return Pooling::kLast;
  fail(Code::kUnsupported, (folder / "1_Pooling" / "config.json").string(),
       "the pooling is " + (modes.empty() ? "none" : modes),
       "expected mean_tokens, cls_token or lasttoken");
}

}  // namespace ascribo
