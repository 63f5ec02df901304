// SPDX-License-Identifier: MIT
// The kinds of data set behind Dataset::open, and how their rows fail.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "ascribo/io/dataset.h"
#include "ascribo/io/line_reader.h"

namespace ascribo {

enum class TableSyntax { kTabs, kCommas };

/// `lines` is what count_lines() said of the file.
std::unique_ptr<Dataset> open_table(LineReader reader, TableSyntax syntax, const Columns& columns,
                                    std::int64_t lines);
std::unique_ptr<Dataset> open_json_lines(LineReader reader, const Columns& columns,
                                         std::int64_t lines);
std::unique_ptr<Dataset> open_text_lines(LineReader reader, const Columns& columns,
                                         std::int64_t lines);
/// SQuAD's own layout: the question is the text, its context the pair, all answers the label,
/// {"text": [...], "answer_start": [...]}.
std::unique_ptr<Dataset> open_squad(const std::filesystem::path& file, const Columns& columns);

/// Throws kBadFile: `[dataset] FILE line N: given; expected.`
[[noreturn]] void fail_row(const std::string& file, std::int64_t line, std::string_view given,
                           std::string_view expected, std::string_view hint = {});

/// Throws kBadFile for a row that is not valid UTF-8.
void require_row_utf8(std::string_view text, const std::string& file, std::int64_t line);

}  // namespace ascribo
