// SPDX-License-Identifier: MIT
// Reads the study's texts. Pairs of sentences become one text with a place for the verb.
#include <algorithm>
#include <iterator>
#include <numeric>
#include <sstream>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/option_set.h"
#include "ascribo/base/rng.h"
#include "ascribo/io/data/dataset_choice.h"
#include "ascribo/io/line_reader.h"
#include "ascribo/study/reproduce/alti_study.h"

namespace ascribo {
namespace {

constexpr std::uint64_t kStudyDraw = 0x616c7469;
constexpr std::string_view kPlace = "***mask***";

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

std::string with_place(std::vector<std::string> words, std::size_t place) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "<eos>") continue;
    text += (text.empty() ? "" : " ") + (i == place ? std::string(kPlace) : words[i]);
  }
  return text;
}

std::string first_line(const std::filesystem::path& file) {
  LineReader reader(file);
  return reader.next() ? std::string(reader.line()) : std::string();
}

/// Every row of the data set goes to `take`; one that cannot be read becomes a row with an error.
template <class Take>
void read_rows(const std::filesystem::path& file, const Columns& columns,
               std::vector<AltiRow>& rows, const Take& take) {
  const auto dataset = Dataset::open(file, columns);
  while (true) {
    try {
      std::optional<DatasetRow> row = dataset->next();
      if (!row) return;
      take(*row);
    } catch (const Error& error) {
      if (error.code() != Code::kBadFile && error.code() != Code::kBadText) throw;
      AltiRow bad;
      bad.error = error.what();
      rows.push_back(std::move(bad));
    }
  }
}

[[noreturn]] void fail_line(const std::filesystem::path& file, std::int64_t line,
                            std::string_view given, std::string_view expected,
                            std::string_view hint = {}) {
  fail(Code::kBadFile, file.string() + " line " + std::to_string(line), given, expected, hint);
}

/// Gulordava et al. 2018: a row for the correct form, then one for the wrong form.
class FormRows {
 public:
  explicit FormRows(std::filesystem::path file) : file_(std::move(file)) {}

  std::vector<AltiRow> read() {
    const Columns columns{.text = "sent", .pair = "prefix", .label = "class", .id = "form"};
    read_rows(file_, columns, rows_, [this](const DatasetRow& row) { take(row); });
    drop_correct();
    return std::move(rows_);
  }

 private:
  void take(const DatasetRow& row) {
    if (row.label == "correct") {
      drop_correct();
      correct_ = row;
      return;
    }
    if (!correct_ || correct_->text != row.text) {
      drop_correct();
      fail_line(file_, row.line, "the row has no partner",
                "expected a row of class correct before it");
    }
    const DatasetRow correct = *std::exchange(correct_, std::nullopt);
    const std::vector<std::string> words = words_of(row.text);
    const std::size_t place = words_of(row.pair.value_or("")).size();
    if (place >= words.size()) {
      fail_line(file_, row.line, "prefix is as long as the sentence",
                "expected the words before the verb");
    }
    rows_.push_back({correct.line, with_place(words, place), *correct.id, *row.id, {}});
  }

  /// A correct form that no wrong one follows becomes a row with an error.
  void drop_correct() {
    if (!correct_) return;
    AltiRow alone;
    alone.line = std::exchange(correct_, std::nullopt)->line;
    try {
      fail_line(file_, alone.line, "the row has no partner",
                "expected a row of another class with the same sentence behind it");
    } catch (const Error& error) {
      alone.error = error.what();
    }
    rows_.push_back(std::move(alone));
  }

  std::filesystem::path file_;
  std::vector<AltiRow> rows_;
  std::optional<DatasetRow> correct_;
};

/// BLiMP (Warstadt et al. 2020): two sentences that differ in one word.
std::vector<AltiRow> sentence_rows(const std::filesystem::path& file) {
  std::vector<AltiRow> rows;
  const Columns columns = layout_columns("blimp", file);
  read_rows(file, columns, rows, [&](const DatasetRow& row) {
    const std::vector<std::string> good = words_of(row.text), bad = words_of(row.pair.value_or(""));
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < good.size() && i < bad.size(); ++i) {
      if (good[i] != bad[i]) places.push_back(i);
    }
    if (good.size() != bad.size() || places.size() != 1) {
      fail_line(file, row.line, "the two sentences do not differ in one word",
                "expected two forms of a verb");
    }
    const auto bare = [](std::string word) {
      while (!word.empty() && (word.back() == '.' || word.back() == ',')) word.pop_back();
      return word;
    };
    rows.push_back(
        {row.line, with_place(good, places[0]), bare(good[places[0]]), bare(bad[places[0]]), {}});
  });
  return rows;
}

/// Linzen et al. 2016 as Goldberg has them: ***mask*** in the text, then both forms.
std::vector<AltiRow> masked_rows(const std::filesystem::path& file) {
  std::vector<AltiRow> rows;
  const Columns columns{.text = "2", .pair = "3", .label = "4"};
  read_rows(file, columns, rows, [&](const DatasetRow& row) {
    if (row.text.find(kPlace) == std::string::npos) {
      fail_line(file, row.line, "there is no " + std::string(kPlace),
                "expected a place for the verb, and both forms");
    }
    rows.push_back({row.line, row.text, *row.pair, *row.label, {}});
  });
  return rows;
}

std::vector<std::string> first_cells(const std::filesystem::path& file) {
  std::string line = first_line(file);
  if (line.find('\t') == std::string::npos) std::replace(line.begin(), line.end(), ',', '\t');
  std::istringstream stream(line);
  std::vector<std::string> cells;
  for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
  return cells;
}

/// In which of the three ways the file has its pairs.
std::vector<AltiRow> agreement_rows(const std::filesystem::path& file) {
  if (first_line(file).find("sentence_good") != std::string::npos) return sentence_rows(file);
  const std::vector<std::string> cells = first_cells(file);
  const auto has = [&](std::string_view name) {
    return std::find(cells.begin(), cells.end(), name) != cells.end();
  };
  if (has("sent") || has("prefix") || has("form")) return FormRows(file).read();
  if (cells.size() < 5) {
    fail(Code::kBadFile, file.string(), "there are no pairs of sentences",
         "expected columns sent, prefix, class and form; sentence_good and sentence_bad; or " +
             std::string(kPlace) + " in the third column and forms behind");
  }
  return masked_rows(file);
}

bool is_label(const std::string& text) {
  static constexpr std::string_view kNames[] = {"negative", "positive", "neg", "pos"};
  return text.find_first_not_of("0123456789") == std::string::npos ||
         std::find(std::begin(kNames), std::end(kNames), text) != std::end(kNames);
}

/// Where columns are taken by number because the first line names none, it has to be a row.
std::vector<AltiRow> sentence_label_rows(AltiTask task, const std::filesystem::path& file) {
  std::vector<AltiRow> rows;
  const Columns columns = layout_columns(enum_name(task), file);
  const bool named = columns.label && !is_label(*columns.label);
  read_rows(file, columns, rows, [&](const DatasetRow& row) {
    if (rows.empty() && !named && !is_label(row.label.value_or(""))) {
      fail(Code::kUnknownName, file.string(),
           "its first line has no columns of " + std::string(enum_name(task)),
           "expected a line that names them, or a text and its label",
           "sst2 calls them sentence and label, every other task text and label");
    }
    rows.push_back({row.line, row.text, {}, {}, {}});
  });
  return rows;
}

/// `count` rows without replacement, in their order (the first steps of Fisher and Yates).
std::vector<AltiRow> drawn(std::vector<AltiRow> rows, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  count = std::min(count, order.size());
  Rng random(seed, {kStudyDraw});
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(order[i], order[i + random.below(order.size() - i)]);
  }
  order.resize(count);
  std::sort(order.begin(), order.end());
  std::vector<AltiRow> chosen;
  for (const std::size_t at : order) chosen.push_back(std::move(rows[at]));
  return chosen;
}

}  // namespace

std::vector<AltiRow> alti_rows(AltiTask task, const std::filesystem::path& file,
                               std::optional<std::int64_t> samples, std::uint64_t seed) {
  std::vector<AltiRow> rows =
      task == AltiTask::kSva ? agreement_rows(file) : sentence_label_rows(task, file);
  if (!samples) return rows;
  return drawn(std::move(rows), static_cast<std::size_t>(*samples), seed);
}

}  // namespace ascribo
