// SPDX-License-Identifier: MIT
// Judging explanations, and comparing methods.
#include "bindings.h"
#include "judged.h"
#include "watch.h"

namespace ascribo::python {
namespace {

std::vector<MetricRequest> read_metrics(const std::vector<std::string>& metrics,
                                        const OptionValues& options) {
  const auto compat = options.find("compat");
  std::vector<MetricRequest> found;
  for (const std::string& each : metrics) {
    found.push_back(parse_metric(each, compat == options.end() ? "" : compat->second));
  }
  return found;
}

template <class Stream>
void connect(Stream& stream, Watch& watch, Judged& judged, bool skip_errors) {
  stream.done = [&](const Evaluation& evaluation) { judged.evaluations.push_back(evaluation); };
  stream.failed = [&, skip_errors](std::int64_t number, const std::exception& exception) {
    const auto* error = dynamic_cast<const Error*>(&exception);
    if (error == nullptr || error->code() == Code::kIo || error->code() == Code::kInternal ||
        error->code() == Code::kCancelled) {
      return false;
    }
    if (!skip_errors) {
      throw Error(error->code(), "text " + std::to_string(number + 1) + ": " + error->what());
    }
    judged.skipped.emplace_back(number, error->what());
    return true;
  };
  stream.progress = watch.callback();
}

Judged judge(const Subject& self, const std::vector<Input>& inputs, const Request& request,
             const std::vector<std::string>& metrics, const ComparisonOptions& options,
             nb::object progress, bool skip_errors) {
  Watch watch(std::move(progress));
  Judged judged;
  const std::vector<MetricRequest> wanted = read_metrics(metrics, request.options);
  std::size_t next = 0;
  ComparisonStream stream;
  stream.next = [&]() -> std::optional<Input> {
    if (next == inputs.size()) return std::nullopt;
    return inputs[next++];
  };
  connect(stream, watch, judged, skip_errors);
  stream.total = static_cast<std::int64_t>(inputs.size());
  watch.run([&] { judged.comparison = compare(self, stream, request, wanted, options); });
  return judged;
}

Judged judge_saved(const Subject& self, const std::vector<const Explanation*>& explanations,
                   const OptionValues& request, const std::vector<std::string>& metrics,
                   const ComparisonOptions& options, nb::object progress, bool skip_errors) {
  Watch watch(std::move(progress));
  Judged judged;
  const std::vector<MetricRequest> wanted = read_metrics(metrics, request);
  std::size_t next = 0;
  SavedStream stream;
  stream.next = [&]() -> std::optional<Explanation> {
    if (next == explanations.size()) return std::nullopt;
    return *explanations[next++];
  };
  connect(stream, watch, judged, skip_errors);
  stream.total = static_cast<std::int64_t>(explanations.size());
  watch.run([&] { judged.comparison = compare_saved(self, stream, wanted, options, request); });
  return judged;
}

nb::dict row_of(const Evaluation& evaluation) {
  nb::dict row;
  row["text"] = evaluation.explanation.input.text;
  row["id"] = evaluation.explanation.input.id;
  row["method"] = evaluation.explanation.method.name;
  row["forwards"] = evaluation.forwards;
  row["backwards"] = evaluation.backwards;
  return row;
}

/// A row for every text, method, metric and ranking: the value, and the targets' values and curves.
nb::list rows(const Judged& self) {
  nb::list found;
  for (const Evaluation& evaluation : self.evaluations) {
    for (std::size_t m = 0; m < evaluation.metrics.size(); ++m) {
      for (std::size_t r = 0; r < kRankings; ++r) {
        const std::optional<Measure>& measure = evaluation.metrics[m][r];
        if (!measure) continue;
        nb::dict row = row_of(evaluation);
        row["metric"] = self.comparison.columns[m].label;
        row["ranking"] = EnumNames<Ranking>::kNames[r];
        row["value"] = measure->value;
        nb::list targets;
        for (const TargetMeasure& each : measure->targets) {
          nb::dict target;
          target["value"] = each.value;
          target["counts"] = each.counts;
          target["curve"] = each.curve;
          targets.append(target);
        }
        row["targets"] = targets;
        found.append(row);
      }
    }
  }
  return found;
}

}  // namespace

void bind_evaluation(nb::module_& module) {
  nb::class_<ComparisonOptions>(module, "ComparisonOptions")
      .def(
          "__init__",
          [](ComparisonOptions* self, std::string data, std::filesystem::path journal, bool resume,
             std::int64_t examples) {
            new (self) ComparisonOptions{std::move(data), std::move(journal), resume, examples};
          },
          "data"_a, "journal"_a, "resume"_a, "examples"_a);
  nb::class_<Judged>(module, "Judged")
      .def("rows", rows, nb::sig("def rows(self) -> list[dict[str, typing.Any]]"))
      .def_ro("skipped", &Judged::skipped)
      .def_prop_ro("texts", [](const Judged& self) { return self.comparison.texts; })
      .def("explanations",
           [](const Judged& self) {
             std::vector<Explanation> found;
             for (const Evaluation& each : self.evaluations) found.push_back(each.explanation);
             return found;
           })
      .def(
          "to_text",
          [](const Judged& self, int width) { return comparison_text(self.comparison, width); },
          "width"_a)
      .def("to_csv", [](const Judged& self) { return comparison_csv(self.comparison); })
      .def("to_latex", [](const Judged& self) { return comparison_latex(self.comparison); })
      .def("to_json", [](const Judged& self) { return comparison_json(self.comparison); })
      .def("to_html", [](const Judged& self) { return comparison_html(self.comparison); });
}

void bind_subject_judging(nb::class_<Subject>& subject) {
  const std::string rest =
      "metrics: collections.abc.Sequence[str], options: ComparisonOptions, "
      "progress: collections.abc.Callable[[int, int], object] | None, skip_errors: bool) -> Judged";
  subject
      .def("judge", &judge, "inputs"_a, "request"_a, "metrics"_a, "options"_a, "progress"_a.none(),
           "skip_errors"_a,
           nb::sig(("def judge(self, inputs: collections.abc.Sequence[Input], request: Request, " +
                    rest)
                       .c_str()))
      .def("judge_saved", &judge_saved, "explanations"_a, "request"_a, "metrics"_a, "options"_a,
           "progress"_a.none(), "skip_errors"_a,
           nb::sig(("def judge_saved(self, explanations: collections.abc.Sequence[Explanation], "
                    "request: collections.abc.Mapping[str, str], " +
                    rest)
                       .c_str()));
}

}  // namespace ascribo::python
