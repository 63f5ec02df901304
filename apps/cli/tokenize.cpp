// SPDX-License-Identifier: MIT
// `ascribo tokenize`: what the model is given in place of a text.
#include <unistd.h>

#include <iostream>

#include "command.h"
#include "help.h"
#include "input_source.h"
#include "interrupt.h"
#include "model_folder.h"
#include "standard_output.h"
#include "terminal.h"

namespace ascribo::cli {
namespace {

constexpr const char* kExamples =
    R"(  ascribo tokenize "a gripping, funny film"
  ascribo tokenize --model ./my-model --input reviews.tsv --text-column sentence
  ascribo tokenize --pair "Nobody slept." -- "[MASK] slept."

One JSON object per text: ids, tokens, offsets (in code points of the text or its pair), word_ids
(null for special tokens) and type_ids. Only the tokenizer's files are needed.
)";

CommandLine tokenize_flags() {
  CommandLine line;
  line.command = "tokenize";
  line.usage = "TEXT... | --input FILE  [flags]";
  line.summary = "Shows the tokens that a checkpoint's tokenizer makes of each text.";
  line.positional = "TEXT";
  line.groups = {{"what is asked", {model_flag()}}, input_flags(false)};
  line.examples = kExamples;
  return line;
}

template <class T>
void write_list(JsonWriter& json, std::string_view name, const std::vector<T>& values) {
  json.key(name).begin_array();
  for (const T& value : values) json.value(value);
  json.end_array();
}

std::string encoding_line(const Encoding& encoding) {
  JsonWriter json;
  json.begin_object();
  write_list(json, "ids", encoding.ids);
  write_list(json, "tokens", encoding.tokens);
  json.key("offsets").begin_array();
  for (const Encoding::Offset& offset : encoding.offsets) {
    json.begin_array().value(offset.start).value(offset.end).end_array();
  }
  json.end_array().key("word_ids").begin_array();
  for (const std::optional<std::int64_t>& word : encoding.word_ids) {
    word ? json.value(*word) : json.null();
  }
  json.end_array();
  write_list(json, "type_ids", encoding.type_ids);
  json.end_object();
  return json.str() + "\n";
}

std::string encode_line(const Tokenizer& tokenizer, const Input& input) {
  if (!input.input_ids.empty()) {
    fail(Code::kInvalidArgument, "tokenize", "a row has input_ids", "expected a text");
  }
  std::optional<std::string_view> pair;
  if (input.pair) pair = *input.pair;
  return encoding_line(tokenizer.encode(input.text, pair));
}

}  // namespace

int tokenize_command(const Words& words) {
  const CommandLine line = tokenize_flags();
  const Arguments arguments = parse(line, words);
  if (arguments.help) {
    print(help_text(line, terminal_width(STDOUT_FILENO)));
    return kExitOk;
  }
  const std::unique_ptr<InputSource> inputs = open_inputs(arguments, line.command);
  const std::unique_ptr<Tokenizer> tokenizer = Tokenizer::open(model_folder(arguments));
  std::int64_t skipped = 0, written = 0;
  for (bool reading = true; reading && !interrupted();) {
    bool read = false;  // whether the error, if any, belongs to a row that was read
    try {
      const std::optional<Input> input = inputs->next();
      if (!input) break;
      read = true;
      reading = print(encode_line(*tokenizer, *input));
      ++written;
    } catch (const Error& error) {
      const std::string place = read ? inputs->where() : "";
      const std::string message = (place.empty() ? "" : place + ": ") + error.what();
      if (error.code() == Code::kIo || !arguments.on("skip_errors")) {
        throw Error(error.code(), message);
      }
      std::cerr << "ascribo: " << message << "\n";
      ++skipped;
    }
  }
  if (skipped > 0) {
    std::cerr << "ascribo: " << skipped << " skipped, " << written << " tokenized\n";
  }
  if (interrupted()) return interrupt_exit_code();
  return skipped > 0 && written == 0 ? kExitWrongInput : kExitOk;
}

}  // namespace ascribo::cli
