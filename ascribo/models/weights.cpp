// SPDX-License-Identifier: MIT
// Looks weights up under the names they have had over the years.
#include "ascribo/models/weights.h"

#include <numeric>
#include <set>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/io/weight_files.h"

namespace ascribo {
namespace {

std::string in_quotes(std::string_view name) { return '"' + std::string(name) + '"'; }

/// LayerNorm's names in the checkpoints converted from TensorFlow: weight was gamma, bias beta.
std::string older_norm_name(std::string_view name) {
  for (const auto& [now, then] :
       {std::pair<std::string_view, std::string_view>{"weight", "gamma"}, {"bias", "beta"}}) {
    const std::string ending = "LayerNorm." + std::string(now);
    if (name.ends_with(ending)) {
      return std::string(name.substr(0, name.size() - now.size())) + std::string(then);
    }
  }
  return {};
}

}  // namespace

Weights::Weights(std::shared_ptr<const WeightFiles> files, std::string_view prefix, Dtype compute,
                 std::string_view wrapper)
    : files_(std::move(files)), prefix_(prefix), wrapper_(wrapper), compute_(compute) {}

const StoredTensor* Weights::find(std::string_view name) const {
  const std::string older = older_norm_name(name);
  for (std::string_view each : {name, std::string_view(older)}) {
    if (each.empty()) continue;
    const std::string_view bare =
        each.starts_with(prefix_) ? each.substr(prefix_.size()) : std::string_view();
    for (const std::string& wrapper : {wrapper_, std::string(), std::string("model."),
                                       std::string("module."), std::string("transformer.")}) {
      if (const StoredTensor* found = files_->find(wrapper + std::string(each))) return found;
      if (bare.empty()) continue;
      if (const StoredTensor* found = files_->find(wrapper + std::string(bare))) return found;
    }
  }
  return nullptr;
}

const StoredTensor& Weights::require(std::string_view name, std::string_view what) const {
  if (const StoredTensor* found = find(name)) return *found;
  std::vector<std::string> names;
  for (const StoredTensor& each : files_->tensors()) names.push_back(each.name);
  fail(Code::kBadCheckpoint, "weights", in_quotes(name) + " is missing",
       "expected " + std::string(what), nearest_hint(name, names));
}

std::int64_t Weights::rows(std::string_view name) const {
  if (training_ && training_->outputs() > 0) return training_->outputs();
  const StoredTensor& stored = require(name, "a weight with a row for each output");
  return stored.shape.empty() ? 0 : stored.shape.front();
}

Tensor Weights::table(std::string_view name, const Shape& shape) {
  return training_ ? trained(name, shape) : published(name, shape);
}

Tensor Weights::published(std::string_view name, const Shape& shape) {
  const StoredTensor& stored = require(name, "a weight of shape " + to_string(shape));
  if (stored.shape != shape) {
    fail(Code::kBadCheckpoint, "weights",
         in_quotes(stored.name) + " has shape " + to_string(stored.shape),
         "expected " + to_string(shape) + ", as config.json says");
  }
  Tensor tensor = files_->load(stored.name);
  used_.push_back({stored.name, shape, tensor.dtype()});
  return tensor;
}

// What the head lacks, or has in another size, starts anew.
Tensor Weights::trained(std::string_view name, const Shape& shape) {
  if (const Tensor* known = training_->find(name)) return *known;
  const StoredTensor* stored = find(name);
  if (training_->starts_anew() && (!stored || stored->shape != shape)) {
    return training_->start(std::string(name), shape);
  }
  Tensor tensor = published(name, shape);
  return training_->add(std::string(name), tensor.to(compute_));
}

LinearWeight Weights::linear(const std::string& name, std::int64_t out, std::int64_t in,
                             Bias bias) {
  return linears(name, 1, out, in, bias).front();
}

std::vector<LinearWeight> Weights::linears(const std::string& name, std::int64_t count,
                                           std::int64_t out, std::int64_t in, Bias bias) {
  return linears(name, std::vector<std::int64_t>(static_cast<std::size_t>(count), out), in,
                 Fused::kRows, bias);
}

std::vector<LinearWeight> Weights::linears(const std::string& name,
                                           const std::vector<std::int64_t>& outs, std::int64_t in,
                                           Fused fused, Bias bias) {
  const std::int64_t all = std::accumulate(outs.begin(), outs.end(), std::int64_t{0});
  const bool turned = fused == Fused::kColumns;
  const Tensor stored = table(name + ".weight", turned ? Shape{in, all} : Shape{all, in});
  std::vector<StoredWeight> weights;
  std::int64_t first = 0;
  for (const std::int64_t out : outs) {
    weights.push_back({stored, first, out, out, 1, turned});
    first += out;
  }
  return add(weights, bias == Bias::kStored ? table(name + ".bias", {all}) : Tensor());
}

std::vector<LinearWeight> Weights::linears_by_head(const std::string& name, std::int64_t count,
                                                   std::int64_t heads, std::int64_t width,
                                                   std::int64_t in, Bias bias) {
  const std::int64_t all = count * heads * width;
  const Tensor stored = table(name + ".weight", {all, in});
  std::vector<StoredWeight> weights;
  for (std::int64_t n = 0; n < count; ++n) {
    weights.push_back({stored, n * width, width, count * width, heads});
  }
  return add(weights, bias == Bias::kStored ? table(name + ".bias", {all}) : Tensor());
}

LinearWeight Weights::keep(const LinearWeight& product) {
  linears_.push_back(product);
  if (training_) training_->products().push_back(product);
  return product;
}

std::vector<LinearWeight> Weights::add(const std::vector<StoredWeight>& weights,
                                       const Tensor& bias) {
  std::vector<LinearWeight> products;
  for (StoredWeight weight : weights) {
    StoredWeight own;
    if (bias.defined()) {  // its entries stand as the weight's rows do
      own = weight;
      own.table = bias.reshape({bias.numel(), 1});
      own.in_first = false;
    }
    products.emplace_back(std::move(weight), std::move(own), compute_);
  }
  for (const LinearWeight& each : products) keep(each);
  return products;
}

LinearWeight Weights::convolution(const std::string& name, std::int64_t out, std::int64_t in,
                                  std::int64_t width) {
  const Tensor weight = table(name + ".weight", {out, in, width}).reshape({out, in * width});
  return keep(LinearWeight(weight, table(name + ".bias", {out}), compute_));
}

LinearWeight Weights::tied(const Tensor& words, const std::string& bias) {
  const Tensor added = bias.empty() ? Tensor() : table(bias, {words.dim(0)});
  return keep(LinearWeight(words, added, compute_));
}

Norm Weights::rms_norm(const std::string& name, std::int64_t size, double epsilon, double offset) {
  return {table(name + ".weight", {size}).to(compute_), Tensor(), epsilon, offset};
}

Norm Weights::norm(const std::string& name, std::int64_t size, double epsilon, Bias bias) {
  const Tensor gamma = table(name + ".weight", {size}).to(compute_);
  const Tensor beta = bias == Bias::kStored ? table(name + ".bias", {size}).to(compute_)
                                            : Tensor::zeros({size}, compute_);
  return {gamma, beta, epsilon};
}

std::vector<std::string> Weights::unused() const {
  std::set<std::string_view> used;
  for (const ModuleInfo& each : used_) used.insert(each.name);
  std::vector<std::string> names;
  for (const StoredTensor& each : files_->tensors()) {
    if (!used.contains(each.name)) names.push_back(each.name);
  }
  return names;
}

std::int64_t Weights::parameters() const {
  std::int64_t count = 0;
  for (const ModuleInfo& each : used_) count += numel(each.shape);
  return count;
}

}  // namespace ascribo
