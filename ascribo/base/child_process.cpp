// SPDX-License-Identifier: MIT
// Starts programs with posix_spawn, over a socket, since writing to a pipe that nobody reads would
// raise a signal.
#include "ascribo/base/child_process.h"

#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is not in <csignal>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <utility>

namespace ascribo {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunk = 65536;
constexpr int kMilliseconds = 1000;

// Which of these events has come for a descriptor, waited for until a point in time; 0: none.
int wait_for(int descriptor, int events, Clock::time_point until) {
  while (true) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return 0;
    pollfd wait{descriptor, static_cast<short>(events), 0};
    const int found = ::poll(&wait, 1, static_cast<int>(left));
    if (found > 0) return wait.revents;
    if (found < 0 && errno != EINTR) return 0;
  }
}

pid_t spawn(const std::vector<std::string>& command, int channel) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&actions);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&actions, channel, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, channel, STDOUT_FILENO);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  std::vector<std::string> words = command;
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  pid_t child = -1;
  if (posix_spawnp(&child, pointers[0], &actions, &attributes, pointers.data(), environ) != 0) {
    child = -1;
  }
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return child;
}

}  // namespace

struct ChildProcess::State {
  pid_t child = -1;
  int channel = -1;
  std::string received;

  // Takes what has come; false when nothing more will.
  bool receive() {
    std::array<char, kChunk> chunk{};
    const ssize_t count = ::recv(channel, chunk.data(), chunk.size(), MSG_DONTWAIT);
    if (count > 0) received.append(chunk.data(), static_cast<std::size_t>(count));
    return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
  }

  // Reads on meanwhile: a program may answer before it has heard all, and wait until that is read.
  bool send(std::string_view text, Clock::time_point until) {
    while (!text.empty()) {
      const int events = wait_for(channel, POLLIN | POLLOUT, until);
      if (events == 0) return false;
      if ((events & POLLIN) != 0 && !receive()) return false;
      if ((events & (POLLOUT | POLLERR | POLLHUP)) == 0) continue;
      const ssize_t sent = ::send(channel, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (sent < 0 && errno != EINTR && errno != EAGAIN) return false;
      if (sent > 0) text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  std::optional<std::string> line(Clock::time_point until) {
    std::size_t searched = 0;
    while (true) {
      const std::size_t end = received.find('\n', searched);
      if (end != std::string::npos) {
        std::string found = received.substr(0, end);
        received.erase(0, end + 1);
        return found;
      }
      searched = received.size();
      if (wait_for(channel, POLLIN, until) == 0 || !receive()) return std::nullopt;
    }
  }
};

ChildProcess::ChildProcess(std::unique_ptr<State> state) : state_(std::move(state)) {}

ChildProcess::~ChildProcess() {
  ::close(state_->channel);
  ::kill(state_->child, SIGKILL);
  while (::waitpid(state_->child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

std::unique_ptr<ChildProcess> ChildProcess::start(const std::vector<std::string>& command) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) return nullptr;
  auto state = std::make_unique<State>();
  state->child = spawn(command, ends[1]);
  ::close(ends[1]);
  state->channel = ends[0];
  if (state->child > 0) return std::unique_ptr<ChildProcess>(new ChildProcess(std::move(state)));
  ::close(ends[0]);
  return nullptr;
}

std::optional<std::string> ChildProcess::ask(std::string_view line, double seconds) {
  const auto until =
      Clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * kMilliseconds));
  if (state_->send(std::string(line) + "\n", until)) {
    if (auto answer = state_->line(until)) return answer;
  }
  ::kill(state_->child, SIGKILL);
  return std::nullopt;
}

}  // namespace ascribo
