// SPDX-License-Identifier: MIT
// Writes generations down.
#include "generation_view.h"

#include <variant>

namespace ascribo::cli {
namespace {

void write_optional(JsonWriter& json, std::string_view name,
                    const std::optional<std::string>& text) {
  json.key(name);
  text ? json.value(*text) : json.null();
}

void write_ids(JsonWriter& json, std::string_view name, const std::vector<std::int64_t>& ids) {
  json.key(name).begin_array();
  for (const std::int64_t id : ids) json.value(id);
  json.end_array();
}

std::string count_text(std::size_t tokens) {
  return std::to_string(tokens) + (tokens == 1 ? " token" : " tokens");
}

}  // namespace

std::string generation_json(const Generation& generation) {
  JsonWriter json;
  json.begin_object().key("schema").value("ascribo.generation/1");
  json.key("model").begin_object().key("path").value(generation.model.path);
  json.key("architecture").value(generation.model.architecture);
  json.key("hash").value(generation.model.hash).end_object();
  json.key("prompt").value(generation.input.text);
  write_optional(json, "id", generation.input.id);
  write_optional(json, "label", generation.input.label);
  write_ids(json, "input_ids", generation.input_ids);
  json.key("output").begin_object().key("text").value(generation.text);
  write_ids(json, "ids", generation.ids());
  json.end_object().key("tokens").begin_array();
  for (const WrittenToken& token : generation.tokens) {
    json.begin_object().key("id").value(token.id).key("text").value(token.text);
    json.key("log_probability").value(token.log_probability).end_object();
  }
  json.end_array().key("stopped").begin_object();
  json.key("reason").value(
      EnumNames<StopReason>::kNames.at(static_cast<std::size_t>(generation.stopped)));
  json.key("by");
  generation.stopped_by.empty() ? json.null() : json.value(generation.stopped_by);
  json.end_object().key("options").begin_object();
  for (const auto& [name, value] : generation.options) {
    json.key(name);
    std::visit([&](const auto& each) { json.value(each); }, value);
  }
  write_ids(json, "end_ids", generation.end_ids);
  json.key("stop").begin_array();
  for (const std::string& text : generation.stop) json.value(text);
  json.end_array().end_object().key("cost").begin_object();
  json.key("seconds").value(generation.cost.seconds);
  json.key("forward_tokens").value(generation.cost.forward_tokens).end_object();
  json.key("notes").begin_array();
  for (const std::string& note : generation.notes) json.value(note);
  json.end_array().end_object();
  return json.str() + "\n";
}

std::string harmless(std::string_view text) {
  constexpr unsigned char kFirstPrintable = 0x20, kDelete = 0x7F, kLead = 0xC2, kLastC1 = 0x9F;
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool is_c1 =
        byte == kLead && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) <= kLastC1;
    const bool is_control =
        (byte < kFirstPrintable && byte != '\n' && byte != '\t') || byte == kDelete;
    if (!is_c1 && !is_control) {
      shown += text[i];
      continue;
    }
    shown += "\xEF\xBF\xBD";
    if (is_c1) ++i;
  }
  return shown;
}

std::string ending_text(const Generation& generation) {
  std::string text = "stopped     ";
  switch (generation.stopped) {
    case StopReason::kMaxNewTokens: text += "after max_new_tokens"; break;
    case StopReason::kStopString: text += "at a stop string"; break;
    case StopReason::kEndOfText: text += "at the end of the text"; break;
    case StopReason::kPositions: text += "at the last position"; break;
  }
  if (generation.stopped == StopReason::kEndOfText) text += ", " + harmless(generation.stopped_by);
  text += " (" + count_text(generation.tokens.size()) + ")\n";
  for (const std::string& note : generation.notes) text += "note        " + harmless(note) + "\n";
  return text;
}

}  // namespace ascribo::cli
