// SPDX-License-Identifier: MIT
// Loads tensors from mapped files.
#include "ascribo/io/weight_files.h"

#include <cstdint>
#include <cstring>
#include <iterator>
#include <optional>
#include <utility>

#include "ascribo/base/error.h"

namespace ascribo {
namespace {

/// What Tensor can hold, of the types a file may name.
std::optional<Dtype> loadable(std::string_view dtype) {
  for (const Dtype known : {Dtype::kF32, Dtype::kF64, Dtype::kF16, Dtype::kBF16}) {
    if (dtype == dtype_name(known)) return known;
  }
  return std::nullopt;
}

/// Copies elements that lie `strides` apart into row-major order, axis by axis.
std::byte* gather(const std::byte* from, const StoredTensor& stored, std::size_t element,
                  std::size_t axis, std::byte* to) {
  if (axis == stored.shape.size()) {
    std::memcpy(to, from, element);
    return to + element;
  }
  const std::size_t step = static_cast<std::size_t>(stored.strides[axis]) * element;
  for (std::int64_t i = 0; i < stored.shape[axis]; ++i) {
    to = gather(from + static_cast<std::size_t>(i) * step, stored, element, axis + 1, to);
  }
  return to;
}

}  // namespace

WeightFiles::WeightFiles(std::vector<WeightFileContents> contents) {
  for (WeightFileContents& each : contents) {
    for (StoredTensor& tensor : each.tensors) tensor.file = files_.size();
    files_.push_back(std::move(each.file));
    std::move(each.tensors.begin(), each.tensors.end(), std::back_inserter(tensors_));
  }
  for (std::size_t i = 0; i < tensors_.size(); ++i) {
    const auto [at, fresh] = by_name_.emplace(tensors_[i].name, i);
    if (fresh) continue;
    fail(Code::kBadCheckpoint, files_[tensors_[i].file].path.string(),
         "tensor \"" + tensors_[i].name + "\" is also in " +
             files_[tensors_[at->second].file].path.filename().string(),
         "expected it in one shard");
  }
}

const StoredTensor* WeightFiles::find(std::string_view name) const {
  const auto found = by_name_.find(name);
  return found == by_name_.end() ? nullptr : &tensors_[found->second];
}

Tensor WeightFiles::load(std::string_view name) const {
  const StoredTensor* stored = find(name);
  if (stored == nullptr) {
    fail(Code::kBadCheckpoint, files_.front().path.string(),
         "there is no tensor \"" + std::string(name) + "\"", "expected that weight");
  }
  const auto dtype = loadable(stored->dtype);
  if (!dtype) {
    fail(Code::kUnsupported, files_[stored->file].path.string(),
         "tensor \"" + stored->name + "\" is " + stored->dtype, "expected F32, F64, F16 or BF16");
  }
  const std::byte* data = stored->bytes.data();
  const std::size_t element = dtype_size(*dtype);
  if (stored->strides.empty() && reinterpret_cast<std::uintptr_t>(data) % element == 0) {
    return Tensor::borrow(data, stored->shape, *dtype, files_[stored->file].mapping);
  }
  Tensor copy = Tensor::empty(stored->shape, *dtype);
  if (stored->bytes.empty()) return copy;
  auto* to = static_cast<std::byte*>(copy.mutable_raw());
  if (stored->strides.empty()) {
    std::memcpy(to, data, stored->bytes.size());
  } else {
    gather(data, *stored, element, 0, to);
  }
  return copy;
}

}  // namespace ascribo
