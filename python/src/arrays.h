// SPDX-License-Identifier: MIT
// Numbers of the library as NumPy arrays.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ascribo::python {

template <class T>
using Array = nanobind::ndarray<nanobind::numpy, T>;

/// An array of that shape which owns its memory; `fill` is handed the first element.
template <class T, class Fill>
Array<T> make_array(const std::vector<std::int64_t>& shape, Fill fill) {
  std::size_t size = 1;
  std::vector<std::size_t> sizes;
  for (const std::int64_t dimension : shape) {
    sizes.push_back(static_cast<std::size_t>(dimension));
    size *= sizes.back();
  }
  // NumPy wants an address for an array of nothing, too.
  T* data = new T[std::max<std::size_t>(size, 1)];
  const nanobind::capsule owner(data,
                                [](void* memory) noexcept { delete[] static_cast<T*>(memory); });
  fill(data);
  return Array<T>(data, sizes.size(), sizes.data(), owner);
}

}  // namespace ascribo::python
