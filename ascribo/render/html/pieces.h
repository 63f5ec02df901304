// SPDX-License-Identifier: MIT
// Small pieces of HTML that all parts of a page are made of.
#pragma once

#include <string>
#include <string_view>

#include "ascribo/explain/explanation.h"

namespace ascribo {

/// A number with a true minus sign, as print sets it.
std::string typeset(std::string_view number);

/// The class of a score's colour: "p1" to "p16", "n1" to "n16", "z" for none, "unseen".
std::string level_class(float score, double strongest);

/// `content` and `attributes` are HTML already.
std::string element(std::string_view tag, std::string_view attributes, std::string_view content);

/// A table cell of a class.
std::string cell(std::string_view kind, std::string_view content);

/// One side of the text, its units as marks, without colours if `attribution` is null; `titles`
/// also writes each score for hovering.
std::string marked_text(const Explanation& explanation, Side side, const Attribution* attribution,
                        bool titles);

/// The legend of scores without a sign.
std::string strength_scale(std::string_view highest);

}  // namespace ascribo
