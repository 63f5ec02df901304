// SPDX-License-Identifier: MIT
// Sends explanations to where they were asked for: standard output, a JSON file, pages, pictures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ascribo/ascribo.h"

namespace ascribo::cli {

/// A file that a renderer writes.
struct PagePlan {
  const Renderer* renderer = nullptr;
  std::string file;
};

/// What goes where.
struct OutputPlan {
  const Renderer* standard = nullptr;  ///< on standard output; null: nothing
  std::optional<std::string> json_file;
  std::vector<PagePlan> pages;
  std::optional<std::string> mask_file;
  RenderOptions render;
};

/// Writes results as they come. Files exist only after finish(). Not safe for concurrent use.
class ResultWriter {
 public:
  /// Begins every output. Errors: kIo for a file that cannot be written.
  explicit ResultWriter(OutputPlan plan);
  void add(const Explanation& explanation);
  /// False when nobody reads on: standard output was all and is closed.
  bool wanted() const { return standard_open_ || json_ || !pages_.empty() || masks_; }
  void finish();
  std::int64_t written() const { return written_; }
  /// The file with layer tables, if there was need for one.
  std::optional<std::filesystem::path> layer_file() const;

 private:
  /// A page on its way; of a renderer whose documents hold one item, the next document's.
  struct Page {
    PagePlan plan;
    std::unique_ptr<OutputFile> file;
  };

  void add_json(const Explanation& explanation);
  void add_page(Page& page, const Explanation& explanation);
  /// Moves layer tables that are too large for a line to the file beside it.
  void move_layers(Explanation& explanation);

  OutputPlan plan_;
  bool standard_open_ = false;
  bool json_array_ = false;  ///< one JSON array instead of a line per explanation
  std::unique_ptr<OutputFile> json_, masks_;
  std::unique_ptr<NpzFile> layers_;
  std::vector<Page> pages_;
  std::int64_t written_ = 0;
};

}  // namespace ascribo::cli
