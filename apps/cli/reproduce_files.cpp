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
  return std::string(enum_name(recipe)) + "-" + method;
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

using Files = std::vector<std::unique_ptr<SavedExplanations>>;

Files open_study(const std::filesystem::path& folder, std::vector<AltiScores>& scores) {
  std::vector<std::filesystem::path> paths;
  std::vector<std::string> missing;
  for (const AltiRecipe recipe : kAltiRecipes) {
    for (const std::string& method : alti_methods()) {
      scores.push_back({recipe, method, {}});
      paths.push_back(folder / (name_of(recipe, method) + ".jsonl"));
      if (!std::filesystem::exists(paths.back())) {
        missing.push_back(paths.back().filename().string());
      }
    }
  }
  constexpr const char* kHint = "ascribo reproduce alti attributions makes them";
  if (missing.size() == paths.size()) {
    fail(Code::kNotFound, "reproduce", "there are no scores in " + folder.string(),
         "expected those of every method", kHint);
  }
  if (!missing.empty()) {
    fail(Code::kNotFound, "reproduce", "there is no " + listed(missing) + " in " + folder.string(),
         "expected the scores of every method", kHint);
  }
  Files files;
  for (const auto& path : paths) files.push_back(SavedExplanations::open(path));
  return files;
}

/// What all files say of one more text that every one of them can say something of.
std::optional<std::vector<Explanation>> next_text(const Files& files,
                                                  const std::function<bool(const Error&)>& failed) {
  while (true) {
    std::vector<Explanation> text;
    std::optional<Error> error;
    std::vector<const SavedExplanations*> ended;
    for (const auto& file : files) {
      try {
        if (std::optional<Explanation> own = file->next()) {
          text.push_back(*std::move(own));
        } else {
          ended.push_back(file.get());
        }
      } catch (const Error& bad) {
        if (bad.code() != Code::kBadFile) throw;
        if (!error) error = bad;
      }
    }
    if (ended.size() == files.size()) return std::nullopt;
    if (!ended.empty()) {
      fail(Code::kBadFile, "reproduce", ended.front()->where() + " is the last, and others go on",
           "expected the same texts in every file");
    }
    if (!error) return text;
    if (!failed(*error)) throw Error(*error);
  }
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

std::vector<AltiScores> read_study(const std::filesystem::path& folder,
                                   const std::function<bool(const Error&)>& failed) {
  std::vector<AltiScores> all;
  const Files files = open_study(folder, all);
  while (auto text = next_text(files, failed)) {
    for (std::size_t i = 0; i < text->size(); ++i) {
      all[i].texts.push_back(std::move((*text)[i]));
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
