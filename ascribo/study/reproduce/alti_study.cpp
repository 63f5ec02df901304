// SPDX-License-Identifier: MIT
// Requests that stand for the study's scripts.
#include "ascribo/study/reproduce/alti_study.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/option_set.h"
#include "ascribo/explain/method.h"
#include "ascribo/models/model.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

Request request_of(const AltiRow& row, AltiRecipe recipe) {
  Request request;
  request.method.clear();
  for (const std::string& name : alti_methods()) {
    request.method += (request.method.empty() ? "" : ",") + name;
  }
  request.options = {{"unit", "token"}, {"normalize", "none"}};
  const bool published = recipe == AltiRecipe::kPublished;
  if (published) request.options["compat"] = "alti";
  if (row.good.empty()) return request;
  request.targets = {"mask=" + row.good};
  if (published) {
    request.options["score"] = "probability";
  } else {
    request.options["versus"] = "mask=" + row.bad;
  }
  return request;
}

void check_length(const Subject& subject, const AltiRow& row, std::int64_t most_tokens) {
  const auto tokens = static_cast<std::int64_t>(subject.tokenizer().encode(row.text).ids.size());
  if (tokens <= most_tokens) return;
  fail(Code::kTooLong, "alti", "the text has " + std::to_string(tokens) + " tokens",
       "expected at most " + std::to_string(most_tokens));
}

std::int64_t mask_of(const Subject& subject) {
  if (const auto mask = subject.tokenizer().special_tokens().mask) return *mask;
  fail(Code::kUnsupported, "alti", "the tokenizer has no mask token",
       "expected a masked language model");
}

// The mask stays where it is, whatever goes: it is what the answer stands for.
void hide_mask(Explanation& explanation, std::optional<std::int64_t> mask) {
  for (std::size_t unit = 0; mask && unit < explanation.units.size(); ++unit) {
    const auto& tokens = explanation.units[unit].tokens;
    const bool holds = std::any_of(tokens.begin(), tokens.end(), [&](std::int64_t token) {
      return explanation.tokens[static_cast<std::size_t>(token)].id == *mask;
    });
    if (!holds) continue;
    for (Attribution& attribution : explanation.attributions) {
      attribution.scores[unit] = std::numeric_limits<float>::quiet_NaN();
    }
  }
}

}  // namespace

const std::vector<std::string>& alti_methods() {
  static const std::vector<std::string> names = {
      "alti",     "attention_rollout", "raw_attention",        "norm_rollout", "globenc",
      "saliency", "input_x_gradient",  "integrated_gradients", "occlusion"};
  return names;
}

std::vector<std::filesystem::path> alti_checkpoints(const std::filesystem::path& folder,
                                                    const std::vector<std::string>& models,
                                                    AltiTask task) {
  std::vector<std::filesystem::path> found;
  std::vector<std::string> missing;
  for (const std::string& model : models) {
    const std::string own = model + "-" + std::string(enum_name(task));
    const bool has_own = std::filesystem::exists(folder / own / "config.json");
    if (!has_own && !std::filesystem::exists(folder / model / "config.json")) {
      missing.push_back(own);
    }
    found.push_back(folder / (has_own ? own : model));
  }
  if (missing.empty()) return found;
  fail(Code::kNotFound, "alti",
       "there is no checkpoint " + listed(missing) + " in " + folder.string(),
       "expected a folder MODEL-TASK or MODEL for every model",
       "tools/study_checkpoints.py makes small ones");
}

void check_alti(const Subject& subject, AltiTask task) {
  AltiRow row;
  if (task == AltiTask::kSva) {
    row.good = "is";
    row.bad = "are";
    mask_of(subject);
  }
  Subject::Stream nothing;
  nothing.next = [] { return std::optional<Input>(); };
  nothing.done = [](const Explanation&) {};
  for (const AltiRecipe recipe : kAltiRecipes) subject.explain(nothing, request_of(row, recipe));
}

std::vector<Explanation> explain_alti(const Subject& subject, const AltiRow& row, AltiRecipe recipe,
                                      std::int64_t most_tokens) {
  if (!row.error.empty()) throw Error(Code::kBadFile, row.error);
  Input input;
  input.text = row.text;
  const std::optional<std::int64_t> mask = subject.tokenizer().special_tokens().mask;
  if (!row.good.empty()) {
    constexpr std::string_view kPlace = "***mask***";
    const std::size_t at = input.text.find(kPlace);
    ASCRIBO_ASSERT(at != std::string::npos);
    input.text.replace(at, kPlace.size(), subject.tokenizer().token(mask_of(subject)));
  }
  check_length(subject, {row.line, input.text, {}, {}, {}}, most_tokens);
  std::vector<Explanation> all;
  Subject::Stream stream;
  stream.next = [&, given = false]() mutable -> std::optional<Input> {
    return std::exchange(given, true) ? std::nullopt : std::optional(input);
  };
  stream.done = [&](Explanation explanation) {
    explanation.layers.reset();
    if (!row.good.empty()) hide_mask(explanation, mask);
    all.push_back(std::move(explanation));
  };
  stream.total = 1;
  subject.explain(stream, request_of(row, recipe));
  return all;
}

}  // namespace ascribo
