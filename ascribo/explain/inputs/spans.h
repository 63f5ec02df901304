// SPDX-License-Identifier: MIT
// Units that the user names: stretches of the text given by offsets or marked in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/explain/settings.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/encoding.h"
#include "ascribo/text/units.h"

namespace ascribo {

/// Whether the units of this input are spans: asked for, or given while nothing else is asked for.
/// Errors: kInvalidArgument for spans with another unit, or with token ids.
bool has_span_units(const Input& input, const Settings& settings);

/// The input as the model sees it: `{{name: words}}` in text and pair becomes `words` and a span of
/// that name. Errors: kInvalidArgument for a mark that is not closed or has no name.
Input cut_marks(Input input);

struct SpanUnits {
  Units units;                        ///< offsets are the span's own, not those of its tokens
  std::vector<std::string> names;     ///< of the units
  std::vector<std::int64_t> outside;  ///< tokens of text and pair that are in no span
};

/// A token belongs to the span that it overlaps, white space at its ends aside. Errors:
/// kInvalidArgument for no spans at all, spans that are empty, leave their side, overlap, hold no
/// token, or share one. `pair` is empty where there is none, or where it is not explained.
SpanUnits make_span_units(const Encoding& encoding, const std::vector<Span>& spans,
                          const std::string& text, const std::optional<std::string>& pair);

}  // namespace ascribo
