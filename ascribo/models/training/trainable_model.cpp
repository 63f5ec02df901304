// SPDX-License-Identifier: MIT
// Opens a checkpoint with parameters of its own and writes the config of what it becomes.
#include "ascribo/models/training/trainable_model.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/weight_files.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/checkpoint_hash.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

/// The checkpoint's own class if it has the head that is wanted, else the first that has.
const ModelClass& class_for(const Architecture& architecture, const ModelClass& own,
                            HeadKind kind) {
  const bool plain = own.name != "ElectraForPreTraining";  // a head for one purpose only
  if (own.kind == kind && plain) return own;
  for (const ModelClass& each : architecture.classes) {
    if (each.kind == kind) return each;
  }
  std::vector<std::string> names;
  for (const ModelClass& each : architecture.classes) names.emplace_back(each.name);
  fail(Code::kUnsupported, "train",
       "models of type \"" + std::string(architecture.name) + "\" have no head for this task",
       "expected a task for " + listed(names, "or"));
}

std::string_view problem_name(Problem problem) {
  switch (problem) {
    case Problem::kSingleLabel: return "single_label_classification";
    case Problem::kMultiLabel: return "multi_label_classification";
    case Problem::kRegression: return "regression";
  }
  return "";
}

void write_labels(JsonWriter& json, const std::vector<std::string>& labels) {
  json.key("id2label").begin_object();
  for (std::size_t i = 0; i < labels.size(); ++i) json.key(std::to_string(i)).value(labels[i]);
  json.end_object().key("label2id").begin_object();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    json.key(labels[i]).value(static_cast<std::int64_t>(i));
  }
  json.end_object();
}

/// The checkpoint's config with another class and other labels; the weights will be single
/// precision.
std::string new_config(const Json& config, std::string_view class_name, std::string_view model_type,
                       const WantedHead& head) {
  std::vector<std::string_view> replaced{"architectures", "model_type", "dtype", "torch_dtype"};
  if (!head.labels.empty()) {
    replaced.insert(replaced.end(), {"id2label", "label2id", "num_labels", "problem_type"});
  }
  JsonWriter json;
  json.begin_object().key("architectures").begin_array().value(class_name).end_array();
  json.key("model_type").value(model_type).key("dtype").value("float32");
  if (!head.labels.empty()) {
    write_labels(json, head.labels);
    if (head.kind == HeadKind::kSequenceClassification) {
      json.key("problem_type").value(problem_name(head.problem));
    }
  }
  config.members([&](std::string_view key, const Json& value) {
    if (std::find(replaced.begin(), replaced.end(), key) != replaced.end()) return;
    json.key(key).json(value.dump());
  });
  json.end_object();
  return json.str(2) + "\n";
}

bool is_buffer(const std::string& name) {
  // What older versions of transformers saved beside the weights.
  return name.ends_with("position_ids") || name.ends_with("token_type_ids") ||
         name.ends_with(".attn.bias") || name.ends_with(".masked_bias") ||
         name.ends_with("rotary_emb.inv_freq") || name.ends_with(".attention.bias");
}

}  // namespace

TrainableModel::TrainableModel(std::unique_ptr<Model> model, std::shared_ptr<ParameterStore> store,
                               std::string config)
    : model_(std::move(model)), store_(std::move(store)), config_(std::move(config)) {
  for (const std::string& name : model_->info().unused) {
    if (!is_buffer(name)) dropped_.push_back(name);
  }
}

TrainableModel::TrainableModel(TrainableModel&&) noexcept = default;
TrainableModel::~TrainableModel() = default;

TrainableModel TrainableModel::open(const fs::path& folder, const WantedHead& head, Dtype compute) {
  check_model_folder(folder);
  const auto file = MappedFile::open(folder / "config.json");
  const Json config = Json::parse(file->text(), file->path().string());
  const auto files = WeightFiles::open(folder);
  const auto [architecture, own] = find_architecture(config, *files);
  const ModelClass& wanted = class_for(*architecture, *own, head.kind);
  const std::string type = config.string_or("model_type", architecture->model_types.front());
  std::string text = new_config(config, wanted.name, type, head);
  auto store = std::make_shared<ParameterStore>(static_cast<std::int64_t>(head.labels.size()),
                                                config.number_or("initializer_range", 0.02),
                                                head.seed, compute);
  Checkpoint checkpoint{Json::parse(text, file->path().string()),
                        Weights(files, architecture->prefix, compute), ModelInfo()};
  checkpoint.weights.train(store);
  checkpoint.info.path = folder;
  checkpoint.info.architecture = wanted.name;
  checkpoint.info.head = wanted.kind;
  checkpoint.info.model_type = type;
  checkpoint.info.hash = quick_hash(file->text(), *files);
  std::unique_ptr<Model> model = architecture->build(std::move(checkpoint));
  return {std::move(model), std::move(store), std::move(text)};
}

void TrainableModel::refresh(Precision precision) {
  for (LinearWeight& each : store_->products()) each.refresh();
  model_->pack(true, precision);
}

}  // namespace ascribo
