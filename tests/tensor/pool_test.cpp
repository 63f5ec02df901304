// SPDX-License-Identifier: MIT
// The pool reuses blocks, counts them, and lets go of what it need not keep.
#include "ascribo/tensor/pool.h"

#include <gtest/gtest.h>

#include <cstring>
#include <thread>
#include <vector>

namespace ascribo {
namespace {

constexpr std::size_t kMega = std::size_t{1} << 20;

TEST(Pool, BlocksAreAlignedAndUsedAgain) {
  pool_trim();
  std::shared_ptr<void> block = pool_allocate(1000);
  const void* address = block.get();
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(address) % 64, 0u);
  block.reset();
  EXPECT_EQ(pool_allocate(1000).get(), address);
  EXPECT_NE(pool_allocate(0), nullptr);
}

TEST(Pool, CountsWhatIsUsedAndCached) {
  pool_trim();
  const std::size_t before = pool_statistics().in_use;
  {
    const auto block = pool_allocate(5 * kMega + 1);
    const std::size_t used = pool_statistics().in_use - before;
    EXPECT_GE(used, 5 * kMega + 1);
    EXPECT_LE(used, 5 * kMega / 8 * 9 + 64);
    EXPECT_EQ(pool_statistics().cached, 0u);
  }
  EXPECT_EQ(pool_statistics().in_use, before);
  EXPECT_GE(pool_statistics().cached, 5 * kMega);
  pool_trim();
  EXPECT_EQ(pool_statistics().cached, 0u);
}

TEST(Pool, PeakIsTheMostAtOnce) {
  pool_reset_peak();
  const std::size_t before = pool_statistics().in_use;
  for (int i = 0; i < 5; ++i) pool_allocate(kMega);
  EXPECT_EQ(pool_statistics().peak - before, kMega);
  const auto first = pool_allocate(kMega), second = pool_allocate(kMega);
  EXPECT_EQ(pool_statistics().peak - before, 2 * kMega);
}

TEST(Pool, ChangingSizesDoNotGrowTheCache) {
  pool_trim();
  pool_reset_peak();
  for (std::size_t size = 1; size <= 64; ++size) pool_allocate(size * kMega);
  const PoolStatistics statistics = pool_statistics();
  EXPECT_LE(statistics.in_use + statistics.cached, statistics.peak / 4 * 5 + 8 * kMega);
}

TEST(Pool, OnceItIsFullABlockUpToTwiceAsLargeServes) {
  pool_trim();
  const void* address = pool_allocate(64 * kMega).get();  // cached from here on
  const std::size_t before = pool_statistics().in_use;
  {
    const auto block = pool_allocate(40 * kMega);  // would be more than 5/4 of the peak
    EXPECT_EQ(block.get(), address);
    EXPECT_EQ(pool_statistics().in_use - before, 64 * kMega);
    EXPECT_EQ(pool_statistics().cached, 0u);
  }
  const auto block = pool_allocate(20 * kMega);
  EXPECT_LT(pool_statistics().in_use - before, 64 * kMega);
}

// Blocks of every size, written from end to end, neighbours in slabs or not.
TEST(Pool, BlocksDoNotOverlap) {
  std::vector<std::pair<std::shared_ptr<void>, std::size_t>> blocks;
  for (std::size_t i = 0; i < 60; ++i) {
    const std::size_t size = (20 + i * 53) * 1024 + i;
    blocks.emplace_back(pool_allocate(size), size);
    std::memset(blocks.back().first.get(), static_cast<int>(i), size);
  }
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto* bytes = static_cast<const unsigned char*>(blocks[i].first.get());
    EXPECT_EQ(bytes[0], i);
    EXPECT_EQ(bytes[blocks[i].second - 1], i);
  }
}

// Trimming gives back the memory of a block in a slab; its place is used again.
TEST(Pool, PlacesInSlabsAreUsedAgain) {
  constexpr std::size_t kSize = std::size_t{600} * 1024;
  pool_trim();
  std::shared_ptr<void> block = pool_allocate(kSize);
  const void* address = block.get();
  std::memset(block.get(), 7, kSize);
  block.reset();
  pool_trim();
  EXPECT_EQ(pool_statistics().cached, 0u);
  block = pool_allocate(kSize);
  EXPECT_EQ(block.get(), address);
  std::memset(block.get(), 8, kSize);
}

TEST(Pool, ThreadsGetBlocksOfTheirOwn) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (std::size_t i = 1; i < 300; ++i) {
        const std::size_t size = i % 17 * 100 + 1;
        const auto block = pool_allocate(size);
        std::memset(block.get(), t, size);
        const auto* bytes = static_cast<const unsigned char*>(block.get());
        for (std::size_t j = 0; j < size; ++j) ASSERT_EQ(bytes[j], t);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace ascribo
