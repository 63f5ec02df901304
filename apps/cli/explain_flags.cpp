// SPDX-License-Identifier: MIT
// The flags of `ascribo explain`: its own, those of every request, those of the methods.
#include "explain_flags.h"

#include "generate_flags.h"
#include "input_source.h"
#include "method_flags.h"
#include "model_folder.h"
#include "output_flags.h"
#include "profile_flag.h"
#include "threads_flag.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  # with the model that ships with Ascribo
  ascribo explain "a gripping, funny film that never loses its nerve."
  # your own checkpoint, the method of your choice, a page to look at
  ascribo explain --model ./my-model --method occlusion --html page.html "great movie!"
  # why positive and not negative, with 200 points
  ascribo explain --target positive --versus negative --steps 200 "not bad at all"
  # a data set: one JSON line per row, going on over bad rows
  ascribo explain --input reviews.tsv --text-column sentence --skip-errors --output out.jsonl
  # what that would take, without doing it
  ascribo explain --input reviews.tsv --text-column sentence --method lime,kernel_shap --plan
  # what a causal model writes, token by token
  ascribo explain --model ./my-gpt --max-new-tokens 20 "the film was"
  # texts as they are, one from standard input
  ascribo explain -- "-5 stars" "[MASK] film"
  echo "great movie!" | ascribo explain -

`ascribo methods NAME` says what a method computes. In a terminal the answer is coloured text;
with --json, or when the output is not a terminal, one JSON object per line.
)";

FlagGroup question_flags() {
  std::vector<std::string> names;
  for (const Method* method : methods()) names.emplace_back(method->name);
  Flag target = value_flag(
      "target", "TARGET",
      "what is explained: predicted, all, a label, or #INDEX; start:P, end:P, "
      "span:P-Q; token:P=LABEL; mask=WORD; next=WORD; output (docs/reference/targets.md)",
      "predicted");
  target.option.repeatable = true;
  return {"what is asked",
          {model_flag(), tokenizer_flag(),
           value_flag("method", "NAME[,NAME...]",
                      "how scores are computed: " + listed(names, "or") +
                          "; of several methods, scores of equal masks are shared",
                      Request{}.method),
           target,
           value_flag("labels", "A,B,...",
                      "names of the model's outputs, instead of those it comes with")}};
}

FlagGroup request_flags() {
  FlagGroup group{"options of every method", {}};
  for (OptionInfo& option : request_options()) group.flags.push_back({option, "", false});
  return group;
}

FlagGroup running_flags() {
  return {"how it runs",
          {threads_flag(), profile_flag(),
           switch_flag("plan",
                       "only say what it would take: runs of the model, tokens, memory and time, "
                       "for every text and method"),
           switch_flag("help", "this text")}};
}

}  // namespace

CommandLine explain_flags() {
  CommandLine line;
  line.command = "explain";
  line.usage = "TEXT... | --input FILE  [flags]";
  line.summary =
      "Says which parts of a text made the model answer as it did: one score per word (or other "
      "unit), positive where it pushes toward the target.";
  line.positional = "TEXT";
  line.groups = {question_flags(), input_flags(true), chat_flags(), writing_flags(false),
                 request_flags()};
  line.groups[1].flags.push_back(
      value_flag("masks", "FILE",
                 "masks for lime, kernel_shap or sobol instead of their own draws, in the order of "
                 "the texts, as --save-masks writes them"));
  for (FlagGroup& group : method_flags()) line.groups.push_back(std::move(group));
  FlagGroup output = output_flags();
  output.flags.push_back(
      value_flag("save_masks", "FILE",
                 "the masks that lime, kernel_shap or sobol drew, one JSON object per text"));
  line.groups.push_back(std::move(output));
  line.groups.push_back(running_flags());
  line.examples = kExamples;
  return line;
}

}  // namespace ascribo::cli
