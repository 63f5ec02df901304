// SPDX-License-Identifier: MIT
// Points of the unit cube, more evenly spread than random ones.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ascribo/base/options.h"
#include "ascribo/explain/perturb/least_squares.h"

namespace ascribo {

enum class Sampler { kSobol, kHalton, kLatinHypercube };
template <>
struct EnumNames<Sampler> {
  static constexpr std::array<std::string_view, 3> kNames = {"sobol", "halton", "latin_hypercube"};
};

/// `[count, dimensions]` numbers in [0, 1), each uniform by itself whatever the others are:
/// Sobol points with a random digital shift (direction numbers of Joe, Kuo 2008), Halton points
/// with randomly permuted digits, or one point in each of `count` strips of every dimension (McKay,
/// Beckman, Conover 1979). Errors: kUnsupported for more than 3,667 dimensions of Sobol points.
Table spread_points(Sampler sampler, std::int64_t count, std::size_t dimensions, std::uint64_t seed,
                    std::uint64_t key);

}  // namespace ascribo
