// SPDX-License-Identifier: MIT
// A model with its tokenizer and head: explains, predicts, tokenizes.
#include <algorithm>
#include <deque>

#include "arguments.h"
#include "bindings.h"
#include "raised.h"
#include "watch.h"

namespace ascribo::python {
namespace {

Subject open_subject(const std::filesystem::path& folder, const std::vector<std::string>& labels,
                     const std::filesystem::path& tokenizer, bool doubles) {
  SubjectOptions options;
  options.labels = labels;
  options.tokenizer = tokenizer;
  if (doubles) options.compute = Dtype::kF64;
  return Subject::open(folder, options);
}

/// What came of one text: explanations, one for each method, or an error.
struct Outcome {
  std::vector<Explanation> explanations;
  std::exception_ptr error;
};

/// Where texts stand among all, for errors.
struct Numbering {
  std::int64_t first = 0;
  bool several = false;
};

/// Errors that belong to one text, so that others may still be explained.
bool belongs_to_text(Code code) {
  return code != Code::kIo && code != Code::kInternal && code != Code::kCancelled;
}

/// The error with the number of its text, as the command line gives it.
std::exception_ptr placed(const std::exception& exception, std::int64_t number, bool several) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error == nullptr || !several || !belongs_to_text(error->code()))
    return std::current_exception();
  return std::make_exception_ptr(
      Error(error->code(), "text " + std::to_string(number + 1) + ": " + error->what()));
}

nb::object raised(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error& known) {
    return exception_of(known.code(), known.what());
  } catch (nb::python_error& python) {
    return nb::borrow(python.value());
  } catch (const std::exception& other) {
    return exception_of(Code::kInternal, other.what());
  }
}

class Explaining {
 public:
  Explaining(const std::vector<Input>& inputs, const Request& request, bool skip_errors,
             const Numbering& numbering)
      : inputs_(inputs), request_(request), skip_errors_(skip_errors), numbering_(numbering) {
    methods_ =
        1 + static_cast<std::size_t>(std::count(request.method.begin(), request.method.end(), ','));
  }

  void run(const Subject& subject, Watch& watch) {
    Subject::Stream stream;
    stream.next = [this]() -> std::optional<Input> {
      if (next_ == inputs_.size()) return std::nullopt;
      return inputs_[next_++];
    };
    stream.done = [this](Explanation explanation) {
      if (outcomes_.empty() || outcomes_.back().error ||
          outcomes_.back().explanations.size() == methods_) {
        outcomes_.emplace_back();
      }
      outcomes_.back().explanations.push_back(std::move(explanation));
    };
    stream.failed = [this](std::int64_t number, const std::exception& exception) {
      const std::exception_ptr error =
          placed(exception, numbering_.first + number, numbering_.several);
      const auto* known = dynamic_cast<const Error*>(&exception);
      const bool own = known == nullptr || belongs_to_text(known->code());
      if (!skip_errors_ || !own) std::rethrow_exception(error);
      outcomes_.push_back({{}, error});
      return true;
    };
    stream.progress = watch.callback();
    stream.total = static_cast<std::int64_t>(inputs_.size());
    watch.run([&] { subject.explain(stream, request_); });
  }

  nb::list results() {
    nb::list list;
    for (Outcome& outcome : outcomes_) {
      if (outcome.error) {
        list.append(raised(outcome.error));
        continue;
      }
      nb::list of_text;
      for (Explanation& each : outcome.explanations) of_text.append(nb::cast(std::move(each)));
      list.append(of_text);
    }
    return list;
  }

 private:
  const std::vector<Input>& inputs_;
  const Request& request_;
  bool skip_errors_;
  Numbering numbering_;
  std::size_t methods_ = 1, next_ = 0;
  std::deque<Outcome> outcomes_;
};

nb::list explain(const Subject& self, const std::vector<Input>& inputs, const Request& request,
                 nb::object progress, bool skip_errors, std::int64_t first, bool several) {
  Watch watch(std::move(progress));
  Explaining explaining(inputs, request, skip_errors, {first, several});
  explaining.run(self, watch);
  return explaining.results();
}

std::vector<Prediction> predict(const Subject& self, const std::vector<Input>& inputs,
                                nb::object progress, bool several) {
  Watch watch(std::move(progress));
  const ProgressCallback report = watch.callback();
  std::vector<Prediction> found;
  const auto total = static_cast<std::int64_t>(inputs.size());
  watch.run([&] {
    for (const Input& input : inputs) {
      const auto number = static_cast<std::int64_t>(found.size());
      if (!report({number, total})) fail(Code::kCancelled, "predict", "stopped", "");
      try {
        found.push_back(self.predict(input));
      } catch (const std::exception& exception) {
        std::rethrow_exception(placed(exception, number, several));
      }
    }
  });
  return found;
}

Encoding tokenize(const Subject& self, nb::handle text, nb::handle pair, bool special) {
  const std::string written = text_of(text, "text");
  const std::optional<std::string> second = optional_text_of(pair, "pair");
  const nb::gil_scoped_release release;
  std::optional<std::string_view> view;
  if (second) view = *second;
  return self.tokenizer().encode(written, view, special);
}

void bind_request(nb::module_& module) {
  nb::class_<Request>(module, "Request")
      .def(
          "__init__",
          [](Request* self, std::string method, std::vector<std::string> targets,
             LogitFunctions functions, OptionValues options) {
            new (self) Request{.method = std::move(method),
                               .targets = std::move(targets),
                               .options = std::move(options),
                               .functions = std::move(functions)};
          },
          "method"_a, "targets"_a, "functions"_a, "options"_a)
      .def(
          "write_first",
          [](Request& self, OptionValues options, std::vector<std::string> stop) {
            self.generate = GenerationRequest{std::move(options), std::move(stop)};
          },
          "options"_a, "stop"_a);
}

}  // namespace

void bind_subject(nb::module_& module) {
  bind_request(module);
  nb::class_<Subject> subject(module, "Subject");
  subject
      .def_static("open", &open_subject, "folder"_a, "labels"_a, "tokenizer"_a, "doubles"_a,
                  nb::call_guard<nb::gil_scoped_release>())
      .def_prop_ro(
          "info", [](const Subject& self) -> const ModelInfo& { return self.model().info(); },
          nb::rv_policy::copy)
      .def_prop_ro("labels", [](const Subject& self) { return self.labels(); })
      .def("explain", &explain, "inputs"_a, "request"_a, "progress"_a.none(), "skip_errors"_a,
           "first"_a, "several"_a,
           nb::sig("def explain(self, inputs: collections.abc.Sequence[Input], request: Request, "
                   "progress: collections.abc.Callable[[int, int], object] | None, "
                   "skip_errors: bool, first: int, several: bool) -> "
                   "list[list[Explanation] | Exception]"))
      .def("predict", &predict, "inputs"_a, "progress"_a.none(), "several"_a)
      .def("tokenize", &tokenize, "text"_a, "pair"_a.none(), "special"_a,
           nb::sig("def tokenize(self, text: str, pair: str | None, special: bool) -> Encoding"))
      .def("minimal_pair", &minimal_pair, "good"_a, "bad"_a,
           nb::call_guard<nb::gil_scoped_release>())
      .def(
          "decode",
          [](const Subject& self, const std::vector<std::int64_t>& ids, bool skip_special) {
            return self.tokenizer().decode(ids, skip_special);
          },
          "ids"_a, "skip_special"_a);
  bind_subject_planning(subject);
  bind_subject_inside(subject);
  bind_subject_weights(subject);
  bind_subject_writing(subject);
  bind_subject_judging(subject);
}

}  // namespace ascribo::python
