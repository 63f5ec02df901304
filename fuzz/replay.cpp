// SPDX-License-Identifier: MIT
// Runs a target without libFuzzer: on whole files, and on damaged copies of them that are the same
// in every run. This is how the tests use it.
#include <algorithm>
#include <iterator>
#include <vector>

#include "ascribo/base/rng.h"
#include "fuzz/target.h"

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes read(const char* path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    std::cerr << "cannot read " << path << '\n';
    std::exit(2);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A copy with one kind of damage: cut off, bytes changed, a stretch repeated or taken out.
Bytes damaged(const Bytes& whole, ascribo::Rng& rng) {
  Bytes bytes = whole;
  const auto below = [&](std::size_t limit) {
    return static_cast<std::size_t>(rng.below(std::max<std::uint64_t>(1, limit)));
  };
  const auto at = [&](std::size_t place) {
    return bytes.begin() + static_cast<std::ptrdiff_t>(place);
  };
  switch (below(4)) {
    case 0: bytes.resize(below(bytes.size())); break;
    case 1:
      // Headers are in front: half of the changes go there.
      for (std::size_t k = 0; k < 4 && !bytes.empty(); ++k) {
        const std::size_t reach =
            below(2) == 0 ? std::min<std::size_t>(64, bytes.size()) : bytes.size();
        bytes[below(reach)] = static_cast<std::uint8_t>(below(256));
      }
      break;
    case 2: {
      const std::size_t from = below(bytes.size());
      const Bytes part(at(from), at(std::min(bytes.size(), from + below(64))));
      const std::size_t to = below(bytes.size());
      bytes.insert(at(to), part.begin(), part.end());
      break;
    }
    default: {
      const std::size_t from = below(bytes.size());
      bytes.erase(at(from), at(std::min(bytes.size(), from + 1 + below(64))));
    }
  }
  return bytes;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 3) {
    std::cerr << "usage: " << arguments[0] << " DAMAGED_COPIES FILE...\n";
    return 2;
  }
  const int copies = std::atoi(arguments[1]);
  int runs = 0;
  for (int i = 2; i < count; ++i) {
    const Bytes whole = read(arguments[i]);
    ascribo::Rng rng(static_cast<std::uint64_t>(i));
    LLVMFuzzerTestOneInput(whole.data(), whole.size());
    for (int copy = 0; copy < copies; ++copy) {
      const Bytes bytes = damaged(whole, rng);
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
    }
    runs += 1 + copies;
  }
  std::cout << runs << " inputs\n";
  return 0;
}
