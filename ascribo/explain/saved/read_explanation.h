// SPDX-License-Identifier: MIT
// Reads an explanation back from its JSON.
#pragma once

#include <string>

#include "ascribo/base/json.h"
#include "ascribo/explain/explanation.h"

namespace ascribo {

/// The explanation that `json` holds (schema "ascribo.explanation/1"), so that rendering it as JSON
/// gives the same bytes again. Fields that nobody knows are passed over. `where` names it in
/// errors, e.g. "results.jsonl line 3". Errors: kBadFile for another schema, for fields that are
/// missing or of another kind, and for numbers that do not fit each other (as many scores as units,
/// tokens that are there).
Explanation read_explanation(const Json& json, const std::string& where);

}  // namespace ascribo
