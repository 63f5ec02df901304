// SPDX-License-Identifier: MIT
// Fine-tuning, with what happens meanwhile told to Python.
#include <exception>
#include <utility>

#include "bindings.h"

namespace ascribo::python {
namespace {

/// Calls one of Python's functions from within the run, and remembers what it raises: the run then
/// stops as it does at Ctrl-C, with everything saved.
class Listeners {
 public:
  explicit Listeners(nb::object listener) : listener_(std::move(listener)) {}

  FineTuningEvents events() {
    FineTuningEvents events;
    events.note = [this](const std::string& text) { tell("note", text); };
    events.step = [this](const StepReport& report, std::int64_t steps) {
      tell("step", report.step, steps, report.loss);
      return raised_ == nullptr;
    };
    events.evaluated = [this](std::int64_t step, const ModelScores& evaluation, bool best) {
      tell("evaluated", step, evaluation.loss, evaluation.scores, best);
    };
    if (!nb::hasattr(listener_, "checkpoint")) return events;
    events.checkpoint = [this](const std::filesystem::path& model,
                               const std::filesystem::path& kept,
                               std::int64_t step) { tell("checkpoint", model, kept, step); };
    return events;
  }

  void rethrow() const {
    if (raised_ != nullptr) std::rethrow_exception(raised_);
  }

 private:
  template <class... Arguments>
  void tell(const char* what, Arguments... arguments) {
    if (raised_ != nullptr) return;
    const nb::gil_scoped_acquire acquire;
    try {
      if (PyErr_CheckSignals() != 0) throw nb::python_error();
      listener_.attr(what)(arguments...);
    } catch (...) {
      raised_ = std::current_exception();
    }
  }

  nb::object listener_;
  std::exception_ptr raised_;
};

struct Files {
  std::filesystem::path model, train, dev, output;
  std::optional<std::string> task;  ///< of GLUE: `train` is then the folder of its files
};

FineTuned fine_tune_files(const Files& files,
                          const std::vector<std::optional<std::string>>& columns,
                          const OptionValues& options, nb::object listener) {
  FineTuning request = read_training(options);
  request.model = files.model;
  request.train = files.train;
  request.dev = files.dev;
  request.output = files.output;
  request.columns = {columns.at(0), columns.at(1), columns.at(2), std::nullopt};
  if (files.task) use_glue_task(*files.task, files.train, request);
  Listeners listeners(std::move(listener));
  const FineTuningEvents events = listeners.events();
  FineTuned result;
  {
    const nb::gil_scoped_release release;
    result = fine_tune(request, events);
  }
  listeners.rethrow();
  return result;
}

}  // namespace

void bind_training(nb::module_& module) {
  nb::class_<FineTuned>(module, "FineTuned", "What came of fine-tuning.")
      .def_ro("finished", &FineTuned::finished)
      .def_ro("folder", &FineTuned::folder)
      .def_ro("step", &FineTuned::step)
      .def_ro("best_step", &FineTuned::best_step)
      .def_ro("best", &FineTuned::best)
      .def_ro("metric", &FineTuned::metric);
  module.def(
      "fine_tune",
      [](std::filesystem::path model, std::filesystem::path train, std::filesystem::path dev,
         std::filesystem::path output, std::optional<std::string> task,
         const std::vector<std::optional<std::string>>& columns, const OptionValues& options,
         nb::object listener) {
        return fine_tune_files({std::move(model), std::move(train), std::move(dev),
                                std::move(output), std::move(task)},
                               columns, options, std::move(listener));
      },
      "model"_a, "train"_a, "dev"_a, "output"_a, "task"_a.none(), "columns"_a, "options"_a,
      "listener"_a);
}

}  // namespace ascribo::python
