// SPDX-License-Identifier: MIT
// Follows refs to snapshots in the layout of huggingface_hub's cache.
#include "ascribo/io/hub_cache.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <system_error>

#include "ascribo/io/text_file.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMain = "main";

std::optional<fs::path> variable(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr || *value == '\0') return {};
  return fs::path(value);
}

std::vector<fs::path> cache_folders() {
  // The first that is set decides, as in huggingface_hub; the older names still stand in scripts.
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TRANSFORMERS_CACHE"}) {
    if (const auto folder = variable(name)) return {*folder};
  }
  if (const auto home = variable("HF_HOME")) return {*home / "hub"};
  if (const auto cache = variable("XDG_CACHE_HOME")) return {*cache / "huggingface" / "hub"};
  if (const auto home = variable("HOME")) return {*home / ".cache" / "huggingface" / "hub"};
  return {};
}

bool is_snapshot(const fs::path& folder) {
  std::error_code error;
  return fs::exists(folder / "config.json", error);
}

std::optional<fs::path> named_snapshot(const fs::path& model, const std::string& revision) {
  std::error_code error;
  const fs::path ref = model / "refs" / revision;
  if (fs::is_regular_file(ref, error)) {
    const std::vector<std::string> lines = read_lines(ref);
    if (!lines.empty() && is_snapshot(model / "snapshots" / lines.front())) {
      return model / "snapshots" / lines.front();
    }
  }
  if (is_snapshot(model / "snapshots" / revision)) return model / "snapshots" / revision;
  return {};
}

std::optional<fs::path> youngest_snapshot(const fs::path& model) {
  std::optional<fs::path> youngest;
  fs::file_time_type when;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(model / "snapshots", error)) {
    if (!is_snapshot(entry.path())) continue;
    const auto time = fs::last_write_time(entry.path(), error);
    if (youngest && (time < when || (time == when && entry.path() < *youngest))) continue;
    youngest = entry.path();
    when = time;
  }
  return youngest;
}

}  // namespace

bool is_hub_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  const std::string_view path = name.substr(0, name.find('@'));
  const std::size_t slash = path.find('/');
  const std::string_view first = path.substr(0, slash);
  const std::string_view last = slash == std::string_view::npos ? first : path.substr(slash + 1);
  const auto is_part = [&](std::string_view part) {
    return !part.empty() && part.front() != '.' && std::all_of(part.begin(), part.end(), allowed);
  };
  return is_part(first) && is_part(last);
}

HubLookup find_in_hub_cache(std::string_view name) {
  HubLookup lookup{.folder = {}, .caches = cache_folders()};
  if (!is_hub_name(name)) return lookup;
  const std::size_t at = std::min(name.find('@'), name.size());
  std::string folder = "models--" + std::string(name.substr(0, at));
  if (const std::size_t slash = folder.find('/'); slash != std::string::npos) {
    folder.replace(slash, 1, "--");
  }
  const std::string revision(at == name.size() ? "" : name.substr(at + 1));
  for (const fs::path& cache : lookup.caches) {
    const fs::path model = cache / folder;
    lookup.folder = named_snapshot(model, revision.empty() ? kMain : revision);
    if (!lookup.folder && revision.empty()) lookup.folder = youngest_snapshot(model);
    if (lookup.folder) break;
  }
  return lookup;
}

}  // namespace ascribo
