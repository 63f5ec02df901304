// SPDX-License-Identifier: MIT
// The pool: one list of free blocks per size class, largest given back first. Large blocks are the
// system's own, on large pages. Middling ones are cut from slabs that are: filling 4 KB pages for
// the first time would take longer than what is done with them in a short run. Of a slab only the
// memory goes back, its addresses stay for the next block of that size.
#include "ascribo/tensor/pool.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
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
  void* take(std::size_t size) {
    std::lock_guard lock(mutex_);
    void* block = nullptr;
    if (auto found = free_.find(size); found != free_.end()) {
      block = found->second.back();
      found->second.pop_back();
      if (found->second.empty()) free_.erase(found);
      statistics_.cached -= size;
    }
    statistics_.in_use += size;
    statistics_.peak = std::max(statistics_.peak, statistics_.in_use);
    highest_ = std::max(highest_, statistics_.in_use);
    if (block != nullptr) return block;
    while (statistics_.cached > 0 &&
           statistics_.in_use + statistics_.cached > highest_ + highest_ / 4 + kSlack) {
      drop_largest();
    }
    try {
      return is_in_slab(size) ? cut_from_slab(size) : system_allocate(size);
    } catch (...) {
      statistics_.in_use -= size;
      throw;
    }
  }

  void give_back(void* block, std::size_t size) noexcept {
    std::lock_guard lock(mutex_);
    statistics_.in_use -= size;
    try {
      free_[size].push_back(block);
    } catch (...) {  // no memory for the list entry: then not cached
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
    while (!free_.empty()) drop_largest();
    highest_ = statistics_.in_use;
  }

 private:
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

  void drop_largest() {
    const auto last = std::prev(free_.end());
    void* block = last->second.back();
    if (is_in_slab(last->first)) {
      empty_[last->first].push_back(block);
      forget(block, last->first);
    } else {
      system_free(block, last->first);
    }
    statistics_.cached -= last->first;
    last->second.pop_back();
    if (last->second.empty()) free_.erase(last);
  }

  std::mutex mutex_;
  std::map<std::size_t, std::vector<void*>> free_;   // never an empty list
  std::map<std::size_t, std::vector<void*>> empty_;  // in slabs: addresses without memory
  std::byte* slab_ = nullptr;                        // the last one; blocks come from its end
  std::size_t slab_left_ = 0;
  PoolStatistics statistics_;
  std::size_t highest_ = 0;  // most in use since the last trim: what sizes the cache
};

Pool& pool() {
  // Never destroyed: tensors in other static objects may outlive it.
  static Pool& instance = *new Pool;
  return instance;
}

}  // namespace

std::shared_ptr<void> pool_allocate(std::size_t bytes) {
  const std::size_t size = class_size(bytes);
  void* block = pool().take(size);
  ASAN_UNPOISON_MEMORY_REGION(block, bytes);
  ASAN_POISON_MEMORY_REGION(static_cast<char*>(block) + bytes, size - bytes);
  // On failure shared_ptr's constructor calls the deleter itself.
  return {block, [size](void* used) { pool().give_back(used, size); }};
}

PoolStatistics pool_statistics() { return pool().statistics(); }
void pool_reset_peak() { pool().reset_peak(); }
void pool_trim() { pool().trim(); }

}  // namespace ascribo
