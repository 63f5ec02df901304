// SPDX-License-Identifier: MIT
// Arrays come back from archives as they were added, or with a reason why not.
#include "ascribo/io/npz/read_npz.h"

#include <gtest/gtest.h>

#include "ascribo/io/npz/npz_file.h"
#include "tests/io/temp_folder.h"

namespace ascribo {
namespace {

class ReadNpz : public TempFolder {
 protected:
  std::filesystem::path archive() const {
    NpzFile file(folder_ / "a.npz");
    file.add("0/contributions", {2, 3}, std::vector<float>{1, 2, 3, 4, 5, -6.5F});
    file.add("line", {2}, std::vector<float>{0.25F, -1});
    file.commit();
    return folder_ / "a.npz";
  }
  std::string refusal(const std::string& entry, const std::vector<std::int64_t>& shape) const {
    return message(Code::kBadFile, [&] { read_npz(archive(), entry, shape); });
  }
};

TEST_F(ReadNpz, GivesBackWhatWasAdded) {
  EXPECT_EQ(read_npz(archive(), "0/contributions", {2, 3}),
            (std::vector<float>{1, 2, 3, 4, 5, -6.5F}));
  EXPECT_EQ(read_npz(archive(), "line", {2}), (std::vector<float>{0.25F, -1}));
}

TEST_F(ReadNpz, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("1/contributions", {2, 3}),
            "[a.npz] there is no array \"1/contributions\"; expected one of that name. Hint: is "
            "this the file that was written with the explanations?");
  EXPECT_EQ(refusal("line", {3}),
            "[a.npz line] the array's header is {'descr': '<f4', 'fortran_order': False, 'shape': "
            "(2,), }; expected float32 numbers of shape (3,) in row-major order.");
  EXPECT_EQ(message(Code::kNotFound, [&] { read_npz(folder_ / "b.npz", "line", {2}); })
                    .find("[file] b.npz") == std::string::npos,
            true);
}

TEST_F(ReadNpz, AnArchiveThatEndsEarlyIsRefused) {
  const std::string whole = read(archive());
  for (const std::size_t size : {std::size_t{0}, std::size_t{100}, whole.size() - 30}) {
    const auto file = write("cut.npz", whole.substr(0, size));
    EXPECT_THROW(read_npz(file, "line", {2}), Error) << size;
  }
}

}  // namespace
}  // namespace ascribo
