// SPDX-License-Identifier: MIT
// Rounds of sampling over many texts at once.
#include "ascribo/explain/perturb/sampling.h"

#include <algorithm>
#include <string>
#include <variant>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

constexpr std::size_t kMostMasks = 65'536;

void report_samples(Task& task, std::int64_t samples) {
  auto& options = task.result.method.options;
  const auto entry = std::find_if(options.begin(), options.end(),
                                  [](const auto& option) { return option.first == "samples"; });
  if (entry != options.end()) {
    entry->second = samples;
  } else {
    options.emplace_back("samples", samples);
  }
}

void keep_masks(Task& task, const Design& design) {
  if (!task.keep_masks) return;
  std::vector<std::string>& masks = task.result.masks.emplace();
  for (std::size_t row = 0; row < design.rows(); ++row) {
    std::string& mask = masks.emplace_back();
    for (const std::uint8_t flag : design.row(row)) mask += flag ? '1' : '0';
  }
}

std::string plain(double number) {
  std::string text = std::to_string(number);
  while (text.back() == '0') text.pop_back();
  return text;
}

}  // namespace

std::uint64_t text_key(const Task& task) {
  std::uint64_t key = 0xCBF29CE484222325;  // FNV-1a over whole ids
  for (const std::int64_t id : task.sequence.ids) {
    key = (key ^ static_cast<std::uint64_t>(id)) * 0x00000100000001B3;
  }
  return key;
}

void sample(const Sampling& sampling, MaskScorer& scorer, std::span<Task> tasks) {
  std::vector<std::int64_t> samples;
  std::vector<Design> designs;
  std::vector<MaskScores> scores(tasks.size());
  std::vector<std::uint8_t> finished(tasks.size(), 0);
  for (Task& task : tasks) {
    begin_unit_scores(task);
    if (!task.given) {
      samples.push_back(sampling.samples(task));
      designs.push_back(sampling.design(task, samples.back()));
    } else {
      samples.push_back(static_cast<std::int64_t>(task.given->rows()));
      designs.push_back(sampling.given ? sampling.given(*task.given) : *task.given);
    }
  }
  while (true) {
    scorer.score(designs, scores);
    bool all_finished = true;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      if (finished[i]) continue;
      Task& task = tasks[i];
      const double error = sampling.estimate(task, samples[i], designs[i], scores[i]);
      const bool good = !sampling.error || task.given || error <= *sampling.error;
      if (good || designs[i].rows() * 2 > kMostMasks) {
        if (!good) {
          task.note("stopped at " + std::to_string(designs[i].rows()) +
                    " masks: the largest standard error is still above " + plain(*sampling.error));
        }
        report_samples(task, samples[i]);
        keep_masks(task, designs[i]);
        finished[i] = 1;
        continue;
      }
      all_finished = false;
      samples[i] *= 2;
      designs[i] = sampling.design(task, samples[i]);
      scores[i] = {};
    }
    if (all_finished) return;
  }
}

}  // namespace ascribo
