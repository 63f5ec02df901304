// SPDX-License-Identifier: MIT
// Looks for numbers that are not finite, and only then at every layer.
#include "ascribo/explain/finite.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

bool is_finite(const Tensor& tensor) {
  const std::vector<double> values = tensor.to_vector<double>();
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

// Runs a batch again, looking at every layer, and says where numbers first stop being finite.
std::string first_bad_layer(const Model& model, const Batch& batch,
                            const std::optional<TapPoint>& at, const Tensor& values) {
  Run run;
  if (values.defined()) run.replace(*at, values);
  const std::int64_t layers = model.info().layers;
  const int first = std::max(0, run.first_layer());
  for (int layer = first; layer <= layers; ++layer) run.capture({Tap::kHidden, layer});
  model.forward(batch, run);
  for (int layer = first; layer <= layers; ++layer) {
    if (is_finite(run.at({Tap::kHidden, layer}).value())) continue;
    return layer == 0
               ? "the embeddings are not finite"
               : "layer " + std::to_string(layer - 1) + " is the first whose output is not finite";
  }
  return "every layer's output is finite, so it is the head's";
}

}  // namespace

void check_finite(const Model& model, const Answered& answered, const Batch& batch,
                  const std::optional<TapPoint>& at, const Tensor& values) {
  const std::span<const double> logits = answered.logits();
  for (std::size_t i = 0; i < logits.size(); ++i) {
    if (std::isfinite(logits[i])) continue;
    const ModelInfo& info = model.info();
    const std::size_t output = i % static_cast<std::size_t>(info.outputs);
    const std::string name =
        info.labels.empty() ? "#" + std::to_string(output) : '"' + info.labels[output] + '"';
    fail(Code::kBadCheckpoint, "model",
         "the logit of " + name + " is " + std::to_string(logits[i]) + ": " +
             first_bad_layer(model, batch, at, values),
         "expected finite numbers",
         "the weights may be damaged, or their values too large for fp32");
  }
}

}  // namespace ascribo
