// SPDX-License-Identifier: MIT
// Checkpoints beside each other, and a published study.
#include <algorithm>
#include <utility>

#include "bindings.h"
#include "judged.h"
#include "watch.h"

namespace ascribo::python {
namespace {

nb::dict dict_of(const ComparisonCell& cell) {
  nb::dict found;
  found["mean"] = cell.mean;
  found["standard_error"] = cell.standard_error;
  found["low"] = cell.low;
  found["high"] = cell.high;
  return found;
}

nb::dict dict_of(const TextAgreement& text) {
  nb::list units;
  for (const UnitSpread& each : text.units) {
    nb::dict unit;
    unit["text"] = each.text;
    unit["mean"] = each.mean;
    unit["deviation"] = each.deviation;
    units.append(unit);
  }
  nb::dict found;
  found["text"] = text.text;
  found["targets"] = text.targets;
  found["rank"] = text.rank;
  found["overlap"] = text.overlap;
  found["units"] = units;
  return found;
}

nb::dict dict_of(const ModelAgreement& agreement) {
  nb::list pairs, texts;
  for (const ModelPair& each : agreement.pairs) {
    nb::dict pair;
    pair["first"] = each.first;
    pair["second"] = each.second;
    pair["rank"] = dict_of(each.rank);
    pair["overlap"] = dict_of(each.overlap);
    pairs.append(pair);
  }
  for (const TextAgreement& each : agreement.texts) texts.append(dict_of(each));
  nb::dict found;
  found["models"] = agreement.models;
  found["method"] = agreement.method;
  found["top"] = agreement.top;
  found["skipped"] = agreement.skipped;
  found["same_target"] = agreement.same_target;
  found["pairs"] = pairs;
  found["spread"] = dict_of(agreement.spread);
  found["texts"] = texts;
  return found;
}

/// Goes on over an error of one text, unless errors are not to be skipped.
bool go_on(const std::exception& exception, bool skip_errors) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  return skip_errors && error != nullptr && error->code() != Code::kIo &&
         error->code() != Code::kInternal && error->code() != Code::kCancelled;
}

nb::dict compare(const std::vector<const Subject*>& subjects, const std::vector<Input>& inputs,
                 const Request& request, std::int64_t top, nb::object progress, bool skip_errors) {
  Watch watch(std::move(progress));
  std::size_t next = 0;
  AgreementStream stream;
  stream.next = [&]() -> std::optional<Input> {
    if (next == inputs.size()) return std::nullopt;
    return inputs[next++];
  };
  stream.failed = [&](std::int64_t, const std::exception& error) {
    return go_on(error, skip_errors);
  };
  stream.progress = watch.callback();
  stream.total = static_cast<std::int64_t>(inputs.size());
  ModelAgreement found;
  watch.run([&] { found = compare_models(subjects, stream, request, top); });
  return dict_of(found);
}

template <class Enum>
Enum find_enum(const std::string& name, const char* what) {
  const auto& names = EnumNames<Enum>::kNames;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<Enum>(found - names.begin());
  const std::vector<std::string> known(names.begin(), names.end());
  fail(Code::kUnknownName, what, "\"" + name + "\" was given", "expected " + listed(known, "or"),
       nearest_hint(name, known));
}

/// The study's scores of a file's texts, under both recipes, and why texts were left out.
struct AltiStudy {
  std::vector<AltiScores> scores;
  Skipped skipped;
  std::int64_t most_tokens = 0;  ///< of a text
};

AltiStudy explain_rows(const Subject& subject, const std::vector<AltiRow>& rows,
                       std::int64_t most_tokens, bool skip_errors, const ProgressCallback& report) {
  AltiStudy study;
  study.most_tokens = most_tokens;
  for (const AltiRecipe recipe : kAltiRecipes) {
    for (const std::string& method : alti_methods()) study.scores.push_back({recipe, method, {}});
  }
  const auto total = static_cast<std::int64_t>(rows.size());
  for (std::int64_t done = 0; done < total; ++done) {
    if (!report({done, total})) fail(Code::kCancelled, "reproduce", "stopped", "");
    const AltiRow& row = rows[static_cast<std::size_t>(done)];
    try {
      std::vector<Explanation> all;
      for (const AltiRecipe recipe : kAltiRecipes) {
        for (Explanation& each : explain_alti(subject, row, recipe, most_tokens)) {
          all.push_back(std::move(each));
        }
      }
      for (std::size_t i = 0; i < all.size(); ++i) {
        study.scores[i].texts.push_back(std::move(all[i]));
      }
    } catch (const Error& error) {
      if (!go_on(error, skip_errors)) {
        throw Error(error.code(), "line " + std::to_string(row.line) + ": " + error.what());
      }
      study.skipped.emplace_back(row.line, error.what());
    }
  }
  return study;
}

AltiStudy alti_study(const Subject& subject, const std::string& task,
                     const std::filesystem::path& file, std::optional<std::int64_t> samples,
                     std::uint64_t seed, std::int64_t most_tokens, nb::object progress,
                     bool skip_errors) {
  const AltiTask known = find_enum<AltiTask>(task, "task");
  Watch watch(std::move(progress));
  const ProgressCallback report = watch.callback();
  AltiStudy study;
  watch.run([&] {
    const std::vector<AltiRow> rows = alti_rows(known, file, samples, seed);
    study = explain_rows(subject, rows, most_tokens, skip_errors, report);
  });
  return study;
}

Judged judge_study(const AltiStudy& self, const Subject& subject, const std::string& fidelity,
                   bool bins, std::int64_t most_gone, nb::object progress, bool skip_errors) {
  FidelityOptions options;
  options.fidelity = find_enum<Fidelity>(fidelity, "fidelity");
  options.bins = bins;
  options.most_gone = most_gone;
  options.most_tokens = self.most_tokens;
  Watch watch(std::move(progress));
  Judged judged;
  FidelityProgress events;
  events.failed = [&](std::int64_t number, const std::exception& error) {
    if (!go_on(error, skip_errors)) return false;
    judged.skipped.emplace_back(number, error.what());
    return true;
  };
  events.progress = watch.callback();
  watch.run([&] {
    AltiFidelity found = alti_fidelity(subject, self.scores, options, events);
    judged.comparison = std::move(found.comparison);
  });
  return judged;
}

}  // namespace

void bind_studies(nb::module_& module) {
  module.def("compare_models", &compare, "subjects"_a, "inputs"_a, "request"_a, "top"_a,
             "progress"_a.none(), "skip_errors"_a,
             nb::sig("def compare_models(subjects: collections.abc.Sequence[Subject], "
                     "inputs: collections.abc.Sequence[Input], request: Request, top: int, "
                     "progress: collections.abc.Callable[[int, int], object] | None, "
                     "skip_errors: bool) -> dict[str, typing.Any]"));
  nb::class_<AltiStudy>(module, "AltiStudy")
      .def_ro("skipped", &AltiStudy::skipped)
      .def("explanations",
           [](const AltiStudy& self) {
             std::vector<std::tuple<std::string, std::string, std::vector<Explanation>>> found;
             for (const AltiScores& each : self.scores) {
               found.emplace_back(enum_name(each.recipe), each.method, each.texts);
             }
             return found;
           })
      .def("judge", &judge_study, "subject"_a, "fidelity"_a, "bins"_a, "most_gone"_a,
           "progress"_a.none(), "skip_errors"_a,
           nb::sig("def judge(self, subject: Subject, fidelity: str, bins: bool, most_gone: int, "
                   "progress: collections.abc.Callable[[int, int], object] | None, "
                   "skip_errors: bool) -> Judged"));
  module.def("alti_study", &alti_study, "subject"_a, "task"_a, "file"_a, "samples"_a.none(),
             "seed"_a, "most_tokens"_a, "progress"_a.none(), "skip_errors"_a,
             nb::sig("def alti_study(subject: Subject, task: str, file: str | os.PathLike[str], "
                     "samples: int | None, seed: int, most_tokens: int, "
                     "progress: collections.abc.Callable[[int, int], object] | None, "
                     "skip_errors: bool) -> AltiStudy"));
}

}  // namespace ascribo::python
