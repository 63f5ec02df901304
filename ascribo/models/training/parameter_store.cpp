// SPDX-License-Identifier: MIT
// Keeps parameters by name and draws new ones.
#include "ascribo/models/training/parameter_store.h"

#include <algorithm>
#include <utility>

#include "ascribo/base/rng.h"

namespace ascribo {

const Tensor* ParameterStore::find(std::string_view name) const {
  const auto found = by_name_.find(std::string(name));
  return found == by_name_.end() ? nullptr : &parameters_[found->second].value;
}

Tensor ParameterStore::keep(std::string name, Tensor value, bool fresh) {
  by_name_[name] = parameters_.size();
  parameters_.push_back({std::move(name), std::move(value), fresh});
  return parameters_.back().value;
}

Tensor ParameterStore::add(std::string name, const Tensor& value) {
  return keep(std::move(name), value.unique() ? value : value.clone(), false);
}

Tensor ParameterStore::start(std::string name, const Shape& shape) {
  std::vector<double> values(static_cast<std::size_t>(numel(shape)));
  if (shape.size() == 1) {
    std::fill(values.begin(), values.end(), name.ends_with("bias") ? 0.0 : 1.0);
  } else {
    Rng rng(seed_, {parameters_.size()});
    for (double& each : values) each = spread_ * rng.normal();
  }
  return keep(std::move(name), Tensor::from<double>(values, shape).to(compute_), true);
}

}  // namespace ascribo
