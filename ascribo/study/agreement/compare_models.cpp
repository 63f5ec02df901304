// SPDX-License-Identifier: MIT
// Ranks, overlaps and deviations text by text; means and their intervals over texts.
#include "ascribo/study/agreement/compare_models.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/metrics/comparison/summarize.h"
#include "ascribo/metrics/parts/agreement.h"
#include "ascribo/metrics/parts/ranking.h"
#include "ascribo/models/model.h"

namespace ascribo {
namespace {

void check_request(const std::vector<const Subject*>& subjects, const Request& request,
                   std::int64_t top) {
  if (subjects.size() < 2) {
    fail(Code::kInvalidArgument, "compare-models",
         std::to_string(subjects.size()) + " models were given", "expected at least two");
  }
  if (request.method.find(',') != std::string::npos) {
    fail(Code::kInvalidArgument, "method", "\"" + request.method + "\" was given",
         "expected one method", "compare judges several methods");
  }
  if (top < 1) {
    fail(Code::kInvalidArgument, "top", std::to_string(top) + " was given", "expected at least 1");
  }
}

bool are_alike(const Explanation& a, const Explanation& b) {
  return a.units.size() == b.units.size() &&
         std::equal(a.units.begin(), a.units.end(), b.units.begin(),
                    [](const UnitInfo& one, const UnitInfo& other) {
                      return one.side == other.side && one.start == other.start &&
                             one.end == other.end;
                    });
}

/// Magnitudes as shares of their sum, with the scores' signs.
std::vector<double> shares(const Explanation& explanation) {
  const std::vector<float>& scores = explanation.attributions.front().scores;
  std::vector<double> found(scores.begin(), scores.end());
  double sum = 0;
  for (double& score : found) {
    if (!std::isfinite(score)) score = 0;  // a unit that the target cannot see
    sum += std::abs(score);
  }
  for (double& score : found) score /= sum > 0 ? sum : 1;
  return found;
}

double overlap_of(const std::vector<double>& a, const std::vector<double>& b, std::size_t top) {
  top = std::min(top, a.size());
  const auto first = [&](const std::vector<double>& scores) {
    const std::vector<std::size_t> ranked = ranked_units(scores);
    return std::set<std::size_t>(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(top));
  };
  const std::set<std::size_t> own = first(a), other = first(b);
  const auto both =
      std::count_if(own.begin(), own.end(), [&](std::size_t unit) { return other.contains(unit); });
  return static_cast<double>(both) / static_cast<double>(top);
}

std::vector<UnitSpread> spreads(const Explanation& names,
                                const std::vector<std::vector<double>>& scores) {
  std::vector<UnitSpread> found;
  const auto count = static_cast<double>(scores.size());
  for (std::size_t unit = 0; unit < names.units.size(); ++unit) {
    UnitSpread each{names.units[unit].text};
    for (const auto& model : scores) each.mean += model[unit] / count;
    double squares = 0;
    for (const auto& model : scores) {
      squares += (model[unit] - each.mean) * (model[unit] - each.mean);
    }
    each.deviation = std::sqrt(squares / (count - 1));
    found.push_back(std::move(each));
  }
  return found;
}

TextAgreement agreement_of(const std::vector<const Subject*>& subjects, const Input& input,
                           const Request& request, std::int64_t top) {
  std::vector<Explanation> all;
  for (const Subject* subject : subjects) {
    all.push_back(subject->explain(input, request));
    if (are_alike(all.front(), all.back())) continue;
    fail(Code::kInvalidArgument, "compare-models",
         subject->model().info().path.string() + " has other units than " +
             subjects.front()->model().info().path.string(),
         "expected the same units under every model",
         "--unit text_word, clause or sentence does not depend on the tokenizer");
  }
  if (all.front().units.size() < 2) {
    fail(Code::kUnsupported, "compare-models", "the text has one unit",
         "expected at least two to rank");
  }
  TextAgreement found{input.text, {}, {}, {}, {}};
  std::vector<std::vector<double>> scores, ranks;
  for (const Explanation& explanation : all) {
    found.targets.push_back(explanation.attributions.front().target);
    scores.push_back(shares(explanation));
    ranks.push_back(magnitudes(scores.back()));
  }
  for (std::size_t a = 0; a < all.size(); ++a) {
    for (std::size_t b = a + 1; b < all.size(); ++b) {
      found.rank.push_back(spearman(ranks[a], ranks[b]));
      found.overlap.push_back(overlap_of(ranks[a], ranks[b], static_cast<std::size_t>(top)));
    }
  }
  found.units = spreads(all.front(), scores);
  return found;
}

void summarize_texts(ModelAgreement& agreement, std::uint64_t seed) {
  std::vector<double> spread;
  for (const TextAgreement& text : agreement.texts) {
    double sum = 0;
    for (const UnitSpread& unit : text.units) sum += unit.deviation;
    spread.push_back(sum / static_cast<double>(text.units.size()));
    agreement.same_target +=
        std::count(text.targets.begin(), text.targets.end(), text.targets.front()) ==
        static_cast<std::ptrdiff_t>(text.targets.size());
  }
  if (spread.empty()) return;
  agreement.spread = summarize_values(spread, seed);
  for (std::size_t pair = 0; pair < agreement.pairs.size(); ++pair) {
    std::vector<double> rank, overlap;
    for (const TextAgreement& text : agreement.texts) {
      rank.push_back(text.rank[pair]);
      overlap.push_back(text.overlap[pair]);
    }
    agreement.pairs[pair].rank = summarize_values(rank, seed);
    agreement.pairs[pair].overlap = summarize_values(overlap, seed);
  }
}

}  // namespace

ModelAgreement compare_models(const std::vector<const Subject*>& subjects,
                              const AgreementStream& stream, const Request& request,
                              std::int64_t top) {
  check_request(subjects, request, top);
  ModelAgreement agreement{{}, request.method, top};
  for (const Subject* subject : subjects) {
    agreement.models.push_back(subject->model().info().path.string());
  }
  for (std::size_t a = 0; a < subjects.size(); ++a) {
    for (std::size_t b = a + 1; b < subjects.size(); ++b) agreement.pairs.push_back({a, b});
  }
  for (std::int64_t number = 0;; ++number) {
    try {
      const std::optional<Input> input = stream.next();
      if (!input) break;
      agreement.texts.push_back(agreement_of(subjects, *input, request, top));
    } catch (const Error& error) {
      if (!stream.failed || !stream.failed(number, error)) throw;
      ++agreement.skipped;
    }
    if (stream.progress && !stream.progress({number + 1, stream.total})) {
      fail(Code::kCancelled, "compare-models", "the run was stopped", "");
    }
  }
  summarize_texts(agreement, 0);
  return agreement;
}

}  // namespace ascribo
