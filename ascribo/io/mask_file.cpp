// SPDX-License-Identifier: MIT
// Reads and writes lines of masks.
#include "ascribo/io/mask_file.h"

#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/io/line_reader.h"

namespace ascribo {
namespace {

std::string read_mask(const Json& mask) {
  if (mask.is_string()) return std::string(mask.string());
  std::string flags;
  mask.elements([&](const Json& flag) {
    const double number = flag.number();
    flags += number == 0 ? '0' : number == 1 ? '1' : '?';
  });
  return flags;
}

class MaskLines : public MaskFile {
 public:
  explicit MaskLines(const std::filesystem::path& file) : reader_(file) {}

  std::optional<MaskRow> next() override {
    while (reader_.next()) {
      if (reader_.line().find_first_not_of(" \t") == std::string_view::npos) continue;
      const Json row =
          Json::parse(reader_.line(), reader_.name() + " line " + std::to_string(reader_.number()));
      MaskRow result{reader_.number(), {}, {}};
      if (const auto text = row.find("text")) result.text = text->string();
      if (const auto input = row.find("input")) result.text = input->at("text").string();
      row.at("masks").elements([&](const Json& mask) { result.masks.push_back(read_mask(mask)); });
      return result;
    }
    return std::nullopt;
  }

 private:
  LineReader reader_;
};

}  // namespace

std::unique_ptr<MaskFile> MaskFile::open(const std::filesystem::path& file) {
  return std::make_unique<MaskLines>(file);
}

std::string mask_line(const std::string& text, const std::string& unit,
                      const std::vector<std::string>& masks) {
  JsonWriter json;
  json.begin_object().key("text").value(text).key("unit").value(unit);
  json.key("masks").begin_array();
  for (const std::string& mask : masks) json.value(mask);
  json.end_array().end_object();
  return json.str() + "\n";
}

}  // namespace ascribo
