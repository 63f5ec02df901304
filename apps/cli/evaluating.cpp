// SPDX-License-Identifier: MIT
// Flags and files of the commands that judge explanations.
#include "evaluating.h"

#include <unistd.h>

#include <iostream>

#include "command.h"
#include "method_flags.h"
#include "model_folder.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr const char* kDefaultMetrics = "insertion,deletion,comprehensiveness,sufficiency";
/// Where an answer is read at a token, that one cannot be deleted.
constexpr const char* kTokenMetrics =
    "insertion,deletion,comprehensiveness:replace=mask,sufficiency:replace=mask";

/// What is wrong with a row that was read says where it stands.
[[noreturn]] void fail_at(const std::string& place, const Error& error) {
  throw Error(error.code(), place + ": " + error.what());
}

/// The label of the row as a target: a number is an output's index, unless a label is called so.
class TrueLabels : public InputSource {
 public:
  explicit TrueLabels(std::unique_ptr<InputSource> inputs) : inputs_(std::move(inputs)) {}

  std::optional<Input> next() override {
    std::optional<Input> input = inputs_->next();
    if (!input) return input;
    if (!input->label) {
      fail(Code::kBadFile, inputs_->where(), "the row has no label", "expected one in every row",
           "--label-column names its column");
    }
    const bool number = !input->label->empty() &&
                        input->label->find_first_not_of("0123456789") == std::string::npos;
    input->targets = {(number ? "#" : "") + *input->label};
    return input;
  }
  std::string where() const override { return inputs_->where(); }
  std::int64_t size_hint() const override { return inputs_->size_hint(); }

 private:
  std::unique_ptr<InputSource> inputs_;
};

/// Sentences that differ in a word, as the question why the one and not the other.
class MinimalPairs : public InputSource {
 public:
  MinimalPairs(std::unique_ptr<InputSource> inputs, const Subject& subject)
      : inputs_(std::move(inputs)), subject_(subject) {}

  std::optional<Input> next() override {
    std::optional<Input> read = inputs_->next();
    if (!read) return read;
    try {
      Input input = minimal_pair(subject_, read->text, read->pair.value_or(""));
      input.id = read->id;
      return input;
    } catch (const Error& error) {
      fail_at(inputs_->where(), error);
    }
  }
  std::string where() const override { return inputs_->where(); }
  std::int64_t size_hint() const override { return inputs_->size_hint(); }

 private:
  std::unique_ptr<InputSource> inputs_;
  const Subject& subject_;
};

void write_file(const Arguments& arguments, const char* flag, const std::string& content) {
  const auto name = arguments.get(flag);
  if (!name) return;
  OutputFile file(*name);
  file.write(content);
  file.commit();
  std::cerr << "ascribo: comparison in " << *name << "\n";
}

}  // namespace

FlagGroup metric_question_flags(const std::string& methods, bool saved) {
  std::vector<std::string> names;
  for (const Metric* metric : metrics()) names.emplace_back(metric->name);
  Flag metric = value_flag("metric", "NAME[,NAME...]",
                           "how explanations are judged: " + listed(names, "or") +
                               "; options follow after colons, "
                               "comprehensiveness:definition=alti:replace=mask, which is also how "
                               "the defaults hide words where a model answers token by token",
                           kDefaultMetrics);
  metric.option.repeatable = true;
  Flag target = value_flag("target", "TARGET", "what is explained, as `ascribo explain` takes it",
                           "predicted");
  target.option.repeatable = true;
  FlagGroup group{
      "what is asked",
      {model_flag(), tokenizer_flag(),
       value_flag("method", "NAME[,NAME...]", "which methods are judged", methods), metric, target,
       switch_flag("true_label", "explain the label that the row has instead"),
       value_flag("labels", "A,B,...",
                  "names of the model's outputs, instead of those it comes with")}};
  if (saved) {
    group.flags.push_back(
        value_flag("explanations", "FILE",
                   "judge explanations that `ascribo explain --output` saved, instead of texts"));
  }
  return group;
}

FlagGroup metric_input_flags() {
  FlagGroup group = input_flags(false);
  std::erase_if(group.flags, [](const Flag& flag) { return flag.option.name == "skip_errors"; });
  group.flags.push_back(value_flag(
      "layout", "NAME", "columns of a well-known data set: " + listed(layout_names(), "or")));
  group.flags.push_back(value_flag("limit", "N", "the first N texts only"));
  group.flags.push_back(value_flag("sample", "N", "N texts drawn at random; --seed draws others"));
  group.flags.push_back(
      switch_flag("strict", "stop at the first text that cannot be used, not go on without it"));
  return group;
}

FlagGroup metric_output_flags() {
  return {"what is written",
          {switch_flag("json", "JSON on standard output"),
           value_flag("json_file", "FILE", "the result as JSON"),
           value_flag("csv", "FILE", "a line for each row and metric"),
           value_flag("latex", "FILE", "a tabular to \\input"),
           value_flag("html", "FILE", "a page with curves and example texts side by side")}};
}

std::vector<MetricRequest> read_metrics(const Arguments& arguments, const Subject& subject) {
  const std::string library = arguments.get_or("compat", "");
  std::vector<std::string> given = arguments.all("metric");
  const HeadKind head = subject.model().info().head;
  const bool whole = head == HeadKind::kSequenceClassification || head == HeadKind::kBase;
  if (given.empty()) given = {whole ? kDefaultMetrics : kTokenMetrics};
  std::vector<MetricRequest> found;
  for (const std::string& some : given) {
    for (const std::string& one : split_at_commas(some))
      found.push_back(parse_metric(one, library));
  }
  return found;
}

Request read_evaluation_request(const Arguments& arguments, const std::string& methods) {
  Request request;
  request.method = arguments.get_or("method", methods);
  if (arguments.has("target")) request.targets = arguments.all("target");
  request.options = option_values(arguments);
  return request;
}

Subject open_subject(const Arguments& arguments) {
  SubjectOptions options;
  if (const auto labels = arguments.get("labels")) options.labels = split_at_commas(*labels);
  if (arguments.get("tokenizer")) options.tokenizer = tokenizer_folder(arguments);
  return Subject::open(model_folder(arguments), options);
}

std::unique_ptr<InputSource> open_texts(const Arguments& arguments, const std::string& command,
                                        const Subject& subject, std::string& data) {
  std::unique_ptr<InputSource> inputs = open_inputs(arguments, command);
  if (arguments.get_or("layout", "") == "blimp" && !arguments.has("text_column")) {
    inputs = std::make_unique<MinimalPairs>(std::move(inputs), subject);
  }
  data = arguments.get_or("input", "the command line");
  for (const char* flag :
       {"layout", "text_column", "pair_column", "label_column", "sample", "limit"}) {
    if (const auto value = arguments.get(flag)) data += ", " + std::string(flag) + " " + *value;
  }
  if (arguments.on("true_label")) {
    data += ", true labels";
    inputs = std::make_unique<TrueLabels>(std::move(inputs));
  }
  return inputs;
}

bool TextFailures::go_on(const std::string& place, const std::exception& exception,
                         ProgressBar& bar) {
  const auto* error = dynamic_cast<const Error*>(&exception);
  if (error == nullptr) return false;
  const Code code = error->code();
  if (code == Code::kIo || code == Code::kInternal || code == Code::kCancelled) return false;
  if (strict_) throw Error(code, (place.empty() ? "" : place + ": ") + error->what());
  bar.hide();
  std::cerr << "ascribo: " << place << (place.empty() ? "" : ": ") << error->what() << "\n";
  ++count_;
  return true;
}

void write_comparison(const Arguments& arguments, const Comparison& comparison) {
  write_file(arguments, "json_file", comparison_json(comparison));
  write_file(arguments, "csv", comparison_csv(comparison));
  write_file(arguments, "latex", comparison_latex(comparison));
  write_file(arguments, "html", comparison_html(comparison));
  const bool json = arguments.on("json") || !is_terminal(STDOUT_FILENO);
  print(json && !arguments.on("table")
            ? comparison_json(comparison)
            : comparison_text(comparison, terminal_width(STDOUT_FILENO)));
}

}  // namespace ascribo::cli
