// SPDX-License-Identifier: MIT
// Plain pickled values as JSON: configurations that a program kept as a dict.
#pragma once

#include <string>

#include "ascribo/base/json_writer.h"
#include "ascribo/io/pickle.h"

namespace ascribo {

/// Writes None, bools, numbers, texts, lists, tuples and dicts; members whose values are of other
/// kinds are left out (null in lists). Errors: kUnsupported for what is nested or large beyond any
/// configuration.
void write_json(const PickleValue& value, JsonWriter& json);

}  // namespace ascribo
