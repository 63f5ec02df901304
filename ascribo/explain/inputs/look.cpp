// SPDX-License-Identifier: MIT
// Runs one text with the points in sight.
#include "ascribo/explain/inputs/look.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/explain/inputs/prepare.h"

namespace ascribo {
namespace {

// Puts the gradients of a few targets behind those that are there.
void add_gradients(const Tensor& some, std::int64_t first, std::int64_t targets, Tensor& all) {
  if (!all.defined()) {
    Shape shape = some.shape();
    shape.front() = targets;
    all = Tensor::empty(shape, some.dtype());
  }
  const std::size_t each = some.bytes() / static_cast<std::size_t>(some.dim(0));
  std::memcpy(static_cast<std::byte*>(all.mutable_raw()) + static_cast<std::size_t>(first) * each,
              some.raw(), some.bytes());
}

// Sequences of attention probabilities lie one after another: one has its own shape.
void give_shapes(const Model& model, std::int64_t length, std::vector<TapValue>& found) {
  const auto shapes = model.taps(length);
  for (TapValue& each : found) {
    const auto known = std::find_if(shapes.begin(), shapes.end(),
                                    [&](const auto& shape) { return shape.first == each.point; });
    if (known == shapes.end() || numel(known->second) != each.value.numel()) continue;
    each.value = each.value.reshape(known->second);
    if (!each.gradients.defined()) continue;
    Shape shape = known->second;
    shape.insert(shape.begin(), each.gradients.dim(0));
    each.gradients = each.gradients.reshape(shape);
  }
}

void check_points(const Model& model, const std::vector<TapPoint>& points) {
  const auto known = model.taps(1);
  for (const TapPoint point : points) {
    const bool there = std::any_of(known.begin(), known.end(),
                                   [&](const auto& each) { return each.first == point; });
    if (there) continue;
    fail(Code::kInvalidArgument, "taps", to_string(point) + " was given",
         "expected a tap of this model", "ascribo info lists them");
  }
}

}  // namespace

std::vector<TapValue> look(const Subject& subject, const Input& input,
                           const std::vector<TapPoint>& points) {
  const Model& model = subject.model();
  check_points(model, points);
  const Task task = prepare_prediction(input, subject.parts());
  Batch batch;
  batch.append(task.sequence);
  Run run;
  for (const TapPoint point : points) run.capture(point);
  model.forward(batch, run);
  std::vector<TapValue> found;
  for (const TapPoint point : points) found.push_back({point, run.at(point).value(), {}});
  give_shapes(model, task.sequence.size(), found);
  return found;
}

std::vector<TapValue> look(const Subject& subject, const Input& input,
                           const std::vector<TapPoint>& points, const Request& request) {
  const Parts own = subject.parts();
  check_points(own.model, points);
  const MethodRequest method = read_request(request, own.model.info().head).front();
  Task task = prepare(input, own, method.settings);
  if (!task.parts.empty()) {
    fail(Code::kUnsupported, "taps", "the text is read in windows",
         "expected one that is read at once");
  }
  task.forms = read_targets(request, input, method.settings, own.head());
  if (task.forms.versus && task.forms.versus->kind == TargetForm::Kind::kContinuation) {
    fail(Code::kUnsupported, "taps", "two continuations are compared", "expected one");
  }
  Scorer scorer(own.model, own.tokenizer, method.settings.batch_tokens);
  ascribo::predict(std::span(&task, 1), own, scorer);
  set_targets(task, own);
  std::vector<TapValue> found;
  for (const TapPoint point : points) found.push_back({point, {}, {}});
  scorer.run_alone(task, points, [&](const TapOutcome& outcome) {
    for (std::size_t i = 0; i < points.size(); ++i) {
      found[i].value = outcome.values[i];
      add_gradients(outcome.gradients[i], static_cast<std::int64_t>(outcome.first_target),
                    static_cast<std::int64_t>(task.targets.size()), found[i].gradients);
    }
  });
  give_shapes(own.model, task.sequence.size(), found);
  return found;
}

}  // namespace ascribo
