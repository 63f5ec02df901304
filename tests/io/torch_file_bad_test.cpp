// SPDX-License-Identifier: MIT
// Files of torch.save that are cut, lie or are something else, and what is said of them.
#include <gmock/gmock.h>

#include "ascribo/io/torch_file.h"
#include "temp_folder.h"
#include "tests/folders.h"
#include "tests/torch_bytes.h"

namespace ascribo {
namespace {

using test::TensorRecord;
using testing::HasSubstr;

namespace fs = std::filesystem;

const fs::path kGolden = test::test_folder() / "golden/torch";

class BadTorchFile : public TempFolder {
 protected:
  std::string of_bytes(const std::string& bytes, Code code = Code::kBadFile) const {
    const fs::path path = write("m.bin", bytes);
    return message(code, [&] { read_torch_weights(path); });
  }
  std::string of_record(const TensorRecord& record, Code code = Code::kBadFile) const {
    return of_bytes(test::torch_archive(test::pickled_dict({{"w", record.pickle()}}), kStorages),
                    code);
  }
  const test::Storages kStorages{{"0", std::string(24, 'x')}};
  const TensorRecord kGood{.key = "0", .elements = 6, .shape = {2, 3}, .strides = {3, 1}};
};

TEST_F(BadTorchFile, CutAnywhere) {
  for (const char* name : {"corners.bin", "corners_older.bin"}) {
    const std::string whole = read(kGolden / name);
    const fs::path path = write("m.bin", whole);
    for (std::size_t size = whole.size(); size-- > 0;) {
      fs::resize_file(path, size);
      ASSERT_THAT(message(Code::kBadFile, [&] { read_torch_weights(path); }), HasSubstr("[m.bin] "))
          << name << " " << size;
    }
  }
}

TEST_F(BadTorchFile, ChangedAnywhere) {
  for (const char* name : {"corners.bin", "corners_older.bin"}) {
    const std::string whole = read(kGolden / name);
    const fs::path path = write("m.bin", whole);
    const auto put = [&](std::size_t at, int byte) {
      std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
      file.seekp(static_cast<std::streamoff>(at)).put(static_cast<char>(byte));
    };
    int refused = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
      put(at, whole[at] ^ (at % 2 == 0 ? 0xFF : 0x04));
      try {
        const auto files = WeightFiles::open(path);
        for (const StoredTensor& tensor : files->tensors()) {
          if (tensor.dtype == "F32") files->load(tensor.name);
        }
      } catch (const Error& error) {
        ++refused;
      }
      put(at, whole[at]);
    }
    EXPECT_GT(refused, 100) << name;  // and no crash
  }
}

TEST_F(BadTorchFile, SomethingElse) {
  const std::string hint = " Hint: the file may be cut short; fetch it again";
  EXPECT_EQ(of_bytes("nothing"),
            "[m.bin] the file begins neither as a ZIP archive nor as PyTorch's pickles; expected a "
            "file of torch.save." +
                hint);
  EXPECT_EQ(of_bytes("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
            "[m.bin] the file is a pointer to Git LFS; expected the weights. Hint: fetch them with "
            "git lfs pull");
  std::string tar(512, '\0');
  tar.replace(257, 5, "ustar");
  EXPECT_THAT(of_bytes(tar, Code::kUnsupported), HasSubstr("the file is a tar archive"));
  EXPECT_EQ(of_bytes(test::zipped({{"word/document.xml", "<a/>"}})),
            "[m.bin] the ZIP archive has no data.pkl; expected a file of torch.save.");
  EXPECT_THAT(
      of_bytes(test::zipped({{"m/data.pkl", "N."}, {"m/constants.pkl", "N."}}), Code::kUnsupported),
      HasSubstr("[m.bin] the file is a TorchScript program; expected weights. Hint: "));
  EXPECT_EQ(of_bytes(test::torch_archive("\x80\x02N.", {})),
            "[m.bin] the file holds None; expected a dict of tensors. Hint: save the model's "
            "state_dict()");
  EXPECT_THAT(of_bytes(test::torch_archive("\x80\x02"
                                           "cmy.models\nNet\n)\x81}b.",
                                           {})),
              HasSubstr("the file holds an object of my.models.Net; expected a dict of tensors"));
  EXPECT_THAT(of_bytes(test::torch_archive("}.", {})), HasSubstr("the file holds a dict;"));
}

TEST_F(BadTorchFile, ArchivesThatAreNotAsTorchWritesThem) {
  EXPECT_EQ(of_bytes(test::torch_archive("}.", {}, {.method = 8}), Code::kUnsupported),
            "[m.bin] \"model/data.pkl\" is compressed; expected it stored as it is, as torch.save "
            "does. Hint: unpack it and zip it with zip -0");
  EXPECT_EQ(
      of_bytes(test::zipped({{"m/data.pkl", "}."}, {"m/byteorder", "big"}}), Code::kUnsupported),
      "[m.bin] its byte order is \"big\"; expected little.");
  EXPECT_EQ(of_bytes(test::torch_sequence("}.", {}, 4, false), Code::kUnsupported),
            "[m.bin] its byte order is big; expected little.");
  std::string newer = test::torch_sequence("}.", {});
  newer[newer.find('M') + 1] = 7;
  EXPECT_THAT(of_bytes(newer, Code::kUnsupported), HasSubstr("expected 1001"));
}

TEST_F(BadTorchFile, ArchivesThatPointElsewhere) {
  const std::string good = test::torch_archive("}.", {});
  std::string bad = good;
  bad.replace(good.rfind("PK\x05\x06") + 16, 4, test::little(0x7FFFFFFF, 4));
  EXPECT_EQ(of_bytes(bad), "[m.bin] the ZIP archive points to byte 2147483647 and " +
                               std::to_string(good.rfind("PK\x05\x06") - good.find("PK\x01\x02")) +
                               " more; the file has " + std::to_string(good.size()) +
                               ". Hint: the file may be cut short; fetch it again");
  bad = good;
  bad.replace(good.find("PK\x01\x02") + 42, 4, test::little(3, 4));
  EXPECT_EQ(of_bytes(bad),
            "[m.bin] the ZIP archive has no entry at byte 3; expected one there. Hint: the file "
            "may be damaged; fetch it again");
}

TEST_F(BadTorchFile, TensorsOutsideOfTheirStorage) {
  of_record({.key = "0", .elements = 6, .shape = {2, 3}, .strides = {3, 1}, .offset = 1});
  EXPECT_EQ(of_record({.key = "0", .elements = 6, .shape = {2, 3}, .strides = {4, 1}}),
            "[m.bin] tensor \"w\" of shape [2, 3] and strides [4, 1] begins at element 0; its "
            "storage has 6.");
  constexpr std::int64_t kHuge = std::int64_t{1} << 62;
  for (const Shape& shape : {Shape{kHuge, 8}, Shape{-1, 3}, Shape{7, 1}, Shape{kHuge, kHuge, 0}}) {
    TensorRecord record = kGood;
    record.shape = shape;
    record.strides.assign(shape.size(), 0);
    EXPECT_THAT(of_record(record), HasSubstr("its storage has 6"));
  }
  for (const Shape& strides : {Shape{kHuge, 1}, Shape{-3, 1}, Shape{3}, Shape{kHuge, kHuge}}) {
    TensorRecord record = kGood;
    record.strides = strides;
    EXPECT_THAT(of_record(record), HasSubstr("its storage has 6"));
  }
  for (const std::int64_t offset : {kHuge, std::int64_t{-1}, std::int64_t{7}}) {
    TensorRecord record = kGood;
    record.offset = offset;
    EXPECT_THAT(of_record(record), HasSubstr("its storage has 6"));
  }
}

TEST_F(BadTorchFile, StoragesThatAreNotThere) {
  TensorRecord record = kGood;
  record.key = "1";
  EXPECT_EQ(of_record(record),
            "[m.bin] tensor \"w\" is in storage \"1\", which is not there; expected all storages.");
  record = kGood;
  record.elements = 7;
  EXPECT_EQ(of_record(record),
            "[m.bin] tensor \"w\" is in a storage of 7 elements; the file has 24 bytes of it.");
  record.elements = -1;
  EXPECT_THAT(of_record(record), HasSubstr("a storage of -1 elements"));
  record = kGood;
  record.storage = "os\nsystem";
  EXPECT_EQ(of_record(record),
            "[m.bin] tensor \"w\" is in a os.system; expected a storage of numbers.");
}

TEST_F(BadTorchFile, TensorsOfOtherKinds) {
  TensorRecord record = kGood;
  record.maker = "torch._utils\n_rebuild_sparse_tensor";
  EXPECT_EQ(of_record(record, Code::kUnsupported),
            "[m.bin] tensor \"w\" is made by torch._utils._rebuild_sparse_tensor; expected a dense "
            "tensor of numbers.");
}

TEST_F(BadTorchFile, OlderStoragesThatAreTooShort) {
  const std::string pickle = test::pickled_dict({{"w", kGood.pickle()}});
  std::string bytes = test::torch_sequence(pickle, kStorages);
  bytes.pop_back();
  EXPECT_THAT(of_bytes(bytes), HasSubstr("storage \"0\" claims 6 elements at byte"));
  bytes = test::torch_sequence(pickle, {});
  EXPECT_THAT(of_bytes(bytes), HasSubstr("is in storage \"0\", which is not there"));
}

}  // namespace
}  // namespace ascribo
