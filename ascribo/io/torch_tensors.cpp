// SPDX-License-Identifier: MIT
// From the records that rebuild tensors to places in the mapping.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/io/torch_dtypes.h"
#include "ascribo/io/torch_file.h"

namespace ascribo {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view kParameterWithState = "torch._utils._rebuild_parameter_with_state";
constexpr std::size_t kMostDimensions = 64;

/// A dense tensor's maker: arguments are storage, offset, sizes, strides, ...
bool is_dense(std::string_view maker) {
  return maker == "torch._utils._rebuild_tensor" || maker == "torch._utils._rebuild_tensor_v2" ||
         maker == "torch._utils._rebuild_tensor_v3";
}

/// The record below wrappers such as Parameter.
PickleValue unwrapped(PickleValue value) {
  constexpr int kDeepest = 4;
  for (int i = 0; i < kDeepest && value.is(Kind::kObject); ++i) {
    const bool parameter = value.name() == kParameter || value.name() == kParameterWithState;
    if (!parameter || value.arguments().size() == 0) break;
    value = value.arguments().at(std::size_t{0});
  }
  return value;
}

/// Where a tensor lies in its storage, in elements. Everything is checked for overflow.
struct View {
  Shape shape, strides;
  std::uint64_t count = 1;  ///< elements
  std::uint64_t end = 0;    ///< behind the last one, from `offset`
  bool valid = true;

  View(const PickleValue& sizes, const PickleValue& steps) {
    sizes.elements([&](const PickleValue& size) { shape.push_back(size.integer()); });
    steps.elements([&](const PickleValue& step) { strides.push_back(step.integer()); });
    valid = shape.size() == strides.size() && shape.size() <= kMostDimensions;
    std::uint64_t last = 0;
    for (std::size_t i = 0; valid && i < shape.size(); ++i) {
      valid = shape[i] >= 0 && strides[i] >= 0;
      std::uint64_t way = 0;
      const auto size = static_cast<std::uint64_t>(shape[i]);
      valid = valid && !__builtin_mul_overflow(count, size, &count) &&
              (size == 0 ||
               !__builtin_mul_overflow(size - 1, static_cast<std::uint64_t>(strides[i]), &way)) &&
              !__builtin_add_overflow(last, way, &last);
    }
    valid = valid && last < static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (std::find(shape.begin(), shape.end(), 0) != shape.end()) count = 0;
    end = count == 0 ? 0 : last + 1;
  }

  bool row_major() const {
    if (count == 0) return true;
    std::int64_t step = 1;
    for (std::size_t i = shape.size(); i-- > 0;) {
      if (shape[i] != 1 && strides[i] != step) return false;
      step *= shape[i];
    }
    return true;
  }
};

std::string tensor_name(std::string_view name) { return "tensor \"" + std::string(name) + "\""; }

}  // namespace

bool TorchFile::is_tensor(const PickleValue& value) {
  const PickleValue record = unwrapped(value);
  return record.is(Kind::kObject) &&
         (is_dense(record.name()) || record.name().starts_with("torch._utils._rebuild_"));
}

std::span<const std::byte> TorchFile::storage(const PickleValue& value, std::string_view name,
                                              std::string& dtype, std::uint64_t& element) const {
  const PickleValue id = value.persistent_id();  // ("storage", type, key, location, elements, ...)
  const auto refuse = [&](const std::string& given, const std::string& expected) {
    fail(Code::kBadFile, path_.string(), tensor_name(name) + given, expected);
  };
  if (!id.is(Kind::kTuple) || id.size() < 5) refuse(" has no storage", "expected one");
  const std::string type(id.at(1).name());
  if (const TorchDtype* known = find_torch_dtype(type)) {
    dtype = known->dtype;
    element = known->size;
  } else if (!type.ends_with("UntypedStorage")) {
    refuse(" is in a " + type, "expected a storage of numbers");
  }
  const std::string key(id.at(2).string());
  const auto found = storages_.find(key);
  if (found == storages_.end()) {
    refuse(" is in storage \"" + key + "\", which is not there", "expected all storages");
  }
  std::uint64_t bytes = 0;
  const bool typed = !type.ends_with("UntypedStorage");
  const auto count = static_cast<std::uint64_t>(id.at(4).integer());
  if (__builtin_mul_overflow(count, typed ? element : 1, &bytes) || bytes > found->second.size()) {
    refuse(" is in a storage of " + std::to_string(id.at(4).integer()) + " elements",
           "the file has " + std::to_string(found->second.size()) + " bytes of it");
  }
  std::span<const std::byte> whole = found->second;
  if (id.size() < 6 || !id.at(5).is(Kind::kTuple) || id.at(5).size() != 3) return whole;
  // An old view into a storage: (key, offset, elements).
  const auto from = static_cast<std::uint64_t>(id.at(5).at(1).integer());
  if (from > whole.size() / element) refuse(" begins behind its storage", "expected it inside");
  return whole.subspan(static_cast<std::size_t>(from * element));
}

StoredTensor TorchFile::tensor(const PickleValue& value, std::string_view name) const {
  const PickleValue record = unwrapped(value);
  const std::string where = path_.string();
  if (!is_tensor(value)) {
    fail(Code::kBadFile, where, tensor_name(name) + " is " + record.what(), "expected a tensor");
  }
  const PickleValue parts = record.arguments();
  if (!is_dense(record.name()) || parts.size() < 4) {
    fail(Code::kUnsupported, where, tensor_name(name) + " is made by " + std::string(record.name()),
         "expected a dense tensor of numbers");
  }
  StoredTensor tensor;
  tensor.name = name;
  std::uint64_t element = 0;
  if (parts.size() > 6 && parts.at(6).is(Kind::kGlobal)) {
    const TorchDtype* known = find_torch_dtype(parts.at(6).name());
    tensor.dtype = known == nullptr ? std::string(parts.at(6).name()) : std::string(known->dtype);
    element = known == nullptr ? 1 : known->size;
  }
  element = std::max<std::uint64_t>(element, 1);
  const auto whole = storage(parts.at(std::size_t{0}), name, tensor.dtype, element);
  const View view(parts.at(2), parts.at(3));
  const auto offset = static_cast<std::uint64_t>(parts.at(1).integer());
  const std::uint64_t there = whole.size() / element;
  if (!view.valid || view.count > there || offset > there || view.end > there - offset) {
    fail(Code::kBadFile, where,
         tensor_name(name) + " of shape " + to_string(view.shape) + " and strides " +
             to_string(view.strides) + " begins at element " +
             std::to_string(parts.at(1).integer()),
         "its storage has " + std::to_string(there));
  }
  tensor.shape = view.shape;
  if (!view.row_major()) tensor.strides = view.strides;
  tensor.bytes = whole.subspan(static_cast<std::size_t>(offset * element),
                               static_cast<std::size_t>(view.end * element));
  return tensor;
}

WeightFileContents read_torch_weights(const TorchFile& file) {
  const auto refuse = [&](const PickleValue& found) {
    fail(Code::kBadFile, file.file().path.string(), "the file holds " + found.what(),
         "expected a dict of tensors", "save the model's state_dict()");
  };
  PickleValue dict = file.root();
  if (!dict.is(Kind::kDict)) refuse(dict);
  if (const auto inner = dict.find("state_dict"); inner && inner->is(Kind::kDict)) dict = *inner;
  WeightFileContents contents{file.file(), {}};
  dict.members([&](const PickleValue& key, const PickleValue& value) {
    if (key.is(Kind::kString) && TorchFile::is_tensor(value)) {
      contents.tensors.push_back(file.tensor(value, key.string()));
    }
  });
  if (contents.tensors.empty()) refuse(dict);
  return contents;
}

WeightFileContents read_torch_weights(const std::filesystem::path& path) {
  return read_torch_weights(*TorchFile::open(path));
}

}  // namespace ascribo
