// SPDX-License-Identifier: MIT
// `ascribo info`: what a checkpoint holds.
#include <unistd.h>

#include <algorithm>

#include "command.h"
#include "help.h"
#include "model_folder.h"
#include "module_tree.h"
#include "numbers.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo info
  ascribo info --model ./my-model --hash
  ascribo info --model ./my-model --json
)";

CommandLine info_flags() {
  CommandLine line;
  line.command = "info";
  line.usage = "[--model DIR] [--tokenizer DIR] [--json] [--hash]";
  line.summary =
      "Shows what a checkpoint holds: its weights as a tree, the taps where values can be looked "
      "at, labels, sizes, and how its tokenizer works.";
  line.groups = {{"flags",
                  {model_flag(), tokenizer_flag(), switch_flag("json", "the same for programs"),
                   switch_flag("hash",
                               "also the SHA-256 of everything in the weight files, which "
                               "takes longer")}}};
  line.examples = kExamples;
  return line;
}

/// A checkpoint and what was asked about it.
struct Checkpoint {
  std::unique_ptr<Model> model;
  std::unique_ptr<Tokenizer> tokenizer;
  std::string full_hash;  ///< empty when not asked for
};

struct TapLine {
  std::string first, last;  ///< "hidden:0", "hidden:6"
  Tap tap;
  Shape shape;  ///< -1 where the dimension is the number of tokens
};

/// The taps with shapes; dimensions that follow the length of the text are -1.
std::vector<TapLine> tap_lines(const Model& model) {
  const auto shorter = model.taps(2), longer = model.taps(3);
  std::vector<TapLine> lines;
  for (std::size_t i = 0; i < shorter.size(); ++i) {
    auto [point, shape] = shorter[i];
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      if (shape[axis] != longer[i].second[axis]) shape[axis] = -1;
    }
    lines.push_back({to_string(point), to_string(point), point.tap, shape});
  }
  return lines;
}

/// Layers of the same tap and shape in one line.
std::vector<TapLine> merged(const std::vector<TapLine>& lines) {
  std::vector<TapLine> result;
  for (const TapLine& line : lines) {
    const auto same = std::find_if(result.begin(), result.end(), [&](const TapLine& other) {
      return other.tap == line.tap && other.shape == line.shape;
    });
    if (same == result.end()) {
      result.push_back(line);
    } else {
      same->last = line.last;
    }
  }
  return result;
}

using NamedToken = std::pair<std::string_view, std::optional<std::int64_t>>;

std::vector<NamedToken> named_tokens(const SpecialTokens& tokens) {
  return {{"pad", tokens.pad}, {"mask", tokens.mask}, {"unk", tokens.unk}, {"cls", tokens.cls},
          {"sep", tokens.sep}, {"bos", tokens.bos},   {"eos", tokens.eos}};
}

std::string_view problem_name(Problem problem) {
  switch (problem) {
    case Problem::kSingleLabel: return "single_label";
    case Problem::kMultiLabel: return "multi_label";
    case Problem::kRegression: return "regression";
  }
  return "";
}

std::string field(std::string_view name, std::string_view value) {
  constexpr std::size_t kColumn = 16;
  std::string line(name);
  line.resize(kColumn, ' ');
  return line + std::string(value) + "\n";
}

std::string sizes_text(const ModelInfo& info) {
  std::string text = std::to_string(info.layers) + " layers, " + std::to_string(info.heads) +
                     " heads, hidden " + std::to_string(info.hidden);
  if (info.embedding != info.hidden) text += ", embedding " + std::to_string(info.embedding);
  text += ", vocabulary " + grouped(info.vocab) + ", positions " + grouped(info.max_positions);
  if (info.type_vocab > 0) text += ", token types " + std::to_string(info.type_vocab);
  return text;
}

std::string_view head_name(HeadKind head) {
  switch (head) {
    case HeadKind::kSequenceClassification: return "sequence_classification";
    case HeadKind::kTokenClassification: return "token_classification";
    case HeadKind::kQuestionAnswering: return "question_answering";
    case HeadKind::kMaskedLanguageModel: return "masked_language_model";
    case HeadKind::kCausalLanguageModel: return "causal_language_model";
    case HeadKind::kBase: return "none";
  }
  return "";
}

std::string labels_text(const ModelInfo& info) {
  if (info.labels.empty()) return "none";
  std::string text;
  for (std::size_t i = 0; i < info.labels.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::to_string(i) + " " + info.labels[i];
  }
  return text + " (" + std::string(problem_name(info.problem)) + ")";
}

std::string tokenizer_text(const Tokenizer& tokenizer) {
  std::string text = field("tokens", grouped(tokenizer.vocabulary_size()));
  std::string special;
  for (const auto& [name, id] : named_tokens(tokenizer.special_tokens())) {
    if (!id) continue;
    special += (special.empty() ? "" : ", ") + std::string(name) + " " + tokenizer.token(*id) +
               " (" + std::to_string(*id) + ")";
  }
  text += field("special tokens", special);
  text += "\ntokenizer\n";
  for (const std::string& stage : tokenizer.stages()) text += "  " + stage + "\n";
  return text;
}

std::string taps_text(const Model& model) {
  std::string text = "\ntaps\n";
  for (const TapLine& line : merged(tap_lines(model))) {
    text += "  " + line.first + (line.first == line.last ? "" : " ... " + line.last) + "  " +
            shape_text(line.shape) + "\n";
  }
  return text;
}

std::string info_text(const Checkpoint& checkpoint) {
  const ModelInfo& info = checkpoint.model->info();
  std::string text = field("model", info.path.string());
  text += field("architecture", info.architecture + " (" + info.model_type + ")");
  text += field("hash", info.hash);
  if (!checkpoint.full_hash.empty()) text += field("full hash", checkpoint.full_hash);
  text += field("parameters", grouped(info.parameters));
  text += field("sizes", sizes_text(info));
  text += field("head", head_name(info.head));
  text += field("labels", labels_text(info));
  text += tokenizer_text(*checkpoint.tokenizer);
  text += "\nweights\n" + module_tree(info.modules, 2);
  text += taps_text(*checkpoint.model);
  if (!info.unused.empty()) {
    text += "\nin the files but not used\n";
    for (const std::string& name : info.unused) text += "  " + name + "\n";
  }
  return text;
}

void write_shape(JsonWriter& json, const Shape& shape) {
  json.key("shape").begin_array();
  for (const std::int64_t dimension : shape) {
    dimension < 0 ? json.value("tokens") : json.value(dimension);
  }
  json.end_array();
}

void write_strings(JsonWriter& json, std::string_view key, const std::vector<std::string>& list) {
  json.key(key).begin_array();
  for (const std::string& item : list) json.value(item);
  json.end_array();
}

void write_model(JsonWriter& json, const Checkpoint& checkpoint) {
  const ModelInfo& info = checkpoint.model->info();
  json.key("model").begin_object();
  json.key("path").value(info.path.string()).key("architecture").value(info.architecture);
  json.key("model_type").value(info.model_type).key("hash").value(info.hash);
  if (!checkpoint.full_hash.empty()) json.key("full_hash").value(checkpoint.full_hash);
  json.end_object();
  json.key("parameters").value(info.parameters).key("layers").value(info.layers);
  json.key("heads").value(info.heads).key("hidden").value(info.hidden);
  json.key("embedding").value(info.embedding).key("vocabulary").value(info.vocab);
  json.key("positions").value(info.max_positions).key("token_types").value(info.type_vocab);
  json.key("head").value(head_name(info.head)).key("problem").value(problem_name(info.problem));
  write_strings(json, "labels", info.labels);
}

void write_tokenizer(JsonWriter& json, const Tokenizer& tokenizer) {
  json.key("tokenizer").begin_object();
  json.key("vocabulary").value(tokenizer.vocabulary_size());
  write_strings(json, "stages", tokenizer.stages());
  json.key("special_tokens").begin_object();
  for (const auto& [name, id] : named_tokens(tokenizer.special_tokens())) {
    if (!id) continue;
    json.key(name).begin_object().key("id").value(*id);
    json.key("token").value(tokenizer.token(*id)).end_object();
  }
  json.end_object().end_object();
}

std::string info_json(const Checkpoint& checkpoint) {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.info/1");
  write_model(json, checkpoint);
  write_tokenizer(json, *checkpoint.tokenizer);
  json.key("weights").begin_array();
  for (const ModuleInfo& weight : checkpoint.model->info().modules) {
    json.begin_object().key("name").value(weight.name);
    write_shape(json, weight.shape);
    json.key("dtype").value(dtype_name(weight.dtype)).end_object();
  }
  json.end_array();
  write_strings(json, "unused", checkpoint.model->info().unused);
  json.key("taps").begin_array();
  for (const TapLine& line : tap_lines(*checkpoint.model)) {
    json.begin_object().key("tap").value(line.first);
    write_shape(json, line.shape);
    json.end_object();
  }
  json.end_array().end_object();
  return json.str() + "\n";
}

}  // namespace

int info_command(const Words& words) {
  const CommandLine line = info_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  const std::filesystem::path folder = model_folder(arguments);
  Checkpoint checkpoint{Model::open(folder), Tokenizer::open(tokenizer_folder(arguments)), ""};
  if (arguments.on("hash")) checkpoint.full_hash = checkpoint.model->full_hash();
  print(arguments.on("json") ? info_json(checkpoint) : info_text(checkpoint));
  return kExitOk;
}

}  // namespace ascribo::cli
