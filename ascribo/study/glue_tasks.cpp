// SPDX-License-Identifier: MIT
// Knows the files and columns of GLUE.
#include "ascribo/study/glue_tasks.h"

#include <algorithm>
#include <array>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"

namespace ascribo {
namespace {

struct GlueTask {
  const char* name;
  const char* text;
  const char* pair;
  const char* label;
  const char* dev;
  const char* metric;
};

constexpr std::array<GlueTask, 9> kGlue = {
    {{"sst2", "sentence", nullptr, "label", "dev.tsv", "accuracy"},
     {"cola", "3", nullptr, "1", "dev.tsv", "matthews"},
     {"mrpc", "#1 String", "#2 String", "Quality", "dev.tsv", "f1"},
     {"stsb", "sentence1", "sentence2", "score", "dev.tsv", "pearson"},
     {"qqp", "question1", "question2", "is_duplicate", "dev.tsv", "f1"},
     {"mnli", "sentence1", "sentence2", "gold_label", "dev_matched.tsv", "accuracy"},
     {"qnli", "question", "sentence", "label", "dev.tsv", "accuracy"},
     {"rte", "sentence1", "sentence2", "label", "dev.tsv", "accuracy"},
     {"wnli", "sentence1", "sentence2", "label", "dev.tsv", "accuracy"}}};

}  // namespace

std::vector<std::string> glue_tasks() {
  std::vector<std::string> names;
  for (const GlueTask& each : kGlue) names.emplace_back(each.name);
  return names;
}

void use_glue_task(const std::string& name, const std::filesystem::path& folder,
                   FineTuning& request) {
  const auto* const task = std::find_if(kGlue.begin(), kGlue.end(),
                                        [&](const GlueTask& each) { return each.name == name; });
  if (task == kGlue.end()) {
    fail(Code::kUnknownName, "task", '"' + name + "\" was given",
         "expected " + listed(glue_tasks(), "or"), nearest_hint(name, glue_tasks()));
  }
  request.train = folder / "train.tsv";
  request.dev = folder / task->dev;
  request.columns.text = task->text;
  if (task->pair != nullptr) request.columns.pair = task->pair;
  request.columns.label = task->label;
  if (name == "stsb") request.objective = Objective::kNumber;
  if (request.options.metric.empty()) request.options.metric = task->metric;
}

}  // namespace ascribo
