// SPDX-License-Identifier: MIT
// What the model reads of an input, token by token.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ascribo/explain/inputs/prepare.h"
#include "ascribo/explain/subject.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

/// The encoding of an input, with token types as the model wants them, and in `shown` the text that
/// its offsets count in. Errors: kInvalidArgument for text and ids together; kUnsupported for a
/// text where there is no tokenizer.
Encoding encode(const Input& input, const Parts& parts, std::string& shown);

/// The encoding of `text` in the way of the input's own.
Encoding encode_text(const Input& input, std::string_view text,
                     std::optional<std::string_view> pair, const Tokenizer& tokenizer);

/// Takes off what the tokenizer's template puts behind a text: it would stand between the text and
/// what follows.
void drop_end(const Input& input, Encoding& encoding);

}  // namespace ascribo
