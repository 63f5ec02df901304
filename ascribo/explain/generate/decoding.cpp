// SPDX-License-Identifier: MIT
// Reads requests and generation_config.json, and brings them together.
#include "ascribo/explain/generate/decoding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "ascribo/base/error.h"
#include "ascribo/base/nearest.h"
#include "ascribo/base/option_set.h"
#include "ascribo/io/config.h"
#include "ascribo/text/tokenizer.h"

namespace ascribo {
namespace {

constexpr const char* kFile = "generation_config.json";

struct Asked {
  std::optional<std::int64_t> max_new_tokens, top_k;
  std::optional<bool> sample;
  std::optional<double> temperature, top_p, repetition_penalty;
  std::uint64_t seed = 0;
  bool ignore_eos = false;
  std::int64_t batch_tokens = 1024;
};

bool is_positive(double x) { return std::isfinite(x) && x > 0; }
bool is_share(double p) { return p > 0 && p <= 1; }
bool is_count(std::int64_t n) { return n >= 1; }

constexpr const char* kPositive = "expected a number greater than 0";
constexpr const char* kShare = "expected a number greater than 0 and at most 1";
constexpr const char* kCount = "expected at least 1";

const OptionSet<Asked>& asked_options() {
  static const OptionSet<Asked> set =
      OptionSet<Asked>()
          .add("max_new_tokens", &Asked::max_new_tokens,
               "how many tokens are written at most; by default what generation_config.json says, "
               "or else 20")
          .check(is_count, kCount)
          .add("sample", &Asked::sample,
               "draw the next token at random, or take the likeliest; by default yes where one of "
               "the next three is given, else what generation_config.json says, or else no")
          .add("temperature", &Asked::temperature,
               "what logits are divided by before a token is drawn: below 1 likely words become "
               "likelier")
          .check(is_positive, "expected a number greater than 0; without chance: sample=no")
          .add("top_k", &Asked::top_k, "draw from the k likeliest words alone")
          .check(is_count, "expected at least 1; by default all words count")
          .add("top_p", &Asked::top_p,
               "draw from the likeliest words alone that together have this probability")
          .check(is_share, kShare)
          .add(
              "repetition_penalty", &Asked::repetition_penalty,
              "what the logits of words that are there already are divided by (multiplied by where "
              "negative)")
          .check(is_positive, kPositive)
          .add("seed", &Asked::seed, "seed of random draws")
          .add("ignore_eos", &Asked::ignore_eos, "go on behind tokens that end a text")
          .add("batch_tokens", &Asked::batch_tokens,
               "tokens of prompts and their answers that are worked on at once; bounds memory, "
               "changes no result")
          .check(is_count, kCount);
  return set;
}

// A number of generation_config.json, which must be one that an option may have.
template <class Number, class Check>
std::optional<Number> read_number(const Json& config, std::string_view key, Check check,
                                  const char* expected) {
  const auto value = config.find(key);
  if (!value) return std::nullopt;
  Number number{};
  if constexpr (std::is_floating_point_v<Number>) {
    number = value->number();
  } else {
    number = value->integer();
  }
  if (check(number)) return number;
  fail(Code::kBadCheckpoint, kFile, std::string(key) + " is " + value->dump(), expected,
       "an option of that name is used instead");
}

std::vector<std::int64_t> read_ids(const Json& value) {
  std::vector<std::int64_t> ids;
  if (!value.is_array()) return {value.integer()};
  value.elements([&](const Json& id) { ids.push_back(id.integer()); });
  return ids;
}

// What changes which tokens are written and is not followed here, with the value that changes
// nothing.
struct Unused {
  const char* key;
  double neutral;
};
constexpr Unused kUnused[] = {{"num_beams", 1},
                              {"num_beam_groups", 1},
                              {"penalty_alpha", 0},
                              {"typical_p", 1},
                              {"min_p", 0},
                              {"epsilon_cutoff", 0},
                              {"eta_cutoff", 0},
                              {"top_h", 1},
                              {"no_repeat_ngram_size", 0},
                              {"encoder_repetition_penalty", 1},
                              {"min_new_tokens", 0},
                              {"min_length", 0},
                              {"guidance_scale", 1},
                              {"diversity_penalty", 0},
                              {"bad_words_ids", 0},
                              {"suppress_tokens", 0},
                              {"begin_suppress_tokens", 0},
                              {"forced_bos_token_id", -1},
                              {"forced_eos_token_id", -1},
                              {"sequence_bias", 0}};

void note_unused(const Json& config, Decoding& decoding) {
  std::vector<std::string> names;
  for (const Unused& unused : kUnused) {
    const auto value = config.find(unused.key);
    if (!value || (value->is_number() && value->number() == unused.neutral)) continue;
    if (value->is_array() && value->size() == 0) continue;
    names.emplace_back(unused.key);
  }
  if (names.empty()) return;
  decoding.notes.push_back(std::string(kFile) + " also has " + listed(names) + ", which " +
                           (names.size() == 1 ? "is" : "are") + " not followed");
}

// The stop strings of the file: one, or a list.
std::vector<std::string> read_stop(const Json& config) {
  std::vector<std::string> stop;
  const auto value = config.find("stop_strings");
  if (!value) return stop;
  if (value->is_string()) return {std::string(value->string())};
  value->elements([&](const Json& each) { stop.emplace_back(each.string()); });
  return stop;
}

// What the file says, where nothing is asked for.
void read_file(const Json& config, Asked& asked, Decoding& decoding, bool sampling_asked) {
  const auto any = [](std::int64_t) { return true; };
  if (!asked.max_new_tokens) {
    if (const auto count = read_number<std::int64_t>(config, "max_new_tokens", is_count, kCount)) {
      decoding.usual_new_tokens = *count;
    } else {
      decoding.max_length = read_number<std::int64_t>(config, "max_length", is_count, kCount);
    }
  }
  if (!asked.repetition_penalty) {
    asked.repetition_penalty =
        read_number<double>(config, "repetition_penalty", is_positive, kPositive);
  }
  if (!asked.sample) asked.sample = sampling_asked || config.boolean_or("do_sample", false);
  if (*asked.sample) {
    if (!asked.temperature) {
      asked.temperature = read_number<double>(config, "temperature", is_positive, kPositive);
    }
    if (!asked.top_k) {
      asked.top_k = read_number<std::int64_t>(config, "top_k", any, "");
      if (asked.top_k && *asked.top_k < 1) asked.top_k.reset();  // all words, as files write it
    }
    if (!asked.top_p) asked.top_p = read_number<double>(config, "top_p", is_share, kShare);
    if (!sampling_asked && !config.find("top_k")) {
      decoding.notes.push_back(std::string(kFile) +
                               " asks for sampling without top_k: all words are drawn from; "
                               "transformers would keep 50");
    }
  }
  if (decoding.stop.empty()) decoding.stop = read_stop(config);
  note_unused(config, decoding);
}

std::string id_list(const std::vector<std::int64_t>& ids, const Tokenizer* tokenizer) {
  std::vector<std::string> names;
  for (const std::int64_t id : ids) {
    const std::string token = tokenizer == nullptr ? "" : tokenizer->token(id);
    names.push_back(std::to_string(id) + (token.empty() ? "" : " (" + token + ")"));
  }
  return listed(names, "or");
}

// The tokens that end a text, from the first file that names any.
void find_end(const std::optional<Json>& file, const Parts& parts, Decoding& decoding) {
  const ModelInfo& model = parts.model.info();
  const std::optional<Json> config = find_config(model.path, "config.json");
  std::string where;
  for (const auto& [name, document] : {std::pair{kFile, file}, {"config.json", config}}) {
    const auto value = document ? document->find("eos_token_id") : std::nullopt;
    if (!value) continue;
    decoding.end_ids = read_ids(*value);
    where = name;
    break;
  }
  for (const std::int64_t id : decoding.end_ids) {
    if (id >= 0 && id < model.vocab) continue;
    fail(Code::kBadCheckpoint, where, "eos_token_id is " + std::to_string(id),
         "expected 0 to " + std::to_string(model.vocab - 1) + ", the ids of this model",
         "--ignore-eos goes on without");
  }
  const auto own =
      parts.tokenizer == nullptr ? std::nullopt : parts.tokenizer->special_tokens().eos;
  if (!own) return;
  if (decoding.end_ids.empty()) {
    decoding.end_ids = {*own};
    decoding.notes.push_back("no config names an eos_token_id: a text ends with the tokenizer's, " +
                             id_list({*own}, parts.tokenizer));
  } else if (std::find(decoding.end_ids.begin(), decoding.end_ids.end(), *own) ==
             decoding.end_ids.end()) {
    decoding.notes.push_back(where + " ends a text with token " +
                             id_list(decoding.end_ids, parts.tokenizer) + ", the tokenizer with " +
                             id_list({*own}, parts.tokenizer) + ": the former is followed");
  }
}

// Chance that is excluded and yet described.
void check_sampling(const Asked& asked) {
  if (!asked.sample || *asked.sample) return;
  const std::pair<const char*, bool> given[] = {{"temperature", asked.temperature.has_value()},
                                                {"top_k", asked.top_k.has_value()},
                                                {"top_p", asked.top_p.has_value()}};
  for (const auto& [name, is_given] : given) {
    if (!is_given) continue;
    fail(Code::kInvalidArgument, "generate",
         "sample is no, and " + std::string(name) + " was given", "expected one of them",
         std::string(name) + " is about drawing at random");
  }
}

void check_stop(const std::vector<std::string>& stop, const Tokenizer* tokenizer) {
  if (!stop.empty() && tokenizer == nullptr) {
    fail(Code::kUnsupported, "stop", "a stop string was given to a model without tokenizer",
         "expected a tokenizer, which makes text of tokens");
  }
  if (std::find(stop.begin(), stop.end(), "") != stop.end()) {
    fail(Code::kInvalidArgument, "stop", "a stop string is empty",
         "expected text that ends what is written");
  }
}

}  // namespace

std::vector<OptionInfo> generation_options() { return asked_options().describe(); }

std::vector<std::pair<std::string, OptionValue>> Decoding::options(std::int64_t new_tokens) const {
  std::vector<std::pair<std::string, OptionValue>> values{{"max_new_tokens", new_tokens},
                                                          {"sample", rule.sample}};
  if (rule.sample) {
    values.emplace_back("temperature", rule.temperature);
    if (rule.top_k) values.emplace_back("top_k", *rule.top_k);
    values.emplace_back("top_p", rule.top_p);
    values.emplace_back("seed", static_cast<std::int64_t>(seed));
  }
  if (rule.repetition_penalty != 1) {
    values.emplace_back("repetition_penalty", rule.repetition_penalty);
  }
  return values;
}

Decoding read_decoding(const GenerationRequest& request, const Parts& parts) {
  const ModelInfo& model = parts.model.info();
  if (model.head != HeadKind::kCausalLanguageModel) {
    fail(Code::kUnsupported, "generate", "the model is a " + model.architecture,
         "expected a causal language model, which writes token by token");
  }
  Asked asked = asked_options().parse("generate", request.options);
  check_sampling(asked);
  Decoding decoding;
  decoding.max_new_tokens = asked.max_new_tokens;
  decoding.seed = asked.seed;
  decoding.batch_tokens = asked.batch_tokens;
  decoding.stop = request.stop;
  const std::optional<Json> file = find_config(model.path, kFile);
  const bool sampling_asked = asked.temperature || asked.top_k || asked.top_p;
  if (file) read_file(*file, asked, decoding, sampling_asked);
  check_stop(decoding.stop, parts.tokenizer);
  if (!asked.ignore_eos) find_end(file, parts, decoding);
  decoding.rule = {.sample = asked.sample.value_or(sampling_asked),
                   .temperature = asked.temperature.value_or(1),
                   .top_k = asked.top_k,
                   .top_p = asked.top_p.value_or(1),
                   .repetition_penalty = asked.repetition_penalty.value_or(1)};
  return decoding;
}

}  // namespace ascribo
