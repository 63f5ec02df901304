// SPDX-License-Identifier: MIT
// Conversations as templates of the usual families lay them out, and templates that fail.
#include "ascribo/text/chat_template.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "ascribo/base/child_process.h"
#include "ascribo/base/error.h"
#include "ascribo/text/tokenizer.h"
#include "tests/golden.h"
#include "tests/text/scratch_folder.h"

namespace ascribo {
namespace {

bool has_jinja() {
  static const bool kFound = [] {
    const auto python = ChildProcess::start({"python3", "-I", "-c", "import jinja2; print()"});
    return python && python->ask("", 20).has_value();
  }();
  return kFound;
}

class ChatTemplates : public testing::Test {
 protected:
  void SetUp() override {
    if (!has_jinja()) GTEST_SKIP() << "python3-jinja2 is not installed";
  }

  std::string apply(const std::string& text, const std::vector<ChatMessage>& messages) {
    std::ofstream(folder.path() / "chat_template.jinja") << text;
    return ChatTemplate::open(folder.path(), *tokenizer)->apply(messages);
  }

  std::string error(const std::string& text, const std::vector<ChatMessage>& messages) {
    try {
      return "no error: " + apply(text, messages);
    } catch (const Error& error) {
      std::string message = error.what();
      const std::string place = folder.path().string() + "/";
      if (const auto at = message.find(place); at != std::string::npos) {
        message.erase(at, place.size());
      }
      return message;
    }
  }

  test::ScratchFolder folder;
  // Its end-of-text token is the beginning of a text, too.
  std::unique_ptr<Tokenizer> tokenizer = Tokenizer::open(test::golden_folder() / "gpt2-lm");
  const std::vector<ChatMessage> question = {{"user", "Is it \"good\"?\n"}};
  const std::vector<ChatMessage> both = {{"system", "Be brief."}, {"user", "Hi"}};
};

TEST_F(ChatTemplates, ChatMl) {
  const std::string text = R"({%- for message in messages %}
    {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}
)";
  EXPECT_EQ(apply(text, both),
            "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n"
            "<|im_start|>assistant\n");
}

TEST_F(ChatTemplates, HeadersAndTrimmedContent) {
  const std::string text = R"({{ bos_token }}
{%- for message in messages %}
    {%- set content = '<|start_header_id|>' + message['role'] + '<|end_header_id|>\n\n' %}
    {{- content + message['content'] | trim + '<|eot_id|>' }}
{%- endfor %}
{%- if tools is not none %}{{ raise_exception('no tools') }}{% endif %}
{%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %})";
  EXPECT_EQ(apply(text, question),
            "<|endoftext|><|start_header_id|>user<|end_header_id|>\n\nIs it \"good\"?<|eot_id|>"
            "<|start_header_id|>assistant<|end_header_id|>\n\n");
}

TEST_F(ChatTemplates, TurnsWithoutSystem) {
  const std::string text = R"({{ bos_token }}{% if messages[0]['role'] == 'system' %}
{{ raise_exception('System role not supported') }}
{% endif %}
{% for message in messages %}
{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
{{ raise_exception('Roles must alternate') }}
{% endif %}
{{ '<start_of_turn>' + message['role'] + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% endfor %}
{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %})";
  EXPECT_EQ(apply(text, question),
            "<|endoftext|><start_of_turn>user\nIs it \"good\"?<end_of_turn>\n"
            "<start_of_turn>model\n");
  EXPECT_EQ(error(text, both),
            "[chat] line 2 of the chat template in chat_template.jinja says: System role not "
            "supported; expected a template for these messages. Hint: pass the prompt as the model "
            "expects it, without --chat");
}

TEST_F(ChatTemplates, InstructionsWithNamespaceAndBreak) {
  const std::string text = R"({%- set ns = namespace(system='') -%}
{%- for message in messages -%}
{%- if message.role == 'system' -%}{%- set ns.system = message.content + '\n\n' -%}{%- continue -%}{%- endif -%}
[INST] {{ ns.system }}{{ message.content }} [/INST]
{%- generation -%}{%- endgeneration -%}
{%- endfor -%})";
  EXPECT_EQ(apply(text, both), "[INST] Be brief.\n\nHi [/INST]");
}

TEST_F(ChatTemplates, FiltersAndTime) {
  EXPECT_EQ(apply("{{ messages[0] | tojson }}{{ strftime_now('%%') }}", {{"user", "\xC3\xA9 <b>"}}),
            "{\"role\": \"user\", \"content\": \"\xC3\xA9 <b>\"}%");
}

TEST_F(ChatTemplates, OneAfterAnother) {
  std::ofstream(folder.path() / "chat_template.jinja")
      << "{% if messages[0].content == 'x' %}{{ raise_exception('no') }}{% endif %}"
         "{{ messages[0].content }}";
  const auto chat = ChatTemplate::open(folder.path(), *tokenizer);
  EXPECT_EQ(chat->apply({{"user", "a"}}), "a");
  EXPECT_THROW(chat->apply({{"user", "x"}}), Error);
  const std::string large(300000, 'b');  // more than a pipe holds
  EXPECT_EQ(chat->apply({{"user", large}}), large);
}

TEST_F(ChatTemplates, EntriesOfTheConfig) {
  std::ofstream(folder.path() / "tokenizer_config.json")
      << R"json({"chat_template": [{"name": "tool_use", "template": "t"},
          {"name": "default", "template": "<{{ messages[0].content }}>"}]})json";
  EXPECT_EQ(ChatTemplate::open(folder.path(), *tokenizer)->apply({{"user", "a"}}), "<a>");
  std::ofstream(folder.path() / "tokenizer_config.json")
      << R"json({"chat_template": "({{ messages[0].content }})"})json";
  EXPECT_EQ(ChatTemplate::open(folder.path(), *tokenizer)->apply({{"user", "a"}}), "(a)");
}

TEST_F(ChatTemplates, ErrorsNameTheLine) {
  EXPECT_EQ(error("a\n{% if %}\n", question),
            "[chat] line 2 of the chat template in chat_template.jinja says: Expected an "
            "expression, got 'end of statement block'; expected a template for these messages. "
            "Hint: pass the prompt as the model expects it, without --chat");
  EXPECT_EQ(error("\n\n{{ nothing.at_all }}", question),
            "[chat] line 3 of the chat template in chat_template.jinja says: 'nothing' is "
            "undefined; expected a template for these messages. Hint: pass the prompt as the model "
            "expects it, without --chat");
}

// What a template may not do in the sandbox.
TEST_F(ChatTemplates, AreKeptInASandbox) {
  EXPECT_NE(error("{{ messages.__class__.__mro__ }}", question).find("unsafe"), std::string::npos);
  EXPECT_NE(error("{{ messages.append(1) }}", question).find("unsafe"), std::string::npos);
  EXPECT_NE(error("{% for i in range(10000000) %}{% endfor %}", question).find("Range too big"),
            std::string::npos);
}

TEST(ChatTemplateFiles, MissingOnesAreRefused) {
  const test::ScratchFolder folder;
  const auto tokenizer = Tokenizer::open(test::golden_folder() / "gpt2-lm");
  const auto message = [&] {
    try {
      ChatTemplate::open(folder.path(), *tokenizer);
    } catch (const Error& error) {
      return std::string(error.what()).substr(0, 7) +
             std::string(error.what()).substr(7 + folder.path().string().size());
    }
    return std::string();
  };
  EXPECT_EQ(message(),
            "[chat]  has no chat template; expected chat_template in tokenizer_config.json, or "
            "chat_template.jinja. Hint: pass the prompt as the model expects it, without --chat");
  std::ofstream(folder.path() / "tokenizer_config.json")
      << R"({"chat_template": [{"name": "tool_use", "template": "t"}]})";
  EXPECT_EQ(message(),
            "[chat] /tokenizer_config.json has the chat templates tool_use; expected one called "
            "default. Hint: pass the prompt as the model expects it, without --chat");
}

TEST(ChatTemplateFiles, WithoutPythonTheHintSaysWhatHelps) {
  const test::ScratchFolder folder;
  std::ofstream(folder.path() / "chat_template.jinja") << "x";
  const auto tokenizer = Tokenizer::open(test::golden_folder() / "gpt2-lm");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  std::string message;
  try {
    ChatTemplate::open(folder.path(), *tokenizer)->apply({{"user", "a"}});
  } catch (const Error& error) {
    message = error.what();
  }
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(message,
            "[chat] there is no python3; expected Python with Jinja, whose language chat templates "
            "are written in. Hint: apt install python3-jinja2, or pass the prompt as the model "
            "expects it, without --chat");
}

}  // namespace
}  // namespace ascribo
