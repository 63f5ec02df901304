// SPDX-License-Identifier: MIT
// What a tokenizer makes of a text.
#include "arguments.h"
#include "bindings.h"

namespace ascribo::python {
namespace {

std::vector<std::pair<std::int64_t, std::int64_t>> offsets(const Encoding& self) {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  for (const Encoding::Offset& each : self.offsets) found.emplace_back(each.start, each.end);
  return found;
}

}  // namespace

void bind_encoding(nb::module_& module) {
  nb::class_<Encoding>(module, "Encoding",
                       "One entry per token in each list; offsets count code points of the token's "
                       "own text or pair, end exclusive; word_ids are None for special tokens.")
      .def_ro("ids", &Encoding::ids)
      .def_ro("tokens", &Encoding::tokens)
      .def_prop_ro("offsets", offsets)
      .def_ro("word_ids", &Encoding::word_ids)
      .def_ro("type_ids", &Encoding::type_ids)
      .def("__len__", &Encoding::size)
      .def("__repr__", [](const Encoding& self) {
        return "Encoding(" + std::to_string(self.size()) + " tokens)";
      });
}

}  // namespace ascribo::python
