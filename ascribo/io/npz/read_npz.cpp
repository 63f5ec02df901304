// SPDX-License-Identifier: MIT
// Finds the entry, checks its header, copies its numbers.
#include "ascribo/io/npz/read_npz.h"

#include <algorithm>
#include <cstring>

#include "ascribo/base/error.h"
#include "ascribo/base/mapped_file.h"
#include "ascribo/io/zip_entries.h"

namespace ascribo {
namespace {

constexpr std::string_view kMagic("\x93NUMPY\x01\x00", 8);

/// "(2, 3)" as NumPy writes it, "(2,)" for one dimension.
std::string shape_text(const std::vector<std::int64_t>& shape) {
  std::string text = "(";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::vector<float> read_array(std::string_view bytes, const std::vector<std::int64_t>& shape,
                              const std::string& where) {
  const auto refuse = [&](const std::string& given) {
    fail(Code::kBadFile, where, given,
         "expected float32 numbers of shape " + shape_text(shape) + " in row-major order");
  };
  if (!bytes.starts_with(kMagic) || bytes.size() < 10) refuse("this is no array of NumPy");
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes[at]); };
  const std::size_t begin = 10U + byte(8) + 256U * byte(9);
  if (begin > bytes.size()) refuse("the array ends in its header");
  const std::string_view header = bytes.substr(10, begin - 10);
  const bool fits = header.find("'<f4'") != std::string_view::npos &&
                    header.find("'fortran_order': False") != std::string_view::npos &&
                    header.find("'shape': " + shape_text(shape)) != std::string_view::npos;
  if (!fits)
    refuse("the array's header is " +
           std::string(header.substr(0, header.find_last_not_of(" \n") + 1)));
  std::size_t count = 1;
  for (const std::int64_t size : shape) count *= static_cast<std::size_t>(size);
  if (bytes.size() - begin != count * sizeof(float)) {
    refuse("the array has " + std::to_string(bytes.size() - begin) + " bytes");
  }
  std::vector<float> values(count);
  std::memcpy(values.data(), bytes.data() + begin, count * sizeof(float));
  return values;
}

}  // namespace

std::vector<float> read_npz(const std::filesystem::path& file, const std::string& entry,
                            const std::vector<std::int64_t>& shape) {
  const auto mapped = MappedFile::open(file);
  const std::string_view archive = mapped->text();
  const auto* bytes = reinterpret_cast<const std::byte*>(archive.data());
  const auto entries = read_zip_entries({bytes, archive.size()}, file.string());
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ZipEntry& one) { return one.name == entry + ".npy"; });
  if (found == entries.end()) {
    fail(Code::kBadFile, file.string(), "there is no array \"" + entry + '"',
         "expected one of that name", "is this the file that was written with the explanations?");
  }
  if (!found->stored) {
    fail(Code::kBadFile, file.string(), '"' + entry + "\" is compressed",
         "expected arrays as they are, as NumPy's savez() writes them");
  }
  const std::string_view content(reinterpret_cast<const char*>(found->bytes.data()),
                                 found->bytes.size());
  return read_array(content, shape, file.string() + " " + entry);
}

}  // namespace ascribo
