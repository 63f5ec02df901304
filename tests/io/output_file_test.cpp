// SPDX-License-Identifier: MIT
// Output is complete or not there: commit, failure, full devices, interruption.
#include "ascribo/io/output_file.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <csignal>

#include "temp_folder.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class OutputFileTest : public TempFolder {};

TEST_F(OutputFileTest, AppearsWholeOnCommit) {
  const fs::path path = folder_ / "out.jsonl";
  {
    OutputFile file(path);
    file.write("one\n");
    file.write(std::string(200000, 'x'));
    EXPECT_FALSE(fs::exists(path));
    EXPECT_THAT(names(), SizeIs(1));  // the temporary one
    file.commit();
    EXPECT_THAT(names(), ElementsAre("out.jsonl"));
  }
  EXPECT_EQ(read(path), "one\n" + std::string(200000, 'x'));
}

TEST_F(OutputFileTest, LeavesNothingWithoutCommit) {
  const fs::path path = write("out.jsonl", "before");
  {
    OutputFile file(path);
    file.write(std::string(100000, 'x'));
  }
  EXPECT_THAT(names(), ElementsAre("out.jsonl"));
  EXPECT_EQ(read(path), "before");
}

TEST_F(OutputFileTest, ReplacesAndKeepsPermissions) {
  const fs::path path = write("out.jsonl", "before");
  fs::permissions(path, fs::perms(0640));
  OutputFile file(path);
  file.commit();
  EXPECT_EQ(read(path), "");
  EXPECT_EQ(fs::status(path).permissions(), fs::perms(0640));
}

TEST_F(OutputFileTest, NewFilesFollowTheUmask) {
  const mode_t before = ::umask(0027);
  const fs::path path = folder_ / "new";
  OutputFile(path).commit();
  ::umask(before);
  EXPECT_EQ(fs::status(path).permissions(), fs::perms(0640));
}

TEST_F(OutputFileTest, WritesThroughSymbolicLinks) {
  fs::create_directory(folder_ / "real");
  write("real/target", "before");
  fs::create_symlink("real/target", folder_ / "link");
  OutputFile file(folder_ / "link");
  file.write("after");
  file.commit();
  EXPECT_TRUE(fs::is_symlink(folder_ / "link"));
  EXPECT_EQ(read(folder_ / "real/target"), "after");
}

TEST_F(OutputFileTest, LongNamesFit) {
  const fs::path path = folder_ / std::string(255, 'n');
  OutputFile file(path);
  file.write("x");
  file.commit();
  EXPECT_EQ(read(path), "x");
}

TEST_F(OutputFileTest, FullDevicesAreReported) {
  if (!fs::exists("/dev/full")) GTEST_SKIP() << "this system has no /dev/full";
  OutputFile file("/dev/full");
  EXPECT_EQ(message(Code::kIo, [&] { file.write("x"); }),
            "[/dev/full] writing failed: No space left on device; expected room and permission to "
            "write.");
}

// A limit on the size of files stands for a full disk: the write in the middle fails.
TEST_F(OutputFileTest, FailedWritesLeaveNothing) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 100000;
  const auto old_action = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  {
    OutputFile file(folder_ / "out");
    file.write(std::string(80000, 'x'));
    EXPECT_EQ(message(Code::kIo, [&] { file.write(std::string(80000, 'y')); }),
              "[out] writing failed: File too large; expected room and permission to write.");
    EXPECT_THAT(names(), IsEmpty());
    file.write("ignored from now on");
  }
  {
    OutputFile file(folder_ / "late");
    file.write(std::string(60000, 'x'));
    file.write(std::string(5000, 'x'));
    message(Code::kIo, [&] {
      file.write(std::string(60000, 'x'));
      file.commit();
    });
  }
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_action);
  EXPECT_THAT(names(), IsEmpty());
}

TEST_F(OutputFileTest, PipesGetEachPieceAtOnce) {
  const fs::path pipe = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  ASSERT_GE(reader, 0);
  OutputFile file(pipe);
  file.write("hello");
  char text[16] = {};
  EXPECT_EQ(::read(reader, text, sizeof(text)), 5);
  EXPECT_STREQ(text, "hello");
  file.commit();
  ::close(reader);
  EXPECT_THAT(names(), ElementsAre("pipe"));
}

TEST_F(OutputFileTest, PlacesThatCannotBeWritten) {
  EXPECT_EQ(message(Code::kIo, [&] { OutputFile file(folder_ / ""); }),
            "[] this is a folder; expected the name of a file to write.");
  EXPECT_EQ(message(Code::kIo, [] { OutputFile file{fs::path()}; }),
            "[] the name is empty; expected the name of a file to write.");
  const fs::path nowhere = folder_ / "no" / "out";
  EXPECT_EQ(message(Code::kNotFound, [&] { OutputFile file(nowhere); }),
            "[no/out] there is no folder no; expected an existing folder to write in.");
}

TEST_F(OutputFileTest, PlacesThatMayNotBeWritten) {
  const fs::path locked = write("locked", "x");
  fs::permissions(locked, fs::perms(0400));
  fs::create_directory(folder_ / "closed");
  fs::permissions(folder_ / "closed", fs::perms(0500));
  const uid_t before = ::geteuid();
  constexpr uid_t kNobody = 65534;  // the superuser may write anywhere
  if (before == 0) {
    ASSERT_EQ(::seteuid(kNobody), 0);
  }
  EXPECT_EQ(message(Code::kIo, [&] { OutputFile file(locked); }),
            "[locked] opening failed: Permission denied; expected a file that may be replaced.");
  EXPECT_EQ(message(Code::kIo, [&] { OutputFile file(folder_ / "closed" / "new"); }),
            "[closed/new] creating failed: Permission denied; expected a folder to write in.");
  ASSERT_EQ(::seteuid(before), 0);
  fs::permissions(folder_ / "closed", fs::perms(0700));
}

TEST_F(OutputFileTest, InterruptedProcessesLeaveNothing) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    std::signal(SIGINT, [](int) {
      remove_unfinished_files();
      ::_exit(3);
    });
    OutputFile done(folder_ / "done"), first(folder_ / "first"), second(folder_ / "second");
    done.write("d");
    done.commit();
    first.write(std::string(100000, 'x'));
    second.write("y");
    ::raise(SIGINT);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_THAT(names(), ElementsAre("done"));
}

TEST_F(OutputFileTest, ManyFilesAtOnce) {
  std::vector<std::unique_ptr<OutputFile>> files;
  for (int i = 0; i < 40; ++i) {
    files.push_back(std::make_unique<OutputFile>(folder_ / std::to_string(i)));
  }
  remove_unfinished_files();
  EXPECT_THAT(names(), SizeIs(8));  // the table holds 32
  files.clear();
  EXPECT_THAT(names(), IsEmpty());
  OutputFile again(folder_ / "again");
  remove_unfinished_files();
  EXPECT_THAT(names(), IsEmpty());
}

}  // namespace
}  // namespace ascribo
