// SPDX-License-Identifier: MIT
// The flags of `ascribo train`, and the request they make.
#include "train_flags.h"

#include <algorithm>
#include <array>
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

constexpr const char *kLearned = "what is learned", *kWritten = "what is written",
                     *kLearning = "how it learns", *kRunning = "how it runs";

/// The group in which help shows a declared option.
std::string_view group_of(std::string_view option) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kOthers = {
      {{"learn", kLearned},
       {"labels", kLearned},
       {"max_tokens", kLearned},
       {"overwrite", kWritten},
       {"resume", kWritten},
       {"batch_tokens", kRunning},
       {"memory", kRunning},
       {"precision", kRunning}}};
  for (const auto& [name, group] : kOthers) {
    if (name == option) return group;
  }
  return kLearning;
}

/// What happens unless it is turned off.
bool is_on(const OptionInfo& option) {
  return option.type == "flag" && option.default_value == "yes";
}

Flag flag_of(OptionInfo option) {
  if (is_on(option)) return switch_flag("no_" + option.name, "do not " + option.help);
  // Lists have commas between their entries.
  const char* const placeholder = option.type == "list" ? "A,B,..." : "";
  return {std::move(option), placeholder, false};
}

void add_declared(FlagGroup& group) {
  for (const OptionInfo& option : training_options()) {
    if (group_of(option.name) == group.title) group.flags.push_back(flag_of(option));
  }
}

FlagGroup data_flags() {
  Flag task =
      value_flag("task", "NAME",
                 "a task of GLUE in place of --train and --dev: " + listed(glue_tasks(), "or") +
                     "; --data DIR has its files");
  task.option.choices = glue_tasks();
  FlagGroup group{
      kLearned,
      {model_flag(), value_flag("train", "FILE", "rows to learn from: tsv, csv, jsonl or txt"),
       value_flag("dev", "FILE", "rows to see by how good the model is"), task,
       value_flag("data", "DIR", "folder with train.tsv and dev.tsv of --task"),
       value_flag("text_column", "COLUMN", "where the text is", "text, sentence or the only one"),
       value_flag("pair_column", "COLUMN", "where the second text is", "pair or sentence2"),
       value_flag("label_column", "COLUMN", "where the label is", "label")}};
  add_declared(group);
  return group;
}

FlagGroup result_flags() {
  FlagGroup group{kWritten, {value_flag("output", "DIR", "the folder of the new model")}};
  add_declared(group);
  group.flags.push_back(value_flag("explain", "FILE",
                                   "texts to be explained before the first step and after every "
                                   "evaluation, in explanations/ of the output"));
  group.flags.push_back(
      value_flag("explain_method", "NAME", "by this method", "integrated_gradients"));
  return group;
}

FlagGroup learning_flags() {
  FlagGroup group{kLearning, {}};
  add_declared(group);
  return group;
}

FlagGroup running_flags() {
  FlagGroup group{kRunning, {}};
  add_declared(group);
  group.flags.push_back(threads_flag());
  group.flags.push_back(profile_flag());
  group.flags.push_back(switch_flag("help", "this text"));
  return group;
}

/// "a,b" and "c" as the text of a list.
std::string joined(const std::vector<std::string>& given) {
  std::string text;
  for (const std::string& entries : given) {
    for (const std::string& entry : split_at_commas(entries)) {
      text += (text.empty() ? "" : std::string(1, kListSeparator)) + entry;
    }
  }
  return text;
}

OptionValues declared_values(const Arguments& arguments) {
  OptionValues values;
  for (const OptionInfo& option : training_options()) {
    const std::string flag = is_on(option) ? "no_" + option.name : option.name;
    if (!arguments.has(flag)) continue;
    std::string& text = values[option.name];
    text = *arguments.get(flag);
    if (is_on(option)) text = arguments.on(flag) ? "no" : "yes";
    if (option.type == "list") text = joined(arguments.all(flag));
  }
  return values;
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
  use_glue_task(*arguments.get("task"), *folder, request);
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
  FineTuning request = read_training(declared_values(arguments));
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
  request.model = model_folder(arguments);
  return request;
}

}  // namespace ascribo::cli
