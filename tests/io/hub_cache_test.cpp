// SPDX-License-Identifier: MIT
// Snapshots in the layout that huggingface_hub leaves on the disk.
#include "ascribo/io/hub_cache.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/io/temp_folder.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

class HubCache : public TempFolder {
 protected:
  void SetUp() override {
    TempFolder::SetUp();
    for (const char* name : kVariables) unsetenv(name);
    setenv("HF_HOME", folder_.c_str(), 1);
  }
  void TearDown() override {
    for (const char* name : kVariables) unsetenv(name);
    TempFolder::TearDown();
  }

  fs::path add_snapshot(const std::string& model, const std::string& commit) const {
    fs::path snapshot = folder_ / "hub" / model / "snapshots" / commit;
    fs::create_directories(snapshot);
    std::ofstream(snapshot / "config.json") << "{}";
    return snapshot;
  }
  void add_ref(const std::string& model, const std::string& ref, const std::string& commit) const {
    const fs::path file = folder_ / "hub" / model / "refs" / ref;
    fs::create_directories(file.parent_path());
    std::ofstream(file) << commit;
  }

  static constexpr const char* kVariables[] = {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE",
                                               "TRANSFORMERS_CACHE", "HF_HOME", "XDG_CACHE_HOME"};
};

TEST_F(HubCache, MainIsWhatItsRefSays) {
  add_snapshot("models--acme--bert", "bbb");
  const fs::path main = add_snapshot("models--acme--bert", "aaa");
  add_ref("models--acme--bert", "main", "aaa");
  EXPECT_EQ(find_in_hub_cache("acme/bert").folder, main);
}

TEST_F(HubCache, RevisionsAreBranchesTagsOrCommits) {
  const fs::path old = add_snapshot("models--acme--bert", "aaa");
  const fs::path pull = add_snapshot("models--acme--bert", "bbb");
  add_ref("models--acme--bert", "main", "bbb");
  add_ref("models--acme--bert", "refs/pr/7", "bbb");
  EXPECT_EQ(find_in_hub_cache("acme/bert@aaa").folder, old);
  EXPECT_EQ(find_in_hub_cache("acme/bert@refs/pr/7").folder, pull);
  EXPECT_FALSE(find_in_hub_cache("acme/bert@v2").folder);
}

TEST_F(HubCache, WithoutARefTheYoungestSnapshotIsTaken) {
  const fs::path old = add_snapshot("models--bert-base-uncased", "zzz");
  const fs::path young = add_snapshot("models--bert-base-uncased", "aaa");
  fs::last_write_time(old, fs::last_write_time(young) - std::chrono::hours(1));
  EXPECT_EQ(find_in_hub_cache("bert-base-uncased").folder, young);
}

TEST_F(HubCache, ASnapshotWithoutConfigIsNone) {
  fs::create_directories(folder_ / "hub" / "models--acme--bert" / "snapshots" / "aaa");
  add_ref("models--acme--bert", "main", "aaa");
  const HubLookup lookup = find_in_hub_cache("acme/bert");
  EXPECT_FALSE(lookup.folder);
  EXPECT_EQ(lookup.caches, std::vector{folder_ / "hub"});
}

TEST_F(HubCache, TheFirstVariableThatIsSetDecides) {
  const fs::path snapshot = add_snapshot("models--acme--bert", "aaa");
  setenv("HF_HUB_CACHE", (folder_ / "elsewhere").c_str(), 1);
  EXPECT_FALSE(find_in_hub_cache("acme/bert").folder);
  setenv("HF_HUB_CACHE", (folder_ / "hub").c_str(), 1);
  EXPECT_EQ(find_in_hub_cache("acme/bert").folder, snapshot);
  unsetenv("HF_HUB_CACHE");
  unsetenv("HF_HOME");
  setenv("XDG_CACHE_HOME", folder_.c_str(), 1);
  EXPECT_EQ(find_in_hub_cache("acme/bert").caches, std::vector{folder_ / "huggingface" / "hub"});
}

TEST(HubName, HasNoPathInIt) {
  for (const char* name : {"bert", "acme/bert-base", "acme/bert@main", "a.b/c_d@refs/pr/1"}) {
    EXPECT_TRUE(is_hub_name(name)) << name;
  }
  for (const char* name : {"", "/bert", "acme/", "a/b/c", "../bert", "./bert", "a b/c", "@main"}) {
    EXPECT_FALSE(is_hub_name(name)) << name;
  }
}

}  // namespace
}  // namespace ascribo
