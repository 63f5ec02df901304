// SPDX-License-Identifier: MIT
// How far rounded products are off, measured on some of the texts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"

namespace ascribo {

/// What becomes of an explanation when its products are rounded, in one sentence: the largest
/// difference of a score relative to the largest score of its target, and whether the units with
/// the largest scores come in the same order.
std::string compare_precisions(const Explanation& rounded, const Explanation& exact);

/// Explains some of a stream's texts in fp32, too, and says in the results of all how far they are
/// off. Of fewer than ten texts, only the scores of the texts as they are; otherwise, or where the
/// option spot_check says so, all scores of every so many. Not safe for concurrent use.
class SpotCheck {
 public:
  /// `total`: texts in the stream, -1 if unknown.
  SpotCheck(const Parts& parts, const Request& request, std::span<const MethodRequest> methods,
            std::int64_t total);

  /// Adds to the notes of what came of an input, one result for each method.
  void note(const Input& input, std::int64_t number, std::span<Explanation> results);

 private:
  bool is_due(const Settings& settings, std::int64_t number) const;
  std::string check_scores(const Input& input, const MethodRequest& method,
                           const Explanation& rounded) const;
  std::string check_values(const Input& input, const Settings& settings,
                           const Explanation& rounded) const;

  const Parts& parts_;
  const Request& request_;
  std::span<const MethodRequest> methods_;
  std::int64_t total_;
  std::vector<std::string> last_;  // what the last check of each method said
};

}  // namespace ascribo
