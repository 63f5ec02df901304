// SPDX-License-Identifier: MIT
// The flags of `ascribo train`, and the request they make.
#include "train_flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

#include "model_folder.h"
#include "profile_flag.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  # a classifier of your own texts, from a published encoder
  ascribo train --model google/electra-small-discriminator --train train.tsv --dev dev.tsv \
      --output my-classifier
  # a task of GLUE, in its own layout
  ascribo train --model ./encoder --task sst2 --data glue/SST-2 --output sst2
  # going on after Ctrl-C, to the same bits
  ascribo train --model ./encoder --task sst2 --data glue/SST-2 --output sst2 --resume
  # numbers; several labels for a text; the next token
  ascribo train --model ./encoder --train pairs.csv --learn number --output similarity
  ascribo train --model ./encoder --train tags.jsonl --learn labels --output tags
  ascribo train --model ./gpt2 --train stories.txt --learn next_token --output stories
  # a tag for every word; where an answer stands; the verb in the place of [MASK]
  ascribo train --model ./bert --train conll.jsonl --learn tags --output names
  ascribo train --model ./bert --train squad.jsonl --learn answer --output answers
  ascribo train --model ./bert --train verbs.tsv --learn word --output verbs
  # explanations of some texts before the first step and after every epoch
  ascribo train --model ./encoder --task sst2 --data glue/SST-2 --explain texts.txt --output sst2

The output is a folder that `ascribo explain --model` and transformers open, with the log of every
step (training_log.jsonl) and its picture (training.svg). Defaults are those of the Trainer of
transformers. The best model on the rows of --dev is kept.
)";

/// A task of GLUE: its files and columns.
struct GlueTask {
  const char* name;
  const char* text;
  const char* pair;
  const char* label;
  const char* dev;
  const char* metric;
};

constexpr std::array<GlueTask, 9> kGlue = {
    {{"sst2", "sentence", nullptr, "label", "dev.tsv", "accuracy"},
     {"cola", "3", nullptr, "1", "dev.tsv", "matthews"},
     {"mrpc", "#1 String", "#2 String", "Quality", "dev.tsv", "f1"},
     {"stsb", "sentence1", "sentence2", "score", "dev.tsv", "pearson"},
     {"qqp", "question1", "question2", "is_duplicate", "dev.tsv", "f1"},
     {"mnli", "sentence1", "sentence2", "gold_label", "dev_matched.tsv", "accuracy"},
     {"qnli", "question", "sentence", "label", "dev.tsv", "accuracy"},
     {"rte", "sentence1", "sentence2", "label", "dev.tsv", "accuracy"},
     {"wnli", "sentence1", "sentence2", "label", "dev.tsv", "accuracy"}}};

std::vector<std::string> glue_names() {
  std::vector<std::string> names;
  for (const GlueTask& each : kGlue) names.emplace_back(each.name);
  return names;
}

constexpr std::array<std::pair<const char*, Objective>, 7> kObjectives = {
    {{"label", Objective::kLabel},
     {"labels", Objective::kLabels},
     {"number", Objective::kNumber},
     {"next_token", Objective::kNextToken},
     {"tags", Objective::kTags},
     {"answer", Objective::kAnswer},
     {"word", Objective::kWord}}};

std::vector<std::string> names_of_objectives() {
  std::vector<std::string> names;
  for (const auto& [name, objective] : kObjectives) names.emplace_back(name);
  return names;
}

FlagGroup data_flags() {
  Flag task =
      value_flag("task", "NAME",
                 "a task of GLUE in place of --train and --dev: " + listed(glue_names(), "or") +
                     "; --data DIR has its files");
  task.option.choices = glue_names();
  return {
      "what is learned",
      {model_flag(), value_flag("train", "FILE", "rows to learn from: tsv, csv, jsonl or txt"),
       value_flag("dev", "FILE", "rows to see by how good the model is"), task,
       value_flag("data", "DIR", "folder with train.tsv and dev.tsv of --task"),
       choice_flag("learn", names_of_objectives(),
                   "one label for a text, any number of them (commas between), a number, each "
                   "token from those before it, a tag for every word, where the answer to a "
                   "question stands, or the word in the place of a mask"),
       value_flag("text_column", "COLUMN", "where the text is", "text, sentence or the only one"),
       value_flag("pair_column", "COLUMN", "where the second text is", "pair or sentence2"),
       value_flag("label_column", "COLUMN", "where the label is", "label"),
       value_flag("labels", "A,B,...", "their names in the order of the outputs",
                  "the model's, or as the rows have them"),
       value_flag("max_tokens", "N", "longer texts are cut", "the model's positions")}};
}

FlagGroup result_flags() {
  return {"what is written",
          {value_flag("output", "DIR", "the folder of the new model"),
           switch_flag("overwrite", "replace a folder that is there"),
           switch_flag("resume", "go on with what was stopped"),
           value_flag("explain", "FILE",
                      "texts to be explained before the first step and after every evaluation, in "
                      "explanations/ of the output"),
           value_flag("explain_method", "NAME", "by this method", "integrated_gradients")}};
}

FlagGroup learning_flags() {
  Flag frozen = value_flag("freeze", "WHAT",
                           "weights that stay: embeddings, layer:N, or the beginning of names; "
                           "may repeat");
  frozen.option.repeatable = true;
  return {"how it learns",
          {value_flag("epochs", "N", "times that every row is seen", "3"),
           value_flag("max_steps", "N", "steps in place of epochs"),
           value_flag("batch", "N", "rows of a batch", "8"),
           value_flag("accumulate", "N", "batches of a step", "1"),
           value_flag("learning_rate", "X", "at its highest", "5e-5"),
           choice_flag("schedule", {"linear", "cosine", "constant"},
                       "how the learning rate falls after the warm-up"),
           value_flag("warmup", "N", "steps in which it rises, or a share of all below 1", "0"),
           value_flag("weight_decay", "X", "of matrices and tables", "0"),
           value_flag("clip", "X", "longest gradient; 0: any", "1"),
           value_flag("label_smoothing", "X", "share of every label in the right answer", "0"),
           switch_flag("class_weights", "count rows of rare labels more"),
           switch_flag("no_dropout", "leave nothing out at random"), frozen,
           value_flag("evaluate_every", "N", "steps between evaluations", "an epoch's"),
           value_flag("metric", "NAME", "what the best model is best at",
                      "accuracy, f1, pearson or loss, by what is learned"),
           value_flag("patience", "N",
                      "stop after so many evaluations without a better one; 0: never", "0"),
           value_flag("seed", "N", "of order, dropout and new weights", "42")}};
}

FlagGroup running_flags() {
  return {"how it runs",
          {value_flag("batch_tokens", "N", "most tokens at once, which bounds memory", "8192"),
           choice_flag("precision", {"fp32", "bf16"},
                       "of products with weights; bf16 is faster on CPUs that have it"),
           threads_flag(), profile_flag(), switch_flag("help", "this text")}};
}

template <class T>
void read_number(const Arguments& arguments, const char* name, T& value) {
  const auto text = arguments.get(name);
  if (!text) return;
  const char* const end = text->data() + text->size();
  T read{};
  const auto [after, error] = std::from_chars(text->data(), end, read);
  bool fine = error == std::errc() && after == end;
  if constexpr (std::is_floating_point_v<T>) fine = fine && std::isfinite(read);
  if (!fine) {
    fail(Code::kInvalidArgument, "train", flag_name(name) + " is \"" + *text + "\"",
         "expected a number");
  }
  value = read;
}

void read_options(const Arguments& arguments, TrainingOptions& options) {
  read_number(arguments, "epochs", options.epochs);
  read_number(arguments, "max_steps", options.max_steps);
  read_number(arguments, "batch", options.batch);
  read_number(arguments, "accumulate", options.accumulate);
  read_number(arguments, "batch_tokens", options.batch_tokens);
  read_number(arguments, "learning_rate", options.learning_rate);
  read_number(arguments, "weight_decay", options.weight_decay);
  read_number(arguments, "clip", options.clip);
  read_number(arguments, "warmup", options.warmup);
  read_number(arguments, "label_smoothing", options.label_smoothing);
  read_number(arguments, "evaluate_every", options.evaluate_every);
  read_number(arguments, "patience", options.patience);
  read_number(arguments, "seed", options.seed);
  const std::string schedule = arguments.get_or("schedule", "linear");
  options.schedule = schedule == "cosine"     ? Schedule::kCosine
                     : schedule == "constant" ? Schedule::kConstant
                                              : Schedule::kLinear;
  if (arguments.get_or("precision", "fp32") == "bf16") options.precision = Precision::kBf16;
  options.class_weights = arguments.on("class_weights");
  options.dropout = !arguments.on("no_dropout");
  options.frozen = arguments.all("freeze");
  options.metric = arguments.get_or("metric", "");
}

void read_task(const Arguments& arguments, FineTuning& request) {
  for (const char* name : {"train", "dev", "text_column", "pair_column", "label_column", "learn"}) {
    if (!arguments.has(name)) continue;
    fail(Code::kInvalidArgument, "train", flag_name(name) + " is given with --task",
         "expected --data DIR alone with it");
  }
  const auto folder = arguments.get("data");
  if (!folder) {
    fail(Code::kInvalidArgument, "train", "--task is given without --data",
         "expected --data DIR with the task's train.tsv");
  }
  const std::string name = *arguments.get("task");
  for (const GlueTask& task : kGlue) {
    if (task.name != name) continue;
    const std::filesystem::path data = *folder;
    request.train = data / "train.tsv";
    request.dev = data / task.dev;
    request.columns.text = task.text;
    if (task.pair != nullptr) request.columns.pair = task.pair;
    request.columns.label = task.label;
    if (name == "stsb") request.objective = Objective::kNumber;
    if (request.options.metric.empty()) request.options.metric = task.metric;
  }
}

}  // namespace

CommandLine train_flags() {
  CommandLine line;
  line.command = "train";
  line.usage = "--train FILE --dev FILE --output DIR  [flags]";
  line.summary =
      "Fine-tunes a checkpoint on labelled texts. The result is a checkpoint like any other, which "
      "`ascribo explain` explains.";
  line.groups = {data_flags(), result_flags(), learning_flags(), running_flags()};
  line.examples = kExamples;
  return line;
}

FineTuning training_request(const Arguments& arguments) {
  use_threads(arguments, "train");
  FineTuning request;
  read_options(arguments, request.options);
  const std::string learn = arguments.get_or("learn", "label");
  for (const auto& [name, objective] : kObjectives) {
    if (learn == name) request.objective = objective;
  }
  request.columns = {arguments.get("text_column"), arguments.get("pair_column"),
                     arguments.get("label_column"), std::nullopt};
  if (arguments.has("task")) {
    read_task(arguments, request);
  } else {
    const auto train = arguments.get("train");
    if (!train) {
      fail(Code::kInvalidArgument, "train", "there is nothing to learn from",
           "expected --train FILE, or --task NAME --data DIR");
    }
    request.train = *train;
    request.dev = arguments.get_or("dev", "");
  }
  request.output = arguments.get_or("output", "");
  if (const auto labels = arguments.get("labels")) request.labels = split_at_commas(*labels);
  read_number(arguments, "max_tokens", request.longest);
  request.overwrite = arguments.on("overwrite");
  request.resume = arguments.on("resume");
  request.model = model_folder(arguments);
  return request;
}

}  // namespace ascribo::cli
