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

/// Gulordava et al. 2018: a row for the correct form, then one for the wrong form.
std::vector<AltiRow> form_rows(const std::filesystem::path& file) {
  std::vector<AltiRow> rows;
  std::optional<DatasetRow> correct;
  const Columns columns{.text = "sent", .pair = "prefix", .label = "class", .id = "form"};
  read_rows(file, columns, rows, [&](const DatasetRow& row) {
    if (row.label == "correct") {
      correct = row;
      return;
    }
    if (!correct || correct->text != row.text) {
      fail(Code::kBadFile, file.string() + " line " + std::to_string(row.line),
           "the row has no partner", "expected a row of class correct before it");
    }
    const std::vector<std::string> words = words_of(row.text);
    const std::size_t place = words_of(row.pair.value_or("")).size();
    if (place >= words.size()) {
      fail(Code::kBadFile, file.string() + " line " + std::to_string(row.line),
           "prefix is as long as the sentence", "expected the words before the verb");
    }
    rows.push_back({correct->line, with_place(words, place), *correct->id, *row.id, {}});
    correct.reset();
  });
  return rows;
}

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
      fail(Code::kBadFile, file.string() + " line " + std::to_string(row.line),
           "the two sentences do not differ in one word", "expected two forms of a verb");
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
    if (row.text.find(kPlace) == std::string::npos || !row.pair || !row.label) {
      fail(Code::kBadFile, file.string() + " line " + std::to_string(row.line),
           "there is no " + std::string(kPlace), "expected a place for the verb, and both forms",
           "sva reads pairs with columns sent, prefix, class and form; sentence_good and "
           "sentence_bad; or text with ***mask*** in the third column and forms behind");
    }
    rows.push_back({row.line, row.text, *row.pair, *row.label, {}});
  });
  return rows;
}

std::vector<AltiRow> agreement_rows(const std::filesystem::path& file) {
  const std::string line = first_line(file);
  if (line.find("sentence_good") != std::string::npos) return sentence_rows(file);
  if (line.find("len_prefix") != std::string::npos) return form_rows(file);
  return masked_rows(file);
}

std::vector<AltiRow> sentence_label_rows(AltiTask task, const std::filesystem::path& file) {
  std::vector<AltiRow> rows;
  read_rows(file, layout_columns(enum_name(task), file), rows, [&](const DatasetRow& row) {
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
