// SPDX-License-Identifier: MIT
// Reads and extends journals.
#include "ascribo/io/data/journal_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "ascribo/base/error.h"

namespace ascribo {

namespace fs = std::filesystem;

struct JournalFile::State {
  fs::path path;
  std::ofstream file;
};

namespace {

[[noreturn]] void fail_io(const fs::path& path, const char* what) {
  fail(Code::kIo, "journal",
       path.string() + " cannot be " + what + ": " + std::strerror(errno),  // NOLINT
       "expected a file that can be read and written");
}

std::string content(const fs::path& path) {
  std::error_code ignored;
  if (!fs::exists(path, ignored)) {
    fail(Code::kNotFound, "journal", "there is no file " + path.string(),
         "expected the journal of a run that was stopped", "without --resume a new one is begun");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) fail_io(path, "read");
  return text;
}

}  // namespace

JournalFile::JournalFile(std::unique_ptr<State> state) : state_(std::move(state)) {}
JournalFile::JournalFile(JournalFile&&) noexcept = default;
JournalFile::~JournalFile() = default;

std::vector<std::string> JournalFile::read(const fs::path& path) {
  const std::string text = content(path);
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    lines.push_back(text.substr(begin, end - begin));
  }
  return lines;
}

JournalFile JournalFile::begin(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path, ignored)) {
    fail(Code::kInvalidArgument, "journal", path.string() + " is there already",
         "expected a new file, or --resume to go on with this one");
  }
  auto state = std::make_unique<State>();
  state->path = path;
  state->file.open(path, std::ios::binary);
  if (!state->file) fail_io(path, "written");
  return JournalFile(std::move(state));
}

JournalFile JournalFile::go_on(const fs::path& path) {
  const std::string text = content(path);
  std::error_code error;
  fs::resize_file(path, text.rfind('\n') + 1, error);  // npos + 1 is 0
  auto state = std::make_unique<State>();
  state->path = path;
  state->file.open(path, std::ios::binary | std::ios::app);
  if (error || !state->file) fail_io(path, "written");
  return JournalFile(std::move(state));
}

void JournalFile::add(std::string_view line) {
  state_->file << line << '\n' << std::flush;
  if (!state_->file) fail_io(state_->path, "written");
}

}  // namespace ascribo
