// SPDX-License-Identifier: MIT
// Files of texts and labels as examples to learn from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ascribo/io/dataset.h"
#include "ascribo/models/model.h"
#include "ascribo/study/example.h"
#include "ascribo/text/encoding.h"

namespace ascribo {

class Tokenizer;

/// A row as the file has it.
struct LabelledRow {
  DatasetRow row;
  /// Of kLabels and kWord what commas separate, of kTags those of the words, else one.
  std::vector<std::string> labels;
};

/// Where rows of this kind keep what is learned, as far as `columns` does not say: kTags `tokens`
/// and `tags`, kAnswer `question`, `context` and `answers`.
Columns usual_columns(Columns columns, Objective objective);

/// All rows of a file. Errors: those of Dataset; kBadFile for a row without text or label (of
/// kNextToken labels are not looked at), for a number that is none, and for a file without rows.
std::vector<LabelledRow> read_labelled_rows(const std::filesystem::path& file,
                                            const Columns& columns, Objective objective);

/// The names in the order of the outputs: those of the checkpoint where they are the same, else
/// numbers by size, else by the alphabet; none where rows have words or answers. Errors: kBadFile
/// when a single label is all there is.
std::vector<std::string> label_names(const std::vector<LabelledRow>& rows,
                                     const std::filesystem::path& file, Objective objective,
                                     const std::vector<std::string>& published);

/// What makes examples of rows.
struct ExampleMaker {
  const ModelInfo& model;
  const Tokenizer* tokenizer = nullptr;  ///< may be null where rows have ids
  bool use_type_ids = true;
  Objective objective = Objective::kLabel;
  std::vector<std::string> labels = {};
  std::int64_t longest = 0;  ///< tokens; longer texts are cut
  bool judged = true;        ///< whether answers keep the texts that they are judged by
  std::int64_t cut = 0;      ///< counts them
  std::int64_t lost = 0;     ///< and rows that are left out as nothing to learn is left of them

  /// Errors: kBadFile naming file and line for a label that is not among `labels`; those of
  /// Tokenizer::encode; kUnsupported for texts without tokenizer.
  std::vector<Example> make(const std::vector<LabelledRow>& rows,
                            const std::filesystem::path& file);

 private:
  bool make(const LabelledRow& row, Example& example);
  Encoding encode(const DatasetRow& row);
  Sequence read(const DatasetRow& row, std::int64_t& prompt);
  void make_next_token(const DatasetRow& row, Example& example);
  bool make_asked(const LabelledRow& row, Example& example);
  std::int64_t number_of(const std::string& label) const;
};

}  // namespace ascribo
