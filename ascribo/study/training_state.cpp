// SPDX-License-Identifier: MIT
// A safetensors file: weights, means and squares; the rest as its metadata.
#include "ascribo/study/training_state.h"

#include <cstring>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/io/safetensors.h"
#include "ascribo/io/weight_files.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kState = "training";

std::string state_json(const TrainingState& state) {
  JsonWriter json;
  json.begin_object().key("request").value(state.request);
  json.key("step").value(state.step).key("best").value(state.best);
  json.key("best_step").value(state.best_step).key("worse").value(state.worse);
  json.key("log").value(state.log).end_object();
  return json.str();
}

void copy_values(const WeightFiles& files, const std::string& name, Tensor& to) {
  const Tensor stored = files.load(name);
  if (stored.shape() != to.shape() || stored.dtype() != to.dtype()) {
    fail(Code::kBadCheckpoint, "resume", "\"" + name + "\" has shape " + to_string(stored.shape()),
         "expected " + to_string(to.shape()));
  }
  std::memcpy(to.mutable_raw(), stored.raw(), to.bytes());
}

}  // namespace

void save_state(const fs::path& file, const TrainingState& state, const TrainableModel& model,
                Trainer& trainer) {
  NamedTensors tensors;
  for (const Parameter& each : model.parameters()) tensors.push_back({each.name, each.value});
  AdamW& optimizer = trainer.optimizer();
  for (std::size_t n = 0; n < optimizer.means().size(); ++n) {
    tensors.push_back({"mean." + std::to_string(n), optimizer.means()[n]});
    tensors.push_back({"square." + std::to_string(n), optimizer.squares()[n]});
  }
  write_safetensors(file, tensors, {{kState, state_json(state)}});
}

TrainingState load_state(const fs::path& file, const std::string& request, TrainableModel& model,
                         Trainer& trainer) {
  const auto files = WeightFiles::open(file);
  const std::string name = file.string();
  const Json header = Json::parse(files->files().front().header, name);
  const auto metadata = header.find("__metadata__");
  const auto text = metadata ? metadata->find(kState) : std::nullopt;
  if (!text) fail(Code::kBadFile, name, "it holds no training", "expected what training saved");
  const Json json = Json::parse(text->string(), name);
  TrainingState state{.request = std::string(json.at("request").string()),
                      .step = json.at("step").integer(),
                      .best = json.number_or("best", 0),
                      .best_step = json.at("best_step").integer(),
                      .worse = json.at("worse").integer(),
                      .log = std::string(json.at("log").string())};
  if (state.request != request) {
    fail(Code::kInvalidArgument, "resume", "it began with other options: " + state.request,
         "expected the same as now: " + request, "without --resume it begins anew");
  }
  for (Parameter& each : model.parameters()) copy_values(*files, each.name, each.value);
  AdamW& optimizer = trainer.optimizer();
  for (std::size_t n = 0; n < optimizer.means().size(); ++n) {
    copy_values(*files, "mean." + std::to_string(n), optimizer.means()[n]);
    copy_values(*files, "square." + std::to_string(n), optimizer.squares()[n]);
  }
  trainer.go_on(state.step);
  return state;
}

}  // namespace ascribo
