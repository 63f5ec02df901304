// SPDX-License-Identifier: MIT
// Counts rows, and draws them: reservoir sampling (Vitter 1985, algorithm R).
#include <algorithm>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include "ascribo/base/error.h"
#include "ascribo/base/rng.h"
#include "ascribo/io/data/dataset_choice.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kSampleDraw = 0x726f7773;

class FirstRows : public Dataset {
 public:
  FirstRows(std::unique_ptr<Dataset> dataset, std::int64_t limit)
      : dataset_(std::move(dataset)), left_(limit) {}

  std::optional<DatasetRow> next() override {
    if (left_ == 0) return std::nullopt;
    --left_;  // a row that cannot be read is one, too
    return dataset_->next();
  }
  std::int64_t size_hint() const override {
    const std::int64_t size = dataset_->size_hint();
    return size < 0 ? left_ : std::min(size, left_);
  }

 private:
  std::unique_ptr<Dataset> dataset_;
  std::int64_t left_;
};

class SampledRows : public Dataset {
 public:
  SampledRows(std::unique_ptr<Dataset> dataset, std::int64_t sample, std::uint64_t seed)
      : dataset_(std::move(dataset)), sample_(sample), seed_(seed) {}

  std::optional<DatasetRow> next() override {
    if (!drawn_) draw();
    if (next_ == rows_.size()) return std::nullopt;
    Drawn& row = rows_[next_++];
    if (row.error) std::rethrow_exception(row.error);
    return std::move(row.row);
  }
  std::int64_t size_hint() const override {
    const std::int64_t size = dataset_->size_hint();
    return size < 0 ? sample_ : std::min(size, sample_);
  }

 private:
  struct Drawn {
    std::int64_t number = 0;
    DatasetRow row;
    std::exception_ptr error;
  };

  // The next row, or why it cannot be read; false at the end.
  bool read(Drawn& drawn) {
    try {
      std::optional<DatasetRow> row = dataset_->next();
      if (!row) return false;
      drawn.row = std::move(*row);
    } catch (const Error& error) {
      if (error.code() != Code::kBadFile && error.code() != Code::kBadText) throw;
      drawn.error = std::current_exception();
    }
    return true;
  }

  void draw() {
    drawn_ = true;
    for (std::int64_t number = 0;; ++number) {
      Drawn drawn{number, {}, nullptr};
      if (!read(drawn)) break;
      if (number < sample_) {
        rows_.push_back(std::move(drawn));
        continue;
      }
      Rng random(seed_, {kSampleDraw, static_cast<std::uint64_t>(number)});
      const std::uint64_t place = random.below(static_cast<std::uint64_t>(number) + 1);
      if (place < rows_.size()) rows_[place] = std::move(drawn);
    }
    std::sort(rows_.begin(), rows_.end(),
              [](const Drawn& a, const Drawn& b) { return a.number < b.number; });
  }

  std::unique_ptr<Dataset> dataset_;
  std::int64_t sample_;
  std::uint64_t seed_;
  bool drawn_ = false;
  std::vector<Drawn> rows_;
  std::size_t next_ = 0;
};

void check(const char* name, std::optional<std::int64_t> number) {
  if (!number || *number >= 1) return;
  fail(Code::kInvalidArgument, name, std::to_string(*number) + " was given", "expected at least 1");
}

}  // namespace

std::unique_ptr<Dataset> part_of(std::unique_ptr<Dataset> dataset, const DatasetPart& part) {
  check("limit", part.limit);
  check("sample", part.sample);
  if (part.sample) {
    dataset = std::make_unique<SampledRows>(std::move(dataset), *part.sample, part.seed);
  }
  if (part.limit) dataset = std::make_unique<FirstRows>(std::move(dataset), *part.limit);
  return dataset;
}

}  // namespace ascribo
