// SPDX-License-Identifier: MIT
// What the files of this folder add to the module: each binds one class of the library, or a few.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/shared_ptr.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "ascribo/ascribo.h"

namespace ascribo::python {

namespace nb = nanobind;
using namespace nb::literals;  // NOLINT(google-build-using-namespace): "name"_a is how they are
                               // used

void bind_errors(nb::module_& module);
void bind_catalogue(nb::module_& module);
void bind_functions(nb::module_& module);
void bind_input(nb::module_& module);
void bind_parts(nb::module_& module);
void bind_explanation(nb::module_& module);
void bind_render(nb::module_& module);
void bind_encoding(nb::module_& module);
void bind_model(nb::module_& module);
void bind_generation(nb::module_& module);
void bind_evaluation(nb::module_& module);
void bind_subject(nb::module_& module);
void bind_studies(nb::module_& module);
void bind_training(nb::module_& module);

// Those that add methods to Subject get its class.
void bind_subject_planning(nb::class_<Subject>& subject);
void bind_subject_inside(nb::class_<Subject>& subject);
void bind_subject_weights(nb::class_<Subject>& subject);
void bind_subject_writing(nb::class_<Subject>& subject);
void bind_subject_judging(nb::class_<Subject>& subject);

}  // namespace ascribo::python
