// SPDX-License-Identifier: MIT
// Characters of recent Unicode versions, for engines that may be older.
#pragma once

namespace ascribo {

/// The regular expressions of the reference know Unicode 16, those of a system perhaps 14. For a
/// character that came in between this is an older one nearby of the same kind (category, case and,
/// where an older character has it, script) with as many bytes in UTF-8; any other is itself.
char32_t stand_in(char32_t c);

/// Whether a character is another's stand-in.
bool is_stand_in(char32_t c);

}  // namespace ascribo
