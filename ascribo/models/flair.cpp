// SPDX-License-Identifier: MIT
// Gives an architecture the weights and the decoder of a Flair classifier.
#include "ascribo/models/flair.h"

#include <utility>

#include "ascribo/io/flair_classifier.h"
#include "ascribo/models/architecture.h"
#include "ascribo/models/checkpoint_hash.h"

namespace ascribo {
namespace {

Pooling pooling_of(FlairClassifier::Pooling pooling) {
  switch (pooling) {
    case FlairClassifier::Pooling::kFirst: return Pooling::kFirst;
    case FlairClassifier::Pooling::kLast: return Pooling::kLast;
    case FlairClassifier::Pooling::kMean: return Pooling::kMean;
    case FlairClassifier::Pooling::kMax: return Pooling::kMax;
  }
  return Pooling::kFirst;
}

}  // namespace

std::unique_ptr<Model> open_flair(const std::filesystem::path& path, Dtype compute) {
  const FlairClassifier flair = FlairClassifier::open(path);
  const auto files = std::make_shared<const WeightFiles>(
      std::vector<WeightFileContents>{read_torch_weights(*flair.file)});
  const Architecture& architecture = *find_architecture(flair.config, *files).first;
  Checkpoint checkpoint{flair.config, Weights(files, architecture.prefix, compute, flair.prefix),
                        ModelInfo()};
  ModelInfo& info = checkpoint.info;
  info.path = path;
  info.architecture = "TextClassifier";
  info.words_first = true;
  info.head = HeadKind::kSequenceClassification;
  info.model_type = flair.config.string_or("model_type", architecture.model_types.front());
  info.hash = quick_hash({}, *files);
  checkpoint.document =
      DocumentHead{.pooling = pooling_of(flair.pooling),
                   .layers = flair.layers,
                   .layer_mean = flair.layer_mean && flair.layers.size() > 1,
                   .out = "decoder",
                   .labels = flair.labels,
                   .problem = flair.multi_label ? Problem::kMultiLabel : Problem::kSingleLabel};
  return architecture.build(std::move(checkpoint));
}

}  // namespace ascribo
