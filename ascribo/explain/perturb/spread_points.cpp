// SPDX-License-Identifier: MIT
// Sobol points come from Boost; Halton points and Latin hypercubes are a few lines each.
#include "ascribo/explain/perturb/spread_points.h"

#include <boost/random/sobol.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/explain/perturb/random_order.h"

namespace ascribo {
namespace {

Table sobol_points(std::int64_t count, std::size_t dimensions, std::uint64_t seed,
                   std::uint64_t key) {
  constexpr std::size_t kMost = boost::random::default_sobol_table::max_dimension;
  if (dimensions > kMost) {
    fail(Code::kUnsupported, "sobol",
         "Sobol points of " + std::to_string(dimensions) + " dimensions were asked for",
         "expected at most " + std::to_string(kMost) + ", two for each unit",
         "use --sampler latin_hypercube or a larger --unit");
  }
  boost::random::sobol_engine<std::uint32_t, 32> engine(dimensions);
  std::vector<std::uint32_t> shifts;
  Rng rng(seed, {key});
  for (std::size_t d = 0; d < dimensions; ++d) shifts.push_back(rng.bits());
  Table table{dimensions};
  for (std::int64_t point = 0; point < count; ++point) {
    for (std::size_t d = 0; d < dimensions; ++d) {
      // The engine leaves out the sequence's first point, which is zero.
      const std::uint32_t own = point == 0 ? 0 : static_cast<std::uint32_t>(engine());
      const std::uint32_t bits = own ^ shifts[d];
      table.numbers.push_back(std::ldexp(bits, -32));
    }
  }
  return table;
}

std::vector<std::size_t> first_primes(std::size_t count) {
  std::vector<std::size_t> primes;
  for (std::size_t n = 2; primes.size() < count; ++n) {
    bool prime = true;
    for (const std::size_t p : primes) {
      if (p * p > n) break;
      prime = prime && n % p != 0;
    }
    if (prime) primes.push_back(n);
  }
  return primes;
}

Table halton_points(std::int64_t count, std::size_t dimensions, std::uint64_t seed,
                    std::uint64_t key) {
  constexpr double kFine = 0x1p-32;
  Table table{dimensions, std::vector<double>(static_cast<std::size_t>(count) * dimensions, 0.0)};
  const std::vector<std::size_t> bases = first_primes(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    double share = 1;
    std::size_t power = 1;  // base to the digit's place
    for (std::uint64_t digit = 0; share > kFine; ++digit) {
      Rng rng(seed, {key, d, digit});
      const std::vector<std::size_t> as = random_order(bases[d], bases[d], rng);
      share /= static_cast<double>(bases[d]);
      for (std::size_t point = 0; point < static_cast<std::size_t>(count); ++point) {
        const std::size_t own = power == 0 ? 0 : point / power % bases[d];
        table.numbers[point * dimensions + d] += share * static_cast<double>(as[own]);
      }
      // Beyond the number of points every digit is 0.
      power = power > static_cast<std::size_t>(count) ? 0 : power * bases[d];
    }
  }
  return table;
}

Table latin_hypercube(std::int64_t count, std::size_t dimensions, std::uint64_t seed,
                      std::uint64_t key) {
  const auto points = static_cast<std::size_t>(count);
  Table table{dimensions, std::vector<double>(points * dimensions)};
  for (std::size_t d = 0; d < dimensions; ++d) {
    Rng rng(seed, {key, d});
    const std::vector<std::size_t> strips = random_order(points, points, rng);
    for (std::size_t point = 0; point < points; ++point) {
      table.numbers[point * dimensions + d] =
          (static_cast<double>(strips[point]) + rng.uniform()) / static_cast<double>(points);
    }
  }
  return table;
}

}  // namespace

Table spread_points(Sampler sampler, std::int64_t count, std::size_t dimensions, std::uint64_t seed,
                    std::uint64_t key) {
  switch (sampler) {
    case Sampler::kSobol: return sobol_points(count, dimensions, seed, key);
    case Sampler::kHalton: return halton_points(count, dimensions, seed, key);
    case Sampler::kLatinHypercube: return latin_hypercube(count, dimensions, seed, key);
  }
  return {};
}

}  // namespace ascribo
