// SPDX-License-Identifier: MIT
// Builds baselines.
#include "ascribo/explain/baselines.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/draws.h"
#include "ascribo/explain/inputs/sequence.h"
#include "ascribo/explain/rows.h"
#include "ascribo/explain/stand_in.h"
#include "ascribo/io/dataset.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

constexpr std::string_view kText = "text:", kFile = "file:";

const Tokenizer& tokenizer_of(std::string_view name, const Scorer& scorer) {
  if (scorer.tokenizer() != nullptr) return *scorer.tokenizer();
  fail(Code::kUnsupported, "baseline", "\"" + std::string(name) + "\" is given without a tokenizer",
       "expected a subject with a tokenizer, to read texts");
}

}  // namespace

Baseline::Baseline(std::string_view name, std::optional<KeepSpecial> keep, std::int64_t samples,
                   const Scorer& scorer, TapPoint at)
    : name_(name) {
  if (name == "uniform") {
    kind_ = Kind::kUniform;
    count_ = static_cast<std::size_t>(samples);
    list_words(scorer);
  } else if (name == "mean") {
    kind_ = Kind::kMean;
    if (at.tap != Tap::kWordEmbeddings) {
      fail(Code::kUnsupported, "baseline", "\"mean\" was given at " + to_string(at),
           "expected the mean of word embeddings to be used where they are",
           "use --at word_embeddings, or another baseline");
    }
    find_mean(scorer.model());
  } else if (name.starts_with(kText)) {
    read_text(name, name.substr(kText.size()), scorer);
  } else if (name.starts_with(kFile)) {
    read_file(std::string(name.substr(kFile.size())), samples, scorer);
  } else {
    constexpr std::array<std::string_view, 4> kOthers = {"mean", "uniform", "text:TEXT",
                                                         "file:PATH"};
    const StandIn stand_in = find_stand_in("baseline", name, scorer, kOthers);
    kind_ = stand_in.kind == StandIn::Kind::kZero ? Kind::kZero : Kind::kToken;
    token_ = stand_in.id;
    note_ = stand_in.note;
  }
  keep_special_ = keep ? *keep == KeepSpecial::kYes : kind_ != Kind::kZero;
}

void Baseline::read_text(std::string_view name, std::string_view text, const Scorer& scorer) {
  kind_ = Kind::kTexts;
  texts_.push_back(tokenizer_of(name, scorer).encode(text, {}, false).ids);
  if (texts_.back().empty()) {
    fail(Code::kBadText, "baseline", "\"" + std::string(text) + "\" has no tokens",
         "expected a text with at least one");
  }
  token_ = find_stand_in("baseline", "pad", scorer).id;
}

void Baseline::read_file(const std::string& path, std::int64_t samples, const Scorer& scorer) {
  const auto rows = Dataset::open(path, {});
  bool more = false;
  while (const auto row = rows->next()) {
    more = static_cast<std::int64_t>(texts_.size()) == samples;
    if (more) break;
    if (!row->text.empty()) read_text(name_, row->text, scorer);
  }
  if (texts_.empty()) {
    fail(Code::kBadFile, "baseline", path + " has no texts", "expected at least one");
  }
  kind_ = Kind::kTexts;
  count_ = texts_.size();
  if (more) {
    note_ = "baseline: the first " + std::to_string(count_) +
            " texts of the file are used (--baseline-samples)";
  }
}

// Every token but those that stand for no word.
void Baseline::list_words(const Scorer& scorer) {
  const std::int64_t vocabulary = scorer.model().info().vocab;
  for (std::int64_t id = 0; id < vocabulary; ++id) {
    const Tokenizer* tokenizer = scorer.tokenizer();
    if (tokenizer != nullptr && (tokenizer->is_special(id) || tokenizer->token(id).empty())) {
      continue;
    }
    words_.push_back(id);
  }
}

void Baseline::find_mean(const Model& model) {
  constexpr std::int64_t kAtOnce = 1024;
  std::vector<double> sums(static_cast<std::size_t>(model.info().embedding), 0.0);
  for (std::int64_t first = 0; first < model.info().vocab; first += kAtOnce) {
    std::vector<std::int64_t> ids;
    for (std::int64_t id = first; id < std::min(first + kAtOnce, model.info().vocab); ++id) {
      ids.push_back(id);
    }
    const std::vector<double> rows = model.word_embeddings(ids).to_vector<double>();
    for (std::size_t i = 0; i < rows.size(); ++i) sums[i % sums.size()] += rows[i];
  }
  for (double& sum : sums) sum /= static_cast<double>(model.info().vocab);
  mean_ = Tensor::from<double>(sums, {1, model.info().embedding});
  if (model.compute() != Dtype::kF64) mean_ = mean_.to(model.compute());
}

Sequence Baseline::sequence(const Task& task, std::size_t index) const {
  Sequence sequence = task.sequence;
  if (is_vector()) return sequence;
  std::size_t place = 0;  // among those replaced
  for (std::size_t i = 0; i < sequence.ids.size(); ++i) {
    if (!replaces(task, i)) continue;
    std::int64_t& id = sequence.ids[i];
    if (kind_ == Kind::kToken) {
      id = token_;
    } else if (kind_ == Kind::kTexts) {
      id = place < texts_[index].size() ? texts_[index][place] : token_;
    } else {
      id = words_[draw(task, Draw::kBaseline, index, i).below(words_.size())];
    }
    ++place;
  }
  if (numbering_) sequence.positions = ascribo::number_positions(sequence.ids, *numbering_);
  return sequence;
}

void Baseline::fill_rows(const Task& task, Tensor& values) const {
  for (std::size_t i = 0; i < task.result.tokens.size(); ++i) {
    if (!replaces(task, i)) continue;
    const auto row = static_cast<std::int64_t>(i);
    if (kind_ == Kind::kZero) {
      clear_row(values, row);
    } else {
      Tensor place = values.slice(row, row + 1);
      copy_rows(mean_, place);
    }
  }
}

void Baseline::describe(Task& task, const Tokenizer* tokenizer) const {
  BaselineSummary summary;
  summary.kind = name_;
  if (!note_.empty()) task.note(note_);
  if (count_ > 1) {
    task.note("baseline: scores, baseline_value and delta are means over " +
              std::to_string(count_) + " baselines");
  } else if (!is_vector() || keep_special_ || task.hold_output) {
    const Sequence tokens = sequence(task, 0);
    for (std::size_t i = 0; i < task.result.tokens.size(); ++i) {
      const TokenInfo& own = task.result.tokens[i];
      const bool named = !is_vector() && tokenizer != nullptr;
      if (!replaces(task, i)) {
        summary.tokens.push_back(own.text);
      } else {
        summary.tokens.push_back(named ? tokenizer->token(tokens.ids[i]) : "");
      }
    }
  }
  task.result.baseline = std::move(summary);
}

}  // namespace ascribo
