// SPDX-License-Identifier: MIT
// Reads the rows, runs the steps, keeps the best and saves what is needed to go on.
#include "ascribo/study/fine_tune.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/base/json_writer.h"
#include "ascribo/base/nearest.h"
#include "ascribo/explain/inputs/type_ids.h"
#include "ascribo/ops/linear.h"
#include "ascribo/study/checkpoint_folder.h"
#include "ascribo/study/training_data.h"
#include "ascribo/study/training_state.h"
#include "ascribo/tensor/pool.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

namespace fs = std::filesystem;

HeadKind head_for(Objective objective) {
  switch (objective) {
    case Objective::kNextToken: return HeadKind::kCausalLanguageModel;
    case Objective::kTags: return HeadKind::kTokenClassification;
    case Objective::kAnswer: return HeadKind::kQuestionAnswering;
    case Objective::kWord: return HeadKind::kMaskedLanguageModel;
    default: return HeadKind::kSequenceClassification;
  }
}

Problem problem_for(Objective objective) {
  if (objective == Objective::kLabels) return Problem::kMultiLabel;
  return objective == Objective::kNumber ? Problem::kRegression : Problem::kSingleLabel;
}

std::unique_ptr<Tokenizer> tokenizer_of(const fs::path& folder) {
  try {
    return Tokenizer::open(folder);
  } catch (const Error& error) {
    if (error.code() != Code::kNotFound) throw;
    return nullptr;
  }
}

/// Whether the published labels may be the rows' own: those of a head of the same kind.
std::vector<std::string> published_labels(const fs::path& folder, Objective objective) {
  try {
    const ModelInfo info = Model::open(folder)->info();
    if (info.head == head_for(objective)) return info.labels;
  } catch (const Error&) {
    // What is wrong with the folder is said when it is opened to be trained.
  }
  return {};
}

/// Every option that decides about bits.
std::string described(const FineTuning& request, const std::string& hash, std::size_t rows) {
  const TrainingOptions& o = request.options;
  JsonWriter json;
  json.begin_object().key("model").value(hash).key("rows").value(static_cast<std::uint64_t>(rows));
  json.key("train").value(request.train.string()).key("dev").value(request.dev.string());
  json.key("epochs").value(o.epochs).key("max_steps").value(o.max_steps);
  json.key("batch").value(o.batch).key("accumulate").value(o.accumulate);
  json.key("batch_tokens").value(o.batch_tokens).key("longest").value(request.longest);
  json.key("precision").value(static_cast<std::int64_t>(o.precision));
  json.key("learning_rate").value(o.learning_rate).key("weight_decay").value(o.weight_decay);
  json.key("betas").begin_array().value(o.beta1).value(o.beta2).end_array();
  json.key("epsilon").value(o.epsilon).key("clip").value(o.clip);
  json.key("schedule").value(static_cast<std::int64_t>(o.schedule)).key("warmup").value(o.warmup);
  json.key("label_smoothing").value(o.label_smoothing);
  json.key("class_weights").value(o.class_weights).key("dropout").value(o.dropout);
  json.key("frozen").begin_array();
  for (const std::string& each : o.frozen) json.value(each);
  json.end_array()
      .key("shuffle")
      .value(o.shuffle)
      .key("seed")
      .value(o.seed)
      .key("evaluate_every")
      .value(o.evaluate_every);
  json.key("patience").value(o.patience).key("metric").value(o.metric).end_object();
  return json.str();
}

/// The rows of both files as examples.
struct Data {
  std::vector<Example> train, dev;
  std::vector<std::string> labels;
  std::vector<LabelledRow> train_rows, dev_rows;
};

Data read_rows(const FineTuning& request) {
  Data data;
  const Columns columns = usual_columns(request.columns, request.objective);
  data.train_rows = read_labelled_rows(request.train, columns, request.objective);
  if (!request.dev.empty()) {
    data.dev_rows = read_labelled_rows(request.dev, columns, request.objective);
  }
  const std::vector<std::string> names =
      label_names(data.train_rows, request.train, request.objective,
                  published_labels(request.model, request.objective));
  data.labels = request.labels.empty() ? names : request.labels;
  return data;
}

void make_examples(const FineTuning& request, const Model& model, Data& data,
                   const std::function<void(const std::string&)>& note) {
  const std::unique_ptr<Tokenizer> tokenizer = tokenizer_of(request.model);
  const std::int64_t most = model.info().max_positions;
  ExampleMaker maker{.model = model.info(),
                     .tokenizer = tokenizer.get(),
                     .use_type_ids = uses_type_ids(request.model),
                     .objective = request.objective,
                     .labels = data.labels,
                     .longest = request.longest > 0 ? std::min(request.longest, most) : most};
  maker.judged = false;
  data.train = maker.make(data.train_rows, request.train);
  maker.judged = true;
  data.dev = maker.make(data.dev_rows, request.dev);
  data.train_rows.clear();
  data.dev_rows.clear();
  if (maker.cut > 0) {
    note(std::to_string(maker.cut) + " texts were cut to " + std::to_string(maker.longest) +
         " tokens");
  }
  if (maker.lost > 0) note(std::to_string(maker.lost) + " rows are left out: cut too short");
}

/// One request on its way.
class Work {
 public:
  Work(const FineTuning& request, const FineTuningEvents& events, Data data)
      : request_(request),
        events_(events),
        folder_(request.output, request.overwrite, request.resume),
        data_(std::move(data)),
        model_(TrainableModel::open(request.model, {.kind = head_for(request.objective),
                                                    .labels = data_.labels,
                                                    .problem = problem_for(request.objective),
                                                    .seed = request.options.seed})) {
    report_head();
    make_examples(request, model_.model(), data_, [&](const std::string& text) { note(text); });
    trainer_.emplace(model_, data_.train, request.objective, request.options);
    check_metric();
    state_.request = described(request, model_.model().info().hash, data_.train.size());
    if (request.resume) {
      state_ = load_state(folder_.state(), state_.request, model_, *trainer_);
      note("going on after step " + std::to_string(state_.step) + " of " +
           std::to_string(trainer_->steps()));
    }
    folder_.begin(model_, request.model);
    if (!request.resume) show(0);
  }

  FineTuned run() {
    try {
      while (goes_on()) {
        if (!one_step()) {
          save();
          return result(false);
        }
      }
      if (state_.best_step == 0) keep_best(trainer_->done());
      folder_.finish(state_.log);
      return result(true);
    } catch (const Error& error) {
      if (error.code() == Code::kCancelled) throw;
      throw Error(error.code(), explained(error));
    }
  }

 private:
  /// What went wrong, when, and what is left.
  std::string explained(const Error& error) const {
    std::string text = error.what();
    if (!text.ends_with('.')) text += '.';
    if (error.code() == Code::kIo) {
      text += " This was after step " + std::to_string(trainer_->done()) + '.';
    }
    if (state_.best_step == 0) return text;
    return text + " The best model so far, of step " + std::to_string(state_.best_step) +
           ", is in " + folder_.best().string() + '.';
  }

  void note(const std::string& text) const {
    if (events_.note) events_.note(text);
  }

  void report_head() const {
    std::string fresh;
    for (const Parameter& each : model_.parameters()) {
      if (each.fresh) fresh += (fresh.empty() ? "" : ", ") + each.name;
    }
    std::string dropped;
    for (const std::string& each : model_.dropped()) {
      dropped += (dropped.empty() ? "" : ", ") + each;
    }
    if (!fresh.empty()) note("new weights: " + fresh);
    if (!dropped.empty()) note("left behind: " + dropped);
    const Precision asked = request_.options.precision;
    if (asked != Precision::kAuto && ops::available_precision(asked) != asked) {
      note("precision: this CPU does not multiply bf16; products are computed in fp32");
    }
  }

  void check_metric() {
    const ModelScores none = trainer_->evaluate({});
    metric_ = request_.options.metric;
    if (metric_.empty()) {
      const bool words = request_.objective == Objective::kNextToken;
      metric_ = words ? "loss" : none.scores.front().first;
    }
    std::vector<std::string> names{"loss"};
    for (const auto& [name, value] : none.scores) names.push_back(name);
    if (std::find(names.begin(), names.end(), metric_) != names.end()) return;
    fail(Code::kUnknownName, "train", "there is no metric \"" + metric_ + "\"",
         "expected " + listed(names, "or"), nearest_hint(metric_, names));
  }

  bool given_up() const {
    return request_.options.patience > 0 && state_.worse >= request_.options.patience;
  }

  bool goes_on() const { return trainer_->done() < trainer_->steps() && !given_up(); }

  /// False when the caller wants to stop.
  bool one_step() {
    pool_reset_peak();
    const StepReport report = trainer_->step();
    check_memory();
    log([&](JsonWriter& json) {
      json.key("loss").value(report.loss).key("learning_rate").value(report.learning_rate);
      json.key("gradient_length").value(report.gradient_length);
    });
    const std::int64_t every = request_.options.evaluate_every > 0 ? request_.options.evaluate_every
                                                                   : trainer_->steps_per_epoch();
    const bool last = report.step == trainer_->steps();
    if (!data_.dev.empty() && (report.step % every == 0 || last)) evaluate(report.step);
    return !events_.step || events_.step(report, trainer_->steps()) || last;
  }

  /// Says once that a step took more than it should.
  void check_memory() {
    constexpr std::size_t kMega = std::size_t{1} << 20;
    const std::size_t megabytes = (pool_statistics().peak + kMega - 1) / kMega;
    const auto most = static_cast<std::size_t>(request_.options.memory);
    if (most == 0 || megabytes <= most || told_of_memory_) return;
    told_of_memory_ = true;
    note("memory: a step took " + std::to_string(megabytes) + " megabytes, more than " +
         std::to_string(most) + "; batch_tokens bounds what runs at once");
  }

  void evaluate(std::int64_t step) {
    const ModelScores found = trainer_->evaluate(data_.dev);
    double score = -found.loss;
    for (const auto& [name, value] : found.scores) {
      if (name == metric_) score = value;
    }
    log([&](JsonWriter& json) {
      json.key("dev_loss").value(found.loss);
      for (const auto& [name, value] : found.scores) json.key("dev_" + name).value(value);
    });
    const bool better = std::isfinite(found.loss) && (state_.best_step == 0 || score > state_.best);
    state_.worse = better ? 0 : state_.worse + 1;
    if (better) {
      state_.best = score;
      keep_best(step);
    }
    if (events_.evaluated) events_.evaluated(step, found, better);
    show(step);
    if (goes_on()) save();
  }

  /// The model as it is now, for whoever wants to look at it.
  void show(std::int64_t step) const {
    if (events_.checkpoint) events_.checkpoint(folder_.save_current(model_), folder_.best(), step);
  }

  void keep_best(std::int64_t step) {
    folder_.save_best(model_);
    state_.best_step = step;
  }

  void save() {
    state_.step = trainer_->done();
    save_state(folder_.state(), state_, model_, *trainer_);
  }

  template <class Fields>
  void log(Fields fields) {
    JsonWriter json;
    const auto step = trainer_->done();
    json.begin_object().key("step").value(step).key("epoch").value(
        static_cast<double>(step) / static_cast<double>(trainer_->steps_per_epoch()));
    fields(json);
    json.end_object();
    state_.log += json.str() + "\n";
  }

  FineTuned result(bool finished) const {
    return {.finished = finished,
            .folder = finished ? request_.output : folder_.unfinished(),
            .step = trainer_->done(),
            .best_step = state_.best_step,
            .best = metric_ == "loss" ? -state_.best : state_.best,
            .metric = data_.dev.empty() ? "" : metric_};
  }

  const FineTuning& request_;
  const FineTuningEvents& events_;
  CheckpointFolder folder_;
  Data data_;
  TrainableModel model_;
  std::optional<Trainer> trainer_;
  TrainingState state_;
  std::string metric_;
  bool told_of_memory_ = false;
};

}  // namespace

FineTuned fine_tune(const FineTuning& request, const FineTuningEvents& events) {
  CheckpointFolder::check(request.output, request.overwrite, request.resume);
  return Work(request, events, read_rows(request)).run();
}

}  // namespace ascribo
