// SPDX-License-Identifier: MIT
// Cuts text files into lines.
#include "ascribo/io/text_file.h"

#include <algorithm>
#include <string_view>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/base/utf8.h"

namespace ascribo {

std::vector<std::string> read_lines(const std::filesystem::path& path) {
  const auto file = MappedFile::open(path);
  std::string_view rest = file->text();
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (find_invalid_utf8(line)) {
      fail(Code::kBadFile, path.string(),
           "line " + std::to_string(lines.size() + 1) + " is not valid UTF-8",
           "expected UTF-8 text");
    }
    lines.emplace_back(line);
  }
  return lines;
}

}  // namespace ascribo
