// SPDX-License-Identifier: MIT
// The grammar of messages, and that every code is documented.
#include "ascribo/base/error.h"

#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "tests/folders.h"

namespace ascribo {
namespace {

std::string message(std::string_view expected, std::string_view hint) {
  try {
    fail(Code::kTooLong, "here", "600 rows", expected, hint);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kTooLong);
    return error.what();
  }
}

TEST(Error, MessagesFollowTheGrammar) {
  EXPECT_EQ(message("at most 512", "cut it"), "[here] 600 rows; at most 512. Hint: cut it");
  EXPECT_EQ(message("at most 512", ""), "[here] 600 rows; at most 512.");
  EXPECT_EQ(message("", ""), "[here] 600 rows.");
}

TEST(Error, EveryCodeHasItsNameAndItsEntry) {
  std::ifstream file(test::source_folder() / "docs/reference/errors.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  std::set<std::string> headings;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) headings.insert(line.substr(3));
  }
  std::set<std::string> names;
  for (int code = 0; code <= static_cast<int>(Code::kInternal); ++code) {
    names.emplace(code_name(static_cast<Code>(code)));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(Code::kInternal) + 1);
  EXPECT_EQ(headings, names) << "docs/reference/errors.md must have one `## name` for each code";
}

}  // namespace
}  // namespace ascribo
