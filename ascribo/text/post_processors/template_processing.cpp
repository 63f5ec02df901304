// SPDX-License-Identifier: MIT
// TemplateProcessing: sides and special tokens in the order, and with the types, that a list gives.
#include <algorithm>
#include <map>
#include <utility>

#include "ascribo/base/error.h"
#include "ascribo/text/stage.h"

namespace ascribo::post_processors {
namespace {

/// One entry of a template: a side, or else special tokens.
struct Piece {
  std::optional<std::size_t> side;
  std::int64_t type_id = 0;
  Encoding special;
};

class TemplateProcessing : public PostProcessor {
 public:
  TemplateProcessing(std::vector<Piece> single, std::vector<Piece> pair)
      : single_(std::move(single)), pair_(std::move(pair)) {}

  void apply(std::vector<Encoding>& parts, bool add_special_tokens) const override {
    std::vector<Encoding> whole;
    for (const Piece& piece : parts.size() > 1 ? pair_ : single_) {
      if (piece.side) {
        whole.push_back(parts[*piece.side]);
        std::fill(whole.back().type_ids.begin(), whole.back().type_ids.end(), piece.type_id);
      } else if (add_special_tokens) {
        whole.push_back(piece.special);
      }
    }
    parts = std::move(whole);
  }

  std::int64_t added(bool pair) const override {
    std::size_t count = 0;
    for (const Piece& piece : pair ? pair_ : single_) count += piece.special.size();
    return static_cast<std::int64_t>(count);
  }

  std::string describe() const override {
    return "TemplateProcessing (" + line(single_) + " | " + line(pair_) + ")";
  }

 private:
  static std::string line(const std::vector<Piece>& pieces) {
    std::string text;
    for (const Piece& piece : pieces) {
      if (!text.empty()) text += ' ';
      if (piece.side) text += *piece.side == 0 ? "$A" : "$B";
      for (std::size_t i = 0; i < piece.special.size(); ++i) {
        text += (i > 0 ? " " : "") + piece.special.tokens[i];
      }
      if (piece.type_id != 0) text += ":" + std::to_string(piece.type_id);
    }
    return text;
  }

  std::vector<Piece> single_, pair_;
};

using SpecialTokens = std::map<std::string, Encoding, std::less<>>;

SpecialTokens read_special_tokens(const Json& description, std::string_view where) {
  SpecialTokens special;
  const auto found = description.find("special_tokens");
  if (!found) return special;
  found->members([&](std::string_view name, const Json& value) {
    std::vector<std::int64_t> ids;
    std::vector<std::string> tokens;
    value.at("ids").elements([&](const Json& id) { ids.push_back(id.integer()); });
    value.at("tokens").elements([&](const Json& token) { tokens.emplace_back(token.string()); });
    if (ids.size() != tokens.size()) {
      fail(Code::kBadFile, where,
           "special token \"" + std::string(name) + "\" of the template has " +
               std::to_string(ids.size()) + " ids and " + std::to_string(tokens.size()) + " tokens",
           "expected as many of both");
    }
    Encoding& encoding = special[std::string(name)];
    for (std::size_t i = 0; i < ids.size(); ++i) encoding.append_special(ids[i], tokens[i], 0);
  });
  return special;
}

Piece read_side(const Json& description, std::string_view key, std::string_view where) {
  Piece piece;
  const std::string_view name = description.at("id").string();
  const bool pair = key == "pair";
  if (name != "A" && !(pair && name == "B")) {
    fail(Code::kBadFile, where,
         "the template \"" + std::string(key) + "\" names sequence \"" + std::string(name) + "\"",
         pair ? "expected A or B" : "expected A");
  }
  piece.side = name == "B" ? 1 : 0;
  piece.type_id = description.integer_or("type_id", 0);
  return piece;
}

std::vector<Piece> read_template(const Json& description, std::string_view key,
                                 const SpecialTokens& special, std::string_view where) {
  std::vector<Piece> pieces;
  bool present[2] = {false, key == "single"};
  description.at(key).elements([&](const Json& entry) {
    if (const auto side = entry.find("Sequence")) {
      pieces.push_back(read_side(*side, key, where));
      present[*pieces.back().side] = true;
      return;
    }
    const Json token = entry.at("SpecialToken");
    const std::string_view name = token.at("id").string();
    const auto found = special.find(name);
    if (found == special.end()) {
      fail(Code::kBadFile, where,
           "the template \"" + std::string(key) + "\" names \"" + std::string(name) + "\"",
           "expected one of the template's special_tokens");
    }
    Piece piece;
    piece.special = found->second;
    piece.type_id = token.integer_or("type_id", 0);
    std::fill(piece.special.type_ids.begin(), piece.special.type_ids.end(), piece.type_id);
    pieces.push_back(std::move(piece));
  });
  if (!present[0] || !present[1]) {
    fail(Code::kBadFile, where, "the template \"" + std::string(key) + "\" leaves out a sequence",
         key == "pair" ? "expected both A and B in it" : "expected A in it");
  }
  return pieces;
}

std::unique_ptr<PostProcessor> make(const Json& description, std::string_view where) {
  const SpecialTokens special = read_special_tokens(description, where);
  return std::make_unique<TemplateProcessing>(read_template(description, "single", special, where),
                                              read_template(description, "pair", special, where));
}

}  // namespace

const PostProcessorStage& stage_template_processing() {
  static constexpr PostProcessorStage kStage{"TemplateProcessing", make};
  return kStage;
}

}  // namespace ascribo::post_processors
