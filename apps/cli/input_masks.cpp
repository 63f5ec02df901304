// SPDX-License-Identifier: MIT
// Reads masks beside the texts.
#include "input_masks.h"

namespace ascribo::cli {
namespace {

class MaskedInputs : public InputSource {
 public:
  MaskedInputs(std::unique_ptr<InputSource> inputs, const std::string& file)
      : name_(file), inputs_(std::move(inputs)), masks_(MaskFile::open(file)) {}

  std::optional<Input> next() override {
    std::optional<Input> input = inputs_->next();
    if (!input) return input;
    std::optional<MaskRow> row = masks_->next();
    if (!row) {
      fail(Code::kBadFile, "masks", name_ + " has fewer rows than there are texts",
           "expected a row of masks for every text");
    }
    if (row->text && input->input_ids.empty() && *row->text != input->text) {
      fail(Code::kBadFile, "masks",
           name_ + " line " + std::to_string(row->line) + " has masks of another text",
           "expected the texts in the order in which their masks were saved");
    }
    input->masks = std::move(row->masks);
    return input;
  }
  std::string where() const override { return inputs_->where(); }
  std::int64_t size_hint() const override { return inputs_->size_hint(); }

 private:
  std::string name_;
  std::unique_ptr<InputSource> inputs_;
  std::unique_ptr<MaskFile> masks_;
};

}  // namespace

std::unique_ptr<InputSource> with_masks(std::unique_ptr<InputSource> inputs,
                                        const std::string& file) {
  return std::make_unique<MaskedInputs>(std::move(inputs), file);
}

}  // namespace ascribo::cli
