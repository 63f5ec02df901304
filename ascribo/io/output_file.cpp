// SPDX-License-Identifier: MIT
// Writes beside the target, renames when done.
#include "ascribo/io/output_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstring>
#include <string>
#include <system_error>

#include "ascribo/base/assert.h"
#include "ascribo/base/error.h"

namespace ascribo {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBufferBytes = std::size_t{1} << 16;
constexpr mode_t kEverybody = 0666;  // the umask takes away what the user does not want

/// A temporary file's path where a signal handler can read it: no allocation, no lock.
struct Slot {
  enum State : int { kFree, kFilling, kUsed };
  std::atomic<int> state = kFree;
  std::array<char, PATH_MAX> path{};
};
std::array<Slot, 32> slots;
static_assert(std::atomic<int>::is_always_lock_free);

Slot* take_slot(const std::string& path) {
  if (path.size() >= PATH_MAX) return nullptr;
  for (Slot& slot : slots) {
    int expected = Slot::kFree;
    if (!slot.state.compare_exchange_strong(expected, Slot::kFilling)) continue;
    std::memcpy(slot.path.data(), path.c_str(), path.size() + 1);
    slot.state = Slot::kUsed;
    return &slot;
  }
  return nullptr;
}

void give_back(Slot* slot) {
  if (slot != nullptr) slot->state = Slot::kFree;
}

[[noreturn]] void fail_errno(const fs::path& path, std::string_view doing, int error,
                             std::string_view expected) {
  fail(Code::kIo, path.string(),
       std::string(doing) + " failed: " + std::generic_category().message(error), expected);
}

/// Whether to write to the path itself: what is there now is no ordinary file, or stands for an
/// open file of this process, which a rename would cut off.
bool written_in_place(const fs::path& path) {
  const std::string text = path.lexically_normal().string();
  for (const std::string_view open_file : {"/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/"}) {
    if (text.starts_with(open_file)) return true;
  }
  std::error_code ignored;
  const fs::file_status status = fs::status(path, ignored);
  return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

/// The file that a rename has to replace: behind a symbolic link, what the link names.
fs::path behind_links(fs::path path) {
  std::error_code error;
  for (int links = 0; links < 40 && fs::is_symlink(path, error); ++links) {
    const fs::path target = fs::read_symlink(path, error);
    path = target.is_absolute() ? target : path.parent_path() / target;
  }
  return path;
}

std::string temporary_name(const fs::path& target) {
  static std::atomic<unsigned> next = 0;
  const std::string unique = std::to_string(::getpid()) + "-" + std::to_string(next++);
  // Short of the 255 bytes a name may have, whatever the target is called.
  const std::string name = target.filename().string().substr(0, 150);
  return fs::absolute(target.parent_path() / ("." + name + "." + unique + ".part")).string();
}

}  // namespace

struct OutputFile::State {
  fs::path path;          // as given, for messages
  fs::path target;        // what is renamed to
  std::string temporary;  // empty when written in place
  int file = -1;
  Slot* slot = nullptr;
  std::string buffer;
  bool failed = false;

  ~State() { abandon(); }

  void abandon() {
    if (file >= 0) ::close(file);
    file = -1;
    if (!temporary.empty()) ::unlink(temporary.c_str());
    temporary.clear();
    give_back(slot);
    slot = nullptr;
  }

  [[noreturn]] void give_up(std::string_view doing, int error, std::string_view expected) {
    failed = true;
    abandon();
    fail_errno(path, doing, error, expected);
  }

  void flush() {
    std::string_view rest = buffer;
    while (!rest.empty()) {
      const ssize_t written = ::write(file, rest.data(), rest.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) give_up("writing", errno, "expected room and permission to write");
      rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer.clear();
  }
};

OutputFile::OutputFile(const fs::path& path) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.path = path;
  std::error_code ignored;
  if (path.empty() || fs::is_directory(path, ignored)) {
    fail(Code::kIo, path.string(), path.empty() ? "the name is empty" : "this is a folder",
         "expected the name of a file to write");
  }
  if (written_in_place(path)) {
    state.file = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    if (state.file < 0) fail_errno(path, "opening", errno, "expected a place to write");
    return;
  }
  state.target = behind_links(path);
  const fs::path folder = fs::absolute(state.target).parent_path();
  if (!fs::is_directory(folder, ignored)) {
    fail(Code::kNotFound, path.string(), "there is no folder " + folder.string(),
         "expected an existing folder to write in");
  }
  if (fs::exists(state.target, ignored) &&
      ::faccessat(AT_FDCWD, state.target.c_str(), W_OK, AT_EACCESS) != 0) {
    fail_errno(path, "opening", errno, "expected a file that may be replaced");
  }
  state.temporary = temporary_name(state.target);
  state.slot = take_slot(state.temporary);
  state.file = ::open(state.temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kEverybody);
  if (state.file < 0) state.give_up("creating", errno, "expected a folder to write in");
  struct stat before {};  // a file that is replaced keeps its permissions
  if (::stat(state.target.c_str(), &before) == 0) {
    static_cast<void>(::fchmod(state.file, before.st_mode & 0777));
  }
}

OutputFile::~OutputFile() = default;

void OutputFile::write(std::string_view text) {
  ASCRIBO_ASSERT(state_->file >= 0 || state_->failed);
  if (state_->failed) return;  // it was reported, and there is nothing to write to
  state_->buffer += text;
  const bool in_place = state_->temporary.empty();  // somebody may be waiting at the other end
  if (in_place || state_->buffer.size() >= kBufferBytes) state_->flush();
}

void OutputFile::commit() {
  State& state = *state_;
  ASCRIBO_ASSERT(state.file >= 0);
  state.flush();
  const int closed = ::close(state.file);
  state.file = -1;
  if (closed != 0) state.give_up("writing", errno, "expected room and permission to write");
  if (state.temporary.empty()) return;
  if (::rename(state.temporary.c_str(), state.target.c_str()) != 0) {
    state.give_up("renaming", errno, "expected permission to write there");
  }
  state.temporary.clear();
  give_back(state.slot);
  state.slot = nullptr;
}

void remove_unfinished_files() noexcept {
  for (Slot& slot : slots) {
    if (slot.state == Slot::kUsed) ::unlink(slot.path.data());
  }
}

}  // namespace ascribo
