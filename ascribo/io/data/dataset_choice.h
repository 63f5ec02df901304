// SPDX-License-Identifier: MIT
// Which columns and rows of a data set: those of a well-known layout; the first, or a sample.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ascribo/io/dataset.h"

namespace ascribo {

/// sst2, cola, imdb, yelp, ag_news, rotten_tomatoes, blimp.
std::vector<std::string> layout_names();

/// The columns of a layout as the file has them: by name where its first line is the header that
/// the data set is published with, else by number. Errors: kUnknownName with the nearest name;
/// kNotFound.
Columns layout_columns(std::string_view name, const std::filesystem::path& file);

/// `sample` rows are drawn without replacement and stay in their order; the same seed draws the
/// same rows. `limit` then keeps the first of what is left.
struct DatasetPart {
  std::optional<std::int64_t> limit = {}, sample = {};
  std::uint64_t seed = 0;
};

/// A sample reads the whole data set at the first call of next(). Errors: kInvalidArgument for a
/// number below 1.
std::unique_ptr<Dataset> part_of(std::unique_ptr<Dataset> dataset, const DatasetPart& part);

}  // namespace ascribo
