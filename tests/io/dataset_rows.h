// SPDX-License-Identifier: MIT
// Reads whole data sets, rows and errors alike, for comparison with what is expected.
#pragma once

#include <string>
#include <vector>

#include "ascribo/io/dataset.h"
#include "temp_folder.h"

namespace ascribo {

class DatasetFile : public TempFolder {
 protected:
  /// One string per row: "line|text|pair|label|id", absent parts as "-"; errors as their message.
  std::vector<std::string> rows(const std::string& name, const std::string& bytes,
                                const Columns& columns = {}) const {
    return rows_of(*Dataset::open(write(name, bytes), columns));
  }

  std::vector<std::string> rows_of(Dataset& dataset) const {
    std::vector<std::string> result;
    for (int left = 1000; left > 0; --left) {
      std::optional<DatasetRow> row;
      try {
        row = dataset.next();
      } catch (const Error& error) {
        result.push_back(message(Code::kBadFile, [&] { throw error; }));
        continue;
      }
      if (!row) return result;
      result.push_back(std::to_string(row->line) + "|" + row->text + "|" + row->pair.value_or("-") +
                       "|" + row->label.value_or("-") + "|" + row->id.value_or("-"));
    }
    ADD_FAILURE() << "the data set does not end";
    return result;
  }

  std::string open_message(Code code, const std::string& name, const std::string& bytes,
                           const Columns& columns = {}) const {
    const auto path = write(name, bytes);
    return message(code, [&] { Dataset::open(path, columns); });
  }
};

}  // namespace ascribo
