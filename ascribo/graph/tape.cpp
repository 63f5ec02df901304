// SPDX-License-Identifier: MIT
// The tape: a list of operations in the order they ran, walked backwards for gradients.
#include "ascribo/graph/tape.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/tensor/accumulate.h"

namespace ascribo {

// A watched variable is a node without inputs and without a backward.
struct Tape::Node {
  Shape shape;
  Dtype dtype = Dtype::kF32;
  std::vector<std::int64_t> inputs;  // node ids; -1 for constants
  BackwardFunction backward;
};

namespace {

Shape with_seeds(std::int64_t seeds, const Shape& shape) {
  Shape result{seeds};
  result.insert(result.end(), shape.begin(), shape.end());
  return result;
}

}  // namespace

// One walk: which nodes lie between output and wanted, and the gradients that are still needed.
class Tape::Walk : public Backward {
 public:
  Walk(const std::vector<Node>& nodes, std::int64_t seeds)
      : nodes_(nodes), seeds_(seeds), leads_to_wanted_(nodes.size()), gradients_(nodes.size()) {}

  void want(std::int64_t id) { leads_to_wanted_[index(id)] = true; }

  // Ids grow in the order of the forward, so one pass upwards finds all that depends on wanted.
  void mark() {
    for (std::size_t id = 0; id < nodes_.size(); ++id) {
      for (const std::int64_t input : nodes_[id].inputs) {
        if (input >= 0 && leads_to_wanted_[index(input)]) leads_to_wanted_[id] = true;
      }
    }
  }

  bool reached(std::int64_t id) const {
    return leads_to_wanted_[index(id)] && gradients_[index(id)].defined();
  }
  Tensor& gradient(std::int64_t id) { return gradients_[index(id)]; }

  void enter(std::int64_t id, const Tensor& output) {
    node_ = &nodes_[index(id)];
    output_ = output;
  }
  void leave() {
    output_ = Tensor();
    for (auto& [id, gradient] : pending_) accumulate(gradients_[index(id)], gradient);
    pending_.clear();
    touched_.clear();
  }

  std::int64_t seeds() const override { return seeds_; }
  const Tensor& output() const override { return output_; }

  bool wanted(std::size_t input) const override {
    const std::int64_t id = node_->inputs.at(input);
    return id >= 0 && leads_to_wanted_[index(id)];
  }

  GradientSlot slot(std::size_t input) override {
    const std::int64_t id = touch(input);
    Tensor& sum = gradients_[index(id)];
    if (second_touch_ || !sum.defined()) {
      const Node& target = nodes_[index(id)];
      Tensor fresh = Tensor::empty(with_seeds(seeds_, target.shape), target.dtype);
      if (second_touch_) {
        pending_.emplace_back(id, fresh);
      } else {
        sum = fresh;
      }
      return {std::move(fresh), false};
    }
    if (!sum.unique()) sum = sum.clone();
    return {sum, true};
  }

  void pass(std::size_t input, const Tensor& gradient) override {
    const std::int64_t id = touch(input);
    ASCRIBO_ASSERT(gradient.shape() == with_seeds(seeds_, nodes_[index(id)].shape));
    Tensor& sum = gradients_[index(id)];
    if (second_touch_) {
      pending_.emplace_back(id, gradient);
    } else if (sum.defined()) {
      accumulate(sum, gradient);
    } else {
      sum = gradient;
    }
  }

 private:
  static std::size_t index(std::int64_t id) { return static_cast<std::size_t>(id); }

  // A backward may ask for all slots before it fills any. When two of its inputs are the same
  // variable, the second share therefore waits in a tensor of its own until the backward is done.
  std::int64_t touch(std::size_t input) {
    ASCRIBO_ASSERT(wanted(input));
    const std::int64_t id = node_->inputs.at(input);
    second_touch_ = std::find(touched_.begin(), touched_.end(), id) != touched_.end();
    touched_.push_back(id);
    return id;
  }

  const std::vector<Node>& nodes_;
  std::int64_t seeds_;
  std::vector<bool> leads_to_wanted_;
  std::vector<Tensor> gradients_;
  const Node* node_ = nullptr;
  Tensor output_;
  std::vector<std::int64_t> touched_;
  bool second_touch_ = false;
  std::vector<std::pair<std::int64_t, Tensor>> pending_;
};

Tape::Tape() = default;
Tape::~Tape() = default;

Variable Tape::append(Tensor value, const std::vector<Variable>& inputs,
                      BackwardFunction backward) {
  Node node{value.shape(), value.dtype(), {}, std::move(backward)};
  for (const Variable& input : inputs) {
    ASCRIBO_ASSERT(input.tape_ == nullptr || input.tape_ == this);
    node.inputs.push_back(input.id_);
  }
  nodes_.push_back(std::move(node));
  Variable result(std::move(value));
  result.tape_ = this;
  result.id_ = static_cast<std::int64_t>(nodes_.size()) - 1;
  return result;
}

Variable Tape::watch(const Tensor& value) { return append(value, {}, nullptr); }

std::vector<Tensor> Tape::gradients(const Variable& output, const Tensor& seeds,
                                    std::span<const Variable> wanted, bool release) {
  ASCRIBO_ASSERT(!seeds.shape().empty() && !released_);
  released_ = release;
  const std::int64_t count = seeds.dim(0);
  ASCRIBO_ASSERT(seeds.shape() == with_seeds(count, output.value().shape()));
  Walk walk(nodes_, count);
  std::vector<bool> keep(nodes_.size());
  for (const Variable& variable : wanted) {
    if (variable.tape_ != this) continue;
    walk.want(variable.id_);
    keep[static_cast<std::size_t>(variable.id_)] = true;
  }
  walk.mark();
  if (output.tape_ == this) walk.gradient(output.id_) = seeds;
  for (std::int64_t id = output.tape_ == this ? output.id_ : -1; id >= 0; --id) {
    Node& node = nodes_[static_cast<std::size_t>(id)];
    if (walk.reached(id) && node.backward) {
      walk.enter(id, walk.gradient(id));
      // Dropped before its backward runs, so that what it passes on can be written in place.
      if (!keep[static_cast<std::size_t>(id)]) walk.gradient(id) = Tensor();
      node.backward(walk);
      walk.leave();
    }
    if (release) node.backward = nullptr;
  }
  std::vector<Tensor> results;
  for (const Variable& variable : wanted) {
    Tensor gradient = variable.tape_ == this ? walk.gradient(variable.id_) : Tensor();
    if (!gradient.defined()) {
      gradient =
          Tensor::zeros(with_seeds(count, variable.value().shape()), variable.value().dtype());
    }
    results.push_back(std::move(gradient));
  }
  return results;
}

bool any_requires_grad(std::initializer_list<const Variable*> inputs) {
  for (const Variable* input : inputs) {
    if (input->requires_grad()) return true;
  }
  return false;
}

Variable record(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward) {
  for (const Variable& input : inputs) {
    if (input.requires_grad()) {
      return input.tape_->append(std::move(value), inputs, std::move(backward));
    }
  }
  return Variable(std::move(value));
}

}  // namespace ascribo
