// SPDX-License-Identifier: MIT
// From the library's options to flags, and back.
#include "generate_flags.h"

namespace ascribo::cli {
namespace {

bool is_shared(const OptionInfo& option) {
  return option.name == "seed" || option.name == "batch_tokens";
}

}  // namespace

FlagGroup writing_flags(bool with_shared) {
  FlagGroup group{"how the model writes", {}};
  for (OptionInfo& option : generation_options()) {
    if (!is_shared(option) || with_shared) group.flags.push_back({std::move(option), "", false});
  }
  Flag stop = value_flag("stop", "TEXT",
                         "where this appears, writing ends, and what is written is cut before it; "
                         "may be given several times");
  stop.option.repeatable = true;
  group.flags.push_back(std::move(stop));
  return group;
}

FlagGroup chat_flags() {
  return {"chat checkpoints",
          {switch_flag("chat",
                       "the text is what a user says: the checkpoint's chat template is applied to "
                       "it (needs python3-jinja2)"),
           value_flag("system", "TEXT", "what the system says before, with --chat")}};
}

GenerationRequest generation_request(const Arguments& arguments) {
  GenerationRequest request;
  for (const OptionInfo& option : generation_options()) {
    if (const auto value = arguments.get(option.name)) request.options[option.name] = *value;
  }
  request.stop = arguments.all("stop");
  return request;
}

Input laid_out(Input input, const Subject& subject, const Arguments& arguments) {
  if (!arguments.on("chat")) {
    if (!arguments.has("system")) return input;
    fail(Code::kInvalidArgument, "chat", "--system is given without --chat",
         "expected both, or the prompt as the model expects it");
  }
  if (!input.input_ids.empty()) {
    fail(Code::kInvalidArgument, "chat", "--chat is given with token ids",
         "expected what a user says, as text");
  }
  std::vector<ChatMessage> messages;
  if (const auto system = arguments.get("system")) messages.push_back({"system", *system});
  messages.push_back({"user", input.text});
  Input chat = subject.chat(messages);
  input.text = std::move(chat.text);
  input.templated = chat.templated;
  return input;
}

}  // namespace ascribo::cli
