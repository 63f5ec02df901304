// SPDX-License-Identifier: MIT
// What a conversation looks like to a chat checkpoint.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ascribo {

class Tokenizer;

/// One turn of a conversation. The role is as the template knows it: "system", "user", "assistant".
struct ChatMessage {
  std::string role, content;
};

/// A checkpoint's chat template: chat_template.jinja, or the entry of that name in
/// chat_template.json or tokenizer_config.json (of several there, the one called "default"). It is
/// a program in Jinja's language, which Jinja itself runs, in its sandbox and as transformers sets
/// it up, in a process of its own. Not safe for concurrent use.
class ChatTemplate {
 public:
  /// Errors: kNotFound when the folder has no template; kUnsupported when it has several, none of
  /// them the default.
  static std::unique_ptr<ChatTemplate> open(const std::filesystem::path& folder,
                                            const Tokenizer& tokenizer);
  ~ChatTemplate();

  /// The text for these messages, up to where the answer begins. Errors: kUnsupported where Python
  /// or Jinja is missing, saying how to get it; kBadCheckpoint naming the template's line;
  /// kBadText for content that is not valid UTF-8.
  std::string apply(const std::vector<ChatMessage>& messages);

 private:
  struct State;
  explicit ChatTemplate(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ascribo
