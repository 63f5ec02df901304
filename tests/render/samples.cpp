// SPDX-License-Identifier: MIT
// Makes explanations without a model.
#include "samples.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

namespace ascribo::samples {
namespace {

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](char letter) {
    return (static_cast<unsigned char>(letter) & 0xC0) != 0x80;
  });
}

/// Adds the space-separated words of one side as tokens and units.
void add_side(Explanation& explanation, const std::string& text, Side side) {
  std::size_t at = 0, before = 0;
  std::int64_t start = 0;
  while ((at = text.find_first_not_of(' ', at)) != std::string::npos) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    start += code_points(std::string_view(text).substr(before, at - before));
    before = at;
    const std::int64_t stop = start + code_points(word);
    const auto token = static_cast<std::int64_t>(explanation.tokens.size());
    explanation.tokens.push_back({2000 + token, word, side, start, stop, false});
    explanation.units.push_back({word, side, start, stop, {token}});
    at = end;
  }
  explanation.tokens.push_back({102, "[SEP]", side, 0, 0, true});
}

Attribution attribution(const std::string& target, std::int64_t index,
                        const std::vector<float>& scores) {
  const double sum = std::accumulate(scores.begin(), scores.end(), 0.0);
  Attribution result;
  result.target = target;
  result.index = index;
  result.baseline_value = 0.125;
  result.special = 0.0625;
  result.delta = 0.00012;
  result.value = 0.125 + sum + 0.0625 - 0.00012;
  result.scores = scores;
  return result;
}

}  // namespace

Explanation explained(const std::string& text, const std::vector<float>& scores) {
  Explanation result;
  result.model = {"models/sst2-minilm", "BertForSequenceClassification",
                  "9f2c41d07be853aa66e0d1f0b7f7f8a4c03be5d1a7710c9e52d4a8b6c3e1f0d7"};
  result.input.text = text;
  result.prediction = {1, "positive", 0.9982F, {-3.1F, 3.2F}};
  result.tokens.push_back({101, "[CLS]", Side::kText, 0, 0, true});
  add_side(result, text, Side::kText);
  result.method = {"integrated_gradients",
                   {{"steps", std::int64_t{50}},
                    {"rule", std::string("gauss_legendre")},
                    {"at", std::string("word_embeddings")},
                    {"reduce", std::string("sum")}}};
  result.baseline = BaselineSummary{"pad", {"[CLS]"}};
  for (std::size_t i = 0; i + 2 < result.tokens.size(); ++i) {
    result.baseline->tokens.push_back("[PAD]");
  }
  result.baseline->tokens.push_back("[SEP]");
  result.score = "logit";
  result.unit = "word";
  result.attributions.push_back(attribution("positive", 1, scores));
  result.cost = {0.0213, 1600, 1550};
  return result;
}

Explanation review() {
  Explanation result = explained(
      "An utterly gripping story , told with wit and warmth , that never once feels its length "
      "despite a slow start .",
      {0.08F,  0.45F,  1.62F, 0.21F, -0.02F, 0.05F,  0.11F,  0.64F, 0.09F,  0.88F,  0.01F,
       -0.06F, -0.71F, 0.13F, 0.34F, -0.12F, -0.28F, -0.35F, 0.02F, -0.94F, -0.16F, 0.06F});
  result.input.label = "positive";
  return result;
}

Explanation sentence_pair() {
  Explanation result =
      explained("The cat sleeps on the mat .", {0.1F, 0.9F, 0.7F, 0.1F, 0.05F, 0.4F, 0.0F});
  result.input.pair = "An animal is awake .";
  add_side(result, *result.input.pair, Side::kPair);
  result.prediction = {2, "contradiction", 0.873F, {-1.2F, -0.3F, 2.4F}};
  result.attributions = {
      attribution("contradiction", 2,
                  {0.1F, 0.9F, 0.7F, 0.1F, 0.05F, 0.4F, 0.0F, 0.05F, -0.3F, 0.1F, 1.4F, -0.02F})};
  result.attributions[0].versus = "entailment";
  result.notes = {"the model has no mask token; [UNK] stands in"};
  return result;
}

Explanation five_classes() {
  Explanation result = review();
  const std::array<const char*, 5> labels{"joy", "sadness", "anger", "fear", "surprise"};
  const std::vector<float> base = result.attributions[0].scores;
  result.attributions.clear();
  for (std::size_t label = 0; label < labels.size(); ++label) {
    std::vector<float> scores = base;
    for (std::size_t unit = 0; unit < scores.size(); ++unit) {
      scores[unit] *= std::cos(static_cast<float>(label * (unit + 2)) * 0.7F);
    }
    result.attributions.push_back(
        attribution(labels[label], static_cast<std::int64_t>(label), scores));
  }
  result.prediction = {0, "joy", 0.713F, {2.1F, 0.2F, -1.0F, -0.4F, 0.8F}};
  result.input.label = "surprise";
  result.sort = true;
  return result;
}

Explanation continuation(const std::string& prompt, const std::string& output) {
  Explanation result = explained(prompt, {});
  result.attributions.clear();
  result.tokens.erase(result.tokens.begin());  // no [CLS]
  for (UnitInfo& unit : result.units) --unit.tokens[0];
  result.tokens.pop_back();  // no [SEP]
  const std::size_t seen_by_all = result.units.size();
  result.output = OutputSummary{output, {}};
  add_side(result, output, Side::kOutput);
  result.tokens.pop_back();
  result.model.architecture = "GPT2LMHeadModel";
  result.prediction = {0, output, 0.0001F, {}};
  result.score = "log_probability";
  result.method.name = "occlusion";
  result.baseline.reset();
  for (std::size_t token = seen_by_all; token < result.tokens.size(); ++token) {
    const TokenInfo& written = result.tokens[token];
    result.output->ids.push_back(written.id);
    const float probability = 0.5F + 0.45F * std::sin(static_cast<float>(token * token));
    const auto position = static_cast<std::int64_t>(token);
    result.prediction.tokens.push_back({position, written.id, written.text, probability});
    std::vector<float> scores(result.units.size(), NAN);
    for (std::size_t unit = 0; unit < token; ++unit) {
      const auto angle = static_cast<float>((unit + 2) * (token + 1));
      scores[unit] = std::sin(angle) * (unit % 3 == token % 3 ? 2.0F : 0.25F);
    }
    result.attributions.push_back(attribution(written.text, written.id, {}));
    Attribution& last = result.attributions.back();
    last.scores = scores;
    last.position = position;
    last.baseline_value.reset();
    last.delta.reset();
    last.special.reset();
    last.value = std::log(static_cast<double>(probability));
  }
  return result;
}

Explanation long_continuation(int prompt, int output) {
  static const std::array<const char*, 8> kWords{"the", "river",  "ran",   "softly,",
                                                 "and", "nobody", "heard", "it."};
  const auto words = [](int count) {
    std::string text;
    for (int word = 0; word < count; ++word) {
      text += (word > 0 ? " " : "") + std::string(kWords[static_cast<std::size_t>(word) % 8]);
    }
    return text;
  };
  return continuation(words(prompt), words(output));
}

Explanation layered(int layers) {
  Explanation result = explained("not bad really", {0, 0, 0});
  const std::size_t tokens = result.tokens.size();
  LayerTable contributions{"contributions", {layers, 5, 5}, {}}, rollout = contributions;
  rollout.name = "rollout";
  std::vector<float> held;
  for (int layer = 0; layer < layers; ++layer) {
    std::vector<float> table(tokens * tokens), product(tokens * tokens);
    for (std::size_t to = 0; to < tokens; ++to) {
      float sum = 0;
      for (std::size_t from = 0; from < tokens; ++from) {
        const float weight =
            to == from ? 3.0F
                       : static_cast<float>((from * 7 + to + static_cast<std::size_t>(layer)) % 4);
        table[to * tokens + from] = weight;
        sum += weight;
      }
      for (std::size_t from = 0; from < tokens; ++from) table[to * tokens + from] /= sum;
    }
    for (std::size_t to = 0; to < tokens; ++to) {
      for (std::size_t from = 0; from < tokens; ++from) {
        for (std::size_t by = 0; by < tokens && layer > 0; ++by) {
          product[to * tokens + from] += table[to * tokens + by] * held[by * tokens + from];
        }
      }
    }
    held = layer == 0 ? table : product;
    contributions.data.insert(contributions.data.end(), table.begin(), table.end());
    rollout.data.insert(rollout.data.end(), held.begin(), held.end());
  }
  result.attributions[0].scores = {held[1], held[2], held[3]};
  result.method = {"alti", {{"norm", std::string("l1")}}, false};
  result.layers = {contributions, rollout};
  return result;
}

std::vector<std::string> hostile_strings() {
  return {"</script><script>window.hacked = 1</script>",
          "<img src=x onerror=\"window.hacked = 1\">",
          "\"'><svg onload=window.hacked=1>",
          "<!-- --><!--<script> ]]> &amp; &#60;",
          "line\xE2\x80\xA8separator\xE2\x80\xA9paragraph",
          "\x1b]0;title\x07\x1b[31mred\x1b[2J bell\x07 \xC2\x9B"
          "31m",
          "\xE2\x80\xAEoverride\xE2\x81\xA6isolate",
          "javascript:window.hacked=1 https://tracker.invalid/pixel.png"};
}

Explanation hostile(const std::string& text) {
  Explanation result = explained(text, {});
  result.attributions[0].scores.assign(result.units.size(), 0.5F);
  result.attributions[0].target = text;
  result.attributions[0].versus = text;
  result.prediction.label = text;
  result.input.label = text;
  result.input.id = text;
  result.input.pair = text;
  result.model = {text, text, text};
  result.method = {text, {{text, text}}};
  result.baseline = BaselineSummary{text, {text, text}};
  result.score = text;
  result.notes = {text};
  return result;
}

Explanation data_set_row(int index) {
  static const std::array<const char*, 6> kTexts{
      "a gorgeous , witty , seductive movie .",
      "the plot is nothing but boilerplate clichés from start to finish .",
      "it 's slow -- very , very slow .",
      "unflinchingly bleak and desperate",
      "allows us to hope that nolan is poised to embark a major career as a commercial yet "
      "inventive filmmaker .",
      "we root for clara and paul , even like them , though perhaps it 's an emotion closer to "
      "pity ."};
  const auto number = static_cast<std::size_t>(index);
  Explanation result = explained(kTexts[number % kTexts.size()], {});
  std::vector<float> scores(result.units.size());
  for (std::size_t unit = 0; unit < scores.size(); ++unit) {
    scores[unit] = std::sin(static_cast<float>((number + 3) * (unit + 1)) * 1.7F) *
                   (unit % 3 == 0 ? 1.2F : 0.3F);
  }
  const bool positive = number % 3 != 1;
  result.prediction.index = positive ? 1 : 0;
  result.prediction.label = positive ? "positive" : "negative";
  result.prediction.probability = 0.5F + 0.4999F * std::fabs(std::sin(static_cast<float>(index)));
  result.attributions = {attribution(result.prediction.label, positive ? 1 : 0, scores)};
  result.input.id = "sst2-" + std::to_string(1000 + index);
  if (number % 7 != 6) result.input.label = number % 5 == 4 ? "0" : positive ? "1" : "0";
  return result;
}

}  // namespace ascribo::samples
