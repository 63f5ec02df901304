// SPDX-License-Identifier: MIT
// Writes and reads the folder of one model and task.
#include "reproduce_files.h"

#include <unistd.h>

#include <iostream>

#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

std::string name_of(AltiRecipe recipe, const std::string& method) {
  return std::string(EnumNames<AltiRecipe>::kNames[static_cast<std::size_t>(recipe)]) + "-" +
         method;
}

void write_named(const Arguments& arguments, const char* flag, const std::string& suffix,
                 const std::string& content) {
  const auto given = arguments.get(flag);
  if (!given) return;
  std::filesystem::path path(*given);
  path.replace_filename(path.stem().string() + suffix + path.extension().string());
  OutputFile file(path);
  file.write(content);
  file.commit();
  std::cerr << "ascribo: comparison in " << path.string() << "\n";
}

}  // namespace

StudyWriter::StudyWriter(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  for (const AltiRecipe recipe : kAltiRecipes) {
    std::vector<std::unique_ptr<OutputFile>>& files = lines_.emplace_back();
    for (const std::string& method : alti_methods()) {
      files.push_back(std::make_unique<OutputFile>(folder / (name_of(recipe, method) + ".jsonl")));
    }
  }
  arrays_ = std::make_unique<NpzFile>(folder / "scores.npz");
}

void StudyWriter::add(const std::vector<std::vector<Explanation>>& text) {
  for (std::size_t r = 0; r < text.size(); ++r) {
    for (std::size_t m = 0; m < text[r].size(); ++m) {
      lines_[r][m]->write(find_renderer("json").item(text[r][m], {}));
      const std::vector<float>& scores = text[r][m].attributions.front().scores;
      arrays_->add(name_of(kAltiRecipes[r], alti_methods()[m]) + "/" + std::to_string(texts_),
                   {static_cast<std::int64_t>(scores.size())}, scores);
    }
  }
  ++texts_;
}

void StudyWriter::commit() {
  for (const auto& files : lines_) {
    for (const auto& file : files) file->commit();
  }
  arrays_->commit();
}

std::vector<AltiScores> read_study(const std::filesystem::path& folder) {
  std::vector<AltiScores> all;
  for (const AltiRecipe recipe : kAltiRecipes) {
    for (const std::string& method : alti_methods()) {
      const std::filesystem::path file = folder / (name_of(recipe, method) + ".jsonl");
      if (!std::filesystem::exists(file)) {
        fail(Code::kNotFound, "reproduce", "there is no file " + file.string(),
             "expected the scores of every method",
             "ascribo reproduce alti attributions makes them");
      }
      AltiScores& scores = all.emplace_back(AltiScores{recipe, method, {}});
      const auto saved = SavedExplanations::open(file);
      while (auto explanation = saved->next()) scores.texts.push_back(*std::move(explanation));
    }
  }
  return all;
}

void write_fidelity(const Arguments& arguments, const AltiFidelity& found, const std::string& axis,
                    const std::string& suffix) {
  const Comparison& comparison = found.comparison;
  write_named(arguments, "svg", suffix, comparison_svg(comparison, found.places, axis));
  write_named(arguments, "latex", suffix, comparison_latex(comparison));
  write_named(arguments, "csv", suffix, comparison_csv(comparison));
  const bool json = arguments.on("json") || !is_terminal(STDOUT_FILENO);
  print(json && !arguments.on("table")
            ? comparison_json(comparison)
            : comparison_text(comparison, terminal_width(STDOUT_FILENO)));
}

}  // namespace ascribo::cli
