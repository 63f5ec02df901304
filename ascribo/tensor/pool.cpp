// SPDX-License-Identifier: MIT
// The pool: one list of free blocks per size class. What goes back to the system first is of the
// class that was used longest ago: the largest blocks may be those that every step of a training
// needs, and filling their pages anew takes longer than their use. Where batches differ in size, so
// do their blocks: once the cache is full, a block up to twice as large serves as well. Large
// blocks are the system's own, on large pages. Middling ones are cut from slabs that are: filling 4
// KB pages for the first time would take longer than what is done with them in a short run. Of a
// slab only the memory goes back, its addresses stay for the next block of that size.
#include "ascribo/tensor/pool.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <sys/mman.h>
#endif
#if defined(__SANITIZE_ADDRESS__)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(address, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(address, size) static_cast<void>(0)
#endif

namespace ascribo {
namespace {

constexpr std::size_t kAlignment = 64;
constexpr std::size_t kHugePage = std::size_t{2} << 20;  // from here on they save page faults
constexpr std::size_t kLeastInSlab = std::size_t{32} << 10;
constexpr std::size_t kSlab = std::size_t{16} << 20;
constexpr std::size_t kSlack = std::size_t{8} << 20;

// Eight classes to each doubling, so that a block wastes at most an eighth.
std::size_t class_size(std::size_t bytes) {
  const std::size_t wanted = std::max(bytes, kAlignment);
  const std::size_t step = std::max(kAlignment, std::bit_floor(wanted) / 8);
  return (wanted + step - 1) / step * step;
}

void* system_allocate(std::size_t size) {
  const std::size_t alignment = size >= kHugePage ? kHugePage : kAlignment;
  void* block = nullptr;
  if (posix_memalign(&block, alignment, size) != 0) throw std::bad_alloc();
#if defined(__linux__)
  if (size >= kHugePage) madvise(block, size, MADV_HUGEPAGE);
#endif
  return block;
}

void system_free(void* block, [[maybe_unused]] std::size_t size) {
  ASAN_UNPOISON_MEMORY_REGION(block, size);
  std::free(block);
}

bool is_in_slab(std::size_t size) { return size >= kLeastInSlab && size < kHugePage; }

// Gives back the memory of all pages that are the block's alone.
void forget([[maybe_unused]] void* block, [[maybe_unused]] std::size_t size) {
#if defined(__linux__)
  constexpr std::uintptr_t kPage = 4096;
  const auto begin = reinterpret_cast<std::uintptr_t>(block);
  const std::uintptr_t from = (begin + kPage - 1) & ~(kPage - 1),
                       to = (begin + size) & ~(kPage - 1);
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
#endif
}

class Pool {
 public:
  // The block, and the size it has: of the class that is asked for or a cached one's.
  std::pair<void*, std::size_t> take(std::size_t size) {
    std::lock_guard lock(mutex_);
    void* block = nullptr;
    auto found = free_.find(size);
    if (found == free_.end() && is_over(size)) {
      found = free_.upper_bound(size);
      if (found != free_.end() && found->first > 2 * size) found = free_.end();
    }
    if (found != free_.end()) {
      size = found->first;
      block = found->second.blocks.back();
      found->second.blocks.pop_back();
      if (found->second.blocks.empty()) free_.erase(found);
      statistics_.cached -= size;
    }
    statistics_.in_use += size;
    statistics_.peak = std::max(statistics_.peak, statistics_.in_use);
    highest_ = std::max(highest_, statistics_.in_use);
    if (block != nullptr) return {block, size};
    while (statistics_.cached > 0 && is_over(0)) drop_oldest();
    try {
      return {is_in_slab(size) ? cut_from_slab(size) : system_allocate(size), size};
    } catch (...) {
      statistics_.in_use -= size;
      throw;
    }
  }

  void give_back(void* block, std::size_t size) noexcept {
    std::lock_guard lock(mutex_);
    statistics_.in_use -= size;
    try {
      FreeBlocks& free = free_[size];
      free.blocks.push_back(block);
      free.used = ++clock_;
    } catch (...) {  // no memory for the list entry: then not cached
      if (const auto free = free_.find(size); free != free_.end() && free->second.blocks.empty()) {
        free_.erase(free);
      }
      if (!is_in_slab(size)) system_free(block, size);
      return;
    }
    statistics_.cached += size;
    ASAN_POISON_MEMORY_REGION(block, size);
  }

  PoolStatistics statistics() {
    std::lock_guard lock(mutex_);
    return statistics_;
  }

  void reset_peak() {
    std::lock_guard lock(mutex_);
    statistics_.peak = statistics_.in_use;
  }

  void trim() {
    std::lock_guard lock(mutex_);
    while (!free_.empty()) drop_oldest();
    highest_ = statistics_.in_use;
  }

 private:
  // Whether so much more from the system would be more than the pool may hold.
  bool is_over(std::size_t more) const {
    return statistics_.in_use + more + statistics_.cached > highest_ + highest_ / 4 + kSlack;
  }

  void* cut_from_slab(std::size_t size) {
    if (std::vector<void*>& empty = empty_[size]; !empty.empty()) {
      void* block = empty.back();
      empty.pop_back();
      return block;
    }
    if (slab_left_ < size) {
      slab_ = static_cast<std::byte*>(system_allocate(kSlab));
      slab_left_ = kSlab;
    }
    slab_left_ -= size;
    return slab_ + slab_left_;
  }

  void drop_oldest() {
    const auto oldest = std::min_element(
        free_.begin(), free_.end(),
        [](const auto& a, const auto& b) { return a.second.used < b.second.used; });
    const std::size_t size = oldest->first;
    void* block = oldest->second.blocks.back();
    if (is_in_slab(size)) {
      empty_[size].push_back(block);
      forget(block, size);
    } else {
      system_free(block, size);
    }
    statistics_.cached -= size;
    oldest->second.blocks.pop_back();
    if (oldest->second.blocks.empty()) free_.erase(oldest);
  }

  struct FreeBlocks {
    std::vector<void*> blocks;  // never empty
    std::uint64_t used = 0;     // when one was last given back
  };

  std::mutex mutex_;
  std::map<std::size_t, FreeBlocks> free_;
  std::map<std::size_t, std::vector<void*>> empty_;  // in slabs: addresses without memory
  std::byte* slab_ = nullptr;                        // the last one; blocks come from its end
  std::size_t slab_left_ = 0;
  PoolStatistics statistics_;
  std::uint64_t clock_ = 0;
  std::size_t highest_ = 0;  // most in use since the last trim: what sizes the cache
};

Pool& pool() {
  // Never destroyed: tensors in other static objects may outlive it.
  static Pool& instance = *new Pool;
  return instance;
}

}  // namespace

std::shared_ptr<void> pool_allocate(std::size_t bytes) {
  const auto [block, size] = pool().take(class_size(bytes));
  ASAN_UNPOISON_MEMORY_REGION(block, bytes);
  ASAN_POISON_MEMORY_REGION(static_cast<char*>(block) + bytes, size - bytes);
  // On failure shared_ptr's constructor calls the deleter itself.
  return {block, [size = size](void* used) { pool().give_back(used, size); }};
}

PoolStatistics pool_statistics() { return pool().statistics(); }
void pool_reset_peak() { pool().reset_peak(); }
void pool_trim() { pool().trim(); }

}  // namespace ascribo
