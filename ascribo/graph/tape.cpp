// SPDX-License-Identifier: MIT
// The tape: a list of operations in the order they ran, walked backwards for gradients.
#include "ascribo/graph/tape.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/assert.h"
#include "ascribo/base/profile.h"
#include "ascribo/tensor/accumulate.h"

namespace ascribo {

namespace {

Shape with_seeds(std::int64_t seeds, const Shape& shape) {
  Shape result{seeds};
  result.insert(result.end(), shape.begin(), shape.end());
  return result;
}

}  // namespace

// A watched variable is a node without inputs and without a backward.
struct Tape::Node {
  Shape shape;
  Dtype dtype = Dtype::kF32;
  std::vector<std::int64_t> inputs;  // node ids; -1 for constants
  BackwardFunction backward;
  RowRule rule;
};

// One walk: which nodes lie between output and wanted, the rows of their gradients, and those
// gradients that are still needed.
class Tape::Walk : public Backward {
 public:
  Walk(const std::vector<Node>& nodes, std::int64_t seeds)
      : nodes_(nodes),
        seeds_(seeds),
        leads_to_wanted_(nodes.size()),
        rows_(nodes.size()),
        given_(nodes.size()),
        gradients_(nodes.size()) {}

  void want(std::int64_t id) { leads_to_wanted_[index(id)] = true; }

  // Ids grow in the order of the forward, so one pass upwards finds all that depends on wanted.
  void mark() {
    for (std::size_t id = 0; id < nodes_.size(); ++id) {
      for (const std::int64_t input : nodes_[id].inputs) {
        if (input >= 0 && leads_to_wanted_[index(input)]) leads_to_wanted_[id] = true;
      }
    }
  }

  // One pass downwards: when it comes to a node, all that use its value have said which rows of
  // its gradient they give.
  void plan(std::int64_t output, const GradientRowsPtr& rows) {
    rows_[index(output)] = rows;
    for (std::int64_t id = output; id >= 0; --id) {
      if (leads_to_wanted_[index(id)] && rows_[index(id)]) plan_inputs(id);
    }
  }

  bool reached(std::int64_t id) const {
    return leads_to_wanted_[index(id)] && gradients_[index(id)].defined();
  }
  Tensor& gradient(std::int64_t id) { return gradients_[index(id)]; }

  // All rows of it; undefined where the output does not depend on it.
  Tensor whole_gradient(std::int64_t id) {
    const Tensor& some = gradients_[index(id)];
    if (!some.defined() || rows_[index(id)]->full()) return some;
    const GradientRowsPtr all = all_rows(id);
    Tensor whole = Tensor::zeros(all->shape(nodes_[index(id)].shape), nodes_[index(id)].dtype);
    add_rows(some, *rows_[index(id)], whole, *all);
    return whole;
  }

  // The seeds, or what a rule made of them, in the rows that were planned.
  void start(std::int64_t id, const Seeds& seeds, const GradientRowsPtr& rows) {
    merge(id, seeds.values.reshape(rows->shape(nodes_[index(id)].shape)), *rows);
  }

  // What is there of a watched variable's gradient already.
  void go_on(std::int64_t id, const Tensor& begun) {
    rows_[index(id)] = all_rows(id);
    gradients_[index(id)] = begun;
  }

  void enter(std::int64_t id, const Tensor& output) {
    node_ = &nodes_[index(id)];
    node_rows_ = rows_[index(id)].get();
    node_given_ = &given_[index(id)];
    output_ = output;
  }
  void leave() {
    output_ = Tensor();
    for (const Pending& each : pending_) merge(each.id, each.gradient, *each.rows);
    pending_.clear();
    touched_.clear();
  }

  std::int64_t seeds() const override { return seeds_; }
  const Tensor& output() const override { return output_; }
  const GradientRows& rows() const override { return *node_rows_; }
  const GradientRows& rows(std::size_t input) const override { return *node_given_->at(input); }

  bool wanted(std::size_t input) const override {
    const std::int64_t id = node_->inputs.at(input);
    return id >= 0 && leads_to_wanted_[index(id)];
  }

  GradientSlot slot(std::size_t input) override {
    const std::int64_t id = touch(input);
    Tensor& sum = gradients_[index(id)];
    const GradientRowsPtr& given = node_given_->at(input);
    if (!waits_ && sum.defined()) {
      if (!sum.unique()) sum = sum.clone();
      return {sum, true};
    }
    const Node& target = nodes_[index(id)];
    Tensor fresh = Tensor::empty(given->shape(target.shape), target.dtype);
    if (waits_) {
      pending_.push_back({id, fresh, given.get()});
    } else {
      sum = fresh;
    }
    return {std::move(fresh), false};
  }

  void pass(std::size_t input, const Tensor& gradient) override {
    const std::int64_t id = touch(input);
    const GradientRowsPtr& given = node_given_->at(input);
    const Tensor own = gradient.reshape(given->shape(nodes_[index(id)].shape));
    if (waits_) {
      pending_.push_back({id, own, given.get()});
    } else {
      merge(id, own, *given);
    }
  }

 private:
  static std::size_t index(std::int64_t id) { return static_cast<std::size_t>(id); }

  struct Pending {
    std::int64_t id;
    Tensor gradient;
    const GradientRows* rows;
  };

  GradientRowsPtr all_rows(std::int64_t id) const {
    return GradientRows::all(seeds_, nodes_[index(id)].shape.front());
  }

  // What a node gives each input; all rows of everything when its rule cannot do with less.
  void plan_inputs(std::int64_t id) {
    const Node& node = nodes_[index(id)];
    std::vector<GradientRowsPtr>& given = given_[index(id)];
    given.resize(node.inputs.size());
    const auto leads = [&](std::int64_t input) {
      return input >= 0 && leads_to_wanted_[index(input)];
    };
    bool all = false;
    for (std::size_t i = 0; i < given.size(); ++i) {
      if (!leads(node.inputs[i])) continue;
      given[i] = node.rule ? node.rule(rows_[index(id)], i) : nullptr;
      all = all || given[i] == nullptr;
    }
    if (all) rows_[index(id)] = all_rows(id);
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::int64_t input = node.inputs[i];
      if (!leads(input)) continue;
      if (all) given[i] = all_rows(input);
      rows_[index(input)] = GradientRows::either(rows_[index(input)], given[i]);
      // One object for equal rows, so that comparing them is cheap.
      if (*given[i] == *rows_[index(input)]) given[i] = rows_[index(input)];
    }
  }

  // A share that has some of a gradient's rows is added where these are.
  void merge(std::int64_t id, const Tensor& share, const GradientRows& rows) {
    Tensor& sum = gradients_[index(id)];
    const GradientRows& all = *rows_[index(id)];
    const bool same = &rows == &all || rows == all;
    if (same && !sum.defined()) {
      sum = share;
    } else if (same) {
      accumulate(sum, share);
    } else {
      if (!sum.defined()) {
        sum = Tensor::zeros(all.shape(nodes_[index(id)].shape), nodes_[index(id)].dtype);
      } else if (!sum.unique()) {
        sum = sum.clone();
      }
      add_rows(share, rows, sum, all);
    }
  }

  // A backward may ask for all slots before it fills any. When two of its inputs are the same
  // variable, the second share therefore waits in a tensor of its own until the backward is done;
  // so does one that has fewer rows than the whole gradient.
  std::int64_t touch(std::size_t input) {
    ASCRIBO_ASSERT(wanted(input));
    const std::int64_t id = node_->inputs.at(input);
    const GradientRowsPtr& all = rows_[index(id)];
    const GradientRowsPtr& given = node_given_->at(input);
    waits_ = std::find(touched_.begin(), touched_.end(), id) != touched_.end() ||
             (given != all && !(*given == *all));
    touched_.push_back(id);
    return id;
  }

  const std::vector<Node>& nodes_;
  std::int64_t seeds_;
  std::vector<bool> leads_to_wanted_;
  std::vector<GradientRowsPtr> rows_;                // of each node's gradient
  std::vector<std::vector<GradientRowsPtr>> given_;  // by each node, to its inputs
  std::vector<Tensor> gradients_;
  const Node* node_ = nullptr;
  const GradientRows* node_rows_ = nullptr;
  const std::vector<GradientRowsPtr>* node_given_ = nullptr;
  Tensor output_;
  std::vector<std::int64_t> touched_;
  bool waits_ = false;
  std::vector<Pending> pending_;
};

Tape::Tape() = default;
Tape::~Tape() = default;

Variable Tape::append(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward,
                      RowRule rule) {
  Node node{value.shape(), value.dtype(), {}, std::move(backward), std::move(rule)};
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

Variable Tape::watch(const Tensor& value) { return append(value, {}, nullptr, nullptr); }

std::vector<Tensor> Tape::gradients(const Variable& output, const Seeds& seeds,
                                    std::span<const Variable> wanted, bool release,
                                    std::span<const Tensor> begun) {
  const ProfileScope scope("graph", "backward");
  ASCRIBO_ASSERT(!seeds.values.shape().empty() && !released_);
  released_ = release;
  const Shape& shape = output.value().shape();
  const GradientRowsPtr rows =
      seeds.rows ? seeds.rows : GradientRows::all(seeds.values.dim(0), shape.front());
  ASCRIBO_ASSERT(numel(rows->shape(shape)) == seeds.values.numel());
  Walk walk(nodes_, rows->seeds());
  std::vector<bool> keep(nodes_.size());
  for (const Variable& variable : wanted) {
    if (variable.tape_ != this) continue;
    walk.want(variable.id_);
    keep[static_cast<std::size_t>(variable.id_)] = true;
  }
  walk.mark();
  const std::int64_t last = output.tape_ == this ? output.id_ : -1;
  if (last >= 0) {
    walk.plan(last, rows);
    walk.start(last, seeds, rows);
  }
  for (std::size_t n = 0; n < begun.size(); ++n) {
    if (begun[n].defined()) walk.go_on(wanted[n].id_, begun[n]);
  }
  for (std::int64_t id = last; id >= 0; --id) {
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
    Tensor gradient = variable.tape_ == this ? walk.whole_gradient(variable.id_) : Tensor();
    if (!gradient.defined()) {
      const Tensor& value = variable.value();
      gradient = Tensor::zeros(with_seeds(rows->seeds(), value.shape()), value.dtype());
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

RowRule same_rows(std::size_t inputs) {
  return [inputs](const GradientRowsPtr& output, std::size_t input) {
    return input < inputs ? output : nullptr;
  };
}

Variable record(Tensor value, const std::vector<Variable>& inputs, BackwardFunction backward,
                RowRule rule) {
  for (const Variable& input : inputs) {
    if (input.requires_grad()) {
      return input.tape_->append(std::move(value), inputs, std::move(backward), std::move(rule));
    }
  }
  return Variable(std::move(value));
}

}  // namespace ascribo
